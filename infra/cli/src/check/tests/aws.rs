use std::collections::HashMap;

use super::judged;
use crate::check::aws::{
    DeadLetterQueue, QueueFacts, TableFacts, judge_dead_letters, judge_queues, judge_table,
};

fn table() -> TableFacts {
    let keys = [("", ["pk", "sk"]), ("due", ["due_shard", "due_at"])];
    let keys = keys.map(|(name, keys)| (name.to_owned(), keys.map(str::to_owned).into()));
    TableFacts {
        keys: HashMap::from(keys),
        expires_by: Some("expires_at".to_owned()),
    }
}

#[test]
fn the_table() {
    let mut no_index = table();
    no_index.keys.remove("due");
    let mut for_ever = table();
    for_ever.expires_by = None;
    let missing = Err("ResourceNotFoundException".to_owned());
    let expired = Err("ExpiredTokenException".to_owned());
    for (facts, expected) in [
        (Ok(table()), None),
        (Ok(no_index), Some(("not Casement's", "sam deploy"))),
        (Ok(for_ever), Some(("do not expire", "sam deploy"))),
        (missing, Some(("ResourceNotFoundException", "AWS_REGION"))),
        (expired, Some(("ExpiredTokenException", "aws sso login"))),
    ] {
        judged(&judge_table(&facts), expected);
    }
}

#[test]
fn queues_and_dead_letters() {
    let queue = |fifo, dead: Option<u64>| {
        Ok(QueueFacts {
            arn: String::new(),
            fifo,
            dead_letters: dead.map(|waiting| DeadLetterQueue {
                waiting,
                ..DeadLetterQueue::default()
            }),
        })
    };
    let gone = || Err("AWS.SimpleQueueService.NonExistentQueue".to_owned());
    for (facts, queues, letters) in [
        (queue(true, Some(0)), None, None),
        (
            queue(false, Some(0)),
            Some(("not a FIFO", "sam deploy")),
            None,
        ),
        (
            queue(true, None),
            Some(("no dead-letter", "sam deploy")),
            None,
        ),
        (gone(), Some(("inbound", "--outputs")), Some(("queues", ""))),
        (
            queue(true, Some(3)),
            None,
            Some(("3 of inbound", "casement redrive inbound")),
        ),
    ] {
        let all = [
            ("inbound", true, facts),
            ("status", false, queue(false, Some(0))),
        ];
        judged(&judge_queues(&all), queues);
        judged(&judge_dead_letters(&all), letters);
    }
}
