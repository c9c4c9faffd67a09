//! The event data store that a request names.

use std::sync::Arc;

use alcazar_base::{AccountId, Arn};
use alcazar_engine::{CallInfo, Check, Reads, Result, Rule};
use alcazar_identity::tag::Tag;
use alcazar_policy::{CompiledPolicy, PolicyKind};

use super::store::{self, ARN_PREFIX, Store};
use crate::{access, error};

/// What a request names.
#[derive(Debug, Clone)]
pub struct SoughtStore {
    /// The ARN that it stands for; the text itself if that is none.
    arn: String,
    owner: AccountId,
    id: Option<String>,
    found: Option<Arc<Store>>,
    policy: Option<Arc<CompiledPolicy>>,
}

impl SoughtStore {
    /// Finds the store of an ARN or an id.
    ///
    /// # Errors
    /// The store of records failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, text: &str) -> Result<Self> {
        let (caller, region) = (reads.account(), reads.region().as_str().to_owned());
        if !text.starts_with("arn:") {
            return Self::find_id(reads, caller, text).await;
        }
        let Some((arn_region, owner, id)) = read_arn(text) else {
            let arn = text.to_owned();
            return Ok(Self { arn, owner: caller, id: None, found: None, policy: None });
        };
        let mut sought = Self { arn: text.to_owned(), owner, id: Some(id), found: None, policy: None };
        if arn_region == region {
            sought.look(reads, &region).await?;
        }
        Ok(sought)
    }

    /// Finds the store of an id, in an account and the region of the call.
    ///
    /// # Errors
    /// The store of records failed.
    pub(crate) async fn find_id(reads: &mut Reads<'_>, owner: AccountId, id: &str) -> Result<Self> {
        let region = reads.region().as_str().to_owned();
        if uuid::Uuid::try_parse(id).is_err() {
            return Ok(Self { arn: id.to_owned(), owner, id: None, found: None, policy: None });
        }
        let arn = store::arn(&region, owner, id);
        let mut sought = Self { arn, owner, id: Some(id.to_owned()), found: None, policy: None };
        sought.look(reads, &region).await?;
        Ok(sought)
    }

    async fn look(&mut self, reads: &mut Reads<'_>, region: &str) -> Result<()> {
        let Some(id) = &self.id else { return Ok(()) };
        self.found = Store::find(reads, self.owner, region, id).await?;
        if let Some(policy) = self.found.as_ref().and_then(|store| store.policy.as_ref()) {
            self.policy = Some(policy.compiled(PolicyKind::Resource)?);
        }
        Ok(())
    }

    /// The question whether the caller may do `action` with it.
    #[must_use]
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str) -> Check {
        let tags: &[Tag] = self.found.as_ref().map(|store| store.tags.as_slice()).unwrap_or_default();
        let check = access::check(call, action, self.arn.clone(), access::kind::EVENT_DATA_STORE, tags);
        let rule = self.policy.clone().map_or(Rule::IdentityOnly, Rule::ResourcePolicy);
        Check { owner: self.owner, rule, ..check }
    }

    /// The ARN that it stands for.
    #[must_use]
    pub(crate) fn arn(&self) -> &str {
        &self.arn
    }

    /// Its id, if what was named can be a store.
    #[must_use]
    pub(crate) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The account that owns it.
    #[must_use]
    pub(crate) fn owner(&self) -> AccountId {
        self.owner
    }

    /// The store, even if it waits to be deleted.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn there(&self) -> Result<&Arc<Store>> {
        if self.id.is_none() {
            return Err(error::lake::arn_invalid(&self.arn).into());
        }
        Ok(self.found.as_ref().ok_or_else(|| error::lake::not_found(&self.arn))?)
    }

    /// The store.
    ///
    /// # Errors
    /// There is none, or it waits to be deleted.
    pub(crate) fn active(&self) -> Result<&Arc<Store>> {
        let store = self.there()?;
        if store.deleted.is_some() { Err(error::lake::inactive().into()) } else { Ok(store) }
    }
}

/// The region, account and id of a store's ARN.
#[must_use]
pub(crate) fn read_arn(text: &str) -> Option<(String, AccountId, String)> {
    let arn: Arn = text.parse().ok()?;
    let id = arn.resource.strip_prefix(ARN_PREFIX)?;
    uuid::Uuid::try_parse(id).ok()?;
    let account = arn.account.parse().ok()?;
    (arn.service == "cloudtrail").then(|| (arn.region.clone(), account, id.to_owned()))
}
