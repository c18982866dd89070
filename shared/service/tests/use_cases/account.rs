use casement_core::model::account::{AccountEvent, AccountKind};
use casement_core::model::identity::BusinessAccountId;
use casement_core::model::status::{CategoryChange, TemplateCategory, TemplateChange};
use casement_service::ports::TemplateChanges;
use casement_service::{Done, Ignored, Outcome};
use casement_testkit::{World, at};
use chrono::Duration;

fn event(account: Option<&str>) -> AccountEvent {
    AccountEvent {
        business_account_id: account.map(BusinessAccountId::new),
        kind: AccountKind::AccountDisabled,
        details: vec!["DISABLE".to_owned()],
        at: at(0),
    }
}

#[tokio::test]
async fn an_event_is_noted_unless_it_is_known_to_be_of_another_account() {
    let noted = Outcome::Done(Done::AccountNoted);
    let other = Outcome::Ignored(Ignored::OtherAccount);
    let ours = "business_account_id = \"1022\"\n";
    for (settings, account, expected) in [
        (ours, Some("1022"), noted),
        (ours, Some("1023"), other),
        (ours, None, noted),
        // The number may belong to any account.
        ("", Some("1023"), noted),
    ] {
        let world = World::new();
        world.set_now(at(1));
        world.set_settings(settings);
        let outcome = world.statuses().account_event(&event(account)).await;
        assert_eq!(outcome, Ok(expected), "{settings} {account:?}");
    }
}

#[tokio::test]
async fn an_event_is_news_for_as_long_as_meta_repeats_it() {
    let world = World::new();
    world.set_now(at(0) + Duration::days(8) - Duration::seconds(1));
    let outcome = world.statuses().account_event(&event(None)).await;
    assert_eq!(outcome, Ok(Outcome::Done(Done::AccountNoted)));
    world.set_now(at(0) + Duration::days(8));
    let outcome = world.statuses().account_event(&event(None)).await;
    let stale = Outcome::Ignored(Ignored::StaleAccountEvent);
    assert_eq!(outcome, Ok(stale));
}

#[tokio::test]
async fn a_new_category_is_news_for_longer_than_another_change() {
    let world = World::new();
    world.set_settings("business_account_id = \"1022\"\n");
    let account = BusinessAccountId::new("1022");
    let plain = TemplateChange {
        business_account_id: account.clone(),
        name: "answer_waiting".to_owned(),
        language: "en-US".to_owned(),
        event: None,
        changed_at: Some(at(0)),
        category: None,
    };
    let category = Some(CategoryChange {
        to: TemplateCategory::Marketing,
        announced_for: None,
    });
    let to_marketing = TemplateChange {
        category,
        ..plain.clone()
    };
    let changed = Outcome::Done(Done::TemplateChanged);
    let stale = Outcome::Ignored(Ignored::StaleTemplateChange);
    for (change, days, expected) in [
        (&plain, 2, stale),
        (&to_marketing, 8, stale),
        (&to_marketing, 7, changed),
    ] {
        world.set_now(at(0) + Duration::days(days));
        let outcome = world.statuses().template_changed(change).await;
        assert_eq!(outcome, Ok(expected), "{change:?} {days}");
        assert_eq!(world.last_template_change(&account).await, Ok(None));
    }
    world.set_now(at(1));
    let outcome = world.statuses().template_changed(&to_marketing).await;
    assert_eq!(outcome, Ok(changed));
    assert_eq!(world.last_template_change(&account).await, Ok(Some(at(1))));
}
