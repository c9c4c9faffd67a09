//! Advanced event selectors: conditions on an event's fields, all of which must hold.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedEventSelector.html>

use std::collections::BTreeSet;

use alcazar_api_cloudtrail::types;
use alcazar_engine::audit::AuditEvent;
use alcazar_shape::ApiError;
use alcazar_shape::convert::List;
use minicbor::{Decode, Encode};

use super::{SELECTORS_MAX, event_field};
use crate::error::selector as error;

/// The most values of all conditions of a trail or event data store together.
const VALUES_MAX: usize = 500;

/// What has the selectors: an event data store may look at more than a trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    /// A trail.
    Trail,
    /// An event data store.
    EventDataStore,
}

/// An advanced event selector. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct AdvancedSelector {
    /// What it is called.
    #[n(0)]
    pub(crate) name: Option<String>,
    /// Its conditions.
    #[n(1)]
    pub(crate) fields: Vec<FieldSelector>,
}

/// A condition on a field: any of the first three lists has the value, and none of the last three.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct FieldSelector {
    /// The field, e.g. `eventName`.
    #[n(0)]
    pub(crate) field: String,
    /// It is one of these,
    #[n(1)]
    pub(crate) equals: Vec<String>,
    /// or begins with one of these,
    #[n(2)]
    pub(crate) starts_with: Vec<String>,
    /// or ends with one of these;
    #[n(3)]
    pub(crate) ends_with: Vec<String>,
    /// and is none of these,
    #[n(4)]
    pub(crate) not_equals: Vec<String>,
    /// begins with none of these,
    #[n(5)]
    pub(crate) not_starts_with: Vec<String>,
    /// and ends with none of these.
    #[n(6)]
    pub(crate) not_ends_with: Vec<String>,
}

impl AdvancedSelector {
    /// The selector of every management event.
    #[must_use]
    pub(crate) fn management_events(name: &str) -> Self {
        let category = FieldSelector {
            field: "eventCategory".to_owned(),
            equals: vec!["Management".to_owned()],
            ..FieldSelector::default()
        };
        Self { name: Some(name.to_owned()), fields: vec![category] }
    }

    /// Whether all its conditions hold.
    #[must_use]
    pub(crate) fn selects(&self, event: &AuditEvent) -> bool {
        self.fields.iter().all(|field| field.holds(&event_field::values(event, &field.field)))
    }

    /// The category of events that it is about, e.g. `Management`.
    #[must_use]
    pub(crate) fn category(&self) -> Option<&str> {
        let field = self.fields.iter().find(|field| field.field == "eventCategory")?;
        field.equals.first().map(String::as_str)
    }

    /// It as answers have it.
    #[must_use]
    pub(crate) fn shown(&self) -> types::AdvancedEventSelector {
        let fields: Vec<types::AdvancedFieldSelector> =
            self.fields.iter().map(FieldSelector::shown).collect();
        types::AdvancedEventSelector { name: self.name.clone(), field_selectors: fields.into() }
    }
}

impl FieldSelector {
    fn holds(&self, values: &[&str]) -> bool {
        let has_positive =
            [&self.equals, &self.starts_with, &self.ends_with].iter().any(|wanted| !wanted.is_empty());
        let any = |wanted: &[String], matches: fn(&str, &str) -> bool| {
            wanted.iter().any(|wanted| values.iter().any(|value| matches(value, wanted)))
        };
        let is_wanted = any(&self.equals, |value, wanted| value == wanted)
            || any(&self.starts_with, |value, wanted| value.starts_with(wanted))
            || any(&self.ends_with, |value, wanted| value.ends_with(wanted));
        let is_refused = any(&self.not_equals, |value, wanted| value == wanted)
            || any(&self.not_starts_with, |value, wanted| value.starts_with(wanted))
            || any(&self.not_ends_with, |value, wanted| value.ends_with(wanted));
        (is_wanted || !has_positive) && !is_refused
    }

    fn read(given: &types::AdvancedFieldSelector) -> Self {
        let list = |list: &Option<List<String>>| list.as_ref().map(|list| list.0.clone()).unwrap_or_default();
        Self {
            field: given.field.clone(),
            equals: list(&given.equals),
            starts_with: list(&given.starts_with),
            ends_with: list(&given.ends_with),
            not_equals: list(&given.not_equals),
            not_starts_with: list(&given.not_starts_with),
            not_ends_with: list(&given.not_ends_with),
        }
    }

    fn shown(&self) -> types::AdvancedFieldSelector {
        let list = |list: &[String]| (!list.is_empty()).then(|| list.to_vec().into());
        types::AdvancedFieldSelector {
            field: self.field.clone(),
            equals: list(&self.equals),
            starts_with: list(&self.starts_with),
            ends_with: list(&self.ends_with),
            not_equals: list(&self.not_equals),
            not_starts_with: list(&self.not_starts_with),
            not_ends_with: list(&self.not_ends_with),
        }
    }

    /// Each operator with its values.
    fn conditions(&self) -> [(Operator, &[String]); 6] {
        [
            (Operator::Equals, &self.equals),
            (Operator::StartsWith, &self.starts_with),
            (Operator::EndsWith, &self.ends_with),
            (Operator::NotEquals, &self.not_equals),
            (Operator::NotStartsWith, &self.not_starts_with),
            (Operator::NotEndsWith, &self.not_ends_with),
        ]
    }

    /// Every value of its conditions.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &String> {
        self.conditions().into_iter().flat_map(|(_, values)| values)
    }

    fn values(&self) -> usize {
        self.conditions().iter().map(|(_, values)| values.len()).sum()
    }

    fn only_equals(&self) -> bool {
        self.conditions().iter().all(|(operator, values)| *operator == Operator::Equals || values.is_empty())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equals,
    StartsWith,
    EndsWith,
    NotEquals,
    NotStartsWith,
    NotEndsWith,
}

/// Reads the selectors that somebody gives.
///
/// # Errors
/// There are too many, or one does not say what such selectors may say.
pub(crate) fn read(
    given: &[types::AdvancedEventSelector],
    holder: Holder,
) -> Result<Vec<AdvancedSelector>, ApiError> {
    if given.is_empty() || given.len() > SELECTORS_MAX {
        return Err(error::selector_count(SELECTORS_MAX));
    }
    let read: Vec<AdvancedSelector> = given
        .iter()
        .map(|given| AdvancedSelector {
            name: given.name.clone(),
            fields: given.field_selectors.iter().map(FieldSelector::read).collect(),
        })
        .collect();
    let values: usize = read.iter().flat_map(|selector| &selector.fields).map(FieldSelector::values).sum();
    if values > VALUES_MAX {
        return Err(error::value_count(VALUES_MAX));
    }
    for selector in &read {
        check(selector, holder)?;
    }
    Ok(read)
}

fn check(selector: &AdvancedSelector, holder: Holder) -> Result<(), ApiError> {
    let mut fields = BTreeSet::new();
    for field in &selector.fields {
        if !fields.insert(field.field.as_str()) {
            return Err(error::field_twice(&field.field));
        }
        if field.values() == 0 {
            return Err(error::no_operator(&field.field));
        }
        let unique = field.conditions().iter().all(|(_, values)| {
            let distinct: BTreeSet<&String> = values.iter().collect();
            distinct.len() == values.len()
        });
        if !unique {
            return Err(error::value_twice(&field.field));
        }
    }
    let category =
        one_value(selector, "eventCategory")?.ok_or_else(|| error::field_missing("eventCategory"))?;
    let (allowed, required) =
        fields_of(category, holder).ok_or_else(|| error::value(category, "eventCategory"))?;
    for field in &selector.fields {
        if !allowed.contains(&field.field.as_str()) {
            return Err(error::field_not_for(&field.field, category));
        }
        check_field(field, category, holder)?;
    }
    for required in required {
        one_value(selector, required)?.ok_or_else(|| error::field_missing(required))?;
    }
    Ok(())
}

/// The fields that selectors of a category may look at, and those that they must.
fn fields_of(category: &str, holder: Holder) -> Option<(&'static [&'static str], &'static [&'static str])> {
    const MANAGEMENT_OF_TRAILS: &[&str] = &["eventCategory", "eventSource", "readOnly"];
    const MANAGEMENT: &[&str] = &[
        "eventCategory",
        "eventName",
        "eventSource",
        "eventType",
        "readOnly",
        "sessionCredentialFromConsole",
        "userIdentity.arn",
    ];
    const DATA: &[&str] = &[
        "eventCategory",
        "eventName",
        "eventSource",
        "eventType",
        "readOnly",
        "resources.ARN",
        "resources.type",
        "sessionCredentialFromConsole",
        "userIdentity.arn",
    ];
    const NETWORK: &[&str] = &["eventCategory", "eventSource", "eventName", "errorCode", "vpcEndpointId"];
    match (category, holder) {
        ("Management", Holder::Trail) => Some((MANAGEMENT_OF_TRAILS, &[])),
        ("Management", Holder::EventDataStore) => Some((MANAGEMENT, &[])),
        ("Data", _) => Some((DATA, &["resources.type"])),
        ("NetworkActivity", _) => Some((NETWORK, &["eventSource"])),
        ("Insight" | "ConfigurationItem" | "Evidence" | "ActivityAuditLog", Holder::EventDataStore) => {
            Some((&["eventCategory"], &[]))
        }
        _ => None,
    }
}

fn check_field(field: &FieldSelector, category: &str, holder: Holder) -> Result<(), ApiError> {
    let only_equals = match field.field.as_str() {
        "eventCategory" | "resources.type" | "readOnly" | "sessionCredentialFromConsole" | "errorCode" => {
            true
        }
        "eventSource" => category == "NetworkActivity",
        _ => false,
    };
    if only_equals && !field.only_equals() {
        return Err(error::only_equals(&field.field));
    }
    let values = field.conditions().into_iter().flat_map(|(_, values)| values);
    let known = |known: &[&str]| match values.clone().find(|value| !known.contains(&value.as_str())) {
        Some(value) => Err(error::value(value, &field.field)),
        None => Ok(()),
    };
    match field.field.as_str() {
        "readOnly" | "sessionCredentialFromConsole" => known(&["true", "false"]),
        "errorCode" => known(&["VpceAccessDenied"]),
        "eventSource" if category == "Management" && holder == Holder::Trail => {
            if field
                .conditions()
                .iter()
                .any(|(operator, values)| *operator != Operator::NotEquals && !values.is_empty())
            {
                return Err(error::only_not_equals(&field.field));
            }
            known(super::basic::EXCLUDABLE)
        }
        "resources.type" => match values.clone().find(|value| !is_resource_type(value)) {
            Some(value) => Err(error::value(value, &field.field)),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Whether it has the form of a resource's type, as `AWS::SQS::Queue`. The list of those that CloudTrail knows grows
/// with every service.
fn is_resource_type(value: &str) -> bool {
    let mut parts = value.split("::");
    let is_word = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    parts.next() == Some("AWS")
        && parts.next().is_some_and(is_word)
        && parts.next().is_some_and(is_word)
        && parts.next().is_none()
}

/// The only value that a field must have, if the selector looks at it.
fn one_value<'a>(selector: &'a AdvancedSelector, name: &str) -> Result<Option<&'a str>, ApiError> {
    let Some(field) = selector.fields.iter().find(|field| field.field == name) else { return Ok(None) };
    match field.equals.as_slice() {
        [value] if field.only_equals() => Ok(Some(value)),
        _ if name == "eventSource" && field.only_equals() && !field.equals.is_empty() => {
            Ok(field.equals.first().map(String::as_str))
        }
        _ => Err(error::only_equals(name)),
    }
}

#[cfg(test)]
mod tests;
