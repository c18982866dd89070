//! Fills a template in and sends it, once.

use casement_core::model::attachment::{CommentFile, Sendable};
use casement_core::model::fate::{CallFailure, Fate, WhatsappCode, fate};
use casement_core::model::identity::PhoneNumberId;
use casement_core::model::ledger::{OutboundSource, SentEntry, SentMessage};
use casement_core::say::notes::NotSent;
use casement_core::say::template::{
    CallMistake, FilledTemplate, Template, TemplateCall, Usage, choose, fill, fresh_since,
};

use crate::app::{Outbound, Ports};
use crate::event::Event;
use crate::failure::Failure;
use crate::ports::*;
use crate::replies;
use crate::sending::{Addressed, Sent, Was, WhenClosed, send_once};

/// "We were unable to authenticate the app user", "Access token has expired" (Cloud API, "Error
/// codes"). Such a token sends nothing, template or not.
const TOKEN_REFUSED: [WhatsappCode; 2] = [WhatsappCode(0), WhatsappCode(190)];

/// The response to a template: accepted, or refused for good with a code.
pub(crate) type Answered = Result<AcceptedTemplate, Option<WhatsappCode>>;

/// The file of a header.
pub(crate) type HeaderFile = (CommentFile, Sendable);

/// Returns the template with its values, or the reason why there is none. A list without a match
/// may be old, so Meta is asked once more.
pub(crate) async fn filled<P: Ports>(
    outbound: &Outbound<P>,
    number: &PhoneNumberId,
    call: Result<TemplateCall, CallMistake>,
) -> Result<Result<FilledTemplate, NotSent>, Failure> {
    let app = &outbound.app;
    let call = match call {
        Ok(call) => call,
        Err(mistake) => return Ok(Err(NotSent::Unreadable(mistake))),
    };
    let settings = app.settings.current().await?;
    let number = settings.number(number);
    let account = number.and_then(|number| number.business_account_id.as_ref());
    let Some(account) = account else {
        return Ok(Err(NotSent::NoAccount));
    };
    let now = app.clock.now();
    let changed = app.store.last_template_change(account).await?;
    let mut filled = Err(NotSent::NoAccount);
    for since in [fresh_since(changed, now), now] {
        filled = match outbound.whatsapp.templates(account, since, now).await {
            Ok(templates) => fill_from(&templates, &call),
            Err(failure) if is_about_the_account(&failure) => Err(NotSent::NoList {
                cause: failure.to_string(),
            }),
            Err(failure) => return Err(failure.into()),
        };
        if filled.is_ok() {
            break;
        }
    }
    Ok(filled)
}

/// Sends a template, if no earlier attempt has.
pub(crate) async fn send_filled<P: Ports>(
    outbound: &Outbound<P>,
    to: &Addressed<'_>,
    filled: &FilledTemplate,
    header: Option<&HeaderFile>,
    first: SentMessage,
) -> Result<Answered, Failure> {
    let send = async |entry: &mut SentEntry| {
        let uploaded = match header {
            Some((file, how)) => {
                let uploaded = replies::uploaded(outbound, to, file, *how, entry).await?;
                uploaded.map(Some)
            }
            None => Ok(None),
        };
        let sent = match &uploaded {
            Ok(media) => {
                let message = OutgoingTemplate {
                    template: filled,
                    header: media.as_ref(),
                };
                let callback = to.key.to_string();
                let (number, recipient) = (to.number, to.recipient);
                let sent = outbound
                    .whatsapp
                    .send_template(number, recipient, message, &callback);
                sent.await
            }
            Err(failure) => Err(failure.clone()),
        };
        Ok(sent)
    };
    // A template needs no window, so waiting for one would not help.
    let closed = WhenClosed::Refuse;
    let (sent, was) = send_once(&outbound.app, &to.key, first, closed, send).await?;
    Ok(match sent {
        Sent::Accepted(accepted) => {
            if was == Was::Now && accepted.hold.is_none() {
                let by = match to.key.source {
                    OutboundSource::Reopening(_) => "reopening",
                    _ => "agent",
                };
                Event::TemplateSent(by).count();
            }
            Ok(accepted)
        }
        Sent::Refused(code) => Err(code),
        Sent::TakenBack | Sent::WindowClosed => Err(None),
    })
}

fn fill_from(templates: &[Template], call: &TemplateCall) -> Result<FilledTemplate, NotSent> {
    let template = choose(templates, call).map_err(NotSent::NoTemplate)?;
    fill(template, call).map_err(|problems| NotSent::Parameters {
        problems,
        usage: Usage::of(template),
    })
}

/// Decides whether the account or the permission to see its templates is wrong. Nothing else waits
/// for that to be fixed, so the agent is told instead.
fn is_about_the_account(failure: &CallFailure) -> bool {
    failure.whatsapp_code().is_some_and(|code| {
        !TOKEN_REFUSED.contains(&code) && !matches!(fate(failure), Fate::Retry(_))
    })
}
