//! Labels: names that a caller gives to versions.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-labels.html>

use alcazar_engine::{Cx, Reads, Result};

use crate::access::Target;
use crate::parameter::{Label, Parameter};
use crate::reference::Reference;
use crate::{error, event, name, parameter, quota};

/// What labels do not begin with, in small letters and large ones.
const RESERVED: [&str; 2] = ["aws", "ssm"];

/// Finds the parameter whose labels are to be changed. It is called by its name, not by its ARN.
///
/// # Errors
/// It is no name, the store failed, or the call waits for its turn.
pub(crate) async fn find_to_change(reads: &mut Reads<'_>, text: &str) -> Result<Target> {
    let name = text.trim_matches(' ');
    name::check(name)?;
    let (account, region, name) = (reads.account(), reads.region().clone(), name.to_owned());
    Target::find_to_change(reads, Reference { account, region, name, selector: None }).await
}

/// Whether a text can be a label.
fn is_label(text: &str) -> bool {
    let begins_with =
        |prefix: &str| text.get(..prefix.len()).is_some_and(|it| it.eq_ignore_ascii_case(prefix));
    text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        && !text.starts_with(|first: char| first.is_ascii_digit())
        && !RESERVED.into_iter().any(begins_with)
}

/// Each text once, in the order in which they stand first.
pub(crate) fn each_once(texts: &[String]) -> Vec<&String> {
    let mut once: Vec<&String> = Vec::new();
    for text in texts {
        if !once.contains(&text) {
            once.push(text);
        }
    }
    once
}

/// Passes if there is a version of this number, and gives the number.
///
/// # Errors
/// There is none.
pub(crate) fn check_version(parameter: &Parameter, number: i64) -> Result<u64> {
    let found =
        u64::try_from(number).ok().filter(|it| (parameter.oldest..=parameter.latest.number).contains(it));
    Ok(found.ok_or_else(|| error::version::number_not_found(&parameter.name, number))?)
}

/// Puts labels on a version, and tells of each that was not there. What cannot be a label is given back.
///
/// # Errors
/// The version would have more labels than it may, or the transaction is too large.
pub(crate) fn attach(
    cx: &mut Cx<'_>,
    before: &Parameter,
    version: u64,
    texts: &[String],
) -> Result<Vec<String>> {
    let (labels, invalid): (Vec<&String>, Vec<&String>) =
        each_once(texts).into_iter().partition(|text| is_label(text));
    let mut after = before.clone();
    for label in labels {
        let was_on = match after.labels.iter_mut().find(|it| it.label == *label) {
            Some(there) => Some(std::mem::replace(&mut there.version, version)),
            None => {
                after.labels.push(Label { label: label.clone(), version });
                None
            }
        };
        if was_on != Some(version) {
            event::labelled(cx, before, label, was_on, version)?;
        }
    }
    let most = cx.quota(&quota::LABELS).unwrap_or(u64::MAX);
    let has = u64::try_from(after.labels_of(version).count()).unwrap_or(u64::MAX);
    if has > most {
        return Err(error::version::too_many_labels(most).into());
    }
    if after != *before {
        parameter::put(cx, Some(before), after)?;
    }
    Ok(invalid.into_iter().cloned().collect())
}

/// Takes labels off a version. Gives those that were on it, and those that were not.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn detach(
    cx: &mut Cx<'_>,
    before: &Parameter,
    version: u64,
    texts: &[String],
) -> Result<(Vec<String>, Vec<String>)> {
    let is_on = |text: &&String| before.labels_of(version).any(|label| label == text.as_str());
    let (removed, invalid): (Vec<&String>, Vec<&String>) = each_once(texts).into_iter().partition(is_on);
    if !removed.is_empty() {
        let mut after = before.clone();
        after.labels.retain(|label| !removed.contains(&&label.label));
        parameter::put(cx, Some(before), after)?;
    }
    Ok((removed.into_iter().cloned().collect(), invalid.into_iter().cloned().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_begin_with_nothing_of_aws_and_no_digit() {
        for label in ["a", "Prod", "v1.2", "a-b_c.d", "_x", "saws"] {
            assert!(is_label(label), "{label}");
        }
        for text in ["bad label", "AWSbad", "Ssmbad", "aws", "1number", "bad:colon", "é", "a/b"] {
            assert!(!is_label(text), "{text}");
        }
    }
}
