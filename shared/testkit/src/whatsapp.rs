//! WhatsApp: messages, uploads and receipts.

use bytes::Bytes;
use casement_core::model::attachment::Sendable;
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{MediaId, PhoneNumberId, Recipient, Wamid};
use casement_service::ports::{FileContent, Messenger, OutgoingMessage, ReadReceipt, ReadReceipts};

use crate::files::{as_text, bytes};
use crate::{Call, World};

#[derive(Default)]
pub(crate) struct Whatsapp {
    accepted: usize,
    sent: Vec<(Recipient, String)>,
    receipts: Vec<(Wamid, ReadReceipt)>,
    /// Our uploads, by name.
    uploaded: Vec<(String, Bytes)>,
}

impl Whatsapp {
    /// Drops what was sent and shown.
    pub(crate) fn forget(&mut self) {
        self.sent.clear();
        self.receipts.clear();
    }
}

impl World {
    /// Returns the messages that reached the phone.
    #[must_use]
    pub fn sent(&self) -> Vec<String> {
        let whatsapp = self.inner.whatsapp.borrow();
        whatsapp.sent.iter().map(|(_, text)| text.clone()).collect()
    }

    /// Returns the recipients of our messages: phone numbers or user ids.
    #[must_use]
    pub fn recipients(&self) -> Vec<String> {
        let whatsapp = self.inner.whatsapp.borrow();
        let all = whatsapp.sent.iter().map(|(to, _)| match to {
            Recipient::Phone(phone) => phone.as_str().to_owned(),
            Recipient::Bsuid(bsuid) => bsuid.as_str().to_owned(),
        });
        all.collect()
    }

    /// Returns the receipts that customers were shown.
    #[must_use]
    pub fn receipts(&self) -> Vec<(String, ReadReceipt)> {
        let whatsapp = self.inner.whatsapp.borrow();
        let all = whatsapp.receipts.iter();
        all.map(|(wamid, receipt)| (wamid.as_str().to_owned(), *receipt))
            .collect()
    }

    /// Returns the uploaded files, with their content.
    #[must_use]
    pub fn uploaded(&self) -> Vec<(String, String)> {
        let whatsapp = self.inner.whatsapp.borrow();
        let all = whatsapp.uploaded.iter();
        all.map(|(name, bytes)| (name.clone(), as_text(bytes)))
            .collect()
    }

    /// Delivers a message to the phone.
    pub(crate) fn deliver(
        &self,
        to: &Recipient,
        text: String,
        callback: &str,
    ) -> Result<Wamid, CallFailure> {
        let call = self.begin_call(Call::Send)?;
        let whatsapp = &mut self.inner.whatsapp.borrow_mut();
        whatsapp.sent.push((to.clone(), text));
        whatsapp.accepted += 1;
        let wamid = Wamid::new(format!("wamid.out{}", whatsapp.accepted));
        if let Some(meter) = self.meter() {
            meter.sent(&wamid, callback);
        }
        call.answer(wamid)
    }
}

impl ReadReceipts for World {
    async fn show_receipt(
        &self,
        _number: &PhoneNumberId,
        message: &Wamid,
        receipt: ReadReceipt,
    ) -> Result<(), CallFailure> {
        let call = self.begin_call(Call::ShowReceipt)?;
        let receipts = &mut self.inner.whatsapp.borrow_mut().receipts;
        receipts.push((message.clone(), receipt));
        call.answer(())
    }
}

impl Messenger for World {
    async fn upload(
        &self,
        _number: &PhoneNumberId,
        name: &str,
        _how: Sendable,
        content: FileContent,
    ) -> Result<MediaId, CallFailure> {
        let call = self.begin_call(Call::Upload)?;
        let bytes = bytes(content).await;
        let uploaded = &mut self.inner.whatsapp.borrow_mut().uploaded;
        uploaded.push((name.to_owned(), bytes));
        call.answer(MediaId::new(format!("media-{}", uploaded.len())))
    }

    async fn send(
        &self,
        _from: &PhoneNumberId,
        to: &Recipient,
        message: OutgoingMessage<'_>,
        callback: &str,
    ) -> Result<Wamid, CallFailure> {
        self.deliver(to, rendered(message), callback)
    }
}

/// Renders a message for the tests: an answer has the answered message's id in front.
fn rendered(message: OutgoingMessage<'_>) -> String {
    match message {
        OutgoingMessage::Text(text) => text.to_owned(),
        OutgoingMessage::Question { text, button } => {
            format!("{text} [{}: {}]", button.id, button.title)
        }
        OutgoingMessage::PhoneQuestion { text } => format!("{text} [phone number]"),
        OutgoingMessage::File {
            form,
            name,
            caption,
            ..
        } => {
            let caption = caption.unwrap_or_default();
            let rendered = format!("[{}: {name}] {caption}", form.as_str());
            rendered.trim_end().to_owned()
        }
        OutgoingMessage::Answer { to, message } => {
            format!("({}) {}", to.as_str(), rendered(*message))
        }
    }
}
