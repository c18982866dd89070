//! The appearance of the earlier message that a message is about.

use super::*;

#[test]
fn an_earlier_message_is_quoted_where_it_is_concerned() {
    let of = || Some(Wamid::new("wamid.1"));
    let text = || InboundContent::Text {
        body: "No".to_owned(),
    };
    let reply = Context {
        reply_to: of(),
        ..Context::default()
    };
    let emoji = Some("👍".to_owned());
    for (content, context, expected) in [
        (
            text(),
            &reply,
            vec!["*[In reply to:]*", "> Did it help?", "No"],
        ),
        (
            InboundContent::Reaction { emoji, to: of() },
            &Context::default(),
            vec!["*Reacted *👍* to: *Did it help?"],
        ),
        (
            InboundContent::Reaction {
                emoji: None,
                to: of(),
            },
            &Context::default(),
            vec![
                "*[The customer took back a reaction to an earlier message.]*",
                "> Did it help?",
            ],
        ),
        (
            InboundContent::Edit {
                of: of(),
                now: Some(Box::new(text())),
            },
            &Context::default(),
            vec![
                "*[The customer changed this message:]*",
                "> Did it help?",
                "*[It now says:]*",
                "No",
            ],
        ),
        (
            InboundContent::Revoke { of: of() },
            &Context::default(),
            vec![
                "*[The customer deleted an earlier message. What is written here stays.]*",
                "> Did it help?",
            ],
        ),
    ] {
        let enrichment = Enrichment {
            earlier: Some(Quotation::line("Did it help?")),
            file: None,
            rest: None,
            called_at: None,
        };
        assert_eq!(picture(&content.documents(context, &enrichment)), expected);
    }
}

#[test]
fn an_earlier_message_whose_comment_was_changed_is_said_to_be() {
    let of = || Some(Wamid::new("wamid.1"));
    let reply = Context {
        reply_to: of(),
        ..Context::default()
    };
    let text = InboundContent::Text {
        body: "Yes".to_owned(),
    };
    let reaction = |emoji: Option<&str>| InboundContent::Reaction {
        emoji: emoji.map(str::to_owned),
        to: of(),
    };
    let plain = Context::default();
    for (content, context, expected) in [
        (
            text,
            &reply,
            vec![
                "*[In reply to an earlier message] (its comment was changed since)*",
                "Yes",
            ],
        ),
        (
            reaction(Some("👍")),
            &plain,
            vec!["*Reacted *👍* to an earlier message (its comment was changed since)*"],
        ),
        (
            reaction(None),
            &plain,
            vec![
                "*[The customer took back a reaction to an earlier message.]*",
                "*(its comment was changed since)*",
            ],
        ),
        (
            InboundContent::Revoke { of: of() },
            &plain,
            vec![
                "*[The customer deleted an earlier message. What is written here stays.]*",
                "*(its comment was changed since)*",
            ],
        ),
    ] {
        let enrichment = Enrichment {
            earlier: Some(Quotation::CHANGED),
            file: None,
            rest: None,
            called_at: None,
        };
        assert_eq!(picture(&content.documents(context, &enrichment)), expected);
    }
}
