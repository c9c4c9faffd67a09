//! Texts of policies: wildcards and variables.

use alcazar_policy::{Context, Value};

/// One thing in a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    /// A character that the policy's author wrote.
    Written(char),
    /// A character that came out of a variable.
    Replaced(char),
    /// `?`
    One,
    /// `*`
    Any,
    /// A variable without a value.
    Unknown,
}

/// Whether something matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Matching {
    Yes,
    No,
    /// That hangs on what is not known.
    Unknown,
}

impl Matching {
    pub(super) fn any(all: impl Iterator<Item = Self>) -> Self {
        let all: Vec<_> = all.collect();
        if all.contains(&Self::Yes) {
            Self::Yes
        } else if all.contains(&Self::Unknown) {
            Self::Unknown
        } else {
            Self::No
        }
    }
}

/// The values of a key, whose case does not count.
pub(super) fn values<'c>(context: &'c Context, key: &str) -> Vec<&'c Value> {
    context.iter().filter(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value).collect()
}

/// Reads a text of a policy.
pub(super) fn symbols(text: &str, context: &Context, variables: bool) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    let mut rest = text;
    loop {
        if variables && let Some(after) = rest.strip_prefix("${") {
            let (replaced, after) = variable(after, context);
            symbols.extend(replaced);
            rest = after;
            continue;
        }
        let Some(character) = rest.chars().next() else { return symbols };
        symbols.push(match character {
            '*' => Symbol::Any,
            '?' => Symbol::One,
            other => Symbol::Written(other),
        });
        rest = &rest[character.len_utf8()..];
    }
}

/// What a variable whose `${` has been read stands for, and what follows it.
fn variable<'t>(text: &'t str, context: &Context) -> (Vec<Symbol>, &'t str) {
    let replaced = |text: &str| text.chars().map(Symbol::Replaced).collect::<Vec<_>>();
    let end = text.find(['}', ',']).expect("a valid variable");
    let key = text[..end].trim();
    let (default, after) = if text[end..].starts_with('}') {
        if ["*", "?", "$"].contains(&&text[..end]) {
            return (replaced(&text[..end]), &text[end + 1..]);
        }
        (None, &text[end + 1..])
    } else {
        let (_, quoted) = text[end..].split_once('\'').expect("a default in quotation marks");
        let (default, after) = quoted.split_once('\'').expect("a default in quotation marks");
        let (_, after) = after.split_once('}').expect("the variable's end");
        (Some(default), after)
    };
    let symbols = match (&values(context, key)[..], default) {
        ([value], _) => replaced(&value.text()),
        ([], Some(default)) => replaced(default),
        _ => vec![Symbol::Unknown],
    };
    (symbols, after)
}

/// The text, in which `*` and `?` mean themselves; `None` if a variable in it has no value.
pub(super) fn literal(symbols: &[Symbol]) -> Option<String> {
    let character = |symbol: &Symbol| match symbol {
        Symbol::Written(character) | Symbol::Replaced(character) => Some(*character),
        Symbol::One => Some('?'),
        Symbol::Any => Some('*'),
        Symbol::Unknown => None,
    };
    symbols.iter().map(character).collect()
}

/// Whether all of `text` matches.
pub(super) fn matches(pattern: &[Symbol], text: &str) -> Matching {
    fn matches(pattern: &[Symbol], text: &[char]) -> bool {
        match (pattern, text) {
            ([], text) => text.is_empty(),
            ([Symbol::Any, rest @ ..], _) => (0..=text.len()).any(|length| matches(rest, &text[length..])),
            ([Symbol::One, rest @ ..], [_, others @ ..]) => matches(rest, others),
            ([Symbol::Written(wanted) | Symbol::Replaced(wanted), rest @ ..], [found, others @ ..]) => {
                wanted == found && matches(rest, others)
            }
            _ => false,
        }
    }
    if pattern.contains(&Symbol::Unknown) {
        return Matching::Unknown;
    }
    let text: Vec<char> = text.chars().collect();
    if matches(pattern, &text) { Matching::Yes } else { Matching::No }
}

/// The parts of an ARN. Only colons that were written in the policy divide, and only the first five.
pub(super) fn split_at_colons(pattern: &[Symbol]) -> Vec<Vec<Symbol>> {
    pattern.splitn(6, |symbol| *symbol == Symbol::Written(':')).map(<[_]>::to_vec).collect()
}

/// Whether each part of an ARN matches.
pub(super) fn match_parts(parts: &[Vec<Symbol>], arn: &str) -> Matching {
    let found: Vec<&str> = arn.splitn(6, ':').collect();
    if parts.len() != 6 || found.len() != 6 {
        return Matching::No;
    }
    let all: Vec<_> = parts.iter().zip(found).map(|(part, text)| matches(part, text)).collect();
    if all.contains(&Matching::No) {
        Matching::No
    } else if all.contains(&Matching::Unknown) {
        Matching::Unknown
    } else {
        Matching::Yes
    }
}
