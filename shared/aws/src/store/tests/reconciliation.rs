use casement_core::decide::reconciliation::Cursor;
use casement_service::ports::{Cursors, Saved};

use super::*;

#[tokio::test]
async fn the_cursor_is_kept_by_whoever_read_it_last() {
    let store = store().await;
    assert_eq!(store.cursor().await, Ok(None));
    let first = Cursor::beginning(at(0));
    assert_eq!(store.keep_cursor(&first).await, Ok(Saved::Yes));
    assert_eq!(store.keep_cursor(&first).await, Ok(Saved::Conflict));
    let read = store.cursor().await.unwrap().unwrap();
    assert_eq!(
        read,
        Cursor {
            version: 1,
            ..first
        }
    );
    let next = read.completed(at(600));
    assert_eq!(store.keep_cursor(&next).await, Ok(Saved::Yes));
    let read = store.cursor().await.unwrap().unwrap();
    assert_eq!((read.since, read.version), (at(300), 2));
}
