//! What finds parameters by more than their names: lists of them, in the order of *places*, in which all that is below a
//! path stands together.
//!
//! A place is what stands for the path above a parameter, a zero byte, what stands for the rest of its name (see
//! [`PrefixCode`]), a zero byte, and what stands for the whole of it. So the parameters below a path are one span of
//! places, those directly below it are another, and those whose names begin with a text are two. A parameter has the same
//! place in every list, so that lists can be read side by side, and a page goes on at a place wherever the parameters
//! that it tells have moved to.
//!
//! There is one list of all parameters of an account and region, and one for each attribute value that they are looked
//! for by; the most common values (type `String`, data type `text`) have none. An entry is there for just as long as its
//! parameter has the value.

use std::collections::BTreeSet;
use std::ops::Bound;

use alcazar_base::{AccountId, Region};
use alcazar_crypto::{Keyring, PrefixCode};
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Cx, Name, NameBuilder, Result};
use minicbor::{Decode, Encode};

use crate::name::{self, SLASH, path_of};
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
    /// One name.
    Exactly(String),
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

/// All places that begin alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span(Vec<u8>);

impl Span {
    /// Whether all of it stands before a place.
    #[must_use]
    pub(crate) fn is_before(&self, place: &[u8]) -> bool {
        self.0.as_slice() < place && !place.starts_with(&self.0)
    }

    /// Where it begins.
    #[must_use]
    pub(crate) fn start(&self) -> &[u8] {
        &self.0
    }
}

/// The lists of an account and region.
pub(crate) struct Index<'a> {
    keyring: &'a Keyring,
    code: PrefixCode,
    /// What the names of all entries begin with.
    begun: NameBuilder,
}

impl<'a> Index<'a> {
    /// The lists of an account and region.
    #[must_use]
    pub(crate) fn of(keyring: &'a Keyring, account: AccountId, region: &Region) -> Self {
        let begun = Name::table(TABLE).part(account.as_str()).part(region.as_str());
        Self { keyring, code: keyring.prefix_code(), begun }
    }

    /// The spans of parts, in their order; no place is in two of them.
    #[must_use]
    pub(crate) fn spans(&self, parts: &[Part]) -> Vec<Span> {
        let mut spans: Vec<_> = parts.iter().flat_map(|part| self.spans_of(part)).collect();
        spans.sort();
        // What begins with a span comes right behind it.
        spans.dedup_by(|next, kept| next.0.starts_with(&kept.0));
        spans
    }

    fn spans_of(&self, part: &Part) -> Vec<Span> {
        let begun = || self.begun.clone();
        let spans = match part {
            Part::Whole => vec![begun()],
            Part::Below(path) => vec![begun().blind_prefix(&self.code, &name::directory(path))],
            Part::DirectlyBelow(path) => vec![begun().blind_prefix(&self.code, &name::directory(path)).end()],
            Part::BeginsWith(text) => {
                let text = path_of(text);
                let (above, rest) = split(&text);
                let here = begun().blind_prefix(&self.code, above).end().blind_prefix(&self.code, rest);
                let deeper = begun().blind_prefix(&self.code, &text);
                if rest.is_empty() { vec![deeper] } else { vec![here, deeper] }
            }
            Part::Exactly(name) => vec![self.place(name)],
        };
        let bytes =
            |span: NameBuilder| span.prefix().strip_prefix(&self.begun.prefix()[..]).map(<[u8]>::to_vec);
        spans.into_iter().filter_map(bytes).map(Span).collect()
    }

    /// The names of the entries of a list within a span, from a place on.
    #[must_use]
    pub(crate) fn range(&self, list: List<'_>, span: &Span, from: &[u8]) -> NameRange {
        let list = self.list(list).prefix();
        let range = NameRange::prefix(&[&list[..], &span.0].concat());
        if from <= span.start() {
            return range;
        }
        NameRange { start: Bound::Included([&list[..], from].concat().into()), end: range.end }
    }

    /// The place of an entry of a list.
    #[must_use]
    pub(crate) fn place_of(&self, list: List<'_>, entry: &Name) -> Vec<u8> {
        entry.as_bytes().strip_prefix(&self.list(list).prefix()[..]).unwrap_or_default().to_vec()
    }

    fn entry(&self, list: List<'_>, place: &NameBuilder) -> Name {
        self.list(list).followed_by(&self.begun, place).name()
    }

    /// A name's place, behind what all entries begin with.
    fn place(&self, name: &str) -> NameBuilder {
        let path = path_of(name);
        let (above, rest) = split(&path);
        let coded = self.begun.clone().blind_prefix(&self.code, above).end().blind_prefix(&self.code, rest);
        coded.end().blind(self.keyring, &path)
    }

    fn list(&self, list: List<'_>) -> NameBuilder {
        let (begun, keyring) = (self.begun.clone(), self.keyring);
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
}

/// All entries of a tier, as many as there are parameters of it, and the name of a parameter's entry among them.
#[must_use]
pub(crate) fn in_tier(
    keyring: &Keyring,
    account: AccountId,
    region: &Region,
    tier: Tier,
    name: &str,
) -> (NameRange, Name) {
    let index = Index::of(keyring, account, region);
    (index.list(of_tier(tier)).range(), index.entry(of_tier(tier), &index.place(name)))
}

/// Writes the entries that a parameter has and had not, and deletes those that it had and has not.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn update(cx: &mut Cx<'_>, before: Option<&Parameter>, after: Option<&Parameter>) -> Result<()> {
    let (had, has) = (before.map(lists).unwrap_or_default(), after.map(lists).unwrap_or_default());
    let Some(parameter) = after.or(before).filter(|_| had != has) else { return Ok(()) };
    let (keyring, Parameter { account, region, name, .. }) = (cx.keyring(), parameter);
    let index = Index::of(&keyring, *account, region);
    let place = index.place(name);
    let named = |list: &List<'_>| index.entry(*list, &place);
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

    fn with_index<T>(test: impl FnOnce(&Index<'_>) -> T) -> T {
        let keyring = Keyring::generate(&SeededEntropy::new(7)).unwrap();
        let (account, region) = ("111122223333".parse().unwrap(), "eu-west-1".parse().unwrap());
        test(&Index::of(&keyring, account, &region))
    }

    /// The names of [`NAMES`] in parts of a list.
    fn parts(parts: &[Part]) -> Vec<&'static str> {
        with_index(|index| {
            let spans = index.spans(parts);
            let is_in = |name: &&str| {
                let entry = index.entry(List::All, &index.place(name));
                let holds = |span: &&Span| index.range(List::All, span, &[]).contains(entry.as_bytes());
                let holding = spans.iter().filter(holds).count();
                assert!(holding < 2, "{name} is in two spans");
                holding == 1
            };
            NAMES.into_iter().filter(is_in).collect()
        })
    }

    fn part(part: &Part) -> Vec<&'static str> {
        parts(std::slice::from_ref(part))
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

    #[test]
    fn parts_in_others_are_left_out() {
        let (app, prod) = (Part::Below("/app".to_owned()), Part::Below("/app/prod/".to_owned()));
        let one = Part::Exactly("/app/prod/x".to_owned());
        with_index(|index| {
            assert_eq!(index.spans(&[prod.clone(), app.clone(), one.clone(), app.clone()]).len(), 1);
            assert_eq!(
                index.spans(&[prod.clone(), one.clone(), Part::Exactly("/apple/z".to_owned())]).len(),
                2
            );
            assert_eq!(index.spans(&[app, Part::Whole]).len(), 1);
        });
        assert_eq!(parts(&[one.clone(), Part::Exactly("/top".to_owned())]), ["top", "/app/prod/x"]);
        assert_eq!(part(&one), ["/app/prod/x"]);
    }

    #[test]
    fn a_parameter_has_one_place_in_every_list() {
        with_index(|index| {
            let lists = [List::All, List::Label("x"), List::Tag("k", "v"), List::Tier("Standard")];
            let place = |list| index.place_of(list, &index.entry(list, &index.place("/app/one")));
            for list in lists {
                assert_eq!(place(list), place(List::All));
            }
            let [span] = &index.spans(&[Part::Below("/app".to_owned())])[..] else { panic!() };
            let entry = index.entry(List::Label("x"), &index.place("/app/one"));
            let from = |from: &[u8]| index.range(List::Label("x"), span, from).contains(entry.as_bytes());
            assert!(from(&[]) && from(&place(List::All)));
            assert!(!from(&[place(List::All), vec![0]].concat()));
        });
    }
}
