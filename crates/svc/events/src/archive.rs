//! Archives: their records, and the rule that feeds each.
//!
//! An archive gets its events as any target does, from a rule on its bus that EventBridge keeps itself. The rule leaves
//! out what is replayed. What an archive holds is in [`held`], what becomes of it in [`retention`].
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html>

pub(crate) mod held;
pub(crate) mod retention;

use std::sync::Arc;

use alcazar_api_events::types;
use alcazar_base::{AccountId, Arn, Region, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Check, Cx, Error, Name, NameBuilder, Reads, Result};
use alcazar_event::Pattern;
use alcazar_shape::ApiError;
use minicbor::{Decode, Encode};
use serde_json::{Value as Json, json};

use crate::arn::BusId;
use crate::error;
use crate::input::Input;
use crate::rule::{self, Rule, State};
use crate::target::Target;

const TABLE: &str = "events.archive";

/// How many archives of an account in a region are read: more than there may be rules for.
const ARCHIVES_READ: usize = 10_000;

/// What the names of the rules that feed archives begin with.
const RULE_PREFIX: &str = "Events-Archive-";

/// Who keeps those rules.
const RULE_KEEPER: &str = "prod.vhs.events.aws.internal";

/// The id of the rule's one target.
const TARGET_ID: &str = "target";

/// The type of an archive in audit events.
const TYPE: &str = "AWS::Events::Archive";

/// An archive.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Archive {
    /// The account that it is in.
    #[n(0)]
    pub account: AccountId,
    /// The region.
    #[n(1)]
    pub region: Region,
    /// Its name.
    #[n(2)]
    pub name: String,
    /// A unique id: another archive of the name holds other events.
    #[n(3)]
    pub id: String,
    /// The bus whose events it holds.
    #[n(4)]
    pub bus: String,
    /// What it is for.
    #[n(5)]
    pub description: Option<String>,
    /// Which events it holds; all, if it does not say.
    #[n(6)]
    pub pattern: Option<String>,
    /// For how many days it holds them; 0 for ever.
    #[n(7)]
    pub retention_days: u32,
    /// The KMS key that was named for it.
    #[n(8)]
    pub kms_key: Option<String>,
    /// When it was made.
    #[n(9)]
    pub created: Timestamp,
}

impl Archive {
    /// Its ARN.
    #[must_use]
    pub(crate) fn arn(&self) -> String {
        arn_of(self.account, &self.region, &self.name)
    }

    /// The bus whose events it holds.
    #[must_use]
    pub(crate) fn bus_id(&self) -> BusId {
        BusId { account: self.account, region: self.region.clone(), name: self.bus.clone() }
    }

    /// For how many days it holds events, as it is told.
    #[must_use]
    pub(crate) fn shown_retention(&self) -> Option<i32> {
        i32::try_from(self.retention_days).ok()
    }

    /// The name of the rule that feeds it.
    fn rule_name(&self) -> String {
        format!("{RULE_PREFIX}{}", self.name)
    }

    /// The rule that feeds it.
    fn rule(&self, now: Timestamp) -> Result<Rule> {
        let pattern = self.pattern.as_deref().unwrap_or("{}");
        let mut pattern: Json = serde_json::from_str(pattern)
            .map_err(|_| Error::invariant("the pattern of an archive that was put is none"))?;
        if let Some(pattern) = pattern.as_object_mut() {
            pattern.insert("replay-name".to_owned(), json!([{"exists": false}]));
        }
        let target = types::Target {
            id: TARGET_ID.to_owned(),
            arn: target_arn(&self.region),
            input_transformer: Some(types::InputTransformer {
                input_paths_map: None,
                input_template: format!(
                    r#"{{"archive-arn": "{}:{}", "event": <aws.events.event.json>, "ingestion-time": <aws.events.event.ingestion-time>}}"#,
                    self.arn(),
                    self.id
                ),
            }),
            ..types::Target::default()
        };
        let input = Input::of_request(&target)?;
        Ok(Rule {
            account: self.account,
            region: self.region.clone(),
            bus: self.bus.clone(),
            name: self.rule_name(),
            pattern: Some(pattern.to_string()),
            schedule: None,
            state: State::Enabled,
            description: None,
            role_arn: None,
            managed_by: Some(RULE_KEEPER.to_owned()),
            created_by: self.account,
            tags: Vec::new(),
            targets: vec![Target::of_request(&target, input)],
            since: now,
            next: None,
        })
    }
}

/// What stands as the target of the rules that feed archives; nobody can make it the target of another.
#[must_use]
pub(crate) fn target_arn(region: &Region) -> String {
    format!("arn:{}:events:{region}:::", region.partition().as_str())
}

/// The name of the archive that a rule feeds, if it feeds one.
#[must_use]
pub(crate) fn fed_by(rule: &Rule) -> Option<&str> {
    rule.managed_by.as_ref().filter(|keeper| *keeper == RULE_KEEPER)?;
    rule.name.strip_prefix(RULE_PREFIX)
}

fn arn_of(account: AccountId, region: &Region, name: &str) -> String {
    format!("arn:{}:events:{region}:{account}:archive/{name}", region.partition().as_str())
}

/// The name that an archive's ARN says.
#[must_use]
pub(crate) fn name_in(text: &str) -> Option<String> {
    let arn: Arn = text.parse().ok().filter(|arn: &Arn| arn.service == "events")?;
    Some(arn.resource.strip_prefix("archive/").filter(|name| !name.is_empty())?.to_owned())
}

fn in_region(account: AccountId, region: &Region) -> NameBuilder {
    Name::table(TABLE).part(account.as_str()).part(region.as_str())
}

fn record_name(keyring: &Keyring, account: AccountId, region: &Region, name: &str) -> Name {
    in_region(account, region).blind(keyring, name).name()
}

/// The archives of an account in a region.
fn range(account: AccountId, region: &Region) -> NameRange {
    in_region(account, region).range()
}

/// An archive, if it is there.
///
/// # Errors
/// The store failed.
pub(crate) async fn find(
    reads: &mut Reads<'_>,
    account: AccountId,
    region: &Region,
    name: &str,
) -> Result<Option<Arc<Archive>>> {
    let name = record_name(&reads.keyring(), account, region, name);
    reads.get(&name).await
}

/// The caller's archives in the region, in the order of their names.
///
/// # Errors
/// The store failed.
pub(crate) async fn all(reads: &mut Reads<'_>) -> Result<Vec<Arc<Archive>>> {
    let range = range(reads.account(), reads.region());
    let found = reads.scan::<Archive>(&range, ARCHIVES_READ).await?;
    let mut archives: Vec<_> = found.into_iter().map(|(_, archive)| archive).collect();
    archives.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(archives)
}

/// Stores an archive, and has its rule feed it from now on.
///
/// # Errors
/// The bus has as many rules as it may have, or the records cannot be sealed.
pub(crate) async fn put(cx: &mut Cx<'_>, archive: Archive) -> Result<()> {
    let fed_by = archive.rule(cx.now())?;
    match rule::find(cx, &archive.bus_id(), &fed_by.name).await? {
        Some(rule) if rule.managed_by.is_none() => return Err(error::limit_exceeded().into()),
        // What it is for may have changed, and then what happened before does not concern it.
        Some(rule) if rule.pattern == fed_by.pattern => {}
        Some(_) => rule::put(cx, fed_by)?,
        None => rule::put_new(cx, fed_by).await?,
    }
    let name = record_name(&cx.keyring(), archive.account, &archive.region, &archive.name);
    cx.put(name, archive)
}

/// Deletes an archive, and the rule that feeds it. What it holds goes after the commit.
///
/// # Errors
/// The store failed.
pub(crate) async fn delete(cx: &mut Cx<'_>, archive: &Archive) -> Result<()> {
    if let Some(rule) = rule::find(cx, &archive.bus_id(), &archive.rule_name()).await?
        && fed_by(&rule).is_some()
    {
        rule::delete(cx, &rule)?;
    }
    retention::unschedule(cx, archive).await?;
    held::empty(cx, archive)?;
    let name = record_name(&cx.keyring(), archive.account, &archive.region, &archive.name);
    cx.delete(name)
}

/// Passes if the pattern is one.
///
/// # Errors
/// It is none.
pub(crate) fn check_pattern(pattern: Option<&str>) -> Result<(), ApiError> {
    let parsed = pattern.map(Pattern::parse).transpose();
    parsed.map(|_| ()).map_err(|fault| error::rule::invalid_pattern(fault.to_string()))
}

/// An archive that a request names, as far as it is there.
pub struct NamedArchive {
    account: AccountId,
    region: Region,
    pub(crate) name: String,
    pub(crate) found: Option<Arc<Archive>>,
}

impl NamedArchive {
    /// Finds an archive of the caller's own.
    pub(crate) async fn find(reads: &mut Reads<'_>, name: &str) -> Result<Self> {
        let (account, region) = (reads.account(), reads.region().clone());
        let found = find(reads, account, &region, name).await?;
        Ok(Self { account, region, name: name.to_owned(), found })
    }

    /// The archive.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn archive(&self) -> Result<&Arc<Archive>> {
        Ok(self.found.as_ref().ok_or_else(|| error::archive::not_found(&self.name))?)
    }

    /// The question whether the caller may do `action` on it.
    pub(crate) fn check(&self, action: &'static str) -> Check {
        let arn = arn_of(self.account, &self.region, &self.name);
        Check::new(action, arn, TYPE, self.account)
    }
}
