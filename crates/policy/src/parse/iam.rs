//! IAM's words for what is wrong with a policy, as `MalformedPolicyDocument` carries them.
//!
//! IAM often says less than is known here, so its sentence is followed by the place, and by the reason where the
//! sentence gives none.

use super::action::is_of_service;
use super::resource::{IAM_TYPES, ResourceFault};
use super::{ParseError, ParseReason};
use crate::document::PolicyKind;

const SYNTAX: &str = "Syntax errors in policy.";
const LEGACY: &str = "The policy failed legacy parsing";

impl ParseError {
    /// The message that IAM answers with for a policy of this kind.
    #[must_use]
    pub fn iam_message(&self, kind: PolicyKind) -> String {
        let of_trust = if kind == PolicyKind::Trust { self.of_trust() } else { None };
        let sentence = of_trust.or_else(|| self.of_identity()).unwrap_or_else(|| SYNTAX.to_owned());
        let Self { place, reason } = self;
        if matches!(&*sentence, SYNTAX | LEGACY) {
            format!("{sentence} ({place}: {reason})")
        } else {
            format!("{sentence} ({place})")
        }
    }

    /// What IAM says of trust policies alone.
    fn of_trust(&self) -> Option<String> {
        let sentence = match &self.reason {
            ParseReason::TooLong | ParseReason::NotJson(_) => "This policy contains invalid Json".to_owned(),
            ParseReason::Version(_) => "The policy must contain a valid version string".to_owned(),
            ParseReason::Missing("Statement") => "Could not parse the policy: Statement is empty!".to_owned(),
            ParseReason::Missing(element) => format!("Missing required field {element}"),
            ParseReason::NoPrincipals => "Missing required field Principal cannot be empty!".to_owned(),
            ParseReason::RepeatedSid(_) => "The Statement Ids in the policy are not unique".to_owned(),
            ParseReason::Effect(text) => format!("Invalid effect: {text}"),
            ParseReason::NotPrincipalWithAllow => "Allow with NotPrincipal is not allowed.".to_owned(),
            ParseReason::Prohibited(_, "NotPrincipal") => {
                "AssumeRole policy must not contain NotPrincipal field.".to_owned()
            }
            ParseReason::Prohibited(_, "NotResource") => {
                "AssumeRole policy must not contain resources.".to_owned()
            }
            ParseReason::Prohibited(_, element) => format!("Has prohibited field {element}"),
            ParseReason::Action(_) | ParseReason::NoAssumeRole(_) => {
                "AssumeRole policy may only specify STS AssumeRole actions.".to_owned()
            }
            ParseReason::Principal(text) if text == "*" && self.principal_type().is_none() => {
                r#"AssumeRolepolicy contained an invalid principal: "STAR":"*"."#.to_owned()
            }
            ParseReason::Principal(text) => {
                let of_type = self.principal_type().unwrap_or("AWS").to_ascii_uppercase();
                format!(r#"Invalid principal in policy: "{of_type}":"{text}""#)
            }
            _ => return None,
        };
        Some(sentence)
    }

    /// `Service` at `Statement[0].Principal.Service[1]`.
    fn principal_type(&self) -> Option<&str> {
        let (_, of_type) = self.place.split_once("Principal.")?;
        of_type.split('[').next()
    }

    /// What IAM says of identity policies; nothing where it finds errors in the syntax.
    fn of_identity(&self) -> Option<String> {
        let sentence = match &self.reason {
            ParseReason::OldVersion => "Policy document must be version 2012-10-17 or greater.",
            ParseReason::Effect(text)
                if text.eq_ignore_ascii_case("Allow") || text.eq_ignore_ascii_case("Deny") =>
            {
                LEGACY
            }
            ParseReason::Operand(_, "a date") | ParseReason::LegacyResource(_) => LEGACY,
            ParseReason::Missing("Action") => "Policy statement must contain actions.",
            ParseReason::Missing("Resource") => "Policy statement must contain resources.",
            ParseReason::Prohibited(_, "Principal" | "NotPrincipal") => {
                "Policy document should not specify a principal."
            }
            ParseReason::RepeatedSid(_) => "Statement IDs (SID) in a single policy must be unique.",
            ParseReason::Sid(_) => {
                "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular \
                 expression [0-9A-Za-z]*"
            }
            ParseReason::Action(text) => return Some(of_action(text)),
            ParseReason::Resource(text, fault) => return Some(of_resource(text, *fault)),
            _ => return None,
        };
        Some(sentence.to_owned())
    }
}

fn of_action(text: &str) -> String {
    let service = text.split(':').next().unwrap_or_default();
    match text.matches(':').count() {
        0 => "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.".to_owned(),
        1 if service.is_empty() || !service.bytes().all(is_of_service) => {
            format!("Vendor {service} is not valid")
        }
        1 => SYNTAX.to_owned(),
        _ => "Actions/Condition can contain only one colon.".to_owned(),
    }
}

fn of_resource(text: &str, fault: ResourceFault) -> String {
    match fault {
        ResourceFault::NotArn => format!(r#"Resource {text} must be in ARN format or "*"."#),
        ResourceFault::Partition => {
            let mut parts = text.splitn(6, ':').skip(1);
            let partition = parts.next().unwrap_or_default();
            // IAM puts a star where a part is missing.
            let others: Vec<_> = parts.chain(["*"; 4]).take(4).collect();
            let arn = format!("arn:{partition}:{}", others.join(":"));
            format!(r#"Partition "{partition}" is not valid for resource "{arn}"."#)
        }
        ResourceFault::Service => {
            "Resource vendor must be fully qualified and cannot contain regexes.".to_owned()
        }
        ResourceFault::RegionOfIam => format!("IAM resource {text} cannot contain region information."),
        ResourceFault::RegionOfS3 => format!("Resource {text} can not contain region information."),
        ResourceFault::TypeOfIam => {
            format!(r#"IAM resource path must either be "*", root, or start with {}."#, IAM_TYPES.join(", "))
        }
    }
}

#[cfg(test)]
mod tests;
