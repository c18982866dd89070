//! Files with what customers write, which nobody else on the machine is to read.

use std::fs::File;
use std::io;

/// Leaves reading and writing to the file's owner.
#[cfg(unix)]
pub(crate) fn keep_private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o600))
}

/// There are no modes here: the folder's access list counts.
#[cfg(not(unix))]
pub(crate) fn keep_private(_: &File) -> io::Result<()> {
    Ok(())
}
