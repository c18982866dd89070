//! The `casement` command, for the people who run a deployment.
//!
//! | module | does |
//! |---|---|
//! | [`args`] | the command line |
//! | [`check`] | looks at everything that has to be set up, and says what to do |
//! | [`connect`] | sets up at Meta and Jira what `check` found missing |
//! | [`settings`] | the owner's settings |
//! | [`conversation`] | what is stored about a customer |
//! | [`erase`] | deletes what is stored about a customer |
//! | [`redrive`] | dead letters |
//! | [`replay`] | saved webhooks |
//! | [`tail`] | what the functions say |
//!
//! It prints neither secrets nor texts of messages. Exit codes: 0 all is well, 1 something is
//! wrong or failed, 2 the command line or a file is wrong.

pub mod args;
pub mod check;
pub mod connect;
pub mod conversation;
pub mod erase;
mod file;
mod graph;
mod jira;
pub mod place;
mod problem;
pub mod redrive;
pub mod replay;
pub mod settings;
mod stored;
pub mod tail;
mod talk;

use std::process::ExitCode;

use clap::Parser;

use args::{Command, Connect, Line, SettingsCommand};
use place::Place;
pub use problem::Problem;
use talk::Talk;

/// Runs the command on the process's command line.
pub async fn run() -> ExitCode {
    let line = Line::parse();
    match obey(&line).await {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("casement: {problem}");
            problem.exit_code()
        }
    }
}

async fn obey(line: &Line) -> Result<ExitCode, Problem> {
    let talk = Talk {
        json: line.json,
        yes: line.command.yes(),
    };
    // Commands that need no deployment come first.
    match &line.command {
        Command::Settings(SettingsCommand::Validate { file }) => {
            return settings::validate(&talk, file);
        }
        Command::Tail(wanted) if line.place.local.is_none() => {
            return tail::commands(&talk, wanted);
        }
        _ => {}
    }
    let place = Place::find(&line.place).await?;
    match &line.command {
        Command::Check(wanted) => check::run(&place, &talk, wanted).await,
        Command::Connect(Connect::Whatsapp(wanted)) => {
            connect::whatsapp::run(&place, &talk, wanted).await
        }
        Command::Connect(Connect::Jira(_)) => connect::jira::run(&place, &talk).await,
        Command::Settings(SettingsCommand::Show) => settings::show(&place, &talk).await,
        Command::Settings(SettingsCommand::Apply { file, .. }) => {
            settings::apply(&place, &talk, file).await
        }
        Command::Settings(SettingsCommand::Validate { file }) => settings::validate(&talk, file),
        Command::Conversation(args::Conversation::Show { customer }) => {
            conversation::show(&place, &talk, customer).await
        }
        Command::Erase(wanted) => erase::run(&place, &talk, wanted).await,
        Command::Redrive(wanted) => redrive::run(&place, &talk, wanted).await,
        Command::Replay(wanted) => replay::run(&place, &talk, wanted).await,
        Command::Tail(wanted) => tail::run(&place, &talk, wanted).await,
    }
}
