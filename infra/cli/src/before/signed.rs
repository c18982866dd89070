//! Signed calls to AWS services. Five small calls do not deserve four clients of the SDK, which
//! take longer to compile than the rest of this command.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use casement_aws::client::AwsEnvironment;
use reqwest::{Client, Method, Url};
use roxmltree::Document;
use serde_json::Value;

use super::xml;

/// The timeout of an attempt. IAM's simulator takes seconds.
const PATIENCE: Duration = Duration::from_secs(15);

/// The pauses between the attempts of a call that does not connect, or that AWS throttles or fails at.
const PAUSES: [Duration; 2] = [Duration::from_millis(400), Duration::from_millis(1200)];

/// A service of AWS.
pub(super) struct Service {
    /// Its name in its address and in signatures.
    pub name: &'static str,
    /// The version of its API.
    pub version: &'static str,
}

/// Calls services with the credentials of an environment.
pub(super) struct Aws {
    http: Client,
    environment: AwsEnvironment,
    /// Addresses other than AWS's own, by service.
    endpoints: BTreeMap<&'static str, String>,
}

/// Why an attempt failed.
struct Failed {
    code: String,
    may_pass: bool,
}

impl Aws {
    pub(super) fn new(
        http: &Client,
        environment: &AwsEnvironment,
        endpoints: BTreeMap<&'static str, String>,
    ) -> Self {
        Self {
            http: http.clone(),
            environment: environment.clone(),
            endpoints,
        }
    }

    /// Returns a service's address, and the Region that its signatures name (AWS General Reference,
    /// "Service endpoints"). IAM has one address for each partition.
    fn endpoint(&self, service: &Service) -> (String, &str) {
        let region = self.environment.region.as_str();
        let is_iam = service.name == "iam";
        let (address, signed_for) = if region.starts_with("cn-") {
            let region = if is_iam { "cn-north-1" } else { region };
            (
                format!("{}.{region}.amazonaws.com.cn", service.name),
                region,
            )
        } else if is_iam && region.starts_with("us-gov-") {
            ("iam.us-gov.amazonaws.com".to_owned(), "us-gov-west-1")
        } else if is_iam {
            ("iam.amazonaws.com".to_owned(), "us-east-1")
        } else {
            (format!("{}.{region}.amazonaws.com", service.name), region)
        };
        let own = self.endpoints.get(service.name);
        let own = own.map(|url| url.trim_end_matches('/').to_owned());
        (
            own.unwrap_or_else(|| format!("https://{address}")),
            signed_for,
        )
    }

    /// Calls an action of a service that takes forms and answers in XML.
    pub(super) async fn action(
        &self,
        service: &Service,
        action: &str,
        parameters: &[(String, String)],
    ) -> Result<String, String> {
        let mut form = Url::parse("form:").map_err(|_| "request not built".to_owned())?;
        form.query_pairs_mut()
            .append_pair("Action", action)
            .append_pair("Version", service.version)
            .extend_pairs(parameters);
        let body = form.query().unwrap_or_default().to_owned();
        self.call(service, Method::POST, "/", body).await
    }

    /// Reads a resource of a service that answers in JSON.
    pub(super) async fn get(&self, service: &Service, path: &str) -> Result<String, String> {
        let path = format!("/{}/{path}", service.version);
        self.call(service, Method::GET, &path, String::new()).await
    }

    async fn call(
        &self,
        service: &Service,
        method: Method,
        path: &str,
        body: String,
    ) -> Result<String, String> {
        let mut pauses = PAUSES.iter();
        loop {
            let failed = match self.attempt(service, method.clone(), path, &body).await {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            match pauses.next() {
                Some(pause) if failed.may_pass => tokio::time::sleep(*pause).await,
                _ => return Err(failed.code),
            }
        }
    }

    async fn attempt(
        &self,
        service: &Service,
        method: Method,
        path: &str,
        body: &str,
    ) -> Result<String, Failed> {
        let failed = |code: &str, may_pass| Failed {
            code: code.to_owned(),
            may_pass,
        };
        let (address, region) = self.endpoint(service);
        let url = format!("{address}{path}");
        let headers = self
            .signature(service.name, region, method.as_str(), &url, body)
            .ok_or_else(|| failed("request not built", false))?;
        let mut request = self.http.request(method, &url).timeout(PATIENCE);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if !body.is_empty() {
            request = request.header("content-type", FORM).body(body.to_owned());
        }
        let answer = request.send().await.map_err(|error| {
            let code = if error.is_timeout() {
                "timeout"
            } else {
                "no connection"
            };
            failed(code, error.is_connect())
        })?;
        let status = answer.status();
        let kind = answer.headers().get("x-amzn-errortype");
        let kind = kind.and_then(|kind| kind.to_str().ok()).map(str::to_owned);
        let text = answer.text().await;
        let text = text.map_err(|_| failed("unreadable answer", true))?;
        if status.is_success() {
            return Ok(text);
        }
        let code = code_of(kind.as_deref(), &text);
        let may_pass = status.is_server_error() || status == 429 || code.contains("Throttl");
        Err(Failed { code, may_pass })
    }

    /// Signs a call, and returns the headers that the signature adds.
    fn signature(
        &self,
        service: &str,
        region: &str,
        method: &str,
        url: &str,
        body: &str,
    ) -> Option<Vec<(String, String)>> {
        let identity = self.environment.credentials.clone().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name(service)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .ok()?
            .into();
        let headers = (!body.is_empty()).then_some(("content-type", FORM));
        let body = SignableBody::Bytes(body.as_bytes());
        let request = SignableRequest::new(method, url, headers.into_iter(), body).ok()?;
        let (instructions, _) = sign(request, &parameters).ok()?.into_parts();
        let headers = instructions.headers();
        Some(
            headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        )
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

/// Returns the code of an error: in a header, in JSON, or in XML.
fn code_of(header: Option<&str>, body: &str) -> String {
    let json = || {
        let body: Value = serde_json::from_str(body).ok()?;
        let code = body["__type"].as_str().or_else(|| body["Code"].as_str())?;
        Some(code.rsplit('#').next().unwrap_or_default().to_owned())
    };
    let xml = || {
        let body = Document::parse(body).ok()?;
        xml::within(body.root(), "Code")
    };
    header
        .map(|code| code.split(':').next().unwrap_or_default().to_owned())
        .or_else(json)
        .or_else(xml)
        .unwrap_or_else(|| "no error code".to_owned())
}
