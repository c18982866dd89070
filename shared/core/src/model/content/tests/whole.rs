//! Every word that a customer can send is in the comments: in order, and once.

use proptest::prelude::*;

use super::properties::{any_text, text_of, values};
use super::*;

/// A message, with the words that its comments should contain.
#[derive(Clone, Debug)]
struct Sent {
    content: InboundContent,
    context: Context,
    /// The words, in their order in the comments.
    words: Vec<String>,
}

/// Words of a customer, with a part that occurs nowhere else.
#[derive(Clone, Debug)]
struct Typed {
    before: String,
    after: String,
    /// The number of repetitions of the first part.
    times: usize,
}

fn short() -> impl Strategy<Value = Typed> {
    let part = || any_text().prop_map(|text| text.chars().take(60).collect::<String>());
    (part(), part()).prop_map(|(before, after)| Typed {
        before,
        after,
        times: 1,
    })
}

/// Generates words that may be too long for one comment.
fn long() -> impl Strategy<Value = Typed> {
    (
        short(),
        prop_oneof![9 => Just(1_usize), 1 => 500..1_500_usize],
    )
        .prop_map(|(typed, times)| Typed { times, ..typed })
}

/// A register that numbers the words, so that all are different.
struct Numbered(Vec<String>);

impl Numbered {
    fn add(&mut self, typed: &Typed) -> String {
        let number = self.0.len();
        let Typed {
            before,
            after,
            times,
        } = typed;
        let words = format!("{}⟦{number}⟧{after}", before.repeat(*times));
        self.0.push(words.clone());
        words
    }
}

fn amount() -> Option<Amount> {
    Amount::new(2.0)
}

/// Creates any kind of content from at most eight words.
fn content(kind: usize, typed: &[Typed], words: &mut Numbered) -> InboundContent {
    let mut next = {
        let mut typed = typed.iter();
        move |words: &mut Numbered| typed.next().map(|typed| words.add(typed))
    };
    let of = || Some(Wamid::new("wamid.1"));
    match kind {
        0 => InboundContent::Text {
            body: next(words).unwrap_or_default(),
        },
        1..=4 => InboundContent::Media(Media {
            kind: [
                MediaKind::Image,
                MediaKind::VoiceNote,
                MediaKind::Document,
                MediaKind::AnimatedSticker,
            ][kind - 1],
            id: (kind < 4).then(|| "55".to_owned()),
            mime_type: None,
            sha256: None,
            file_name: next(words),
            caption: next(words),
            error: (kind == 4).then_some(WhatsappCode(131_052)),
        }),
        5 => InboundContent::Location(Location {
            name: next(words),
            address: next(words),
            ..location()
        }),
        6 => InboundContent::Contacts {
            cards: (0..2)
                .map(|_| ContactCard {
                    name: next(words),
                    phones: next(words).into_iter().collect(),
                    emails: next(words).into_iter().collect(),
                    organisation: next(words),
                    ..ContactCard::default()
                })
                .collect(),
        },
        7..=9 => InboundContent::Choice(Choice {
            kind: [
                ChoiceKind::Button,
                ChoiceKind::List,
                ChoiceKind::TemplateButton,
            ][kind - 7],
            title: next(words).unwrap_or_default(),
            description: next(words),
            id: None,
        }),
        10 => InboundContent::Form(FormAnswers {
            name: Some("flow".to_owned()),
            answers: Answers::Fields(
                (0..typed.len() / 2)
                    .map(|_| {
                        (
                            next(words).unwrap_or_default(),
                            next(words).unwrap_or_default(),
                        )
                    })
                    .collect(),
            ),
        }),
        11 => InboundContent::Form(FormAnswers {
            name: None,
            answers: next(words).map_or(Answers::Missing, Answers::Raw),
        }),
        12 => InboundContent::Reaction {
            emoji: next(words),
            to: of(),
        },
        13 => InboundContent::Order(Order {
            note: next(words),
            items: (1..typed.len())
                .map(|_| OrderItem {
                    product: next(words),
                    quantity: amount(),
                    price: amount(),
                    currency: Some("EUR".to_owned()),
                })
                .collect(),
        }),
        14 => InboundContent::System {
            event: None,
            body: next(words),
        },
        15 => InboundContent::CallPermission {
            granted: None,
            permanent: false,
            until: None,
        },
        16 => InboundContent::Revoke { of: of() },
        17 => unsupported(None, 131_051),
        18 => InboundContent::Other {
            kind: "hologram".to_owned(),
        },
        kind => InboundContent::Edit {
            of: of(),
            now: (kind > 19).then(|| Box::new(content(kind - 20, typed, words))),
        },
    }
}

/// The number of kinds, including changes to each of the first.
const KINDS: usize = 20 + 15;

fn location() -> Location {
    // Fields added later are left out here.
    let empty = json!({});
    serde_json::from_value(empty).unwrap()
}

fn sent() -> impl Strategy<Value = Sent> {
    (
        0..KINDS,
        prop::collection::vec(short(), 0..8),
        long(),
        prop::option::of((short(), short())),
    )
        .prop_map(|(kind, mut typed, long, ad)| {
            let mut words = Numbered(Vec::new());
            let referral = ad.map(|(headline, body)| Referral {
                headline: Some(words.add(&headline).into()),
                body: Some(words.add(&body).into()),
                source_url: None,
            });
            // Names and titles are short; the text after them may be long.
            let place = match kind % 20 {
                0 | 11 | 14 => 0,
                _ => 1,
            };
            if let Some(typed) = typed.get_mut(place) {
                *typed = long;
            }
            let content = content(kind, &typed, &mut words);
            Sent {
                content,
                context: Context {
                    referral,
                    ..Context::default()
                },
                words: words.0,
            }
        })
}

/// Returns the visible characters.
fn seen(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .filter(|c| !c.is_whitespace() && !c.is_control() && !turns(*c))
        .collect()
}

/// Returns the first difference, if any.
fn missed(sent: &Sent) -> Option<String> {
    let documents = sent
        .content
        .documents(&sent.context, &Enrichment::default());
    let mut arrived = String::new();
    for document in values(&documents) {
        let mut page = String::new();
        text_of(&document, &mut page);
        let page = seen(&page);
        if page.is_empty() {
            return Some("an empty comment".to_owned());
        }
        arrived.push_str(&page);
    }
    let mut from = 0;
    for (number, words) in sent.words.iter().enumerate() {
        let words = seen(words);
        match arrived[from..].find(&words) {
            Some(at) => from += at + words.len(),
            None => return Some(format!("{words:?} of {arrived:?}")),
        }
        let mark = format!("⟦{number}⟧");
        if arrived.matches(&mark).count() != 1 {
            return Some(format!("{mark} more than once in {arrived:?}"));
        }
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn every_word_arrives_in_order_and_once(sent in sent()) {
        prop_assert_eq!(missed(&sent), None);
    }
}

#[test]
fn no_comment_is_blank_however_long_a_customer_leaves_room() {
    let body = format!("one{}two", "\n\n\t".repeat(20_000));
    let text = InboundContent::Text { body };
    let documents = text.documents(&Context::default(), &Enrichment::default());
    let documents = values(&documents);
    let pages = documents.iter().map(|document| {
        let mut page = String::new();
        text_of(document, &mut page);
        seen(&page)
    });
    assert_eq!(pages.collect::<Vec<_>>(), ["one", "two"]);
}

#[test]
fn words_stay_apart_whatever_their_writers_system_ends_lines_with() {
    for end in [
        "\n", "\r\n", "\r", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}", "\u{1e}",
    ] {
        let body = format!("one{end}two");
        for content in [
            InboundContent::Text { body: body.clone() },
            InboundContent::Media(Media {
                caption: Some(body.clone()),
                ..media(MediaKind::Image)
            }),
        ] {
            let documents = content.documents(&Context::default(), &Enrichment::default());
            let mut arrived = String::new();
            text_of(&values(&documents)[0], &mut arrived);
            assert!(arrived.ends_with("one\ntwo"), "{end:?}: {arrived:?}");
        }
        let first = InboundContent::Text { body }.first_line();
        assert_eq!(first.as_deref(), Some("one"), "{end:?}");
    }
}
