//! The AWS JSON 1.0 protocol: an operation's name and a JSON body in, a JSON body out.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::engine::Sqs;
use super::error::SqsError;

impl Sqs {
    /// Performs one operation: `body` is the request's JSON, the result is the answer's.
    pub(super) async fn call(&self, operation: &str, body: &[u8]) -> Result<Vec<u8>, SqsError> {
        match operation {
            "ReceiveMessage" => answer(self.receive_message(parse(body)?).await?),
            "SendMessage" => answer(self.send_message(parse(body)?)?),
            "SendMessageBatch" => answer(self.send_message_batch(parse(body)?)?),
            "DeleteMessage" => answer(self.delete_message(parse(body)?)?),
            "DeleteMessageBatch" => answer(self.delete_message_batch(parse(body)?)?),
            "ChangeMessageVisibility" => answer(self.change_message_visibility(parse(body)?)?),
            "ChangeMessageVisibilityBatch" => {
                answer(self.change_message_visibility_batch(parse(body)?)?)
            }
            "CreateQueue" => answer(self.create_queue(parse(body)?)?),
            "GetQueueUrl" => answer(self.get_queue_url(parse(body)?)?),
            "GetQueueAttributes" => answer(self.get_queue_attributes(parse(body)?)?),
            "StartMessageMoveTask" => answer(self.start_message_move_task(parse(body)?)?),
            "ListMessageMoveTasks" => answer(self.list_message_move_tasks(parse(body)?)?),
            other => Err(SqsError::UnknownOperation(other.to_owned())),
        }
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, SqsError> {
    serde_json::from_slice(body).map_err(|error| SqsError::Serialization(error.to_string()))
}

fn answer(response: impl Serialize) -> Result<Vec<u8>, SqsError> {
    serde_json::to_vec(&response).map_err(|error| SqsError::Serialization(error.to_string()))
}
