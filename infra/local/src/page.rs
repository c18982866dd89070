//! The page. Its files are built in, or read from a directory while somebody edits them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use local_simulators::problem::Problem;

// Nothing from elsewhere, nothing inline, and no framing. `blob:` is for a picture or a voice note
// that the page makes and shows before sending it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; \
    form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

struct File {
    name: &'static str,
    content: &'static str,
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(File { name: $name, content: include_str!(concat!("../page/", $name)) }),*]
    };
}

const FILES: &[File] = &files![
    "index.html",
    "agent.css",
    "app.css",
    "bridge.css",
    "meta.css",
    "panels.css",
    "phone.css",
    "request.css",
    "tour.css",
    "agent.js",
    "api.js",
    "attachments.js",
    "bridge.js",
    "clock.js",
    "composer.js",
    "dom.js",
    "format.js",
    "inside.js",
    "main.js",
    "messages.js",
    "meta.js",
    "panels.js",
    "phone.js",
    "request.js",
    "settings.js",
    "store.js",
    "tour.js",
    "views.js",
    "way.js",
    "weather.js",
];

/// Serves the page at `/` and its other files under `/page`. With a `directory`, files are read
/// from there on each request.
pub(crate) fn router(directory: Option<PathBuf>) -> Router {
    Router::new()
        .route("/", get(index))
        .route("/page/{name}", get(named))
        .with_state(directory.map(Arc::from))
}

type Directory = Option<Arc<std::path::Path>>;

async fn index(State(directory): State<Directory>, headers: HeaderMap) -> Response {
    file("index.html", directory, &headers).await
}

async fn named(
    State(directory): State<Directory>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    file(&name, directory, &headers).await
}

async fn file(name: &str, directory: Directory, headers: &HeaderMap) -> Response {
    // Only built-in files have an address, even with a directory, so no path leads out of it.
    let Some(built_in) = FILES.iter().find(|file| file.name == name) else {
        return Problem::not_found(format!("the page has no file {name:?}")).into_response();
    };
    let content = match directory {
        None => built_in.content.to_owned(),
        Some(directory) => match tokio::fs::read_to_string(directory.join(name)).await {
            Ok(content) => content,
            Err(error) => {
                return Problem::not_found(format!("{name}: {error}")).into_response();
            }
        },
    };
    let tag = tag(&content);
    let known = headers.get(header::IF_NONE_MATCH);
    let common = [
        // Cached, but revalidated each time, so that a new build is seen at once.
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_TYPE, content_type(name)),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::ETAG, tag.as_str()),
    ];
    if known.is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    (common, content).into_response()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "html")) => "text/html; charset=utf-8",
        Some((_, "css")) => "text/css; charset=utf-8",
        _ => "text/javascript; charset=utf-8",
    }
}

fn tag(content: &str) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Files that are fetched only when needed, never before the page is seen.
    const LATER: [&str; 11] = [
        "attachments.js",
        "meta.css",
        "meta.js",
        "panels.css",
        "panels.js",
        "request.css",
        "request.js",
        "settings.js",
        "tour.css",
        "tour.js",
        "views.js",
    ];

    #[test]
    fn every_file_of_the_page_is_built_in_and_all_are_small() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/page");
        let on_disk: BTreeSet<_> = std::fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.ends_with(".md"))
            .collect();
        let built_in: BTreeSet<_> = FILES.iter().map(|file| file.name.to_owned()).collect();
        assert_eq!(built_in, on_disk);
        let at_once = FILES.iter().filter(|file| !LATER.contains(&file.name));
        let size: usize = at_once.map(|file| file.content.len()).sum();
        assert!(size <= 100_000, "{size} bytes before anything is seen");
        for file in FILES {
            let lines = file.content.lines().count();
            assert!(lines <= 300, "{}: {lines} lines", file.name);
        }
    }

    #[test]
    fn what_comes_later_is_imported_by_nothing_that_comes_at_once() {
        for file in FILES {
            for later in LATER {
                let imported = file.content.contains(&format!("from \"./{later}\""));
                assert!(
                    !imported || LATER.contains(&file.name),
                    "{} imports {later}",
                    file.name
                );
            }
        }
    }

    #[test]
    fn nothing_is_inline_or_from_elsewhere_and_data_never_becomes_markup() {
        for file in FILES {
            for forbidden in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
                "style=\"",
                "<style",
                "onclick=\"",
                "//cdn",
                "https://",
            ] {
                let found = file.content.contains(forbidden);
                assert!(!found, "{} has {forbidden}", file.name);
            }
        }
        let index = FILES.iter().find(|file| file.name == "index.html").unwrap();
        let scripts = index.content.matches("<script").count();
        let linked = index
            .content
            .matches("<script type=\"module\" src=\"/page/")
            .count();
        assert_eq!((scripts, linked), (1, 1));
    }
}
