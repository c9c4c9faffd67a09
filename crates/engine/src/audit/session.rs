//! What an event tells of the session that made the call.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>

use alcazar_base::{AccountId, Timestamp};
use minicbor::{Decode, Encode};
use serde_json::{Map, Value as Json, json};

use crate::credentials::Owner;
use crate::session::{Session, SessionKind};

/// The session, as CloudTrail's `sessionContext` shows it. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct SessionContext {
    /// When it began.
    #[n(0)]
    pub created: Timestamp,
    /// Whether whoever began it had proved to have an MFA device.
    #[n(1)]
    pub mfa_authenticated: bool,
    /// Whose session it is.
    #[n(2)]
    pub issuer: Option<Issuer>,
    /// The source identity.
    #[n(3)]
    pub source_identity: Option<String>,
    /// Who vouched for whoever assumed the role.
    #[n(4)]
    pub federated_provider: Option<String>,
    /// Whether it is a session of a member account's root user.
    #[n(5)]
    pub assumed_root: bool,
}

/// The role or user whose session it is.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct Issuer {
    /// `Role`, `IAMUser` or `Root`.
    #[n(0)]
    pub kind: String,
    /// The unique id.
    #[n(1)]
    pub principal_id: String,
    /// The ARN.
    #[n(2)]
    pub arn: String,
    /// The name; a root user has none.
    #[n(3)]
    pub user_name: Option<String>,
}

impl SessionContext {
    pub(crate) fn of(session: &Session) -> Self {
        Self {
            created: session.issued,
            mfa_authenticated: session.mfa_authenticated.is_some(),
            issuer: Issuer::of(session),
            source_identity: session.source_identity.clone(),
            federated_provider: session.federated_provider.clone(),
            assumed_root: matches!(session.kind, SessionKind::AssumedRoot { .. }),
        }
    }

    pub(super) fn render(&self, account: AccountId) -> Json {
        let mut context = Map::new();
        if let Some(Issuer { kind, principal_id, arn, user_name }) = &self.issuer {
            let mut issuer = json!({
                "type": kind, "principalId": principal_id, "arn": arn, "accountId": account.as_str()});
            if let (Some(fields), Some(name)) = (issuer.as_object_mut(), user_name) {
                fields.insert("userName".to_owned(), json!(name));
            }
            context.insert("sessionIssuer".to_owned(), issuer);
        }
        if let Some(provider) = &self.federated_provider {
            let data = json!({"federatedProvider": provider, "attributes": {}});
            context.insert("webIdFederationData".to_owned(), data);
        }
        let attributes = json!({
            "creationDate": self.created.to_string(), "mfaAuthenticated": self.mfa_authenticated.to_string()});
        context.insert("attributes".to_owned(), attributes);
        if let Some(identity) = &self.source_identity {
            context.insert("sourceIdentity".to_owned(), json!(identity));
        }
        if self.assumed_root {
            context.insert("assumedRoot".to_owned(), json!("true"));
        }
        Json::Object(context)
    }
}

impl Issuer {
    fn of(session: &Session) -> Option<Self> {
        let account = session.account;
        match &session.kind {
            SessionKind::Role { path_and_name, role_id, .. } => Some(Self {
                kind: "Role".to_owned(),
                principal_id: role_id.clone(),
                arn: format!("arn:aws:iam::{account}:role{path_and_name}"),
                user_name: path_and_name.rsplit('/').next().map(str::to_owned),
            }),
            SessionKind::FederatedUser { owner, .. } => {
                let name = match owner {
                    Owner::AccountRoot => None,
                    Owner::User { path_and_name, .. } => path_and_name.rsplit('/').next().map(str::to_owned),
                };
                Some(Self {
                    kind: if name.is_some() { "IAMUser" } else { "Root" }.to_owned(),
                    principal_id: owner.unique_id(account),
                    arn: owner.principal(account).arn,
                    user_name: name,
                })
            }
            SessionKind::Own { .. } | SessionKind::AssumedRoot { .. } => None,
        }
    }
}
