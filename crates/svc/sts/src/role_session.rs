//! A role's session, however it begins.

use alcazar_api_sts::types::{AssumedRoleUser, Credentials};
use alcazar_base::Timestamp;
use alcazar_engine::{Cx, Result, Session, SessionKind};
use alcazar_identity::entity::PolicyHolder;

use crate::duration::{self, Span};
use crate::role::NamedRole;
use crate::session_policy::SessionPolicies;
use crate::session_tag::SessionTags;
use crate::{credentials, packed};

/// What a session of a role is to have.
pub(crate) struct RoleSession<'a> {
    pub(crate) named: &'a NamedRole,
    pub(crate) name: &'a str,
    pub(crate) duration_seconds: Option<i32>,
    pub(crate) policies: SessionPolicies,
    pub(crate) tags: SessionTags,
    pub(crate) source_identity: Option<String>,
    /// When the caller showed its MFA device's code.
    pub(crate) mfa_authenticated: Option<Timestamp>,
    /// The provider that vouched for the caller.
    pub(crate) federated_provider: Option<String>,
    /// What the provider said, as condition keys with values.
    pub(crate) claims: Vec<(String, String)>,
    /// Whether another role's session begins it.
    pub(crate) chained: bool,
}

/// A session that has begun.
pub(crate) struct Begun {
    pub(crate) credentials: Credentials,
    pub(crate) user: AssumedRoleUser,
    pub(crate) packed_policy_size: Option<i32>,
}

impl RoleSession<'_> {
    /// Begins it.
    ///
    /// # Errors
    /// It would be too long, its policies do not exist, or there is no room for them and its tags.
    pub(crate) async fn begin(self, cx: &mut Cx<'_>) -> Result<Begun> {
        let Self { named, name, policies, tags, .. } = self;
        let role = named.role()?;
        let seconds = duration::of_role(self.duration_seconds, role.max_session_seconds, self.chained)?;
        policies.must_exist(cx, named.account).await?;
        let packed_policy_size = packed::size(&policies, &tags)?;
        let Span { issued, expires } = Span::of(cx.now(), seconds);
        let kind = SessionKind::Role {
            path_and_name: role.path_and_name(),
            role_id: role.id().to_owned(),
            session_name: name.to_owned(),
        };
        let session = Session {
            policy: policies.text,
            policy_arns: policies.arns,
            tags: tags.tags,
            transitive_tag_keys: tags.transitive_keys,
            source_identity: self.source_identity,
            mfa_authenticated: self.mfa_authenticated,
            federated_provider: self.federated_provider,
            claims: self.claims,
            chained: self.chained,
            ..Session::new(kind, named.account, issued, expires)
        };
        let user = AssumedRoleUser { assumed_role_id: session.principal_id(), arn: session.principal().arn };
        let credentials = credentials::shown(cx.issue(session)?);
        credentials::note(cx, &credentials);
        // The event history knows a session by its name, its id and its ARN.
        for session in [name, &user.assumed_role_id, &user.arn] {
            cx.note_name("AWS::STS::AssumedRole", session);
        }
        Ok(Begun { credentials, user, packed_policy_size })
    }
}
