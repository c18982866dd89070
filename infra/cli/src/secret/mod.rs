//! `casement secret set`: asks for the values of the two secrets without showing them, tries them at
//! Meta and Jira, and stores them. No value is ever printed.

mod contents;
mod keys;
mod person;
mod plan;
#[cfg(test)]
mod tests;
mod trial;
mod vault;

use std::io::Read;
use std::process::ExitCode;

use casement_aws::secrets::Which;
use casement_aws::secrets::keys::{ACCESS_TOKEN, ACCOUNT_ID, APP_SECRETS};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use self::contents::{Contents, State};
use self::keys::{ACCOUNT, ACCOUNT_KEYS, Kind, found_at, is_list, is_ours_to_choose, usable};
use self::person::{Person, Script, Terminal};
use self::plan::{Ask, take_over, to_ask};
use self::vault::Found;
use crate::Problem;
use crate::args::SecretSet;
use crate::check::Verdict;
use crate::place::Place;
use crate::talk::Talk;

const JIRA_ACCOUNT: &str = "the Jira account";

/// Asks for values, or takes them from standard input, tries them and stores them. The exit code is 1
/// if the functions lack something afterwards.
///
/// # Errors
/// A secret cannot be read or written, or nobody can be asked.
pub async fn run(place: &Place, talk: &Talk, wanted: &SecretSet) -> Result<ExitCode, Problem> {
    if let Some(only) = &wanted.only
        && only != ACCOUNT
        && Which::of(only).is_none()
    {
        let all: Vec<_> = Which::ALL
            .into_iter()
            .flat_map(Which::keys)
            .copied()
            .collect();
        return Err(Problem::Usage(format!(
            "--only: no secret has this key; give one of {}, or {ACCOUNT} for all keys of the Jira \
             account",
            all.join(", ")
        )));
    }
    let outcome = if wanted.from_stdin {
        let mut document = String::new();
        std::io::stdin()
            .read_to_string(&mut document)
            .map_err(|error| Problem::Usage(format!("--from-stdin: it is no text ({error})")))?;
        set(
            place,
            &mut Script,
            talk.yes,
            &Source::Document(document.into()),
        )
        .await?
    } else {
        let mut terminal = Terminal::find()?;
        let source = Source::Questions(wanted.only.as_deref());
        set(place, &mut terminal, talk.yes, &source).await?
    };
    talk.say(&outcome.text(), &outcome.json())?;
    Ok(ExitCode::from(u8::from(!outcome.faults.is_empty())))
}

/// Where new values come from.
enum Source<'a> {
    /// The person, for what is missing or for one key.
    Questions(Option<&'a str>),
    /// A JSON document.
    Document(SecretString),
}

/// What was done, by names of keys.
#[derive(Debug, Default)]
struct Outcome {
    written: Vec<(Which, Vec<String>)>,
    faults: Vec<String>,
}

impl Outcome {
    fn text(&self) -> String {
        let mut text = String::new();
        for (which, keys) in &self.written {
            text.push_str(&format!("Wrote {which}: {}.\n", keys.join(", ")));
        }
        text.push_str(if self.written.is_empty() {
            "Nothing is changed.\n"
        } else {
            "Running functions take it up within five minutes; the values before are kept as \
             AWSPREVIOUS.\n"
        });
        for fault in &self.faults {
            text.push_str(&format!("To do: {fault}\n"));
        }
        text
    }

    fn json(&self) -> Value {
        let keys = |which: Which| {
            let mut written = self.written.iter();
            written.find(|(one, _)| *one == which).map(|(_, keys)| keys)
        };
        json!({
            "written": {"webhook": keys(Which::Webhook), "credentials": keys(Which::Credentials)},
            "to_do": self.faults,
        })
    }
}

async fn set(
    place: &Place,
    person: &mut dyn Person,
    yes: bool,
    source: &Source<'_>,
) -> Result<Outcome, Problem> {
    let mut read = [Default::default(), Default::default()];
    for (which, members) in Which::ALL.into_iter().zip(&mut read) {
        *members = match vault::read(place, which).await? {
            Found::Members(members) => members,
            Found::Nothing => Default::default(),
            Found::Other => {
                let question = format!("{which} is no JSON object. Begin with an empty one?");
                if !agrees(person, yes, &question)? {
                    return Err(Problem::Failed(format!(
                        "{which} is no JSON object, and stays as it is"
                    )));
                }
                Default::default()
            }
        };
    }
    let [webhook, credentials] = read;
    let before = Contents::new(webhook, credentials);
    let mut contents = before.clone();
    for key in contents.put_right() {
        person.tell(&format!("{key} stands in the wrong secret, and is moved."))?;
    }
    let present = contents.clone();
    let mut only = None;
    match source {
        Source::Document(document) => take_over(&mut contents, document.expose_secret())
            .map_err(|why| Problem::Usage(format!("--from-stdin: {why}")))?,
        Source::Questions(wanted) => {
            only = *wanted;
            for (key, state) in contents.states() {
                person.tell(&row(key, state))?;
            }
            for ask in to_ask(&contents, only) {
                ask_for(person, &mut contents, ask)?;
            }
        }
    }
    let refused = try_out(place, person, yes, &present, &mut contents, only).await?;
    let mut outcome = Outcome::default();
    // A key that moves is written before it is removed: the second write may fail.
    let mut order = Which::ALL;
    order.sort_by_key(|which| before.has_keys_of_the_other(*which));
    for which in order {
        let keys = contents.changed(&before, which);
        if !keys.is_empty() {
            vault::write(place, which, contents.of(which)).await?;
            outcome.written.push((which, keys));
        }
    }
    let refused = refused.into_iter();
    outcome.faults = refused
        .map(|what| {
            let key = if what == JIRA_ACCOUNT { ACCOUNT } else { what };
            format!(
                "{what} did not pass its trial, and stays as it was: casement secret set --only {key}"
            )
        })
        .chain(contents.faults())
        .collect();
    Ok(outcome)
}

fn row(key: &str, state: State) -> String {
    match state {
        State::Set(1) => format!("set         {key}"),
        State::Set(count) => format!("set         {key} ({count} values)"),
        State::Missing => format!("missing     {key}"),
        State::Without => format!("not set     {key} (not needed)"),
        State::NotUsable(why) => format!("not usable  {key}: {why}"),
    }
}

fn agrees(person: &mut dyn Person, yes: bool, question: &str) -> Result<bool, Problem> {
    if yes {
        return Ok(true);
    }
    let answer = person.answer(&format!("{question} Type yes to go on: "))?;
    Ok(answer.eq_ignore_ascii_case("yes"))
}

/// Asks for one thing, and puts the answer into the contents.
fn ask_for(person: &mut dyn Person, contents: &mut Contents, ask: Ask) -> Result<(), Problem> {
    match ask {
        Ask::Value(key) => {
            if let Some(value) = value_of(person, key)? {
                contents.put(key, json!(value.expose_secret()));
            }
        }
        Ask::List(key) => list(person, contents, key)?,
        Ask::Account => account(person, contents)?,
    }
    Ok(())
}

fn list(
    person: &mut dyn Person,
    contents: &mut Contents,
    key: &'static str,
) -> Result<(), Problem> {
    let present = contents.states().into_iter().find(|(one, _)| *one == key);
    let mut beside = false;
    if let Some((_, State::Set(count))) = present {
        let keep = if count > 1 {
            ", 3 keeps the newest alone"
        } else {
            ""
        };
        let question = format!(
            "{key} has {count}: 1 puts a new one in front (rotation), 2 replaces what is \
             there{keep}, Enter leaves it: "
        );
        match person.answer(&question)?.as_str() {
            "1" => beside = true,
            "2" => {}
            "3" => {
                contents.keep_first(key);
                return Ok(());
            }
            _ => return Ok(()),
        }
    }
    if let Some(value) = value_of(person, key)? {
        contents.put_in_list(key, &value, beside);
    }
    Ok(())
}

/// Asks for the kind of the account, and for all of its keys. Without one of them the account stays
/// as it was.
fn account(person: &mut dyn Person, contents: &mut Contents) -> Result<(), Problem> {
    person.tell("The Jira account is:")?;
    for (number, kind) in (1..).zip(Kind::ALL) {
        person.tell(&format!("  {number}  {}", kind.name()))?;
    }
    let chosen = person.answer("Which one? Enter leaves it: ")?;
    let chosen: Option<usize> = chosen.parse().ok();
    let kind = chosen.and_then(|number| Kind::ALL.get(number.checked_sub(1)?).copied());
    let Some(kind) = kind else { return Ok(()) };
    let mut other = contents.clone();
    other.become_kind(kind);
    for key in kind.keys() {
        let Some(value) = value_of(person, key)? else {
            return person.tell(&format!("Without {key} the Jira account stays as it was."));
        };
        other.put(key, json!(value.expose_secret()));
    }
    *contents = other;
    Ok(())
}

/// Asks for a value until it is one that the functions can use, or empty.
fn value_of(person: &mut dyn Person, key: &'static str) -> Result<Option<SecretString>, Problem> {
    if let Some(place) = found_at(key) {
        person.tell(&format!("{place}:"))?;
    }
    if is_ours_to_choose(key) {
        let question =
            format!("{key}: g makes a random one, t lets you type one, Enter leaves it: ");
        match person.answer(&question)?.to_lowercase().as_str() {
            "g" => return random().map(Some),
            "t" => {}
            _ => return Ok(None),
        }
    }
    loop {
        let value = person.hidden(&format!("{key} (is not shown; Enter leaves it): "))?;
        if value.expose_secret().is_empty() {
            return Ok(None);
        }
        let shown = json!(value.expose_secret());
        let whole = if is_list(key) { json!([shown]) } else { shown };
        match usable(key, &whole) {
            Ok(()) => return Ok(Some(value)),
            Err(why) => person.tell(&format!("That cannot be used: {why}."))?,
        }
    }
}

/// Makes a value of 32 random bytes.
fn random() -> Result<SecretString, Problem> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| Problem::Failed(format!("this machine has no random bytes: {error}")))?;
    Ok(SecretString::from(hex::encode(bytes)))
}

/// Tries what differs from the present contents, and takes back what is refused unless the person
/// wants it all the same. Returns the names of what was taken back.
async fn try_out(
    place: &Place,
    person: &mut dyn Person,
    yes: bool,
    present: &Contents,
    contents: &mut Contents,
    only: Option<&str>,
) -> Result<Vec<&'static str>, Problem> {
    let mut refused = Vec::new();
    let mut new = Vec::new();
    for which in Which::ALL {
        new.extend(contents.changed(present, which));
    }
    let is_new = |key: &str| new.iter().any(|one| one == key);
    let told = trial::meta(place, contents, is_new).await?;
    if is_new(APP_SECRETS) && told.app_secret.is_none() {
        person.tell(&format!(
            "{APP_SECRETS}: not tried, because that takes a valid {ACCESS_TOKEN}; run `casement check` \
             when it is set"
        ))?;
    }
    for (key, verdict) in [(ACCESS_TOKEN, told.token), (APP_SECRETS, told.app_secret)] {
        if let Some(verdict) = verdict
            && !stands(person, yes, key, &verdict)?
        {
            contents.restore(present, &[key]);
            refused.push(key);
        }
    }
    let is_other = contents.has_other_account(present);
    let lacks_id = contents.text(ACCOUNT_ID).is_none() && only.is_none();
    if !is_other && !lacks_id {
        return Ok(refused);
    }
    let Some((verdict, id)) = trial::jira(place, contents).await? else {
        return Ok(refused);
    };
    if is_other && !stands(person, yes, JIRA_ACCOUNT, &verdict)? {
        contents.restore(present, &ACCOUNT_KEYS);
        refused.push(JIRA_ACCOUNT);
    } else if let Some(id) = id {
        contents.put(ACCOUNT_ID, json!(id));
    } else if is_other && !is_new(ACCOUNT_ID) {
        // The former account's id: what that one writes would be taken for ours.
        contents.put(ACCOUNT_ID, Value::Null);
    }
    Ok(refused)
}

/// Says what a trial showed. Returns whether the value is to be written.
fn stands(
    person: &mut dyn Person,
    yes: bool,
    what: &str,
    verdict: &Verdict,
) -> Result<bool, Problem> {
    match verdict {
        Verdict::Ok { detail } | Verdict::Hint { detail, .. } => {
            person.tell(&format!("{what}: {detail}."))?;
            Ok(true)
        }
        Verdict::Wrong { detail, fix } => {
            person.tell(&format!("{what}: {detail}\n  -> {fix}"))?;
            agrees(person, yes, &format!("Write {what} all the same?"))
        }
        Verdict::Unknown { detail } => {
            person.tell(&format!("{what}: {detail}"))?;
            agrees(person, yes, &format!("Write {what} all the same?"))
        }
    }
}
