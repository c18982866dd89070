//! How secrets are held and compared, and what SECURITY.md promises.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{root, rust_files};

/// Words that name a secret when they end a name.
const SECRET: [&str; 5] = ["secret", "secrets", "token", "password", "api_key"];

/// Names that end so, in their files, and are text for a reason.
const NO_SECRETS: [(&str, &str); 3] = [
    // Where a search of Jira's goes on.
    ("shared/jira/src/updates.rs", "next_page_token"),
    // What somebody claims is the token; `Debug` shows nothing of it.
    ("shared/whatsapp/src/subscription.rs", "verify_token"),
    // What the AWS CLI has written, on its way to the SDK; it has no `Debug`.
    ("infra/cli/src/place/profile.rs", "session_token"),
];

/// The product's own files, without those that only tests use.
pub(super) fn product() -> Vec<(PathBuf, String)> {
    let root = root();
    let folders = ["shared", "functions", "infra/cli"];
    let files = folders
        .iter()
        .flat_map(|folder| rust_files(&root.join(folder)));
    let relative = files.map(|(path, text)| {
        let path = path.strip_prefix(&root).unwrap().to_owned();
        let (product, _) = text
            .split_once("#[cfg(test)]\nmod tests {")
            .unwrap_or((&text, ""));
        (path, product.to_owned())
    });
    let for_tests = |path: &Path| {
        let name = path.to_string_lossy();
        [
            "/tests",
            "tests.rs",
            "fixtures.rs",
            "/testkit/",
            "/testing/",
        ]
        .iter()
        .any(|part| name.contains(part))
    };
    relative.filter(|(path, _)| !for_tests(path)).collect()
}

/// The name and the type of what a line declares: a field, a parameter or a constant.
fn declared(line: &str) -> Option<(&str, &str)> {
    let (name, kind) = line.trim().split_once(": ")?;
    let name = name.rsplit(' ').next()?;
    let is_name = name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    (is_name && !name.is_empty()).then_some((name, kind))
}

/// A secret in a `String` is printed by whoever prints what it is in.
#[test]
fn secrets_are_of_a_type_that_does_not_show_them() {
    let mut held = 0;
    for (path, text) in product() {
        for (number, line) in text.lines().enumerate() {
            let Some((name, kind)) = declared(line) else {
                continue;
            };
            let is_secret = SECRET
                .iter()
                .any(|word| name == *word || name.ends_with(&format!("_{word}")));
            let is_exempt = NO_SECRETS
                .iter()
                .any(|(file, exempt)| name == *exempt && path == Path::new(file));
            if !is_secret || is_exempt {
                continue;
            }
            let is_text = ["String", "&str", "&'a str", "Vec<u8>"]
                .iter()
                .any(|text| kind.split(['<', '>', ',', ' ']).any(|word| word == *text));
            assert!(
                !is_text,
                "{}:{}: {}",
                path.display(),
                number + 1,
                line.trim()
            );
            held += usize::from(kind.contains("SecretString"));
        }
    }
    assert!(
        held > 5,
        "secrets are looked for under other names than they have"
    );
}

/// How long a comparison takes must not tell how much of a signature is right. The three files that
/// compare do it with `Mac::verify` and its like, which take the same time always.
#[test]
fn signatures_are_compared_in_constant_time() {
    let comparing = [
        "shared/core/src/model/ledger/callback.rs",
        "shared/core/src/decide/signature.rs",
    ];
    let mut verified = BTreeSet::new();
    for (path, text) in product() {
        let name = path.display().to_string();
        // Fingerprints are made, and nobody's are checked.
        let only_makes = name == "shared/core/src/model/fingerprint.rs";
        if !name.starts_with("infra/") && !only_makes && text.contains("hmac::") {
            assert!(
                comparing.contains(&name.as_str()),
                "{name} has signatures of its own"
            );
            assert!(
                [".verify(", ".verify_slice(", ".verify_truncated_left("]
                    .iter()
                    .any(|verifies| text.contains(verifies)),
                "{name}"
            );
            assert!(!text.contains("=="), "{name} compares");
            verified.insert(name.clone());
        }
        let judges = ["signature", "subscription", "webhook"];
        if !judges.iter().any(|part| name.contains(part)) {
            continue;
        }
        for line in text
            .lines()
            .filter(|line| line.contains("==") || line.contains("!="))
        {
            let words = ["signature", "digits", "hmac", "verify_token"];
            let compares = words.iter().any(|word| line.contains(word));
            assert!(!compares, "{name}: {}", line.trim());
        }
    }
    assert_eq!(
        verified,
        comparing.iter().map(|name| (*name).to_owned()).collect()
    );
}

/// A function that works without the key would name customers by hashes that anybody turns back; in
/// a debug build it would go unseen.
#[test]
fn every_function_has_the_fingerprint_key_before_it_works() {
    let start = root().join("shared/lambda/src/function.rs");
    let start = fs::read_to_string(start).unwrap();
    let (before, _) = start.split_once("telemetry.run(").unwrap();
    assert!(before.contains("fingerprint_key::install("));
    for function in super::FUNCTIONS {
        let path = root().join("functions").join(function).join("src/main.rs");
        let main = fs::read_to_string(path).unwrap();
        assert!(main.contains("Function::start("), "{function}");
        assert!(!main.contains("lambda_runtime::run"), "{function}");
    }
}

/// Every test that SECURITY.md names is there.
#[test]
fn the_tests_that_security_md_names_exist() {
    let security = fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let table = security.split("| Shown by |").nth(1).unwrap();
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let mut named = 0;
    for row in rows {
        let cell = row.trim_end_matches('|').rsplit('|').next().unwrap();
        let tests: Vec<_> = cell.split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty(), "nothing shows it: {row}");
        for test in tests {
            let (file, function) = test.split_once("::").unwrap();
            let text = fs::read_to_string(root().join(file));
            let text = text.unwrap_or_else(|error| panic!("{file}: {error}"));
            // In Rust, in Python, or in the list of entry points.
            let spellings = [
                format!("fn {function}("),
                format!("def {function}("),
                format!("    {function},\n"),
            ];
            let is_there = spellings.iter().any(|spelling| text.contains(spelling));
            assert!(is_there, "{file} has no test {function}");
            named += 1;
        }
    }
    assert!(named > 20, "{named} tests are named");
}
