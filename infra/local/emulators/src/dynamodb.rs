//! DynamoDB: an embedded engine (dynoxide) that holds the template's table.
//!
//! The functions reach it over HTTP at [`DynamoDb::address`], the rest of the stack in process. As
//! at AWS, expired items are deleted late and still returned until then ([`DynamoDb::expire`]).

mod expiry;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;

use dynoxide::actions::create_table::CreateTableRequest;
use dynoxide::actions::delete_item::DeleteItemRequest;
use dynoxide::actions::describe_table::DescribeTableRequest;
use dynoxide::actions::get_item::GetItemRequest;
use dynoxide::actions::put_item::PutItemRequest;
use dynoxide::actions::scan::ScanRequest;
use dynoxide::actions::update_time_to_live::{TimeToLiveSpecification, UpdateTimeToLiveRequest};
use dynoxide::{AttributeValue, Database, DynoxideError, ImportOptions, Item};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::private_file::keep_private;
use crate::template::Table;

const FILE_NAME: &str = "dynamodb.sqlite";

/// Why DynamoDB cannot be started or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DynamoDbError {
    /// The engine refused the request.
    #[error("DynamoDB: {0}")]
    Engine(#[from] DynoxideError),
    /// No local port is free, or the data directory cannot be used.
    #[error("DynamoDB: {0}")]
    Io(#[from] std::io::Error),
    /// An item or a description is not DynamoDB JSON.
    #[error("DynamoDB: {0}")]
    Json(#[from] serde_json::Error),
    /// The data directory holds the table with keys or indexes other than the template's.
    #[error("DynamoDB: the data directory holds {0} with other keys or indexes; empty it first")]
    OtherTable(String),
    /// The HTTP server ended with an error.
    #[error("DynamoDB: {0}")]
    Server(String),
}

/// A running DynamoDB with one table.
pub struct DynamoDb {
    database: Database,
    table: Table,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Result<(), String>>,
}

impl std::fmt::Debug for DynamoDb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DynamoDb")
            .field("table", &self.table.name)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl DynamoDb {
    /// Starts the engine on a free local port and creates the table. With a `directory`, items are
    /// kept there and those of an earlier run are loaded.
    ///
    /// # Errors
    /// The directory cannot be used or holds a different table of that name, or no port is free.
    /// The caller reports it and stops.
    pub async fn start(table: &Table, directory: Option<&Path>) -> Result<Self, DynamoDbError> {
        let database = match directory {
            None => Database::memory()?,
            Some(directory) => {
                std::fs::create_dir_all(directory)?;
                let file = directory.join(FILE_NAME);
                // SQLite's other files inherit this file's mode.
                keep_private(
                    &std::fs::File::options()
                        .create(true)
                        .append(true)
                        .open(&file)?,
                )?;
                Database::new(&file.to_string_lossy())?
            }
        };
        create_table(&database, table)?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(dynoxide::server::serve_with_shutdown(
            listener,
            database.clone(),
            async {
                // Dropping the handle also ends the server.
                stopped.await.ok();
            },
        ));
        Ok(Self {
            database,
            table: table.clone(),
            address,
            stop,
            server,
        })
    }

    /// Returns the address of the HTTP server.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns all items of the table, in DynamoDB JSON (`{"pk": {"S": "..."}}`).
    ///
    /// # Errors
    /// The engine refuses the request.
    pub fn all_items(&self) -> Result<Vec<Value>, DynamoDbError> {
        let items = self.scan()?;
        Ok(items
            .iter()
            .map(serde_json::to_value)
            .collect::<Result<_, _>>()?)
    }

    /// Returns the items whose partition key begins with `prefix`, in DynamoDB JSON.
    ///
    /// # Errors
    /// The engine refuses the request.
    pub fn items_beginning_with(&self, prefix: &str) -> Result<Vec<Value>, DynamoDbError> {
        let items = self.scan()?;
        let partition_key = self.table.key_schema.first();
        let begins = |item: &&Item| {
            let value = partition_key.and_then(|key| item.get(&key.attribute_name));
            matches!(value, Some(AttributeValue::S(text)) if text.starts_with(prefix))
        };
        let found = items.iter().filter(begins);
        Ok(found.map(serde_json::to_value).collect::<Result<_, _>>()?)
    }

    /// Returns the item with this key, in DynamoDB JSON.
    ///
    /// # Errors
    /// The key does not fit the table, or the engine refuses it.
    pub fn item(&self, key: Value) -> Result<Option<Value>, DynamoDbError> {
        let found = self.database.get_item(GetItemRequest {
            table_name: self.table.name.clone(),
            key: serde_json::from_value(key)?,
            ..GetItemRequest::default()
        })?;
        Ok(found.item.map(serde_json::to_value).transpose()?)
    }

    /// Puts an item given in DynamoDB JSON, replacing any with the same key.
    ///
    /// # Errors
    /// The value is not an item, or the engine refuses it.
    pub fn put_item(&self, item: Value) -> Result<(), DynamoDbError> {
        let request = PutItemRequest {
            table_name: self.table.name.clone(),
            item: serde_json::from_value(item)?,
            ..PutItemRequest::default()
        };
        self.database.put_item(request)?;
        Ok(())
    }

    /// Puts many items at once, much faster than one by one.
    ///
    /// # Errors
    /// A value is not an item, or the engine refuses it. Nothing is put then.
    pub fn import(&self, items: Vec<Value>) -> Result<(), DynamoDbError> {
        let items = items.into_iter().map(serde_json::from_value);
        let items = items.collect::<Result<Vec<Item>, _>>()?;
        let options = ImportOptions::default();
        self.database
            .import_items(&self.table.name, items, options)?;
        Ok(())
    }

    /// Returns what of an item is its key.
    fn key_of(&self, mut item: Item) -> Item {
        item.retain(|name, _| {
            let mut key = self.table.key_schema.iter();
            key.any(|element| element.attribute_name == *name)
        });
        item
    }

    /// Deletes all items.
    ///
    /// # Errors
    /// The engine refuses the request.
    pub fn empty(&self) -> Result<(), DynamoDbError> {
        for item in self.scan()? {
            let request = DeleteItemRequest {
                table_name: self.table.name.clone(),
                key: self.key_of(item),
                ..DeleteItemRequest::default()
            };
            self.database.delete_item(request)?;
        }
        Ok(())
    }

    /// Stops the HTTP server once the running requests are done.
    ///
    /// # Errors
    /// The server had already ended with an error.
    pub async fn stop(self) -> Result<(), DynamoDbError> {
        // A server that ended by itself no longer listens.
        self.stop.send(()).ok();
        match self.server.await {
            Ok(outcome) => outcome.map_err(DynamoDbError::Server),
            Err(error) => Err(DynamoDbError::Server(error.to_string())),
        }
    }

    fn scan(&self) -> Result<Vec<Item>, DynamoDbError> {
        let mut items = Vec::new();
        let mut exclusive_start_key: Option<HashMap<_, _>> = None;
        loop {
            let page = self.database.scan(ScanRequest {
                table_name: self.table.name.clone(),
                exclusive_start_key,
                ..ScanRequest::default()
            })?;
            items.extend(page.items.unwrap_or_default());
            match page.last_evaluated_key {
                Some(key) => exclusive_start_key = Some(key),
                None => return Ok(items),
            }
        }
    }
}

fn create_table(database: &Database, table: &Table) -> Result<(), DynamoDbError> {
    let existing = database.describe_table(DescribeTableRequest {
        table_name: table.name.clone(),
    });
    match existing {
        Ok(existing) => return check_same(table, &serde_json::to_value(existing)?["Table"]),
        Err(DynoxideError::ResourceNotFoundException(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let mut request = json!({
        "TableName": table.name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": table.attribute_definitions,
        "KeySchema": table.key_schema,
    });
    // An empty list of indexes is refused, as at AWS.
    if !table.indexes.is_empty() {
        request["GlobalSecondaryIndexes"] = json!(table.indexes);
    }
    database.create_table(serde_json::from_value::<CreateTableRequest>(request)?)?;
    if let Some(attribute_name) = &table.ttl_attribute {
        database.update_time_to_live(UpdateTimeToLiveRequest {
            table_name: table.name.clone(),
            time_to_live_specification: TimeToLiveSpecification {
                attribute_name: attribute_name.clone(),
                enabled: true,
            },
        })?;
    }
    Ok(())
}

/// Checks that an existing table has the keys and indexes of the template.
fn check_same(table: &Table, existing: &Value) -> Result<(), DynamoDbError> {
    let index_keys = |index: &Value| (index["IndexName"].clone(), index["KeySchema"].clone());
    let wanted: Vec<_> = table.indexes.iter().map(|index| json!(index)).collect();
    let wanted: Vec<_> = wanted.iter().map(index_keys).collect();
    let found: Vec<_> = existing["GlobalSecondaryIndexes"]
        .as_array()
        .into_iter()
        .flatten()
        .map(index_keys)
        .collect();
    if existing["KeySchema"] == json!(table.key_schema) && found == wanted {
        Ok(())
    } else {
        Err(DynamoDbError::OtherTable(table.name.clone()))
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::template::{Stack, Surroundings};

    pub(super) fn table() -> Table {
        let surroundings = Surroundings {
            region: "eu-central-1".to_owned(),
            account: "000000000000".to_owned(),
            parameters: [
                ("WebhookSecretArn", "w"),
                ("CredentialsSecretArn", "c"),
                ("FingerprintKeyArn", "f"),
                ("JiraBaseUrl", "j"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
            queue_url_base: String::new(),
        };
        let template = include_str!("../../../../template.yaml");
        Stack::from_yaml(template, &surroundings).unwrap().table
    }

    fn item(n: usize) -> Value {
        json!({"pk": {"S": format!("CONV#{n}")}, "sk": {"S": "STATE"}, "held_count": {"N": "0"}})
    }

    #[tokio::test]
    async fn items_are_put_shown_and_deleted() {
        let dynamodb = DynamoDb::start(&table(), None).await.unwrap();
        for n in 0..3 {
            dynamodb.put_item(item(n)).unwrap();
        }
        let items = dynamodb.all_items().unwrap();
        assert_eq!(items.len(), 3);
        assert!(items.contains(&item(1)));
        let key = |n| json!({"pk": {"S": format!("CONV#{n}")}, "sk": {"S": "STATE"}});
        assert_eq!(dynamodb.item(key(1)).unwrap(), Some(item(1)));
        assert_eq!(dynamodb.item(key(9)).unwrap(), None);
        let found = dynamodb.items_beginning_with("CONV#2").unwrap();
        assert_eq!(found, [item(2)]);
        dynamodb.empty().unwrap();
        assert!(dynamodb.all_items().unwrap().is_empty());
        dynamodb.import(vec![item(1), item(2)]).unwrap();
        assert_eq!(dynamodb.item(key(2)).unwrap(), Some(item(2)));
        assert!(dynamodb.put_item(json!({"pk": {"S": "x"}})).is_err());
        dynamodb.stop().await.unwrap();
    }

    #[tokio::test]
    async fn all_pages_are_read() {
        let dynamodb = DynamoDb::start(&table(), None).await.unwrap();
        let large = "x".repeat(300_000);
        for n in 0..5 {
            let mut item = item(n);
            item["large"] = json!({ "S": large });
            dynamodb.put_item(item).unwrap();
        }
        assert_eq!(dynamodb.all_items().unwrap().len(), 5);
    }

    #[tokio::test]
    async fn items_survive_without_a_clean_end_and_another_table_is_refused() {
        let directory = Directory::new();
        let first = DynamoDb::start(&table(), Some(&directory.0)).await.unwrap();
        first.put_item(item(1)).unwrap();
        let second = DynamoDb::start(&table(), Some(&directory.0)).await.unwrap();
        assert_eq!(second.all_items().unwrap(), [item(1)]);

        let mut other = table();
        other.indexes.clear();
        let refused = DynamoDb::start(&other, Some(&directory.0)).await;
        assert!(matches!(refused, Err(DynamoDbError::OtherTable(_))));
    }

    /// A directory that is removed when the test ends.
    struct Directory(PathBuf);

    impl Directory {
        fn new() -> Self {
            Self(std::env::temp_dir().join(format!("dynamodb-{}", uuid::Uuid::new_v4())))
        }
    }

    impl Drop for Directory {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.0).ok();
        }
    }
}
