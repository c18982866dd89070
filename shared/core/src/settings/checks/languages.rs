//! Checks of languages, texts and the reopening template.

use std::collections::BTreeMap;

use toml::Spanned;

use super::NUMBER;
use crate::say::texts::{Language, OwnTexts, TextKey, Texts};
use crate::settings::document::TemplateTable;
use crate::settings::error::Problem;
use crate::settings::value::CountryCode;
use crate::settings::{Languages, ReopeningTemplate};

type TextsTables = BTreeMap<Language, BTreeMap<TextKey, Spanned<String>>>;

pub(super) fn checked(
    default: Option<Spanned<Language>>,
    by_code: BTreeMap<CountryCode, Spanned<Language>>,
    tables: TextsTables,
) -> Result<Languages, Problem> {
    let own = own_texts(tables)?;
    let default = default.unwrap_or_else(|| Spanned::new(0..0, Language::default()));
    let default = texts_of(NUMBER, "language", &default, &own)?;
    let mut languages = BTreeMap::new();
    let mut texts = BTreeMap::new();
    for (code, language) in by_code {
        let all = texts_of("[number.languages]", &code.0, &language, &own)?;
        texts.insert(all.language().clone(), all);
        languages.insert(code.0, language.into_inner());
    }
    Ok(Languages::new(default, languages, texts))
}

fn own_texts(tables: TextsTables) -> Result<BTreeMap<Language, OwnTexts>, Problem> {
    let mut own = BTreeMap::new();
    for (language, table) in tables {
        let mut texts = OwnTexts::new();
        for (key, text) in table {
            let name = format!("[number.texts.{language}]");
            key.check(text.get_ref())
                .map_err(|error| Problem::new(&name, key.name(), text.span(), error.to_string()))?;
            texts.insert(key, text.into_inner());
        }
        own.insert(language, texts);
    }
    Ok(own)
}

/// Returns the texts of `language`, with the owner's texts for it and for it without a country.
/// `table` and `key` say where the language is requested.
fn texts_of(
    table: &str,
    key: &str,
    language: &Spanned<Language>,
    own: &BTreeMap<Language, OwnTexts>,
) -> Result<Texts, Problem> {
    let (span, language) = (language.span(), language.get_ref());
    let mut texts = OwnTexts::new();
    let base = own
        .iter()
        .find(|(other, _)| other.as_str() == language.base());
    for (_, more) in base.into_iter().chain(own.get_key_value(language)) {
        texts.extend(more.clone());
    }
    let texts = Texts::new(language.clone(), texts);
    let missing: Vec<&str> = texts.missing().map(TextKey::name).collect();
    if missing.is_empty() {
        return Ok(texts);
    }
    let missing = missing.join(", ");
    let message = format!(
        "Casement has no texts in \"{language}\": [number.texts.{language}] must have {missing}"
    );
    Err(Problem::new(table, key, span, message))
}

pub(super) fn template(
    table: Spanned<TemplateTable>,
    default: &Language,
) -> Result<ReopeningTemplate, Problem> {
    const TABLE: &str = "[number.reopening_template]";
    let span = table.span();
    let table = table.into_inner();
    let other = table
        .language
        .or_else(|| table.languages.get(default).cloned());
    let Some(other) = other else {
        let message = format!(
            "needs `language`, or in [number.reopening_template.languages] a code for \"{default}\""
        );
        return Err(Problem::new(TABLE, "", span, message));
    };
    Ok(ReopeningTemplate::new(table.name.0, table.languages, other))
}
