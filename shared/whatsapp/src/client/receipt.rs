//! Shows customers that their messages were seen (Cloud API, "Mark messages as read" and "Typing
//! indicators").

use casement_core::model::fate::{CallFailure, Side};
use casement_core::model::identity::{PhoneNumberId, Wamid};
use casement_service::ports::{ReadReceipt, ReadReceipts, WhatsappCredentials};
use reqwest::StatusCode;
use secrecy::ExposeSecret;
use serde::Serialize;

use super::send::refusal;
use super::{CloudApi, not_sent_or_unknown};

#[derive(Serialize)]
struct Receipt<'a> {
    messaging_product: &'static str,
    status: &'static str,
    message_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    typing_indicator: Option<TypingIndicator>,
}

#[derive(Serialize)]
struct TypingIndicator {
    #[serde(rename = "type")]
    kind: &'static str,
}

impl<T: WhatsappCredentials> ReadReceipts for CloudApi<T> {
    async fn show_receipt(
        &self,
        number: &PhoneNumberId,
        message: &Wamid,
        receipt: ReadReceipt,
    ) -> Result<(), CallFailure> {
        let url = self.url(&[number.as_str(), "messages"]);
        let typing = receipt == ReadReceipt::ReadAndTyping;
        let body = Receipt {
            messaging_product: "whatsapp",
            status: "read",
            message_id: message.as_str(),
            typing_indicator: typing.then_some(TypingIndicator { kind: "text" }),
        };
        self.authorized(async |token| {
            let response = self
                .http
                .post(url.clone())
                .bearer_auth(token.expose_secret())
                .json(&body)
                .send()
                .await
                .map_err(|error| not_sent_or_unknown(&error))?;
            let (status, headers) = (response.status(), response.headers().clone());
            let answer = response.bytes().await.unwrap_or_default();
            match refusal(status, &headers, &answer) {
                Some(failure) => Err(failure),
                None if status == StatusCode::OK => Ok(()),
                None => Err(CallFailure::Unknown(Side::Whatsapp)),
            }
        })
        .await
    }
}
