//! The scenarios of the matrix: the initial state, and the events for the faults to hit.

mod elsewhere;
mod inbound;
mod later;
mod outbound;
mod refused;
mod shared;
mod timed;

use crate::world::{Done, World};

/// The settings of most scenarios: nothing happens automatically.
const CALM: &str = r#"
delay_after = "23h"
keep_open_times = 0
alert_lead = "0s"
"#;

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Scenario {
    /// A customer writes for the first time.
    FirstText,
    /// The customer writes again.
    SecondText,
    /// Two first messages at the same time.
    RacingFirstTexts,
    /// A photo with a caption.
    Photo,
    /// A document of 100 MB.
    Document,
    /// Five photos, one after the other.
    Album,
    /// An agent answers.
    AgentReply,
    /// An answer of three messages, and a file.
    LongReply,
    /// An answer after the window has closed: a template is sent, and the customer's next message
    /// releases the answer.
    LateReply,
    /// Three answers are held; one is changed and one deleted before the customer writes.
    HeldEdited,
    /// An answer is changed, and another deleted, after they were sent.
    SentEdited,
    /// An internal note, a restricted comment, one of a portal customer, and then an answer.
    Internal,
    /// An agent sends a template through a note on a request that was opened in Jira.
    Template,
    /// A rule of Automation says the same twice, and then something else.
    RuleNotices,
    /// WhatsApp refuses an answer later, in a status.
    StatusFailed,
    /// WhatsApp refuses an answer at once.
    Refused,
    /// The customer's number changes.
    NumberChange,
    /// Nobody answers, and the delay notice is sent.
    Notice,
    /// The customer is asked to keep the window open, and taps the button.
    KeepOpen,
    /// The customer sends STOP.
    Stop,
    /// WhatsApp refuses the delay notice.
    NoticeRefused,
    /// WhatsApp refuses the question before the window ends.
    KeepOpenRefused,
    /// WhatsApp refuses the notice about two files that did not get through.
    LostFileRefused,
    /// WhatsApp refuses the confirmation of a STOP.
    StopRefused,
    /// WhatsApp refuses the template that announces a held answer.
    ReopeningRefused,
    /// The customer answers and reacts to a reply that has since been made internal.
    MadeInternal,
    /// The customer refers to a reply that has since been restricted, to a note with a remark in
    /// it, and to a message of their own that is hidden, long after the request was closed.
    Hidden,
    /// The former number of a customer now belongs to somebody else, who writes and is answered.
    Recycled,
    /// A START that was sent before a STOP arrives after it, and nobody answers.
    LateStart,
    /// Meta's agent takes the conversation over, and an agent takes it back.
    HandedOver,
    /// Meta's agent hands a stranger's conversation over.
    HandedBack,
    /// Somebody answers in the WhatsApp Business app before a notice is due.
    AnsweredElsewhere,
    /// A customer without a phone number is asked for it, and writes with the number while the
    /// answer is on its way; then from the number alone.
    SharedNumber,
    /// All webhooks of a long conversation are repeated a hundred days later.
    Replays,
}

impl Scenario {
    pub(crate) const ALL: [Self; 34] = [
        Self::FirstText,
        Self::SecondText,
        Self::RacingFirstTexts,
        Self::Photo,
        Self::Document,
        Self::Album,
        Self::AgentReply,
        Self::LongReply,
        Self::LateReply,
        Self::HeldEdited,
        Self::SentEdited,
        Self::Internal,
        Self::Template,
        Self::RuleNotices,
        Self::StatusFailed,
        Self::Refused,
        Self::NumberChange,
        Self::Notice,
        Self::KeepOpen,
        Self::Stop,
        Self::NoticeRefused,
        Self::KeepOpenRefused,
        Self::LostFileRefused,
        Self::StopRefused,
        Self::ReopeningRefused,
        Self::MadeInternal,
        Self::Hidden,
        Self::Recycled,
        Self::LateStart,
        Self::HandedOver,
        Self::HandedBack,
        Self::AnsweredElsewhere,
        Self::SharedNumber,
        Self::Replays,
    ];

    /// Returns the name on the command line and in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::FirstText => "first-text",
            Self::SecondText => "second-text",
            Self::RacingFirstTexts => "racing-first-texts",
            Self::Photo => "photo",
            Self::Document => "document",
            Self::Album => "album",
            Self::AgentReply => "agent-reply",
            Self::LongReply => "long-reply",
            Self::LateReply => "late-reply",
            Self::HeldEdited => "held-edited",
            Self::SentEdited => "sent-edited",
            Self::Internal => "internal",
            Self::Template => "template",
            Self::RuleNotices => "rule-notices",
            Self::StatusFailed => "status-failed",
            Self::Refused => "refused",
            Self::NumberChange => "number-change",
            Self::Notice => "notice",
            Self::KeepOpen => "keep-open",
            Self::Stop => "stop",
            Self::NoticeRefused => "notice-refused",
            Self::KeepOpenRefused => "keep-open-refused",
            Self::LostFileRefused => "lost-file-refused",
            Self::StopRefused => "stop-refused",
            Self::ReopeningRefused => "reopening-refused",
            Self::MadeInternal => "made-internal",
            Self::Hidden => "hidden",
            Self::Recycled => "recycled",
            Self::LateStart => "late-start",
            Self::HandedOver => "handed-over",
            Self::HandedBack => "handed-back",
            Self::AnsweredElsewhere => "answered-elsewhere",
            Self::SharedNumber => "shared-number",
            Self::Replays => "replays",
        }
    }

    /// Returns whether either of two messages may be the first. A webhook that is not accepted
    /// comes again, perhaps after that of the next message.
    pub(crate) fn is_race(self, webhook_is_hit: bool) -> bool {
        matches!(self, Self::RacingFirstTexts | Self::SharedNumber)
            || (self == Self::Album && webhook_is_hit)
    }

    /// Returns whether nothing else happens within six hours.
    pub(crate) fn has_time(self) -> bool {
        matches!(
            self,
            Self::FirstText
                | Self::SecondText
                | Self::Photo
                | Self::AgentReply
                | Self::LongReply
                | Self::SentEdited
                | Self::Internal
                | Self::RuleNotices
                | Self::MadeInternal
        )
    }

    /// Returns the settings document.
    pub(crate) fn settings(self) -> String {
        let (lines, tables) = match self {
            Self::Notice | Self::NoticeRefused | Self::LateStart | Self::AnsweredElsewhere => {
                ("keep_open_times = 0\nalert_lead = \"0s\"\n", "")
            }
            Self::KeepOpen | Self::KeepOpenRefused => (
                "delay_after = \"23h\"\nalert_lead = \"0s\"\nquiet_hours = \"none\"\n",
                "",
            ),
            Self::LateReply | Self::ReopeningRefused => (
                CALM,
                "[number.reopening_template]\nname = \"answer_waiting\"\nlanguage = \"en_US\"\n",
            ),
            _ => (CALM, ""),
        };
        format!(
            "[[number]]\nphone_number_id = \"106540352242922\"\nservice_desk_id = \"1\"\n\
             request_type_id = \"10\"\nbusiness_account_id = \"102290129340398\"\n\
             phone_field = \"customfield_10050\"\ntime_zone = \"Europe/Berlin\"\n{lines}\n{tables}"
        )
    }

    /// Creates the initial state. No fault hits it.
    pub(crate) async fn prepare(self, world: &World) -> Done {
        match self {
            Self::FirstText
            | Self::RacingFirstTexts
            | Self::Photo
            | Self::Document
            | Self::Album => Ok(()),
            Self::SecondText
            | Self::AgentReply
            | Self::LongReply
            | Self::Internal
            | Self::RuleNotices
            | Self::NumberChange
            | Self::Notice
            | Self::HandedOver
            | Self::AnsweredElsewhere
            | Self::Stop => inbound::asked(world).await,
            Self::LateReply => outbound::asked_yesterday(world).await,
            Self::HeldEdited => outbound::three_held(world).await,
            Self::SentEdited => outbound::two_sent(world).await,
            Self::Template => outbound::opened_in_jira(world).await,
            Self::StatusFailed => outbound::will_be_refused(world).await,
            Self::Refused => outbound::will_be_refused_at_once(world).await,
            Self::KeepOpen => timed::asked_and_waits(world).await,
            Self::NoticeRefused
            | Self::KeepOpenRefused
            | Self::LostFileRefused
            | Self::StopRefused => refused::asked(world).await,
            Self::ReopeningRefused => refused::asked_yesterday(world).await,
            Self::MadeInternal => refused::made_internal(world).await,
            Self::Hidden => refused::hidden(world).await,
            Self::Recycled => later::moved_long_ago(world).await,
            Self::LateStart => later::stopped(world).await,
            Self::HandedBack => elsewhere::with_metas_agent(world).await,
            Self::SharedNumber => shared::wrote_without_number(world).await,
            Self::Replays => later::long_ago(world).await,
        }
    }

    /// Runs the part for the faults to hit, until nothing waits for a repeat.
    pub(crate) async fn act(self, world: &World) -> Done {
        match self {
            Self::FirstText => inbound::asked(world).await,
            Self::SecondText => inbound::second(world).await,
            Self::RacingFirstTexts => inbound::two_at_once(world).await,
            Self::Photo => inbound::photo(world).await,
            Self::Document => inbound::document(world).await,
            Self::Album => inbound::album(world).await,
            Self::AgentReply => outbound::answered(world).await,
            Self::LongReply => outbound::answered_at_length(world).await,
            Self::LateReply => outbound::late(world).await,
            Self::HeldEdited => outbound::edited_before(world).await,
            Self::SentEdited => outbound::edited_after(world).await,
            Self::Internal => outbound::internal(world).await,
            Self::Template => outbound::template(world).await,
            Self::RuleNotices => outbound::rule_notices(world).await,
            Self::StatusFailed | Self::Refused => outbound::answered(world).await,
            Self::NumberChange => inbound::number_changes(world).await,
            Self::Notice => timed::notice(world).await,
            Self::KeepOpen => timed::tap(world).await,
            Self::Stop | Self::StopRefused => inbound::stop(world).await,
            Self::NoticeRefused => refused::time_passes(world).await,
            Self::KeepOpenRefused => refused::window_ends(world).await,
            Self::LostFileRefused => refused::files_are_lost(world).await,
            Self::ReopeningRefused => outbound::answered(world).await,
            Self::MadeInternal => refused::referred_to(world).await,
            Self::Hidden => refused::all_referred_to(world).await,
            Self::Recycled => later::next_owner(world).await,
            Self::LateStart => later::start_comes_late(world).await,
            Self::HandedOver => elsewhere::handed_over(world).await,
            Self::HandedBack => elsewhere::handed_back(world).await,
            Self::AnsweredElsewhere => elsewhere::answered_in_the_app(world).await,
            Self::SharedNumber => shared::shares_and_writes(world).await,
            Self::Replays => later::all_comes_again(world).await,
        }
    }
}
