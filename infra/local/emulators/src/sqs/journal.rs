//! The journal that keeps queues across restarts.
//!
//! One line per transaction, written before the transaction is acknowledged: a process
//! that is killed right after its answer has lost nothing, and one that is killed while
//! it writes leaves a last line that is cut short and was never acknowledged. Opening
//! the journal replays it and writes it anew without what is gone.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::change::Change;
use crate::private_file::keep_private;

const FILE_NAME: &str = "sqs.journal";

/// The journal is written anew once it has grown by this many bytes.
const REWRITE_AFTER_BYTES: usize = 64 * 1024 * 1024;

/// One change of one queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) queue: String,
    pub(super) change: Change,
}

/// An open journal.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    grown_by: usize,
}

/// Reads the entries of the journal in `directory`; none if there is no journal yet.
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
        // No end of line: the end of the file, or a transaction that was cut short.
        if line.last() != Some(&b'\n') {
            return Ok(entries);
        }
        let transaction: Vec<Entry> = serde_json::from_slice(&line)?;
        entries.extend(transaction);
    }
}

impl Journal {
    /// Writes a journal with one transaction into `directory`, in place of an older one.
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
    /// The transaction was not written, or in part. The next one has to be a rewrite,
    /// which [`Journal::wants_rewrite`] says from then on.
    pub(super) fn append(&mut self, entries: &[Entry]) -> io::Result<()> {
        let line = line(entries)?;
        let written = self.file.write_all(&line);
        self.grown_by = match &written {
            Ok(()) => self.grown_by + line.len(),
            Err(_) => REWRITE_AFTER_BYTES,
        };
        written
    }

    /// Whether it has grown enough, or is damaged at its end, so as to be written anew.
    pub(super) fn wants_rewrite(&self) -> bool {
        self.grown_by >= REWRITE_AFTER_BYTES
    }

    /// Writes it anew with one transaction.
    pub(super) fn rewrite(&mut self, entries: &[Entry]) -> io::Result<()> {
        self.file = write_anew(&self.path, entries)?;
        self.grown_by = 0;
        Ok(())
    }
}

// Renamed into place, so that there is a whole journal at every moment.
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
