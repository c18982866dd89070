//! What a request has cost in messages, in the answer to `/window`.

/// The messages to the customer that WhatsApp has accepted in a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CostReport {
    /// Replies and automatic messages.
    pub free_form: usize,
    /// Template messages.
    pub templates: usize,
    /// Those of both that are delivered and that Meta says it bills.
    pub billed: usize,
    /// Whether there may be more: the request is too long to be looked through.
    pub at_least: bool,
}

impl CostReport {
    pub(super) fn sentence(self) -> String {
        let all = self.free_form + self.templates;
        if all == 0 {
            return if self.at_least {
                "How many messages this request has cost is not known.".to_owned()
            } else {
                "This request has cost no message yet.".to_owned()
            };
        }
        let counted = |count: usize| match count {
            1 => "1 message".to_owned(),
            count => format!("{count} messages"),
        };
        let bound = if self.at_least { "at least " } else { "" };
        let templates = match self.templates {
            0 => String::new(),
            1 => ", 1 of them a template".to_owned(),
            count => format!(", {count} of them templates"),
        };
        let billed = match self.billed {
            0 => "none".to_owned(),
            count => count.to_string(),
        };
        format!(
            "This request has cost {bound}{}{templates}; Meta has billed {billed} so far.",
            counted(all)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_counted_in_words() {
        for (free_form, templates, billed, at_least, expected) in [
            (0, 0, 0, false, "This request has cost no message yet."),
            (
                0,
                0,
                0,
                true,
                "How many messages this request has cost is not known.",
            ),
            (
                1,
                0,
                0,
                false,
                "This request has cost 1 message; Meta has billed none so far.",
            ),
            (
                3,
                1,
                2,
                false,
                "This request has cost 4 messages, 1 of them a template; Meta has billed 2 so far.",
            ),
            (
                90,
                2,
                92,
                true,
                "This request has cost at least 92 messages, 2 of them templates; Meta has billed 92 so far.",
            ),
        ] {
            let report = CostReport {
                free_form,
                templates,
                billed,
                at_least,
            };
            assert_eq!(report.sentence(), expected);
        }
    }
}
