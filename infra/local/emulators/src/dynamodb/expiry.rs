//! Deletes items some time after their time to live.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use dynoxide::actions::delete_item::DeleteItemRequest;
use dynoxide::{AttributeValue, DynoxideError};

use super::{DynamoDb, DynamoDbError};

/// How late items are deleted. AWS says "within a few days" (Amazon DynamoDB developer guide,
/// "Using time to live"): code may rely on neither the presence nor the absence of an expired item.
const LATE: TimeDelta = TimeDelta::days(1);

/// Items that expired longer ago than this stay, so that a mistaken time does not empty the table
/// (same source).
const TOO_LONG_AGO: TimeDelta = TimeDelta::days(5 * 365);

impl DynamoDb {
    /// Deletes items that expired at least a day before `now`. Returns how many.
    ///
    /// # Errors
    /// The engine refuses the request.
    pub fn expire(&self, now: DateTime<Utc>) -> Result<usize, DynamoDbError> {
        let Some(attribute) = self.table.ttl_attribute.as_deref() else {
            return Ok(0);
        };
        let (first, last) = (now - TOO_LONG_AGO, now - LATE);
        let ended = first.timestamp()..=last.timestamp();
        let mut deleted = 0;
        for mut item in self.scan()? {
            let Some(AttributeValue::N(expires_at)) = item.remove(attribute) else {
                continue;
            };
            if !expires_at.parse().is_ok_and(|at: i64| ended.contains(&at)) {
                continue;
            }
            // A function may have rewritten the item in the meantime.
            let request = DeleteItemRequest {
                table_name: self.table.name.clone(),
                key: self.key_of(item),
                condition_expression: Some("#ttl = :seen".to_owned()),
                expression_attribute_names: Some(HashMap::from([(
                    "#ttl".to_owned(),
                    attribute.to_owned(),
                )])),
                expression_attribute_values: Some(HashMap::from([(
                    ":seen".to_owned(),
                    AttributeValue::N(expires_at),
                )])),
                ..DeleteItemRequest::default()
            };
            match self.database.delete_item(request) {
                Ok(_) => deleted += 1,
                Err(DynoxideError::ConditionalCheckFailedException(..)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(deleted)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::tests::table;
    use super::*;

    #[tokio::test]
    async fn items_are_deleted_a_day_after_they_have_expired() {
        let dynamodb = DynamoDb::start(&table(), None).await.unwrap();
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let put = |pk: &str, expires_at: Value| {
            let mut item = json!({"pk": {"S": pk}, "sk": {"S": "STATE"}});
            if !expires_at.is_null() {
                item["expires_at"] = expires_at;
            }
            dynamodb.put_item(item).unwrap();
        };
        let at = |days: i64| json!({"N": (now + TimeDelta::days(days)).timestamp().to_string()});
        put("later", at(1));
        put("just now", at(0));
        put("long ago", at(-1));
        put("a mistake", at(-6 * 365));
        put("a text", json!({"S": "1"}));
        put("for ever", Value::Null);
        let left = || {
            let items = dynamodb.all_items().unwrap();
            let mut left: Vec<_> = items
                .iter()
                .map(|item| item["pk"]["S"].as_str().unwrap().to_owned())
                .collect();
            left.sort();
            left
        };
        assert_eq!(dynamodb.expire(now).unwrap(), 1);
        let rest = ["a mistake", "a text", "for ever", "just now", "later"];
        assert_eq!(left(), rest);
        assert_eq!(dynamodb.expire(now + TimeDelta::days(2)).unwrap(), 2);
        assert_eq!(left(), rest[..3]);
        dynamodb.stop().await.unwrap();
    }
}
