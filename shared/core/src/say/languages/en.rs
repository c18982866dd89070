//! English.

use super::TextKey;
use super::{BuiltIn, Promotions, Thanks};

pub(super) const ENGLISH: BuiltIn = BuiltIn {
    codes: &["en"],
    text,
    stop: &[
        "stop",
        "stop all",
        "stopall",
        "stop it all",
        "unsubscribe",
        "unsubscribe all",
        "opt out",
        "optout",
        "opt me out",
        "stop messages",
        "stop all messages",
        "stop messaging",
        "stop messaging me",
        "please stop messaging me",
        "stop texting me",
        "stop sending messages",
        "stop sending me messages",
        "please stop sending me messages",
        "stop automatic messages",
        "no more messages",
        "no more messages please",
        "no more automatic messages",
        "no more promotions",
        "no more marketing",
        "no more ads",
        "stop please",
    ],
    ambiguous_stop: &[
        "unsubscribe me",
        "please unsubscribe",
        "please unsubscribe me",
        "unsubscribe please",
        "remove me",
        "remove me please",
        "please remove me",
        "remove me from your list",
        "take me off your list",
        "quit",
    ],
    start: &[
        "start",
        "unstop",
        "opt in",
        "optin",
        "resume",
        "resume promotions",
        "resume messages",
        "start messages",
    ],
    ambiguous_start: &["subscribe", "resubscribe", "subscribe me"],
    promotions: Promotions {
        stop: "stop unsubscribe optout opt out",
        what: "promotions promotion promos promo marketing ads adverts advertising advertisements \
               newsletter newsletters campaigns offers deals",
        between: "the all your these any more sending receiving me please with from of messages",
    },
    thanks: Thanks {
        core: "thanks thank thankyou thanx thankx thx thnx thnks tnx tks ty tyvm tysm cheers ta \
               appreciate appreciated appreciates grateful",
        around: "a an and so much very many big huge lot lots lovely wonderful excellent brilliant \
               awesome amazing good great nice perfect fine sweet cool again always you u ya all \
               everyone team guys mate man sir madam dear really truly indeed it this that i we am \
               your the kind kindly have day evening weekend night week bye goodbye best regards \
               take care works worked now sorted solved fixed got received noted understood \
               everything once million bunch ton tons heaps",
        for_what: "for",
        what_for: "help helping assistance support reply replying answer answering response responding \
               service info information update updates quick fast prompt speedy swift patience time \
               effort efforts your kindness letting know me advice fix sorting fixing looking into this that out",
        agreed: &[
            "great",
            "perfect",
            "got it",
            "understood",
            "noted",
            "all good",
            "all right",
            "alright",
            "cool",
            "nice",
            "excellent",
            "awesome",
            "brilliant",
            "sounds great",
        ],
    },
};

/// Returns the texts that differ in the United States.
pub(super) fn american(key: TextKey) -> Option<&'static str> {
    match key {
        TextKey::OpeningFormat => Some("%A, %B %-d, at %-I:%M %p"),
        TextKey::TimeFormat => Some("%-I:%M %p"),
        _ => None,
    }
}

fn text(key: TextKey) -> Option<&'static str> {
    Some(match key {
        TextKey::DelayNotice => {
            "Thank you for your message, {name}. All our agents are busy at the moment; \
             we will answer you here as soon as we can."
        }
        TextKey::DelayNoticeClosed => {
            "Thank you for your message, {name}. We are closed at the moment and \
             will answer you here as soon as we are back. We open again on {next_opening}."
        }
        TextKey::KeepOpenPrompt => {
            "You are still waiting for our answer, {name}, and we have not forgotten \
             you. WhatsApp lets us write to you only within 24 hours of your last message. Please \
             tap the button if you still need help, so that our answer can reach you here."
        }
        TextKey::KeepOpenButton => "Still need help",
        TextKey::LostFile => {
            "Your file did not reach us: it may be larger than 100 MB, or its transfer \
             failed. Please send it again in a smaller size, or tell us in words what it shows."
        }
        TextKey::OptedOut => {
            "You will get no more automatic messages from us. You can go on writing here, \
             and our agents will answer you. Send START to get automatic messages again."
        }
        TextKey::OptedIn => {
            "You will get automatic messages from us again, for example when an answer takes \
             longer. Send STOP to end them."
        }
        TextKey::PhoneQuestion => {
            "To help you, {name}, we would like to know your phone number. Please tap the button \
             to share it with us."
        }
        TextKey::OpeningFormat => "%A, %-d %B, at %H:%M",
        TextKey::TimeFormat => "%H:%M",
        TextKey::FirstContact | TextKey::FirstContactClosed => return None,
    })
}
