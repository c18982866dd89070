//! A conversation that an agent begins: a template on a request that was created in Jira.

use casement_core::command::Command;
use casement_core::conversation::Conversation;
use casement_core::fate::{Fate, fate};
use casement_core::identity::{
    AccountId, CommentId, ConversationKey, CustomerIdentity, IssueId, IssueRef, PhoneNumber,
    PhoneNumberId,
};
use casement_core::notes::{NotSent, Note, TemplateNote};
use casement_core::reply::Comment;
use casement_core::settings::{NumberSettings, Settings};

use super::Outbound;
use crate::failure::{Failure, Outcome};
use crate::ports::{Clock, Jira, Messenger, Origin, Saved, SettingsSource, Store};
use crate::saving::{change, raised};

impl<S, J, W, T, C> Outbound<S, J, W, T, C>
where
    S: Store,
    J: Jira,
    W: Messenger,
    T: SettingsSource,
    C: Clock,
{
    /// Handles a comment of an issue that has no conversation: only a template begins one. Where no
    /// number has a field with phone numbers, Jira is not even asked.
    pub(super) async fn begin_with_template(
        &self,
        issue: &IssueId,
        id: &CommentId,
        own_account: &AccountId,
    ) -> Result<Outcome, Failure> {
        let settings = self.settings.current().await?;
        let begins = |number: &NumberSettings| number.phone_field.is_some();
        if !settings.numbers().iter().any(begins) {
            return Ok(Outcome::Ignored("no_conversation"));
        }
        let comment = match self.jira.read(issue, id).await {
            Ok(Some(comment)) => comment,
            Ok(None) => return Ok(Outcome::Ignored("gone")),
            Err(failure) if is_certain(fate(&failure)) => {
                return Ok(Outcome::Ignored("not_ours"));
            }
            Err(failure) => return Err(failure.into()),
        };
        if comment.author == *own_account || comment.written_by_us {
            return Ok(Outcome::Ignored("own"));
        }
        let Some(Command::Template(call)) = Command::of(&comment) else {
            return Ok(Outcome::Ignored("no_conversation"));
        };
        let origin = match self.jira.origin(issue).await {
            Ok(origin) => origin,
            Err(failure) if is_certain(fate(&failure)) => {
                return Ok(Outcome::Ignored("not_ours"));
            }
            Err(failure) => return Err(failure.into()),
        };
        let (number, phone) = match self.customer_of(&settings, &origin).await? {
            Ok(customer) => customer,
            Err(why) => return self.refuse(issue, &comment, why).await,
        };
        // Nothing begins with a mistake.
        if let Err(why) = self.filled(number, call.clone()).await? {
            return self.refuse(issue, &comment, why).await;
        }
        let conversation = self.begin(number, phone, &origin.issue, &comment).await?;
        self.carry_out_template(conversation, &comment, issue, call)
            .await
    }

    /// The number that writes for the request's service desk, and the customer's.
    async fn customer_of<'a>(
        &self,
        settings: &'a Settings,
        origin: &Origin,
    ) -> Result<Result<(&'a PhoneNumberId, PhoneNumber), NotSent>, Failure> {
        let Some((number, field)) = number_for(settings, origin) else {
            return Ok(Err(NotSent::NoNumber));
        };
        let field = field.to_owned();
        let Some(text) = self.jira.field(&origin.issue.id, &field).await? else {
            return Ok(Err(NotSent::NoPhone { field }));
        };
        Ok(match PhoneNumber::of_text(&text) {
            Ok(phone) => Ok((&number.phone_number_id, phone)),
            Err(problem) => Err(NotSent::BadPhone { field, problem }),
        })
    }

    /// The customer's conversation, in this request from now on. May be repeated.
    async fn begin(
        &self,
        number: &PhoneNumberId,
        phone: PhoneNumber,
        issue: &IssueRef,
        comment: &Comment,
    ) -> Result<Conversation, Failure> {
        let conversation = loop {
            if let Some(known) = self.known(number, &phone).await? {
                let former = known.issue.clone().filter(|former| former.id != issue.id);
                if let Some(former) = former {
                    let to = issue.key.clone();
                    let note = Note::Template(TemplateNote::Moved { to });
                    let about = format!("moved:{}", comment.id.as_str());
                    self.tell(&former.id, &note, about).await?;
                }
                let moved = change(&self.store, known, |known| known.in_request(issue.clone()));
                if let Some(moved) = moved.await? {
                    break moved;
                }
                continue;
            }
            let key = ConversationKey::new(number, phone.as_str());
            let identity = CustomerIdentity::of_phone(phone.clone());
            let new = Conversation::new(key, identity).in_request(issue.clone());
            if self.store.begin(&new, &[]).await? == Saved::Yes {
                break raised(new);
            }
        };
        self.store.link_issue(&issue.id, &conversation.key).await?;
        Ok(conversation)
    }

    /// The conversation that a phone number leads to.
    async fn known(
        &self,
        number: &PhoneNumberId,
        phone: &PhoneNumber,
    ) -> Result<Option<Conversation>, Failure> {
        let key = ConversationKey::new(number, phone.as_str());
        if let Some(conversation) = self.store.load(&key).await? {
            return Ok(Some(conversation));
        }
        match self.store.of_alias(number, phone.as_str()).await? {
            Some(key) => Ok(self.store.load(&key).await?),
            None => Ok(None),
        }
    }
}

/// The number that begins conversations for a service desk, and the field with the customers'
/// phone numbers. Several may share a desk: the request type decides, else the first is used.
fn number_for<'a>(
    settings: &'a Settings,
    origin: &Origin,
) -> Option<(&'a NumberSettings, &'a str)> {
    let mut of_desk: Vec<_> = settings
        .numbers()
        .iter()
        .filter(|number| number.service_desk_id == origin.service_desk_id)
        .filter_map(|number| Some((number, number.phone_field.as_deref()?)))
        .collect();
    of_desk.sort_by_key(|(number, _)| number.request_type_id != origin.request_type_id);
    of_desk.into_iter().next()
}

/// Whether asking Jira again would bring the same answer. Nobody waits for it: most issues of a
/// site have nothing to do with Casement.
fn is_certain(fate: Fate) -> bool {
    matches!(fate, Fate::Gone | Fate::GiveUp | Fate::Pause)
}
