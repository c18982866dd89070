//! The command line of `casement-local`.

use std::path::PathBuf;

use clap::Parser;
use thiserror::Error;

/// Runs the whole of Casement on this machine: the real functions, emulated AWS, and a
/// simulated WhatsApp and Jira. Ctrl-C ends it.
#[derive(Clone, Debug, Parser)]
#[command(name = "casement-local", version)]
pub struct Options {
    /// Port to listen on, on 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 8080)]
    pub port: u16,

    /// Directory that keeps the table and the queues over restarts [default: in memory]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// Do not build the functions first; take the binaries beside this one
    #[arg(long)]
    pub no_build: bool,

    /// Settings document (TOML) to start with [default: one number, one service desk]
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,

    /// Serve the page's files from this directory, to change them without a build [default: those built in]
    #[arg(long, value_name = "DIR")]
    pub page: Option<PathBuf>,

    /// Reach Jira by its cloud API, as an OAuth client [default: by the site, with an API token]
    #[arg(long)]
    pub cloud_api: bool,

    /// Do not repeat the functions' log lines on stderr
    #[arg(long)]
    pub quiet: bool,

    /// Seed of ids and of simulated chance
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
}

/// Why the stack did not start. The message is for whoever typed the command.
#[derive(Debug, Error)]
pub enum StartError {
    /// The port is in use or may not be used.
    #[error(
        "cannot listen on port {port} ({source}): choose another with --port, or any free one with --port 0"
    )]
    Port {
        /// The requested port.
        port: u16,
        /// The system's error.
        source: std::io::Error,
    },
    /// The functions do not compile, or cargo cannot be run.
    #[error("the functions could not be built: {0}")]
    Build(String),
    /// A function has no binary.
    #[error("{} is missing; start without --no-build to build it", .0.display())]
    MissingBinary(PathBuf),
    /// The settings document cannot be read or is not valid.
    #[error("settings {}: {problem}", .file.display())]
    Settings {
        file: PathBuf,
        /// What is wrong with the document, and where.
        problem: String,
    },
    /// The template cannot be used.
    #[error("template.yaml: {0}")]
    Template(String),
    /// The data directory cannot be used.
    #[error("data directory {}: {problem}", .directory.display())]
    Data {
        /// The directory.
        directory: PathBuf,
        /// What is wrong with the directory.
        problem: String,
    },
    /// A part of the stack does not work.
    #[error("{part}: {problem}")]
    Part {
        /// The name of the part.
        part: &'static str,
        /// What is wrong with the part.
        problem: String,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn options_have_their_documented_defaults() {
        Options::command().debug_assert();
        let options = Options::try_parse_from(["casement-local"]).unwrap();
        assert_eq!(options.port, 8080);
        assert_eq!(options.data, None);
        assert!(!options.no_build && !options.quiet);
        assert!(Options::try_parse_from(["casement-local", "--port", "70000"]).is_err());
    }
}
