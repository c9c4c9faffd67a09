//! The files of the table: named policies, and cases that use them.

use std::collections::BTreeMap;

use alcazar_base::{AccountId, Timestamp};
use alcazar_policy::{
    Context, Decision, DenialReason, PolicyKind, PolicyType, Principal, PrincipalKind, ResourceRule, Value,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::question::Question;
use crate::reference::Verdict;

/// One case.
pub(crate) struct Case {
    pub(crate) file: String,
    pub(crate) title: String,
    pub(crate) source: String,
    pub(crate) question: Question,
    pub(crate) expect: Expect,
}

/// What a case must be decided as. Where AWS leaves open which of several types of policies it tells, each will do.
pub(crate) enum Expect {
    Allowed,
    Explicit(Vec<PolicyType>),
    Implicit(Vec<PolicyType>),
}

impl Expect {
    pub(crate) fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed)
    }

    pub(crate) fn agrees_with_decision(&self, decision: Decision) -> Result<(), String> {
        let verdict = match decision {
            Decision::Allowed => Verdict::Allowed,
            Decision::Denied(denial) => match denial.reason {
                DenialReason::ExplicitDeny(policy_type) => Verdict::Explicit(vec![policy_type]),
                DenialReason::NoAllow(policy_type) => Verdict::Implicit(vec![policy_type]),
            },
        };
        self.agrees_with_verdict(&verdict)
    }

    pub(crate) fn agrees_with_verdict(&self, verdict: &Verdict) -> Result<(), String> {
        let common = |some: &[PolicyType], others: &[PolicyType]| some.iter().any(|one| others.contains(one));
        let (agrees, told) = match (self, verdict) {
            (Self::Allowed, Verdict::Allowed) => (true, String::new()),
            (Self::Explicit(wanted), Verdict::Explicit(types)) => {
                (common(wanted, types), format!("{wanted:?}"))
            }
            (Self::Implicit(wanted), Verdict::Implicit(types)) => {
                (common(wanted, types), format!("{wanted:?}"))
            }
            (Self::Allowed, _) => (false, "Allowed".to_owned()),
            (Self::Explicit(wanted), _) => (false, format!("Explicit({wanted:?})")),
            (Self::Implicit(wanted), _) => (false, format!("Implicit({wanted:?})")),
        };
        if agrees { Ok(()) } else { Err(format!("wanted {told}, decided {verdict:?}")) }
    }

    fn read(text: &str) -> Self {
        let types = |names: &str| names.split('|').map(policy_type).collect();
        match text.split_once(' ') {
            None if text == "allowed" => Self::Allowed,
            Some(("explicit", names)) => Self::Explicit(types(names)),
            Some(("implicit", names)) => Self::Implicit(types(names)),
            _ => panic!("no decision: {text}"),
        }
    }
}

fn policy_type(name: &str) -> PolicyType {
    match name {
        "identity" => PolicyType::IdentityBased,
        "resource" => PolicyType::ResourceBased,
        "boundary" => PolicyType::PermissionsBoundary,
        "session" => PolicyType::Session,
        "scp" => PolicyType::ServiceControl,
        "rcp" => PolicyType::ResourceControl,
        other => panic!("no type of policy: {other}"),
    }
}

/// Reads a file of the table.
pub(crate) fn read(name: &str, text: &str) -> Vec<Case> {
    let file: File = serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(!file.about.is_empty(), "{name} says what it is about");
    file.cases.into_iter().map(|row| row.case(name, &file.policies)).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    about: String,
    policies: BTreeMap<String, Json>,
    cases: Vec<Row>,
}

/// A case as it is written. A policy is the name of one of the file's policies, or a document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    title: String,
    source: String,
    principal: Who,
    action: String,
    resource: String,
    /// The resource's account; the principal's own if none is given.
    account: Option<String>,
    /// `must-allow`, or `ordinary` if none is given. A role with a trust policy is always `must-allow`.
    rule: Option<String>,
    #[serde(default)]
    context: BTreeMap<String, Values>,
    #[serde(default)]
    identity: Vec<Json>,
    /// The condition of an identity policy that allows everything else.
    allow_when: Option<Json>,
    /// The condition of an identity policy that denies everything, beside one that allows everything.
    deny_when: Option<Json>,
    boundary: Option<Json>,
    session: Option<Vec<Json>>,
    #[serde(default)]
    scp: Vec<Vec<Json>>,
    #[serde(default)]
    rcp: Vec<Vec<Json>>,
    resource_policy: Option<Json>,
    trust_policy: Option<Json>,
    expect: String,
}

/// An ARN, the name of a service, or `anonymous`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Who {
    Name(String),
    /// A role session whose role has a path.
    Session {
        arn: String,
        role: String,
    },
    /// A federated user of a user.
    FederatedUser {
        arn: String,
        user: String,
    },
    /// Someone whom an identity provider vouches for.
    Federated {
        federated: String,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    Several(Vec<One>),
    One(One),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum One {
    Bool(bool),
    Integer(i64),
    Text(String),
    Time { time: String },
    Address { ip: String },
    Binary { binary: String },
}

impl From<One> for Value {
    fn from(one: One) -> Self {
        match one {
            One::Bool(value) => Self::Bool(value),
            One::Integer(number) => Self::Integer(number),
            One::Text(text) => Self::from(text),
            One::Time { time } => Self::Time(Timestamp::parse_iso8601(&time).unwrap()),
            One::Address { ip } => Self::Address(ip.parse().unwrap()),
            One::Binary { binary } => Self::Binary(STANDARD.decode(binary).unwrap()),
        }
    }
}

impl Row {
    fn case(self, file: &str, policies: &BTreeMap<String, Json>) -> Case {
        let text = |policy: &Json| match policy {
            Json::String(name) => {
                policies.get(name).unwrap_or_else(|| panic!("{file}: no policy {name}")).to_string()
            }
            document => document.to_string(),
        };
        let texts = |policies: &[Json]| policies.iter().map(text).collect::<Vec<_>>();
        let under = |effect: &str, condition: &Json| {
            let statement = json!({"Effect": effect, "Action": "*", "Resource": "*", "Condition": condition});
            json!({"Version": "2012-10-17", "Statement": statement}).to_string()
        };
        let mut identity = texts(&self.identity);
        identity.extend(self.allow_when.iter().map(|condition| under("Allow", condition)));
        if let Some(condition) = &self.deny_when {
            identity.extend([under("Allow", &json!({})), under("Deny", condition)]);
        }
        let principal = self.principal.principal();
        let resource_account = self.account.map_or(principal.account, |account| account.parse().unwrap());
        let of_kind = |kind| move |policy: &Json| (kind, text(policy));
        let trust_policy = self.trust_policy.as_ref().map(of_kind(PolicyKind::Trust));
        let must_allow = trust_policy.is_some() || self.rule.as_deref() == Some("must-allow");
        let mut context = Context::new();
        for (key, values) in self.context {
            let values = match values {
                Values::Several(several) => several,
                Values::One(one) => vec![one],
            };
            values.into_iter().for_each(|value| context.insert(key.clone(), value));
        }
        Case {
            file: file.to_owned(),
            source: self.source,
            question: Question {
                principal,
                action: self.action,
                resource: self.resource,
                context,
                identity,
                boundary: self.boundary.as_ref().map(text),
                session: self.session.as_deref().map(texts),
                service_control: self.scp.iter().map(|level| texts(level)).collect(),
                resource_control: self.rcp.iter().map(|level| texts(level)).collect(),
                resource_policy: self
                    .resource_policy
                    .as_ref()
                    .map(of_kind(PolicyKind::Resource))
                    .or(trust_policy),
                resource_account,
                rule: if must_allow { ResourceRule::MustAllow } else { ResourceRule::Ordinary },
            },
            expect: Expect::read(&self.expect),
            title: self.title,
        }
    }
}

impl Who {
    fn principal(self) -> Principal {
        let (arn, kind) = match self {
            Self::Session { arn, role } => (arn, PrincipalKind::AssumedRole { role_arn: role }),
            Self::FederatedUser { arn, user } => (arn, PrincipalKind::FederatedUser { user_arn: user }),
            Self::Federated { federated } => (federated.clone(), PrincipalKind::Federated(federated)),
            Self::Name(name) => {
                let kind = kind_of(&name);
                (name, kind)
            }
        };
        // Whoever belongs to no account gets one that plays no part in any case.
        let account: AccountId = arn.split(':').nth(4).unwrap_or("999999999999").parse().unwrap();
        Principal { account, arn, unique_id: None, kind }
    }
}

fn kind_of(name: &str) -> PrincipalKind {
    let (account, resource) = match name.split(':').collect::<Vec<_>>()[..] {
        ["arn", _, _, _, account, resource] => (account, resource),
        _ if name == "anonymous" => return PrincipalKind::Anonymous,
        _ => return PrincipalKind::Service(name.to_owned()),
    };
    match resource.split('/').collect::<Vec<_>>()[..] {
        ["root"] => PrincipalKind::AccountRoot,
        ["user", ..] => PrincipalKind::User,
        ["assumed-role", role, _] => {
            PrincipalKind::AssumedRole { role_arn: format!("arn:aws:iam::{account}:role/{role}") }
        }
        _ => panic!("no principal: {name}"),
    }
}
