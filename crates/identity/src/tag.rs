//! Tags.

use minicbor::{Decode, Encode};

/// A tag. The keys of one resource's tags differ in more than case.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Tag {
    /// The key.
    #[n(0)]
    pub key: String,
    /// The value.
    #[n(1)]
    pub value: String,
}

impl Tag {
    /// The key and the value.
    #[must_use]
    pub fn pair(&self) -> (&str, &str) {
        (&self.key, &self.value)
    }
}

/// The tags after new ones were put on: a newer value replaces an older one, and the rest stays in its order.
#[must_use]
pub fn merged(old: &[Tag], new: Vec<Tag>) -> Vec<Tag> {
    let is_replaced = |tag: &Tag| new.iter().any(|newer| newer.key.eq_ignore_ascii_case(&tag.key));
    let mut tags: Vec<Tag> = old.iter().filter(|tag| !is_replaced(tag)).cloned().collect();
    tags.extend(new);
    tags
}

/// The tags without those of these keys.
#[must_use]
pub fn without(old: &[Tag], keys: &[String]) -> Vec<Tag> {
    let goes = |tag: &Tag| keys.iter().any(|key| key.eq_ignore_ascii_case(&tag.key));
    old.iter().filter(|tag| !goes(tag)).cloned().collect()
}

/// As [`merged`], for tags whose keys may differ in case alone. They are sorted by their keys.
#[must_use]
pub fn merged_cased(old: &[Tag], new: Vec<Tag>) -> Vec<Tag> {
    let is_replaced = |tag: &Tag| new.iter().any(|newer| newer.key == tag.key);
    let mut tags: Vec<Tag> = old.iter().filter(|tag| !is_replaced(tag)).cloned().collect();
    tags.extend(new);
    tags.sort_by(|one, other| one.key.cmp(&other.key));
    tags
}

/// As [`without`], for tags whose keys may differ in case alone.
#[must_use]
pub fn without_cased(old: &[Tag], keys: &[String]) -> Vec<Tag> {
    old.iter().filter(|tag| !keys.contains(&tag.key)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(key: &str, value: &str) -> Tag {
        Tag { key: key.into(), value: value.into() }
    }

    #[test]
    fn a_newer_value_replaces_an_older_one_whatever_the_case_of_its_key() {
        let old = [tag("Team", "red"), tag("cost", "1")];
        let tags = merged(&old, vec![tag("team", "blue"), tag("b", "2")]);
        assert_eq!(tags, [tag("cost", "1"), tag("team", "blue"), tag("b", "2")]);
        assert_eq!(without(&old, &["TEAM".into()]), [tag("cost", "1")]);
    }
}
