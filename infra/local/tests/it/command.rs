//! The program itself: its first line, its errors, its end.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_casement-local");

/// A directory that contains the program, and stand-ins for the functions' binaries, which are not
/// started before their first invocation.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("casement-command-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&directory).unwrap();
        // A link, not a copy: a file that was just written cannot always be run, because another
        // thread that starts a process at that moment keeps it open.
        std::fs::hard_link(PROGRAM, directory.join("casement-local")).unwrap();
        Self(directory)
    }

    fn with_functions() -> Self {
        let directory = Self::new();
        let functions = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../functions");
        for function in std::fs::read_dir(functions).unwrap() {
            std::fs::write(directory.0.join(function.unwrap().file_name()), "").unwrap();
        }
        directory
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.0.join("casement-local"));
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    line
}

#[test]
fn what_prevents_the_start_is_one_line_and_exit_2() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let whole = Directory::with_functions();
    let bare = Directory::new();
    let settings = whole.0.join("settings.toml");
    std::fs::write(&settings, "[[number]]\nsurprise = 1\n").unwrap();
    let settings = settings.to_str().unwrap();
    for (directory, arguments, expected) in [
        (
            &whole,
            &["--no-build", "--port", &port][..],
            format!("cannot listen on port {port} (Address already in use"),
        ),
        (
            &bare,
            &["--no-build", "--port", "0"],
            "is missing; start without --no-build".to_owned(),
        ),
        (
            &whole,
            &["--no-build", "--port", "0", "--settings", settings],
            "settings.toml: line 2".to_owned(),
        ),
        (
            &whole,
            &["--no-build", "--port", "0", "--settings", "/nonexistent"],
            "settings /nonexistent: No such file".to_owned(),
        ),
        (
            &whole,
            &["--no-build", "--port", "0", "--data", "/dev/null/x"],
            "data directory /dev/null/x".to_owned(),
        ),
    ] {
        let output = directory.run(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert!(stderr.contains(&expected), "{stderr}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_build_that_fails_is_told() {
    let directory = Directory::new();
    let output = directory
        .command(&["--port", "0"])
        .env("CARGO", "/bin/false")
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr.contains("the functions could not be built"),
        "{stderr}"
    );
}

#[test]
fn unknown_options_are_refused() {
    let output = Directory::new().run(&["--surprise"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn the_first_line_says_where_and_a_signal_ends_it() {
    for signal in ["INT", "TERM"] {
        let directory = Directory::with_functions();
        let mut child = directory
            .command(&["--no-build", "--port", "0"])
            .spawn()
            .unwrap();
        let line = first_line(&mut child);
        let address = line
            .strip_prefix("casement-local listening on http://")
            .unwrap_or_else(|| panic!("{line}"))
            .trim_end()
            .to_owned();
        assert!(std::net::TcpStream::connect(&address).is_ok(), "{address}");
        let sent = Command::new("kill")
            .args(["-s", signal, &child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
        assert!(child.wait().unwrap().success(), "{signal}");
        let mut rest = String::new();
        child.stderr.unwrap().read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "", "nothing else is said");
    }
}
