//! Checks a value against its schema, and says what is wrong in AWS's words.
//!
//! The walk allocates nothing for a valid value. What a schema marks sensitive is never quoted, and no
//! message grows beyond a bound, whatever the input.
//!
//! The wording follows what the services answer, such as `1 validation error detected: Value '' at 'keyId'
//! failed to satisfy constraint: Member must have length greater than or equal to 1`.

use std::fmt::{self, Write as _};

use crate::api_error::ApiError;
use crate::common_error;
use crate::pattern;
use crate::schema::{Kind, Member, Schema};
use crate::value::Value;

/// How many violations are reported; the walk ends with the last of them.
pub const VIOLATIONS_MAX: usize = 32;

/// How much of a value or of a map's key is quoted, in characters.
pub const QUOTED_CHARACTERS_MAX: usize = 512;

/// One constraint that one part of the input breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which constraint.
    pub constraint: Constraint,
    /// The member that breaks it, or that what breaks it stands in, e.g. `KeyId`.
    pub member: String,
    text: String,
}

/// A kind of constraint, for services that have words of their own for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// It must be there.
    Required,
    /// The greatest length of a text, of bytes, of a list or of a map.
    LengthMax,
    /// The least of them.
    LengthMin,
    /// The greatest number.
    ValueMax,
    /// The least number.
    ValueMin,
    /// The form of a text.
    Pattern,
    /// The texts that there are.
    Values,
    /// What is in a list or map keeps its own constraints.
    Parts,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What is wrong with an input; at least one violation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationFailure {
    /// Each broken constraint, in the order of the schema.
    pub violations: Vec<Violation>,
}

impl fmt::Display for ValidationFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.violations.len();
        let plural = if count == 1 { "" } else { "s" };
        write!(f, "{count} validation error{plural} detected: ")?;
        for (index, violation) in self.violations.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ValidationFailure {}

impl From<ValidationFailure> for ApiError {
    fn from(failure: ValidationFailure) -> Self {
        common_error::VALIDATION.because(failure.to_string())
    }
}

/// Checks an input: required members, lengths, ranges, closed sets of values, patterns, at every depth.
///
/// # Errors
/// `ValidationFailure` with everything that is wrong, up to [`VIOLATIONS_MAX`].
pub fn validate(schema: &Schema, value: &Value) -> Result<(), ValidationFailure> {
    let mut violations = Violations(Vec::new());
    check(schema, value, &Path::Root, &mut violations);
    if violations.0.is_empty() { Ok(()) } else { Err(ValidationFailure { violations: violations.0 }) }
}

/// Where in the input something stands, as a chain on the stack.
enum Path<'a> {
    Root,
    Member { parent: &'a Path<'a>, name: &'a str },
    Item { parent: &'a Path<'a>, number: usize },
    Entry { parent: &'a Path<'a>, key: &'a str, sensitive: bool },
}

impl Path<'_> {
    /// The innermost member.
    fn member(&self) -> &str {
        match self {
            Self::Root => "",
            Self::Member { name, .. } => name,
            Self::Item { parent, .. } | Self::Entry { parent, .. } => parent.member(),
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parent = match self {
            Self::Root => return Ok(()),
            Self::Member { parent, .. } | Self::Item { parent, .. } | Self::Entry { parent, .. } => parent,
        };
        if !matches!(parent, Self::Root) {
            write!(f, "{parent}.")?;
        }
        match self {
            Self::Root => Ok(()),
            Self::Member { name, .. } => f.write_str(&lower_camel(name)),
            Self::Item { number, .. } => write!(f, "{number}.member"),
            Self::Entry { sensitive: true, .. } => f.write_str("*.member"),
            Self::Entry { key, .. } => write!(f, "{}.member", cut(key)),
        }
    }
}

/// A member's name with its first letter lowered, as AWS names members in messages and events.
fn lower_camel(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}

struct Violations(Vec<Violation>);

impl Violations {
    fn full(&self) -> bool {
        self.0.len() >= VIOLATIONS_MAX
    }

    /// Notes that `constraint`, which is told in `words`, does not hold; `quoted` is the value as it may be shown, if it may.
    fn note(&mut self, path: &Path<'_>, quoted: Option<&str>, constraint: Constraint, words: &str) {
        if self.full() {
            return;
        }
        let mut text = String::from("Value ");
        if let Some(quoted) = quoted {
            text.push_str(quoted);
            text.push(' ');
        }
        // Writing to a String cannot fail.
        let _ = write!(text, "at '{path}' failed to satisfy constraint: {words}");
        self.0.push(Violation { constraint, member: path.member().to_owned(), text });
    }
}

fn check(schema: &Schema, value: &Value, path: &Path<'_>, violations: &mut Violations) {
    if !holds(schema, value) {
        let quoted = quote(schema, value);
        for (constraint, words) in broken(schema, value) {
            violations.note(path, quoted.as_deref(), constraint, &words);
        }
    }
    check_parts(schema, value, path, violations);
}

fn check_parts(schema: &Schema, value: &Value, path: &Path<'_>, violations: &mut Violations) {
    match (&schema.kind, value) {
        (Kind::Structure { members, .. }, Value::Structure(slots)) => {
            for (member, slot) in members.iter().zip(slots) {
                let at = Path::Member { parent: path, name: member.name };
                match slot {
                    Some(value) => check(member.schema, value, &at, violations),
                    None if member.required => {
                        violations.note(&at, Some("null"), Constraint::Required, "Member must not be null");
                    }
                    None => {}
                }
                if violations.full() {
                    return;
                }
            }
        }
        (Kind::List { member, .. }, Value::List(items)) => {
            if items.iter().any(|item| !holds(member.schema, item)) {
                note_parts(schema, value, path, "Member must satisfy constraint", member, violations);
            }
            for (item, number) in items.iter().zip(1..) {
                check_parts(member.schema, item, &Path::Item { parent: path, number }, violations);
                if violations.full() {
                    return;
                }
            }
        }
        (Kind::Map { key, value: member, .. }, Value::Map(entries)) => {
            if entries.iter().any(|(name, _)| !text_holds(key.schema, name)) {
                note_parts(schema, value, path, "Map keys must satisfy constraint", key, violations);
            }
            if entries.iter().any(|(_, value)| !holds(member.schema, value)) {
                note_parts(schema, value, path, "Map value must satisfy constraint", member, violations);
            }
            for (name, value) in entries {
                let at = Path::Entry { parent: path, key: name, sensitive: key.schema.sensitive };
                check_parts(member.schema, value, &at, violations);
                if violations.full() {
                    return;
                }
            }
        }
        _ => {}
    }
}

/// Notes that parts of a list or map break their constraints. AWS names them all, broken or not, once.
fn note_parts(
    schema: &Schema,
    value: &Value,
    path: &Path<'_>,
    what: &str,
    part: &Member,
    violations: &mut Violations,
) {
    let all = constraints(part.schema).join(", ");
    let words = format!("{what}: [{all}]");
    violations.note(path, quote(schema, value).as_deref(), Constraint::Parts, &words);
}

/// Whether a value keeps the constraints of its own; its parts are not looked at.
fn holds(schema: &Schema, value: &Value) -> bool {
    match value {
        Value::String(text) => text_holds(schema, text),
        Value::SecretString(text) => text_holds(schema, text.expose()),
        _ => measure_holds(schema, value),
    }
}

fn text_holds(schema: &Schema, text: &str) -> bool {
    text_length_holds(schema, text)
        && schema.pattern.is_none_or(|pattern| pattern::matches(pattern, text))
        && in_set(schema, text)
}

fn text_length_holds(schema: &Schema, text: &str) -> bool {
    (schema.min.is_none() && schema.max.is_none()) || within(schema, utf16_units(text))
}

fn in_set(schema: &Schema, text: &str) -> bool {
    match schema.kind {
        Kind::String { values } => values.is_empty() || values.contains(&text),
        _ => true,
    }
}

fn measure_holds(schema: &Schema, value: &Value) -> bool {
    match value {
        Value::Integer(number) => within(schema, *number),
        Value::Double(number) => {
            schema.min.is_none_or(|min| *number >= double(min))
                && schema.max.is_none_or(|max| *number <= double(max))
        }
        Value::Blob(bytes) => within(schema, count(bytes.len())),
        Value::SecretBlob(bytes) => within(schema, count(bytes.len())),
        Value::List(items) => within(schema, count(items.len())),
        Value::Map(entries) => within(schema, count(entries.len())),
        _ => true,
    }
}

fn within(schema: &Schema, measure: i64) -> bool {
    schema.min.is_none_or(|min| measure >= min) && schema.max.is_none_or(|max| measure <= max)
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// AWS counts a text's length as Java does.
fn utf16_units(text: &str) -> i64 {
    count(if text.is_ascii() { text.len() } else { text.encode_utf16().count() })
}

/// A limit as a floating-point number, the nearest one.
fn double(limit: i64) -> f64 {
    let high = i32::try_from(limit >> 32).unwrap_or_default();
    let low = u32::try_from(limit & 0xffff_ffff).unwrap_or_default();
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

/// The constraints of its own that a value breaks, in AWS's words.
fn broken(schema: &Schema, value: &Value) -> Vec<(Constraint, String)> {
    let mut broken = Vec::new();
    let Some(text) = value.as_str() else {
        broken.extend(broken_limit(schema, |limits| measure_holds(limits, value)));
        return broken;
    };
    broken.extend(broken_limit(schema, |limits| text_length_holds(limits, text)));
    if let Some(pattern) = schema.pattern.filter(|pattern| !pattern::matches(pattern, text)) {
        broken.push((Constraint::Pattern, pattern_constraint(pattern)));
    }
    if !in_set(schema, text) {
        broken.extend(set_constraint(schema).map(|words| (Constraint::Values, words)));
    }
    broken
}

/// Which of the two limits it is that does not hold.
fn broken_limit(schema: &Schema, holds: impl Fn(&Schema) -> bool) -> Option<(Constraint, String)> {
    let bare = |min, max| Schema {
        name: schema.name,
        kind: Kind::Boolean,
        sensitive: schema.sensitive,
        min,
        max,
        pattern: None,
    };
    let (max, min) = match schema.kind {
        Kind::Integer | Kind::Long | Kind::Double => (Constraint::ValueMax, Constraint::ValueMin),
        _ => (Constraint::LengthMax, Constraint::LengthMin),
    };
    if !holds(&bare(None, schema.max)) {
        max_constraint(schema).map(|words| (max, words))
    } else if !holds(&bare(schema.min, None)) {
        min_constraint(schema).map(|words| (min, words))
    } else {
        None
    }
}

/// Every constraint of a list's or map's part, in AWS's words and order.
fn constraints(schema: &Schema) -> Vec<String> {
    max_constraint(schema)
        .into_iter()
        .chain(min_constraint(schema))
        .chain(schema.pattern.map(pattern_constraint))
        .chain(set_constraint(schema))
        .collect()
}

/// What the limits of a shape are limits of.
fn measured(schema: &Schema) -> &'static str {
    match schema.kind {
        Kind::Integer | Kind::Long | Kind::Double => "value",
        _ => "length",
    }
}

fn max_constraint(schema: &Schema) -> Option<String> {
    schema.max.map(|max| format!("Member must have {} less than or equal to {max}", measured(schema)))
}

fn min_constraint(schema: &Schema) -> Option<String> {
    schema.min.map(|min| format!("Member must have {} greater than or equal to {min}", measured(schema)))
}

fn pattern_constraint(pattern: &str) -> String {
    format!("Member must satisfy regular expression pattern: {pattern}")
}

fn set_constraint(schema: &Schema) -> Option<String> {
    match schema.kind {
        Kind::String { values } if !values.is_empty() => {
            Some(format!("Member must satisfy enum value set: [{}]", values.join(", ")))
        }
        _ => None,
    }
}

/// The value as AWS shows it, in quotes and cut; nothing if it is sensitive or holds structures.
fn quote(schema: &Schema, value: &Value) -> Option<String> {
    let mut text = String::new();
    show(schema, value, &mut text)?;
    Some(format!("'{}'", cut(&text)))
}

/// Writes the value as Java's `toString` does; nothing if a part of it may not be shown. Stops being exact
/// beyond what is quoted.
fn show(schema: &Schema, value: &Value, out: &mut String) -> Option<()> {
    if schema.sensitive {
        return None;
    }
    let enough = |out: &String| out.len() > QUOTED_CHARACTERS_MAX * 4;
    match (&schema.kind, value) {
        (_, Value::String(text)) => out.push_str(text),
        (_, Value::Boolean(value)) => out.push_str(&value.to_string()),
        (_, Value::Integer(value)) => out.push_str(&value.to_string()),
        (_, Value::Double(value)) => out.push_str(&format!("{value:?}")),
        (_, Value::Timestamp(value)) => out.push_str(&value.to_string()),
        (_, Value::Blob(bytes)) => {
            out.push_str(&format!("java.nio.HeapByteBuffer[pos=0 lim={0} cap={0}]", bytes.len()));
        }
        (Kind::List { member, .. }, Value::List(items)) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                show(member.schema, item, out)?;
                if enough(out) {
                    break;
                }
            }
            out.push(']');
        }
        (Kind::Map { key, value: member, .. }, Value::Map(entries)) if !key.schema.sensitive => {
            out.push('{');
            for (index, (name, value)) in entries.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                out.push_str(name);
                out.push('=');
                show(member.schema, value, out)?;
                if enough(out) {
                    break;
                }
            }
            out.push('}');
        }
        _ => return None,
    }
    Some(())
}

/// The beginning of a text, and a sign where more follows.
fn cut(text: &str) -> String {
    match text.char_indices().nth(QUOTED_CHARACTERS_MAX) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
