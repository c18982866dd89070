//! The choice of the template that a command means.

use super::{Template, TemplateCall};

/// The maximum number of other templates to name.
const NAMED: usize = 5;

/// The minimum similarity of two names: 1 is identical.
const LIKE: f64 = 0.6;

/// The reason why no template can be sent. The error messages are for agents.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSuchTemplate {
    /// No template has this name.
    #[error(
        "there is no template named \"{name}\".{}",
        listed("The nearest are", nearest)
    )]
    Name {
        /// The name that was given.
        name: String,
        /// Similar names, with their languages.
        nearest: Vec<String>,
    },
    /// The template exists only in other languages.
    #[error("{}{}", language_problem(name, language.as_deref()), listed("It exists in", languages))]
    Language {
        name: String,
        /// The language that was given.
        language: Option<String>,
        /// The languages in which it is approved.
        languages: Vec<String>,
    },
    /// Meta does not accept it at the moment.
    #[error(
        "the template \"{name}\" ({language}) cannot be sent: WhatsApp says that it is {status}. \
         The WhatsApp Manager shows why"
    )]
    NotApproved {
        /// The template's name.
        name: String,
        /// The template's language.
        language: String,
        /// The actual status.
        status: String,
    },
}

fn language_problem(name: &str, language: Option<&str>) -> String {
    language.map_or_else(
        || format!("the language of the template \"{name}\" is missing."),
        |language| format!("the template \"{name}\" does not exist in \"{language}\"."),
    )
}

fn listed(introduction: &str, names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    format!(" {introduction}: {}", names.join(", "))
}

/// Finds the template that a call means.
///
/// # Errors
/// No such template can be sent. A list of templates may be old: fetch it again before telling the
/// agent.
pub fn choose<'a>(
    templates: &'a [Template],
    call: &TemplateCall,
) -> Result<&'a Template, NoSuchTemplate> {
    find(templates, &call.name, call.language.as_deref())
}

/// Does the same as [`choose`], by name and language.
///
/// # Errors
/// See [`choose`].
pub fn find<'a>(
    templates: &'a [Template],
    name: &str,
    language: Option<&str>,
) -> Result<&'a Template, NoSuchTemplate> {
    let named: Vec<&Template> = templates
        .iter()
        .filter(|template| template.name.eq_ignore_ascii_case(name))
        .collect();
    if named.is_empty() {
        return Err(NoSuchTemplate::Name {
            name: name.to_owned(),
            nearest: nearest(templates, name),
        });
    }
    let meant = language.and_then(|language| of_language(&named, language));
    match meant {
        Some(template) if template.status.is_approved() => Ok(template),
        Some(template) => Err(NoSuchTemplate::NotApproved {
            name: template.name.clone(),
            language: template.language.clone(),
            status: template.status.word(),
        }),
        None => Err(NoSuchTemplate::Language {
            name: name.to_owned(),
            language: language.map(str::to_owned),
            languages: languages(templates, name),
        }),
    }
}

/// Returns the template in this language, else the only one in a variety of it: `en` may mean
/// `en_US`.
fn of_language<'a>(named: &[&'a Template], language: &str) -> Option<&'a Template> {
    let mut exact = named.iter();
    let exact = exact.find(|template| is_same_language(&template.language, language));
    let begins = |template: &&&Template| {
        let base = template.language.split('_').next().unwrap_or_default();
        base.eq_ignore_ascii_case(language)
    };
    let mut varieties = named.iter().filter(begins);
    let only = varieties.next().filter(|_| varieties.next().is_none());
    exact.or(only).copied()
}

/// Compares languages. Meta writes `en_US`, its webhooks `en-US`.
fn is_same_language(one: &str, other: &str) -> bool {
    one.replace('-', "_")
        .eq_ignore_ascii_case(&other.replace('-', "_"))
}

/// Returns the languages in which a template is approved.
fn languages(templates: &[Template], name: &str) -> Vec<String> {
    let approved = templates.iter().filter(|template| {
        template.name.eq_ignore_ascii_case(name) && template.status.is_approved()
    });
    let mut languages: Vec<String> = approved.map(|template| template.language.clone()).collect();
    languages.sort();
    languages
}

/// Returns the approved templates with the names most similar to `name`.
fn nearest(templates: &[Template], name: &str) -> Vec<String> {
    let name = name.to_ascii_lowercase();
    let mut likes: Vec<(f64, &str)> = templates
        .iter()
        .filter(|template| template.status.is_approved())
        .map(|template| (likeness(&template.name, &name), template.name.as_str()))
        .filter(|(like, _)| *like >= LIKE)
        .collect();
    likes.sort_by(|(one, a), (other, b)| other.total_cmp(one).then(a.cmp(b)));
    likes.dedup_by(|(_, one), (_, other)| one == other);
    likes
        .into_iter()
        .take(NAMED)
        .map(|(_, name)| format!("{name} ({})", languages(templates, name).join(", ")))
        .collect()
}

/// Rates the similarity. A name that contains the typed text is as good as one with a typing error.
fn likeness(name: &str, typed: &str) -> f64 {
    if !typed.is_empty() && name.contains(typed) {
        return 0.9;
    }
    strsim::jaro_winkler(name, typed).min(strsim::normalized_damerau_levenshtein(name, typed) + 0.3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::template::TemplateStatus;
    use crate::say::template::samples::template;

    fn templates() -> Vec<Template> {
        let mut paused = template("payment_reminder", "en_US", "Please pay");
        paused.status = TemplateStatus::new("PAUSED");
        vec![
            template("order_update", "en_US", "It ships"),
            template("order_update", "de", "Es kommt"),
            template("hello_world", "en_US", "Hello"),
            paused,
        ]
    }

    fn told(name: &str, language: Option<&str>) -> String {
        let templates = templates();
        match find(&templates, name, language) {
            Ok(template) => format!("{} {}", template.name, template.language),
            Err(problem) => problem.to_string(),
        }
    }

    #[test]
    fn templates_are_found_by_name_and_language() {
        for (name, language, expected) in [
            ("order_update", Some("en_US"), "order_update en_US"),
            ("Order_Update", Some("en-us"), "order_update en_US"),
            ("order_update", Some("de"), "order_update de"),
            ("order_update", Some("en"), "order_update en_US"),
            (
                "order_update",
                Some("fr"),
                "the template \"order_update\" does not exist in \"fr\". It exists in: de, en_US",
            ),
            (
                "order_update",
                None,
                "the language of the template \"order_update\" is missing. It exists in: de, en_US",
            ),
            (
                "order_updat",
                Some("de"),
                "there is no template named \"order_updat\". The nearest are: order_update (de, en_US)",
            ),
            (
                "hello",
                Some("de"),
                "there is no template named \"hello\". The nearest are: hello_world (en_US)",
            ),
            ("xyz", Some("de"), "there is no template named \"xyz\"."),
            (
                "payment_reminder",
                Some("en_US"),
                "the template \"payment_reminder\" (en_US) cannot be sent: WhatsApp says that it is paused. The WhatsApp Manager shows why",
            ),
            (
                "payment_reminder",
                Some("de"),
                "the template \"payment_reminder\" does not exist in \"de\".",
            ),
            (
                "payment_remindr",
                Some("de"),
                "there is no template named \"payment_remindr\".",
            ),
        ] {
            assert_eq!(told(name, language), expected);
        }
    }
}
