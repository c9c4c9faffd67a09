//! Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, and `${*}`, `${?}`, `${$}` for the
//! characters that otherwise mean something.
//!
//! Variables exist only in documents of version 2012-10-17; to an older one `${…}` is plain text. A variable stands
//! for a key with exactly one value; what it is replaced with is plain text, whatever characters are in it.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use std::borrow::Cow;

use thiserror::Error;

use crate::context::Context;
use crate::document::Version;
use crate::wildcard::{Case, Pattern};

/// A text of a policy in which variables may stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Box<[Part]>,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// Text as it was written; where wildcards count, they count in it.
    Text(Box<str>),
    /// `*`, `?` or `$`, written as `${*}`, `${?}` or `${$}`: never a wildcard.
    Character(&'static str),
    /// The value of a context key.
    Variable { key: Box<str>, default: Option<Box<str>> },
}

/// A `${` that does not begin a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidVariable {
    /// There is no `}`.
    #[error("a policy variable is not closed")]
    NotClosed,
    /// What stands between the braces is no key with a prefix.
    #[error("a policy variable must name a condition key, such as ${{aws:username}}")]
    NoKey,
    /// What follows the comma is no text in single quotation marks.
    #[error("the default value of a policy variable must stand in single quotation marks")]
    MalformedDefault,
}

impl Template {
    /// Reads a text of a document of the given version.
    ///
    /// # Errors
    /// `InvalidVariable` if a `${` begins no variable.
    pub(crate) fn parse(text: &str, version: Version) -> Result<Self, InvalidVariable> {
        let mut parts = Vec::new();
        let mut rest = text;
        if version == Version::V2012 {
            while let Some((before, after)) = rest.split_once("${") {
                push_text(&mut parts, before);
                let (part, after) = variable(after)?;
                parts.push(part);
                rest = after;
            }
        }
        push_text(&mut parts, rest);
        Ok(Self { parts: parts.into() })
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Whether a variable stands in it.
    #[must_use]
    pub fn has_variables(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Variable { .. }))
    }

    /// The keys of the variables in it, and whether each has a default value.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&str, bool)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable { key, default } => Some((&**key, default.is_some())),
            Part::Text(_) | Part::Character(_) => None,
        })
    }

    /// Whether it is one variable and nothing else.
    pub(crate) fn is_one_variable(&self) -> bool {
        matches!(&*self.parts, [Part::Variable { .. }])
    }

    /// Whether it is `*`, or several of them, which mean the same.
    pub(crate) fn is_stars(&self) -> bool {
        matches!(&*self.parts, [Part::Text(text)] if text.bytes().all(|byte| byte == b'*'))
    }

    /// The text, if no variable stands in it.
    #[must_use]
    pub fn constant(&self) -> Option<String> {
        self.replaced(|_, _| None)
    }

    /// The text with every variable replaced; `None` if one has no value.
    pub(crate) fn resolve<'v>(&'v self, context: &'v Context) -> Option<Cow<'v, str>> {
        if let [Part::Variable { key, default }] = &*self.parts {
            return value_of(key, default.as_deref(), context);
        }
        self.replaced(|key, default| value_of(key, default, context)).map(Cow::Owned)
    }

    fn replaced<'v>(
        &'v self,
        resolve: impl Fn(&'v str, Option<&'v str>) -> Option<Cow<'v, str>>,
    ) -> Option<String> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Character(character) => text.push_str(character),
                Part::Variable { key, default } => text.push_str(&resolve(key, default.as_deref())?),
            }
        }
        Some(text)
    }

    /// The template cut at colons into at most `count` templates; the last one keeps its colons.
    pub(crate) fn split(&self, count: usize) -> Vec<Self> {
        let mut done: Vec<Self> = Vec::new();
        let mut current: Vec<Part> = Vec::new();
        for part in &self.parts {
            let Part::Text(text) = part else {
                current.push(part.clone());
                continue;
            };
            let mut rest: &str = text;
            while let Some((before, after)) = rest.split_once(':').filter(|_| done.len() + 1 < count) {
                push_text(&mut current, before);
                done.push(Self { parts: std::mem::take(&mut current).into() });
                rest = after;
            }
            push_text(&mut current, rest);
        }
        done.push(Self { parts: current.into() });
        done
    }
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    if !text.is_empty() {
        parts.push(Part::Text(text.into()));
    }
}

/// Reads a variable whose `${` has been read, and returns what follows its `}`.
fn variable(text: &str) -> Result<(Part, &str), InvalidVariable> {
    let end = text.find([',', '}']).ok_or(InvalidVariable::NotClosed)?;
    let (key, rest) = text.split_at(end);
    if let Some(after) = rest.strip_prefix('}') {
        let character = match key {
            "*" => Some("*"),
            "?" => Some("?"),
            "$" => Some("$"),
            _ => None,
        };
        if let Some(character) = character {
            return Ok((Part::Character(character), after));
        }
        return Ok((Part::Variable { key: key_of(key)?, default: None }, after));
    }
    let quoted = rest.trim_start_matches(',').trim_start().strip_prefix('\'');
    let (default, after) =
        quoted.and_then(|quoted| quoted.split_once('\'')).ok_or(InvalidVariable::MalformedDefault)?;
    let after = after.trim_start().strip_prefix('}').ok_or(InvalidVariable::NotClosed)?;
    Ok((Part::Variable { key: key_of(key)?, default: Some(default.into()) }, after))
}

fn key_of(text: &str) -> Result<Box<str>, InvalidVariable> {
    let key = text.trim();
    match key.split_once(':') {
        Some((prefix, name)) if !prefix.is_empty() && !name.is_empty() && !key.contains(['$', '{', '\'']) => {
            Ok(key.into())
        }
        _ => Err(InvalidVariable::NoKey),
    }
}

/// The value of a variable. A key with several values cannot be one, and does not take the default either.
fn value_of<'v>(key: &'v str, default: Option<&'v str>, context: &'v Context) -> Option<Cow<'v, str>> {
    let mut values = context.values(key);
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value.text()),
        (None, _) => default.map(Cow::Borrowed),
        (Some(_), Some(_)) => None,
    }
}

/// The answer of a comparison that may hang on a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Match {
    Yes,
    No,
    /// A variable has no value, or a value is not of the kind that is compared.
    Unknown,
}

impl From<bool> for Match {
    fn from(matched: bool) -> Self {
        if matched { Self::Yes } else { Self::No }
    }
}

impl Match {
    /// Whether any of several matches; unknown if none does but one could.
    pub(crate) fn any(matches: impl IntoIterator<Item = Self>) -> Self {
        let mut answer = Self::No;
        for matched in matches {
            match matched {
                Self::Yes => return Self::Yes,
                Self::Unknown => answer = Self::Unknown,
                Self::No => {}
            }
        }
        answer
    }
}

/// A text to be compared whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Text {
    Constant(Box<str>),
    Variable(Template),
}

impl Text {
    pub(crate) fn compile(template: &Template) -> Self {
        template
            .constant()
            .map_or_else(|| Self::Variable(template.clone()), |text| Self::Constant(text.into()))
    }

    pub(crate) fn compare(&self, context: &Context, same: impl FnOnce(&str) -> bool) -> Match {
        match self {
            Self::Constant(text) => same(text).into(),
            Self::Variable(template) => {
                template.resolve(context).map_or(Match::Unknown, |text| same(&text).into())
            }
        }
    }
}

/// A text with wildcards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Glob {
    Constant(Pattern),
    Variable(Template),
}

impl Glob {
    pub(crate) fn compile(template: &Template) -> Self {
        Pattern::of_constant(template).map_or_else(|| Self::Variable(template.clone()), Self::Constant)
    }

    pub(crate) fn is_everything(&self) -> bool {
        matches!(self, Self::Constant(Pattern::Everything))
    }

    /// The one text that it matches, if it is but one.
    pub(crate) fn exact(&self) -> Option<&str> {
        match self {
            Self::Constant(Pattern::Exact(text)) => Some(text),
            Self::Constant(_) | Self::Variable(_) => None,
        }
    }

    pub(crate) fn is_variable(&self) -> bool {
        matches!(self, Self::Variable(_))
    }

    pub(crate) fn matches(&self, text: &str, context: &Context) -> Match {
        match self {
            Self::Constant(pattern) => pattern.matches(text, Case::Sensitive).into(),
            Self::Variable(template) => {
                Pattern::of_parts(template.parts(), |key, default| value_of(key, default, context))
                    .map_or(Match::Unknown, |pattern| pattern.matches(text, Case::Sensitive).into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(text: &str) -> Template {
        Template::parse(text, Version::V2012).unwrap()
    }

    fn context() -> Context {
        let mut context = Context::new();
        context.insert("aws:username", "alice");
        context.insert("aws:PrincipalTag/team", "a*");
        context.insert("aws:TagKeys", "one");
        context.insert("aws:TagKeys", "two");
        context
    }

    #[test]
    fn variables_are_replaced_by_the_request() {
        for (text, expected) in [
            ("home/${aws:username}/", Some("home/alice/")),
            ("${AWS:UserName}", Some("alice")),
            ("${aws:userid, 'anonymous'}", Some("anonymous")),
            ("${aws:userid,''}", Some("")),
            ("${aws:userid, 'a, }{b'}!", Some("a, }{b!")),
            ("${aws:username, 'nobody'}", Some("alice")),
            ("${*}${?}${$}", Some("*?$")),
            ("$5 and {x}", Some("$5 and {x}")),
            ("", Some("")),
            ("${aws:userid}", None),
            ("${aws:TagKeys}", None),
            ("${aws:TagKeys, 'x'}", None),
        ] {
            assert_eq!(template(text).resolve(&context()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_older_document_has_no_variables() {
        let template = Template::parse("${aws:username}${", Version::V2008).unwrap();
        assert_eq!(template.constant().as_deref(), Some("${aws:username}${"));
    }

    #[test]
    fn what_begins_no_variable_is_refused() {
        for (text, error) in [
            ("${", InvalidVariable::NotClosed),
            ("${aws:username", InvalidVariable::NotClosed),
            ("${aws:x, 'y'", InvalidVariable::NotClosed),
            ("${aws:x, 'y' z}", InvalidVariable::NotClosed),
            ("${}", InvalidVariable::NoKey),
            ("${username}", InvalidVariable::NoKey),
            ("${aws:}", InvalidVariable::NoKey),
            ("${aws:${aws:x}}", InvalidVariable::NoKey),
            ("${aws:x, y}", InvalidVariable::MalformedDefault),
            ("${aws:x, 'y}", InvalidVariable::MalformedDefault),
        ] {
            assert_eq!(Template::parse(text, Version::V2012), Err(error), "{text}");
        }
    }

    #[test]
    fn a_variables_value_is_never_a_wildcard() {
        let glob = Glob::compile(&template("${aws:PrincipalTag/team}/*"));
        assert_eq!(glob.matches("a*/x", &context()), Match::Yes);
        assert_eq!(glob.matches("abc/x", &context()), Match::No);
        let glob = Glob::compile(&template("*${*}"));
        assert_eq!(glob.matches("abc*", &context()), Match::Yes);
        assert_eq!(glob.matches("abc", &context()), Match::No);
    }

    #[test]
    fn a_variable_without_a_value_gives_no_answer() {
        assert_eq!(Glob::compile(&template("${aws:userid}*")).matches("x", &context()), Match::Unknown);
        assert_eq!(Text::compile(&template("${aws:userid}")).compare(&context(), |_| true), Match::Unknown);
    }

    #[test]
    fn a_template_is_cut_at_the_colons_that_its_author_wrote() {
        let parts = template("arn:aws:s3:::bucket/${aws:username}:x").split(6);
        assert_eq!(parts.len(), 6);
        assert_eq!(parts[5].resolve(&context()).as_deref(), Some("bucket/alice:x"));
        assert_eq!(parts[3].constant().as_deref(), Some(""));
        assert_eq!(template("${aws:username}").split(6).len(), 1);
    }
}
