//! One template of the list.

use casement_core::model::attachment::FileForm;
use casement_core::say::template::{Button, Header, Template, TemplateStatus, Wording};
use serde_json::Value;

/// Reads a template. Returns `None` without a name or a language: nobody could ask for it.
pub(super) fn template(item: &Value) -> Option<Template> {
    let text = |name: &str| item[name].as_str().filter(|text| !text.is_empty());
    let mut template = Template {
        name: text("name")?.to_owned(),
        language: text("language")?.to_owned(),
        status: TemplateStatus::new(text("status").unwrap_or_default()),
        header: None,
        body: Wording::default(),
        footer: None,
        buttons: Vec::new(),
        unsupported: None,
    };
    if is(&item["category"], "AUTHENTICATION") {
        template.unsupported = Some("one-time codes".to_owned());
    }
    for component in item["components"].as_array().into_iter().flatten() {
        if let Err(what) = add(&mut template, component) {
            template.unsupported.get_or_insert(what);
        }
    }
    Some(template)
}

/// Adds a component, or returns what cannot be filled in.
fn add(template: &mut Template, component: &Value) -> Result<(), String> {
    let text = component["text"].as_str().unwrap_or_default();
    let kind = component["type"].as_str().unwrap_or_default();
    match kind.to_ascii_uppercase().as_str() {
        "HEADER" => template.header = Some(header(component)?),
        "BODY" => template.body = wording(component, "body_text"),
        "FOOTER" => template.footer = Some(text.to_owned()),
        "BUTTONS" => {
            for item in component["buttons"].as_array().into_iter().flatten() {
                template.buttons.push(button(item)?);
            }
        }
        other => return Err(format!("a part of type {}", other.to_ascii_lowercase())),
    }
    Ok(())
}

fn header(component: &Value) -> Result<Header, String> {
    let format = component["format"].as_str().unwrap_or("TEXT");
    Ok(match format.to_ascii_uppercase().as_str() {
        "TEXT" => Header::Text(wording(component, "header_text")),
        "IMAGE" => Header::File(FileForm::Image),
        "VIDEO" => Header::File(FileForm::Video),
        "DOCUMENT" => Header::File(FileForm::Document),
        other => return Err(format!("a {} in the header", other.to_ascii_lowercase())),
    })
}

/// Reads a text with its examples. They are under `key`, or for named variables under `key` with
/// `_named_params`.
fn wording(component: &Value, key: &str) -> Wording {
    let text = component["text"].as_str().unwrap_or_default();
    let named = &component["example"][format!("{key}_named_params")];
    let numbered = &component["example"][key];
    // The body has one list for each example.
    let numbered = numbered
        .get(0)
        .filter(|first| first.is_array())
        .unwrap_or(numbered);
    let plain = Wording::new(text, Vec::new());
    let examples = match named.as_array() {
        Some(named) => {
            let example = |name: &String| {
                let mut all = named.iter();
                let found = all.find(|one| one["param_name"] == name.as_str());
                found.and_then(|one| one["example"].as_str())
            };
            let examples = plain.variables().iter().map(example);
            examples
                .map(|one| one.unwrap_or_default().to_owned())
                .collect()
        }
        None => strings(numbered),
    };
    Wording::new(text, examples)
}

fn button(item: &Value) -> Result<Button, String> {
    let text = item["text"].as_str().unwrap_or_default().to_owned();
    let kind = item["type"].as_str().unwrap_or_default();
    Ok(match kind.to_ascii_uppercase().as_str() {
        "QUICK_REPLY" | "PHONE_NUMBER" | "VOICE_CALL" => Button::Plain { text },
        "URL" => Button::Url {
            text,
            url: address(
                item["url"].as_str().unwrap_or_default(),
                strings(&item["example"]),
            ),
        },
        "COPY_CODE" => Button::CouponCode {
            text,
            example: strings(&item["example"]).into_iter().next(),
        },
        other => return Err(format!("a button of type {}", other.to_ascii_lowercase())),
    })
}

/// Reads the address of a button. Meta's examples are whole addresses whose end is filled in.
fn address(url: &str, examples: Vec<String>) -> Wording {
    let fixed = url.split("{{").next().unwrap_or_default();
    let ends = examples.iter().map(|example| {
        let end = example.strip_prefix(fixed);
        end.unwrap_or(example).to_owned()
    });
    Wording::new(url, ends.collect())
}

/// Reads the strings in a list, or a single string.
fn strings(value: &Value) -> Vec<String> {
    let one = value.as_str().into_iter();
    let all = value.as_array().into_iter().flatten();
    let all = all.filter_map(Value::as_str);
    one.chain(all).map(str::to_owned).collect()
}

fn is(value: &Value, word: &str) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use casement_core::say::template::Usage;
    use serde_json::json;

    use super::*;

    fn listed(components: Value) -> Template {
        template(&json!({
            "id": "1", "name": "order", "language": "en_US", "status": "APPROVED",
            "category": "UTILITY", "components": components,
        }))
        .unwrap()
    }

    #[test]
    fn templates_are_read_with_their_examples() {
        let read = listed(json!([
            {"type": "HEADER", "format": "TEXT", "text": "Order {{1}}",
             "example": {"header_text": ["4711"]}},
            {"type": "BODY", "text": "Hello {{1}}, {{2}}", "example": {"body_text": [["Ana", "bye"]]}},
            {"type": "FOOTER", "text": "The shop"},
            {"type": "BUTTONS", "buttons": [
                {"type": "QUICK_REPLY", "text": "Thanks"},
                {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+491"},
                {"type": "URL", "text": "Track", "url": "https://t.example/{{1}}",
                 "example": ["https://t.example/a1"]},
                {"type": "COPY_CODE", "text": "Copy", "example": "SALE"},
            ]},
        ]));
        assert!(read.status.is_approved() && read.unsupported.is_none());
        assert_eq!(
            Usage::of(&read).example,
            r#"/template order en_US "4711" "Ana" "bye" "a1" "SALE""#
        );
        assert_eq!(read.footer.as_deref(), Some("The shop"));
        let named = listed(json!([
            {"type": "body", "text": "{{order}} for {{customer}}", "example": {
                "body_text_named_params": [
                    {"param_name": "customer", "example": "Ana"},
                    {"param_name": "order", "example": "4711"},
                ]}},
        ]));
        assert_eq!(
            Usage::of(&named).example,
            r#"/template order en_US order="4711" customer="Ana""#
        );
        let file = listed(json!([{"type": "HEADER", "format": "DOCUMENT"}]));
        assert_eq!(file.header, Some(Header::File(FileForm::Document)));
    }

    #[test]
    fn what_cannot_be_filled_in_is_known_before() {
        for (components, expected) in [
            (
                json!([{"type": "HEADER", "format": "LOCATION"}]),
                "a location in the header",
            ),
            (
                json!([{"type": "CAROUSEL", "cards": []}]),
                "a part of type carousel",
            ),
            (
                json!([{"type": "BUTTONS", "buttons": [{"type": "FLOW", "text": "Fill in"}]}]),
                "a button of type flow",
            ),
        ] {
            let read = listed(components);
            assert_eq!(read.unsupported.as_deref(), Some(expected));
        }
        let code = json!({"name": "code", "language": "en", "category": "AUTHENTICATION"});
        assert!(template(&code).unwrap().unsupported.is_some());
    }

    #[test]
    fn oddities_do_no_harm() {
        for item in [
            json!(null),
            json!({"name": "a"}),
            json!({"name": 1, "language": "en"}),
        ] {
            assert_eq!(template(&item), None, "{item}");
        }
        let odd = json!({"name": "a", "language": "en", "components": [{"type": "BODY", "text": 1,
            "example": "x"}, {"type": "BUTTONS", "buttons": "none"}]});
        let read = template(&odd).unwrap();
        assert!(!read.status.is_approved() && read.body.variables().is_empty());
    }
}
