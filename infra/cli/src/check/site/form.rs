//! The request types, and the fields that the settings name.

use casement_core::settings::NumberSettings;
use serde_json::Value;

use super::{Desk, PERMISSIONS};
use crate::check::Verdict;

/// A field from the settings and the place where it must exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum Needed<'a> {
    /// On the form of the request type.
    OnForm(&'static str, &'a str),
    /// Anywhere on the site, as a date-time field.
    DateTime(&'static str, &'a str),
    /// Anywhere on the site, as a number field.
    Number(&'static str, &'a str),
}

/// Returns the fields that a number's settings name.
fn fields_of(number: &NumberSettings) -> Vec<Needed<'_>> {
    let optional = [
        ("phone_field", &number.phone_field),
        ("name_field", &number.name_field),
    ];
    let optional = optional
        .into_iter()
        .filter_map(|(key, field)| Some(Needed::OnForm(key, field.as_deref()?)));
    let shown = [
        ("window_field", &number.window_field),
        ("waiting_field", &number.waiting_field),
    ];
    let shown = shown
        .into_iter()
        .filter_map(|(key, field)| Some(Needed::DateTime(key, field.as_deref()?)));
    let held = number.held_field.as_deref();
    let held = held.map(|field| Needed::Number("held_field", field));
    std::iter::once(Needed::OnForm("reference_field", &number.reference_field))
        .chain(optional)
        .chain(shown)
        .chain(held)
        .collect()
}

pub(in crate::check) fn judge_forms(desks: &[Desk]) -> Verdict {
    for desk in desks {
        if desk.project.is_err() {
            return Verdict::waits_for(PERMISSIONS);
        }
        let needed = fields_of(&desk.number);
        if let Some(wrong) = problem_of_form(desk, &needed) {
            return wrong;
        }
    }
    Verdict::ok("the request types and all fields of the settings are there")
}

/// Returns the first problem with a request type and the `needed` fields, if any.
pub(in crate::check) fn problem_of_form(desk: &Desk, needed: &[Needed<'_>]) -> Option<Verdict> {
    let number = &desk.number;
    let kind = format!(
        "request type {} of service desk {}",
        number.request_type_id, number.service_desk_id
    );
    let form = match &desk.form {
        Ok(form) => form,
        Err(failure) => {
            return Some(Verdict::wrong(
                format!("{kind}: {failure}"),
                failure.advice_or(
                    "take request_type_id from the address of the portal \
                     (/portal/SERVICE-DESK/create/REQUEST-TYPE)",
                ),
            ));
        }
    };
    let on_form: Vec<_> = form.as_array().into_iter().flatten().collect();
    let id = |field: &Value| field["fieldId"].as_str().unwrap_or_default().to_owned();
    for field in needed {
        let problem = match field {
            Needed::OnForm(key, wanted) => (!on_form.iter().any(|field| id(field) == *wanted))
                .then(|| {
                    Verdict::wrong(
                        format!("{kind}: {key} = \"{wanted}\" is not on its form"),
                        "add the field to the request form (Project settings > Request types), or \
                         name another one in the settings",
                    )
                }),
            Needed::DateTime(key, wanted) => problem_of_type(desk, key, wanted, &DATE_TIME),
            Needed::Number(key, wanted) => problem_of_type(desk, key, wanted, &NUMBER),
        };
        if problem.is_some() {
            return problem;
        }
    }
    let filled = |field: &Value| {
        let field = id(field);
        field == "summary"
            || needed
                .iter()
                .any(|one| matches!(one, Needed::OnForm(_, id) if *id == field))
    };
    let unfilled = on_form
        .iter()
        .find(|field| field["required"] == true && !filled(field));
    unfilled.map(|field| {
        Verdict::wrong(
            format!(
                "{kind}: the field \"{}\" is required, and Casement does not fill it",
                id(field)
            ),
            "make it optional on the form (Project settings > Request types)",
        )
    })
}

/// A type of custom fields.
struct FieldType {
    /// The word in a field's `schema`.
    schema: &'static str,
    is_none: &'static str,
    fix: &'static str,
}

const DATE_TIME: FieldType = FieldType {
    schema: "datetime",
    is_none: "is not a date with a time",
    fix: "make a field of the type \"Date Time Picker\" and name that one",
};

const NUMBER: FieldType = FieldType {
    schema: "number",
    is_none: "is not a number",
    fix: "make a field of the type \"Number Field\" and name that one",
};

fn problem_of_type(desk: &Desk, key: &str, wanted: &str, kind: &FieldType) -> Option<Verdict> {
    let fields = match &desk.fields {
        Ok(fields) => fields.as_array().into_iter().flatten(),
        Err(failure) => return Some(Verdict::unknown(format!("{key}: {failure}"))),
    };
    let mut fields = fields.filter(|field| field["id"] == wanted);
    match fields.next() {
        None => Some(Verdict::wrong(
            format!("{key} = \"{wanted}\" is no field of the site"),
            "take the id from Jira's settings (Issues > Custom fields), or remove the key",
        )),
        Some(field) if field["schema"]["type"] != kind.schema => Some(Verdict::wrong(
            format!("{key} = \"{wanted}\" {}", kind.is_none),
            kind.fix,
        )),
        Some(_) => None,
    }
}
