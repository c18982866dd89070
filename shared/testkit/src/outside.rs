//! What the tests of the clients share: bodies from elsewhere, signatures, and servers that fail.

use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns a folder of the fixtures.
fn fixtures(folder: &str) -> PathBuf {
    repository().join("tests/fixtures").join(folder)
}

/// Reads a file of the fixtures.
#[must_use]
pub fn fixture(path: &str) -> Vec<u8> {
    std::fs::read(fixtures(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns the sorted names of the files in a folder of the fixtures.
#[must_use]
pub fn fixtures_in(folder: &str) -> Vec<String> {
    let files = std::fs::read_dir(fixtures(folder)).unwrap();
    let mut names: Vec<_> = files
        .map(Result::unwrap)
        .filter(|file| file.file_type().unwrap().is_file())
        .map(|file| file.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Reads payloads from elsewhere, which are not part of the repository.
///
/// They are in `payloads/{side}` of the folder that `CASEMENT_SHARED` names, or of `shared` beside
/// the repository. Empty, with a line on stdout, when there are none.
#[must_use]
pub fn corpus(side: &str) -> Vec<(String, Vec<u8>)> {
    let shared = std::env::var_os("CASEMENT_SHARED");
    let shared = shared.map_or_else(|| repository().join("../shared"), PathBuf::from);
    let folder = shared.join("payloads").join(side);
    let Ok(files) = std::fs::read_dir(&folder) else {
        println!("skipped: there is no {}", folder.display());
        return Vec::new();
    };
    files
        .map(|file| file.unwrap().path())
        .map(|path| (path.display().to_string(), std::fs::read(path).unwrap()))
        .collect()
}

/// Returns the value of a signature's header for `body`.
#[must_use]
pub fn signature(body: &[u8], secret: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let tag = mac.chain_update(body).finalize().into_bytes();
    format!("sha256={}", hex::encode(tag))
}

/// Makes a client like that of the functions, with its own timeout and without trusted
/// certificates: the tests use plain HTTP.
#[must_use]
pub fn http(timeout: Duration) -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let provider = rustls::crypto::ring::default_provider();
        provider.install_default().unwrap();
    });
    reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .redirect(reqwest::redirect::Policy::none())
        .timeout(timeout)
        .build()
        .unwrap()
}

/// Starts a server that reads one request, writes `answer` and hangs up; returns its address.
pub async fn server_that_hangs_up(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !is_whole(&request) {
            assert_ne!(connection.read_buf(&mut request).await.unwrap(), 0);
        }
        connection.write_all(answer.as_bytes()).await.unwrap();
    });
    address
}

/// Whether the request has arrived with its whole body.
fn is_whole(request: &[u8]) -> bool {
    let request = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = request.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"));
    length.is_none_or(|length| body.len() >= length.trim().parse().unwrap())
}

/// Returns an address on which nobody listens.
pub async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
