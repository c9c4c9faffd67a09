//! What an import would do: the difference between a document and what is there.
//!
//! What always holds: what a document leaves out stays as it is; nothing is planned for a parameter that is as the
//! document has it, so a plan that was carried out in part goes on where it ended.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value as Json;
use thiserror::Error;

use super::document::{Entry, Kind, Tier, Value};
use super::path::Path;

/// The data type that parameters have unless they say otherwise.
const USUAL_DATA_TYPE: &str = "text";

/// How much of a value is shown, in characters.
const SHOWN_MAX: usize = 60;

/// What is to be done with a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Make it.
    Add(Entry),
    /// Write a version with all of this.
    Put(Entry),
    /// Change its tags alone.
    Tag,
    /// Delete it.
    Remove,
}

/// A parameter that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// The parameter.
    pub(crate) name: String,
    /// What is to be done.
    pub(crate) step: Step,
    /// Tags to be put on.
    pub(crate) tags_to_add: BTreeMap<String, String>,
    /// Tags to be taken off.
    pub(crate) tags_to_remove: Vec<String>,
    /// What differs, for people.
    differences: Vec<String>,
}

/// What is to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// What changes, deletions last.
    pub(crate) changes: Vec<Change>,
    /// How many parameters are as they should be.
    pub(crate) unchanged: usize,
}

/// A parameter that cannot be made as the document has it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum PlanError {
    /// It has no value.
    #[error(
        "{0} is to be made, and the file has no value for it; `params export --decrypt` writes those of SecureStrings"
    )]
    NoValue(String),
    /// It has no type.
    #[error("{0} is to be made, and the file has no Type for it")]
    NoType(String),
}

impl Plan {
    /// Compares what `wanted` has with what there is below a path. What it does not have is deleted if that is asked for.
    ///
    /// # Errors
    /// A parameter cannot be made.
    pub(crate) fn new(
        path: &Path,
        found: &BTreeMap<String, Entry>,
        wanted: BTreeMap<String, Entry>,
        delete: bool,
    ) -> Result<Self, PlanError> {
        let mut removals = Vec::new();
        if delete {
            let extra = found.iter().filter(|(name, _)| !wanted.contains_key(*name));
            removals.extend(extra.map(|(name, entry)| Change::remove(path.parameter(name), entry)));
        }
        let mut plan = Self::default();
        for (name, wanted) in wanted {
            let parameter = path.parameter(&name);
            let change = match found.get(&name) {
                None => Some(Change::add(parameter, wanted)?),
                Some(found) => Change::of(parameter, found, wanted),
            };
            match change {
                Some(change) => plan.changes.push(change),
                None => plan.unchanged += 1,
            }
        }
        plan.changes.extend(removals);
        Ok(plan)
    }

    /// How many parameters are to be made, changed and deleted.
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts { unchanged: self.unchanged, ..Counts::default() };
        for change in &self.changes {
            match change.step {
                Step::Add(_) => counts.added += 1,
                Step::Put(_) | Step::Tag => counts.changed += 1,
                Step::Remove => counts.removed += 1,
            }
        }
        counts
    }
}

/// How many parameters something happens to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Made.
    pub(crate) added: usize,
    /// Changed.
    pub(crate) changed: usize,
    /// Deleted.
    pub(crate) removed: usize,
    /// As they should be.
    pub(crate) unchanged: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { added, changed, removed, unchanged } = self;
        write!(f, "{added} added, {changed} changed, {removed} removed, {unchanged} as they were")
    }
}

impl Change {
    fn add(name: String, wanted: Entry) -> Result<Self, PlanError> {
        let Some(kind) = wanted.kind else { return Err(PlanError::NoType(name)) };
        let Some(value) = &wanted.value else { return Err(PlanError::NoValue(name)) };
        let differences = vec![kind.as_str().to_owned(), shown(kind, value)];
        let tags_to_add = wanted.tags.clone().unwrap_or_default();
        Ok(Self { name, step: Step::Add(wanted), tags_to_add, tags_to_remove: Vec::new(), differences })
    }

    fn remove(name: String, found: &Entry) -> Self {
        let differences = found.kind.map(|kind| kind.as_str().to_owned()).into_iter().collect();
        Self {
            name,
            step: Step::Remove,
            tags_to_add: BTreeMap::new(),
            tags_to_remove: Vec::new(),
            differences,
        }
    }

    /// What makes a parameter what is wanted; none if it is.
    fn of(name: String, found: &Entry, wanted: Entry) -> Option<Self> {
        let mut differences = Vec::new();
        let kind = wanted.kind.or(found.kind).unwrap_or(Kind::SecureString);
        if found.kind.is_some_and(|found| found != kind) {
            differences.push(format!("Type {} → {}", found.kind.map_or("", Kind::as_str), kind.as_str()));
        }
        if let Some(value) = &wanted.value
            && found.value.as_ref() != Some(value)
        {
            // Neither side of a secret is shown, whichever it has been or is to be.
            let is_secret = found.kind == Some(Kind::SecureString) || kind == Kind::SecureString;
            let before = found.value.as_ref().filter(|_| !is_secret);
            let before = before.map_or_else(String::new, |before| format!("{} → ", quoted(before)));
            let after = if is_secret { "(not shown)".to_owned() } else { quoted(value) };
            differences.push(format!("Value {before}{after}"));
        }
        let texts = [
            ("Description", &found.description, &wanted.description, ""),
            ("KeyId", &found.key_id, &wanted.key_id, ""),
            ("DataType", &found.data_type, &wanted.data_type, USUAL_DATA_TYPE),
            ("AllowedPattern", &found.allowed_pattern, &wanted.allowed_pattern, ""),
        ];
        for (member, found, wanted, usual) in texts {
            let found = found.as_deref().unwrap_or(usual);
            if wanted.as_deref().is_some_and(|wanted| wanted != found) {
                differences.push(member.to_owned());
            }
        }
        // Where the choice is AWS's, any tier agrees with it.
        if let Some(tier) = wanted.tier.filter(|tier| *tier != Tier::IntelligentTiering)
            && found.tier != Some(tier)
        {
            differences.push(format!("Tier {tier:?}"));
        }
        let policies =
            wanted.policies.as_ref().is_some_and(|wanted| !same(wanted, found.policies.as_deref()));
        if policies {
            differences.push("Policies".to_owned());
        }
        let has_new_version = !differences.is_empty();
        let (tags_to_add, tags_to_remove) = tag_differences(found, &wanted);
        if !tags_to_add.is_empty() || !tags_to_remove.is_empty() {
            differences.push("Tags".to_owned());
        }
        let step = if has_new_version { Step::Put(merged(found, wanted)) } else { Step::Tag };
        (!differences.is_empty()).then_some(Self { name, step, tags_to_add, tags_to_remove, differences })
    }
}

/// A version of a parameter: what is wanted, and what is there where nothing else is wanted.
fn merged(found: &Entry, wanted: Entry) -> Entry {
    let found = found.clone();
    Entry {
        kind: wanted.kind.or(found.kind),
        value: wanted.value.or(found.value),
        description: wanted.description.or(found.description),
        tier: wanted.tier.or(found.tier),
        key_id: wanted.key_id.or(found.key_id),
        data_type: wanted.data_type.or(found.data_type),
        allowed_pattern: wanted.allowed_pattern.or(found.allowed_pattern),
        policies: wanted.policies.or(found.policies),
        tags: None,
    }
}

/// Whether both hold the same policies, in whatever order.
fn same(wanted: &[Json], found: Option<&[Json]>) -> bool {
    let found = found.unwrap_or_default();
    wanted.len() == found.len() && wanted.iter().all(|policy| found.contains(policy))
}

fn tag_differences(found: &Entry, wanted: &Entry) -> (BTreeMap<String, String>, Vec<String>) {
    let Some(wanted) = &wanted.tags else { return (BTreeMap::new(), Vec::new()) };
    let none = BTreeMap::new();
    let found = found.tags.as_ref().unwrap_or(&none);
    let to_add = wanted.iter().filter(|(key, value)| found.get(*key) != Some(*value));
    let to_remove = found.keys().filter(|key| !wanted.contains_key(*key));
    (to_add.map(|(key, value)| (key.clone(), value.clone())).collect(), to_remove.cloned().collect())
}

fn shown(kind: Kind, value: &Value) -> String {
    if kind == Kind::SecureString { "(not shown)".to_owned() } else { quoted(value) }
}

/// The beginning of a value, so that nothing of it acts on a terminal.
fn quoted(value: &Value) -> String {
    let text = value.0.expose();
    let mut beginning: String = text.chars().take(SHOWN_MAX).collect();
    if beginning.len() < text.len() {
        beginning.push('…');
    }
    format!("{beginning:?}")
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.step {
            Step::Add(_) => '+',
            Step::Put(_) | Step::Tag => '~',
            Step::Remove => '-',
        };
        write!(f, "{sign} {}  {}", self.name, self.differences.join(", "))
    }
}

#[cfg(test)]
mod tests;
