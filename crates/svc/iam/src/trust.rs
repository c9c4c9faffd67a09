//! Trust policies: who may assume a role. Whom they name must exist, and the actions are those by which roles are assumed.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html>

use alcazar_engine::{Cx, Result};
use alcazar_identity::document::{Document, counted_characters};
use alcazar_policy::{PolicyDocument, PolicyKind, PrincipalId};

use crate::{error, quota};

/// The providers of web identities that need no record of their own, and Cognito.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html>
const KNOWN_PROVIDERS: [&str; 4] =
    ["accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"];

/// Reads a trust policy.
///
/// # Errors
/// It is none, it is too long, or it names somebody who does not exist.
pub(crate) async fn read(cx: &mut Cx<'_>, text: &str) -> Result<Document> {
    let kind = PolicyKind::Trust;
    let policy =
        PolicyDocument::parse_for_iam(text, kind).map_err(|error| error::malformed_policy(&error, kind))?;
    for statement in policy.statements() {
        for id in statement.principals.iter().flat_map(|principals| &principals.ids) {
            must_exist(cx, id).await?;
        }
    }
    let length = counted_characters(text) as u64;
    if let Some(most) = cx.quota(&quota::TRUST_POLICY_CHARACTERS).filter(|most| length > *most) {
        return Err(error::quota_exceeded("ACLSizePerRole", most).into());
    }
    Document::of_bound(cx, text, &policy).await
}

async fn must_exist(cx: &mut Cx<'_>, id: &PrincipalId) -> Result<()> {
    let (exists, kind, name) = match id {
        PrincipalId::Everyone | PrincipalId::UniqueId(_) => return Ok(()),
        PrincipalId::Account(account) => {
            (cx.account_exists(*account).await?, "AWS", format!("arn:aws:iam::{account}:root"))
        }
        PrincipalId::Identity(arn) => (cx.principal_exists(arn).await?, "AWS", arn.clone()),
        PrincipalId::Service(name) => (PrincipalId::is_service(name), "SERVICE", name.clone()),
        PrincipalId::Federated(provider) if is_provider(provider) => return Ok(()),
        PrincipalId::Federated(_) => return Err(error::invalid_provider().into()),
        PrincipalId::CanonicalUser(id) => (false, "CanonicalUser", id.clone()),
    };
    if exists { Ok(()) } else { Err(error::invalid_principal(kind, &name).into()) }
}

/// Whether a text has the form of an identity provider. AWS takes providers that are yet to be made.
fn is_provider(text: &str) -> bool {
    let Some((account, resource)) = text.strip_prefix("arn:aws:iam::").and_then(|rest| rest.split_once(':'))
    else {
        return KNOWN_PROVIDERS.contains(&text);
    };
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let name = resource.strip_prefix("oidc-provider/").or_else(|| resource.strip_prefix("saml-provider/"));
    is_account && name.is_some_and(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_are_known_hosts_or_arns() {
        assert!(is_provider("accounts.google.com"));
        assert!(is_provider("arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"));
        assert!(is_provider("arn:aws:iam::111122223333:saml-provider/x"));
        assert!(!is_provider("example.com"));
        assert!(!is_provider("arn:aws:iam::111122223333:oidc-provider/"));
        assert!(!is_provider("arn:aws:iam::1:oidc-provider/example.com"));
        assert!(!is_provider("arn:aws:iam::111122223333:user/x"));
    }
}
