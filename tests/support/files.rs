//! Files in a story.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::stack::Stack;

/// A file of a request in Jira.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub name: String,
    /// The file's media type.
    pub mime_type: String,
    /// In bytes.
    pub size: u64,
    /// The SHA-256 of the content, in hex.
    pub sha256: String,
}

impl Stack {
    /// Sends a file as a customer, by its name, type and content.
    pub async fn customer_sends_file(
        &self,
        phone: &str,
        (name, mime_type, content): (&str, &str, &[u8]),
        caption: Option<&str>,
    ) {
        let part = Part::bytes(content.to_vec()).file_name(name.to_owned());
        let mut form = Form::new().part("file", part.mime_str(mime_type).unwrap());
        if let Some(caption) = caption {
            form = form.text("caption", caption.to_owned());
        }
        let url = self.url(&format!("/api/customers/{phone}/files"));
        let answer = self.client().post(url).multipart(form).send().await;
        let answer: Value = answer.unwrap().json().await.unwrap();
        assert_eq!(answer["webhook_status"], 200, "{answer}");
    }

    /// Sends a video of this many bytes as a customer. Returns the status of the webhook.
    pub async fn customer_sends_video(&self, phone: &str, size: u64) -> u64 {
        let video = json!({"type": "video", "mime_type": "video/mp4", "size": size});
        let path = format!("/api/customers/{phone}/generated-files");
        let answer = self.api(Method::POST, &path, video).await;
        answer["webhook_status"].as_u64().unwrap()
    }

    /// Returns the files of a request, oldest first.
    pub async fn attachments(&self, key: &str) -> Vec<Attachment> {
        let path = format!("/api/requests/{key}");
        let request = self.api(Method::GET, &path, Value::Null).await;
        let listed = request["attachments"].as_array().unwrap().iter();
        listed
            .map(|file| Attachment {
                name: file["filename"].as_str().unwrap().to_owned(),
                mime_type: file["mime_type"].as_str().unwrap().to_owned(),
                size: file["size"].as_u64().unwrap(),
                sha256: file["sha256"].as_str().unwrap().to_owned(),
            })
            .collect()
    }

    /// Returns the comments of a request as ADF, oldest first.
    pub async fn comments_as_adf(&self, key: &str) -> Vec<Value> {
        let path = format!("/api/requests/{key}");
        let request = self.api(Method::GET, &path, Value::Null).await;
        let comments = request["comments"].as_array().unwrap().iter();
        comments.map(|comment| comment["adf"].clone()).collect()
    }
}
