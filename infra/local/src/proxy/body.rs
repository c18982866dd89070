//! Passes bodies of any size through, without holding a whole one in memory.

use std::future::Future;
use std::io;

use axum::body::{Body, BodyDataStream, Bytes, HttpBody, to_bytes};
use axum::http::header;
use axum::response::Response;
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::mpsc;

// More than the 16 MB of DynamoDB's largest batch answer, and far more than the 6 MB of JSON that
// SQS and the APIs take.
const MAX_BUFFERED: usize = 32 * 1024 * 1024;

/// Returns the whole body, for use where it is needed at once.
///
/// # Errors
/// The body is too large for that, or breaks off.
pub(super) async fn buffered(body: Body) -> Result<Bytes, axum::Error> {
    to_bytes(body, MAX_BUFFERED).await
}

/// Reads a body to its end and discards it.
pub(super) async fn read_out(body: Body) {
    let mut pieces = body.into_data_stream();
    while let Some(Ok(_)) = pieces.next().await {}
}

/// Returns the same body piece by piece, and a future that ends when the caller has sent all of it.
/// Discards whatever the new body's reader leaves unread: otherwise the server would close the
/// connection while the caller is still sending, and the caller might miss the answer.
pub(super) fn read_to_end(body: Body) -> (Body, impl Future<Output = ()> + Send) {
    let (sender, mut receiver) = mpsc::channel(1);
    let pass_on = async move {
        let mut pieces = body.into_data_stream();
        while let Some(piece) = pieces.next().await {
            let broken = piece.is_err();
            // Fails when nobody reads on.
            sender.send(piece).await.ok();
            if broken {
                break;
            }
        }
    };
    let pieces = stream::poll_fn(move |context| receiver.poll_recv(context));
    (Body::from_stream(pieces), pass_on)
}

/// Announces the whole body, sends half of it and breaks off.
///
/// # Errors
/// The body has no known length and is too large to be measured, or it breaks off.
pub(super) async fn truncate(response: Response) -> Result<Response, axum::Error> {
    let (mut parts, body) = response.into_parts();
    let announced = parts.headers.get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse().ok());
    let (length, body) = match announced.or_else(|| body.size_hint().exact()) {
        Some(length) => (length, body),
        None => {
            let whole = buffered(body).await?;
            (whole.len() as u64, Body::from(whole))
        }
    };
    parts.headers.insert(header::CONTENT_LENGTH, length.into());
    let half = first(length / 2, body.into_data_stream());
    Ok(Response::from_parts(parts, Body::from_stream(half)))
}

/// Returns the first `left` bytes of a body, followed by an error.
fn first(left: u64, pieces: BodyDataStream) -> impl Stream<Item = io::Result<Bytes>> {
    stream::unfold((left, pieces), |(left, mut pieces)| async move {
        if left == 0 {
            // The server sends its buffered data when the body makes it wait.
            tokio::task::yield_now().await;
            return Some((Err(cut()), (0, pieces)));
        }
        let piece = pieces.next().await?.map_err(io::Error::other);
        let piece = piece.map(|piece| {
            let most = usize::try_from(left).unwrap_or(usize::MAX);
            piece.slice(..piece.len().min(most))
        });
        let taken = piece.as_ref().map_or(0, Bytes::len) as u64;
        Some((piece, (left - taken, pieces)))
    })
}

fn cut() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "cut on purpose")
}
