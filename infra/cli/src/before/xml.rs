//! Reads answers in XML, whatever their namespace.

use roxmltree::Node;

fn is_named(node: Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

fn text_of(node: Node<'_, '_>) -> String {
    node.text().unwrap_or_default().trim().to_owned()
}

/// Returns the text of the first element of this name, however deep it is.
pub(super) fn within(node: Node<'_, '_>, name: &str) -> Option<String> {
    let mut inner = node.descendants();
    inner.find(|inner| is_named(*inner, name)).map(text_of)
}

/// Returns the text of the child of this name.
pub(super) fn child(node: Node<'_, '_>, name: &str) -> Option<String> {
    let mut children = node.children();
    children.find(|child| is_named(*child, name)).map(text_of)
}

/// Returns the members of the child list of this name.
pub(super) fn members<'a, 'input>(node: Node<'a, 'input>, list: &str) -> Vec<Node<'a, 'input>> {
    let lists = node.children().filter(|child| is_named(*child, list));
    lists
        .flat_map(|list| list.children())
        .filter(|member| is_named(*member, "member"))
        .collect()
}

/// Returns the members of the first list of this name, however deep it is.
pub(super) fn members_within<'a, 'input>(
    node: Node<'a, 'input>,
    list: &str,
) -> Vec<Node<'a, 'input>> {
    let mut inner = node.descendants();
    let found = inner.find(|inner| is_named(*inner, list));
    found
        .and_then(|found| found.parent())
        .map_or_else(Vec::new, |parent| members(parent, list))
}
