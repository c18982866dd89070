//! The pages of documentation lead somewhere, and name what there is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::{root, rust_files};

/// Folders with pages of others, or of nobody.
const FOREIGN: [&str; 4] = ["target", "node_modules", ".git", "findings"];

/// Every page of the repository.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !FOREIGN.contains(&name.as_str()) {
            pages.extend(self::pages(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    pages
}

/// The lines of a page that are not in a block of code.
fn prose(page: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    page.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

/// The anchor that GitHub gives a heading.
fn anchor(heading: &str) -> String {
    let (text, _) = heading.split_once("](").unwrap_or((heading, ""));
    let kept = text
        .chars()
        .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
    let dashed = kept.map(|letter| if letter == ' ' { '-' } else { letter });
    dashed.flat_map(char::to_lowercase).collect()
}

/// The anchors of a page. A heading that comes again has a number.
fn anchors(page: &str) -> BTreeSet<String> {
    let mut seen = BTreeMap::new();
    let headings = prose(page).filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let anchor = anchor(line.trim_start_matches('#').trim());
            let times = seen.entry(anchor.clone()).or_insert(0);
            *times += 1;
            match *times {
                1 => anchor,
                times => format!("{anchor}-{}", times - 1),
            }
        })
        .collect()
}

/// What the links and pictures of a page lead to.
fn targets(page: &str) -> Vec<String> {
    let text: Vec<&str> = prose(page).collect();
    let text = text.join("\n");
    let ends = [("](", ')'), ("src=\"", '"'), ("srcset=\"", '"')];
    let found = ends.into_iter().flat_map(|(begin, end)| {
        let after = text.split(begin).skip(1);
        after.filter_map(move |rest| Some(rest.split_once(end)?.0.to_owned()))
    });
    found.collect()
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    let mut followed = 0;
    for path in pages(&root()) {
        let page = fs::read_to_string(&path).unwrap();
        for target in targets(&page) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, place) = target.split_once('#').unwrap_or((&target, ""));
            let to = match file {
                "" => path.clone(),
                file => path.parent().unwrap().join(file),
            };
            assert!(to.exists(), "{}: there is no {target}", path.display());
            if !place.is_empty() {
                let anchors = anchors(&fs::read_to_string(&to).unwrap());
                let is_there = anchors.contains(place);
                assert!(is_there, "{}: no heading {target}", path.display());
            }
            followed += 1;
        }
    }
    assert!(followed > 60, "{followed} links were found");
}

#[test]
fn anchors_are_those_of_github() {
    let page =
        "# A (b): `c`, d\n```\n# not one\n```\n## Every call, every fault\n## Late\n## Late\n";
    let expected = ["a-b-c-d", "every-call-every-fault", "late", "late-1"];
    let expected: BTreeSet<_> = expected.map(str::to_owned).into();
    assert_eq!(anchors(page), expected);
}

fn guide(name: &str) -> String {
    fs::read_to_string(root().join("infra/guide").join(name)).unwrap()
}

/// The example has every key; a test of `shared/core` sees to that.
#[test]
fn the_guide_explains_every_setting() {
    let example = fs::read_to_string(root().join("infra/settings.example.toml")).unwrap();
    let guide = guide("settings.md");
    let mut table = "";
    for line in example.lines() {
        if line.starts_with('[') {
            table = line;
        }
        // The keys of that table are countries.
        let key = line.split_once(" = ").map(|(key, _)| key);
        let key = key.filter(|key| !key.starts_with('#') && table != "[number.languages]");
        if let Some(key) = key {
            assert!(
                guide.contains(&format!("`{key}`")),
                "{key} is not explained"
            );
        }
    }
    for table in ["languages", "hours", "holidays", "reopening_template"] {
        assert!(guide.contains(&format!("[number.{table}]")), "{table}");
    }
}

/// Agents look a note up by its first words.
#[test]
fn the_page_for_agents_quotes_notes_as_they_begin() {
    let page = guide("agents.md");
    let (_, table) = page.split_once("| The note begins |").unwrap();
    let rows = table.lines().skip(2).take_while(|line| !line.is_empty());
    let quoted: Vec<_> = rows
        .map(|row| row.split('|').nth(1).unwrap().trim().to_owned())
        .collect();
    assert!(quoted.len() > 10, "{quoted:?}");
    let sources = rust_files(&root().join("shared/core/src"));
    for words in quoted {
        let is_there = sources
            .iter()
            .any(|(_, text)| text.contains(&format!("\"{words}")));
        assert!(is_there, "no note begins with: {words}");
    }
}

/// Where the paths of the page begin.
const ROOMS: [&str; 4] = ["functions/", "infra/", "shared/", "tests/"];

/// The places in the code that a page names, as they are written.
fn named(page: &str) -> Vec<String> {
    let text: Vec<&str> = prose(page).collect();
    let text = text.join("\n");
    let spans = text.split('`').skip(1).step_by(2);
    let places = spans.filter(|span| {
        let is_one = !span.contains([' ', '<', '\n']);
        is_one && ROOMS.iter().any(|room| span.starts_with(room))
    });
    places.map(str::to_owned).collect()
}

/// Whether the file is there, and declares the item.
fn is_there(place: &str) -> bool {
    let (path, item) = place.split_once("::").unwrap_or((place, ""));
    let path = root().join(path);
    if item.is_empty() {
        return path.exists();
    }
    let code = fs::read_to_string(&path).unwrap_or_default();
    let kinds = ["fn", "struct", "enum", "trait", "const"];
    kinds.iter().any(|kind| {
        let declared = format!("{kind} {item}");
        code.match_indices(&declared).any(|(at, _)| {
            let after = code[at + declared.len()..].chars().next();
            after.is_some_and(|next| !next.is_alphanumeric() && next != '_')
        })
    })
}

/// A page that leads through the code misleads once the code has moved on.
#[test]
fn what_pages_name_in_the_code_is_there() {
    let pages = pages(&root().join("infra")).into_iter();
    let pages = pages.chain([root().join("README.md"), root().join("CONTRIBUTING.md")]);
    for path in pages {
        for place in named(&fs::read_to_string(&path).unwrap()) {
            assert!(is_there(&place), "{}: {place} has moved", path.display());
        }
    }
    let walked = named(&guide("architecture.md")).len();
    assert!(walked > 60, "{walked} places are named");
}
