use casement_core::model::adf::Document;
use casement_core::model::delivery_state::DeliveryState;
use casement_core::model::fate::Absence;
use casement_core::model::identity::{CommentId, ConversationKey, IssueId, PhoneNumberId, Wamid};
use casement_core::model::ledger::{LedgerEntry, SentMessage};
use casement_service::ports::{CommentDraft, Comments, Marker, Shown};
use chrono::DateTime;

use super::*;

const ISSUE: &str = "/rest/api/3/issue/10042";

const REQUEST: &str = "/rest/servicedeskapi/request/10042";

const LIST: &str = "/rest/api/3/issue/10042/comment";

/// Returns the state of a reply that WhatsApp has accepted.
fn sent() -> DeliveryState {
    let conversation = ConversationKey::new(&PhoneNumberId::new("1065"), "49151");
    let message = SentMessage::new(&conversation, &issue());
    let entry = LedgerEntry::claimed(message, DateTime::UNIX_EPOCH).settled();
    DeliveryState::of(&[(0, entry)].into())
}

fn issue() -> IssueId {
    IssueId::new("10042")
}

fn part(part: usize) -> Marker {
    Marker::Message {
        wamid: Wamid::new("wamid.A"),
        part,
    }
}

fn note() -> Marker {
    Marker::Note("held:10501".to_owned())
}

#[tokio::test]
async fn a_comment_is_written_with_its_visibility_and_its_marker() {
    for (marker, public, value) in [
        (part(1), true, json!({"wamid": "wamid.A", "part": 1})),
        (note(), false, json!({"note": "held:10501"})),
    ] {
        let body = json!({
            "body": {"version": 1, "type": "doc", "content": [
                {"type": "paragraph", "content": [{"type": "text", "text": "*hello* [~ben]"}]},
            ]},
            "properties": [
                {"key": "sd.public.comment", "value": {"internal": !public}},
                {"key": "casement", "value": value},
            ],
        });
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path(LIST))
            .and(body_json(body))
            .respond_with(json_answer(
                201,
                &json!({"id": "10777", "jsdPublic": public}),
            ))
            .mount(&server)
            .await;
        let draft = CommentDraft {
            body: Document::literal("*hello* [~ben]"),
            public,
            marker,
        };
        let added = jira(&server.uri()).add(&issue(), &draft).await;
        assert_eq!(added, Ok(CommentId::new("10777")));
    }
}

/// A site with these comments, which may be asked for our account once.
async fn site_with(comments: &Value) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/rest/api/3/myself"))
        .respond_with(json_answer(
            200,
            &json!({"accountId": "us", "accountType": "app"}),
        ))
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(path(LIST))
        .and(query_param("orderBy", "-created"))
        .and(query_param("maxResults", "100"))
        .and(query_param("expand", "properties"))
        .respond_with(json_answer(
            200,
            &json!({"startAt": 0, "comments": comments}),
        ))
        .mount(&server)
        .await;
    server
}

fn listed(id: &str, author: &str, marker: &Value) -> Value {
    let properties = json!([
        {"key": "sd.public.comment", "value": {"internal": false}},
        {"key": "casement", "value": marker},
    ]);
    json!({"id": id, "author": {"accountId": author}, "properties": properties})
}

#[tokio::test]
async fn a_comment_of_ours_is_found_by_its_marker() {
    let server = site_with(&json!([
        listed("9", "them", &json!({"note": "held:10501"})),
        {"id": "8", "author": {"accountId": "us"}, "properties": []},
        null,
        listed("7", "us", &json!({"wamid": "wamid.A", "part": 1})),
        listed("6", "us", &json!({"wamid": "wamid.A", "part": 0})),
    ]))
    .await;
    let jira = jira(&server.uri());
    for (marker, found) in [
        (part(0), Some("6")),
        (part(1), Some("7")),
        (part(2), None),
        // Somebody else's property is no proof.
        (note(), None),
    ] {
        let marked = jira.marked(&issue(), &marker).await;
        assert_eq!(marked, Ok(found.map(CommentId::new)), "{marker:?}");
    }
    // The account was asked for once: dropping the server checks `expect(1)`.
    assert_eq!(jira.own_account().await.unwrap().as_str(), "us");
}

#[tokio::test]
async fn a_site_that_lists_no_properties_is_asked_for_them() {
    let bare = |id: &str, author: &str| json!({"id": id, "author": {"accountId": author}});
    let server = site_with(&json!([
        bare("9", "them"),
        bare("8", "us"),
        bare("7", "us")
    ]))
    .await;
    let property = json!({"key": "casement", "value": {"note": "held:10501"}});
    answer_at(
        &server,
        "/rest/api/3/comment/7/properties/casement",
        200,
        &property,
    )
    .await;
    let jira = jira(&server.uri());
    let marked = jira.marked(&issue(), &note()).await;
    assert_eq!(marked, Ok(Some(CommentId::new("7"))));
    assert_eq!(jira.marked(&issue(), &part(0)).await, Ok(None));
}

#[tokio::test]
async fn not_knowing_our_account_finds_nothing_out() {
    let server = answering(json_answer(200, &json!({"comments": []}))).await;
    assert_eq!(
        jira(&server.uri()).marked(&issue(), &note()).await,
        Err(UNKNOWN)
    );
}

const SERVICE_DESK: &str = "/rest/servicedeskapi/request/10042/comment/10501";
const PLATFORM: &str = "/rest/api/3/issue/10042/comment/10501";

fn platform_comment() -> Value {
    json!({
        "id": "10501",
        "author": {"accountId": "712020:ben", "accountType": "atlassian"},
        "body": {"version": 1, "type": "doc", "content": []},
        "created": "2026-11-20T09:15:00.000+0100",
        "updated": "2026-11-20T09:15:00.000+0100",
        "jsdPublic": true,
        "properties": [],
    })
}

#[tokio::test]
async fn a_comment_is_read_from_both_sides() {
    let server = MockServer::start().await;
    let service_desk = json!({"id": "10501", "public": true, "body": "wiki"});
    answer_at(&server, SERVICE_DESK, 200, &service_desk).await;
    Mock::given(method("GET"))
        .and(path(PLATFORM))
        .and(query_param("expand", "properties"))
        .respond_with(json_answer(200, &platform_comment()))
        .mount(&server)
        .await;
    let id = CommentId::new("10501");
    let read = jira(&server.uri())
        .read(&issue(), &id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(read.public, Some(true));
    assert_eq!(read.author.as_str(), "712020:ben");
    assert_eq!(
        read.body,
        json!({"version": 1, "type": "doc", "content": []}).into()
    );
}

#[tokio::test]
async fn one_404_leaves_no_doubt_about_a_note() {
    for missing in [SERVICE_DESK, PLATFORM] {
        let server = MockServer::start().await;
        let mut inside = platform_comment();
        inside["jsdPublic"] = json!(false);
        let service_desk = json!({"id": "10501", "public": false});
        answer_at(&server, SERVICE_DESK, 200, &service_desk).await;
        answer_at(&server, PLATFORM, 200, &inside).await;
        answer_at(&server, ISSUE, 200, &json!({})).await;
        let whole = jira(&server.uri())
            .read(&issue(), &CommentId::new("10501"))
            .await;
        assert!(matches!(whole, Ok(Some(_))));
        missing_once(&server, missing).await;
        let read = jira(&server.uri())
            .read(&issue(), &CommentId::new("10501"))
            .await;
        assert_eq!(read, whole, "{missing}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_from_what_cannot_be_read() {
    use Absence::{NoRequest, Unclear};
    // With the issue there, and a request. See `absence` for the others.
    for (service_desk, platform, expected) in [
        (404, 200, Err(CallFailure::Absent(Unclear))),
        (200, 404, Err(CallFailure::Absent(Unclear))),
        (404, 404, Ok(None)),
        (403, 200, Err(refused(403))),
        (200, 500, Err(refused(500))),
        (404, 500, Err(refused(500))),
        (429, 404, Err(refused(429))),
    ] {
        let server = MockServer::start().await;
        answer_at(
            &server,
            SERVICE_DESK,
            service_desk,
            &json!({"public": true}),
        )
        .await;
        answer_at(&server, PLATFORM, platform, &platform_comment()).await;
        answer_at(&server, ISSUE, 200, &json!({})).await;
        answer_at(&server, REQUEST, 200, &json!({})).await;
        answer_at(&server, LIST, 200, &json!({"comments": []})).await;
        let read = jira(&server.uri())
            .read(&issue(), &CommentId::new("10501"))
            .await;
        assert_eq!(read, expected, "{service_desk} {platform}");
    }
    // An issue that has left its service desk: only certainly internal comments are read.
    for (jsd_public, expected) in [(true, None), (false, Some(None))] {
        let server = MockServer::start().await;
        let mut comment = platform_comment();
        comment["jsdPublic"] = json!(jsd_public);
        answer_at(&server, PLATFORM, 200, &comment).await;
        answer_at(&server, ISSUE, 200, &json!({})).await;
        let read = jira(&server.uri())
            .read(&issue(), &CommentId::new("10501"))
            .await;
        match expected {
            None => assert_eq!(read, Err(CallFailure::Absent(NoRequest))),
            Some(public) => assert_eq!(read.unwrap().unwrap().public, public),
        }
    }
}

#[tokio::test]
async fn how_far_a_reply_has_come_is_put_on_its_comment() {
    let state = sent();
    let server = MockServer::start().await;
    Mock::given(method("PUT"))
        .and(path("/rest/api/3/comment/10501/properties/casement"))
        .and(body_json(
            json!({"v": 1, "state": "sent", "parts": [{"state": "sent"}]}),
        ))
        .respond_with(ResponseTemplate::new(201))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    let jira = jira(&server.uri());
    let comment = CommentId::new("10501");
    let show = || jira.show_delivery(&comment, &state, "SUP", DateTime::UNIX_EPOCH);
    assert_eq!(show().await, Ok(Shown::Yes));
    // The comment is gone.
    assert_eq!(show().await, Err(refused(404)));
}

#[tokio::test]
async fn an_account_that_may_not_edit_comments_is_refused_once_in_a_while() {
    let state = sent();
    let server = answering(ResponseTemplate::new(403)).await;
    let jira = jira(&server.uri());
    let at = |minutes| DateTime::UNIX_EPOCH + chrono::Duration::minutes(minutes);
    for (project, minute, asked) in [
        ("SUP", 0, 1),
        ("SUP", 0, 1),
        ("SUP", 29, 1),
        ("OPS", 29, 2),
        ("SUP", 30, 3),
        ("SUP", 31, 3),
        // A clock that went back.
        ("SUP", 1, 4),
    ] {
        let comment = CommentId::new(format!("10{minute}"));
        let shown = jira.show_delivery(&comment, &state, project, at(minute));
        assert_eq!(shown.await, Ok(Shown::NotAllowed), "{project} {minute}");
        let requests = server.received_requests().await.unwrap();
        assert_eq!(requests.len(), asked, "{project} {minute}");
    }
}
