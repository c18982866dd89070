//! The part of JQL that Casement needs. Anything else is refused by name.

mod matches;
mod parse;
mod sorting;

pub(crate) use self::matches::{Surroundings, matches};
pub(crate) use self::parse::parse;
pub(crate) use self::sorting::sort;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Query {
    /// The clauses, all of them required.
    pub clauses: Vec<Clause>,
    pub order: Vec<Order>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clause {
    pub field: Field,
    pub operator: Operator,
    pub values: Vec<Operand>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Project,
    Key,
    Labels,
    Summary,
    Description,
    /// Summary, description, custom fields and comments together.
    Text,
    Reporter,
    Status,
    StatusCategory,
    Created,
    Updated,
    /// A custom field: `cf[10050]` as `customfield_10050`.
    Custom(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Contains,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
    IsEmpty,
    IsNotEmpty,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Operand {
    Text(String),
    CurrentUser,
    Now,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub field: Field,
    pub descending: bool,
}
