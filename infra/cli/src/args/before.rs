//! The options of `casement check --before`.

use std::path::PathBuf;

use clap::Args;

/// What to look for before there is a deployment.
#[derive(Args, Clone, Debug, Default)]
pub struct Before {
    /// Look at what a deployment needs, before there is one
    #[arg(long, conflicts_with = "business_account")]
    pub before: bool,

    /// With --before: the section of samconfig.toml to deploy with, without questions
    #[arg(long, value_name = "NAME", requires = "before")]
    pub config_env: Option<String>,

    /// With --before: the name of the stack [default: samconfig.toml's]
    #[arg(long, value_name = "NAME", requires = "before")]
    pub stack_name: Option<String>,

    /// With --before: a settings file to check, too
    #[arg(long, value_name = "FILE", requires = "before")]
    pub settings: Option<PathBuf>,

    /// With --before: the functions are built here [default: if there is a Cargo.toml]
    #[arg(long, requires = "before")]
    pub from_source: bool,
}
