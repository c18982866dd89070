//! The command line.
#![expect(
    clippy::doc_markdown,
    reason = "these comments are the help text, where marks would be read"
)]
#![allow(rustdoc::bare_urls, reason = "the same")]

mod before;
mod place;
mod streams;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use self::before::Before;
pub use self::place::PlaceOptions;
pub use self::streams::{Replay, Tail};

const EXIT_CODES: &str = "\
Exit codes:
  0  all is well
  1  something is wrong, or a call failed
  2  the command line or a file is wrong

Where the deployment is:
  Every command takes the names of the deployment from --outputs FILE, which SAM writes:
    sam list stack-outputs --stack-name NAME --output json > outputs.json
  A name that is not in the file comes from --name KEY=VALUE or from the environment, for
  example CASEMENT_TABLE_NAME for TableName.

AWS credentials:
  From AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or with --profile NAME or
  AWS_PROFILE from the AWS CLI (also for SSO). The Region: from AWS_REGION or AWS_DEFAULT_REGION,
  else the profile's. To export a profile yourself:
    eval \"$(aws configure export-credentials --profile NAME --format env)\"

Example:
  casement check --outputs outputs.json --profile support";

/// Sets up, checks and looks after a deployment of Casement.
#[derive(Clone, Debug, Parser)]
#[command(name = "casement", version, after_help = EXIT_CODES, propagate_version = true)]
pub struct Line {
    /// Which deployment.
    #[command(flatten)]
    pub place: PlaceOptions,

    /// Answer in JSON
    #[arg(long, global = true)]
    pub json: bool,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What a command may do that asks before it changes anything.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct Asking {
    /// Do not ask for confirmation
    #[arg(long, short = 'y')]
    pub yes: bool,
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Look at everything that has to be set up, and say what to do
    ///
    /// Nothing is changed. Exit code 1: at least one row says what to do.
    ///
    /// With --before: what a deployment needs, before there is one. It looks at tools,
    /// samconfig.toml and the AWS account, and ends with the command to type next. Tokens are tried
    /// if the environment has WHATSAPP_ACCESS_TOKEN; JIRA_API_TOKEN with JIRA_EMAIL, or
    /// JIRA_OAUTH_CLIENT_ID and JIRA_OAUTH_CLIENT_SECRET.
    #[command(
        after_help = "Example:\n  casement check --before\n  casement check --outputs outputs.json\n  casement check --local"
    )]
    Check(Check),

    /// Set up at Meta or Jira what `check` found missing
    #[command(
        subcommand,
        after_help = "Example:\n  casement connect whatsapp --outputs outputs.json"
    )]
    Connect(Connect),

    /// Try how the site takes what Casement writes
    #[command(
        subcommand,
        after_help = "Example:\n  casement try jira --outputs outputs.json"
    )]
    Try(Try),

    /// Set the values that Meta and Jira are called with, and that they sign with
    #[command(
        subcommand,
        after_help = "Example:\n  casement secret set --outputs outputs.json"
    )]
    Secret(SecretCommand),

    /// Show, check and change the settings
    #[command(
        subcommand,
        after_help = "Example:\n  casement settings apply settings.toml --outputs outputs.json"
    )]
    Settings(SettingsCommand),

    /// Look at what is stored about a conversation
    #[command(
        subcommand,
        after_help = "Example:\n  casement conversation show +4915112345678 --local"
    )]
    Conversation(Conversation),

    /// Delete what the table has about a customer, and give a receipt
    ///
    /// Deletes the conversation with its held replies, the customer's other identifiers, the
    /// links from requests, and the entries of the ledger that belong to the customer. What
    /// agents and customers wrote is in Jira and stays there.
    #[command(
        after_help = "Example:\n  casement erase +4915112345678 --receipt receipt.json --outputs outputs.json"
    )]
    Erase(Erase),

    /// Look at dead letters, and put them back to work
    ///
    /// Shows kinds, ages and reasons first, and asks. Nothing happens twice: every effect is
    /// claimed in the ledger.
    #[command(
        after_help = "Example:\n  casement redrive outbound --rate 5 --outputs outputs.json\n  casement redrive inbound --look --local"
    )]
    Redrive(Redrive),

    /// Sign saved webhooks with the deployment's secret and post them
    ///
    /// The bytes of each file are posted as they are. A message that was handled before is not
    /// handled again.
    #[command(
        after_help = "Example:\n  casement replay webhook-1.json webhook-2.json --outputs outputs.json"
    )]
    Replay(Replay),

    /// Follow what the functions log and measure
    ///
    /// Of the local stack with --local. On AWS the AWS CLI does that: the commands are printed.
    #[command(
        after_help = "Example:\n  casement tail --local\n  casement tail --stack-name casement-prod"
    )]
    Tail(Tail),
}

impl Command {
    /// Returns whether to skip the confirmation.
    #[must_use]
    pub fn yes(&self) -> bool {
        match self {
            Self::Connect(
                Connect::Whatsapp(ConnectWhatsapp { asking, .. })
                | Connect::Jira(ConnectJira { asking, .. }),
            )
            | Self::Try(Try::Jira(asking))
            | Self::Secret(SecretCommand::Set(SecretSet { asking, .. }))
            | Self::Settings(SettingsCommand::Apply { asking, .. })
            | Self::Erase(Erase { asking, .. })
            | Self::Redrive(Redrive { asking, .. }) => asking.yes,
            Self::Check(_)
            | Self::Settings(SettingsCommand::Show | SettingsCommand::Validate { .. })
            | Self::Conversation(_)
            | Self::Replay(_)
            | Self::Tail(_) => false,
        }
    }
}

/// What to look for.
#[derive(Args, Clone, Debug, Default)]
pub struct Check {
    /// The id of the WhatsApp business account [default: the one that the token is for]
    #[arg(long, value_name = "ID")]
    pub business_account: Option<String>,

    /// What a deployment needs.
    #[command(flatten)]
    pub before: Before,
}

/// What to set up.
#[derive(Clone, Debug, Subcommand)]
pub enum Connect {
    /// Subscribe the app to the business account and set its callback URL
    ///
    /// May be repeated: what is right stays as it is.
    #[command(after_help = "Example:\n  casement connect whatsapp --outputs outputs.json")]
    Whatsapp(ConnectWhatsapp),

    /// Register the webhook, or put it right; with --views: make fields, filters, a dashboard
    ///
    /// Jira lets administrators alone do this. JIRA_ADMIN_EMAIL, JIRA_ADMIN_API_TOKEN and
    /// JIRA_SITE (https://SITE.atlassian.net) name one for this command; without them the account
    /// of the secret is tried. May be repeated: what is right stays as it is.
    #[command(
        after_help = "Example:\n  JIRA_SITE=https://acme.atlassian.net JIRA_ADMIN_EMAIL=ada@example.com \\\n    JIRA_ADMIN_API_TOKEN=... casement connect jira --outputs outputs.json\n  casement connect jira --automation --outputs outputs.json\n  casement connect jira --views --outputs outputs.json"
    )]
    Jira(ConnectJira),
}

/// How to connect Jira.
#[derive(Args, Clone, Debug, Default)]
pub struct ConnectJira {
    /// Print the Automation rule that tells of comments where nobody may register a webhook
    #[arg(long)]
    pub automation: bool,

    /// Print the rule with its token
    #[arg(long, requires = "automation")]
    pub show_token: bool,

    /// In place of the webhook: fields, filters and a dashboard of customers who wait, windows that
    /// close and replies that are held
    #[arg(long, conflicts_with = "automation")]
    pub views: bool,

    /// Whether to ask.
    #[command(flatten)]
    pub asking: Asking,
}

/// How to connect WhatsApp.
#[derive(Args, Clone, Debug, Default)]
pub struct ConnectWhatsapp {
    /// The id of the WhatsApp business account [default: the one that the token is for]
    #[arg(long, value_name = "ID")]
    pub business_account: Option<String>,

    /// Leave the app's own callback URL alone and override it for the business account
    #[arg(long = "override")]
    pub override_url: bool,

    /// Whether to ask.
    #[command(flatten)]
    pub asking: Asking,
}

/// What to try.
#[derive(Clone, Debug, Subcommand)]
pub enum Try {
    /// Open a request, write to it, and say what SLAs and rules make of it
    ///
    /// Writes a customer's words as Casement does, and closes the request. Nothing goes to WhatsApp.
    /// JIRA_ADMIN_EMAIL, JIRA_ADMIN_API_TOKEN and JIRA_SITE name an agent who answers in between;
    /// without them that part is left out. Exit code 1: at least one row says what to do.
    #[command(
        after_help = "Example:\n  JIRA_SITE=https://acme.atlassian.net JIRA_ADMIN_EMAIL=ada@example.com \\\n    JIRA_ADMIN_API_TOKEN=... casement try jira --outputs outputs.json"
    )]
    Jira(Asking),
}

/// What to do with the secrets.
#[derive(Clone, Debug, Subcommand)]
pub enum SecretCommand {
    /// Say which values are set, ask for the missing ones, try them and store them
    ///
    /// No value is shown. Enter leaves a value as it is. What Meta or Jira refuses is stored only
    /// if you say so. The functions take new values up within five minutes.
    #[command(
        after_help = "Example:\n  casement secret set --outputs outputs.json\n  casement secret set --only jira_webhook_secrets --outputs outputs.json"
    )]
    Set(SecretSet),
}

/// Which values to set.
#[derive(Args, Clone, Debug, Default)]
pub struct SecretSet {
    /// Ask for this key alone, even if it is set; jira_account: for all keys of the Jira account
    #[arg(long, value_name = "KEY")]
    pub only: Option<String>,

    /// Take the values from a JSON object on standard input, such as {"jira_api_token": "..."}
    #[arg(long, conflicts_with = "only")]
    pub from_stdin: bool,

    /// Whether to ask.
    #[command(flatten)]
    pub asking: Asking,
}

/// What to do with the settings.
#[derive(Clone, Debug, Subcommand)]
pub enum SettingsCommand {
    /// Print the settings that are in force
    #[command(after_help = "Example:\n  casement settings show --local > settings.toml")]
    Show,
    /// Check a settings file; needs no deployment
    #[command(after_help = "Example:\n  casement settings validate settings.toml")]
    Validate {
        /// The file.
        file: PathBuf,
    },
    /// Check a settings file, show what changes, and store it
    ///
    /// The functions take it up within a minute.
    #[command(
        after_help = "Example:\n  casement settings apply settings.toml --outputs outputs.json"
    )]
    Apply {
        /// The file.
        file: PathBuf,
        /// Whether to ask.
        #[command(flatten)]
        asking: Asking,
    },
}

/// What to look at.
#[derive(Clone, Debug, Subcommand)]
pub enum Conversation {
    /// Show the state of a customer's conversations, without texts and names
    #[command(after_help = "Example:\n  casement conversation show +4915112345678 --local")]
    Show {
        /// The customer's phone number with its country code, or user id such as DE.123
        customer: String,
    },
}

/// Whom to forget.
#[derive(Args, Clone, Debug)]
pub struct Erase {
    /// The customer's phone number with its country code, or user id such as DE.123
    pub customer: String,

    /// Write the receipt to this file too
    #[arg(long, value_name = "FILE")]
    pub receipt: Option<PathBuf>,

    /// Whether to ask.
    #[command(flatten)]
    pub asking: Asking,
}

/// A queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Queue {
    /// Customers' messages.
    Inbound,
    /// What is to be sent.
    Outbound,
    /// Delivery reports.
    Status,
    /// Timers.
    Delay,
}

/// Which dead letters.
#[derive(Args, Clone, Debug)]
pub struct Redrive {
    /// The queue whose dead letters these are
    pub queue: Queue,

    /// Look and change nothing
    #[arg(long)]
    pub look: bool,

    /// How many go back in a second
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(i32).range(1..=500))]
    pub rate: i32,

    /// Whether to ask.
    #[command(flatten)]
    pub asking: Asking,
}
