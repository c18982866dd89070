//! The plan of a long run, as a function of the seed.

use std::time::Duration;

use fastrand::Rng;

/// The size of the run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Size {
    pub seed: u64,
    pub customers: usize,
    /// The number of messages in both directions.
    pub messages: usize,
    /// How many events happen at once.
    pub at_once: usize,
}

/// An action of a person or of Meta. Each text begins with a unique token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A customer writes, from the customer's phone at that time.
    Writes {
        phone: String,
        user_id: String,
        text: String,
    },
    /// A customer moves to another number, as reported by Meta.
    Moves { from: String, to: String },
    /// A customer opts out of automatic messages. Then a START arrives that was sent before.
    Stops { phone: String },
    /// A conversation is handed to Meta's agent, or back to us.
    HandsOver { phone: String, to: &'static str },
    /// Another sender of the number writes to a customer.
    Echoes {
        phone: String,
        by: &'static str,
        text: String,
    },
    /// A customer calls.
    Calls { phone: String, answered: bool },
    /// All webhooks so far are repeated.
    AllComesAgain,
    /// An agent or a rule comments on the customer's request.
    Comments {
        customer: usize,
        text: String,
        how: Comment,
    },
    /// An agent changes the comment with this token.
    Edits { customer: usize, token: String },
}

/// The author and audience of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comment {
    /// An agent, for the customer.
    Public,
    /// A rule, for the customer.
    Automation,
    /// An agent, for agents.
    Internal,
    /// An agent, in public, but restricted to a role.
    Restricted,
    /// Somebody with access to the portal only, in public.
    PortalCustomer,
}

/// Events that happen at once, and the pause after them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Round {
    pub events: Vec<Event>,
    /// How many more times each webhook is sent, although it was accepted.
    pub duplicates: u32,
    /// Whether statuses arrive out of order.
    pub shuffled: bool,
    pub pause: Duration,
    /// Whether the requests are in a security level without our account during the round.
    pub hidden: bool,
    /// Whether everything is finished before the next round, so that the requests exist that agents
    /// are going to answer.
    pub settled: bool,
}

/// In how many of a hundred rounds requests are hidden.
const HIDDEN_SHARE: u32 = 5;

/// One in this many customers gives up a number, and one says STOP.
const ONE_OF: usize = 10;

/// The number of the first token of another sender.
const ECHOES: usize = 90_000;

/// The offset from a customer's first phone number to the second.
const SECOND: usize = 50_000;

/// The owners of phones: customers, and after them those who got a number that was given up.
struct Phones(Vec<String>);

impl Phones {
    fn writes(&self, customer: usize, token: &str) -> Event {
        let phone = self.0[customer].clone();
        Event::Writes {
            // Another person has another user id, and so has somebody with another number.
            user_id: format!("DE.{customer}{phone}"),
            phone,
            text: format!("{token} where is my order?"),
        }
    }
}

/// Returns the rounds of a long run, and the last messages, one from every customer.
pub(crate) fn rounds(size: Size) -> (Vec<Round>, Vec<Event>) {
    let mut rng = Rng::with_seed(size.seed);
    let mut phones = Phones((0..size.customers).map(phone).collect());
    let mut planned = 0;
    let mut rounds = Vec::new();
    let mut handed_over = 0;
    // Comments that agents may change.
    let mut changeable: Vec<(usize, String)> = Vec::new();
    while planned < size.messages {
        if planned >= size.messages / 2 && phones.0.len() == size.customers {
            rounds.extend(hands_change(&mut phones, &mut planned));
            continue;
        }
        if planned >= size.customers && planned * 4 >= size.messages * (2 * handed_over + 1) {
            rounds.extend(elsewhere(&phones, &mut planned, handed_over));
            handed_over += 1;
            continue;
        }
        let count = size.at_once.min(size.messages - planned);
        let mut events = Vec::new();
        let first = planned < size.customers;
        for _ in 0..count {
            if first && planned == size.customers {
                break;
            }
            let customer = rng.usize(..phones.0.len());
            let token = token(customer, planned);
            planned += 1;
            // Everybody writes before anybody answers.
            if planned <= size.customers {
                let customer = planned - 1;
                let token = self::token(customer, planned - 1);
                events.push(phones.writes(customer, &token));
            } else if rng.u32(..100) < 55 {
                events.push(phones.writes(customer, &token));
            } else {
                let (text, how) = comment(&mut rng, &token);
                events.push(Event::Comments {
                    customer,
                    text,
                    how,
                });
                changeable.push((customer, token));
            }
        }
        if !changeable.is_empty() && rng.u32(..100) < 60 {
            let chosen = rng.usize(..changeable.len());
            let (customer, token) = changeable.swap_remove(chosen);
            events.push(Event::Edits { customer, token });
        }
        let (duplicates, shuffled) = (rng.u32(..2), rng.bool());
        let pause = pause(&mut rng);
        // If hidden for a day, messages would become dead letters.
        let may_hide = !first && pause <= Duration::from_secs(3_600);
        rounds.push(Round {
            events,
            duplicates,
            shuffled,
            pause,
            hidden: rng.u32(..100) < HIDDEN_SHARE && may_hide,
            settled: first,
        });
    }
    let everybody = 0..phones.0.len();
    let last = everybody.map(|customer| phones.writes(customer, &token(customer, 99_999)));
    (rounds, last.collect())
}

/// Returns rounds in which numbers are given up and passed on, some customers opt out, and all
/// webhooks so far are repeated. Each round is finished before the next: a message on its way to a
/// number when its owner changes belongs to nobody.
fn hands_change(phones: &mut Phones, planned: &mut usize) -> [Round; 6] {
    let movers = 0..phones.0.len().div_ceil(ONE_OF);
    let stoppers = movers.clone().map(|mover| mover + movers.len());
    let stops = stoppers.map(|customer| Event::Stops {
        phone: phones.0[customer].clone(),
    });
    let stops = stops.collect();
    let mut moves = Vec::new();
    let mut writes_from = |phones: &Phones, customer| {
        *planned += 1;
        phones.writes(customer, &token(customer, *planned - 1))
    };
    let mut from_new = Vec::new();
    let mut from_former = Vec::new();
    for mover in movers {
        let (from, to) = (phones.0[mover].clone(), phone(SECOND + mover));
        phones.0[mover].clone_from(&to);
        phones.0.push(from.clone());
        moves.push(Event::Moves { from, to });
        from_new.push(writes_from(phones, mover));
        from_former.push(writes_from(phones, phones.0.len() - 1));
    }
    let all = vec![Event::AllComesAgain];
    [Vec::new(), stops, moves, from_new, from_former, all].map(Round::settled)
}

/// Returns rounds in which Meta's agent takes over the conversations of some customers, answers some
/// of them and hands them back, unless an agent in Jira has taken them back before. Others are
/// answered in the WhatsApp Business app, and others call. Each round is finished before the next: a
/// rule's comment while another sender holds the conversation would stay inside.
fn elsewhere(phones: &Phones, planned: &mut usize, time: usize) -> [Round; 5] {
    let group = phones.0.len().div_ceil(ONE_OF);
    // Those who have said STOP or have another number are at the beginning.
    let first = (2 + 3 * time) * group;
    let members = |of: usize| {
        let whole = phones.0.len();
        (first + of * group..first + (of + 1) * group).map(move |customer| customer % whole)
    };
    let mut next = |customer| {
        *planned += 1;
        token(customer, *planned - 1)
    };
    let hands_over = |to: &'static str| {
        let over = members(0).map(|customer| Event::HandsOver {
            phone: phones.0[customer].clone(),
            to,
        });
        over.collect::<Vec<_>>()
    };
    let echo = |customer: usize, by| Event::Echoes {
        phone: phones.0[customer].clone(),
        by,
        text: format!(
            "{} the other sender answers",
            token(customer, ECHOES + time)
        ),
    };
    let mut writes = Vec::new();
    for customer in members(0) {
        let token = next(customer);
        writes.push(phones.writes(customer, &token));
    }
    let mut others = Vec::new();
    others.extend(members(0).map(|customer| echo(customer, "meta_agent")));
    others.extend(members(1).map(|customer| echo(customer, "business_app")));
    others.extend(members(2).map(|customer| Event::Calls {
        phone: phones.0[customer].clone(),
        answered: customer.is_multiple_of(2),
    }));
    let mut answers = Vec::new();
    for customer in members(0).step_by(2) {
        answers.push(Event::Comments {
            customer,
            text: format!("{} an agent takes over", next(customer)),
            how: Comment::Public,
        });
    }
    let back = hands_over("casement");
    [hands_over("meta_agent"), writes, others, answers, back].map(Round::settled)
}

impl Round {
    fn settled(events: Vec<Event>) -> Self {
        Self {
            events,
            duplicates: 1,
            shuffled: true,
            pause: Duration::ZERO,
            hidden: false,
            settled: true,
        }
    }
}

/// Returns the token of a customer's message with this number.
pub(crate) fn token(customer: usize, number: usize) -> String {
    format!("c{customer:03}-m{number:05}")
}

/// Returns the customer whose token is the first in a text.
pub(super) fn customer_in(text: &str) -> Option<usize> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let token = |word: &str| word.strip_prefix('c')?.split_once("-m")?.0.parse().ok();
    words.filter_map(token).next()
}

/// Returns the phone number of a customer.
pub(crate) fn phone(customer: usize) -> String {
    format!("49151{customer:08}")
}

fn comment(rng: &mut Rng, token: &str) -> (String, Comment) {
    let text = format!("{token} it comes tomorrow");
    match rng.u32(..100) {
        0..70 => (text, Comment::Public),
        // Too long for one WhatsApp message, so sent as two, each with the token.
        70..73 => (
            format!("{token} it comes tomorrow, in one of many words. ").repeat(90),
            Comment::Public,
        ),
        73..80 => (text, Comment::Automation),
        80..92 => (format!("{token} for us"), Comment::Internal),
        92..97 => (format!("{token} for us"), Comment::Restricted),
        _ => (format!("{token} I wait too"), Comment::PortalCustomer),
    }
}

/// Returns a pause: mostly minutes, sometimes hours, rarely past the end of windows.
fn pause(rng: &mut Rng) -> Duration {
    let seconds = match rng.u32(..100) {
        0..60 => rng.u64(30..300),
        60..90 => rng.u64(600..3_600),
        90..96 => rng.u64(3 * 3_600..20 * 3_600),
        _ => rng.u64(23 * 3_600..26 * 3_600),
    };
    Duration::from_secs(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size {
        seed: 7,
        customers: 30,
        messages: 500,
        at_once: 40,
    };

    #[test]
    fn the_plan_is_a_function_of_the_seed() {
        assert_eq!(rounds(SIZE), rounds(SIZE));
        assert_ne!(rounds(SIZE), rounds(Size { seed: 8, ..SIZE }));
    }

    #[test]
    fn everybody_writes_first_and_every_message_has_a_token_of_its_own() {
        let (rounds, _) = rounds(SIZE);
        let mut tokens = Vec::new();
        let mut by_kind = [0; 7];
        for event in rounds.iter().flat_map(|round| &round.events) {
            match event {
                Event::Writes { text, .. } => {
                    by_kind[0] += 1;
                    tokens.push(text.split(' ').next().unwrap().to_owned());
                }
                Event::Comments { text, .. } => {
                    by_kind[1] += 1;
                    tokens.push(text.split(' ').next().unwrap().to_owned());
                }
                Event::Moves { .. } | Event::Stops { .. } | Event::AllComesAgain => {
                    by_kind[3] += 1;
                }
                Event::HandsOver { .. } => by_kind[4] += 1,
                Event::Echoes { .. } => by_kind[5] += 1,
                Event::Calls { .. } => by_kind[6] += 1,
                Event::Edits { token, .. } => {
                    by_kind[2] += 1;
                    assert!(
                        tokens.contains(token),
                        "{token} is changed before it is there"
                    );
                }
            }
        }
        assert_eq!(tokens.len(), SIZE.messages);
        for (number, token) in tokens.iter().take(SIZE.customers).enumerate() {
            assert_eq!(*token, self::token(number, number));
        }
        tokens.sort();
        tokens.dedup();
        assert_eq!(tokens.len(), SIZE.messages);
        assert!(by_kind.iter().all(|count| *count > 3), "{by_kind:?}");
    }
}
