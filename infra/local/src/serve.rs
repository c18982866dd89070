//! The HTTP server. A handler may also answer by closing the connection, which no response can
//! express. It marks its response with [`CutConnection`] instead.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt;

/// Marks a response that is not sent: the connection is closed instead.
#[derive(Clone, Copy, Debug)]
pub struct CutConnection;

impl IntoResponse for CutConnection {
    fn into_response(self) -> axum::response::Response {
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Debug, Error)]
#[error("the connection is cut on purpose")]
struct Cut;

/// Serves `router` on `listener` until the future is dropped, which also ends all connections.
pub async fn serve(listener: TcpListener, router: Router) -> Infallible {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve_connection(stream, router.clone()));
                }
                Err(error) => {
                    // Probably out of file descriptors. Some free up with time.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve_connection(stream: TcpStream, router: Router) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection without TCP_NODELAY");
    }
    let service = tower::service_fn(move |request: Request<Incoming>| {
        let router = router.clone();
        async move {
            // Cannot fail: a router's error is `Infallible`.
            let Ok(response) = router.oneshot(request.map(Body::new)).await;
            match response.extensions().get::<CutConnection>() {
                Some(CutConnection) => Err(Cut),
                None => Ok(response),
            }
        }
    });
    let connection = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection ended");
    }
}
