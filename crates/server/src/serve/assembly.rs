//! Putting a cloud together from its parts.

use std::sync::Arc;

use alcazar_crypto::{Entropy, Keyring, SystemEntropy};
use alcazar_engine::port::audit_log::AuditLog;
use alcazar_engine::port::clock::Clock;
use alcazar_engine::port::outbound::Outbound;
use alcazar_engine::port::store::Store;
use alcazar_engine::{Cloud, Parts, QuotaSettings, Result, Service};
use alcazar_identity::Directory;
use alcazar_store::{MemoryAuditLog, MemoryStore};

use crate::data_dir::Opened;

/// The services that are offered. To add one: its crate, and its line here.
pub(crate) fn services() -> Vec<&'static Service> {
    vec![
        &alcazar_svc_cloudtrail::SERVICE,
        &alcazar_svc_events::SERVICE,
        &alcazar_svc_iam::SERVICE,
        &alcazar_svc_kms::SERVICE,
        &alcazar_svc_organizations::SERVICE,
        &alcazar_svc_sns::SERVICE,
        &alcazar_svc_sqs::SERVICE,
        &alcazar_svc_ssm::SERVICE,
        &alcazar_svc_sts::SERVICE,
    ]
}

/// What the operator decided about the engine itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EngineSettings {
    /// The most records held opened.
    pub(crate) cached_records: usize,
    /// Certificates in DER that vouch for attested callers, beside those that AWS publishes.
    pub(crate) attestation_roots: Arc<[Vec<u8>]>,
    /// Quotas.
    pub(crate) quotas: QuotaSettings,
}

/// What a cloud stands on.
pub(crate) struct Foundation {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) audit_log: Arc<dyn AuditLog>,
    pub(crate) keyring: Keyring,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) outbound: Arc<dyn Outbound>,
}

impl Foundation {
    /// What an open data directory gives.
    pub(crate) fn of(opened: &Opened, outbound: Arc<dyn Outbound>) -> Self {
        Self {
            store: opened.store.clone(),
            audit_log: opened.audit_log.clone(),
            keyring: opened.keyring.as_ref().clone(),
            entropy: opened.ports.entropy.clone(),
            outbound,
        }
    }
}

/// A cloud on `foundation`.
pub(crate) fn cloud(
    foundation: Foundation,
    clock: Arc<dyn Clock>,
    built_in_credentials: bool,
    engine: &EngineSettings,
) -> Arc<Cloud> {
    Cloud::new(Parts {
        store: foundation.store,
        audit_log: foundation.audit_log,
        clock,
        entropy: foundation.entropy,
        outbound: foundation.outbound,
        identities: Arc::new(Directory),
        keyring: foundation.keyring,
        services: services(),
        built_in_credentials,
        attestation_roots: engine.attestation_roots.clone(),
        cached_records: engine.cached_records,
        quotas: engine.quotas.clone(),
    })
}

/// A cloud that keeps nothing.
///
/// # Errors
/// Randomness failed.
pub(crate) fn in_memory(
    clock: Arc<dyn Clock>,
    outbound: Arc<dyn Outbound>,
    engine: &EngineSettings,
) -> Result<Arc<Cloud>> {
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy::new());
    let audit_log = Arc::new(MemoryAuditLog::new());
    let foundation = Foundation {
        store: Arc::new(MemoryStore::new(audit_log.clone())),
        audit_log,
        keyring: Keyring::generate(entropy.as_ref())?,
        entropy,
        outbound,
    };
    Ok(cloud(foundation, clock, true, engine))
}
