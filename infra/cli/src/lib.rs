//! The `casement` command, for the operators of a deployment.
//!
//! | module | purpose |
//! |---|---|
//! | [`args`] | the command line |
//! | [`check`] | checks the setup, and says what to do |
//! | `before` | the same before anything is deployed |
//! | [`connect`] | sets up at Meta and Jira what `check` found missing |
//! | [`trial`] | tries how Jira takes what Casement writes |
//! | [`secret`] | asks for the values of the secrets, tries and stores them |
//! | [`settings`] | shows, checks and stores the owner's settings |
//! | [`conversation`] | shows the stored state of a customer's conversations |
//! | [`erase`] | deletes what is stored about a customer |
//! | [`redrive`] | shows dead letters, and puts them back to work |
//! | [`replay`] | posts saved webhooks again |
//! | [`tail`] | follows logs and metrics |
//!
//! The command prints neither secrets nor message texts. Exit codes: 0 all is well, 1 something is
//! wrong or failed, 2 the command line or a file is wrong.

pub mod args;
mod before;
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
pub mod secret;
pub mod settings;
mod stored;
pub mod tail;
mod talk;
pub mod trial;

use std::process::ExitCode;

use clap::Parser;

use args::{Command, Connect, Line, SecretCommand, SettingsCommand, Try};
use place::Place;
pub use problem::Problem;
use talk::Talk;

/// Runs the command that the process's arguments name.
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
        Command::Check(wanted) if wanted.before.before => {
            return before::run(&talk, &line.place, &wanted.before).await;
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
        Command::Connect(Connect::Jira(wanted)) if wanted.views => {
            connect::views::run(&place, &talk).await
        }
        Command::Connect(Connect::Jira(wanted)) => connect::jira::run(&place, &talk, wanted).await,
        Command::Try(Try::Jira(_)) => trial::run(&place, &talk).await,
        Command::Secret(SecretCommand::Set(wanted)) => secret::run(&place, &talk, wanted).await,
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
