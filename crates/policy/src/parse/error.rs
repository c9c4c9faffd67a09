//! What can be wrong with a policy document, and where.

use thiserror::Error;

use super::{POLICY_BYTES_MAX, ResourceFault};
use crate::document::PolicyKind;
use crate::place::Place;
use crate::variable::InvalidVariable;

/// How much of a text an error shows, in characters.
const SHOWN_CHARACTERS_MAX: usize = 128;

/// A text that is not a valid policy document.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{place}: {reason}")]
pub struct ParseError {
    /// Where, e.g. `Statement[1].Condition.StringEquals`, or `document`.
    pub place: String,
    /// Why.
    pub reason: ParseReason,
}

/// Why a text is not a valid policy document. Texts from the document are cut to a readable length.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParseReason {
    /// The document is longer than any policy.
    #[error("a policy may have at most {POLICY_BYTES_MAX} bytes")]
    TooLong,
    /// The text is not JSON, or nests too deeply.
    #[error("not valid JSON: {0}")]
    NotJson(String),
    /// The value has another type.
    #[error("must be {0}")]
    Expected(&'static str),
    /// The element does not exist in the policy language.
    #[error("unknown element")]
    Unknown,
    /// The element stands there more than once.
    #[error("given more than once")]
    Repeated,
    /// An element that must be there is not.
    #[error("missing the required element {0}")]
    Missing(&'static str),
    /// Two elements exclude each other.
    #[error("{0} and {1} exclude each other")]
    Both(&'static str, &'static str),
    /// This kind of policy has no such element.
    #[error("a {0} must not have the element {1}")]
    Prohibited(PolicyKind, &'static str),
    /// `NotPrincipal` goes with Deny.
    #[error("NotPrincipal must be used with Deny")]
    NotPrincipalWithAllow,
    /// A resource control policy denies only.
    #[error("a resource control policy may only deny")]
    AllowInResourceControl,
    /// A resource control policy is about everyone.
    #[error("the principal of a resource control policy must be *")]
    NotEveryone,
    /// A trust policy names nobody.
    #[error("names no principal")]
    NoPrincipals,
    /// This kind of policy must name services.
    #[error("a {0} must name the services of its actions")]
    EveryAction(PolicyKind),
    /// The version is one that this kind of policy no longer takes.
    #[error("must be 2012-10-17")]
    OldVersion,
    /// The policy language has no such version.
    #[error("no version of the policy language: {0:?}")]
    Version(String),
    /// Neither `Allow` nor `Deny`.
    #[error("must be Allow or Deny, not {0:?}")]
    Effect(String),
    /// The statement id has characters other than letters and digits.
    #[error("a statement ID may have letters and digits only: {0:?}")]
    Sid(String),
    /// Two statements have the same id.
    #[error("statement IDs must be unique: {0:?}")]
    RepeatedSid(String),
    /// The text names no principal of this type.
    #[error("not a principal: {0:?}")]
    Principal(String),
    /// The text is no action.
    #[error("an action is a service prefix, a colon and a name: {0:?}")]
    Action(String),
    /// A trust policy speaks of an action that assumes no role.
    #[error("not an action by which a role is assumed: {0:?}")]
    NoAssumeRole(String),
    /// The text is no resource.
    #[error("a resource is an ARN, with variables after its fifth colon only, or *: {0:?}")]
    Resource(String, ResourceFault),
    /// The text is a resource, but not one that IAM reads.
    #[error("not a whole ARN: {0:?}")]
    LegacyResource(String),
    /// There is no such condition operator.
    #[error("no condition operator: {0:?}")]
    Operator(String),
    /// An operand does not fit the operator.
    #[error("{0:?} is not {1}")]
    Operand(String, &'static str),
    /// A `${` begins no variable.
    #[error(transparent)]
    Variable(InvalidVariable),
}

macro_rules! shown {
    ($($constructor:ident => $variant:ident),+ $(,)?) => {
        $(pub(crate) fn $constructor(text: &str) -> Self {
            Self::$variant(shown(text))
        })+
    };
}

impl ParseReason {
    shown! {
        version => Version,
        effect => Effect,
        sid => Sid,
        repeated_sid => RepeatedSid,
        principal => Principal,
        action => Action,
        no_assume_role => NoAssumeRole,
        legacy_resource => LegacyResource,
        operator => Operator,
    }

    pub(crate) fn resource(text: &str, fault: ResourceFault) -> Self {
        Self::Resource(shown(text), fault)
    }

    pub(crate) fn operand(text: &str, expected: &'static str) -> Self {
        Self::Operand(shown(text), expected)
    }

    pub(crate) fn at(self, place: Place<'_>) -> ParseError {
        ParseError { place: shown(&place.to_string()), reason: self }
    }
}

fn shown(text: &str) -> String {
    text.chars().take(SHOWN_CHARACTERS_MAX).collect()
}
