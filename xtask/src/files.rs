//! Reading and writing the workspace's files, with errors that name the file.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// The workspace's root: the directory above this crate.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The text of a file.
pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|cause| Error::at(path, cause))
}

/// The text of a file; nothing if there is no such file.
pub(crate) fn read_if_present(path: &Path) -> Result<Option<String>> {
    if path.exists() { read(path).map(Some) } else { Ok(None) }
}

/// Writes a file unless it holds that text already, so that nothing is built anew for no reason.
/// Says whether it wrote.
pub(crate) fn write_if_changed(path: &Path, text: &str) -> Result<bool> {
    if read_if_present(path)?.as_deref() == Some(text) {
        return Ok(false);
    }
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|cause| Error::at(parent, cause))?;
    }
    fs::write(path, text).map_err(|cause| Error::at(path, cause))?;
    Ok(true)
}

/// Every file below `directory` whose name ends with `.{extension}`, sorted. Directories that hold no source
/// of ours (`target`, `.git`, …) are left out.
pub(crate) fn below(directory: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    const NOT_OURS: [&str; 4] = ["target", "node_modules", ".git", ".venv"];
    let mut found = Vec::new();
    let mut waiting = vec![directory.to_path_buf()];
    while let Some(next) = waiting.pop() {
        let Ok(entries) = fs::read_dir(&next) else { continue };
        for entry in entries {
            let entry = entry.map_err(|cause| Error::at(&next, cause))?;
            let (path, name) = (entry.path(), entry.file_name());
            let kind = entry.file_type().map_err(|cause| Error::at(&path, cause))?;
            if kind.is_dir() && !NOT_OURS.iter().any(|skipped| name == *skipped) {
                waiting.push(path);
            } else if kind.is_file() && path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_only_written_when_its_text_changes() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("deep/file.rs");
        assert!(write_if_changed(&path, "a").unwrap());
        assert!(!write_if_changed(&path, "a").unwrap());
        assert!(write_if_changed(&path, "b").unwrap());
        assert_eq!(below(directory.path(), "rs").unwrap(), [path]);
    }
}
