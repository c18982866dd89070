//! Tests random histories of two people and three phone numbers against a model. The model knows
//! only the people, the owner of each address at each time, and the messages that were sent.
//!
//! Ana and Ben write from their numbers, showing their number, their BSUID or both. They move to
//! other numbers (`user_changed_number`, `user_changed_user_id`, or both), also to numbers that the
//! other one left. Agents reply, send templates and block numbers. WhatsApp's reports arrive late,
//! out of order, and twice.
//!
//! What must hold, after every step:
//!
//! - A reply in a person's request never reaches an address while another person has it. Only what
//!   nobody could know is excused: no report that the person left the number has been delivered, or
//!   words of the next owner came from there before such a report did.
//! - No request has words of two people, with the same excuse: words of the next owner came from
//!   the number before the report that the former one had left it.
//! - Each delivered message is in exactly one request, unless its author had a blocked number.
//! - A template goes to the number that the agent wrote.
//!
//! A number lies idle for at least twenty minutes (in reality, months) before it has a next owner.
//! In every other history it lies idle for longer than anything is late, and nothing is excused.
//!
//! `CASEMENT_HISTORIES` sets the number of histories, `CASEMENT_HISTORY` picks a single one.

mod generator;
mod model;
mod play;

use generator::{History, shrunk};

const PLAYED: u64 = 400;

fn number_from(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[tokio::test]
async fn nobody_gets_anothers_message_and_none_is_lost() {
    let one = number_from("CASEMENT_HISTORY");
    let seeds = match one {
        Some(seed) => seed..seed + 1,
        None => 0..number_from("CASEMENT_HISTORIES").unwrap_or(PLAYED),
    };
    let all = seeds.end - seeds.start;
    let mut failed = Vec::new();
    for seed in seeds {
        let history = History::of_seed(seed);
        if play::play(&history).await.is_err() {
            failed.push(seed);
        }
    }
    let Some(first) = failed.first() else { return };
    let history = shrunk(History::of_seed(*first)).await;
    let wrong = play::play(&history).await.unwrap_err();
    let count = failed.len();
    panic!("{count} of {all} fail ({failed:?}); history {first}, shortened:\n{history}\n{wrong}");
}
