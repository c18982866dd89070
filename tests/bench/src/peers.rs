//! The peers: the same webhook in Node and in Python, short and hand-written, with the vendor's own
//! client. Their packages are installed into the target folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::contestants::{Contestant, root};

/// The peers that this machine can run, and the reasons why others are missing.
#[derive(Default)]
pub(crate) struct Peers {
    pub(crate) peers: Vec<Contestant>,
    pub(crate) missing: Vec<String>,
}

/// Installs the peers that are not installed yet.
pub(crate) fn install() -> Peers {
    let mut found = Peers::default();
    for (name, peer) in [("Node", node()), ("Python", python())] {
        match peer {
            Ok(peers) => found.peers.extend(peers),
            Err(problem) => found.missing.push(format!("{name}: {problem}")),
        }
    }
    found
}

/// Makes two peers: one as installed, and one bundled into a minified file, which loads faster.
fn node() -> Result<Vec<Contestant>, String> {
    let folder = scratch("node");
    let modules = folder.join("node_modules/@aws-sdk/client-sqs");
    if !modules.is_dir() {
        let packages = ["@aws-sdk/client-sqs@3", "esbuild"];
        let install = ["install", "--silent", "--no-audit", "--no-fund"];
        run(Command::new("npm")
            .args(install)
            .args(packages)
            .current_dir(&folder))?;
    }
    fs::copy(source("webhook.mjs"), folder.join("webhook.mjs")).unwrap();
    // Older parts of the client need `require`.
    let banner = "--banner:js=import{createRequire}from'node:module';\
        const require=createRequire(import.meta.url);";
    let bundle = [
        "webhook.mjs",
        "--bundle",
        "--minify",
        "--platform=node",
        "--format=esm",
    ];
    run(Command::new("node_modules/.bin/esbuild")
        .args(bundle)
        .args(["--log-level=error", "--outfile=bundled.mjs", banner])
        .current_dir(&folder))?;
    let version = run(Command::new("node").arg("--version"))?;
    let client = package_version(&modules);
    let node = which("node")?;
    let plain = format!(
        "Node {}, client-sqs {client}",
        version.trim_start_matches('v')
    );
    let bundled = format!("{plain}, bundled");
    Ok([(plain, "webhook.mjs"), (bundled, "bundled.mjs")]
        .map(|(name, script)| Contestant::peer(&name, node.clone(), &[script], &folder))
        .to_vec())
}

fn python() -> Result<Vec<Contestant>, String> {
    let folder = scratch("python");
    let python = folder.join("venv/bin/python");
    if !folder.join("venv/lib").is_dir() {
        run(Command::new("python3")
            .args(["-m", "venv", "venv"])
            .current_dir(&folder))?;
    }
    let install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ];
    run(Command::new(&python)
        .args(install)
        .args(["boto3", "awslambdaric"]))?;
    fs::copy(source("webhook.py"), folder.join("webhook.py")).unwrap();
    // As in a deployment, the byte code exists beforehand.
    run(Command::new(&python)
        .args(["-m", "compileall", "-q", "venv/lib", "webhook.py"])
        .current_dir(&folder))?;
    let version = run(Command::new(&python).arg("--version"))?;
    let client = run(Command::new(&python).args(["-c", "import boto3; print(boto3.__version__)"]))?;
    let name = format!("{version}, boto3 {client}");
    let arguments = ["-m", "awslambdaric", "webhook.handler"];
    Ok(vec![Contestant::peer(&name, python, &arguments, &folder)])
}

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("peers")
        .join(name)
}

fn scratch(name: &str) -> PathBuf {
    let folder = root().join("target/bench").join(name);
    fs::create_dir_all(&folder).unwrap();
    folder.canonicalize().unwrap()
}

fn which(program: &str) -> Result<PathBuf, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(program));
    let mut found = found.filter(|file| file.is_file());
    found.next().ok_or_else(|| format!("there is no {program}"))
}

fn package_version(folder: &Path) -> String {
    let package = fs::read(folder.join("package.json")).unwrap();
    let package: serde_json::Value = serde_json::from_slice(&package).unwrap();
    package["version"].as_str().unwrap_or_default().to_owned()
}

/// Runs a command and returns its output.
///
/// # Errors
/// The command does not exist or fails. The error is its own message.
pub(crate) fn run(command: &mut Command) -> Result<String, String> {
    let output = command
        .output()
        .map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(text(&output.stderr))
    }
}
