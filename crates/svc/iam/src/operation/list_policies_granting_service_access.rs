//! `ListPoliciesGrantingServiceAccess`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPoliciesGrantingServiceAccess.html>

use alcazar_api_iam::operation as api;
use alcazar_api_iam::types::{
    ListPoliciesGrantingServiceAccessEntry, PolicyGrantingServiceAccess, PolicyOwnerEntityType, PolicyType,
};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Error, Operation, Reads, Result};
use alcazar_identity::entity::EntityKind;
use alcazar_policy::{Actions, Effect, PolicyDocument, PolicyKind};

use crate::page;
use crate::simulation::{Exclusions, Held, Source};
use crate::source::Target;

/// Lists which policies of a user, group or role allow something of services.
pub struct ListPoliciesGrantingServiceAccess;

impl Operation for ListPoliciesGrantingServiceAccess {
    type Api = api::ListPoliciesGrantingServiceAccess;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::ListPoliciesGrantingServiceAccessRequest,
    ) -> Result<Target> {
        Target::find(reads, &input.arn).await
    }

    fn access(call: &CallInfo, _: &api::ListPoliciesGrantingServiceAccessRequest, target: &Target) -> Access {
        Access::one(target.check(call, "iam:ListPoliciesGrantingServiceAccess"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListPoliciesGrantingServiceAccessRequest,
        target: Allowed<Target>,
    ) -> Result<api::ListPoliciesGrantingServiceAccessResponse> {
        let policies = target.source.policies(cx, &Exclusions::default()).await?;
        let mut documents = Vec::new();
        for source in &policies.identity {
            let document = PolicyDocument::parse(&source.document.text, PolicyKind::Identity);
            documents.push((source, document.map_err(|error| Error::invariant(error.to_string()))?));
        }
        let entry = |namespace: &String| {
            let granting = documents.iter().filter(|(_, document)| grants(document, namespace));
            let policies: Vec<_> = granting.filter_map(|(source, _)| shown(source)).collect();
            ListPoliciesGrantingServiceAccessEntry {
                service_namespace: Some(namespace.clone()),
                policies: Some(policies.into()),
            }
        };
        let entries = input.service_namespaces.iter().map(entry);
        let asked = page::asked(input.marker.as_deref(), None);
        let page = page::in_order(cx, "granting policies", asked, entries)?;
        let (entries, is_truncated, marker) = page.into_parts(|entry| entry);
        Ok(api::ListPoliciesGrantingServiceAccessResponse {
            policies_granting_service_access: entries,
            is_truncated,
            marker,
        })
    }
}

/// Whether a policy allows any action of a service. What denies them elsewhere does not count.
fn grants(document: &PolicyDocument, namespace: &str) -> bool {
    let allows = document.statements().iter().filter(|statement| statement.effect == Effect::Allow);
    allows.map(|statement| &statement.actions).any(|actions| covers(actions, namespace))
}

fn covers(actions: &Actions, namespace: &str) -> bool {
    let mut patterns = actions.patterns.iter().map(|pattern| match pattern.split_once(':') {
        Some((service, name)) => (service.eq_ignore_ascii_case(namespace), name == "*"),
        None => (true, true),
    });
    if actions.negated {
        return !patterns.any(|(of_service, all)| of_service && all);
    }
    patterns.any(|(of_service, _)| of_service)
}

fn shown(source: &Source) -> Option<PolicyGrantingServiceAccess> {
    Some(match source.held.clone()? {
        Held::Managed { name, arn } => PolicyGrantingServiceAccess {
            policy_name: name,
            policy_type: PolicyType::Managed,
            policy_arn: Some(arn),
            entity_type: None,
            entity_name: None,
        },
        Held::Inline { name, kind, entity_name } => PolicyGrantingServiceAccess {
            policy_name: name,
            policy_type: PolicyType::Inline,
            policy_arn: None,
            entity_type: Some(match kind {
                EntityKind::User => PolicyOwnerEntityType::User,
                EntityKind::Group => PolicyOwnerEntityType::Group,
                EntityKind::Role => PolicyOwnerEntityType::Role,
            }),
            entity_name: Some(entity_name),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_grants_access_to_the_services_that_it_allows_something_of() {
        for (statement, expected) in [
            (r#""Effect": "Allow", "Action": "kms:Encrypt""#, true),
            (r#""Effect": "Allow", "Action": ["s3:*", "KMS:List*"]"#, true),
            (r#""Effect": "Allow", "Action": "*""#, true),
            (r#""Effect": "Allow", "Action": "s3:*""#, false),
            (r#""Effect": "Deny", "Action": "kms:*""#, false),
            (r#""Effect": "Allow", "NotAction": "kms:*""#, false),
            (r#""Effect": "Allow", "NotAction": "kms:Encrypt""#, true),
        ] {
            let text =
                format!(r#"{{"Version": "2012-10-17", "Statement": {{{statement}, "Resource": "*"}}}}"#);
            let document = PolicyDocument::parse(&text, PolicyKind::Identity).unwrap();
            assert_eq!(grants(&document, "kms"), expected, "{statement}");
        }
    }
}
