//! The proxy between the functions and everything outside them: each call is numbered, recorded,
//! and hit by a fault if one is due.

mod body;
mod calls;
mod faults;
mod form;
mod permissions;
mod service;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{OriginalUri, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::Value;
use tower::ServiceExt;

pub use self::calls::{Call, Calls, numbered};
pub use self::faults::{Armed, Fault, FaultAnswer, Faults, Kind, Target};
pub use self::form::FormPart;
pub use self::permissions::Permissions;
pub use self::service::Service;
use crate::lambda::Lambda;
use crate::serve::CutConnection;

const FORWARDED_PREFIX: &str = "x-forwarded-prefix";
// Bodies larger than this are not recorded.
const MAX_RECORDED: usize = 256 * 1024;

/// The services' routers in this process.
#[derive(Clone)]
pub struct Services {
    /// The simulated Cloud API.
    pub whatsapp: Router,
    /// The simulated Jira.
    pub jira: Router,
    /// The emulated SQS.
    pub sqs: Router,
    /// The emulated DynamoDB.
    pub dynamodb: Router,
    /// The emulated Secrets Manager.
    pub secrets: Router,
}

/// The parts that a proxied call needs.
#[derive(Clone)]
pub struct Proxy {
    pub services: Services,
    /// The record of calls.
    pub calls: Calls,
    /// The faults that may hit calls.
    pub faults: Arc<Faults>,
    /// The functions' permissions at AWS.
    pub permissions: Arc<Permissions>,
    /// The functions, for the fault that kills the caller.
    pub lambda: Lambda,
}

impl Proxy {
    /// Serves `/{function}/{environment}/{service}/...`, to be nested under `/_via`.
    pub fn router(self) -> Router {
        let service = "/{function}/{environment}/{service}";
        Router::new()
            .route(service, any(service_root))
            .route(&format!("{service}/"), any(service_root))
            .route(&format!("{service}/{{*path}}"), any(service_path))
            .with_state(self)
    }

    async fn call(
        &self,
        function: String,
        environment: u64,
        segment: &str,
        path: &str,
        request: Request,
    ) -> Response {
        let Some(service) = Service::from_segment(segment) else {
            return problem(StatusCode::NOT_FOUND, &format!("no service {segment}"));
        };
        let (request, recorded) = match prepare(service, path, request).await {
            Ok(prepared) => prepared,
            Err(refusal) => return refusal,
        };
        let operation = service.operation(request.method(), path, request.headers());
        let (request, actions) = match permissions::needed(service, &operation, request).await {
            Ok(prepared) => prepared,
            Err(error) => return problem(StatusCode::BAD_REQUEST, &error.to_string()),
        };
        let refusal = self.permissions.refusal(&function, &actions);
        let content_type = request.headers().get(header::CONTENT_TYPE);
        let struck = self.faults.strike(&function, service, &operation);
        let mut open = self.calls.begin(Call {
            function,
            environment,
            service,
            operation,
            method: request.method().to_string(),
            path: request.uri().to_string(),
            content_type: content_type.and_then(|kind| kind.to_str().ok().map(str::to_owned)),
            status: None,
            ms: None,
            fault: struck.as_ref().map(|(id, _)| *id),
            actions,
            request: recorded,
            form: None,
            broke_off: false,
        });
        let response = if let Some(refusal) = refusal {
            refusal
        } else if form::is_form(&request) && !service.is_aws() {
            let (request, form) = form::watched(request);
            let answer = self.answer(struck, environment, service, request);
            let (response, form) = tokio::join!(answer, form);
            open.uploaded(form);
            response
        } else {
            self.answer(struck, environment, service, request).await
        };
        if response.extensions().get::<CutConnection>().is_none() {
            open.answer(response.status().as_u16());
        }
        response
    }

    async fn answer(
        &self,
        struck: Option<(u64, Fault)>,
        environment: u64,
        service: Service,
        request: Request,
    ) -> Response {
        match struck {
            None => self.forward(service, request).await,
            Some((_, fault)) => self.strike(&fault, environment, service, request).await,
        }
    }

    async fn forward(&self, service: Service, request: Request) -> Response {
        let services = self.services.clone();
        let router = match service {
            Service::Whatsapp => services.whatsapp,
            Service::Jira => services.jira,
            Service::Sqs => services.sqs,
            Service::Dynamodb => services.dynamodb,
            Service::Secrets => services.secrets,
        };
        let (parts, body) = request.into_parts();
        let (body, all_sent) = body::read_to_end(body);
        let request = Request::from_parts(parts, body);
        // A separate task, so that a caller that hangs up does not undo its request.
        let answer = tokio::spawn(async move {
            let (answer, ()) = tokio::join!(router.oneshot(request), all_sent);
            answer
        });
        let answer = answer.await;
        match answer {
            Ok(Ok(response)) => response,
            Err(error) => problem(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
        }
    }

    async fn strike(
        &self,
        fault: &Fault,
        environment: u64,
        service: Service,
        request: Request,
    ) -> Response {
        match fault.kind {
            Kind::Refuse => CutConnection.into_response(),
            Kind::Status => {
                body::read_out(request.into_body()).await;
                fault_answer(fault)
            }
            Kind::Hang => std::future::pending().await,
            Kind::Slow => {
                tokio::time::sleep(fault.delay()).await;
                self.forward(service, request).await
            }
            Kind::StatusAfter => {
                self.forward(service, request).await;
                fault_answer(fault)
            }
            Kind::CutAfter => {
                self.forward(service, request).await;
                CutConnection.into_response()
            }
            Kind::KillAfter => {
                self.forward(service, request).await;
                self.lambda.kill(environment);
                CutConnection.into_response()
            }
            Kind::Truncate => {
                let truncated = body::truncate(self.forward(service, request).await).await;
                truncated.unwrap_or_else(|error| {
                    problem(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string())
                })
            }
        }
    }
}

async fn service_root(
    State(proxy): State<Proxy>,
    Path((function, environment, segment)): Path<(String, u64, String)>,
    request: Request,
) -> Response {
    proxy
        .call(function, environment, &segment, "/", request)
        .await
}

async fn service_path(
    State(proxy): State<Proxy>,
    Path((function, environment, segment, _)): Path<(String, u64, String, String)>,
    request: Request,
) -> Response {
    // The path as it was sent: the extracted path is already decoded.
    let path = request.uri().path().to_owned();
    let own = format!("/{function}/{environment}/{segment}");
    let path = path.find(&own).map_or("/", |at| &path[at + own.len()..]);
    proxy
        .call(function, environment, &segment, path, request)
        .await
}

/// Returns the request for the service, and its body for the record.
async fn prepare(
    service: Service,
    path: &str,
    request: Request,
) -> Result<(Request, Option<Value>), Response> {
    let (mut parts, body) = request.into_parts();
    if !service.is_aws() {
        let prefix = own_prefix(&parts, path)?;
        parts.headers.insert(FORWARDED_PREFIX, prefix);
    }
    let target = match parts.uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    parts.uri = target
        .parse::<Uri>()
        .map_err(|error| problem(StatusCode::BAD_REQUEST, &error.to_string()))?;
    // This router's extensions must not reach the service's own router.
    parts.extensions.clear();
    let is_json = parts
        .headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    // Media pass through unchanged. Only JSON for the simulators is recorded.
    if service.is_aws() || !is_json {
        return Ok((Request::from_parts(parts, body), None));
    }
    let body = body::buffered(body)
        .await
        .map_err(|error| problem(StatusCode::PAYLOAD_TOO_LARGE, &error.to_string()))?;
    let recorded = (body.len() <= MAX_RECORDED)
        .then(|| serde_json::from_slice(&body).ok())
        .flatten();
    Ok((Request::from_parts(parts, Body::from(body)), recorded))
}

/// Returns the part before the service's own `path` in the address that the function called. The
/// simulators put it before the paths of URLs that they give out, so that these lead here too.
#[expect(clippy::result_large_err, reason = "the refusal is the answer itself")]
fn own_prefix(parts: &Parts, path: &str) -> Result<HeaderValue, Response> {
    let original = parts.extensions.get::<OriginalUri>();
    let called = original.map_or(&parts.uri, |OriginalUri(uri)| uri).path();
    let prefix = called.strip_suffix(path).unwrap_or(called);
    HeaderValue::from_str(prefix)
        .map_err(|error| problem(StatusCode::BAD_REQUEST, &error.to_string()))
}

fn fault_answer(fault: &Fault) -> Response {
    match fault.answer() {
        Ok(answer) => (answer.status, answer.headers, answer.body).into_response(),
        Err(problem_with_it) => problem(StatusCode::INTERNAL_SERVER_ERROR, &problem_with_it),
    }
}

fn problem(status: StatusCode, detail: &str) -> Response {
    local_simulators::problem::Problem::new(status, detail).into_response()
}
