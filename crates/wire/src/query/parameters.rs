//! Form-encoded parameters, as a tree along the dots in their names.

use std::borrow::Cow;
use std::collections::BTreeMap;

use alcazar_base::limit::DOCUMENT_DEPTH_MAX;
use percent_encoding::percent_decode;

use crate::decode_error::DecodeError;

/// The most parameters that one request may have.
pub const PARAMETERS_MAX: usize = 10_000;

/// The parameters of a request.
#[derive(Debug, Default)]
pub struct Parameters {
    root: Node,
}

/// What stands under one part of a name: a value of its own, and longer names.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) value: Option<String>,
    children: BTreeMap<String, Node>,
}

impl Parameters {
    /// Reads form-encoded texts, one after the other.
    ///
    /// # Errors
    /// `TooMany`, `TooDeep`, `Duplicate` if a name stands twice, `Utf8` if a name or value is not.
    pub fn read(sources: &[&[u8]]) -> Result<Self, DecodeError> {
        let mut parameters = Self::default();
        let mut count = 0_usize;
        for source in sources {
            // The parser below would put U+FFFD where the bytes are not UTF-8.
            percent_decode(source).decode_utf8().map_err(|_| DecodeError::Utf8)?;
            for (name, value) in form_urlencoded::parse(source) {
                count += 1;
                if count > PARAMETERS_MAX {
                    return Err(DecodeError::TooMany);
                }
                parameters.root.insert(&name, value)?;
            }
        }
        Ok(parameters)
    }

    /// The value of a top-level parameter, e.g. `Action`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.root.child(name)?.value.as_deref()
    }

    pub(super) fn root(&self) -> &Node {
        &self.root
    }
}

impl Node {
    fn insert(&mut self, name: &str, value: Cow<'_, str>) -> Result<(), DecodeError> {
        let mut node = self;
        for (depth, part) in name.split('.').enumerate() {
            // A list or map takes three parts of a name for one level of the document.
            if depth >= DOCUMENT_DEPTH_MAX {
                return Err(DecodeError::TooDeep);
            }
            node = node.children.entry(part.to_owned()).or_default();
        }
        if node.value.replace(value.into_owned()).is_some() {
            return Err(DecodeError::Duplicate);
        }
        Ok(())
    }

    pub(super) fn child(&self, name: &str) -> Option<&Node> {
        self.children.get(name)
    }

    /// The numbered children, in their numbers' order. Gaps close up, as they do in AWS.
    pub(super) fn numbered(&self) -> Vec<&Node> {
        let mut numbered: Vec<(u32, &Node)> =
            self.children.iter().filter_map(|(name, node)| Some((name.parse().ok()?, node))).collect();
        numbered.sort_unstable_by_key(|(number, _)| *number);
        numbered.into_iter().map(|(_, node)| node).collect()
    }
}
