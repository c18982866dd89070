use casement_core::model::price::{Price, PriceCategory};

use super::*;

fn price(category: PriceCategory) -> Price {
    Price {
        category,
        billable: true,
    }
}

/// Meta says the price in one or two of the reports, which come twice and in any order. It bills the
/// message when it is on the phone.
#[tokio::test]
async fn a_message_has_the_first_price_and_is_billed_when_it_arrives() {
    use Delivery::{Delivered, Read, Sent};
    let service = Some(price(PriceCategory::Service));
    let marketing = Some(price(PriceCategory::Marketing));
    type Reports = &'static [(Delivery, bool)];
    for (reports, billed) in [
        (&[(Sent, true)] as Reports, vec![None]),
        (
            &[(Sent, true), (Delivered, true), (Read, false)],
            vec![None, service, service],
        ),
        (&[(Sent, false), (Delivered, true)], vec![None, service]),
        (&[(Delivered, true), (Sent, true)], vec![service, service]),
        // The report with the price comes last, or again.
        (&[(Read, false), (Delivered, true)], vec![None, service]),
        (&[(Read, false), (Sent, true)], vec![None, service]),
        (
            &[(Read, true), (Read, true), (Delivered, true)],
            vec![service; 3],
        ),
        (
            &[(Delivered, false), (Delivered, true)],
            vec![None, service],
        ),
    ] {
        let (world, _) = replied().await;
        for ((delivery, has_price), expected) in reports.iter().zip(billed) {
            let report = StatusReport {
                price: has_price.then_some(price(PriceCategory::Service)),
                ..report("wamid.out1", *delivery)
            };
            record(&world, report).await.unwrap();
            let entry = world.entry_of(&ledger_key()).unwrap();
            assert_eq!(entry.about.billed(), expected, "{reports:?}");
        }
        let entry = world.entry_of(&ledger_key()).unwrap();
        let known = entry.about.price;
        let later = StatusReport {
            price: marketing,
            ..report("wamid.out1", Read)
        };
        record(&world, later).await.unwrap();
        let entry = world.entry_of(&ledger_key()).unwrap();
        assert_eq!(entry.about.price, known, "the first price counts");
    }
}

#[tokio::test]
async fn a_message_that_meta_refuses_afterwards_costs_nothing_yet() {
    let (world, _) = replied().await;
    let sent = StatusReport {
        price: Some(price(PriceCategory::Service)),
        ..report("wamid.out1", Delivery::Sent)
    };
    record(&world, sent).await.unwrap();
    let closed = Delivery::Failed(Some(WhatsappCode::WINDOW_CLOSED));
    record(&world, report("wamid.out1", closed)).await.unwrap();
    let entry = world.entry_of(&ledger_key()).unwrap();
    assert_eq!(entry.about.price, None);
    assert_eq!(entry.about.billed(), None);
}
