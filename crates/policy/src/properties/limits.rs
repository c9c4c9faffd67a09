//! All types of policies at once: a deny in any of them wins, and what only limits never gives.

use super::*;

/// The policies of every type that apply to a request, as statements. Of those of an organization there is a list for
/// each level.
#[derive(Debug, Clone)]
struct Policies {
    identity: Vec<String>,
    boundary: Option<Vec<String>>,
    session: Option<Vec<String>>,
    service_control: Vec<Vec<String>>,
    resource_control: Vec<Vec<String>>,
    resource: Option<Vec<String>>,
}

impl Policies {
    fn decide(&self, asked: &Asked) -> Decision {
        let own = |statements: &Vec<String>| Arc::new(compile(statements, PolicyKind::Identity));
        // Levels of resource control policies hold AWS's own, which allows, so they are read as that one is.
        let levels = |levels: &[Vec<String>], kind| -> Vec<Vec<_>> {
            levels.iter().map(|statements| vec![Arc::new(compile(statements, kind))]).collect()
        };
        let resource_policy =
            self.resource.as_ref().map(|statements| compile(statements, PolicyKind::Resource));
        decide(&DecisionRequest {
            request: asked.request(),
            principal_policies: &PrincipalPolicies {
                identity: vec![own(&self.identity)],
                boundary: self.boundary.as_ref().map(own),
                session: self.session.as_ref().map(|statements| vec![own(statements)]),
                service_control: levels(&self.service_control, PolicyKind::ServiceControl),
            },
            resource_control: &levels(&self.resource_control, PolicyKind::Resource),
            resource_policy: resource_policy.as_ref(),
            resource_account: HOME.parse().unwrap(),
            resource_rule: asked.rule,
        })
    }

    fn allow(&self, asked: &Asked) -> bool {
        self.decide(asked) == Decision::Allowed
    }

    /// The same with `statement` in a policy of each type that is there, one type at a time.
    fn each_with(&self, own: &str, of_resource: &str) -> Vec<Self> {
        let mut all = Vec::new();
        let mut with = |change: &dyn Fn(&mut Self) -> Option<&mut Vec<String>>, statement: &str| {
            let mut changed = self.clone();
            if let Some(statements) = change(&mut changed) {
                statements.push(statement.to_owned());
                all.push(changed);
            }
        };
        with(&|policies| Some(&mut policies.identity), own);
        with(&|policies| policies.boundary.as_mut(), own);
        with(&|policies| policies.session.as_mut(), own);
        with(&|policies| policies.service_control.last_mut(), own);
        with(&|policies| policies.resource_control.first_mut(), of_resource);
        with(&|policies| policies.resource.as_mut(), of_resource);
        all
    }
}

const ALLOW: &str = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
const ALLOW_EVERYONE: &str = r#"{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}"#;

/// Statements of which one allows everything, more often than not: so that requests are allowed often enough.
fn mostly_allowing(kind: PolicyKind) -> impl Strategy<Value = Vec<String>> {
    let all = if kind == PolicyKind::Resource { ALLOW_EVERYONE } else { ALLOW };
    (statements(kind), prop::bool::weighted(0.7)).prop_map(move |(mut statements, allows)| {
        if allows {
            statements.push(all.to_owned());
        }
        statements
    })
}

fn levels(kind: PolicyKind) -> impl Strategy<Value = Vec<Vec<String>>> {
    prop::collection::vec(mostly_allowing(kind), 0..3)
}

fn policies() -> impl Strategy<Value = Policies> {
    (
        mostly_allowing(PolicyKind::Identity),
        prop::option::of(mostly_allowing(PolicyKind::Identity)),
        prop::option::of(mostly_allowing(PolicyKind::Identity)),
        levels(PolicyKind::ServiceControl),
        levels(PolicyKind::Resource),
        prop::option::of(mostly_allowing(PolicyKind::Resource)),
    )
        .prop_map(|(identity, boundary, session, service_control, resource_control, resource)| {
            Policies { identity, boundary, session, service_control, resource_control, resource }
        })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_deny_in_a_policy_of_any_type_wins(asked in asked(), policies in policies()) {
        const DENY: &str = r#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#;
        const DENY_EVERYONE: &str = r#"{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}"#;
        for with_deny in policies.each_with(DENY, DENY_EVERYONE) {
            prop_assert!(denied_explicitly(with_deny.decide(&asked)));
        }
    }

    #[test]
    fn an_allow_in_a_policy_of_any_type_never_denies(
        asked in asked(),
        policies in policies(),
        own in statement("Allow", PolicyKind::Identity),
        of_resource in statement("Allow", PolicyKind::Resource),
    ) {
        if policies.allow(&asked) {
            for with_allow in policies.each_with(&own, &of_resource) {
                prop_assert!(with_allow.allow(&asked));
            }
        }
    }

    #[test]
    fn a_boundary_never_allows(asked in asked(), policies in policies()) {
        let without = Policies { boundary: None, ..policies.clone() };
        prop_assert!(without.allow(&asked) || !policies.allow(&asked));
    }

    #[test]
    fn a_session_policy_never_allows(asked in asked(), policies in policies()) {
        // Only a federated user's session has nothing without one.
        if !matches!(asked.principal.kind, PrincipalKind::FederatedUser { .. }) {
            let without = Policies { session: None, ..policies.clone() };
            prop_assert!(without.allow(&asked) || !policies.allow(&asked));
        }
    }

    #[test]
    fn a_level_of_an_organizations_policies_never_allows(
        asked in asked(),
        policies in policies(),
        service_control in mostly_allowing(PolicyKind::ServiceControl),
        resource_control in mostly_allowing(PolicyKind::Resource),
    ) {
        let mut with = policies.clone();
        with.service_control.push(service_control);
        prop_assert!(policies.allow(&asked) || !with.allow(&asked));
        let mut with = policies.clone();
        with.resource_control.insert(0, resource_control);
        prop_assert!(policies.allow(&asked) || !with.allow(&asked));
    }

    #[test]
    fn what_is_allowed_is_allowed_by_a_policy(asked in asked(), policies in policies()) {
        // Take away all that gives, and nothing that only limits makes up for it.
        let limits = Policies { identity: vec![deny_nothing()], resource: None, ..policies };
        let is_root = asked.principal.kind == PrincipalKind::AccountRoot;
        prop_assert!(is_root || !limits.allow(&asked));
    }

    #[test]
    fn a_hostile_pattern_is_answered(
        pattern in "[a*?]{0,2000}",
        text in "a{0,2000}b?",
        action in "[a*?]{1,500}",
    ) {
        let statement = format!(
            r#"{{"Effect": "Allow", "Action": "s3:{action}", "Resource": "arn:aws:s3:::{pattern}",
                "Condition": {{"ForAnyValue:StringLike": {{"aws:TagKeys": ["{pattern}b", "{pattern}"]}}}}}}"#
        );
        let mut context = Context::new();
        for _ in 0..10 {
            context.insert("aws:TagKeys", text.clone());
        }
        let principal =
            Principal { account: HOME.parse().unwrap(), arn: "anonymous".into(), kind: PrincipalKind::Anonymous, unique_id: None };
        let resource = format!("arn:aws:s3:::{text}");
        let action = format!("s3:{text}");
        let request = Request { principal: &principal, action: &action, resource: &resource, context: &context };
        let _ = compile(&[statement], PolicyKind::Identity).evaluate(&request);
    }
}

/// A statement about no request that is ever made: a policy must have one.
fn deny_nothing() -> String {
    r#"{"Effect": "Deny", "Action": "none:None", "Resource": "*"}"#.to_owned()
}
