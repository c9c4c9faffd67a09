//! What limits a principal, whoever grants: boundaries, the policies of sessions, and those of organizations.

use super::*;

/// One policy for each effect.
fn policies(kind: PolicyKind, effects: &[&str]) -> Vec<Arc<CompiledPolicy>> {
    let principal = if kind.has_principals() { r#""Principal": "*","# } else { "" };
    let statements = effects.iter().map(|effect| {
        // What neither allows nor denies is about another service.
        let (effect, action) = if *effect == "-" { ("Allow", "s3:*") } else { (*effect, "kms:*") };
        format!(r#"{{"Effect": "{effect}", {principal} "Action": "{action}", "Resource": "*"}}"#)
    });
    statements.map(|statement| Arc::new(compile(kind, &statement))).collect()
}

/// A decision in the home account on the resource whose policy allows whom it names.
struct Scene {
    who: &'static str,
    own: PrincipalPolicies,
    resource_control: Vec<Vec<Arc<CompiledPolicy>>>,
    rule: ResourceRule,
    named: &'static str,
}

fn scene(who: &'static str, named: &'static str) -> Scene {
    let (own, rule) = (PrincipalPolicies::default(), ResourceRule::Ordinary);
    Scene { who, own, resource_control: Vec::new(), rule, named }
}

impl Scene {
    fn identity(mut self, effects: &[&str]) -> Self {
        self.own.identity = policies(PolicyKind::Identity, effects);
        self
    }

    fn boundary(mut self, effect: &str) -> Self {
        self.own.boundary = policies(PolicyKind::Identity, &[effect]).pop();
        self
    }

    fn session(mut self, effects: &[&str]) -> Self {
        self.own.session = Some(policies(PolicyKind::Identity, effects));
        self
    }

    fn service_control(mut self, levels: &[&[&str]]) -> Self {
        self.own.service_control =
            levels.iter().map(|level| policies(PolicyKind::ServiceControl, level)).collect();
        self
    }

    fn resource_control(mut self, levels: &[&[&str]]) -> Self {
        // AWS's own policy allows, which no other may.
        self.resource_control = levels.iter().map(|level| policies(PolicyKind::Resource, level)).collect();
        self
    }

    fn must_allow(mut self) -> Self {
        self.rule = ResourceRule::MustAllow;
        self
    }

    fn decide(&self) -> Decision {
        let named = match self.named {
            "" => None,
            "*" => Some(r#""*""#.to_owned()),
            arn => Some(format!(r#"{{"AWS": "{arn}"}}"#)),
        };
        let resource_policy = named.map(|named| {
            let statement =
                format!(r#"{{"Effect": "Allow", "Principal": {named}, "Action": "kms:*", "Resource": "*"}}"#);
            compile(PolicyKind::Resource, &statement)
        });
        let principal = match self.who {
            "linked" => Principal {
                kind: PrincipalKind::AssumedRole {
                    role_arn: "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/X".into(),
                },
                ..principal("home/deploy")
            },
            "federated" => Principal {
                arn: FEDERATED.into(),
                kind: PrincipalKind::FederatedUser { user_arn: ALICE.1.into() },
                ..principal("home/alice")
            },
            who => principal(who),
        };
        let context = Context::new();
        decide(&DecisionRequest {
            request: Request {
                principal: &principal,
                action: "kms:Encrypt",
                resource: KEY,
                context: &context,
            },
            principal_policies: &self.own,
            resource_control: &self.resource_control,
            resource_policy: resource_policy.as_ref(),
            resource_account: "111122223333".parse().unwrap(),
            resource_rule: self.rule,
        })
    }

    #[track_caller]
    fn is(&self, expected: Result<(), DenialReason>) {
        let decided = match self.decide() {
            Decision::Allowed => Ok(()),
            Decision::Denied(denial) => Err(denial.reason),
        };
        assert_eq!(decided, expected);
    }

    /// Whether a grant on the resource would make up for the denial.
    #[track_caller]
    fn grants_count(&self, expected: bool) {
        let Decision::Denied(denial) = self.decide() else { panic!("allowed") };
        assert_eq!(denial.grants_count(), expected, "{denial:?}");
    }
}

const FEDERATED: &str = "arn:aws:sts::111122223333:federated-user/bob";
const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/deploy/s1";
const NO_BOUNDARY: Result<(), DenialReason> = Err(DenialReason::NoAllow(PolicyType::PermissionsBoundary));
const NO_SESSION: Result<(), DenialReason> = Err(DenialReason::NoAllow(PolicyType::Session));
const NO_SCP: Result<(), DenialReason> = Err(DenialReason::NoAllow(PolicyType::ServiceControl));
const NO_RCP: Result<(), DenialReason> = Err(DenialReason::NoAllow(PolicyType::ResourceControl));

/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>
#[test]
fn what_is_granted_to_an_identity_is_limited_and_what_is_granted_to_the_principal_itself_is_not() {
    for rule in [Scene::must_allow, |scene| scene] {
        for (who, named) in [
            ("home/alice", ALICE.1),
            ("home/deploy", SESSION),
            ("federated", FEDERATED),
            ("home/deploy", "*"),
        ] {
            rule(scene(who, named).boundary("-").session(&["-"])).is(Ok(()));
        }
        for (who, named) in [("home/deploy", ROLE.1), ("federated", ALICE.1)] {
            rule(scene(who, named).boundary("Allow").session(&["-", "Allow"])).is(Ok(()));
            rule(scene(who, named).boundary("-").session(&["Allow"])).is(NO_BOUNDARY);
            rule(scene(who, named).boundary("Allow").session(&[])).is(NO_SESSION);
        }
        let delegated = |who| scene(who, "111122223333").identity(&["Allow"]);
        rule(delegated("home/deploy").session(&["-"])).is(NO_SESSION);
        rule(delegated("home/alice").boundary("-")).is(NO_BOUNDARY);
        rule(delegated("home/alice").boundary("Allow")).is(Ok(()));
    }
    let deny = |policy_type| Err(DenialReason::ExplicitDeny(policy_type));
    scene("home/alice", ALICE.1).boundary("Deny").is(deny(PolicyType::PermissionsBoundary));
    scene("home/deploy", SESSION).session(&["Allow", "Deny"]).is(deny(PolicyType::Session));
}

#[test]
fn a_root_users_session_has_no_more_than_its_policies() {
    scene("home/root", "").session(&["Allow"]).is(Ok(()));
    scene("home/root", "").session(&["-"]).is(NO_SESSION);
    scene("home/root", "111122223333").session(&["-"]).must_allow().is(NO_SESSION);
}

/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>
#[test]
fn an_organization_must_allow_on_every_level() {
    let of = |levels: &[&[&str]]| scene("home/alice", "*").service_control(levels);
    of(&[&["Allow"], &["-", "Allow"]]).is(Ok(()));
    of(&[&["Allow"], &["-"], &["Allow"]]).is(NO_SCP);
    of(&[&["Allow"], &[]]).is(NO_SCP);
    let denied = Err(DenialReason::ExplicitDeny(PolicyType::ServiceControl));
    of(&[&["-"], &["Allow", "Deny"]]).is(denied);
    scene("home/root", "").service_control(&[&["-"]]).is(NO_SCP);
    scene("linked", "").identity(&["Allow"]).service_control(&[&["Deny"]]).is(Ok(()));
}

/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html>
#[test]
fn the_resources_organization_limits_everyone() {
    let denied = Err(DenialReason::ExplicitDeny(PolicyType::ResourceControl));
    for who in ["home/alice", "home/root", "home/s3", "home/anonymous", "other/alice"] {
        scene(who, "*").resource_control(&[&["Allow", "Deny"]]).is(denied);
        scene(who, "*").resource_control(&[&["Allow"], &[]]).is(NO_RCP);
    }
    scene("home/s3", "*").resource_control(&[&["Allow"]]).is(Ok(()));
    scene("linked", "").identity(&["Allow"]).resource_control(&[&["Allow", "Deny"]]).is(Ok(()));
}

#[test]
fn a_grant_makes_up_for_what_is_missing_and_never_for_a_limit() {
    let key = |named| scene("home/deploy", named).must_allow();
    key("").grants_count(true);
    key("111122223333").boundary("Allow").session(&["Allow"]).grants_count(true);
    key("").boundary("-").grants_count(false);
    key("").session(&["-"]).grants_count(false);
    key("111122223333").session(&["-"]).grants_count(false);
    key("").identity(&["Deny"]).grants_count(false);
    key("").service_control(&[&["-"]]).grants_count(false);
    key("").resource_control(&[&["-"]]).grants_count(false);
    key(ROLE.1).boundary("-").grants_count(false);
}
