//! Paths into an event: `$.detail.state`, `$.resources[0]`, `$.detail.items[*].name`.
//!
//! The subset of JSONPath that AWS documents, which is not that of the standard (RFC 9535): names behind a dot may have
//! dashes and slashes in them.
//!
//! What a path selects keeps the order that its members have in the event.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html>

use thiserror::Error;

use crate::ordered::Ordered;

/// How long a path may be.
pub const INPUT_PATH_CHARACTERS_MAX: usize = 256;

/// A path into an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputPath {
    steps: Box<[Step]>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Name(Box<str>),
    Index(usize),
    /// Every member or item.
    All,
}

/// A text that is no path.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("Invalid JSONPath: {0}")]
pub struct InvalidInputPath(String);

impl InputPath {
    /// Reads a path.
    ///
    /// # Errors
    /// `InvalidInputPath` if the text is no path, or not one that EventBridge takes.
    pub fn parse(text: &str) -> Result<Self, InvalidInputPath> {
        let shown = || text.chars().take(INPUT_PATH_CHARACTERS_MAX).collect();
        Self::read(text).ok_or_else(|| InvalidInputPath(shown()))
    }

    fn read(text: &str) -> Option<Self> {
        if text.chars().count() > INPUT_PATH_CHARACTERS_MAX {
            return None;
        }
        let mut rest = text.strip_prefix('$')?;
        // `$.` is taken for the whole event.
        if rest == "." {
            rest = "";
        }
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, after) = match rest.strip_prefix('[') {
                Some(bracket) => {
                    let (inside, after) = bracket.split_once(']')?;
                    (in_brackets(inside)?, after)
                }
                None => {
                    let named = rest.strip_prefix('.')?;
                    let end = named.find(['.', '[']).unwrap_or(named.len());
                    let (name, after) = named.split_at_checked(end)?;
                    (after_dot(name)?, after)
                }
            };
            steps.push(step);
            rest = after;
        }
        Some(Self { steps: steps.into() })
    }

    /// What the path selects in the text of an event, as JSON; nothing if there is no such thing. A path with `*` in it
    /// selects an array.
    #[must_use]
    pub fn select(&self, event: &str) -> Option<String> {
        self.select_in(&Ordered::parse(event)?)
    }

    pub(crate) fn select_in(&self, event: &Ordered) -> Option<String> {
        let mut selected = vec![event];
        for step in &self.steps {
            selected = selected.into_iter().flat_map(|value| step.take(value)).collect();
        }
        if self.steps.contains(&Step::All) {
            let items: Vec<String> = selected.into_iter().map(Ordered::to_json).collect();
            return Some(format!("[{}]", items.join(",")));
        }
        selected.first().map(|value| value.to_json())
    }
}

fn in_brackets(text: &str) -> Option<Step> {
    if text == "*" {
        return Some(Step::All);
    }
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok().map(Step::Index) } else { None }
}

fn after_dot(name: &str) -> Option<Step> {
    if name == "*" {
        return Some(Step::All);
    }
    let odd = |character: char| {
        character.is_whitespace() || character.is_control() || r#"*?@()<>,'"\]"#.contains(character)
    };
    (!name.is_empty() && !name.contains(odd)).then(|| Step::Name(name.into()))
}

impl Step {
    fn take<'v>(&self, from: &'v Ordered) -> Vec<&'v Ordered> {
        match (self, from) {
            (Self::Name(name), object) => object.member(name).into_iter().collect(),
            (Self::Index(index), Ordered::Array(items)) => items.get(*index).into_iter().collect(),
            (Self::All, Ordered::Array(items)) => items.iter().collect(),
            (Self::All, Ordered::Object(members)) => members.iter().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        }
    }
}
