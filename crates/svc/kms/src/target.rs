//! Finding the key that a request names.
//!
//! A `KeyId` is a key id, a key ARN, and for some operations an alias name or an alias ARN. A key of another
//! region is never found; one of another account only by its ARN.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id>

use std::sync::Arc;

use alcazar_base::{AccountId, Arn, Region};
use alcazar_crypto::{KeyMaterial, KeyUsage};
use alcazar_engine::{Cx, Reads, Result, Rule};
use alcazar_policy::CompiledPolicy;

use crate::alias::{self, Alias};
use crate::error;
use crate::key::{Key, State, key_arn, key_name, parse_key_id};
use crate::managed;

/// The condition key that has the aliases of a key.
pub(crate) const RESOURCE_ALIASES: &str = "kms:ResourceAliases";

/// A key that was found.
#[derive(Debug, Clone)]
pub struct Target {
    /// The key.
    pub key: Arc<Key>,
    /// Its policy.
    pub policy: Arc<CompiledPolicy>,
    /// The alias by which the request named it, if it did.
    pub alias: Option<String>,
    /// Whether it is an AWS managed key that is yet to be stored.
    planned: bool,
    /// The key's aliases, if its policy asks for them.
    pub aliases: Vec<String>,
}

/// Which names an operation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepts {
    /// Key ids and key ARNs.
    Keys,
    /// Aliases and alias ARNs as well.
    KeysAndAliases,
}

impl Target {
    /// Finds the key that `text` names.
    ///
    /// # Errors
    /// The text names nothing, or nothing that exists here.
    pub async fn find(reads: &mut Reads<'_>, text: &str, accepts: Accepts) -> Result<Self> {
        let account = reads.account();
        if text.starts_with("arn:") {
            return Self::find_by_arn(reads, text, accepts).await;
        }
        if accepts == Accepts::KeysAndAliases && text.starts_with(alias::PREFIX) {
            return Self::find_by_alias(reads, account, text).await;
        }
        if text.starts_with(alias::PREFIX) {
            return Err(error::alias_not_accepted().into());
        }
        Self::find_by_id(reads, account, text).await
    }

    /// The key of this id, whoever owns it, as a ciphertext names it.
    ///
    /// # Errors
    /// The store failed.
    pub async fn find_of_ciphertext(reads: &mut Reads<'_>, key_id: &str) -> Result<Option<Self>> {
        let region = reads.region().clone();
        Self::find_copy(reads, &region, key_id).await
    }

    /// The copy of a multi-Region key in a region.
    ///
    /// # Errors
    /// The store failed.
    pub async fn find_copy(reads: &mut Reads<'_>, region: &Region, key_id: &str) -> Result<Option<Self>> {
        match reads.get::<Key>(&key_name(region, key_id)).await? {
            Some(key) => Ok(Some(Self::stored(reads, key).await?)),
            None => Ok(None),
        }
    }

    async fn stored(reads: &mut Reads<'_>, key: Arc<Key>) -> Result<Self> {
        let policy = key.compiled_policy()?;
        let rule = Rule::RulingPolicy(policy.clone());
        let asked = reads.call().has_condition_on(RESOURCE_ALIASES, key.account, &rule);
        let aliases = if asked { alias::names_of_key(reads, &key).await? } else { Vec::new() };
        Ok(Self { key, policy, alias: None, planned: false, aliases })
    }

    async fn find_by_arn(reads: &mut Reads<'_>, text: &str, accepts: Accepts) -> Result<Self> {
        let arn: Arn = text.parse().map_err(|_| error::invalid_arn(text))?;
        let region = reads.region().clone();
        if arn.service != "kms" || arn.partition != region.partition().as_str() {
            return Err(error::invalid_arn(text).into());
        }
        if arn.region != region.as_str() {
            return Err(error::arn_of_other_region(&arn.region).into());
        }
        let account: AccountId = arn.account.parse().map_err(|_| error::invalid_arn(text))?;
        match arn.resource.split_once('/') {
            Some(("key", key_id)) => Self::find_by_id(reads, account, key_id).await,
            Some(("alias", _)) if accepts == Accepts::KeysAndAliases => {
                Self::find_by_alias(reads, account, &arn.resource).await
            }
            Some(("alias", _)) => Err(error::alias_not_accepted().into()),
            _ => Err(error::invalid_arn(text).into()),
        }
    }

    async fn find_by_id(reads: &mut Reads<'_>, account: AccountId, key_id: &str) -> Result<Self> {
        if parse_key_id(key_id).is_none() {
            return Err(error::invalid_key_id(key_id).into());
        }
        let name = key_name(reads.region(), key_id);
        match reads.get::<Key>(&name).await? {
            Some(key) if key.account == account => Self::stored(reads, key).await,
            _ => Err(error::key_not_found(&key_arn(reads.region(), account, key_id)).into()),
        }
    }

    async fn find_by_alias(reads: &mut Reads<'_>, account: AccountId, alias: &str) -> Result<Self> {
        let region = reads.region().clone();
        let name = alias::alias_name(&reads.keyring(), account, &region, alias);
        let Some(found) = reads.get::<Alias>(&name).await? else {
            // AWS makes its managed keys when they are first asked for, each in the caller's own account.
            if account == reads.account()
                && let Some(key) = managed::plan(reads, alias).await?
            {
                return Ok(Self {
                    policy: key.compiled_policy()?,
                    key: Arc::new(key),
                    alias: Some(alias.to_owned()),
                    planned: true,
                    aliases: vec![alias.to_owned()],
                });
            }
            return Err(error::alias_not_found(&alias::alias_arn(&region, account, alias)).into());
        };
        let mut target = Self::find_by_id(reads, account, &found.target_key_id).await?;
        target.alias = Some(alias.to_owned());
        Ok(target)
    }

    /// Stores the key if it is a managed one that is used for the first time.
    ///
    /// # Errors
    /// The records cannot be sealed.
    pub fn settle(&self, cx: &mut Cx<'_>) -> Result<()> {
        if self.planned { managed::store(cx, &self.key) } else { Ok(()) }
    }

    /// The material that the key is used with, once [`Self::usable_for`] has passed.
    ///
    /// # Errors
    /// The material does not unwrap.
    pub fn material(&self, cx: &Reads<'_>) -> Result<&KeyMaterial> {
        self.key.material(&cx.keyring())
    }

    /// Passes if the key can be used for `operation`, which is one for keys of this usage.
    ///
    /// # Errors
    /// The key cannot be used now, or never for this.
    pub fn usable_for(&self, usage: KeyUsage, operation: &str) -> Result<()> {
        self.usable()?;
        if self.key.usage == usage {
            return Ok(());
        }
        Err(error::wrong_usage(self.key.arn(), self.key.usage.as_str(), operation).into())
    }

    /// Passes if the key can be used for cryptography.
    ///
    /// # Errors
    /// It is disabled, waits for its deletion, or has no material.
    pub fn usable(&self) -> Result<()> {
        match self.key.state {
            State::Enabled => Ok(()),
            State::Disabled => Err(error::disabled(self.key.arn()).into()),
            State::PendingImport => Err(error::pending_import(self.key.arn()).into()),
            State::PendingDeletion { .. } | State::PendingReplicaDeletion { .. } => {
                self.not_pending_deletion()
            }
        }
    }

    /// Passes if the key can be enabled and disabled.
    ///
    /// # Errors
    /// It waits for its deletion, or for its material.
    pub fn has_material(&self) -> Result<()> {
        match self.key.state {
            State::PendingImport => Err(error::pending_import(self.key.arn()).into()),
            _ => self.not_pending_deletion(),
        }
    }

    /// Passes if the key can be changed.
    ///
    /// # Errors
    /// It waits for its deletion, or for that of its replicas.
    pub fn not_pending_deletion(&self) -> Result<()> {
        match self.key.state {
            State::PendingDeletion { .. } => Err(error::pending_deletion(self.key.arn()).into()),
            State::PendingReplicaDeletion { .. } => {
                Err(error::pending_replica_deletion(self.key.arn()).into())
            }
            State::Enabled | State::Disabled | State::PendingImport => Ok(()),
        }
    }
}
