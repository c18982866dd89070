//! What guides and examples say, where the code or another file knows better.

use std::fs;

use super::root;

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The words of a file, whatever its line ends.
fn words(path: &str) -> String {
    read(path).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_readme_names_the_version_of_rust_that_is_needed() {
    let manifest = read("Cargo.toml");
    let version = manifest.split("rust-version = \"").nth(1).unwrap();
    let (version, _) = version.split_once('"').unwrap();
    assert_eq!(version.split('.').count(), 3, "{version} leaves a part out");
    let readme = words("README.md");
    assert!(readme.contains(&format!("You need Rust {version} or newer")));
}

/// "No alarm means that a message is lost" reads as its opposite.
#[test]
fn the_runbook_says_that_nothing_is_lost() {
    let runbook = words("infra/runbook.md");
    assert!(runbook.contains("An alarm never means that a message was lost."));
    assert!(!runbook.contains("No alarm means"));
}

/// An indicator is shown while a reply is sent, and ends after 25 seconds: as the code does it.
#[test]
fn the_example_says_when_customers_see_typing() {
    let example = words("infra/settings.example.toml");
    let (comment, _) = example.split_once("typing_indicator = ").unwrap();
    let comment = comment.rsplit("# Whether").next().unwrap();
    for part in [
        "while a reply is being sent",
        "25 seconds",
        "Default: false.",
    ] {
        assert!(comment.contains(part), "{part}: {comment}");
    }
}

/// "1 dead letters": whatever is counted has a word for one of it.
#[test]
fn counts_are_written_with_the_word_for_one() {
    for (path, text) in super::secrets::product() {
        for (number, line) in text.lines().enumerate() {
            for plural in [
                "{} dead letters",
                "{} items",
                "{} replies",
                "{} messages",
                "{} requests",
            ] {
                assert!(
                    !line.contains(plural),
                    "{}:{}: {}",
                    path.display(),
                    number + 1,
                    line.trim()
                );
            }
        }
    }
}
