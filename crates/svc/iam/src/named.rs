//! Users, groups and roles by the names that requests have for them.
//!
//! Whether there is one is told after the decision only, so nobody without permission finds out. The question to the
//! policies is about the ARN with its path; where there is none of the name, about the ARN without one.

use std::sync::Arc;

use alcazar_base::AccountId;
use alcazar_engine::{CallInfo, Check, Cx, Reads, Record, Records, Result};
use alcazar_identity::entity::{self, PolicyHolder};
use alcazar_identity::group::{self, Group};
use alcazar_identity::role::{self, Role};
use alcazar_identity::tag::Tag;
use alcazar_identity::user::{self, User};
use alcazar_shape::ApiError;

use crate::{access, error, quota};

/// What a request names: there may be none of the name.
#[derive(Debug, Clone)]
pub struct Named<H> {
    /// The name as the request has it.
    pub(crate) name: String,
    account: AccountId,
    found: Option<Arc<H>>,
}

/// A user, group or role, as operations that are alike for them work with it.
pub trait Holder: PolicyHolder + Record + Clone {
    /// Its type in audit events.
    const TYPE: &'static str;

    /// The one of a name.
    fn find(
        records: &mut Records<'_>,
        account: AccountId,
        name: &str,
    ) -> impl Future<Output = Result<Option<Arc<Self>>>> + Send;

    /// Its tags; groups have none.
    fn tags(&self) -> &[Tag];
    /// Its permissions boundary; groups have none.
    fn boundary(&self) -> Option<&str>;
    /// Whether AWS alone changes it, as it does with service-linked roles.
    fn is_protected(&self) -> bool {
        false
    }
    /// Writes it back.
    fn put(self, cx: &mut Cx<'_>) -> Result<()>;
}

impl<H: Holder> Named<H> {
    /// Finds what is named in the caller's account.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, name: &str) -> Result<Self> {
        let account = reads.account();
        let found = H::find(&mut reads.records(), account, name).await?;
        Ok(Self { name: name.to_owned(), account, found })
    }

    /// The question whether the caller may do `action` on it.
    #[must_use]
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str) -> Check {
        let kind = H::KIND.as_str();
        let arn = self.found.as_ref().map(|found| found.arn());
        let arn = arn.unwrap_or_else(|| entity::arn(self.account, kind, "/", &self.name));
        let mut check = access::check(call, action, arn, H::TYPE);
        if let Some(found) = &self.found {
            access::add_entity_tags(&mut check, found.tags());
        }
        check
    }

    /// The same question about what it would be under another name or path.
    #[must_use]
    pub(crate) fn check_as(
        &self,
        call: &CallInfo,
        action: &'static str,
        name: Option<&str>,
        path: Option<&str>,
    ) -> Check {
        let present = self.found.as_ref().map(|found| found.path());
        let path = path.or(present).unwrap_or("/");
        let resource = entity::arn(self.account, H::KIND.as_str(), path, name.unwrap_or(&self.name));
        Check { resource, ..self.check(call, action) }
    }

    /// Its permissions boundary, if it has one.
    #[must_use]
    pub(crate) fn boundary(&self) -> Option<&str> {
        self.found.as_ref().and_then(|found| found.boundary())
    }

    /// It, if there is one.
    #[must_use]
    pub(crate) fn found(&self) -> Option<&Arc<H>> {
        self.found.as_ref()
    }

    /// It.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn existing(&self) -> Result<&Arc<H>, ApiError> {
        self.found.as_ref().ok_or_else(|| error::no_such_entity(H::KIND, &self.name))
    }

    /// A copy of it, to be changed and put back.
    ///
    /// # Errors
    /// There is none, or AWS alone changes it.
    pub(crate) fn to_changed(&self) -> Result<H, ApiError> {
        let copy = self.to_described()?;
        if copy.is_protected() { Err(error::protected_role(copy.name())) } else { Ok(copy) }
    }

    /// A copy of it, whose description or tags are to be changed: that may be done where AWS alone changes the rest.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn to_described(&self) -> Result<H, ApiError> {
        self.existing().map(|found| H::clone(found))
    }
}

impl Holder for User {
    const TYPE: &'static str = "AWS::IAM::User";

    async fn find(records: &mut Records<'_>, account: AccountId, name: &str) -> Result<Option<Arc<Self>>> {
        Self::find(records, account, name).await
    }

    fn tags(&self) -> &[Tag] {
        &self.tags
    }

    fn boundary(&self) -> Option<&str> {
        self.boundary.as_deref()
    }

    fn put(self, cx: &mut Cx<'_>) -> Result<()> {
        cx.put(user::user_name(&cx.keyring(), self.account, &self.name), self)
    }
}

impl Holder for Group {
    const TYPE: &'static str = "AWS::IAM::Group";

    async fn find(records: &mut Records<'_>, account: AccountId, name: &str) -> Result<Option<Arc<Self>>> {
        Self::find(records, account, name).await
    }

    fn tags(&self) -> &[Tag] {
        &[]
    }

    fn boundary(&self) -> Option<&str> {
        None
    }

    fn put(self, cx: &mut Cx<'_>) -> Result<()> {
        cx.put(group::group_name(self.account, &self.group_id), self)
    }
}

impl Holder for Role {
    const TYPE: &'static str = "AWS::IAM::Role";

    async fn find(records: &mut Records<'_>, account: AccountId, name: &str) -> Result<Option<Arc<Self>>> {
        Self::find(records, account, name).await
    }

    fn tags(&self) -> &[Tag] {
        &self.tags
    }

    fn boundary(&self) -> Option<&str> {
        self.boundary.as_deref()
    }

    fn is_protected(&self) -> bool {
        self.linked_service.is_some()
    }

    fn put(self, cx: &mut Cx<'_>) -> Result<()> {
        cx.put(role::role_name(&cx.keyring(), self.account, &self.name), self)
    }
}

/// The path that something is made with.
///
/// # Errors
/// It does not begin and end with a slash.
pub(crate) fn path(asked: Option<&str>) -> Result<String, ApiError> {
    match asked {
        None => Ok("/".to_owned()),
        Some(path) if path.starts_with('/') && path.ends_with('/') => Ok(path.to_owned()),
        Some(_) => Err(error::invalid_path()),
    }
}

/// Passes if the account may have another role.
///
/// # Errors
/// It has as many as it may.
pub(crate) async fn must_have_room_for_role(cx: &mut Cx<'_>, name: &str) -> Result<()> {
    let Some(most) = cx.quota(&quota::ROLES) else { return Ok(()) };
    let account = cx.account();
    let name = role::role_name(&cx.keyring(), account, name);
    let room = cx.room_for(&name, &role::roles(account), most).await?;
    Ok(room.map_err(|full| error::quota_exceeded("RolesPerAccount", full.quota))?)
}

/// Passes if the name is still free.
///
/// # Errors
/// It is taken.
pub(crate) fn must_be_free<H: Holder>(named: &Named<H>) -> Result<(), ApiError> {
    match &named.found {
        Some(found) => Err(error::entity_exists(H::KIND, found.name())),
        None => Ok(()),
    }
}
