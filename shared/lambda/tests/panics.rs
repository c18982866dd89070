//! What a panic leaves in the log. The test provokes it in a process of its own, because a process
//! has one log and one panic hook.

use std::panic::catch_unwind;
use std::process::Command;

use casement_lambda::clock::LambdaClock;
use casement_lambda::{Environment, telemetry};

/// Set in the process that panics.
const PANICKING: &str = "CASEMENT_PANICKING";

#[test]
fn a_panic_says_where_and_quotes_nothing() {
    if std::env::var_os(PANICKING).is_some() {
        telemetry::init(
            "panics",
            &Environment::from_lookup(|_| None),
            &LambdaClock::default(),
        );
        let words = "a secret question: où";
        // Rust's message quotes a text that is cut within a character.
        let cut = catch_unwind(|| words[..words.len() - 1].to_owned());
        assert!(cut.is_err());
        return;
    }
    let this = std::env::current_exe().unwrap();
    let output = Command::new(this)
        .args([
            "--exact",
            "a_panic_says_where_and_quotes_nothing",
            "--nocapture",
        ])
        .env(PANICKING, "yes")
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains(r#""message":"panic""#), "{said}");
    assert!(said.contains("panics.rs"), "{said}");
    assert!(!said.contains("secret"), "{said}");
}
