mod uploads;

use casement_tests::contracts::{Call, Contracts};
use serde_json::{Value, json};

const COMMENT: &str = "POST jira /rest/api/3/issue/10001/comment";
const MESSAGE: &str = "POST whatsapp /v27.0/106540352242922/messages";
const MEDIA: &str = "POST whatsapp /v27.0/106540352242922/media";
const ATTACHMENT: &str = "POST jira /rest/api/3/issue/10001/attachments";
const LINK: &str = "POST jira /rest/api/3/issueLink";
const DASHBOARD: &str = "POST jira /rest/api/3/dashboard";
const GADGET: &str = "POST jira /rest/api/3/dashboard/10001/gadget";
const REQUEST: &str = "POST jira /rest/servicedeskapi/request";

/// A call as the local stack records it: `METHOD service path`, and a body.
fn recorded(asked: &str, body: &Value) -> Value {
    let [method, service, path] = asked.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{asked}")
    };
    let mut entry = json!({"n": 1, "function": "worker", "service": service, "method": method,
        "path": path});
    if !body.is_null() {
        entry["content_type"] = json!("application/json");
        entry["request"] = body.clone();
    }
    entry
}

/// What is wrong with a call. `None`: the contracts are not there.
fn breaches(entry: &Value) -> Option<Vec<String>> {
    let contracts = Contracts::published()?;
    Some(contracts.breaches(&Call::recorded(entry).unwrap()))
}

/// `base` with what `changes` has.
fn with(mut base: Value, changes: &Value) -> Value {
    for (pointer, value) in changes.as_object().unwrap() {
        let (owner, name) = pointer.rsplit_once('/').unwrap();
        let owner = base.pointer_mut(owner).unwrap().as_object_mut().unwrap();
        if value.is_null() {
            owner.remove(name);
        } else {
            owner.insert(name.to_owned(), value.clone());
        }
    }
    base
}

fn message() -> Value {
    json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+16505550100",
        "type": "text",
        "text": {"body": "The wheel is round.", "preview_url": false},
        "biz_opaque_callback_data": "comment:1:0",
    })
}

fn document(node: &Value) -> Value {
    json!({"version": 1, "type": "doc", "content": [node]})
}

fn paragraph() -> Value {
    json!({"type": "paragraph", "content": [{"type": "text", "text": "The wheel is round."}]})
}

fn comment() -> Value {
    json!({
        "body": document(&paragraph()),
        "properties": [{"key": "casement", "value": {"note": "a"}}],
    })
}

fn request() -> Value {
    json!({
        "serviceDeskId": "1",
        "requestTypeId": "2",
        "requestFieldValues": {"summary": "The wheel", "description": document(&paragraph())},
    })
}

fn link() -> Value {
    let (new, former) = (json!({"id": "10002"}), json!({"id": "10001"}));
    json!({"type": {"name": "Relates"}, "inwardIssue": new, "outwardIssue": former})
}

fn dashboard() -> Value {
    let shares = json!([{"type": "project", "project": {"id": "10000"}}]);
    json!({"name": "SUP WhatsApp", "sharePermissions": shares, "editPermissions": []})
}

fn gadget() -> Value {
    json!({"uri": "rest/a", "color": "red", "position": {"column": 0, "row": 1}, "title": "A"})
}

#[test]
fn a_request_that_keeps_to_the_contract_passes() {
    let bsuid = with(message(), &json!({"/to": null, "/recipient": "DE.77"}));
    for (asked, body) in [
        (MESSAGE, message()),
        (MESSAGE, bsuid),
        (COMMENT, comment()),
        (REQUEST, request()),
        (LINK, link()),
        (DASHBOARD, dashboard()),
        (GADGET, gadget()),
        (
            "GET jira /rest/api/3/screenscheme?id=1&id=2&startAt=0",
            Value::Null,
        ),
        ("GET whatsapp /v27.0/1000000000000001", Value::Null),
        (
            "GET whatsapp /media-files/attachments?mid=1&ext=2",
            Value::Null,
        ),
        (
            "GET jira /rest/api/3/issue/10001/comment?orderBy=-created&maxResults=100",
            Value::Null,
        ),
        (
            "GET jira /rest/api/3/issue/10001?fields=status,labels",
            Value::Null,
        ),
        (
            "GET jira /rest/servicedeskapi/request/10001/comment/5?expand=attachment",
            Value::Null,
        ),
    ] {
        let entry = recorded(asked, &body);
        let Some(found) = breaches(&entry) else {
            return;
        };
        assert!(found.is_empty(), "{asked} {body}: {found:?}");
    }
}

#[test]
fn a_body_that_breaks_the_contract_is_found() {
    let unknown_node = json!({"type": "carousel", "content": []});
    let unknown_mark = json!({"type": "text", "text": "a", "marks": [{"type": "blink"}]});
    for (asked, body, changes, expected) in [
        // Enumerations.
        (
            MESSAGE,
            message(),
            json!({"/type": "telegram"}),
            "at '/type': value must be one of",
        ),
        (
            MESSAGE,
            message(),
            json!({"/recipient_type": "crowd"}),
            "at '/recipient_type': value must be one of",
        ),
        // Members that are missing, or not known.
        (
            MESSAGE,
            message(),
            json!({"/text/body": null}),
            "at '/text': missing properties 'body'",
        ),
        (
            MESSAGE,
            message(),
            json!({"/to": null}),
            "at '': missing properties 'recipient'",
        ),
        (
            MESSAGE,
            message(),
            json!({"/text/boddy": "a"}),
            "at '/text': additionalProperties 'boddy' not allowed",
        ),
        (
            LINK,
            link(),
            json!({"/outwardIssue": null}),
            "at '': missing properties 'outwardIssue'",
        ),
        (
            REQUEST,
            request(),
            json!({"/reporter": "a"}),
            "at '': additionalProperties 'reporter' not allowed",
        ),
        (
            COMMENT,
            comment(),
            json!({"/properties": [{"key": "casement"}]}),
            "at '/properties/0': missing properties 'value'",
        ),
        (
            DASHBOARD,
            dashboard(),
            json!({"/editPermissions": null}),
            "at '': missing properties 'editPermissions'",
        ),
        (
            DASHBOARD,
            dashboard(),
            json!({"/sharePermissions/0/type": "everybody"}),
            "at '/sharePermissions/0/type': value must be one of",
        ),
        (
            GADGET,
            gadget(),
            json!({"/position/column": null}),
            "at '/position': missing properties 'column'",
        ),
        // Values.
        (
            MESSAGE,
            message(),
            json!({"/text/body": "a".repeat(4097)}),
            "at '/text/body': length must be <=4096",
        ),
        (
            COMMENT,
            comment(),
            json!({"/jsdPublic": false}),
            "at '/jsdPublic': false schema",
        ),
        // Documents.
        (
            COMMENT,
            comment(),
            json!({"/body": "The wheel"}),
            "at '/body': want object, but got string",
        ),
        (
            COMMENT,
            comment(),
            json!({"/body": document(&unknown_node)}),
            "at '/body/content/0/type'",
        ),
        (
            COMMENT,
            comment(),
            json!({"/body/content/0/content": [unknown_mark]}),
            "at '/body/content/0/content/0/marks/0/type'",
        ),
        (
            REQUEST,
            request(),
            json!({"/requestFieldValues/description": document(&unknown_node)}),
            "at '/requestFieldValues/description/content/0/type'",
        ),
    ] {
        let Some(found) = breaches(&recorded(asked, &with(body, &changes))) else {
            return;
        };
        let told = found.join("\n");
        assert!(told.contains(expected), "{changes}: {told:?}");
    }
}

#[test]
fn an_address_that_breaks_the_contract_is_found() {
    let nothing = "no such operation is published";
    for (asked, body, expected) in [
        ("GET jira /rest/api/3/nonsense", Value::Null, nothing),
        ("DELETE jira /rest/api/3/myself", Value::Null, nothing),
        ("GET jira /", Value::Null, nothing),
        (
            "GET jira /rest/api/3/dashboard/first/gadget",
            Value::Null,
            "path parameter dashboardId: at '': want integer, but got string",
        ),
        (
            "POST whatsapp /media-files/attachments",
            json!({}),
            "parameter Version",
        ),
        (
            "POST whatsapp /106540352242922/messages",
            message(),
            "path parameter Version",
        ),
        (
            "POST whatsapp /latest/106540352242922/messages",
            message(),
            "path parameter Version",
        ),
        (
            "GET jira /rest/servicedeskapi/request/10001/comment/first",
            Value::Null,
            "path parameter commentId: at '': want integer, but got string",
        ),
        (
            "GET jira /rest/api/3/issue/10001?field=status",
            Value::Null,
            "there is no query parameter field",
        ),
        (
            "GET jira /rest/api/3/issue/10001/comment?maxResults=all",
            Value::Null,
            "query parameter maxResults: at '': want integer, but got string",
        ),
        (
            "GET jira /rest/api/3/issue/10001/comment?orderBy=updated",
            Value::Null,
            "query parameter orderBy: at '': value must be one of",
        ),
        (
            "DELETE jira /rest/api/3/user",
            Value::Null,
            "query parameter accountId is missing",
        ),
        (MESSAGE, Value::Null, "the body is missing"),
        (COMMENT, Value::Null, "the body is missing"),
        (
            "GET jira /rest/api/3/myself",
            json!({}),
            "there is no body of type application/json",
        ),
    ] {
        let Some(found) = breaches(&recorded(asked, &body)) else {
            return;
        };
        let told = found.join("\n");
        assert!(told.contains(expected), "{asked}: {told:?}");
    }
}

#[test]
fn the_type_of_a_body_counts() {
    for (asked, kind, expected) in [
        (
            ATTACHMENT,
            "text/plain",
            "there is no body of type text/plain",
        ),
        (
            ATTACHMENT,
            "multipart/form-data; boundary=x",
            "the form was not recorded",
        ),
        (
            MESSAGE,
            "Application/JSON",
            "the body was not recorded or is not JSON",
        ),
    ] {
        let mut entry = recorded(asked, &Value::Null);
        entry["content_type"] = json!(kind);
        let Some(found) = breaches(&entry) else {
            return;
        };
        assert_eq!(found, [expected], "{asked} {kind}");
    }
}

#[test]
fn receipts_are_judged_apart_from_messages() {
    let receipt = json!({
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.A",
        "typing_indicator": {"type": "text"},
    });
    for (changes, expected) in [
        (json!({}), None),
        (json!({"/typing_indicator": null}), None),
        (
            json!({"/message_id": null}),
            Some("missing properties 'message_id'"),
        ),
        (json!({"/status": "seen"}), Some("at '/status'")),
        (
            json!({"/typing_indicator/type": "song"}),
            Some("at '/typing_indicator/type'"),
        ),
    ] {
        let Some(found) = breaches(&recorded(MESSAGE, &with(receipt.clone(), &changes))) else {
            return;
        };
        let told = found.join("\n");
        match expected {
            None => assert_eq!(told, "", "{changes}"),
            Some(expected) => assert!(told.contains(expected), "{changes}: {told:?}"),
        }
    }
}

#[test]
fn calls_to_aws_are_not_judged() {
    let entry =
        json!({"n": 1, "function": "worker", "service": "sqs", "method": "POST", "path": "/"});
    assert!(Call::recorded(&entry).is_none());
}
