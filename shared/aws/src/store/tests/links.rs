use casement_service::ports::Links;

use super::*;
use crate::keys;

#[tokio::test]
async fn links_lead_to_conversations() {
    let store = store().await;
    let number_id = PhoneNumberId::new("1065");
    let issue = IssueId::new("10001");
    assert_eq!(store.of_issue(&issue).await, Ok(None));
    assert_eq!(store.of_alias(&number_id, "49151").await, Ok(None));

    store.link_issue(&issue, &key("DE.7")).await.unwrap();
    store.link_issue(&issue, &key("DE.7")).await.unwrap();
    store.link_alias("49151", &key("DE.7")).await.unwrap();
    assert_eq!(store.of_issue(&issue).await, Ok(Some(key("DE.7"))));
    let other = PhoneNumberId::new("2000");
    assert_eq!(store.of_alias(&other, "49151").await, Ok(None));
    assert_eq!(
        store.of_alias(&number_id, "49151").await,
        Ok(Some(key("DE.7")))
    );

    store.link_alias("49151", &key("DE.8")).await.unwrap();
    assert_eq!(
        store.of_alias(&number_id, "49151").await,
        Ok(Some(key("DE.8")))
    );
}

#[tokio::test]
async fn a_link_in_use_is_kept() {
    let store = store().await;
    let issue = IssueId::new("10001");
    let start = at(0).timestamp();
    store.link_issue(&issue, &key("DE.7")).await.unwrap();
    for (passed, expires_after) in [
        (0, 400),
        // Early in its life a link is read and not written.
        (99, 400),
        (2, 501),
        // An expired link counts as long as it is still there.
        (500, 1_001),
    ] {
        store.clock.advance(Duration::days(passed));
        assert_eq!(store.of_issue(&issue).await, Ok(Some(key("DE.7"))));
        let item = stored(&store, keys::issue(&issue)).await;
        let expires_at = number(&item, "expires_at");
        assert_eq!(expires_at, start + days(expires_after), "{passed}");
    }
}
