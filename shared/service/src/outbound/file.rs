//! The files of a comment on their way to WhatsApp.

use casement_core::attachment::{CommentFile, Sendable};
use casement_core::fate::CallFailure;
use casement_core::identity::{IssueId, MediaId};
use casement_core::ledger::{LEASE, LedgerEntry, LedgerKey};
use casement_core::reply::{Answer, Comment, Sending, decide_answer};

use super::Outbound;
use super::send::Addressed;
use crate::failure::Failure;
use crate::ports::{Clock, Jira, Messenger, Saved, SettingsSource, Store};

impl<S, J, W, T, C> Outbound<S, J, W, T, C>
where
    S: Store,
    J: Jira,
    W: Messenger,
    T: SettingsSource,
    C: Clock,
{
    /// Which messages the comment becomes. Jira is asked for files only where it shows some.
    pub(super) async fn answer(
        &self,
        comment: &Comment,
        issue: &IssueId,
        sending: &Sending,
    ) -> Result<Answer, Failure> {
        let listed = if sending.files.is_empty() {
            Vec::new()
        } else {
            self.jira.files_of(issue, &comment.id).await?
        };
        decide_answer(sending, comment, listed, self.clock.now()).map_err(|wait| {
            Failure::NotYet("Jira does not list the files of the comment yet", wait)
        })
    }

    /// The file at WhatsApp: uploaded now, or by an earlier attempt. The entry keeps the id, so
    /// that a file is not uploaded again because its message was not taken.
    pub(super) async fn uploaded(
        &self,
        to: &Addressed<'_>,
        file: &CommentFile,
        how: Sendable,
        mut entry: LedgerEntry,
    ) -> Result<(Result<MediaId, CallFailure>, LedgerEntry), Failure> {
        if let Some(media) = entry.upload.clone() {
            return Ok((Ok(media), entry));
        }
        let media = match self.upload(to, file, how).await {
            Ok(media) => media,
            Err(failure) => return Ok((Err(failure), entry)),
        };
        entry.upload = Some(media.clone());
        let key = LedgerKey::Outbound(to.key.clone());
        if self.store.update(&key, &entry).await? == Saved::Conflict {
            return Err(Failure::NotYet("another attempt has just begun", LEASE));
        }
        entry.version += 1;
        Ok((Ok(media), entry))
    }

    async fn upload(
        &self,
        to: &Addressed<'_>,
        file: &CommentFile,
        how: Sendable,
    ) -> Result<MediaId, CallFailure> {
        let content = self.jira.open_file(&file.id).await?;
        self.whatsapp
            .upload(to.number, &file.name, how, content)
            .await
    }
}
