use casement_core::model::adf::Document;
use casement_core::model::fate::Absence;
use casement_core::model::identity::IssueId;
use casement_service::ports::{CommentDraft, Comments, Marker, Requests};

use super::*;

async fn add(jira: &JiraCloud<Tokens>) -> Result<(), CallFailure> {
    let draft = CommentDraft {
        body: Document::literal("text"),
        public: false,
        marker: Marker::Note("n".to_owned()),
    };
    jira.add(&IssueId::new("1"), &draft).await.map(drop)
}

async fn look(jira: &JiraCloud<Tokens>) -> Result<(), CallFailure> {
    jira.state(&IssueId::new("1")).await.map(drop)
}

#[tokio::test]
async fn statuses_become_failures() {
    for (status, wrote, looked) in [
        (400, refused(400), refused(400)),
        (401, refused(401), refused(401)),
        (403, refused(403), refused(403)),
        (409, refused(409), refused(409)),
        (413, CallFailure::Full, refused(413)),
        (302, refused(302), refused(302)),
        // It may have been written.
        (408, UNKNOWN, refused(408)),
        (500, UNKNOWN, refused(500)),
        (502, UNKNOWN, refused(502)),
        (503, UNKNOWN, refused(503)),
    ] {
        let answer = ResponseTemplate::new(status).set_body_string("<html>Ana</html>");
        let server = answering(answer.insert_header("Location", "/elsewhere")).await;
        let jira = jira(&server.uri());
        assert_eq!(add(&jira).await, Err(wrote), "{status}");
        assert_eq!(look(&jira).await, Err(looked), "{status}");
        assert_eq!(
            server.received_requests().await.unwrap().len(),
            2,
            "{status}"
        );
    }
}

#[tokio::test]
async fn too_many_calls_say_how_long_to_wait() {
    let answer = ResponseTemplate::new(429)
        .insert_header("Retry-After", "7")
        .insert_header("RateLimit-Reason", "jira-per-issue-on-write");
    let server = answering(answer).await;
    let expected = CallFailure::Jira {
        status: 429,
        retry_after: Some(Duration::seconds(7)),
    };
    assert_eq!(add(&jira(&server.uri())).await, Err(expected));
}

#[tokio::test]
async fn what_was_not_sent_is_told_from_what_may_have_been() {
    let late = json_answer(201, &json!({"id": "1"})).set_delay(PATIENCE);
    let slow = answering(late).await;
    let cut = server_that_hangs_up("").await;
    let half = "HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{\"id\":\"1";
    let half = server_that_hangs_up(half).await;
    let impatience = StdDuration::from_millis(200);
    for (case, base, patience, expected) in [
        ("nobody there", nobody().await, PATIENCE, UNREACHABLE),
        ("no answer", slow.uri(), impatience, UNKNOWN),
        ("cut before the answer", cut, PATIENCE, UNKNOWN),
        ("cut in the answer", half, PATIENCE, UNKNOWN),
    ] {
        let tokens = Tokens::new(&[Ok("token")]);
        let jira = JiraCloud::new(http(patience), &base, tokens).unwrap();
        assert_eq!(add(&jira).await, Err(expected), "{case}");
    }
}

#[tokio::test]
async fn refused_credentials_are_replaced_once() {
    let (gone, late) = (
        Err(CredentialsUnavailable::Unusable),
        Err(CredentialsUnavailable::NotNow),
    );
    for (case, tokens, status, calls, refusals, expected) in [
        (
            "newer ones are right",
            vec![Ok("old"), Ok("new")],
            401,
            2,
            1,
            Ok(()),
        ),
        (
            "the same again",
            vec![Ok("old")],
            401,
            1,
            1,
            Err(refused(401)),
        ),
        (
            "the newer are wrong too",
            vec![Ok("old"), Ok("older")],
            401,
            2,
            1,
            Err(refused(401)),
        ),
        (
            "none are left",
            vec![Ok("old"), gone],
            401,
            1,
            1,
            Err(refused(401)),
        ),
        (
            "there are none",
            vec![gone],
            401,
            0,
            0,
            Err(CallFailure::NoCredentials(Side::Jira)),
        ),
        (
            "there are none now",
            vec![late],
            401,
            0,
            0,
            Err(CallFailure::CredentialsLate(Side::Jira)),
        ),
        (
            "not the credentials' fault",
            vec![Ok("old"), Ok("new")],
            403,
            1,
            0,
            Err(refused(403)),
        ),
    ] {
        let server = MockServer::start().await;
        Mock::given(basic_auth("casement@example.com", "new"))
            .respond_with(json_answer(201, &json!({"id": "1"})))
            .mount(&server)
            .await;
        let refusal = ResponseTemplate::new(status);
        Mock::given(any())
            .respond_with(refusal)
            .mount(&server)
            .await;
        let tokens = Tokens::new(&tokens);
        let jira = JiraCloud::new(http(PATIENCE), &server.uri(), tokens).unwrap();
        assert_eq!(add(&jira).await, expected, "{case}");
        assert_eq!(
            server.received_requests().await.unwrap().len(),
            calls,
            "{case}"
        );
        assert_eq!(jira.credentials.refusals.get(), refusals, "{case}");
    }
}

#[tokio::test]
async fn an_id_cannot_lead_to_another_path() {
    let server = answering(ResponseTemplate::new(404)).await;
    let odd = IssueId::new("1/../../myself?x#y");
    let found = jira(&server.uri()).state(&odd).await;
    assert_eq!(found, Err(CallFailure::Absent(Absence::Deleted)));
    let asked = &server.received_requests().await.unwrap()[0];
    assert_eq!(
        asked.url.path(),
        "/rest/api/3/issue/1%2F..%2F..%2Fmyself%3Fx%23y"
    );
}
