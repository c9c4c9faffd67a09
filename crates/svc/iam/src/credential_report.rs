//! The credential report: who may sign in and sign calls with what, and when each was used.
//!
//! A report is made by a task, so that nobody waits for it, and is good for four hours.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html>

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use alcazar_base::{AccountId, Timestamp};
use alcazar_engine::audit::Resource;
use alcazar_engine::credentials::{AccessKey, AccessKeyStatus, access_key_name};
use alcazar_engine::port::BoxFuture;
use alcazar_engine::schedule::{Effect, Task, TaskHandler};
use alcazar_engine::{Cx, Error, Name, Reads, Result};
use alcazar_identity::account::Account;
use alcazar_identity::entity::PolicyHolder;
use alcazar_identity::mfa_device::{self, MfaDevice};
use alcazar_identity::user::{self, User};
use minicbor::{Decode, Encode};

use crate::access_key::RootKeys;
use crate::login_profile::LoginProfile;
use crate::page;
use crate::password_policy::PasswordPolicy;

/// How long a report is good.
pub(crate) const GOOD_FOR: Duration = Duration::from_secs(4 * 3600);

/// The columns, in AWS's order.
const COLUMNS: [&str; 22] = [
    "user",
    "arn",
    "user_creation_time",
    "password_enabled",
    "password_last_used",
    "password_last_changed",
    "password_next_rotation",
    "mfa_active",
    "access_key_1_active",
    "access_key_1_last_rotated",
    "access_key_1_last_used_date",
    "access_key_1_last_used_region",
    "access_key_1_last_used_service",
    "access_key_2_active",
    "access_key_2_last_rotated",
    "access_key_2_last_used_date",
    "access_key_2_last_used_region",
    "access_key_2_last_used_service",
    "cert_1_active",
    "cert_1_last_rotated",
    "cert_2_active",
    "cert_2_last_rotated",
];

/// How many access keys a report tells of.
const KEYS_TOLD: usize = 2;

/// What stands where there is nothing to tell.
const NOTHING: &str = "N/A";

const TABLE: &str = "iam.credential_report";

/// An account's newest report, or that one is being made. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct CredentialReport {
    /// When it was asked for.
    #[n(0)]
    pub(crate) started: Timestamp,
    /// When it was made; none while it is being made.
    #[n(1)]
    pub(crate) made: Option<Timestamp>,
    /// The report, as CSV.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub(crate) content: Vec<u8>,
}

impl CredentialReport {
    /// That of the caller's account.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>) -> Result<Option<Arc<Self>>> {
        let name = name(reads.account());
        reads.get(&name).await
    }

    /// Whether it is made, and too old.
    #[must_use]
    pub(crate) fn has_expired(&self, now: Timestamp) -> bool {
        self.made.is_some_and(|made| made + GOOD_FOR <= now)
    }
}

/// Begins to make a report.
///
/// # Errors
/// The store failed.
pub(crate) fn start(cx: &mut Cx<'_>) -> Result<()> {
    let (account, now) = (cx.account(), cx.now());
    cx.put(name(account), CredentialReport { started: now, made: None, content: Vec::new() })?;
    cx.schedule(Task {
        at: now,
        service: "iam".to_owned(),
        kind: TASK.kind.to_owned(),
        subject: account.to_string(),
    })
}

/// Makes the report that was asked for.
pub(crate) const TASK: TaskHandler =
    TaskHandler { kind: "credential_report", event_name: "MakeCredentialReport", run };

fn run<'a>(cx: &'a mut Cx<'_>, task: &'a Task) -> BoxFuture<'a, Result<Option<Effect>>> {
    Box::pin(async move {
        let account: AccountId =
            task.subject.parse().map_err(|_| Error::invariant("a task of no account"))?;
        let Some(asked) = cx.get::<CredentialReport>(&name(account)).await? else { return Ok(None) };
        let content = make(cx, account).await?;
        let made = CredentialReport { started: asked.started, made: Some(cx.now()), content };
        cx.put(name(account), made)?;
        let arn = format!("arn:aws:iam::{account}:root");
        Ok(Some(Resource { arn, account, kind: "AWS::IAM::CredentialReport".to_owned() }.into()))
    })
}

/// The report, as it is now.
async fn make(reads: &mut Reads<'_>, account: AccountId) -> Result<Vec<u8>> {
    let devices = page::all::<MfaDevice>(reads, &mfa_device::mfa_devices(account)).await?;
    let enabled = devices.iter().filter_map(|device| device.enabled.as_ref());
    let with_mfa: HashSet<&str> = enabled.map(|enabled| enabled.user_id.as_str()).collect();
    let max_age = PasswordPolicy::find(reads, account).await?.and_then(|policy| policy.max_age_days);
    let mut users = page::all::<User>(reads, &user::users(account)).await?;
    users.sort_by_cached_key(|user| user.name.to_lowercase());
    let written = |error: csv::Error| Error::invariant(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(written)?;
    let mut row = root(reads, account, with_mfa.contains(account.as_str())).await?;
    let keys = RootKeys::of(reads, account).await?.access_key_ids;
    row.extend(access_keys(reads, &keys).await?);
    writer.write_record(with_certificates(row)).map_err(written)?;
    for user in users {
        let mut row = vec![user.name.clone(), user.arn(), shown(user.created)];
        row.extend(password(reads, &user, max_age).await?);
        row.push(with_mfa.contains(user.user_id.as_str()).to_string());
        row.extend(access_keys(reads, &user.access_keys).await?);
        writer.write_record(with_certificates(row)).map_err(written)?;
    }
    writer.into_inner().map_err(|error| Error::invariant(error.to_string()))
}

/// What there is to tell of the root user, up to its MFA device.
async fn root(reads: &mut Reads<'_>, account: AccountId, has_mfa: bool) -> Result<Vec<String>> {
    let created = Account::find(&mut reads.records(), account).await?.and_then(|account| account.created);
    let mut row = vec!["<root_account>".to_owned(), format!("arn:aws:iam::{account}:root")];
    row.push(created.map_or_else(|| NOTHING.to_owned(), shown));
    row.extend(["not_supported", "no_information", "not_supported", "not_supported"].map(str::to_owned));
    row.push(has_mfa.to_string());
    Ok(row)
}

/// What there is to tell of a user's password. Nobody signs in with one here, so it was never used.
async fn password(reads: &mut Reads<'_>, user: &User, max_age: Option<u32>) -> Result<[String; 4]> {
    let Some(profile) = LoginProfile::find(reads, user.account, &user.user_id).await? else {
        return Ok(["false", NOTHING, NOTHING, NOTHING].map(str::to_owned));
    };
    let age = |days: u32| Duration::from_secs(u64::from(days) * 24 * 3600);
    let next = max_age.map(|days| shown(profile.changed + age(days)));
    Ok([
        "true".to_owned(),
        "no_information".to_owned(),
        shown(profile.changed),
        next.unwrap_or_else(|| NOTHING.to_owned()),
    ])
}

/// What there is to tell of access keys.
async fn access_keys(reads: &mut Reads<'_>, ids: &[String]) -> Result<Vec<String>> {
    let mut told = Vec::new();
    for id in ids.iter().take(KEYS_TOLD) {
        let Some(key) = reads.get::<AccessKey>(&access_key_name(id)).await? else { continue };
        told.push((key.status() == AccessKeyStatus::Active).to_string());
        told.push(shown(key.created));
        match reads.access_key_last_use(id).await? {
            Some(last) => told.extend([shown(last.time), last.region.clone(), last.service.clone()]),
            None => told.extend([NOTHING, NOTHING, NOTHING].map(str::to_owned)),
        }
    }
    while told.len() < KEYS_TOLD * 5 {
        told.extend(["false", NOTHING, NOTHING, NOTHING, NOTHING].map(str::to_owned));
    }
    Ok(told)
}

/// A whole row: there are no certificates here.
fn with_certificates(mut row: Vec<String>) -> Vec<String> {
    row.extend(["false", NOTHING, "false", NOTHING].map(str::to_owned));
    row
}

/// A time as reports have it.
fn shown(time: Timestamp) -> String {
    Timestamp::from_secs(time.as_secs()).to_string().replace('Z', "+00:00")
}

fn name(account: AccountId) -> Name {
    Name::table(TABLE).part(account.as_str()).name()
}
