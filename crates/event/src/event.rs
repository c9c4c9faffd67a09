//! An event, made ready for many patterns.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// An event that many patterns are asked about.
///
/// A dot in a name counts as a step into an object, in events as in patterns: `{"a.b": 1}` is `{"a": {"b": 1}}` to them.
/// Events without such names, almost all, are taken as they are.
#[derive(Debug, Clone)]
pub struct Event<'v> {
    value: Cow<'v, Value>,
}

impl<'v> Event<'v> {
    /// Makes `value` ready.
    #[must_use]
    pub fn new(value: &'v Value) -> Self {
        Self { value: if has_dots(value) { Cow::Owned(parted(value)) } else { Cow::Borrowed(value) } }
    }

    pub(crate) fn value(&self) -> &Value {
        &self.value
    }
}

fn has_dots(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(name, value)| name.contains('.') || has_dots(value)),
        Value::Array(items) => items.iter().any(has_dots),
        _ => false,
    }
}

fn parted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut all = Map::new();
            for (name, value) in members {
                let mut steps = name.rsplit('.');
                let last = steps.next().unwrap_or_default();
                let nested = steps.fold((last, parted(value)), |(name, value), step| {
                    (step, Value::Object(Map::from_iter([(name.to_owned(), value)])))
                });
                put(&mut all, nested.0, nested.1);
            }
            Value::Object(all)
        }
        Value::Array(items) => Value::Array(items.iter().map(parted).collect()),
        other => other.clone(),
    }
}

/// Adds a member beside those that stand there under the same name.
fn put(members: &mut Map<String, Value>, name: &str, value: Value) {
    match (members.get_mut(name), value) {
        (None, value) => {
            members.insert(name.to_owned(), value);
        }
        (Some(Value::Object(present)), Value::Object(more)) => {
            for (name, value) in more {
                put(present, &name, value);
            }
        }
        (Some(present), value) => *present = Value::Array(vec![present.take(), value]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn dots_are_steps() {
        let value = json!({"a.b": 1, "a": {"c": [{"d.e": 2}]}, "f": 3, "f.g": 4});
        let parted = json!({"a": {"b": 1, "c": [{"d": {"e": 2}}]}, "f": [3, {"g": 4}]});
        assert_eq!(Event::new(&value).value(), &parted);
        let plain = json!({"a": {"b": 1}});
        assert!(matches!(Event::new(&plain).value, Cow::Borrowed(_)));
    }
}
