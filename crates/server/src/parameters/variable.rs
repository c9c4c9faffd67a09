//! Parameters' names as names of environment variables.
//!
//! What always holds: a variable that is named here is a name to every shell, `[A-Za-z_][A-Za-z0-9_]*`.

use thiserror::Error;

/// How variables are named after parameters.
#[derive(Debug, Clone, Default)]
pub(crate) struct Naming {
    /// What every name begins with.
    pub(crate) prefix: String,
    /// Letters stay as they are; they become capitals otherwise.
    pub(crate) preserve_case: bool,
}

/// A parameter after which no variable can be named.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "the parameter {parameter} would be the variable {variable:?}, which is no name for one: it takes a letter or \
     an underscore, then letters, digits and underscores; --prefix can give it a beginning"
)]
pub(crate) struct NotAVariable {
    /// The parameter.
    pub(crate) parameter: String,
    /// What its variable would be called.
    pub(crate) variable: String,
}

impl Naming {
    /// The variable of a parameter, by its name below the path: `db/pool-size` is `DB_POOL_SIZE`.
    ///
    /// # Errors
    /// The name cannot be a variable's.
    pub(crate) fn variable(&self, name: &str) -> Result<String, NotAVariable> {
        let below = name.chars().map(|letter| match letter {
            '/' | '-' | '.' => '_',
            letter if self.preserve_case => letter,
            letter => letter.to_ascii_uppercase(),
        });
        let variable: String = self.prefix.chars().chain(below).collect();
        if is_variable(&variable) {
            Ok(variable)
        } else {
            Err(NotAVariable { parameter: name.to_owned(), variable })
        }
    }
}

/// Whether every shell takes it as a variable's name.
pub(crate) fn is_variable(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(prefix: &str, preserve_case: bool, name: &str) -> Option<String> {
        Naming { prefix: prefix.to_owned(), preserve_case }.variable(name).ok()
    }

    #[test]
    fn what_no_variable_has_becomes_an_underscore() {
        assert_eq!(named("", false, "db/pool-size.max").as_deref(), Some("DB_POOL_SIZE_MAX"));
        assert_eq!(named("", true, "db/Pool-size").as_deref(), Some("db_Pool_size"));
        assert_eq!(named("app_", false, "db").as_deref(), Some("app_DB"));
    }

    #[test]
    fn what_is_no_name_is_refused_unless_a_prefix_makes_it_one() {
        assert_eq!(named("", false, "1password"), None);
        assert_eq!(named("", false, ""), None);
        assert_eq!(named("1", false, "a"), None);
        assert_eq!(named("A B", false, "a"), None);
        assert_eq!(named("_", false, "1password").as_deref(), Some("_1PASSWORD"));
    }
}
