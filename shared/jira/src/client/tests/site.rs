use casement_core::model::comment::Comment;
use casement_core::model::identity::{CommentId, IssueId};
use casement_core::text::Site;
use casement_service::ports::Comments;

use super::*;

const INFO: &str = "/rest/api/3/serverInfo";
const CLOUD: &str = "/ex/jira/6f1d6a3e";

/// Reads a comment of a Jira at `base`, a path of `server`.
async fn read(jira: &JiraCloud<Tokens>) -> Result<Option<Comment>, CallFailure> {
    jira.read(&IssueId::new("10042"), &CommentId::new("7"))
        .await
}

/// Starts a Jira with one comment, which answers with `info` about itself.
async fn telling(base: &str, info: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    let author = json!({"accountId": "agent", "accountType": "atlassian"});
    let created = "2026-10-22T12:00:00.000+0200";
    for (at, body) in [
        (
            "/rest/servicedeskapi/request/10042/comment/7",
            json!({"id": "7", "public": true}),
        ),
        (
            "/rest/api/3/issue/10042/comment/7",
            json!({"id": "7", "author": author, "created": created, "body": {}}),
        ),
    ] {
        answer_at(&server, &format!("{base}{at}"), 200, &body).await;
    }
    Mock::given(path(format!("{base}{INFO}")))
        .respond_with(info)
        .mount(&server)
        .await;
    server
}

/// How often Jira was asked about itself.
async fn asked(server: &MockServer) -> usize {
    let requests = server.received_requests().await.unwrap().into_iter();
    let about_itself = requests.filter(|request| request.url.path().ends_with(INFO));
    about_itself.count()
}

fn site_of(comment: Result<Option<Comment>, CallFailure>) -> Site {
    comment.unwrap().unwrap().site.unwrap()
}

#[tokio::test]
async fn the_site_is_known_at_the_cloud_api_as_well() {
    let info = json!({"baseUrl": "https://acme.atlassian.net",
        "displayUrl": "https://jira.acme.example",
        "displayUrlConfluence": "https://wiki.acme.example",
        "displayUrlServicedeskHelpCenter": "https://help.acme.example"});
    for base in ["", CLOUD] {
        let server = telling(base, json_answer(200, &info)).await;
        let jira = jira(&format!("{}{base}", server.uri()));
        let site = site_of(read(&jira).await);
        for (address, inside) in [
            ("https://acme.atlassian.net/browse/AB-1", true),
            ("https://jira.acme.example/browse/AB-1", true),
            ("https://wiki.acme.example/spaces/HR", true),
            ("https://help.acme.example/browse/AB-1", true),
            ("https://help.acme.example/", false),
            ("https://other.atlassian.net/browse/AB-1", false),
        ] {
            assert_eq!(site.has_inside(address), inside, "{base} {address}");
        }
        assert_eq!(
            site.has_inside("https://127.0.0.1/browse/AB-1"),
            base.is_empty()
        );
        assert_eq!(site_of(read(&jira).await), site);
        assert_eq!(asked(&server).await, 1, "{base}");
    }
}

#[tokio::test]
async fn a_comment_waits_until_the_site_is_known() {
    for (info, expected) in [
        (ResponseTemplate::new(503), refused(503)),
        (ResponseTemplate::new(429), refused(429)),
        (ResponseTemplate::new(403), refused(403)),
        // Neither says that the comment is gone.
        (ResponseTemplate::new(404), UNKNOWN),
        (ResponseTemplate::new(410), UNKNOWN),
        (ResponseTemplate::new(400), UNKNOWN),
        (ResponseTemplate::new(200), UNKNOWN),
        (json_answer(200, &json!({"baseUrl": "acme"})), UNKNOWN),
        (json_answer(200, &json!({"version": "1"})), UNKNOWN),
    ] {
        let server = telling(CLOUD, info).await;
        let jira = jira(&format!("{}{CLOUD}", server.uri()));
        for _ in 0..2 {
            assert_eq!(read(&jira).await, Err(expected.clone()));
        }
        assert_eq!(asked(&server).await, 2, "it is asked again");
    }
}

#[tokio::test]
async fn a_site_that_does_not_tell_has_the_address_that_it_is_called_at() {
    for (info, known) in [
        (ResponseTemplate::new(404), true),
        (ResponseTemplate::new(400), true),
        (json_answer(200, &json!({"baseUrl": ""})), true),
        (ResponseTemplate::new(503), false),
        (ResponseTemplate::new(401), false),
    ] {
        let server = telling("", info).await;
        let comment = read(&jira(&server.uri())).await;
        assert_eq!(comment.is_ok(), known, "{comment:?}");
        if known {
            assert_eq!(site_of(comment), Site::at("127.0.0.1".into()));
        }
    }
}
