//! Commands that agents give Casement in internal notes that begin with a slash.
//!
//! Only the words count, not their appearance: in bold, as code, in a list, after a mention, or in
//! whatever letters a keyboard or an editor made of them.

use serde_json::Value;

use crate::model::commands::{CANCEL, PHONE, REPLY, TEMPLATE, WINDOW};
use crate::model::comment::{AccountType, Body, Comment, ListedComment};
use crate::say::template::{CallMistake, TemplateCall};
use crate::text::{Site, Slashed, is_blank_char, is_slash, plain_text, text_without_mentions};

/// A command from an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `/cancel`: withdraw all held replies.
    Cancel,
    /// `/window`: report the state of the conversation.
    Window,
    /// `/phone`: ask the customer for the phone number.
    Phone,
    /// `/template NAME LANGUAGE ...`: send a template message. `Err` if the call cannot be read.
    Template(Result<TemplateCall, CallMistake>),
    /// An unknown command, or one with words that it does not take.
    Unknown,
}

/// The longest word, in letters, that is taken for an unknown command.
const LONGEST: usize = 20;

/// The most names in a typed mention.
const MOST_NAMES: usize = 3;

/// The directories that file paths begin with.
const DIRECTORIES: [&str; 19] = [
    "bin", "boot", "dev", "etc", "home", "lib", "media", "mnt", "opt", "proc", "root", "run",
    "sbin", "srv", "sys", "tmp", "users", "usr", "var",
];

impl Command {
    /// Returns the command in `comment`, if it is one. Jira must say that the comment is internal,
    /// and its whole text must be the command. The caller rules out Casement's own comments.
    #[must_use]
    pub fn of(comment: &Comment) -> Option<Self> {
        if comment.public != Some(false) {
            return None;
        }
        let (body, site) = (comment.body.to_send(), comment.site.as_ref());
        Self::read(body, site, comment.account_type)
    }

    /// Returns the command that a listed internal note seems to be. The caller rules out
    /// Casement's own.
    #[must_use]
    pub fn listed(comment: &ListedComment) -> Option<Self> {
        Self::read(comment.body.to_send(), None, comment.account_type).filter(|_| comment.inside)
    }

    fn read(body: &Value, site: Option<&Site>, author: AccountType) -> Option<Self> {
        let note = text_without_mentions(body);
        let (name, rest) = slashed(&note)?;
        let alone = !has_words(rest);
        Some(match &*name {
            CANCEL if alone => Self::Cancel,
            WINDOW if alone => Self::Window,
            PHONE if alone => Self::Phone,
            TEMPLATE => {
                // A mention may be an argument.
                let note = plain_text(body, site);
                let (_, rest) = slashed(&note)?;
                let call = format!("{TEMPLATE} {rest}");
                Self::Template(match author {
                    AccountType::App => TemplateCall::of_rule(&call)?,
                    AccountType::Person | AccountType::Customer => TemplateCall::read(&call)?,
                })
            }
            _ => Self::Unknown,
        })
    }

    /// Returns the command if a public comment with this body is nothing else. Such a comment is
    /// for Casement and not for the customer. An unknown command, or `/cancel`, `/window`,
    /// `/phone` or `/reply` followed by words, may well be for the customer.
    #[must_use]
    pub fn alone_in(body: &Body) -> Option<&'static str> {
        let body = body.to_send();
        match Self::read(body, None, AccountType::Person)? {
            Self::Cancel => Some(CANCEL),
            Self::Window => Some(WINDOW),
            Self::Phone => Some(PHONE),
            Self::Template(_) => Some(TEMPLATE),
            Self::Unknown => {
                let note = text_without_mentions(body);
                let (name, rest) = slashed(&note)?;
                (name == REPLY && !has_words(rest)).then_some(REPLY)
            }
        }
    }
}

/// Splits `note` into the command that it begins with, known or not, and the rest. A path, or a
/// slash in a sentence, is not a command.
fn slashed(note: &str) -> Option<(String, &str)> {
    if let Some(behind) = behind_typed_mention(note) {
        return slashed(behind).filter(|(name, _)| is_ours(name));
    }
    let text = note
        .trim_start_matches(is_decoration)
        .strip_prefix(is_slash)?;
    let near = text.trim_start_matches(|c: char| is_slash(c) || (c != '\n' && is_blank_char(c)));
    let Slashed { name, rest } = Slashed::behind(near)?;
    let name = format!("/{name}");
    let is_ours = is_ours(&name);
    if is_ours && !text.starts_with(is_slash) {
        return Some((name, rest));
    }
    // "//cancel" is a slip; "/ 5" and "//" are not commands.
    let letters = name.chars().count() - 1;
    let is_word = near.len() == text.len()
        && letters <= LONGEST
        && !DIRECTORIES.contains(&name.trim_start_matches('/'));
    (is_ours || is_word).then(|| (format!("/{name}"), rest))
}

fn is_ours(name: &str) -> bool {
    [CANCEL, WINDOW, PHONE, TEMPLATE, REPLY].contains(&name)
}

/// Returns the text behind a name that was typed as a mention ("@Ben Okafor") but that the editor
/// did not turn into one. `None` if there is no such name, or no slash close behind it.
fn behind_typed_mention(note: &str) -> Option<&str> {
    let note = note.trim_start_matches(is_blank_char);
    let (mention, _) = note.split_once(is_slash)?;
    let mut names = mention.split_whitespace().skip(1);
    let is_mention = mention.starts_with('@')
        && mention.ends_with(|c: char| is_blank_char(c) || matches!(c, ',' | ':'))
        && names.clone().count() < MOST_NAMES
        && names.all(|name| name.starts_with(char::is_uppercase))
        && !mention.contains('\n');
    is_mention.then(|| &note[mention.len()..])
}

/// Returns whether `c` may precede a command without being a word: quotation marks, emphasis,
/// bullets, pictures. Characters that begin a path may not.
fn is_decoration(c: char) -> bool {
    !c.is_alphanumeric() && !is_slash(c) && !"\\.~@#$%&=?!+^|<".contains(c)
}

/// Returns whether `rest` is more than the end of a sentence. A question mark asks something.
fn has_words(rest: &str) -> bool {
    rest.chars().any(|c| c.is_alphanumeric() || c == '?')
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::decide::reply::tests::comment;

    fn note(public: Option<bool>, body: Value) -> Comment {
        Comment {
            public,
            jsd_public: public,
            body: body.into(),
            ..comment()
        }
    }

    fn document(paragraphs: &[&str]) -> Value {
        let paragraphs: Vec<Value> = paragraphs
            .iter()
            .map(|text| json!({"type": "paragraph", "content": [{"type": "text", "text": text}]}))
            .collect();
        json!({"type": "doc", "version": 1, "content": paragraphs})
    }

    #[test]
    fn a_command_is_the_whole_of_an_internal_note() {
        use Command::{Cancel, Phone, Unknown, Window};
        let internal = Some(false);
        for (public, body, expected) in [
            (internal, document(&["/cancel"]), Some(Cancel)),
            (internal, document(&[" /Cancel "]), Some(Cancel)),
            (internal, json!("/cancel"), Some(Cancel)),
            (internal, document(&["/WINDOW"]), Some(Window)),
            (internal, document(&[" /Phone."]), Some(Phone)),
            (internal, document(&["@Casement /phone"]), Some(Phone)),
            (internal, document(&["/phone 0151 123"]), Some(Unknown)),
            (internal, document(&["/phones"]), Some(Unknown)),
            (Some(true), document(&["/phone"]), None),
            (Some(true), document(&["/cancel"]), None),
            (None, document(&["/cancel"]), None),
            (Some(true), document(&["/foo"]), None),
            (internal, document(&["cancel"]), None),
            (internal, document(&[]), None),
            // Whoever writes this expects something to happen.
            (internal, document(&["/foo"]), Some(Unknown)),
            (internal, document(&["/windw"]), Some(Unknown)),
            (internal, document(&["/cancel?"]), Some(Unknown)),
            (internal, document(&["//cancel"]), Some(Unknown)),
            (internal, document(&["/templates order en"]), Some(Unknown)),
            (internal, document(&["/refund 20 please"]), Some(Unknown)),
            (internal, document(&["@/hold"]), None),
            (internal, document(&["@Casement /cancel"]), Some(Cancel)),
            (internal, document(&["@Ben Okafor, /window"]), Some(Window)),
            (internal, document(&["@Casement /cancel it"]), Some(Unknown)),
            (internal, document(&["@Ben /etc is full"]), None),
            (internal, document(&["@Ben /refund"]), None),
            (internal, document(&["@Ben what does /cancel do"]), None),
            (internal, document(&["ben@shop.example/cancel"]), None),
            (internal, document(&["@Ben/cancel"]), None),
            (internal, document(&["/cancel the order"]), Some(Unknown)),
            (internal, document(&["/cancel", "please"]), Some(Unknown)),
            (internal, document(&["/reply Yes"]), Some(Unknown)),
            // This is only a note.
            (internal, document(&["/var/log"]), None),
            (internal, document(&["/var/log/syslog is full"]), None),
            (internal, document(&["/etc is full"]), None),
            (internal, document(&["/tmp/"]), None),
            (internal, document(&["/foo.txt"]), None),
            (internal, document(&["/", "a"]), None),
            (internal, document(&["//"]), None),
            (internal, document(&["/24"]), None),
            (internal, document(&["see /cancel"]), None),
            (
                internal,
                document(&["/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]),
                None,
            ),
        ] {
            let note = note(public, body.clone());
            assert_eq!(Command::of(&note), expected, "{public:?} {body}");
        }
    }

    fn text(text: &str) -> Value {
        json!({"type": "text", "text": text})
    }

    fn line(content: &[Value]) -> Value {
        json!({"type": "paragraph", "content": content})
    }

    fn block(kind: &str, content: &[Value]) -> Value {
        json!({"type": kind, "content": content})
    }

    /// Returns a note with `words` for every style of Jira's editor.
    fn looks(words: &str) -> Vec<Value> {
        let plain = || line(&[text(words)]);
        let marked =
            |mark: &str| line(&[json!({"type": "text", "text": words, "marks": [{"type": mark}]})]);
        let (front, back) = words.split_at(3);
        let mention = json!({"type": "mention", "attrs": {"id": "1", "text": "@Ben Okafor"}});
        let line_end = json!({"type": "hardBreak"});
        let mut looks: Vec<Vec<Value>> = ["strong", "em", "code", "underline", "strike", "link"]
            .map(|mark| vec![marked(mark)])
            .into();
        looks.extend([
            vec![block("heading", &[text(words)])],
            vec![block("codeBlock", &[text(words)])],
            vec![block("blockquote", &[plain()])],
            vec![block("panel", &[plain()])],
            vec![block("expand", &[plain()])],
            vec![block("bulletList", &[block("listItem", &[plain()])])],
            vec![block("orderedList", &[block("listItem", &[plain()])])],
            vec![block("taskList", &[block("taskItem", &[text(words)])])],
            vec![block(
                "decisionList",
                &[block("decisionItem", &[text(words)])],
            )],
            vec![block(
                "table",
                &[block("tableRow", &[block("tableCell", &[plain()])])],
            )],
            vec![line(&[]), plain(), line(&[text("\u{a0}")]), line(&[])],
            vec![line(&[
                text(front),
                json!({"type": "text", "text": back, "marks": [{"type": "strong"}]}),
            ])],
            vec![line(&[mention.clone(), text(" "), text(words)])],
            vec![line(&[mention.clone(), text(", "), text(words)])],
            vec![line(&[mention]), plain()],
            vec![line(&[
                line_end.clone(),
                line_end.clone(),
                text(words),
                line_end,
            ])],
            vec![
                plain(),
                block(
                    "mediaSingle",
                    &[json!({"type": "media", "attrs": {"id": "1"}})],
                ),
            ],
        ]);
        for typed in [
            words.to_uppercase(),
            format!("{words}."),
            format!("{words}!"),
            format!("\u{feff}{words}\u{200b}"),
            format!("\u{a0}{words}\u{a0}\n"),
            format!("\u{201c}{words}\u{201d}"),
            format!("`{words}`"),
            format!("- {words}"),
            words.replace('/', "\u{ff0f}"),
            words.replace('/', "/ "),
            words.replace('c', "c\u{ad}"),
        ] {
            looks.push(vec![line(&[text(&typed)])]);
        }
        looks
            .into_iter()
            .map(|blocks| json!({"type": "doc", "version": 1, "content": blocks}))
            .collect()
    }

    #[test]
    fn the_words_count_however_they_look() {
        for (words, expected) in [
            ("/cancel", Command::Cancel),
            ("/window", Command::Window),
            ("/phone", Command::Phone),
            ("/cancle", Command::Unknown),
            ("/template", Command::Template(Err(CallMistake::NoName))),
        ] {
            for body in looks(words) {
                let read = Command::of(&note(Some(false), body.clone()));
                let spaced = body.to_string().contains("/ ") && expected == Command::Unknown;
                let expected = (!spaced).then(|| expected.clone());
                // The closing quotation mark is a value here.
                if !matches!(read, Some(Command::Template(_))) {
                    assert_eq!(read, expected, "{body}");
                }
            }
        }
    }

    #[test]
    fn a_template_is_called_in_every_look() {
        let call = |note: &str| TemplateCall::read(note).unwrap();
        for body in looks("/template order_update en \"4711\"") {
            let read = Command::of(&note(Some(false), body.clone()));
            if body.to_string().contains(['!', '`', '\u{201c}']) || body.to_string().contains("\".")
            {
                assert!(matches!(read, Some(Command::Template(_))), "{body}");
                continue;
            }
            let Some(Command::Template(Ok(read))) = read else {
                panic!("{read:?}: {body}")
            };
            assert!(read.name.eq_ignore_ascii_case("order_update"), "{body}");
            let expected = call("/template a en \"4711\"").unwrap();
            assert!(read.arguments == expected.arguments, "{body}");
        }
        let mention = json!({"type": "mention", "attrs": {"text": "@Ben"}});
        let body = json!({"type": "doc", "content": [line(&[mention.clone(), text(" /template a en "), mention])]});
        let read = Command::of(&note(Some(false), body));
        assert_eq!(read, Some(Command::Template(call("/template a en @Ben"))));
    }

    #[test]
    fn a_public_comment_that_is_a_command_is_for_us() {
        for (words, expected) in [
            ("/cancel", Some("/cancel")),
            ("/Window.", Some("/window")),
            ("/phone", Some("/phone")),
            ("/phone us, please", None),
            ("/template order_update en", Some("/template")),
            ("/template", Some("/template")),
            ("/reply", Some("/reply")),
            ("/reply:", Some("/reply")),
            // These may be for the customer.
            ("/reply Yes", None),
            ("/cancel the order in your app", None),
            ("/refund", None),
            ("/windows", None),
            ("/etc/hosts", None),
            ("Type /cancel", None),
            ("", None),
        ] {
            assert_eq!(
                Command::alone_in(&document(&[words]).into()),
                expected,
                "{words}"
            );
        }
    }
}
