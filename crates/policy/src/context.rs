//! What is known about a request: condition keys and their values.
//!
//! Keys are found whatever their case. A key may have several values; it is then said to be multivalued, and only
//! the set operators compare it. A key without a value is the same as no key.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>

use std::borrow::Cow;
use std::net::IpAddr;

use alcazar_base::Timestamp;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The value of a condition key. Values keep their type, so that none is formatted that no policy asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(Cow<'static, str>),
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A point in time.
    Time(Timestamp),
    /// An IP address.
    Address(IpAddr),
    /// Bytes; a policy writes them in base64.
    Binary(Vec<u8>),
}

impl Value {
    /// The value as the operators on strings and variables see it.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
            Self::Integer(number) => Cow::Owned(number.to_string()),
            Self::Time(time) => Cow::Owned(time.to_string()),
            Self::Address(address) => Cow::Owned(address.to_string()),
            Self::Binary(bytes) => Cow::Owned(STANDARD.encode(bytes)),
        }
    }

    /// Whether it is the empty text, which the set operators and `Null` take for no value.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }
}

macro_rules! value_from {
    ($($type:ty => $value:ident => $made:expr),+ $(,)?) => {
        $(impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $made
            }
        })+
    };
}

value_from! {
    &'static str => text => Self::Text(Cow::Borrowed(text)),
    String => text => Self::Text(Cow::Owned(text)),
    Cow<'static, str> => text => Self::Text(text),
    bool => value => Self::Bool(value),
    i64 => number => Self::Integer(number),
    Timestamp => time => Self::Time(time),
    IpAddr => address => Self::Address(address),
    Vec<u8> => bytes => Self::Binary(bytes),
}

/// The condition keys of one request, in a plain list: there is a handful, and looking through it beats hashing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    entries: Vec<(Cow<'static, str>, Value)>,
    /// The mark of each entry's key: what is looked through first, because most keys differ in it.
    marks: Vec<u16>,
}

/// A key that a policy asks for, ready to be looked up.
#[derive(Debug, Clone)]
pub(crate) struct WantedKey {
    name: Box<str>,
    mark: u16,
}

impl WantedKey {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.into(), mark: mark(name) }
    }
}

/// What two keys share if they differ in case alone, and most others do not.
fn mark(key: &str) -> u16 {
    let bytes = key.as_bytes();
    let at = |index: usize| bytes.get(index).map_or(0, u8::to_ascii_lowercase);
    let [length, ..] = bytes.len().to_le_bytes();
    u16::from_le_bytes([at(bytes.len().wrapping_sub(1)) ^ length, at(bytes.len() / 2)])
}

impl Context {
    /// A context without keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A context with room for `count` values.
    #[must_use]
    pub fn with_capacity(count: usize) -> Self {
        Self { entries: Vec::with_capacity(count), marks: Vec::with_capacity(count) }
    }

    /// Adds the tags of the resource.
    pub fn add_resource_tags<K: AsRef<str>, V: AsRef<str>>(
        &mut self,
        tags: impl IntoIterator<Item = (K, V)>,
    ) {
        self.add_tags("aws:ResourceTag/", tags);
    }

    /// Adds the tags that the request brings.
    pub fn add_request_tags<K: AsRef<str>, V: AsRef<str>>(&mut self, tags: impl IntoIterator<Item = (K, V)>) {
        for (key, value) in tags {
            self.add_tags("aws:RequestTag/", [(key.as_ref(), value)]);
            self.add_tag_keys([key]);
        }
    }

    /// Adds the keys of the tags that the request takes away.
    pub fn add_tag_keys<K: AsRef<str>>(&mut self, keys: impl IntoIterator<Item = K>) {
        for key in keys {
            self.insert("aws:TagKeys", key.as_ref().to_owned());
        }
    }

    /// Adds tags under keys that begin like this.
    pub fn add_tags<K: AsRef<str>, V: AsRef<str>>(
        &mut self,
        prefix: &str,
        tags: impl IntoIterator<Item = (K, V)>,
    ) {
        for (key, value) in tags {
            self.insert(format!("{prefix}{}", key.as_ref()), value.as_ref().to_owned());
        }
    }

    /// Gives `key` a value, besides those that it has. A key that gets more than one is multivalued.
    pub fn insert(&mut self, key: impl Into<Cow<'static, str>>, value: impl Into<Value>) {
        let key = key.into();
        self.marks.push(mark(&key));
        self.entries.push((key, value.into()));
    }

    /// The values of `key`, which is found whatever its case.
    pub fn values<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Value> + Clone {
        self.marked(key, mark(key))
    }

    pub(crate) fn values_of<'a>(&'a self, key: &'a WantedKey) -> impl Iterator<Item = &'a Value> + Clone {
        self.marked(&key.name, key.mark)
    }

    fn marked<'a>(&'a self, key: &'a str, wanted: u16) -> impl Iterator<Item = &'a Value> + Clone {
        let entries = self.marks.iter().zip(&self.entries).filter(move |(mark, _)| **mark == wanted);
        entries.filter(move |(_, (name, _))| name.eq_ignore_ascii_case(key)).map(|(_, (_, value))| value)
    }

    /// All keys with their values, in the order in which they were given.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries.iter().map(|(key, value)| (&**key, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_whatever_its_case_with_all_its_values() {
        let mut context = Context::new();
        context.insert("aws:TagKeys", "a");
        context.insert(String::from("kms:EncryptionContext:App"), String::from("x"));
        context.insert("AWS:tagkeys", "b");
        let texts: Vec<_> = context.values("aws:tagKEYS").map(Value::text).collect();
        assert_eq!(texts, ["a", "b"]);
        assert_eq!(context.values("kms:encryptioncontext:app").count(), 1);
        assert_eq!(context.values("kms:EncryptionContext").count(), 0);
        assert_eq!(context.iter().count(), 3);
    }

    #[test]
    fn values_have_a_text_form() {
        for (value, text) in [
            (Value::from("x"), "x"),
            (Value::from(true), "true"),
            (Value::from(-5), "-5"),
            (Value::from(Timestamp::from_secs(0)), "1970-01-01T00:00:00Z"),
            (Value::from(IpAddr::from([10, 0, 0, 1])), "10.0.0.1"),
            (Value::from(vec![0xff, 0xfe]), "//4="),
        ] {
            assert_eq!(value.text(), text);
        }
    }
}
