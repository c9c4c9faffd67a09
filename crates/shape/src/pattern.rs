//! The regular expressions of API models.
//!
//! Models write them in Java's way, and AWS matches the whole of a text against them. Two of those in use
//! look ahead or refer back, so the engine is one that can do both; it gives up after a bounded number of
//! steps. A pattern is compiled when it is first met and kept, because patterns are static and few.

use std::collections::HashMap;
use std::iter::Peekable;
use std::str::Chars;
use std::sync::{Arc, PoisonError, RwLock};

use fancy_regex::{Regex, RegexBuilder};
use thiserror::Error;

/// How many compiled patterns are kept. All models together have fewer; beyond it, none is added.
const PATTERNS_MAX: usize = 4096;

/// How many steps back the engine may take for one text.
const BACKTRACKS_MAX: usize = 100_000;

/// The greatest upper count that is enforced, as in `.{1,2000}`.
const REPETITIONS_MAX: u32 = 4096;

/// The compiled size that one pattern may reach, in bytes.
const COMPILED_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The compiled size that a pattern of a caller's may reach, in bytes.
const GIVEN_BYTES_MAX: usize = 1024 * 1024;

/// A pattern that cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the pattern cannot be compiled: {0}")]
pub struct InvalidPattern(String);

/// Says whether a model's pattern can be used. For the generator, so that no other one ever gets here.
///
/// # Errors
/// `InvalidPattern` with the reason if it cannot.
pub fn check(pattern: &str) -> Result<(), InvalidPattern> {
    compile(pattern).map(drop)
}

/// Whether the whole of `text` matches. Nothing matches a pattern that cannot be compiled.
#[must_use]
pub fn matches(pattern: &'static str, text: &str) -> bool {
    compiled(pattern).is_some_and(|regex| regex.is_match(text).unwrap_or(false))
}

/// Patterns by address and length: they are static, so the two stand for the text.
type Cache = HashMap<(usize, usize), Option<Arc<Regex>>>;

static CACHE: RwLock<Option<Cache>> = RwLock::new(None);

fn compiled(pattern: &'static str) -> Option<Arc<Regex>> {
    let key = (pattern.as_ptr().addr(), pattern.len());
    let known = CACHE.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known.as_ref().and_then(|cache| cache.get(&key)) {
        return found.clone();
    }
    drop(known);
    let regex = compile(pattern).ok().map(Arc::new);
    let mut known = CACHE.write().unwrap_or_else(PoisonError::into_inner);
    let cache = known.get_or_insert_default();
    if cache.len() < PATTERNS_MAX {
        cache.insert(key, regex.clone());
    }
    regex
}

/// A pattern that a caller gives, in Java's way.
#[derive(Debug)]
pub struct Pattern(Regex);

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// It is none, or too large.
    pub fn read(pattern: &str) -> Result<Self, InvalidPattern> {
        bounded(pattern, GIVEN_BYTES_MAX).map(Self)
    }

    /// Whether the whole of `text` matches. What takes too many steps to find out does not.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(text).unwrap_or(false)
    }
}

fn compile(pattern: &str) -> Result<Regex, InvalidPattern> {
    bounded(pattern, COMPILED_BYTES_MAX)
}

fn bounded(pattern: &str, bytes_max: usize) -> Result<Regex, InvalidPattern> {
    RegexBuilder::new(&format!(r"\A(?:{})\z", translate(pattern)))
        .backtrack_limit(BACKTRACKS_MAX)
        .delegate_size_limit(bytes_max)
        .build()
        .map_err(|error| InvalidPattern(error.to_string()))
}

/// Rewrites what Java and the engine read differently: `\uXXXX`; `\w`, `\d` and `\s`, which are ASCII in
/// Java; the dot, which leaves out more line ends there; set operators that the engine alone knows.
fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() * 2);
    let mut in_class = false;
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('u') => out.push_str(&code_point(&mut characters)),
                Some('w') => out.push_str("[0-9A-Za-z_]"),
                Some('W') => out.push_str("[^0-9A-Za-z_]"),
                Some('d') => out.push_str("[0-9]"),
                Some('D') => out.push_str("[^0-9]"),
                Some('s') => out.push_str(r"[\t\n\x0B\x0C\r ]"),
                Some('S') => out.push_str(r"[^\t\n\x0B\x0C\r ]"),
                Some(other) => out.extend(['\\', other]),
                None => out.push_str(r"\\"),
            },
            '[' if !in_class => {
                in_class = true;
                out.push('[');
            }
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            '&' | '~' if in_class && characters.peek() == Some(&character) => out.extend(['\\', character]),
            '{' if !in_class => out.push_str(&repetition(&mut characters)),
            '.' if !in_class => out.push_str(r"[^\n\r\x{85}\x{2028}\x{2029}]"),
            other => out.push(other),
        }
    }
    out
}

/// What follows `{`, with a count that the engine can bear. A greater upper count costs it megabytes, so it
/// is read as none; models give such texts a greatest length besides.
fn repetition(characters: &mut Peekable<Chars<'_>>) -> String {
    let mut rest = characters.clone();
    let inner: String = rest.by_ref().take_while(|character| *character != '}').take(32).collect();
    match inner.split_once(',').map(|(least, most)| (least, most.parse::<u32>())) {
        Some((least, Ok(most))) if most > REPETITIONS_MAX => {
            *characters = rest;
            format!("{{{least},}}")
        }
        _ => "{".to_owned(),
    }
}

/// What follows `\u`: four digits, or eight where two escapes are a pair of surrogates.
fn code_point(characters: &mut Peekable<Chars<'_>>) -> String {
    let mut digits = || characters.by_ref().take(4).collect::<String>();
    let first = digits();
    match u32::from_str_radix(&first, 16) {
        Ok(high @ 0xD800..=0xDBFF) => {
            let mut rest = characters.clone();
            if rest.next() != Some('\\') || rest.next() != Some('u') {
                return format!(r"\x{{{first}}}");
            }
            let low: String = rest.by_ref().take(4).collect();
            let Ok(low @ 0xDC00..=0xDFFF) = u32::from_str_radix(&low, 16) else {
                return format!(r"\x{{{first}}}");
            };
            *characters = rest;
            format!(r"\x{{{:X}}}", 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
        }
        _ => format!(r"\x{{{first}}}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_of_a_text_must_match() {
        assert!(matches("[0-9]{12}", "111122223333"));
        assert!(!matches("[0-9]{12}", "1111222233334"));
        assert!(!matches("[0-9]{12}", "x111122223333"));
        assert!(matches("^a$|^b$", "b"));
        assert!(!matches("^a$|^b$", "ab"));
        assert!(!matches("^a$", "a\n"));
    }

    #[test]
    fn escapes_are_read_in_javas_way() {
        assert!(matches(r"[\u0009\u000A\u000D\u0020-\u00FF]+", "tab\tümlaut\n"));
        assert!(!matches(r"[\u0009\u000A\u000D\u0020-\u00FF]+", "日本"));
        assert!(matches(r"[\w+=,.@-]*", "a_b+c=d,e.f@g-h"));
        assert!(!matches(r"[\w+=,.@-]*", "größe"));
        assert!(!matches(r"\d+", "１２"));
        assert!(matches(r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", "Größe 日本-１"));
        assert!(!matches(r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", "a#b"));
        assert!(matches(r"[\s\S]*\S[\s\S]*", " \n x"));
        assert!(!matches(".+", "a\u{2028}b"));
        assert!(matches(r"[\uD800\uDC00-\uDBFF\uDFFF]", "😀"));
    }

    #[test]
    fn looking_ahead_and_back_works() {
        assert!(matches(r"^(?!\s*$).+", " x"));
        assert!(!matches(r"^(?!\s*$).+", "  "));
        assert!(matches(r"(a|b)\1", "bb"));
        assert!(!matches(r"(a|b)\1", "ab"));
    }

    #[test]
    fn a_pattern_that_cannot_be_compiled_is_told_and_matches_nothing() {
        assert!(check("(").is_err());
        assert!(!matches("(", "("));
        assert!(!matches("(", ""));
    }

    #[test]
    fn a_costly_pattern_ends() {
        let text = "a".repeat(5000);
        assert!(!matches(r"(?:(a+)+\1)+b", &text));
    }

    #[test]
    fn every_pattern_of_the_models_compiles() {
        let list = include_str!("../testdata/patterns.txt");
        for pattern in list.lines() {
            assert_eq!(check(pattern), Ok(()), "{pattern}");
        }
        assert!(list.lines().count() > 150);
    }
}
