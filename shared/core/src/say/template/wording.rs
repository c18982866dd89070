//! A text with variables: `{{1}}`, `{{2}}` or `{{order_number}}`.

/// A text of a template, with the examples that Meta was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    text: String,
    variables: Vec<String>,
    examples: Vec<String>,
}

/// A piece of a text.
enum Piece<'a> {
    Text(&'a str),
    Variable(&'a str),
}

impl Wording {
    /// Takes the text as Meta gives it. `examples` belong to the variables, in order.
    #[must_use]
    pub fn new(text: impl Into<String>, examples: Vec<String>) -> Self {
        let text = text.into();
        let mut variables: Vec<String> = Vec::new();
        for piece in pieces(&text) {
            if let Piece::Variable(name) = piece
                && !variables.iter().any(|known| known == name)
            {
                variables.push(name.to_owned());
            }
        }
        // Numbered variables sort by number; named ones keep the order of the text.
        variables.sort_by_key(|name| name.parse::<u32>().unwrap_or(u32::MAX));
        Self {
            text,
            variables,
            examples,
        }
    }

    /// Returns the names of the variables, in the order in which Meta takes them.
    #[must_use]
    pub fn variables(&self) -> &[String] {
        &self.variables
    }

    /// Returns the example of the variable at this place.
    #[must_use]
    pub fn example(&self, index: usize) -> Option<&str> {
        self.examples.get(index).map(String::as_str)
    }

    /// Fills `values` into the places of the variables, in their order.
    #[must_use]
    pub fn with(&self, values: &[String]) -> String {
        let value = |name: &str| {
            let index = self.variables.iter().position(|known| known == name);
            index.and_then(|index| values.get(index))
        };
        let filled = pieces(&self.text).map(|piece| match piece {
            Piece::Text(text) => text,
            Piece::Variable(name) => value(name).map_or("", String::as_str),
        });
        filled.collect()
    }
}

/// Cuts the text at its variables. Incomplete variables are text.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((name, after)) = variable(rest) {
            rest = after;
            return Some(Piece::Variable(name));
        }
        let ends = rest.char_indices().skip(1).map(|(index, _)| index);
        let mut ends = ends.filter(|index| variable(&rest[*index..]).is_some());
        let (piece, after) = rest.split_at(ends.next().unwrap_or(rest.len()));
        rest = after;
        Some(Piece::Text(piece))
    })
}

/// Returns the variable that a text begins with, and the rest.
fn variable(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix("{{")?.split_once("}}")?;
    let name = name.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(plain)).then_some((name, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_and_filled() {
        for (text, variables, filled) in [
            ("Hello", vec![], "Hello"),
            ("", vec![], ""),
            ("Hello {{1}}!", vec!["1"], "Hello A!"),
            ("{{2}} {{1}} {{2}}", vec!["1", "2"], "B A B"),
            ("{{ name }} has {{count}}", vec!["name", "count"], "A has B"),
            ("{{10}}{{9}}", vec!["9", "10"], "BA"),
            ("{{}} {{a b}} {{1", vec![], "{{}} {{a b}} {{1"),
            ("{{{1}}}", vec!["1"], "{A}"),
            ("ü{{1}}ü", vec!["1"], "üAü"),
        ] {
            let wording = Wording::new(text, Vec::new());
            assert_eq!(wording.variables(), variables, "{text}");
            let values = ["A".to_owned(), "B".to_owned()];
            assert_eq!(wording.with(&values), filled, "{text}");
        }
    }

    #[test]
    fn values_are_not_read_again() {
        let wording = Wording::new("{{1}} {{2}}", Vec::new());
        let values = ["{{2}}".to_owned(), "x".to_owned()];
        assert_eq!(wording.with(&values), "{{2}} x");
    }
}
