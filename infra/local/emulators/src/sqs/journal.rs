//! The journal that keeps queues across restarts.
//!
//! It has one line per transaction, written before the transaction is acknowledged. A process
//! killed right after its answer has lost nothing. A process killed while writing leaves a
//! truncated last line that was never acknowledged. Opening the journal replays it and rewrites it
//! without what is gone.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::change::Change;
use crate::private_file::keep_private;

const FILE_NAME: &str = "sqs.journal";

/// The journal is rewritten once it has grown by this many bytes.
const REWRITE_AFTER_BYTES: usize = 64 * 1024 * 1024;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) queue: String,
    pub(super) change: Change,
}

#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    grown_by: usize,
}

/// Reads the entries of the journal in `directory`. Returns none if there is no journal yet.
///
/// # Errors
/// The file cannot be read, or a line other than the last is damaged.
pub(super) fn read(directory: &Path) -> io::Result<Vec<Entry>> {
    let file = match File::open(directory.join(FILE_NAME)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut reader = BufReader::new(file);
    let mut entries = Vec::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        reader.read_until(b'\n', &mut line)?;
        // No line end: the end of the file, or a truncated transaction.
        if line.last() != Some(&b'\n') {
            return Ok(entries);
        }
        let transaction: Vec<Entry> = serde_json::from_slice(&line)?;
        entries.extend(transaction);
    }
}

impl Journal {
    /// Creates a journal with one transaction in `directory`, replacing an older one.
    pub(super) fn create(directory: &Path, entries: &[Entry]) -> io::Result<Self> {
        std::fs::create_dir_all(directory)?;
        let path = directory.join(FILE_NAME);
        let file = write_anew(&path, entries)?;
        Ok(Self {
            path,
            file,
            grown_by: 0,
        })
    }

    /// Appends a transaction.
    ///
    /// # Errors
    /// The transaction was written in part or not at all. The next one has to be a rewrite, as
    /// [`Journal::wants_rewrite`] says from then on.
    pub(super) fn append(&mut self, entries: &[Entry]) -> io::Result<()> {
        let line = line(entries)?;
        let written = self.file.write_all(&line);
        self.grown_by = match &written {
            Ok(()) => self.grown_by + line.len(),
            Err(_) => REWRITE_AFTER_BYTES,
        };
        written
    }

    /// Returns whether the journal should be rewritten, because it has grown enough or its end is
    /// damaged.
    pub(super) fn wants_rewrite(&self) -> bool {
        self.grown_by >= REWRITE_AFTER_BYTES
    }

    /// Rewrites the journal as one transaction.
    pub(super) fn rewrite(&mut self, entries: &[Entry]) -> io::Result<()> {
        self.file = write_anew(&self.path, entries)?;
        self.grown_by = 0;
        Ok(())
    }
}

// Renamed into place, so that a complete journal exists at every moment.
fn write_anew(path: &Path, entries: &[Entry]) -> io::Result<File> {
    let new = path.with_extension("new");
    let mut file = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .open(&new)?;
    keep_private(&file)?;
    file.write_all(&line(entries)?)?;
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    Ok(file)
}

fn line(entries: &[Entry]) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(entries)?;
    line.push(b'\n');
    Ok(line)
}
