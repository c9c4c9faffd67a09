//! Matching with `*` (any run of characters) and `?` (any one character).
//!
//! A pattern is cut at its stars once. Between two stars each piece has a fixed number of characters, so its
//! leftmost place is always as good as any other and nothing is ever tried twice: a piece of plain text is found by
//! linear search, one with `?` in it in at most its own length for each character of the text.

use std::borrow::Cow;

use crate::variable::{Part, Template};

/// Whether `a` and `A` are the same character to a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// Resources and condition values.
    Sensitive,
    /// Actions; ASCII letters only, because no action has others.
    Insensitive,
}

/// A pattern, ready to be matched. The forms that most patterns have are told apart, because they match at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// `*`
    Everything,
    /// No wildcard.
    Exact(Box<str>),
    /// One star, at the end.
    Prefix(Box<str>),
    /// Any other: the pieces between its stars. One piece means that there is no star.
    Pieces(Box<[Piece]>),
}

/// What stands between two stars.
pub(crate) type Piece = Box<[Atom]>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Atom {
    Text(Box<str>),
    AnyCharacter,
}

impl Pattern {
    /// The pattern that `text` writes.
    pub(crate) fn new(text: &str) -> Self {
        let mut builder = PatternBuilder::default();
        builder.wild(text);
        builder.finish()
    }

    /// The pattern that `template` stands for, if it has no variables.
    pub(crate) fn of_constant(template: &Template) -> Option<Self> {
        Self::of_parts(template.parts(), |_, _| None)
    }

    /// The pattern of `parts`, whose variables `resolve` gives; a variable's value is plain text, never a wildcard.
    /// `None` if a variable has no value.
    pub(crate) fn of_parts<'v>(
        parts: &'v [Part],
        resolve: impl Fn(&'v str, Option<&'v str>) -> Option<Cow<'v, str>>,
    ) -> Option<Self> {
        let mut builder = PatternBuilder::default();
        for part in parts {
            match part {
                Part::Text(text) => builder.wild(text),
                Part::Character(character) => builder.exact(character),
                Part::Variable { key, default } => builder.exact(&resolve(key, default.as_deref())?),
            }
        }
        Some(builder.finish())
    }

    /// Whether all of `text` matches.
    pub(crate) fn matches(&self, text: &str, case: Case) -> bool {
        match self {
            Self::Everything => true,
            Self::Exact(literal) => same(text, literal, case),
            Self::Prefix(literal) => begins(text, literal, case),
            Self::Pieces(pieces) => matched(pieces, text, case).is_some(),
        }
    }
}

fn matched(pieces: &[Piece], text: &str, case: Case) -> Option<()> {
    let (first, others) = pieces.split_first()?;
    let mut rest = strip_front(first, text, case)?;
    let Some((last, between)) = others.split_last() else {
        return rest.is_empty().then_some(());
    };
    rest = strip_back(last, rest, case)?;
    for piece in between {
        rest = after_leftmost(piece, rest, case)?;
    }
    Some(())
}

fn begins(text: &str, literal: &str, case: Case) -> bool {
    text.as_bytes().get(..literal.len()).is_some_and(|front| match case {
        Case::Sensitive => front == literal.as_bytes(),
        Case::Insensitive => front.eq_ignore_ascii_case(literal.as_bytes()),
    })
}

/// Collects the pieces of a pattern.
#[derive(Default)]
struct PatternBuilder {
    done: Vec<Piece>,
    piece: Vec<Atom>,
    text: String,
}

impl PatternBuilder {
    fn wild(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '*' => {
                    self.flush();
                    let piece = std::mem::take(&mut self.piece);
                    // Stars that follow each other are one star.
                    if self.done.is_empty() || !piece.is_empty() {
                        self.done.push(piece.into());
                    }
                }
                '?' => {
                    self.flush();
                    self.piece.push(Atom::AnyCharacter);
                }
                other => self.text.push(other),
            }
        }
    }

    fn exact(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.piece.push(Atom::Text(std::mem::take(&mut self.text).into()));
        }
    }

    fn finish(mut self) -> Pattern {
        self.flush();
        self.done.push(self.piece.into());
        let pieces: Vec<&[Atom]> = self.done.iter().map(AsRef::as_ref).collect();
        match pieces.as_slice() {
            [[], []] => Pattern::Everything,
            [[]] => Pattern::Exact("".into()),
            [[Atom::Text(text)]] => Pattern::Exact(text.clone()),
            [[Atom::Text(text)], []] => Pattern::Prefix(text.clone()),
            _ => Pattern::Pieces(self.done.into()),
        }
    }
}

fn strip_front<'t>(piece: &[Atom], text: &'t str, case: Case) -> Option<&'t str> {
    piece.iter().try_fold(text, |rest, atom| match atom {
        Atom::Text(literal) => {
            let (front, back) = rest.split_at_checked(literal.len())?;
            same(front, literal, case).then_some(back)
        }
        Atom::AnyCharacter => {
            let mut characters = rest.chars();
            characters.next()?;
            Some(characters.as_str())
        }
    })
}

fn strip_back<'t>(piece: &[Atom], text: &'t str, case: Case) -> Option<&'t str> {
    piece.iter().rev().try_fold(text, |rest, atom| match atom {
        Atom::Text(literal) => {
            let (front, back) = rest.split_at_checked(rest.len().checked_sub(literal.len())?)?;
            same(back, literal, case).then_some(front)
        }
        Atom::AnyCharacter => {
            let mut characters = rest.chars();
            characters.next_back()?;
            Some(characters.as_str())
        }
    })
}

/// What follows the leftmost place of `piece` in `text`.
fn after_leftmost<'t>(piece: &[Atom], text: &'t str, case: Case) -> Option<&'t str> {
    if let ([Atom::Text(literal)], Case::Sensitive) = (piece, case) {
        return text.split_once(&**literal).map(|(_, after)| after);
    }
    let mut rest = text;
    loop {
        if let Some(after) = strip_front(piece, rest, case) {
            return Some(after);
        }
        let mut characters = rest.chars();
        characters.next()?;
        rest = characters.as_str();
    }
}

fn same(text: &str, literal: &str, case: Case) -> bool {
    match case {
        Case::Sensitive => text == literal,
        Case::Insensitive => text.eq_ignore_ascii_case(literal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: bool) {
        let matched = Pattern::new(pattern).matches(text, Case::Sensitive);
        assert_eq!(matched, expected, "{pattern:?} against {text:?}");
    }

    #[test]
    fn stars_and_question_marks_match_what_they_should() {
        for (pattern, text) in [
            ("*", ""),
            ("*", "anything at all"),
            ("**", ""),
            ("", ""),
            ("abc", "abc"),
            ("a*", "a"),
            ("a*c", "abbbc"),
            ("a*b*c", "aXbYc"),
            ("*abc", "ababc"),
            ("*ab*ab*", "abab"),
            ("a?c", "abc"),
            ("???", "abc"),
            ("*?", "a"),
            ("?*?", "ab"),
            ("*a?c*", "xxaacaxcyy"),
            ("?", "é"),
            ("é*", "éa"),
            ("*?é", "éé"),
        ] {
            check(pattern, text, true);
        }
        for (pattern, text) in [
            ("", "a"),
            ("abc", "ABC"),
            ("a*c", "ab"),
            ("a*a", "a"),
            ("*ab*ab*", "aab"),
            ("???", "ab"),
            ("?", ""),
            ("??", "é"),
            ("*?", ""),
            ("ab*ba", "aba"),
        ] {
            check(pattern, text, false);
        }
    }

    #[test]
    fn actions_ignore_case() {
        assert!(Pattern::new("kms:generate*").matches("kms:GenerateDataKey", Case::Insensitive));
        assert!(Pattern::new("KMS:*KEY*").matches("kms:GenerateDataKeyWithoutPlaintext", Case::Insensitive));
        assert!(!Pattern::new("kms:encrypt").matches("kms:Encrypts", Case::Insensitive));
    }

    #[test]
    fn a_pattern_made_to_backtrack_is_answered_at_once() {
        let text = "a".repeat(20_000);
        check(&format!("{}b", "a*".repeat(5_000)), &text, false);
        check(&format!("{}b*", "*a?".repeat(2_000)), &text, false);
    }
}
