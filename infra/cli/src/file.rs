//! Files named on the command line.

use std::io::{ErrorKind, Write};
use std::path::Path;

/// Reads a file. The error says why it cannot be read and what to do.
pub(crate) fn text_of(file: &Path) -> Result<String, String> {
    if file.is_dir() {
        return Err("it is a folder, not a file".to_owned());
    }
    std::fs::read_to_string(file).map_err(|error| match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "you may not read it".to_owned(),
        ErrorKind::InvalidData => {
            "it is not text in UTF-8: save it anew in that encoding".to_owned()
        }
        _ => format!("it cannot be read ({error})"),
    })
}

/// Writes a file that its owner alone may read, whatever it was before.
pub(crate) fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).write(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut written = options.open(file)?;
    // The mode above is for a new file.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        written.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    written.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn what_is_written_is_for_the_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let file = std::env::temp_dir().join(format!("casement-private-{}", std::process::id()));
        std::fs::write(&file, "what everybody may read, and longer").unwrap();
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(&file, open).unwrap();
        write_private(&file, "{}\n").unwrap();
        assert_eq!(
            std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(text_of(&file).unwrap(), "{}\n");
        std::fs::remove_file(&file).unwrap();
    }

    #[test]
    fn whatever_is_wrong_with_a_file_is_said() {
        let folder = std::env::temp_dir().join(format!("casement-files-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (text, utf16) = (folder.join("a.toml"), folder.join("b.toml"));
        std::fs::write(&text, "a = 1\n").unwrap();
        std::fs::write(&utf16, b"\xff\xfea\0").unwrap();
        for (file, expected) in [
            (text, Ok("a = 1\n")),
            (folder.join("none.toml"), Err("no such file")),
            (folder.join("none/a.toml"), Err("no such file")),
            (folder.clone(), Err("a folder")),
            (utf16, Err("UTF-8")),
        ] {
            match (text_of(&file), expected) {
                (Ok(text), Ok(expected)) => assert_eq!(text, expected),
                (Err(why), Err(expected)) => assert!(why.contains(expected), "{why}"),
                (got, _) => panic!("{}: {got:?}", file.display()),
            }
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
