//! The plan of a list: which entries of the index are looked at, so that there are few of them that the filters do not
//! let pass.
//!
//! What always holds: every parameter that passes the filters has an entry in one of the plan's lists, in one of its
//! parts.

use crate::filter::{Below, Filter, Test};
use crate::index::{self, COMMON_DATA_TYPE, List, Part};
use crate::name::directory;
use crate::version::{Kind, Tier};

/// Which lists, and which parts of each. No lists hold nothing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan<'a> {
    /// The lists. No parameter is in two of them.
    pub(crate) lists: Vec<List<'a>>,
    /// The parts of each.
    pub(crate) parts: Vec<Part>,
}

/// The plan for filters.
#[must_use]
pub(crate) fn of(filters: &[Filter]) -> Plan<'_> {
    let names = filters.iter().find_map(|filter| match filter {
        Filter::Name(Test::Equals(names)) => Some(names),
        _ => None,
    });
    if let Some(names) = names {
        let parts = names.iter().map(|name| Part::Exactly(name.clone())).collect();
        return Plan { lists: vec![List::All], parts };
    }
    let lists = filters.iter().filter_map(lists).min_by_key(|(rank, _)| *rank);
    Plan { lists: lists.map_or(vec![List::All], |(_, lists)| lists), parts: parts(filters) }
}

/// How few parameters a list has, as far as one can know: the first have the fewest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Nothing,
    /// The labelled version is what the other filters are about, while all other lists are about the latest.
    Label,
    Tag,
    KeyId,
    TagKey,
    DataType,
    Kind,
    Tier,
}

/// The lists in which everything is that passes a filter, if there are any.
fn lists(filter: &Filter) -> Option<(Rank, Vec<List<'_>>)> {
    match filter {
        Filter::Label(label) => Some((Rank::Label, vec![List::Label(label)])),
        Filter::Tag(key, Test::Equals(values)) => {
            Some((Rank::Tag, distinct(values).map(|value| List::Tag(key, value)).collect()))
        }
        Filter::Tag(key, _) | Filter::TagKey(key) => Some((Rank::TagKey, vec![List::TagKey(key)])),
        Filter::KeyId(Test::Equals(keys)) => Some((Rank::KeyId, distinct(keys).map(List::KeyId).collect())),
        Filter::KeyId(_) => Some((Rank::Kind, index::of_kind(Kind::SecureString).into_iter().collect())),
        Filter::DataType(Test::Equals(types)) if types.iter().all(|it| it != COMMON_DATA_TYPE) => {
            Some((Rank::DataType, distinct(types).map(List::DataType).collect()))
        }
        Filter::Kind(kinds) => {
            let lists: Option<Vec<_>> = kinds.iter().map(|kind| index::of_kind(*kind)).collect();
            lists.map(|lists| (Rank::Kind, lists))
        }
        Filter::Tier(tiers) => match &tiers[..] {
            [] => Some((Rank::Nothing, Vec::new())),
            [tier @ (Tier::Standard | Tier::Advanced)] => Some((Rank::Tier, vec![index::of_tier(*tier)])),
            _ => None,
        },
        Filter::Name(_) | Filter::Path(_) | Filter::DataType(_) => None,
    }
}

/// Values, each once.
fn distinct(values: &[String]) -> impl Iterator<Item = &str> {
    let is_first = |(place, value): &(usize, &String)| !values.iter().take(*place).any(|it| it == *value);
    values.iter().enumerate().filter(is_first).map(|(_, value)| value.as_str())
}

/// The parts in which everything is that passes the filters by path and by the beginnings of names.
fn parts(filters: &[Filter]) -> Vec<Part> {
    let below = filters.iter().find_map(|filter| match filter {
        Filter::Path(below) => Some(below),
        _ => None,
    });
    let beginnings = filters.iter().find_map(|filter| match filter {
        Filter::Name(Test::BeginsWith(beginnings)) => Some(beginnings),
        _ => None,
    });
    match (below, beginnings) {
        (None, None) => vec![Part::Whole],
        (None, Some(beginnings)) => beginnings.iter().cloned().map(Part::BeginsWith).collect(),
        (Some(below), None) => below.paths.iter().map(|path| of_path(below, path)).collect(),
        (Some(below), Some(beginnings)) => {
            let both = below.paths.iter().flat_map(|path| beginnings.iter().map(move |text| (path, text)));
            both.filter_map(|(path, text)| narrower(below, path, text)).collect()
        }
    }
}

fn of_path(below: &Below, path: &str) -> Part {
    let path = path.to_owned();
    if below.is_recursive { Part::Below(path) } else { Part::DirectlyBelow(path) }
}

/// The smaller of what is below a path and what begins with a text, if one can be in the other.
fn narrower(below: &Below, path: &str, text: &str) -> Option<Part> {
    let above = directory(path);
    if above.starts_with(text) {
        return Some(of_path(below, path));
    }
    text.starts_with(&above).then(|| Part::BeginsWith(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn lists_of(filters: &[Filter]) -> Vec<List<'_>> {
        of(filters).lists
    }

    #[test]
    fn the_list_with_the_fewest_entries_is_taken() {
        let kind = Filter::Kind(vec![Kind::StringList]);
        let tier = Filter::Tier(vec![Tier::Advanced]);
        let key = Filter::KeyId(Test::Equals(texts(&["k", "l", "k"])));
        let tag = Filter::Tag("a".to_owned(), Test::Equals(texts(&["1"])));
        assert_eq!(lists_of(&[]), [List::All]);
        assert_eq!(lists_of(&[tier.clone(), kind.clone()]), [List::Kind("StringList")]);
        assert_eq!(lists_of(&[tier.clone(), key.clone()]), [List::KeyId("k"), List::KeyId("l")]);
        assert_eq!(lists_of(&[tier, key, tag, kind]), [List::Tag("a", "1")]);
        assert_eq!(lists_of(&[Filter::Tier(Vec::new()), Filter::TagKey("a".to_owned())]), []);
    }

    #[test]
    fn what_most_parameters_have_has_no_list() {
        let data_types = |types: &[&str]| Filter::DataType(Test::Equals(texts(types)));
        assert_eq!(lists_of(&[Filter::Kind(vec![Kind::String, Kind::StringList])]), [List::All]);
        assert_eq!(lists_of(&[data_types(&["text", "url"])]), [List::All]);
        assert_eq!(lists_of(&[data_types(&["url"])]), [List::DataType("url")]);
    }

    #[test]
    fn the_smaller_part_is_taken() {
        let path = |path: &str| Filter::Path(Below { paths: texts(&[path]), is_recursive: true });
        let name = |name: &str| Filter::Name(Test::BeginsWith(texts(&[name])));
        let parts = |filters: &[Filter]| of(filters).parts;
        let below = |path: &str| vec![Part::Below(path.to_owned())];
        assert_eq!(parts(&[]), [Part::Whole]);
        assert_eq!(parts(&[path("/a"), name("/")]), below("/a"));
        assert_eq!(parts(&[path("/a"), name("/a/")]), below("/a"));
        assert_eq!(parts(&[path("/a"), name("/a/b")]), [Part::BeginsWith("/a/b".to_owned())]);
        assert_eq!(parts(&[path("/a"), name("/ab")]), []);
        let exactly = Filter::Name(Test::Equals(texts(&["/x", "/y"])));
        assert_eq!(parts(&[path("/a"), exactly]), ["/x", "/y"].map(|name| Part::Exactly(name.to_owned())));
    }
}
