//! What finds parameters by more than their names: entries in the order of *codes*, in which all that is below a path
//! stands together.
//!
//! A code is what stands for the path above a parameter, a zero byte, and what stands for the rest of its name (see
//! [`PrefixCode`]). So the parameters below a path are one range, those directly below it are another, and those whose
//! names begin with a text are two. There is one list of all parameters of an account and region, and one for each
//! attribute value that they are looked for by; the most common values (type `String`, data type `text`) have none. An
//! entry is there for just as long as its parameter has the value.

use std::collections::BTreeSet;

use alcazar_base::{AccountId, Region};
use alcazar_crypto::{Keyring, PrefixCode};
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Cx, Name, NameBuilder, Result};
use minicbor::{Decode, Encode};

use crate::name::{SLASH, path_of};
use crate::parameter::Parameter;
use crate::version::{Kind, Tier};

const TABLE: &str = "ssm.index";

/// The data type that most parameters have.
pub(crate) const COMMON_DATA_TYPE: &str = "text";

/// An entry. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Entry {
    /// The parameter's name.
    #[n(0)]
    pub(crate) name: String,
}

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum List<'a> {
    /// All parameters.
    All,
    /// Those of a type other than `String`.
    Kind(&'static str),
    /// Those of a tier.
    Tier(&'static str),
    /// Those of a data type other than `text`.
    DataType(&'a str),
    /// Those that are encrypted under a key, by the name that was given for it.
    KeyId(&'a str),
    /// Those that have a version with a label.
    Label(&'a str),
    /// Those with a tag of a key.
    TagKey(&'a str),
    /// Those with a tag of a key and a value.
    Tag(&'a str, &'a str),
}

/// Which part of a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// All of it.
    Whole,
    /// What is below a path, at any level.
    Below(String),
    /// What is directly below a path.
    DirectlyBelow(String),
    /// The names that begin with a text.
    BeginsWith(String),
}

/// The list of a type, if it has one.
#[must_use]
pub(crate) fn of_kind(kind: Kind) -> Option<List<'static>> {
    match kind {
        Kind::String => None,
        Kind::StringList | Kind::SecureString => Some(List::Kind(kind.shown().as_str())),
    }
}

/// The list of a tier.
#[must_use]
pub(crate) fn of_tier(tier: Tier) -> List<'static> {
    List::Tier(tier.shown().as_str())
}

/// The ranges of a part of a list, in the order of codes.
#[must_use]
pub(crate) fn ranges(
    keyring: &Keyring,
    account: AccountId,
    region: &Region,
    list: List<'_>,
    part: &Part,
) -> Vec<NameRange> {
    let (code, list) = (keyring.prefix_code(), begin(keyring, account, region, list));
    match part {
        Part::Whole => vec![list.range()],
        Part::Below(path) => vec![list.blind_prefix(&code, &directory(path)).range()],
        Part::DirectlyBelow(path) => vec![list.blind_prefix(&code, &directory(path)).end().range()],
        Part::BeginsWith(text) => {
            let text = path_of(text);
            let (above, rest) = split(&text);
            let here = list.clone().blind_prefix(&code, above).end().blind_prefix(&code, rest);
            let deeper = list.blind_prefix(&code, &text);
            if rest.is_empty() { vec![deeper.range()] } else { vec![here.range(), deeper.range()] }
        }
    }
}

/// All entries of a tier: as many as there are parameters of it.
#[must_use]
pub(crate) fn tier_range(keyring: &Keyring, account: AccountId, region: &Region, tier: Tier) -> NameRange {
    begin(keyring, account, region, of_tier(tier)).range()
}

/// The name of a parameter's entry in the list of its tier.
#[must_use]
pub(crate) fn tier_entry(
    keyring: &Keyring,
    account: AccountId,
    region: &Region,
    tier: Tier,
    name: &str,
) -> Name {
    entry(keyring, &keyring.prefix_code(), begin(keyring, account, region, of_tier(tier)), name)
}

/// Writes the entries that a parameter has and had not, and deletes those that it had and has not.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn update(cx: &mut Cx<'_>, before: Option<&Parameter>, after: Option<&Parameter>) -> Result<()> {
    let (had, has) = (before.map(lists).unwrap_or_default(), after.map(lists).unwrap_or_default());
    let Some(parameter) = after.or(before).filter(|_| had != has) else { return Ok(()) };
    let (keyring, Parameter { account, region, name, .. }) = (cx.keyring(), parameter);
    let code = keyring.prefix_code();
    let named = |list: &List<'_>| entry(&keyring, &code, begin(&keyring, *account, region, *list), name);
    for list in had.difference(&has) {
        cx.delete(named(list))?;
    }
    for list in has.difference(&had) {
        cx.put(named(list), Entry { name: name.clone() })?;
    }
    Ok(())
}

/// The lists in which a parameter stands.
fn lists(parameter: &Parameter) -> BTreeSet<List<'_>> {
    let latest = &parameter.latest;
    let mut lists = BTreeSet::from([List::All, of_tier(latest.tier)]);
    lists.extend(of_kind(latest.kind));
    lists.extend(latest.key_id.as_deref().map(List::KeyId));
    lists.extend(Some(latest.data_type.as_str()).filter(|it| *it != COMMON_DATA_TYPE).map(List::DataType));
    lists.extend(parameter.labels.iter().map(|label| List::Label(&label.label)));
    for tag in &parameter.tags {
        lists.extend([List::TagKey(&tag.key), List::Tag(&tag.key, &tag.value)]);
    }
    lists
}

fn begin(keyring: &Keyring, account: AccountId, region: &Region, list: List<'_>) -> NameBuilder {
    let begun = Name::table(TABLE).part(account.as_str()).part(region.as_str());
    match list {
        List::All => begun.part("all"),
        List::Kind(kind) => begun.part("type").part(kind),
        List::Tier(tier) => begun.part("tier").part(tier),
        List::DataType(data_type) => begun.part("data-type").blind(keyring, data_type),
        List::KeyId(key_id) => begun.part("key").blind(keyring, key_id),
        List::Label(label) => begun.part("label").blind(keyring, label),
        List::TagKey(key) => begun.part("tag-key").blind(keyring, key),
        List::Tag(key, value) => begun.part("tag").blind(keyring, key).blind(keyring, value),
    }
}

/// The name of an entry: the code, and what keeps texts apart whose codes are alike.
fn entry(keyring: &Keyring, code: &PrefixCode, list: NameBuilder, name: &str) -> Name {
    let path = path_of(name);
    let (above, rest) = split(&path);
    list.blind_prefix(code, above).end().blind_prefix(code, rest).end().blind(keyring, &path).name()
}

/// A path with the slash behind it.
fn directory(path: &str) -> String {
    if path.ends_with(SLASH) { path.to_owned() } else { format!("{path}{SLASH}") }
}

/// What stands up to and with the last slash, and what behind it.
fn split(path: &str) -> (&str, &str) {
    path.split_at(path.rfind(SLASH).map_or(0, |place| place + SLASH.len_utf8()))
}

#[cfg(test)]
mod tests {
    use alcazar_crypto::SeededEntropy;

    use super::*;

    const NAMES: [&str; 8] = [
        "top",
        "/slashed",
        "/app/one",
        "/app/two",
        "/app/prod/x",
        "/app/prod/deep/y",
        "/apple/z",
        "/b/app/one",
    ];

    /// The names of [`NAMES`] in a part of a list.
    fn part(part: &Part) -> Vec<&'static str> {
        let keyring = Keyring::generate(&SeededEntropy::new(7)).unwrap();
        let (account, region) = ("111122223333".parse().unwrap(), "eu-west-1".parse().unwrap());
        let ranges = ranges(&keyring, account, &region, List::All, part);
        let is_in = |name: &&str| {
            let list = begin(&keyring, account, &region, List::All);
            let entry = entry(&keyring, &keyring.prefix_code(), list, name);
            let holding = ranges.iter().filter(|range| range.contains(entry.as_bytes())).count();
            assert!(holding < 2, "{name} is in two ranges");
            holding == 1
        };
        NAMES.into_iter().filter(is_in).collect()
    }

    #[test]
    fn what_is_below_a_path_is_a_range() {
        let below = |path: &str| part(&Part::Below(path.to_owned()));
        assert_eq!(below("/"), NAMES);
        assert_eq!(below("/app"), ["/app/one", "/app/two", "/app/prod/x", "/app/prod/deep/y"]);
        assert_eq!(below("/app/"), below("/app"));
        assert_eq!(below("/app/prod"), ["/app/prod/x", "/app/prod/deep/y"]);
        assert!(below("/ap").is_empty());
        assert!(below("/app/one").is_empty());
    }

    #[test]
    fn what_is_directly_below_a_path_is_another() {
        let below = |path: &str| part(&Part::DirectlyBelow(path.to_owned()));
        assert_eq!(below("/"), ["top", "/slashed"]);
        assert_eq!(below("/app"), ["/app/one", "/app/two"]);
        assert_eq!(below("/app/prod/"), ["/app/prod/x"]);
        assert!(below("/b").is_empty());
    }

    #[test]
    fn names_that_begin_with_a_text_are_two() {
        let begin = |text: &str| part(&Part::BeginsWith(text.to_owned()));
        assert_eq!(begin("/app"), ["/app/one", "/app/two", "/app/prod/x", "/app/prod/deep/y", "/apple/z"]);
        assert_eq!(begin("/app/"), ["/app/one", "/app/two", "/app/prod/x", "/app/prod/deep/y"]);
        assert_eq!(begin("/app/pro"), ["/app/prod/x", "/app/prod/deep/y"]);
        assert_eq!(begin("/app/two"), ["/app/two"]);
        assert_eq!((begin("to"), begin("/to"), begin("s")), (vec!["top"], vec!["top"], vec!["/slashed"]));
        assert_eq!(begin("/"), NAMES);
    }
}
