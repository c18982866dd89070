use std::process::{Command, Output};

use casement_tests::{Stack, binary};

fn casement_local(options: &[&str]) -> Output {
    Command::new(binary("casement-local"))
        .args(options)
        .output()
        .unwrap()
}

fn error_line(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn a_taken_port_is_said_in_one_line() {
    let stack = Stack::start().await;
    let url = stack.url("");
    let port = url.rsplit(':').next().unwrap();
    let output = casement_local(&["--port", port, "--no-build"]);
    assert_eq!(output.status.code(), Some(2));
    let line = error_line(&output);
    let problem = format!("casement-local: cannot listen on port {port} (");
    let advice = "): choose another with --port, or any free one with --port 0\n";
    assert!(
        line.starts_with(&problem) && line.ends_with(advice),
        "{line}"
    );
    assert_eq!(line.lines().count(), 1, "{line}");
}

#[tokio::test]
async fn broken_settings_are_said_with_their_line() {
    // Builds the binaries if needed.
    drop(Stack::start().await);
    let file = std::env::temp_dir().join(format!("casement-settings-{}.toml", std::process::id()));
    std::fs::write(
        &file,
        "[[number]]\nphone_number_id = \"1\"\ndelay = \"1h\"\n",
    )
    .unwrap();
    let output = casement_local(&[
        "--port",
        "0",
        "--no-build",
        "--settings",
        file.to_str().unwrap(),
    ]);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(output.status.code(), Some(2));
    let line = error_line(&output);
    assert!(
        line.contains("line 3: [[number]] delay: unknown key; did you mean delay_after?"),
        "{line}"
    );
}
