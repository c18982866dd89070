//! What a function is told from outside, and by whom.

use super::secrets::product;

/// What reads the environment of the process, whether openly or inside a library.
const READERS: [&str; 8] = [
    "env::var",
    "env::vars",
    "env::args",
    "env::set_var",
    "env::current_dir",
    "option_env!",
    "from_env(",
    "load_defaults(",
];

/// `main` hands the environment down, so that tests choose it and nothing depends on a variable
/// that nobody knows of. The command reads its own.
#[test]
fn one_file_reads_the_environment() {
    let mut reads = Vec::new();
    for (path, text) in product() {
        let name = path.display().to_string();
        // Cargo tells a build script in the environment where to write.
        if name.starts_with("infra/")
            || name.starts_with("shared/core/testing/")
            || name == "shared/core/build.rs"
        {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let is_code = !line.trim_start().starts_with("//");
            if is_code && READERS.iter().any(|reader| line.contains(reader)) {
                reads.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    let [only] = &reads[..] else {
        panic!("{reads:#?}")
    };
    assert!(only.starts_with("shared/lambda/src/config.rs:"), "{only}");
}

/// Whatever starts a function takes the environment once, and hands it down.
#[test]
fn the_environment_is_taken_in_one_place() {
    let taken: Vec<_> = product()
        .into_iter()
        .filter(|(_, text)| text.contains("::of_process()"))
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert_eq!(taken, ["shared/lambda/src/function.rs"]);
}
