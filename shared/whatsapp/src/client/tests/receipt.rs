use casement_service::ports::{ReadReceipt, ReadReceipts};

use super::*;

async fn show(server: &MockServer, receipt: ReadReceipt) -> Result<(), CallFailure> {
    let api = api(&server.uri(), PATIENCE, Tokens::new(&[Ok("token")]));
    let number = PhoneNumberId::new("106540352242922");
    let message = Wamid::new("wamid.THEIRS");
    api.show_receipt(&number, &message, receipt).await
}

#[tokio::test]
async fn a_receipt_is_posted_as_documented() {
    let read = json!({
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.THEIRS",
    });
    let mut typing = read.clone();
    typing["typing_indicator"] = json!({"type": "text"});
    for (receipt, body) in [
        (ReadReceipt::Read, read),
        (ReadReceipt::ReadAndTyping, typing),
    ] {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path("/v27.0/106540352242922/messages"))
            .and(bearer_token("token"))
            .and(body_json(&body))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({"success": true})))
            .mount(&server)
            .await;
        assert_eq!(show(&server, receipt).await, Ok(()));
    }
}

#[tokio::test]
async fn a_receipt_that_is_not_shown_says_why() {
    for (answer, expected) in [
        (refused(400, 131_009), code(131_009)),
        (refused(401, 190), code(190)),
        (ResponseTemplate::new(502), UNKNOWN),
    ] {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .respond_with(answer)
            .mount(&server)
            .await;
        assert_eq!(show(&server, ReadReceipt::Read).await, Err(expected));
    }
}
