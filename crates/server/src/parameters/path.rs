//! A path in the hierarchy of parameters, and names below it.
//!
//! What always holds: it begins with a slash, and ends with none unless it is the root.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path(String);

/// A text that is no path.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a path begins with a slash, as /app/prod does, and has names between its slashes")]
pub(crate) struct NoPath;

impl FromStr for Path {
    type Err = NoPath;

    fn from_str(text: &str) -> Result<Self, NoPath> {
        let names = text.strip_prefix('/').ok_or(NoPath)?;
        let names = names.strip_suffix('/').unwrap_or(names);
        match names {
            "" if text.len() <= 1 => Ok(Self("/".to_owned())),
            names if names.split('/').all(|name| !name.is_empty()) => Ok(Self(format!("/{names}"))),
            _ => Err(NoPath),
        }
    }
}

impl Path {
    /// The path itself.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// A parameter's name below the path: `db/host` for `/app/prod/db/host` below `/app/prod`.
    pub(crate) fn below<'a>(&self, parameter: &'a str) -> Option<&'a str> {
        let below = parameter.strip_prefix(self.0.trim_end_matches('/'))?.strip_prefix('/')?;
        (!below.is_empty()).then_some(below)
    }

    /// The parameter of a name below the path.
    pub(crate) fn parameter(&self, below: &str) -> String {
        format!("{}/{below}", self.0.trim_end_matches('/'))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_below_a_path_and_back() {
        for (path, parameter, below) in
            [("/app/prod", "/app/prod/db/host", "db/host"), ("/app/", "/app/x", "x"), ("/", "/x/y", "x/y")]
        {
            let path: Path = path.parse().unwrap();
            assert_eq!(path.below(parameter), Some(below));
            assert_eq!(path.parameter(below), parameter);
        }
        let path: Path = "/app".parse().unwrap();
        for other in ["/app", "/app/", "/apple/x", "app/x", "x"] {
            assert_eq!(path.below(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for wrong in ["", "app", "//", "/a//b"] {
            assert_eq!(wrong.parse::<Path>(), Err(NoPath), "{wrong}");
        }
    }
}
