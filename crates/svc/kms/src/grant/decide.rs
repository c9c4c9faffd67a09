//! Whether a grant allows a call.
//!
//! The engine asks where no policy allows the call and none denies it. A grantee needs no policy of its own account for
//! it, in whatever account it is: Auto Scaling's role, whose own policies say nothing of KMS, uses another account's
//! key by a grant alone.
//!
//! Sources: <https://docs.aws.amazon.com/kms/latest/developerguide/grants.html>,
//! <https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html>,
//! <https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html>

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use alcazar_api_kms::types::GrantOperation;
use alcazar_crypto::{KeySpec, Keyring};
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Check, Granted, NameBuilder, Reads, Result};
use alcazar_policy::Principal;

use super::constraint::{Constraints, Context, canonical};
use super::operations::{Operations, takes_encryption_context};
use super::{Grant, index, principal};
use crate::target::Target;

/// The most reads that one search makes. An encryption context has 8,192 bytes and so fewer pairs than this; whoever
/// sends more, or has more grants that differ in all but their first pair, is not found to have any.
const READS_MAX: usize = 2048;

/// What a call by a grant comes to: `check` is the question that no policy allows, `target` its key, and
/// `encryption_context` the one that the operation is done with, if it takes any.
///
/// # Errors
/// The store failed.
pub(crate) async fn allows(
    reads: &mut Reads<'_>,
    target: &Target,
    check: &Check,
    encryption_context: Option<&BTreeMap<String, String>>,
) -> Result<Granted> {
    let Some(operation) = operation_of(check) else { return Ok(Granted::Nothing) };
    let is_symmetric = target.key.spec == KeySpec::SymmetricDefault;
    let context = if is_symmetric && takes_encryption_context(operation) {
        Context::Exactly(encryption_context.map(canonical).unwrap_or_default())
    } else {
        Context::None
    };
    let source_arn = source_arn(check);
    find(reads, target, &Wanted { operations: Operations::one(operation), context, source_arn }).await
}

/// What the making of a grant by a grant comes to: the new one may have no operation that the old one lacks, and has to
/// be constrained at least as strictly.
///
/// # Errors
/// The store failed.
pub(crate) async fn allows_grant(
    reads: &mut Reads<'_>,
    target: &Target,
    operations: Operations,
    constraints: &Constraints,
) -> Result<Granted> {
    let wanted = Wanted {
        operations: operations.and(Operations::one(GrantOperation::CreateGrant)),
        context: constraints.context(),
        source_arn: constraints.source_arn.clone(),
    };
    find(reads, target, &wanted).await
}

/// Who may retire a grant by what it says: its retiring principal, its grantee if that is among its operations, and the
/// account that it was made in.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html>
#[must_use]
pub(crate) fn may_retire(grant: &Grant, caller: &Principal) -> Granted {
    let as_retiring = grant.retiring.as_ref().map_or(Granted::Nothing, |retiring| retiring.grants_to(caller));
    let by_grantee = grant.operations.include(Operations::one(GrantOperation::RetireGrant));
    let as_grantee = if by_grantee { grant.grantee.grants_to(caller) } else { Granted::Nothing };
    let issued_here = caller.home_account() == Some(grant.issuing_account);
    match (as_retiring, as_grantee) {
        (Granted::ToCaller, _) | (_, Granted::ToCaller) => Granted::ToCaller,
        (Granted::ToAccount, _) | (_, Granted::ToAccount) => Granted::ToAccount,
        _ if issued_here => Granted::ToAccount,
        _ => Granted::Nothing,
    }
}

/// The operation that a grant has to permit for this question.
fn operation_of(check: &Check) -> Option<GrantOperation> {
    check.action.strip_prefix("kms:")?.parse().ok()
}

/// The resource on whose behalf a service calls, if it says so.
fn source_arn(check: &Check) -> Option<String> {
    check.context.values("aws:SourceArn").next().map(|value| value.text().into_owned())
}

/// What a grant has to allow.
struct Wanted {
    operations: Operations,
    context: Context,
    source_arn: Option<String>,
}

impl Wanted {
    fn is_allowed_by(&self, grant: &Grant) -> bool {
        grant.operations.include(self.operations)
            && grant.constraints.let_through(&self.context, self.source_arn.as_deref())
    }
}

/// What the caller gets by any grant on the key that allows what is wanted.
async fn find(reads: &mut Reads<'_>, target: &Target, wanted: &Wanted) -> Result<Granted> {
    // Those come first that are the caller itself.
    for (grantee, granted) in principal::all_of(&reads.call().caller.principal.clone()) {
        let (keyring, key) = (reads.keyring(), &target.key);
        let grants = index::of_grantee(&keyring, &key.region, &key.key_id, &grantee.identity());
        if (Search { reads: &mut *reads, keyring, wanted, left: READS_MAX }).has_any(&grants).await? {
            return Ok(granted);
        }
    }
    Ok(Granted::Nothing)
}

/// A search among the grants of one grantee on one key.
struct Search<'s, 'r, 'c> {
    reads: &'r mut Reads<'c>,
    keyring: Arc<Keyring>,
    wanted: &'s Wanted,
    left: usize,
}

impl Search<'_, '_, '_> {
    /// Whether any grant allows what is wanted. There are few sets of operations however many grants there are.
    async fn has_any(&mut self, grants: &NameBuilder) -> Result<bool> {
        let mut range = Some(grants.range());
        while let Some(rest) = range {
            let Some(grant) = self.first(&rest).await? else { return Ok(false) };
            let of_operations = index::of_operations(grants, grant.operations);
            if grant.operations.include(self.wanted.operations) && self.any_of(&of_operations).await? {
                return Ok(true);
            }
            range = behind(rest, &of_operations);
        }
        Ok(false)
    }

    /// The same among those that permit the same operations.
    async fn any_of(&mut self, of_operations: &NameBuilder) -> Result<bool> {
        let (keyring, wanted) = (self.keyring.clone(), self.wanted);
        let sources = [None, wanted.source_arn.as_deref()];
        let sources = if wanted.source_arn.is_some() { &sources[..] } else { &sources[..1] };
        for source in sources {
            let of_source = index::of_source(&keyring, of_operations, *source);
            let found = match &wanted.context {
                Context::None => self.allows(&of_source).await?,
                Context::Exactly(pairs) => {
                    self.allows(&index::of_no_context(&of_source)).await?
                        || self.allows(&index::of_equals(&keyring, &of_source, pairs)).await?
                        || self.any_subset(&of_source).await?
                }
                Context::AtLeast(_) => {
                    self.allows(&index::of_no_context(&of_source)).await?
                        || self.any_subset(&of_source).await?
                }
            };
            if found {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The same among those that want some pairs, each of which stands under its first one.
    async fn any_subset(&mut self, of_source: &NameBuilder) -> Result<bool> {
        let (keyring, wanted) = (self.keyring.clone(), self.wanted);
        let subsets = index::of_subsets(of_source);
        if wanted.context.pairs().is_empty() || self.first(&subsets.range()).await?.is_none() {
            return Ok(false);
        }
        for pair in wanted.context.pairs() {
            let of_pair = index::of_first_pair(&keyring, &subsets, pair);
            let mut range = Some(of_pair.range());
            while let Some(rest) = range {
                let Some(grant) = self.first(&rest).await? else { break };
                if wanted.is_allowed_by(&grant) {
                    return Ok(true);
                }
                let pairs = grant.constraints.context().pairs().to_vec();
                range = behind(rest, &index::of_subset(&keyring, &of_pair, &pairs));
            }
        }
        Ok(false)
    }

    /// Whether the first grant whose name begins so allows what is wanted; the others are like it.
    async fn allows(&mut self, begin: &NameBuilder) -> Result<bool> {
        let grant = self.first(&begin.range()).await?;
        Ok(grant.is_some_and(|grant| self.wanted.is_allowed_by(&grant)))
    }

    async fn first(&mut self, range: &NameRange) -> Result<Option<Arc<Grant>>> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        let mut found = self.reads.scan::<Grant>(range, 1).await?;
        Ok(found.pop().map(|(_, grant)| grant))
    }
}

/// The part of a range that comes behind all names which begin with `passed`.
fn behind(range: NameRange, passed: &NameBuilder) -> Option<NameRange> {
    match passed.range().end {
        Bound::Excluded(end) => Some(NameRange { start: Bound::Included(end), end: range.end }),
        Bound::Included(_) | Bound::Unbounded => None,
    }
}
