//! Every entry point, with tampered fixtures, arbitrary bytes, and the fuzzer's finds.

mod tampered;

use casement_entry_points::EntryPoint;
use proptest::prelude::*;

use self::tampered::tampered;

/// The number of generated inputs for every entry point.
const CASES: u32 = 100;

fn entry_point(name: &str) -> &'static EntryPoint {
    let found = EntryPoint::ALL
        .iter()
        .find(|entry_point| entry_point.name == name);
    found.unwrap_or_else(|| panic!("there is no entry point {name}"))
}

fn check(name: &str) {
    let EntryPoint { enter, seeds, .. } = entry_point(name);
    let (seeds, findings) = (seeds(), entry_point(name).findings());
    seeds.iter().chain(&findings).for_each(|bytes| enter(bytes));
    let any_bytes = prop::collection::vec(any::<u8>(), 0..400);
    let inputs = prop_oneof![4 => tampered(seeds), 1 => any_bytes];
    let config = ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(bytes in inputs)| enter(&bytes));
}

macro_rules! entry_points {
    ($($name:ident),* $(,)?) => {
        $(
            #[test]
            fn $name() {
                check(stringify!($name));
            }
        )*

        #[test]
        fn no_entry_point_is_left_out() {
            let named = [$(stringify!($name)),*];
            assert_eq!(EntryPoint::ALL.map(|entry_point| entry_point.name), named);
        }
    };
}

entry_points![
    whatsapp_webhook,
    jira_webhook,
    adf_text,
    settings_toml,
    queue_message,
    http_event,
];
