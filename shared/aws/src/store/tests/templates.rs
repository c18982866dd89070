use casement_core::model::identity::BusinessAccountId;
use casement_service::ports::TemplateChanges;

use super::*;

#[tokio::test]
async fn every_worker_sees_when_templates_changed() {
    let store = store().await;
    let account = BusinessAccountId::new("1022");
    assert_eq!(store.last_template_change(&account).await, Ok(None));
    for at in [at(0), at(5)] {
        store.templates_changed(&account, at).await.unwrap();
        assert_eq!(store.last_template_change(&account).await, Ok(Some(at)));
    }
    let other = BusinessAccountId::new("2");
    assert_eq!(store.last_template_change(&other).await, Ok(None));
}
