//! Parses JQL. Source: Atlassian Support, "JQL fields", "JQL operators".

use super::{Clause, Field, Operand, Operator, Order, Query};

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Quoted(String),
    Symbol(&'static str),
}

impl Token {
    fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(text) if text.eq_ignore_ascii_case(word))
    }

    fn shown(&self) -> &str {
        match self {
            Self::Word(text) | Self::Quoted(text) => text,
            Self::Symbol(text) => text,
        }
    }
}

const SYMBOLS: [&str; 10] = ["!=", "!~", "<=", ">=", "=", "~", "<", ">", "(", ")"];

/// Parses a search.
///
/// # Errors
/// The message names the part that is not understood.
pub(crate) fn parse(jql: &str) -> Result<Query, String> {
    let mut parser = Parser {
        tokens: tokens(jql)?,
        at: 0,
    };
    let mut query = Query {
        clauses: Vec::new(),
        order: Vec::new(),
    };
    if !parser.next_is_word("order") && !parser.is_at_end() {
        query.clauses.push(parser.clause()?);
        while parser.take_word("and") {
            query.clauses.push(parser.clause()?);
        }
    }
    if parser.take_word("order") {
        parser.expect_word("by")?;
        query.order.push(parser.order()?);
        while parser.take_symbol(",") {
            query.order.push(parser.order()?);
        }
    }
    match parser.tokens.get(parser.at) {
        None => Ok(query),
        Some(token) => Err(error(token.shown())),
    }
}

fn error(near: &str) -> String {
    format!("Error in the JQL Query: '{near}' is not supported here.")
}

fn tokens(jql: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = jql.trim_start();
    while let Some(first) = rest.chars().next() {
        if first == '"' || first == '\'' {
            let (text, length) = quoted(rest, first)?;
            tokens.push(Token::Quoted(text));
            rest = &rest[length..];
        } else if first == ',' {
            tokens.push(Token::Symbol(","));
            rest = &rest[1..];
        } else if let Some(symbol) = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol)) {
            tokens.push(Token::Symbol(symbol));
            rest = &rest[symbol.len()..];
        } else {
            let ends = |c: char| c.is_whitespace() || "=~<>!(),\"'".contains(c);
            let end = rest.find(ends).unwrap_or(rest.len());
            if end == 0 {
                return Err(error(&first.to_string()));
            }
            tokens.push(Token::Word(rest[..end].to_owned()));
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    Ok(tokens)
}

/// Returns the text in quotes at the start of `rest`, and its length including the quotes.
fn quoted(rest: &str, quote: char) -> Result<(String, usize), String> {
    let mut text = String::new();
    let mut characters = rest.char_indices().skip(1);
    while let Some((index, character)) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some((_, escaped)) => text.push(escaped),
                None => break,
            },
            character if character == quote => return Ok((text, index + 1)),
            character => text.push(character),
        }
    }
    Err("Error in the JQL Query: a quoted string is not closed.".to_owned())
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn is_at_end(&self) -> bool {
        self.at == self.tokens.len()
    }

    fn next(&mut self) -> Result<Token, String> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token.ok_or_else(|| "Error in the JQL Query: it ends too early.".to_owned())
    }

    fn next_is_word(&self, word: &str) -> bool {
        self.tokens
            .get(self.at)
            .is_some_and(|token| token.is_word(word))
    }

    fn take_word(&mut self, word: &str) -> bool {
        let taken = self.next_is_word(word);
        self.at += usize::from(taken);
        taken
    }

    fn expect_word(&mut self, word: &str) -> Result<(), String> {
        if self.take_word(word) {
            return Ok(());
        }
        Err(error(self.next()?.shown()))
    }

    fn take_symbol(&mut self, symbol: &'static str) -> bool {
        let taken = self.tokens.get(self.at) == Some(&Token::Symbol(symbol));
        self.at += usize::from(taken);
        taken
    }

    fn clause(&mut self) -> Result<Clause, String> {
        let field = self.field()?;
        let operator = self.operator()?;
        let values = match operator {
            Operator::In | Operator::NotIn => self.list()?,
            Operator::IsEmpty | Operator::IsNotEmpty => Vec::new(),
            _ => vec![self.operand()?],
        };
        Ok(Clause {
            field,
            operator,
            values,
        })
    }

    fn field(&mut self) -> Result<Field, String> {
        let token = self.next()?;
        let name = match &token {
            Token::Word(name) | Token::Quoted(name) => name.to_ascii_lowercase(),
            Token::Symbol(symbol) => return Err(error(symbol)),
        };
        Ok(match name.as_str() {
            "project" => Field::Project,
            "key" | "issuekey" | "issue" | "id" => Field::Key,
            "labels" => Field::Labels,
            "summary" => Field::Summary,
            "description" => Field::Description,
            "text" => Field::Text,
            "reporter" => Field::Reporter,
            "status" => Field::Status,
            "statuscategory" => Field::StatusCategory,
            "created" | "createddate" => Field::Created,
            "updated" | "updateddate" => Field::Updated,
            other => {
                let number = other
                    .strip_prefix("cf[")
                    .and_then(|rest| rest.strip_suffix(']'));
                match number.filter(|number| number.parse::<u32>().is_ok()) {
                    Some(number) => Field::Custom(format!("customfield_{number}")),
                    None => {
                        return Err(format!(
                            "Field '{}' does not exist or you do not have permission to view it.",
                            token.shown()
                        ));
                    }
                }
            }
        })
    }

    fn operator(&mut self) -> Result<Operator, String> {
        if self.take_word("not") {
            self.expect_word("in")?;
            return Ok(Operator::NotIn);
        }
        if self.take_word("in") {
            return Ok(Operator::In);
        }
        if self.take_word("is") {
            let operator = if self.take_word("not") {
                Operator::IsNotEmpty
            } else {
                Operator::IsEmpty
            };
            self.expect_word("empty")?;
            return Ok(operator);
        }
        let token = self.next()?;
        Ok(match &token {
            Token::Symbol("=") => Operator::Equal,
            Token::Symbol("!=") => Operator::NotEqual,
            Token::Symbol("~") => Operator::Contains,
            Token::Symbol("<") => Operator::Less,
            Token::Symbol("<=") => Operator::LessOrEqual,
            Token::Symbol(">") => Operator::Greater,
            Token::Symbol(">=") => Operator::GreaterOrEqual,
            other => return Err(error(other.shown())),
        })
    }

    fn operand(&mut self) -> Result<Operand, String> {
        let token = self.next()?;
        let text = match token {
            Token::Quoted(text) => return Ok(Operand::Text(text)),
            Token::Symbol(symbol) => return Err(error(symbol)),
            Token::Word(text) => text,
        };
        if !self.take_symbol("(") {
            return Ok(Operand::Text(text));
        }
        if text.eq_ignore_ascii_case("currentUser") && self.take_symbol(")") {
            return Ok(Operand::CurrentUser);
        }
        if text.eq_ignore_ascii_case("now") && self.take_symbol(")") {
            return Ok(Operand::Now);
        }
        Err(error(&format!("{text}()")))
    }

    fn list(&mut self) -> Result<Vec<Operand>, String> {
        if !self.take_symbol("(") {
            return Err(error(self.next()?.shown()));
        }
        let mut values = vec![self.operand()?];
        while self.take_symbol(",") {
            values.push(self.operand()?);
        }
        if self.take_symbol(")") {
            Ok(values)
        } else {
            Err(error(self.next()?.shown()))
        }
    }

    fn order(&mut self) -> Result<Order, String> {
        let field = self.field()?;
        let descending = self.take_word("desc");
        if !descending {
            self.take_word("asc");
        }
        Ok(Order { field, descending })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_are_read() {
        let query = parse(
            "project = SUP AND labels = \"wa-1f\" and description ~ \"\\\"a b\\\"\" AND reporter = currentUser() \
             AND created >= -15m AND cf[10053] ~ x AND cf[10054] is not EMPTY AND cf[10054] > now() AND status NOT IN (Open, \"In progress\") ORDER BY created ASC, key DESC",
        )
        .unwrap();
        let text = |text: &str| vec![Operand::Text(text.to_owned())];
        let custom = |id: u32| Field::Custom(format!("customfield_{id}"));
        let clause = |field, operator, values| Clause {
            field,
            operator,
            values,
        };
        assert_eq!(
            query.clauses,
            [
                clause(Field::Project, Operator::Equal, text("SUP")),
                clause(Field::Labels, Operator::Equal, text("wa-1f")),
                clause(Field::Description, Operator::Contains, text("\"a b\"")),
                clause(Field::Reporter, Operator::Equal, vec![Operand::CurrentUser]),
                clause(Field::Created, Operator::GreaterOrEqual, text("-15m")),
                clause(custom(10_053), Operator::Contains, text("x")),
                clause(custom(10_054), Operator::IsNotEmpty, Vec::new()),
                clause(custom(10_054), Operator::Greater, vec![Operand::Now]),
                clause(
                    Field::Status,
                    Operator::NotIn,
                    vec![
                        Operand::Text("Open".to_owned()),
                        Operand::Text("In progress".to_owned())
                    ]
                ),
            ]
        );
        let order = |field, descending| Order { field, descending };
        assert_eq!(
            query.order,
            [order(Field::Created, false), order(Field::Key, true)]
        );
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let table = [
            ("sprint = 1", "'sprint'"),
            ("project = SUP OR project = X", "'OR'"),
            ("project = SUP AND (labels = x)", "'('"),
            ("reporter = membersOf(\"x\")", "'membersOf()'"),
            ("project WAS EMPTY", "'WAS'"),
            ("project", "ends too early"),
            ("project = \"SUP", "not closed"),
            ("project = SUP ORDER created", "'created'"),
        ];
        for (jql, named) in table {
            let error = parse(jql).unwrap_err();
            assert!(error.contains(named), "{jql}: {error}");
        }
    }
}
