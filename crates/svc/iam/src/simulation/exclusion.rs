//! Policies that a simulation leaves out, to see what would be without them.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyIdentifier.html>

use alcazar_api_iam::types::{AttachmentType, PolicyIdentifier, PolicyIdentifierPolicyType};
use alcazar_identity::entity::EntityKind;
use alcazar_shape::ApiError;

use crate::error::simulation as error;

/// What is left out.
#[derive(Debug, Default)]
pub(crate) struct Exclusions {
    types: Vec<PolicyIdentifierPolicyType>,
    /// ARNs of managed policies, with wildcards.
    arns: Vec<String>,
    inline: Vec<Inline>,
}

#[derive(Debug)]
struct Inline {
    policy_name: String,
    kind: EntityKind,
    /// The name of the user, group or role, with wildcards.
    entity_name: String,
}

/// The prefixes of managed policies' ARNs, up to the account.
const AWS_MANAGED: &str = "arn:aws:iam::aws:policy/";

impl Exclusions {
    /// Reads what a request says.
    ///
    /// # Errors
    /// An identifier is no ARN of a policy, or has wildcards where there may be none.
    pub(crate) fn read(identifiers: &[PolicyIdentifier]) -> Result<Self, ApiError> {
        let mut excluded = Self::default();
        for identifier in identifiers {
            match identifier {
                PolicyIdentifier::PolicyType(kind) => excluded.types.push(*kind),
                PolicyIdentifier::PolicyArn(arn) => {
                    if !is_policy_arn(arn) {
                        return Err(error::invalid_identifier(arn));
                    }
                    excluded.arns.push(arn.clone());
                }
                PolicyIdentifier::InlinePolicyIdentifier(inline) => {
                    if inline.attachment_name.matches('*').count() > 1 {
                        return Err(error::invalid_identifier(&inline.attachment_name));
                    }
                    let kind = match inline.attachment_type {
                        AttachmentType::User => EntityKind::User,
                        AttachmentType::Group => EntityKind::Group,
                        AttachmentType::Role => EntityKind::Role,
                    };
                    excluded.inline.push(Inline {
                        policy_name: inline.policy_name.clone(),
                        kind,
                        entity_name: inline.attachment_name.clone(),
                    });
                }
            }
        }
        Ok(excluded)
    }

    /// Whether the permissions boundary is left out.
    pub(super) fn boundary(&self) -> bool {
        self.types.contains(&PolicyIdentifierPolicyType::PermissionBoundary)
    }

    /// Whether service control policies are left out.
    pub(super) fn service_control(&self) -> bool {
        self.types.contains(&PolicyIdentifierPolicyType::Scp)
    }

    /// Whether a policy in a user, group or role is left out.
    pub(super) fn inline(&self, kind: EntityKind, entity_name: &str, policy_name: &str) -> bool {
        let is_named = |inline: &Inline| {
            inline.kind == kind
                && inline.policy_name == policy_name
                && matches(&inline.entity_name, entity_name)
        };
        self.types.contains(&PolicyIdentifierPolicyType::Inline) || self.inline.iter().any(is_named)
    }

    /// Whether a managed policy is left out.
    pub(super) fn managed(&self, arn: &str) -> bool {
        let kind = match arn.starts_with(AWS_MANAGED) {
            true => PolicyIdentifierPolicyType::AwsManaged,
            false => PolicyIdentifierPolicyType::UserManaged,
        };
        self.types.contains(&kind) || self.arns.iter().any(|pattern| matches(pattern, arn))
    }
}

/// Whether it is the ARN of a managed policy, in whose name there may be one `*` and any number of `?`.
fn is_policy_arn(text: &str) -> bool {
    let Some((prefix, name)) = text.split_once(":policy/") else { return false };
    let is_account = |account: &str| account == "aws" || account.parse::<alcazar_base::AccountId>().is_ok();
    prefix.strip_prefix("arn:aws:iam::").is_some_and(is_account)
        && !name.is_empty()
        && name.matches('*').count() <= 1
}

/// Whether a text is as a pattern says, in which there is at most one `*`.
fn matches(pattern: &str, text: &str) -> bool {
    let same = |pattern: &str, text: &str| {
        pattern.chars().count() == text.chars().count()
            && pattern.chars().zip(text.chars()).all(|(wanted, found)| wanted == '?' || wanted == found)
    };
    let Some((before, after)) = pattern.split_once('*') else { return same(pattern, text) };
    let characters: Vec<char> = text.chars().collect();
    let (head, tail) = (before.chars().count(), after.chars().count());
    if head + tail > characters.len() {
        return false;
    }
    let (first, rest) = characters.split_at(head);
    let (_, last) = rest.split_at(rest.len() - tail);
    same(before, &first.iter().collect::<String>()) && same(after, &last.iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_has_one_star_and_any_question_marks() {
        for (pattern, text, expected) in [
            ("abc", "abc", true),
            ("a?c", "abc", true),
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*c", "ac", true),
            ("ab*bc", "abc", false),
            ("a?", "abc", false),
            ("é*", "élan", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn an_identifier_that_is_no_policys_arn_is_refused() {
        for (arn, expected) in [
            ("arn:aws:iam::aws:policy/Amazon*", true),
            ("arn:aws:iam::111122223333:policy/a/b?", true),
            ("arn:aws:iam::*:policy/a", false),
            ("arn:aws:iam::aws:policy/a*b*", false),
            ("arn:aws:iam::aws:role/a", false),
        ] {
            let read = Exclusions::read(&[PolicyIdentifier::PolicyArn(arn.to_owned())]);
            assert_eq!(read.is_ok(), expected, "{arn}");
        }
    }
}
