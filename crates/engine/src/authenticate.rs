//! Who signed a call: the signature's claim, checked against the access key that it names.

use std::sync::{Arc, PoisonError};

use alcazar_base::{AccountId, SecretString, Timestamp};
use alcazar_shape::ApiError;
use alcazar_shape::common_error::{INTERNAL_FAILURE, UNRECOGNIZED_CLIENT};
use alcazar_wire::sigv4::{Claim, Endpoint, Payload, RequestToVerify};

use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::credentials::{AccessKey, Owner, access_key_name};
use crate::error::Result;
use crate::principals;
use crate::transaction::Pending;

/// The secret of the credentials that development mode has built in.
const BUILT_IN_SECRET: &str = "test";

/// A signed request, as far as its signature is concerned.
pub struct Signed<'a> {
    /// What the signature claims.
    pub claim: &'a Claim,
    /// The request without its body.
    pub parts: RequestToVerify<'a>,
    /// The body.
    pub body: &'a [u8],
    /// The service's signing name; the signature must be scoped to it.
    pub service: &'a str,
    /// The wall clock's time: a signature's freshness is never judged by a clock that tests move.
    pub wall_time: Timestamp,
}

impl Cloud {
    /// Finds out who signed a request.
    ///
    /// # Errors
    /// What the caller is to be told: the signature is stale, its scope is another, its access key is unknown,
    /// or it does not match.
    pub async fn authenticate(&self, signed: &Signed<'_>) -> Result<Arc<Caller>, ApiError> {
        let Signed { claim, parts, body, service, wall_time } = signed;
        let endpoint = Endpoint { service, unsigned_payload_allowed: false };
        claim.check(parts, &endpoint, *wall_time).map_err(|error| error.to_api_error())?;
        let unknown =
            || UNRECOGNIZED_CLIENT.because("The security token included in the request is invalid.");
        let access_key = self
            .access_key(claim.access_key_id())
            .await
            .map_err(|error| INTERNAL_FAILURE.bare().caused_by(error))?
            .ok_or_else(unknown)?;
        // Only temporary credentials come with a token, and none of those are handed out here yet.
        if claim.session_token().is_some() {
            return Err(unknown());
        }
        let key = access_key
            .signing_key(claim.date(), claim.region(), claim.service())
            .map_err(|error| INTERNAL_FAILURE.bare().caused_by(error))?;
        claim
            .verify(&key, parts, Payload::Body(body), &endpoint, *wall_time)
            .map_err(|error| error.to_api_error())?;
        Ok(access_key.caller())
    }

    /// Stores an access key that no caller makes: the first administrator's.
    ///
    /// # Errors
    /// The store failed.
    pub async fn put_access_key(&self, key: AccessKey) -> Result<()> {
        let mut pending = Pending::begin(self);
        principals::note_owner(self, &mut pending, &key)?;
        pending.put(self, access_key_name(&key.access_key_id), Arc::new(key))?;
        self.store().commit(pending.into_transaction(Vec::new())).await?;
        Ok(())
    }

    async fn access_key(&self, access_key_id: &str) -> Result<Option<Arc<AccessKey>>> {
        if let Some(account) = self.built_in_account(access_key_id) {
            let mut keys = self.built_in_keys.lock().unwrap_or_else(PoisonError::into_inner);
            let key = keys.get_or_insert_ref(access_key_id, || {
                Arc::new(AccessKey::new(
                    access_key_id.to_owned(),
                    account,
                    Owner::AccountRoot,
                    SecretString::new(BUILT_IN_SECRET.to_owned()),
                    self.now(),
                ))
            });
            return Ok(Some(key.clone()));
        }
        Pending::begin(self).get::<AccessKey>(self, &access_key_name(access_key_id)).await
    }

    fn built_in_account(&self, access_key_id: &str) -> Option<AccountId> {
        match access_key_id {
            _ if !self.has_built_in_credentials() => None,
            "test" => Some(AccountId::ZERO),
            digits => digits.parse().ok(),
        }
    }
}
