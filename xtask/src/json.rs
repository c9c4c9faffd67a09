//! JSON that keeps the order of its members: an API model's order is part of what it says.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

/// The widest line that holds a whole object or array.
const COLUMNS_MAX: usize = 110;

/// A map in the order of its text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ordered<T>(pub(crate) Vec<(String, T)>);

impl<T> Ordered<T> {
    pub(crate) fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }
}

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = Ordered<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }
        }

        deserializer.deserialize_map(Entries(PhantomData))
    }
}

impl<T: Serialize> Serialize for Ordered<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

/// Any JSON. The variants are tried in this order when one is read.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(untagged)]
pub(crate) enum Json {
    Object(Ordered<Json>),
    Array(Vec<Json>),
    Scalar(Value),
}

impl Json {
    const NULL: Self = Self::Scalar(Value::Null);

    /// Applies a JSON merge patch (RFC 7396): `null` removes, an object merges, anything else replaces.
    pub(crate) fn merge(&mut self, patch: &Json) {
        let Self::Object(changes) = patch else {
            *self = patch.clone();
            return;
        };
        if !matches!(self, Self::Object(_)) {
            *self = Self::Object(Ordered::default());
        }
        let Self::Object(target) = self else { return };
        for (name, change) in &changes.0 {
            if *change == Self::NULL {
                target.0.retain(|(key, _)| key != name);
                continue;
            }
            match target.0.iter_mut().find(|(key, _)| key == name) {
                Some((_, value)) => value.merge(change),
                None => {
                    let mut value = Self::Object(Ordered::default());
                    value.merge(change);
                    target.0.push((name.clone(), value));
                }
            }
        }
    }

    /// The text of it: what fits into a line stands on one, so that a change shows as few changed lines.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, 0, 0);
        text.push('\n');
        text
    }

    /// Writes it `depth` levels deep, behind `taken` columns of its line.
    fn write(&self, text: &mut String, depth: usize, taken: usize) {
        let flat = self.flat();
        if depth > 0 && taken + flat.len() <= COLUMNS_MAX {
            text.push_str(&flat);
            return;
        }
        match self {
            Self::Object(entries) => {
                text.push('{');
                for (index, (name, value)) in entries.iter().enumerate() {
                    let start = begin(text, depth + 1, index);
                    text.push_str(&format!("{}: ", Value::from(name)));
                    let taken = text.len() - start;
                    value.write(text, depth + 1, taken);
                }
                end(text, depth, '}');
            }
            Self::Array(items) => {
                text.push('[');
                for (index, item) in items.iter().enumerate() {
                    let start = begin(text, depth + 1, index);
                    let taken = text.len() - start;
                    item.write(text, depth + 1, taken);
                }
                end(text, depth, ']');
            }
            Self::Scalar(_) => text.push_str(&flat),
        }
    }

    fn flat(&self) -> String {
        match self {
            Self::Object(entries) if entries.0.is_empty() => "{}".to_owned(),
            Self::Object(entries) => {
                let inner: Vec<String> = entries
                    .iter()
                    .map(|(name, value)| format!("{}: {}", Value::from(name), value.flat()))
                    .collect();
                format!("{{ {} }}", inner.join(", "))
            }
            Self::Array(items) => {
                format!("[{}]", items.iter().map(Self::flat).collect::<Vec<_>>().join(", "))
            }
            Self::Scalar(value) => value.to_string(),
        }
    }
}

/// Begins a line; says where in the text it begins.
fn begin(text: &mut String, depth: usize, index: usize) -> usize {
    text.push_str(if index == 0 { "\n" } else { ",\n" });
    let start = text.len();
    text.push_str(&"  ".repeat(depth));
    start
}

fn end(text: &mut String, depth: usize, bracket: char) {
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
    text.push(bracket);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Json {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_order_of_members_is_kept() {
        let text = r#"{"b":1,"a":{"d":[true,null],"c":"x"}}"#;
        assert_eq!(serde_json::to_string(&parse(text)).unwrap(), text);
    }

    #[test]
    fn a_merge_patch_adds_replaces_and_removes() {
        let mut target = parse(r#"{"a":{"b":1,"c":2},"d":[1]}"#);
        target.merge(&parse(r#"{"a":{"b":null,"e":{"f":3,"g":null}},"d":[2]}"#));
        assert_eq!(target, parse(r#"{"a":{"c":2,"e":{"f":3}},"d":[2]}"#));
    }

    #[test]
    fn what_fits_stands_on_one_line() {
        let text = parse(r#"{"b":{"type":"string","min":1},"a":[]}"#).to_text();
        assert_eq!(text, "{\n  \"b\": { \"type\": \"string\", \"min\": 1 },\n  \"a\": []\n}\n");
        assert_eq!(parse(&text).to_text(), text);
    }
}
