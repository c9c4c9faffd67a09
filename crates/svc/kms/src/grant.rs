//! Grants: permissions on one key, given to one principal.
//!
//! A grant stands under three names: by its key and id; by its key and grantee, ordered so that a decision reads a
//! few records however many there are; and by its retiring principal across keys. A fourth, for grants that were given
//! a name, finds the grant that a repeated request has made already. All are written and deleted together.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/grants.html>

use std::sync::Arc;

use alcazar_api_kms::types::{GrantListEntry, GrantOperation};
use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Cx, Name, Reads, Result};
use alcazar_shape::ApiError;
use minicbor::{Decode, Encode};

use crate::error::grant as error;
use crate::key::key_arn;
use crate::quota;

mod constraint;
mod decide;
mod index;
mod operations;
mod principal;
mod removal;
mod token;

pub(crate) use constraint::Constraints;
pub(crate) use decide::{allows, allows_grant, may_retire};
pub(crate) use operations::{Operations, is_for};
pub(crate) use principal::GrantPrincipal;
pub(crate) use removal::{HANDLER, remove_all_of_key};
pub(crate) use token::{GrantRef, check_tokens, new_token, read_token};

const GRANTS: &str = "kms.grant";
const GRANTS_OF_RETIRING: &str = "kms.grant_of_retiring";
const GRANTS_OF_NAME: &str = "kms.grant_of_name";

/// How many grants a page has, unless the caller asks for another number.
pub(crate) const PAGE: usize = 50;
/// The most grants that a page has.
pub(crate) const PAGE_MAX: usize = 100;

/// The length of a grant's id, in bytes; it is written in hexadecimal.
const GRANT_ID_BYTES: usize = 32;

/// A grant.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Grant {
    /// 64 hexadecimal digits.
    #[n(0)]
    pub grant_id: String,
    /// The key that it is on.
    #[n(1)]
    pub key_id: String,
    /// The region of the key.
    #[n(2)]
    pub region: Region,
    /// The account that owns the key.
    #[n(3)]
    pub key_account: AccountId,
    /// The account of the principal that made the grant.
    #[n(4)]
    pub issuing_account: AccountId,
    /// When it was made.
    #[n(5)]
    pub created: Timestamp,
    /// What its maker called it.
    #[n(6)]
    pub name: Option<String>,
    /// Who may do the operations.
    #[n(7)]
    pub grantee: GrantPrincipal,
    /// Who may retire it.
    #[n(8)]
    pub retiring: Option<GrantPrincipal>,
    /// What is granted.
    #[n(9)]
    pub operations: Operations,
    /// Under which conditions.
    #[n(10)]
    pub constraints: Constraints,
}

/// The grant that a request with a name has made.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct GrantOfName {
    /// Its id.
    #[n(0)]
    pub grant_id: String,
}

/// The record of a grant.
#[must_use]
pub(crate) fn grant_name(region: &Region, key_id: &str, grant_id: &str) -> Name {
    Name::table(GRANTS).part(region.as_str()).part(key_id).part(grant_id).name()
}

/// All grants on a key.
#[must_use]
pub(crate) fn grants_of_key(region: &Region, key_id: &str) -> NameRange {
    Name::table(GRANTS).part(region.as_str()).part(key_id).range()
}

/// All grants on a key whose grantee is this one.
#[must_use]
pub(crate) fn grants_of_grantee(
    keyring: &Keyring,
    region: &Region,
    key_id: &str,
    grantee: &GrantPrincipal,
) -> NameRange {
    index::of_grantee(keyring, region, key_id, &grantee.identity()).range()
}

/// All grants in a region that this principal may retire, whosever the keys are.
#[must_use]
pub(crate) fn grants_of_retiring(keyring: &Keyring, region: &Region, retiring: &GrantPrincipal) -> NameRange {
    Name::table(GRANTS_OF_RETIRING).part(region.as_str()).blind(keyring, &retiring.identity()).range()
}

/// Passes if a text is a grant's id.
///
/// # Errors
/// It is none.
pub(crate) fn check_grant_id(grant_id: &str) -> std::result::Result<(), ApiError> {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if grant_id.len() == 2 * GRANT_ID_BYTES && grant_id.bytes().all(is_digit) {
        Ok(())
    } else {
        Err(error::invalid_grant_id())
    }
}

/// A new grant's id.
///
/// # Errors
/// Randomness failed.
pub(crate) fn new_grant_id(reads: &Reads<'_>) -> Result<String> {
    let mut id = [0; GRANT_ID_BYTES];
    reads.entropy().fill_public(&mut id)?;
    Ok(hex::encode(id))
}

/// The grant of this id.
///
/// # Errors
/// There is none on this key.
pub(crate) async fn find(
    reads: &mut Reads<'_>,
    region: &Region,
    key_id: &str,
    grant_id: &str,
) -> Result<Arc<Grant>> {
    check_grant_id(grant_id)?;
    let found = reads.get::<Grant>(&grant_name(region, key_id, grant_id)).await?;
    Ok(found.ok_or_else(error::grant_not_found)?)
}

/// The grant that a request with this name and these parameters has made, if it has.
///
/// # Errors
/// The store failed.
pub(crate) async fn find_of_name(reads: &mut Reads<'_>, grant: &Grant) -> Result<Option<String>> {
    let Some(name) = grant.name_of_name(&reads.keyring()) else { return Ok(None) };
    Ok(reads.get::<GrantOfName>(&name).await?.map(|found| found.grant_id.clone()))
}

/// Passes if the key may have one more grant, this one.
///
/// # Errors
/// It has as many as it may.
pub(crate) async fn room_for(cx: &mut Cx<'_>, grant: &Grant) -> Result<()> {
    let Some(most) = cx.quota(&quota::GRANTS_PER_KEY) else { return Ok(()) };
    let name = grant_name(&grant.region, &grant.key_id, &grant.grant_id);
    let range = grants_of_key(&grant.region, &grant.key_id);
    Ok(cx.room_for(&name, &range, most).await?.map_err(crate::error::quota::grants_per_key)?)
}

/// Stores a new grant under all its names.
///
/// # Errors
/// The records cannot be sealed.
pub(crate) fn put(cx: &mut Cx<'_>, grant: Grant) -> Result<()> {
    let keyring = cx.keyring();
    let grant = Arc::new(grant);
    cx.put::<Grant>(grant_name(&grant.region, &grant.key_id, &grant.grant_id), grant.clone())?;
    cx.put::<Grant>(index::grantee_name(&keyring, &grant), grant.clone())?;
    if let Some(name) = grant.retiring_name(&keyring) {
        cx.put::<Grant>(name, grant.clone())?;
    }
    if let Some(name) = grant.name_of_name(&keyring) {
        cx.put(name, GrantOfName { grant_id: grant.grant_id.clone() })?;
    }
    Ok(())
}

/// Deletes a grant under all its names.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn delete(cx: &mut Cx<'_>, grant: &Grant) -> Result<()> {
    let keyring = cx.keyring();
    cx.delete(grant_name(&grant.region, &grant.key_id, &grant.grant_id))?;
    cx.delete(index::grantee_name(&keyring, grant))?;
    for name in [grant.retiring_name(&keyring), grant.name_of_name(&keyring)].into_iter().flatten() {
        cx.delete(name)?;
    }
    Ok(())
}

impl Grant {
    /// The grant as lists show it.
    #[must_use]
    pub(crate) fn entry(&self) -> GrantListEntry {
        let partition = self.region.partition().as_str();
        let shown = |principal: &GrantPrincipal| principal.shown(&self.region);
        let (service, arn) = split(Some(&self.grantee));
        let (retiring_service, retiring_arn) = split(self.retiring.as_ref());
        GrantListEntry {
            key_id: Some(key_arn(&self.region, self.key_account, &self.key_id)),
            grant_id: Some(self.grant_id.clone()),
            name: self.name.clone(),
            creation_date: Some(self.created),
            grantee_principal: arn.map(shown),
            retiring_principal: retiring_arn.map(shown),
            issuing_account: Some(format!("arn:{partition}:iam::{}:root", self.issuing_account)),
            operations: Some(self.operations.to_list().into()),
            constraints: self.constraints.to_api(),
            grantee_service_principal: service.map(shown),
            retiring_service_principal: retiring_service.map(shown),
        }
    }

    fn retiring_name(&self, keyring: &Keyring) -> Option<Name> {
        let retiring = self.retiring.as_ref()?;
        let name = Name::table(GRANTS_OF_RETIRING).part(self.region.as_str());
        Some(name.blind(keyring, &retiring.identity()).part(&self.key_id).part(&self.grant_id).name())
    }

    /// Where a repetition of the request finds this grant: under its name and all that was asked for.
    fn name_of_name(&self, keyring: &Keyring) -> Option<Name> {
        let retiring = self.retiring.as_ref().map(GrantPrincipal::identity).unwrap_or_default();
        let request = [
            self.name.as_deref()?,
            self.issuing_account.as_str(),
            &self.grantee.identity(),
            &retiring,
            &self.operations.digits(),
            &self.constraints.canonical_text(),
        ]
        .join("\0");
        let name = Name::table(GRANTS_OF_NAME).part(self.region.as_str()).part(&self.key_id);
        Some(name.blind(keyring, &request).name())
    }
}

/// A principal as a service's or as another one.
fn split(principal: Option<&GrantPrincipal>) -> (Option<&GrantPrincipal>, Option<&GrantPrincipal>) {
    match principal {
        Some(principal) if principal.is_service() => (Some(principal), None),
        other => (None, other),
    }
}

/// The operations as the API lists them.
pub(crate) fn operation_names(operations: &[GrantOperation]) -> impl Iterator<Item = &'static str> {
    operations.iter().map(|operation| operation.as_str())
}
