//! Sections between two tags: code, quotes, panels.

use super::notation::is_escaped;

/// The first section of some markup.
pub(super) struct Section<'a> {
    pub(super) before: &'a str,
    pub(super) kind: SectionKind,
    pub(super) title: Option<&'a str>,
    pub(super) body: &'a str,
    pub(super) after: &'a str,
}

/// What a section becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SectionKind {
    Code,
    Quote,
}

const TAGS: [(&str, SectionKind); 4] = [
    ("code", SectionKind::Code),
    ("noformat", SectionKind::Code),
    ("quote", SectionKind::Quote),
    ("panel", SectionKind::Quote),
];

/// The first section that is closed. A tag without its second is text.
pub(super) fn next_section(markup: &str) -> Option<Section<'_>> {
    let mut from = 0;
    while let Some(at) = markup[from..].find('{').map(|at| from + at) {
        // "{{code}}" is code in a line.
        if let Some(inline) = markup[at..].strip_prefix("{{") {
            let line = inline.split('\n').next().unwrap_or_default();
            from = at + 2 + line.find("}}").map_or(0, |end| end + 2);
            continue;
        }
        if !is_escaped(markup, at)
            && let Some(section) = section_at(markup, at)
        {
            return Some(section);
        }
        from = at + 1;
    }
    None
}

fn section_at(markup: &str, at: usize) -> Option<Section<'_>> {
    // A tag ends on its line: what looks like one that does not has people's words in it.
    let line = markup[at + 1..].split('\n').next().unwrap_or_default();
    let (tag, _) = line.split_once('}')?;
    let content = &markup[at + 1 + tag.len() + 1..];
    let (name, parameters) = tag.split_once(':').unwrap_or((tag, ""));
    let (name, kind) = TAGS.into_iter().find(|(known, _)| *known == name)?;
    let closing = format!("{{{name}}}");
    let end = content.match_indices(&*closing).map(|(end, _)| end);
    let end = end
        .into_iter()
        .find(|end| !is_escaped(content, *end) && !content[..*end].ends_with('{'))?;
    Some(Section {
        before: &markup[..at],
        kind,
        title: parameters
            .split('|')
            .find_map(|parameter| parameter.trim().strip_prefix("title=")),
        body: &content[..end],
        after: &content[end + closing.len()..],
    })
}
