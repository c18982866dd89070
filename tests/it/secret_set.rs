//! `casement secret set` against the local stack: without a terminal, from a script.

use casement_tests::Stack;
use serde_json::json;

const SET: [&str; 3] = ["secret", "set", "--from-stdin"];
const HOOK: &str = "another-hook-secret-0";
const TOKEN: &str = "another-access-token-0";

#[tokio::test]
async fn a_script_sets_secrets_and_nobody_is_asked() {
    let stack = Stack::start().await;
    let said = stack.casement(&["secret", "set"]).await;
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.errors.contains("--from-stdin"), "{said:?}");

    // Rotation: the new one in front. Functions go on with both.
    let document = json!({"jira_webhook_secrets": [HOOK, "local-jira-secret"]});
    let said = stack.casement_reading(&SET, &document.to_string()).await;
    assert_eq!(said.code, 0, "{said:?}");
    let wrote = "Wrote the webhook secret: jira_webhook_secrets.\n";
    assert!(said.text.starts_with(wrote), "{said:?}");
    assert!(!format!("{said:?}").contains(HOOK));
    let again = stack.casement_reading(&SET, &document.to_string()).await;
    assert!(again.text.starts_with("Nothing is changed."), "{again:?}");

    // What Meta refuses is not stored.
    let document = json!({"whatsapp_access_token": TOKEN}).to_string();
    let said = stack.casement_reading(&SET, &document).await;
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.errors.contains("Meta refuses the token"), "{said:?}");
    assert!(said.text.starts_with("Nothing is changed."), "{said:?}");
    assert!(!format!("{said:?}").contains(TOKEN));
    assert_eq!(stack.casement(&["check"]).await.code, 0);

    // Unless the script insists.
    let [secret, set, stdin] = SET;
    let said = stack
        .casement_reading(&[secret, set, stdin, "--yes"], &document)
        .await;
    assert!(
        said.text
            .starts_with("Wrote the credentials secret: whatsapp_access_token.")
    );
    assert_eq!(stack.casement(&["check"]).await.code, 1);
}
