//! Wildcards: `*` is any run of characters, `\*` a star, `\\` a backslash.
//!
//! A wildcard is cut at its stars once. What stands between two stars has a fixed text, so its leftmost place is always
//! as good as any other, and nothing is tried twice.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching>

use super::Reason;

/// How complex a wildcard may be: the wildcards, and the beginnings of the texts between them, that can be matched
/// at one time. AWS has such a limit and does not tell it; its documented example of a refused pattern,
/// `*:*:*:*:*:event-bus/*`, has 11.
const COMPLEXITY_MAX: usize = 10;

/// A wildcard, ready to be matched: the texts between its stars. One text means that there is no star.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wildcard {
    pieces: Box<[Box<str>]>,
}

impl Wildcard {
    pub(crate) fn parse(text: &str) -> Result<Self, Reason> {
        let mut pieces = Vec::new();
        let mut piece = String::new();
        let mut characters = text.char_indices().peekable();
        while let Some((index, character)) = characters.next() {
            // AWS counts from the quotation mark that precedes the text.
            let position = index + 1;
            let next = characters.peek().map(|(_, next)| *next);
            match character {
                '*' if next == Some('*') => return Err(Reason::ConsecutiveWildcards(position)),
                '*' => pieces.push(std::mem::take(&mut piece).into_boxed_str()),
                '\\' => match next {
                    Some(escaped @ ('*' | '\\')) => {
                        characters.next();
                        piece.push(escaped);
                    }
                    _ => return Err(Reason::InvalidEscape(position)),
                },
                other => piece.push(other),
            }
        }
        pieces.push(piece.into_boxed_str());
        Ok(Self { pieces: pieces.into() })
    }

    /// Whether it is simple enough to be matched.
    pub(crate) fn check(&self) -> Result<(), Reason> {
        let stars = self.pieces.len() - 1;
        let repeated: usize =
            self.pieces.iter().skip(1).filter(|piece| !piece.is_empty()).map(|piece| overlaps(piece)).sum();
        if stars + repeated > COMPLEXITY_MAX { Err(Reason::TooComplex) } else { Ok(()) }
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        let Some((first, others)) = self.pieces.split_first() else { return false };
        let Some(mut rest) = text.strip_prefix(&**first) else { return false };
        let Some((last, between)) = others.split_last() else { return rest.is_empty() };
        for piece in between {
            let Some((_, after)) = rest.split_once(&**piece) else { return false };
            rest = after;
        }
        rest.ends_with(&**last)
    }
}

/// How many beginnings of `piece` a text can be at the end of at one time: 1, unless it repeats itself.
fn overlaps(piece: &str) -> usize {
    let bytes = piece.as_bytes();
    // For each length, the longest beginning that is also the end of the beginning of that length; and how many there
    // are one within another.
    let mut longest = vec![0_usize; bytes.len() + 1];
    let mut nested = vec![0_usize; bytes.len() + 1];
    let mut most = 0;
    let get = |table: &[usize], index: usize| table.get(index).copied().unwrap_or(0);
    for length in 1..=bytes.len() {
        let mut border = if length > 1 { get(&longest, length - 1) } else { 0 };
        let last = bytes.get(length - 1);
        while border > 0 && bytes.get(border) != last {
            border = get(&longest, border);
        }
        if length > 1 && bytes.get(border) == last {
            border += 1;
        }
        let depth = 1 + get(&nested, border);
        if let (Some(longest), Some(nested)) = (longest.get_mut(length), nested.get_mut(length)) {
            *longest = border;
            *nested = depth;
        }
        most = most.max(depth);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_match_what_they_should() {
        for (wildcard, text, expected) in [
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("abc", "abc", true),
            ("a*", "a", true),
            ("a*c", "abbbc", true),
            ("a*a", "a", false),
            ("*ab*ab*", "abab", true),
            ("*ab*ab*", "aab", false),
            ("ab*ba", "aba", false),
            (r"\*", "*", true),
            (r"\*", "a", false),
            (r"a\\*", r"a\b", true),
            ("*é", "éé", true),
        ] {
            assert_eq!(
                Wildcard::parse(wildcard).unwrap().matches(text),
                expected,
                "{wildcard} against {text}"
            );
        }
    }

    #[test]
    fn what_is_no_wildcard_is_refused() {
        assert_eq!(Wildcard::parse("a**"), Err(Reason::ConsecutiveWildcards(2)));
        assert_eq!(Wildcard::parse(r"\a"), Err(Reason::InvalidEscape(1)));
        assert_eq!(Wildcard::parse("a\\"), Err(Reason::InvalidEscape(2)));
    }

    #[test]
    fn stars_and_repetitions_make_a_wildcard_complex() {
        let check = |text: &str| Wildcard::parse(text).unwrap().check();
        assert_eq!(check("*:*:*:*:*:event-bus/*"), Err(Reason::TooComplex));
        assert_eq!(check("arn:aws:events:*:*:event-bus/*"), Ok(()));
        assert_eq!(check("*aaaaaaaaaaaaaaaa"), Err(Reason::TooComplex));
        assert_eq!(check("*abcabc*"), Ok(()));
        assert_eq!(overlaps("aaaa"), 4);
        assert_eq!(overlaps("abab"), 2);
        assert_eq!(overlaps("abc"), 1);
    }
}
