//! Builds the functions' binaries next to the stack's own.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use crate::command::StartError;

/// Builds the packages of these names into the directory of `executable`, which is this program.
/// Shows progress on stderr.
///
/// # Errors
/// [`StartError::Build`]: the compiler's messages are on stderr already.
pub(crate) async fn build(executable: &Path, packages: &[&str]) -> Result<(), StartError> {
    // Set by `cargo run`: the same cargo that was called.
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(&cargo);
    for (variable, _) in std::env::vars_os() {
        if describes_this_package(&variable) {
            command.env_remove(variable);
        }
    }
    let status = command
        .args(arguments(executable, packages))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        // The first line on stdout belongs to the stack.
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .status()
        .await
        .map_err(|error| StartError::Build(format!("{}: {error}", cargo.display())))?;
    if status.success() {
        Ok(())
    } else {
        Err(StartError::Build(format!("cargo build: {status}")))
    }
}

/// Returns the binaries of `packages`, next to `executable`.
///
/// # Errors
/// [`StartError::MissingBinary`] with the first missing binary.
pub(crate) fn binaries(executable: &Path, packages: &[&str]) -> Result<Vec<PathBuf>, StartError> {
    let beside = |package: &&str| {
        let name = format!("{package}{}", std::env::consts::EXE_SUFFIX);
        let binary = executable.with_file_name(name);
        if binary.is_file() {
            Ok(binary)
        } else {
            Err(StartError::MissingBinary(binary))
        }
    };
    packages.iter().map(beside).collect()
}

/// Returns whether `cargo run` set this variable for this program. Some build scripts run again
/// when such a variable changes, and everything that depends on them is then recompiled.
fn describes_this_package(variable: &OsStr) -> bool {
    let name = variable.to_string_lossy();
    [
        "CARGO_PKG_",
        "CARGO_MANIFEST_",
        "CARGO_BIN_",
        "CARGO_CRATE_",
    ]
    .iter()
    .any(|prefix| name.starts_with(prefix))
        || name == "CARGO_PRIMARY_PACKAGE"
}

/// Returns the arguments for cargo. The stack's own package is built too: the same selection of
/// packages gives its dependencies the same features, so that nothing is compiled twice.
fn arguments(executable: &Path, packages: &[&str]) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = ["build", "--package", "local"].map(Into::into).to_vec();
    for package in packages {
        arguments.extend(["--package".into(), (*package).into()]);
    }
    // Executables are in `target/<profile>`, except that the profile `dev` is called `debug`.
    if let Some(directory) = executable.parent() {
        let profile = match directory.file_name() {
            Some(name) if name != "debug" => name,
            _ => "dev".as_ref(),
        };
        arguments.extend(["--profile".into(), profile.into()]);
        if let Some(target) = directory.parent() {
            arguments.extend(["--target-dir".into(), target.into()]);
        }
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_build_goes_where_the_executable_is() {
        for (executable, expected) in [
            (
                "/c/target/debug/casement-local",
                "build --package local --package a --package b --profile dev --target-dir /c/target",
            ),
            (
                "/c/target/release/casement-local",
                "build --package local --package a --package b --profile release --target-dir /c/target",
            ),
        ] {
            let arguments = arguments(Path::new(executable), &["a", "b"]);
            let arguments: Vec<_> = arguments.iter().map(|a| a.to_string_lossy()).collect();
            assert_eq!(arguments.join(" "), expected);
        }
    }

    #[test]
    fn only_what_describes_this_package_is_left_out() {
        for (variable, expected) in [
            ("CARGO_MANIFEST_DIR", true),
            ("CARGO_PKG_NAME", true),
            ("CARGO_BIN_NAME", true),
            ("CARGO_HOME", false),
            ("CARGO_TARGET_DIR", false),
            ("CARGO", false),
            ("PATH", false),
        ] {
            assert_eq!(
                describes_this_package(variable.as_ref()),
                expected,
                "{variable}"
            );
        }
    }

    #[test]
    fn a_missing_binary_is_named() {
        let error = binaries(Path::new("/nonexistent/casement-local"), &["timer-sweep"])
            .unwrap_err()
            .to_string();
        assert!(error.contains("/nonexistent/timer-sweep"), "{error}");
    }
}
