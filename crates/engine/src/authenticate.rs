//! Who signed a call: the signature's claim, checked against the access key that it names.

use std::sync::{Arc, PoisonError};

use alcazar_base::{AccountId, SecretString, Timestamp};
use alcazar_shape::ApiError;
use alcazar_shape::common_error::{EXPIRED_TOKEN, INTERNAL_FAILURE, UNRECOGNIZED_CLIENT};
use alcazar_wire::sigv4::{Claim, Endpoint, Payload, RequestToVerify, SigningKey};

use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::credentials::{AccessKey, AccessKeyStatus, Owner, access_key_name};
use crate::error::{InternalError, Result};
use crate::session::TemporaryCredentials;
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

/// A session whose token was opened before.
pub(crate) struct KnownSession {
    token: SecretString,
    session: Arc<TemporaryCredentials>,
}

/// What a request is signed with.
enum Credentials {
    LongTerm(Arc<AccessKey>),
    Temporary(Arc<TemporaryCredentials>),
}

impl Credentials {
    fn signing_key(&self, claim: &Claim) -> Result<Arc<SigningKey>, InternalError> {
        let (keys, secret) = match self {
            Self::LongTerm(key) => (&key.signing_keys, &key.secret),
            Self::Temporary(session) => (&session.signing_keys, &session.secret),
        };
        keys.get(secret, claim.date(), claim.region(), claim.service())
    }

    fn caller(&self, claim: &Claim) -> Arc<Caller> {
        match self {
            Self::LongTerm(key) => key.caller(),
            Self::Temporary(session) => session.caller(claim.access_key_id()),
        }
    }
}

/// An access key that is not known, or a token that is none of its own.
pub(crate) fn unknown_token() -> ApiError {
    UNRECOGNIZED_CLIENT.because("The security token included in the request is invalid.")
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
        let credentials = self.credentials(claim).await?;
        let key = credentials.signing_key(claim).map_err(|error| INTERNAL_FAILURE.bare().caused_by(error))?;
        claim
            .verify(&key, parts, Payload::Body(body), &endpoint, *wall_time)
            .map_err(|error| error.to_api_error())?;
        Ok(credentials.caller(claim))
    }

    /// The credentials that a claim names: those of its token, if it has one.
    async fn credentials(&self, claim: &Claim) -> Result<Credentials, ApiError> {
        if let Some(token) = claim.session_token() {
            return Ok(Credentials::Temporary(self.live_session(claim.access_key_id(), token)?));
        }
        let found = self.access_key(claim.access_key_id()).await;
        found
            .map_err(|error| INTERNAL_FAILURE.bare().caused_by(error))?
            .filter(|key| key.status() == AccessKeyStatus::Active)
            .map(Credentials::LongTerm)
            .ok_or_else(unknown_token)
    }

    /// Who calls with temporary credentials that were signed with rightly.
    ///
    /// # Errors
    /// The token is none for this access key, or past its time.
    pub fn session_caller(&self, access_key_id: &str, token: &SecretString) -> Result<Arc<Caller>, ApiError> {
        Ok(self.live_session(access_key_id, token)?.caller(access_key_id))
    }

    fn live_session(
        &self,
        access_key_id: &str,
        token: &SecretString,
    ) -> Result<Arc<TemporaryCredentials>, ApiError> {
        let session = self.session(access_key_id, token).ok_or_else(unknown_token)?;
        if session.expires() <= self.now() {
            return Err(EXPIRED_TOKEN.because("The security token included in the request is expired"));
        }
        Ok(session)
    }

    /// The session of a token, if it is one for this access key.
    fn session(&self, access_key_id: &str, token: &SecretString) -> Option<Arc<TemporaryCredentials>> {
        let known = {
            let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
            sessions
                .get(access_key_id)
                .filter(|known| known.token == *token)
                .map(|known| known.session.clone())
        };
        if known.is_some() {
            return known;
        }
        let session = TemporaryCredentials::open(&self.keyring(), access_key_id, token.expose())?;
        let session = Arc::new(session);
        let known = KnownSession { token: token.clone(), session: session.clone() };
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.put(access_key_id.to_owned(), known);
        Some(session)
    }

    /// Stores an access key that no caller makes: the first administrator's.
    ///
    /// # Errors
    /// The store failed.
    pub async fn put_access_key(&self, key: AccessKey) -> Result<()> {
        let mut pending = Pending::begin(self);
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
