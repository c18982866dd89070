//! Files that hold what customers write, and that no other user of the machine may read.

use std::fs::File;
use std::io;

/// Restricts reading and writing to the file's owner.
#[cfg(unix)]
pub(crate) fn keep_private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o600))
}

/// Does nothing: without Unix modes, the folder's access list decides.
#[cfg(not(unix))]
pub(crate) fn keep_private(_: &File) -> io::Result<()> {
    Ok(())
}
