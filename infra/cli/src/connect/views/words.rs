//! The names and searches of what is made in Jira.

/// A field that Casement keeps up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// The key in the settings.
    pub key: &'static str,
    pub name: &'static str,
    pub description: &'static str,
    /// The type of its values, as `schema` names it.
    pub schema: &'static str,
    /// The type's name at Jira, and on its pages.
    pub kind: &'static str,
    pub called: &'static str,
    pub searcher: &'static str,
}

/// The end of the window, the wait, and the held replies.
pub(super) const FIELDS: [Field; 3] = [
    Field {
        key: "window_field",
        name: "WhatsApp reply until",
        description: "The end of the customer service window. Casement keeps it up to date.",
        schema: "datetime",
        kind: "datetime",
        called: "Date Time Picker",
        searcher: "datetimerange",
    },
    Field {
        key: "waiting_field",
        name: "WhatsApp waiting since",
        description: "Since when the customer waits; empty once somebody has answered. Casement \
                      keeps it up to date.",
        schema: "datetime",
        kind: "datetime",
        called: "Date Time Picker",
        searcher: "datetimerange",
    },
    Field {
        key: "held_field",
        name: "WhatsApp replies held",
        description: "How many replies wait until the customer writes again. Casement keeps it up \
                      to date.",
        schema: "number",
        kind: "float",
        called: "Number Field",
        searcher: "numberrange",
    },
];

/// A filter, which is also a gadget of the dashboard and may be a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    Waiting,
    Closing,
    Held,
}

impl View {
    /// All of them, the most urgent first.
    pub(super) const ALL: [Self; 3] = [Self::Closing, Self::Waiting, Self::Held];

    /// Returns what the gadget and the queue are called.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Waiting => "Customers waiting",
            Self::Closing => "Window closes within two hours",
            Self::Held => "Replies held",
        }
    }

    /// Returns the color of the gadget.
    pub(super) fn color(self) -> &'static str {
        match self {
            Self::Waiting => "yellow",
            Self::Closing => "red",
            Self::Held => "blue",
        }
    }

    /// Returns the place in [`FIELDS`] of the field that it shows.
    pub(super) fn field(self) -> usize {
        match self {
            Self::Closing => 0,
            Self::Waiting => 1,
            Self::Held => 2,
        }
    }

    /// Returns the search, with the most urgent first, for the ids of [`FIELDS`]. A queue is of one
    /// project anyway. `None`: its field is not there.
    pub(super) fn jql(self, project: Option<&str>, ids: &[Option<String>; 3]) -> Option<String> {
        let clause = |index: usize| ids[index].as_deref().and_then(clause_name);
        let shown = clause(self.field())?;
        let (condition, order) = match self {
            // The longest wait first.
            Self::Waiting => (format!("{shown} IS NOT EMPTY"), format!("{shown} ASC")),
            Self::Closing => (
                format!("{shown} > now() AND {shown} <= \"2h\""),
                format!("{shown} ASC"),
            ),
            // The window that closed first: its replies are given up first.
            Self::Held => {
                let until = clause(0).map(|until| format!("{until} ASC, "));
                let until = until.unwrap_or_default();
                (format!("{shown} > 0"), format!("{until}{shown} DESC"))
            }
        };
        let project = project.map(|key| format!("project = \"{key}\" AND "));
        Some(format!(
            "{}statusCategory != Done AND {condition} ORDER BY {order}",
            project.unwrap_or_default()
        ))
    }
}

/// Returns the name of a custom field in JQL that no other field can have: `cf[10051]`.
fn clause_name(id: &str) -> Option<String> {
    let number = id.strip_prefix("customfield_")?;
    Some(format!("cf[{number}]"))
}

/// Returns the name of the dashboard.
pub(super) fn dashboard_name(project: &str) -> String {
    format!("{project} WhatsApp")
}

/// Returns the name of the filter. The names of one person's filters differ.
pub(super) fn filter_name(project: &str, view: View) -> String {
    format!("{project} WhatsApp: {}", view.title().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_name_fields_by_id_leave_out_what_is_done_and_begin_with_the_most_urgent() {
        let ids = ["customfield_1", "customfield_2", "customfield_3"];
        let ids = ids.map(|id| Some(id.to_owned()));
        for (view, expected) in [
            (
                View::Waiting,
                "project = \"SUP\" AND statusCategory != Done AND cf[2] IS NOT EMPTY \
                 ORDER BY cf[2] ASC",
            ),
            (
                View::Closing,
                "project = \"SUP\" AND statusCategory != Done AND cf[1] > now() AND \
                 cf[1] <= \"2h\" ORDER BY cf[1] ASC",
            ),
            (
                View::Held,
                "project = \"SUP\" AND statusCategory != Done AND cf[3] > 0 \
                 ORDER BY cf[1] ASC, cf[3] DESC",
            ),
        ] {
            assert_eq!(view.jql(Some("SUP"), &ids).as_deref(), Some(expected));
            let queue = expected.replace("project = \"SUP\" AND ", "");
            assert_eq!(view.jql(None, &ids), Some(queue));
            assert_eq!(view.jql(None, &[None, None, None]), None);
        }
        let [_, _, held] = ids;
        let alone = View::Held.jql(None, &[None, None, held]);
        let expected = "statusCategory != Done AND cf[3] > 0 ORDER BY cf[3] DESC";
        assert_eq!(alone.as_deref(), Some(expected));
    }
}
