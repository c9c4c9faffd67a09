//! Filters: which parameters a list has. Of several filters a parameter must pass all; of a filter's values, one.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-search.html>

pub(crate) mod read;

use crate::name::{SLASH, directory, path_of};
use crate::parameter::Parameter;
use crate::version::{Kind, Tier, Version};

/// A filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Filter {
    /// By the name, with its leading slash.
    Name(Test),
    /// By the path above the name.
    Path(Below),
    /// By the type, one of these.
    Kind(Vec<Kind>),
    /// By the tier, one of these.
    Tier(Vec<Tier>),
    /// By the KMS key, as it was named.
    KeyId(Test),
    /// By the data type.
    DataType(Test),
    /// By a label: it is the labelled version that the list has, and that passes the other filters.
    Label(String),
    /// By the tag of a key, whatever its value.
    TagKey(String),
    /// By the value of the tag of a key.
    Tag(String, Test),
}

/// Which hierarchies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Below {
    /// The paths.
    pub(crate) paths: Vec<String>,
    /// Whether what is deeper counts too.
    pub(crate) is_recursive: bool,
}

/// How a text is tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    /// It is one of these.
    Equals(Vec<String>),
    /// It begins with one of these.
    BeginsWith(Vec<String>),
    /// One of these is in it.
    Contains(Vec<String>),
}

impl Test {
    fn passes(&self, text: &str) -> bool {
        match self {
            Self::Equals(values) => values.iter().any(|value| text == value),
            Self::BeginsWith(values) => values.iter().any(|value| text.starts_with(value.as_str())),
            Self::Contains(values) => values.iter().any(|value| text.contains(value.as_str())),
        }
    }
}

impl Below {
    fn has(&self, path: &str) -> bool {
        let is_below = |above: &String| {
            let rest = path.strip_prefix(directory(above).as_str());
            rest.is_some_and(|rest| self.is_recursive || !rest.contains(SLASH))
        };
        self.paths.iter().any(is_below)
    }
}

impl Filter {
    /// Whether a name may be that of a parameter that passes.
    #[must_use]
    pub(crate) fn passes_name(&self, name: &str) -> bool {
        match self {
            Self::Name(test) => test.passes(&path_of(name)),
            Self::Path(below) => below.has(&path_of(name)),
            _ => true,
        }
    }

    /// Whether a version of a parameter passes; its name does.
    #[must_use]
    pub(crate) fn passes(&self, parameter: &Parameter, version: &Version) -> bool {
        let tag = |key: &String| parameter.tags.iter().find(|tag| tag.key == *key);
        match self {
            Self::Name(_) | Self::Path(_) => true,
            Self::Kind(kinds) => kinds.contains(&version.kind),
            Self::Tier(tiers) => tiers.contains(&version.tier),
            Self::KeyId(test) => version.key_id.as_ref().is_some_and(|key_id| test.passes(key_id)),
            Self::DataType(test) => test.passes(&version.data_type),
            Self::Label(label) => parameter.labels_of(version.number).any(|it| it == label),
            Self::TagKey(key) => tag(key).is_some(),
            Self::Tag(key, test) => tag(key).is_some_and(|tag| test.passes(&tag.value)),
        }
    }
}
