//! Options of a simulator, changed by partial JSON objects.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::problem::Problem;

/// Returns `current`, overridden by the members of `changes`.
///
/// # Errors
/// A member is unknown or has a wrong value. The problem names the member.
pub(crate) fn with_changes<T>(current: &T, changes: Map<String, Value>) -> Result<T, Problem>
where
    T: Serialize + DeserializeOwned,
{
    let wrong = |error: serde_json::Error| Problem::bad_request(format!("options: {error}"));
    let mut merged = serde_json::to_value(current).map_err(wrong)?;
    if let Value::Object(members) = &mut merged {
        members.extend(changes);
    }
    serde_json::from_value(merged).map_err(wrong)
}
