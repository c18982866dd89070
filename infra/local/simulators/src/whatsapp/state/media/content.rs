//! The bytes of files, either kept as they came or generated while they are read.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use futures_util::stream;
use sha2::{Digest, Sha256};

/// The size of a block of generated content, in bytes.
const BLOCK: u64 = 64 * 1024;

/// The bytes of a file. Clones share them.
#[derive(Clone)]
pub(crate) struct Content {
    source: Source,
    size: u64,
    sha256: [u8; 32],
}

#[derive(Clone)]
enum Source {
    /// The bytes as they came.
    Kept(Arc<[Bytes]>),
    /// Random bytes that follow from this seed.
    Generated(u64),
}

/// A file that exceeds the size limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLarge;

impl Content {
    /// Creates `size` bytes that follow from `seed` and are not kept. Reads them once for their
    /// hash, which takes processor time.
    pub(crate) fn generated(seed: u64, size: u64) -> Self {
        let mut hash = Sha256::new();
        let source = Source::Generated(seed);
        for piece in source.pieces(size) {
            hash.update(&piece);
        }
        Self {
            source,
            size,
            sha256: hash.finalize().into(),
        }
    }

    /// Returns the number of bytes.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Returns the SHA-256 of the bytes.
    pub(crate) fn sha256(&self) -> [u8; 32] {
        self.sha256
    }

    /// Returns at most the first `most` bytes.
    pub(crate) fn head(&self, most: usize) -> Vec<u8> {
        let pieces = self.source.pieces(self.size);
        pieces.flatten().take(most).collect()
    }

    /// Returns the bytes as a body that is generated while it is read.
    pub(crate) fn body(&self) -> Body {
        let pieces = self.source.pieces(self.size);
        Body::from_stream(stream::iter(pieces.map(Ok::<_, Infallible>)))
    }
}

// Leaves out the bytes.
impl fmt::Debug for Content {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Content")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

impl Source {
    fn pieces(&self, size: u64) -> Box<dyn Iterator<Item = Bytes> + Send> {
        match self {
            Self::Kept(pieces) => {
                let pieces = Arc::clone(pieces);
                Box::new((0..pieces.len()).map(move |index| pieces[index].clone()))
            }
            Self::Generated(seed) => {
                let seed = *seed;
                Box::new((0..size.div_ceil(BLOCK)).map(move |index| block(seed, index, size)))
            }
        }
    }
}

fn block(seed: u64, index: u64, size: u64) -> Bytes {
    let length = BLOCK.min(size - index * BLOCK);
    // Never truncates: a block's length fits into any `usize`.
    let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
    fastrand::Rng::with_seed(seed.wrapping_add(index)).fill(&mut bytes);
    bytes.into()
}

/// Collects a file piece by piece, without copying.
pub(crate) struct Intake {
    largest: u64,
    pieces: Vec<Bytes>,
    size: u64,
    hash: Sha256,
}

impl Intake {
    /// Creates an intake for at most `largest` bytes. Nothing of a larger file is kept.
    pub(crate) fn new(largest: u64) -> Self {
        Self {
            largest,
            pieces: Vec::new(),
            size: 0,
            hash: Sha256::new(),
        }
    }

    pub(crate) fn add(&mut self, piece: Bytes) {
        self.size += piece.len() as u64;
        if self.size > self.largest {
            self.pieces = Vec::new();
        } else {
            self.hash.update(&piece);
            self.pieces.push(piece);
        }
    }

    /// Returns the whole file.
    ///
    /// # Errors
    /// The file exceeds the size limit.
    pub(crate) fn finish(self) -> Result<Content, TooLarge> {
        if self.size > self.largest {
            return Err(TooLarge);
        }
        Ok(Content {
            source: Source::Kept(self.pieces.into()),
            size: self.size,
            sha256: self.hash.finalize().into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    async fn read(content: &Content) -> Bytes {
        to_bytes(content.body(), usize::MAX).await.unwrap()
    }

    #[tokio::test]
    async fn generated_bytes_are_the_same_each_time() {
        for size in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7] {
            let content = Content::generated(7, size);
            let bytes = read(&content).await;
            assert_eq!(bytes.len() as u64, size);
            assert_eq!(read(&content).await, bytes);
            assert_eq!(content.sha256(), <[u8; 32]>::from(Sha256::digest(&bytes)));
            assert_eq!(content.head(3), bytes[..bytes.len().min(3)]);
        }
        let (one, two) = (Content::generated(7, 100), Content::generated(8, 100));
        assert_ne!(read(&one).await, read(&two).await);
    }

    #[tokio::test]
    async fn a_file_is_kept_piece_by_piece_up_to_its_limit() {
        for (pieces, largest, kept) in [
            (vec!["ab", "cd", "e"], 5, true),
            (vec!["ab", "cd", "e"], 4, false),
            (vec![], 0, true),
        ] {
            let mut intake = Intake::new(largest);
            for piece in &pieces {
                intake.add(Bytes::from_static(piece.as_bytes()));
            }
            match intake.finish() {
                Ok(content) => {
                    assert!(kept);
                    let whole = pieces.concat();
                    assert_eq!(read(&content).await, whole);
                    assert_eq!(content.size(), whole.len() as u64);
                    let hash: [u8; 32] = Sha256::digest(&whole).into();
                    assert_eq!(content.sha256(), hash);
                }
                Err(TooLarge) => assert!(!kept),
            }
        }
    }
}
