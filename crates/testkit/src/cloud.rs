//! The cloud itself, and the ways to call it.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use alcazar_api_iam::operation::{
    CreateAccessKey, CreateAccessKeyRequest, CreateUser, CreateUserRequest, PutUserPolicy,
    PutUserPolicyRequest,
};
use alcazar_api_sts::operation::{AssumeRole, AssumeRoleRequest};
use alcazar_api_sts::types::Credentials;
use alcazar_base::Timestamp;
use alcazar_crypto::{Entropy, Keyring, SeededEntropy, SystemEntropy};
use alcazar_engine::audit::AuditEvent;
use alcazar_engine::audit::render::to_cloudtrail;
use alcazar_engine::cloud::CACHED_RECORDS;
use alcazar_engine::{Call, Caller, Check, Cloud, Entry, Origin, Parts, QuotaSettings, Service};
use alcazar_frontend::Request;
use alcazar_identity::Directory;
use alcazar_shape::{ApiError, ApiOperation, OperationModel, Protocol, Shape, Value};
use alcazar_store::{EmbeddedStore, MemoryAuditLog, MemoryStore};
use serde_json::Value as Json;

use crate::caller::TestCaller;
use crate::client::{WireRequest, WireResponse};
use crate::clock::TestClock;
use crate::fault::{FaultyAuditLog, FaultyStore};
use crate::outside::Outside;

/// When every test cloud begins, and what the wall clock always says: 2026-01-01T00:00:00Z.
const START: Timestamp = Timestamp::from_secs(1_767_225_600);

/// How many events are read at a time.
const EVENTS_READ: usize = 1000;

/// The most rounds that one [`TestCloud::advance`] runs.
const ROUNDS_MAX: usize = 10_000;

/// A cloud in this process.
pub struct TestCloud {
    cloud: Arc<Cloud>,
    clock: Arc<TestClock>,
    entropy: Arc<dyn Entropy>,
    store: Arc<FaultyStore>,
    audit_log: Arc<FaultyAuditLog>,
    outside: Arc<Outside>,
    made_of: Builder,
}

/// What a test cloud is made of beyond the usual.
#[derive(Clone)]
pub struct Builder {
    seed: u64,
    services: Vec<&'static Service>,
    quotas: QuotaSettings,
    attestation_roots: Vec<Vec<u8>>,
}

impl Builder {
    /// Sets a quota, as an operator would.
    #[must_use]
    pub fn quota(mut self, name: &str, value: &str) -> Self {
        let mut quotas = self.services.iter().flat_map(|service| service.quotas);
        let quota = quotas.find(|quota| quota.name == name).unwrap();
        self.quotas.limits.insert(quota.name, quota.parse(value).unwrap());
        self
    }

    /// Trusts a certificate, in DER, to vouch for attested callers.
    #[must_use]
    pub fn attestation_root(mut self, root: &[u8]) -> Self {
        self.attestation_roots.push(root.to_vec());
        self
    }

    /// Has every request rate hold.
    #[must_use]
    pub fn request_rates(mut self) -> Self {
        self.quotas.request_rates = true;
        self
    }

    /// Adds a service.
    #[must_use]
    pub fn service(mut self, service: &'static Service) -> Self {
        self.services.push(service);
        self
    }

    /// The cloud, empty.
    #[must_use]
    pub fn build(self) -> TestCloud {
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(self.seed));
        let audit_log = Arc::new(FaultyAuditLog::new(Arc::new(MemoryAuditLog::new())));
        let store = Arc::new(FaultyStore::new(Arc::new(MemoryStore::new(audit_log.clone()))));
        let keyring = Keyring::generate(entropy.as_ref()).unwrap();
        let clock = Arc::new(TestClock::new(START));
        TestCloud::over(store, audit_log, clock, entropy, keyring, self)
    }

    /// The same in a data directory, as a server has it.
    #[must_use]
    pub fn build_in(self, directory: &Path) -> TestCloud {
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(self.seed));
        let keyring = Keyring::generate(entropy.as_ref()).unwrap();
        let shared_keyring = Arc::new(keyring.clone());
        let (store, audit_log) =
            EmbeddedStore::open(directory, shared_keyring, Arc::new(SystemEntropy::new())).unwrap();
        let (store, audit_log) = (FaultyStore::new(store), FaultyAuditLog::new(audit_log));
        let clock = Arc::new(TestClock::new(START));
        TestCloud::over(Arc::new(store), Arc::new(audit_log), clock, entropy, keyring, self)
    }
}

impl TestCloud {
    /// A cloud with every service there is. The same seed and the same calls give the same answers.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self::builder(seed).build()
    }

    /// A cloud with every service there is, and more.
    #[must_use]
    pub fn builder(seed: u64) -> Builder {
        let services = vec![
            &alcazar_svc_cloudtrail::SERVICE,
            &alcazar_svc_events::SERVICE,
            &alcazar_svc_iam::SERVICE,
            &alcazar_svc_kms::SERVICE,
            &alcazar_svc_organizations::SERVICE,
            &alcazar_svc_sns::SERVICE,
            &alcazar_svc_sqs::SERVICE,
            &alcazar_svc_ssm::SERVICE,
            &alcazar_svc_sts::SERVICE,
        ];
        Builder { seed, services, quotas: QuotaSettings::default(), attestation_roots: Vec::new() }
    }

    /// Another node over the same store: what this one is after a restart, too.
    #[must_use]
    pub fn another_node(&self) -> Self {
        Self::over(
            self.store.clone(),
            self.audit_log.clone(),
            self.clock.clone(),
            self.entropy.clone(),
            self.cloud.keyring().as_ref().clone(),
            self.made_of.clone(),
        )
    }

    fn over(
        store: Arc<FaultyStore>,
        audit_log: Arc<FaultyAuditLog>,
        clock: Arc<TestClock>,
        entropy: Arc<dyn Entropy>,
        keyring: Keyring,
        made_of: Builder,
    ) -> Self {
        let outside = Arc::new(Outside::default());
        let cloud = Cloud::new(Parts {
            store: store.clone(),
            audit_log: audit_log.clone(),
            clock: clock.clone(),
            entropy: entropy.clone(),
            outbound: outside.clone(),
            identities: Arc::new(Directory),
            keyring,
            services: made_of.services.clone(),
            built_in_credentials: true,
            attestation_roots: made_of.attestation_roots.clone().into(),
            cached_records: CACHED_RECORDS,
            quotas: made_of.quotas.clone(),
        });
        Self { cloud, clock, entropy, store, audit_log, outside, made_of }
    }

    /// The engine's cloud.
    #[must_use]
    pub fn cloud(&self) -> &Arc<Cloud> {
        &self.cloud
    }

    /// The store that it stands on.
    #[must_use]
    pub fn store(&self) -> &FaultyStore {
        &self.store
    }

    /// The audit log that it writes.
    #[must_use]
    pub fn audit_log(&self) -> &FaultyAuditLog {
        &self.audit_log
    }

    /// What is outside of it.
    #[must_use]
    pub fn outside(&self) -> &Outside {
        &self.outside
    }

    /// The time it is there.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.cloud.now()
    }

    /// What the wall clock says, whatever [`advance`](Self::advance) does.
    #[must_use]
    pub fn wall_time(&self) -> Timestamp {
        START
    }

    /// The root user of an account.
    #[must_use]
    pub fn root(&self, account: &str) -> TestCaller {
        TestCaller::root(account.parse().unwrap())
    }

    /// Someone who does not sign.
    #[must_use]
    pub fn anonymous(&self) -> TestCaller {
        TestCaller::anonymous()
    }

    /// A user of an account, with an access key and without any permission of its own.
    pub async fn user(&self, account: &str, name: &str) -> TestCaller {
        let root = self.root(account);
        let request = CreateUserRequest { user_name: name.to_owned(), ..CreateUserRequest::default() };
        let user = self.call::<CreateUser>(&root, request).await.unwrap().user.unwrap();
        self.access_key_of(&root, &user.user_name, &user.user_id, &user.arn).await
    }

    async fn access_key_of(&self, root: &TestCaller, name: &str, id: &str, arn: &str) -> TestCaller {
        let request = CreateAccessKeyRequest { user_name: Some(name.to_owned()) };
        let key = self.call::<CreateAccessKey>(root, request).await.unwrap().access_key;
        TestCaller::user(root.account(), arn, id, &key.access_key_id, key.secret_access_key)
    }

    /// A user of an account who may do what a policy allows.
    pub async fn user_with_policy(&self, account: &str, name: &str, policy: &str) -> TestCaller {
        let user = self.user(account, name).await;
        self.put_user_policy(&self.root(account), name, policy).await;
        user
    }

    /// Gives a user this policy in the place of the one from [`user_with_policy`](Self::user_with_policy).
    pub async fn put_user_policy(&self, root: &TestCaller, name: &str, policy: &str) {
        let request = PutUserPolicyRequest {
            user_name: name.to_owned(),
            policy_name: "policy".to_owned(),
            policy_document: policy.to_owned(),
        };
        self.call::<PutUserPolicy>(root, request).await.unwrap();
    }

    /// A session of a role, begun by `caller`.
    ///
    /// # Panics
    /// The caller may not assume the role.
    pub async fn assume_role(&self, caller: &TestCaller, role_arn: &str, session_name: &str) -> TestCaller {
        let request = AssumeRoleRequest {
            role_arn: role_arn.to_owned(),
            role_session_name: session_name.to_owned(),
            ..AssumeRoleRequest::default()
        };
        let answer = self.call::<AssumeRole>(caller, request).await.unwrap();
        self.session(answer.credentials.unwrap())
    }

    /// Who calls with temporary credentials.
    ///
    /// # Panics
    /// They are none of this cloud, or past their time.
    #[must_use]
    pub fn session(&self, credentials: Credentials) -> TestCaller {
        let token = credentials.session_token;
        let caller = self.cloud.session_caller(&credentials.access_key_id, &token).unwrap();
        TestCaller::session(caller, credentials.secret_access_key, token)
    }

    /// Calls an operation, typed.
    ///
    /// # Errors
    /// What a client would be told.
    pub async fn call<A: ApiOperation>(
        &self,
        caller: &TestCaller,
        input: A::Input,
    ) -> Result<A::Output, ApiError> {
        let output = self.invoke(caller, A::MODEL, input.into_value()).await?;
        Ok(A::Output::from_value(output).unwrap())
    }

    /// Calls an operation with a value, which is validated as any input is.
    ///
    /// # Errors
    /// What a client would be told.
    pub async fn invoke(
        &self,
        caller: &TestCaller,
        model: &OperationModel,
        input: Value,
    ) -> Result<Value, ApiError> {
        self.cloud.invoke(self.entry(model), self.typed_call(caller, model, input)).await
    }

    /// What such a call asks the policies.
    ///
    /// # Errors
    /// What a client would be told before any policy is asked.
    pub async fn checks(
        &self,
        caller: &TestCaller,
        model: &OperationModel,
        input: Value,
    ) -> Result<Vec<Check>, ApiError> {
        self.cloud.checks(self.entry(model), self.typed_call(caller, model, input)).await
    }

    fn entry(&self, model: &OperationModel) -> &'static Entry {
        self.cloud.service(model.service.name).unwrap().operation(model.name).unwrap()
    }

    fn typed_call(&self, caller: &TestCaller, model: &OperationModel, input: Value) -> Call {
        let checked = self.cloud.service(model.service.name).unwrap().validate(model, &input);
        Call {
            caller: self.authenticated(caller),
            claimed_access_key_id: None,
            input: checked.map(|()| input),
            region: caller.region.clone(),
            origin: origin(),
            request_id: self.cloud.unique_id().unwrap(),
        }
    }

    /// Who calls, after their signature was found right.
    fn authenticated(&self, caller: &TestCaller) -> Result<Arc<Caller>, ApiError> {
        match &caller.session_token {
            Some(token) => self.cloud.session_caller(&caller.caller.access_key_id, token),
            None => Ok(caller.caller.clone()),
        }
    }

    /// Sends a request as it stands.
    pub async fn send(&self, protocol: Protocol, request: &WireRequest) -> WireResponse {
        let answer = alcazar_frontend::answer(
            &self.cloud,
            &Request {
                method: &request.method,
                path: &request.path,
                query: &request.query,
                headers: &request.headers,
                body: &request.body,
                authority: None,
                origin: origin(),
                wall_time: self.wall_time(),
            },
        )
        .await;
        WireResponse { encoded: answer.response, protocol, error_code: answer.error_code }
    }

    /// Sends a document to an operation in a protocol, signed by `caller`.
    pub async fn send_signed(
        &self,
        caller: &TestCaller,
        protocol: Protocol,
        model: &OperationModel,
        input: &Json,
    ) -> WireResponse {
        let request = WireRequest::new(protocol, model, input);
        let signing_name = model.service.signing_name;
        self.send(protocol, &request.signed(caller, signing_name, self.wall_time())).await
    }

    /// Moves the clock on while nothing is done, as if the process had been down: what falls due meanwhile is late.
    pub fn pause(&self, duration: Duration) {
        self.clock.set(self.now() + duration);
    }

    /// Moves the clock on; whatever falls due on the way is done at its own time, and what was destroyed by then is
    /// purged. It gives back how many tasks were done. Tasks that fail stay.
    pub async fn advance(&self, duration: Duration) -> usize {
        let target = self.now() + duration;
        let mut done = 0;
        self.settle().await;
        for _ in 0..ROUNDS_MAX {
            match self.cloud.next_work().await.unwrap() {
                Some(due) if due <= target => {
                    self.clock.set(due.max(self.now()));
                    let round = self.cloud.run_due().await.unwrap();
                    done += round.done;
                    if self.cloud.settle().await.unwrap() + round.done + round.failed == 0 {
                        break;
                    }
                }
                _ => break,
            }
        }
        self.clock.set(target);
        loop {
            let round = self.cloud.run_due().await.unwrap();
            done += round.done;
            if self.cloud.settle().await.unwrap() + round.done == 0 {
                break;
            }
        }
        self.cloud.purge().await.unwrap();
        done
    }

    /// Has the followers see what is in the audit log, and delivers what is due, until nothing is left to do now.
    ///
    /// # Panics
    /// The store failed.
    pub async fn settle(&self) {
        self.cloud.settle().await.unwrap();
    }

    /// All audit events, the oldest first.
    #[must_use]
    pub fn events(&self) -> Vec<AuditEvent> {
        self.events_from(0)
    }

    /// The audit events from a place in the log on, the oldest first.
    #[must_use]
    pub fn events_from(&self, mut sequence: u64) -> Vec<AuditEvent> {
        let mut events = Vec::new();
        loop {
            let entries = self.cloud.audit_log().read(sequence, EVENTS_READ).unwrap();
            let Some(last) = entries.last() else { return events };
            sequence = last.sequence + 1;
            events.extend(entries.iter().map(|entry| AuditEvent::from_bytes(&entry.record).unwrap()));
        }
    }

    /// The newest audit event.
    #[must_use]
    pub fn last_event(&self) -> AuditEvent {
        self.events().pop().expect("no call was made yet")
    }

    /// The newest event as the CloudTrail record of the account that it is first of all for.
    #[must_use]
    pub fn last_record(&self) -> serde_json::Value {
        let event = self.last_event();
        to_cloudtrail(&event, event.recipient())
    }
}

/// Where test callers call from.
fn origin() -> Arc<Origin> {
    Arc::new(Origin {
        source_ip: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
        user_agent: "test".to_owned(),
        tls: None,
        host: "localhost:4566".to_owned(),
    })
}
