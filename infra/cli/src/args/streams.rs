//! The arguments of the commands that read and write streams of webhooks and log lines.

use std::path::PathBuf;

use clap::Args;

/// Which webhooks.
#[derive(Args, Clone, Debug)]
pub struct Replay {
    /// The files, each one body as Meta or Jira sent it
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
}

/// What to follow.
#[derive(Args, Clone, Debug)]
pub struct Tail {
    /// End after so many lines
    #[arg(long, value_name = "N")]
    pub count: Option<usize>,

    /// The name of the stack on AWS
    #[arg(long, value_name = "NAME", default_value = "casement-prod")]
    pub stack_name: String,
}
