//! The Automation rule that tells Casement of comments, for somebody to click together.

use std::process::ExitCode;

use casement_aws::WebhookSecrets;
use secrecy::ExposeSecret;
use serde_json::json;

use crate::Problem;
use crate::place::Place;
use crate::talk::Talk;

const HEADER: &str = "X-Casement-Token";

/// What the rule sends. Automation puts the ids in.
const BODY: &str = r#"{"webhookEvent":"comment_created","issue":{"id":"{{issue.id}}"},"comment":{"id":"{{comment.id}}"}}"#;

/// Prints the rule, field by field.
///
/// # Errors
/// There is no token for it yet, or the secret cannot be read.
pub(super) async fn run(place: &Place, talk: &Talk, show_token: bool) -> Result<ExitCode, Problem> {
    let secret = place.webhook_secrets().await?;
    let url = place.name("JiraWebhookUrl")?;
    let Some(token) = secret.jira_automation_tokens.first() else {
        return Err(Problem::Failed(
            "the rule needs a token, and there is none yet: casement secret set --only \
             jira_automation_tokens, where g makes one"
                .to_owned(),
        ));
    };
    let token = show_token.then(|| token.expose_secret());
    let value = json!({"url": url, "header": HEADER, "token": token, "body": BODY});
    talk.say(&rule(&url, &secret, token), &value)?;
    Ok(ExitCode::SUCCESS)
}

fn rule(url: &str, secret: &WebhookSecrets, token: Option<&str>) -> String {
    let token = token.unwrap_or("the first of jira_automation_tokens (--show-token prints it)");
    let condition = match &secret.jira_account_id {
        Some(own) => format!(
            "{{{{smart values}}}} condition: {{{{comment.author.accountId}}}} does not equal {}\n\
             \x20            (what Casement writes itself needs no run of the rule)",
            own.as_str()
        ),
        None => "none".to_owned(),
    };
    format!(
        "A rule of Automation can tell Casement of comments where nobody may register a webhook.\n\
         An administrator of the space (formerly project) makes it under\n\
         Space settings (formerly Project settings) > Automation > Create rule:\n\n\
         When         Work item commented (formerly Issue commented), all comments\n\
         If           {condition}\n\
         Then         Send web request\n\
         \x20 URL        {url}\n\
         \x20 Method     POST\n\
         \x20 Headers    {HEADER}: {token}\n\
         \x20            (hide its value with the box beside it)\n\
         \x20 Body       Custom data:\n\
         \x20            {BODY}\n\
         Details      tick \"Allow rule trigger\", so that comments by other rules come as well\n\n\
         Edits and deletions need no rule: a search finds edits within five minutes, and a held\n\
         reply is read again before it is sent. Whoever has the token can make Casement read a\n\
         comment, and nothing else. casement check says when the rule was last used."
    )
}
