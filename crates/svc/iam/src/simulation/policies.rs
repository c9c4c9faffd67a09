//! The policies of a simulation, each with what the answers call it.

use std::sync::Arc;

use alcazar_api_iam::types::PolicySourceType;
use alcazar_base::{AccountId, Arn};
use alcazar_engine::{Error, Reads, Records, Result};
use alcazar_identity::document::Document;
use alcazar_identity::entity::{EntityKind, PolicyHolder, name_of};
use alcazar_identity::group::{Group, group_name};
use alcazar_identity::role::Role;
use alcazar_identity::standing;
use alcazar_identity::user::User;
use alcazar_policy::{CompiledPolicy, PolicyDocument, PolicyKind, Span};
use alcazar_shape::ApiError;

use super::{Exclusions, Policies};
use crate::error::simulation as error;
use crate::named::Holder;
use crate::policy::Policy;

/// A policy, and what the answers call it.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// `SourcePolicyId`
    pub(super) id: String,
    /// `SourcePolicyType`
    pub(super) kind: PolicySourceType,
    /// Where it stands; none if the request brought it.
    pub(crate) held: Option<Held>,
    /// What it says.
    pub(crate) document: Document,
    /// The same, compiled.
    pub(super) compiled: Arc<CompiledPolicy>,
}

/// Where a policy stands.
#[derive(Debug, Clone)]
pub(crate) enum Held {
    /// It is a managed policy.
    Managed {
        /// Its name.
        name: String,
        /// Its ARN.
        arn: String,
    },
    /// It stands in a user, group or role.
    Inline {
        /// Its name.
        name: String,
        /// In what.
        kind: EntityKind,
        /// The name of that.
        entity_name: String,
    },
}

impl Source {
    fn new(id: String, kind: PolicySourceType, held: Option<Held>, document: &Document) -> Result<Self> {
        let compiled = document.compiled(PolicyKind::Identity)?;
        Ok(Self { id, kind, held, document: document.clone(), compiled })
    }

    /// Reads the policies that a request brings in `PolicyInputList`.
    ///
    /// # Errors
    /// One is no policy.
    pub(crate) fn inputs(texts: &[String]) -> Result<Vec<Self>> {
        let source = |(index, text): (usize, &String)| {
            let document = read(text, PolicyKind::Identity)?;
            Self::new(format!("PolicyInputList.{}", index + 1), PolicySourceType::None, None, &document)
        };
        texts.iter().enumerate().map(source).collect()
    }

    /// Reads the policy of the simulated resources.
    ///
    /// # Errors
    /// It is no such policy.
    pub(super) fn resource_policy(text: &str) -> Result<Self, ApiError> {
        let document = read(text, PolicyKind::Resource)?;
        let compiled = document.compiled(PolicyKind::Resource).map_err(|_| error::invalid_policy("it"))?;
        let (id, kind) = ("ResourcePolicy".to_owned(), PolicySourceType::Resource);
        Ok(Self { id, kind, held: None, document, compiled })
    }

    /// Where its statements stand.
    pub(super) fn spans(&self) -> Vec<Span> {
        PolicyDocument::statement_spans(&self.document.text)
    }
}

/// Reads a policy that a request brings.
///
/// # Errors
/// It is none.
pub(super) fn read(text: &str, kind: PolicyKind) -> Result<Document, ApiError> {
    Document::parse(text, kind).map_err(|error| error::invalid_policy(&error.to_string()))
}

/// The ARN of a user, group or role whose policies are asked for.
#[derive(Debug, Clone)]
pub(crate) struct SourceArn {
    /// The account.
    pub(crate) account: AccountId,
    /// Which of them it is.
    pub(crate) kind: EntityKind,
    /// Its name.
    pub(crate) name: String,
}

impl SourceArn {
    /// Reads the ARN.
    ///
    /// # Errors
    /// It is none of a user, group or role.
    pub(crate) fn parse(text: &str) -> Result<Self, ApiError> {
        let parse = || {
            let arn: Arn = text.parse().ok()?;
            let (kind, name) = arn.resource.split_once('/').filter(|_| arn.service == "iam")?;
            let kind = match kind {
                "user" => EntityKind::User,
                "group" => EntityKind::Group,
                "role" => EntityKind::Role,
                _ => return None,
            };
            let name = name_of(name).to_owned();
            (!name.is_empty()).then_some(Self { account: arn.account.parse().ok()?, kind, name })
        };
        parse().ok_or_else(|| error::invalid_entity(text))
    }

    /// Its type in audit events.
    #[must_use]
    pub(crate) fn resource_type(&self) -> &'static str {
        match self.kind {
            EntityKind::User => User::TYPE,
            EntityKind::Group => Group::TYPE,
            EntityKind::Role => Role::TYPE,
        }
    }

    /// The tags of the user or role, if there is one.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn tags(&self, reads: &mut Reads<'_>) -> Result<Vec<alcazar_identity::tag::Tag>> {
        let records = &mut reads.records();
        Ok(match self.kind {
            EntityKind::User => {
                User::find(records, self.account, &self.name).await?.map(|user| user.tags.clone())
            }
            EntityKind::Role => {
                Role::find(records, self.account, &self.name).await?.map(|role| role.tags.clone())
            }
            EntityKind::Group => None,
        }
        .unwrap_or_default())
    }

    /// All policies that count for it, but for those that are excluded.
    ///
    /// # Errors
    /// There is none of the ARN, or the store failed.
    pub(crate) async fn policies(&self, reads: &mut Reads<'_>, excluded: &Exclusions) -> Result<Policies> {
        let missing = || Error::from(crate::error::no_such_entity(self.kind, &self.name));
        if self.account != reads.account() {
            return Err(missing());
        }
        let mut found = Vec::new();
        let mut boundary = None;
        let mut is_service_linked = false;
        match self.kind {
            EntityKind::User => {
                let user = User::find(&mut reads.records(), self.account, &self.name).await?;
                let user = user.ok_or_else(missing)?;
                add(reads, user.as_ref(), excluded, &mut found).await?;
                for group in groups(&mut reads.records(), &user).await? {
                    add(reads, group.as_ref(), excluded, &mut found).await?;
                }
                boundary.clone_from(&user.boundary);
            }
            EntityKind::Group => {
                let group = Group::find(&mut reads.records(), self.account, &self.name).await?;
                add(reads, group.ok_or_else(missing)?.as_ref(), excluded, &mut found).await?;
            }
            EntityKind::Role => {
                let role = Role::find(&mut reads.records(), self.account, &self.name).await?;
                let role = role.ok_or_else(missing)?;
                add(reads, role.as_ref(), excluded, &mut found).await?;
                is_service_linked = role.is_protected();
                boundary.clone_from(&role.boundary);
            }
        }
        let boundary = boundary.filter(|_| !excluded.boundary());
        let service_control = if is_service_linked || excluded.service_control() {
            Vec::new()
        } else {
            standing::service_control(&mut reads.records(), self.account).await?
        };
        Ok(Policies {
            identity: found,
            boundary: standing::boundary(&mut reads.records(), boundary.as_deref()).await?,
            service_control,
        })
    }
}

/// The groups that a user is in.
pub(crate) async fn groups(records: &mut Records<'_>, user: &User) -> Result<Vec<Arc<Group>>> {
    let mut groups = Vec::new();
    for group_id in &user.groups {
        groups.extend(records.get::<Group>(&group_name(user.account, group_id)).await?);
    }
    Ok(groups)
}

/// Adds the policies in a user, group or role, and those attached to it.
async fn add<H: PolicyHolder>(
    reads: &mut Reads<'_>,
    holder: &H,
    excluded: &Exclusions,
    found: &mut Vec<Source>,
) -> Result<()> {
    let kind = match H::KIND {
        EntityKind::User => PolicySourceType::User,
        EntityKind::Group => PolicySourceType::Group,
        EntityKind::Role => PolicySourceType::Role,
    };
    for policy in holder.inline() {
        if !excluded.inline(H::KIND, holder.name(), &policy.name) {
            let id = format!("{}_{}_{}", H::KIND.as_str(), holder.name(), policy.name);
            let (name, entity_name) = (policy.name.clone(), holder.name().to_owned());
            let held = Held::Inline { name, kind: H::KIND, entity_name };
            found.push(Source::new(id, kind, Some(held), &policy.document)?);
        }
    }
    for arn in holder.attached() {
        if excluded.managed(arn) {
            continue;
        }
        let Some(policy) = Policy::find(reads, arn).await? else { continue };
        let kind = match policy {
            Policy::Aws(_) => PolicySourceType::AwsManaged,
            Policy::Customer(_) => PolicySourceType::UserManaged,
        };
        let name = policy.name().to_owned();
        let held = Held::Managed { name: name.clone(), arn: arn.clone() };
        if let Some(version) = policy.versions().iter().find(|version| version.is_default) {
            found.push(Source::new(name, kind, Some(held), version.document)?);
        }
    }
    Ok(())
}
