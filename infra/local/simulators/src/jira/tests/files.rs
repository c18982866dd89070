//! Uploads for the tests of files.

use super::*;

/// The header that every upload needs.
pub(super) const ORIGIN_CHECK: (&str, &str) = ("x-atlassian-token", "no-check");

impl Bench {
    /// Posts files (name, type, content) as `multipart/form-data`.
    pub(super) async fn upload(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        files: &[(&str, &str, &str)],
    ) -> Answer {
        let mut body = String::new();
        for (name, mime_type, content) in files {
            body.push_str(&format!(
                "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 Content-Type: {mime_type}\r\n\r\n{content}\r\n"
            ));
        }
        body.push_str("--edge--\r\n");
        let mut request = self
            .http
            .post(format!("{}/atlassian{path}", self.base))
            .basic_auth("casement@example.com", Some("local-jira-token"))
            .header("content-type", "multipart/form-data; boundary=edge")
            .body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.json().await.unwrap_or_default(),
        }
    }

    /// Attaches one text file to an issue. Returns its id.
    pub(super) async fn attach(&self, key: &str, name: &str, content: &str) -> String {
        let path = format!("/rest/api/3/issue/{key}/attachments");
        let answer = self
            .upload(&path, &[ORIGIN_CHECK], &[(name, "text/plain", content)])
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body[0]["id"].as_str().unwrap().to_owned()
    }

    /// Reads bytes as the service account, without following redirects.
    pub(super) async fn read(&self, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let mut request = http
            .get(format!("{}/atlassian{path}", self.base))
            .basic_auth("casement@example.com", Some("local-jira-token"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    /// Returns the signed address of an attachment.
    pub(super) async fn location(&self, id: &str, headers: &[(&str, &str)]) -> String {
        let path = format!("/rest/api/3/attachment/content/{id}");
        let answer = self.read(&path, headers).await;
        assert_eq!(answer.status(), 303);
        answer.headers()["location"].to_str().unwrap().to_owned()
    }

    /// Returns the id that documents use for an attachment.
    pub(super) async fn media_id(&self, id: &str) -> String {
        let location = self.location(id, &[]).await;
        let rest = location.split("/file/").nth(1).unwrap();
        rest.split('/').next().unwrap().to_owned()
    }

    /// Returns the names of an issue's attachments in the platform API.
    pub(super) async fn names(&self, key: &str) -> Vec<String> {
        let path = format!("/atlassian/rest/api/3/issue/{key}?fields=attachment");
        let issue = self.get(&path).await.body;
        names_in(&issue["fields"]["attachment"])
    }
}

/// Returns the file names in a list.
pub(super) fn names_in(list: &Value) -> Vec<String> {
    let name = |file: &Value| file["filename"].as_str().unwrap().to_owned();
    list.as_array().unwrap().iter().map(name).collect()
}

/// Returns a document that names one file.
pub(super) fn naming(media: &str) -> Value {
    crate::jira::adf::document(vec![crate::jira::adf::file_block(media, "x", false)])
}
