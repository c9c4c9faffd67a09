//! Trails, as they are stored.
//!
//! A trail has one record, in the region where it was made: its home region. Where else it is seen (a multi-Region
//! trail in every region, an organization's trail in every member account) follows from that.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Trail.html>

pub(crate) mod bucket;
pub(crate) mod name;
pub(crate) mod organization;
pub(crate) mod settings;
pub(crate) mod sought;

use std::sync::Arc;

use alcazar_api_cloudtrail::types;
use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Cx, Name, NameBuilder, Reads, Result};
use alcazar_identity::tag::Tag;
use minicbor::{Decode, Encode};

use crate::insight::Insight;
use crate::selector::Selectors;

const TABLE: &str = "cloudtrail.trail";

/// The most trails that are read of an account: what the quota leaves in as many regions as there may be.
const TRAILS_MAX: usize = 10_000;

/// A trail. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Trail {
    /// The account that owns it.
    #[n(0)]
    pub(crate) account: AccountId,
    /// The region where it was made.
    #[n(1)]
    pub(crate) home_region: String,
    /// Its name; no other trail of the account and home region has it.
    #[n(2)]
    pub(crate) name: String,
    /// The bucket that its log files go to.
    #[n(3)]
    pub(crate) bucket: String,
    /// What the keys of the log files begin with.
    #[n(4)]
    pub(crate) prefix: Option<String>,
    /// The topic that is told of log files.
    #[n(5)]
    pub(crate) topic: Option<Topic>,
    /// Whether it has the events of services that are the same in every region.
    #[n(6)]
    pub(crate) includes_global_services: bool,
    /// Whether it has the events of every region.
    #[n(7)]
    pub(crate) is_multi_region: bool,
    /// Whether its log files are vouched for by digests.
    #[n(8)]
    pub(crate) validates_files: bool,
    /// The ARN of the key that its log files are encrypted with.
    #[n(9)]
    pub(crate) key_arn: Option<String>,
    /// The id of the organization whose events it has.
    #[n(10)]
    pub(crate) organization_id: Option<String>,
    /// Whether it has the events of its own deliveries.
    #[n(11)]
    pub(crate) logs_itself: bool,
    /// Its tags.
    #[n(12)]
    pub(crate) tags: Vec<Tag>,
    /// Which events it has.
    #[n(13)]
    pub(crate) selectors: Selectors,
    /// What it looks for in events.
    #[n(14)]
    pub(crate) insights: Vec<Insight>,
    /// Whether it logs.
    #[n(15)]
    pub(crate) is_logging: bool,
    /// When it last began to.
    #[n(16)]
    pub(crate) started: Option<Timestamp>,
    /// When it last ended to.
    #[n(17)]
    pub(crate) stopped: Option<Timestamp>,
}

/// A topic that a trail tells of log files.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Topic {
    /// What the request called it: its name, or its ARN.
    #[n(0)]
    pub(crate) given: String,
    /// Its ARN.
    #[n(1)]
    pub(crate) arn: String,
}

impl Trail {
    /// Its ARN.
    #[must_use]
    pub(crate) fn arn(&self) -> String {
        name::arn(&self.home_region, self.account, &self.name)
    }

    /// Its record's name.
    #[must_use]
    pub(crate) fn record_name(keyring: &Keyring, account: AccountId, region: &str, name: &str) -> Name {
        of_account(account).part(region).blind(keyring, name).name()
    }

    /// The trail of an account, home region and name.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(
        reads: &mut Reads<'_>,
        account: AccountId,
        region: &str,
        name: &str,
    ) -> Result<Option<Arc<Self>>> {
        let name = Self::record_name(&reads.keyring(), account, region, name);
        reads.get(&name).await
    }

    /// All trails of an account, in the order of their ARNs.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn all_of(reads: &mut Reads<'_>, account: AccountId) -> Result<Vec<Arc<Self>>> {
        let found = reads.scan::<Self>(&range_of(account), TRAILS_MAX).await?;
        let mut trails: Vec<Arc<Self>> = found.into_iter().map(|(_, trail)| trail).collect();
        trails.sort_by_cached_key(|trail| trail.arn());
        Ok(trails)
    }

    /// Writes it.
    ///
    /// # Errors
    /// The record cannot be sealed.
    pub(crate) fn put(self, cx: &mut Cx<'_>) -> Result<()> {
        let name = Self::record_name(&cx.keyring(), self.account, &self.home_region, &self.name);
        cx.put(name, self)
    }

    /// Whether it is seen in a region by whoever sees it at all.
    #[must_use]
    pub(crate) fn is_in(&self, region: &Region) -> bool {
        self.is_multi_region || self.home_region == region.as_str()
    }

    /// It as `GetTrail` and `DescribeTrails` answer it.
    #[must_use]
    pub(crate) fn shown(&self) -> types::Trail {
        types::Trail {
            name: Some(self.name.clone()),
            s3_bucket_name: Some(self.bucket.clone()),
            s3_key_prefix: self.prefix.clone(),
            sns_topic_name: self.topic.as_ref().map(|topic| topic.given.clone()),
            sns_topic_arn: self.topic.as_ref().map(|topic| topic.arn.clone()),
            include_global_service_events: Some(self.includes_global_services),
            is_multi_region_trail: Some(self.is_multi_region),
            home_region: Some(self.home_region.clone()),
            trail_arn: Some(self.arn()),
            log_file_validation_enabled: Some(self.validates_files),
            cloud_watch_logs_log_group_arn: None,
            cloud_watch_logs_role_arn: None,
            kms_key_id: self.key_arn.clone(),
            has_custom_event_selectors: Some(self.selectors.are_custom()),
            has_insight_selectors: Some(!self.insights.is_empty()),
            is_organization_trail: Some(self.organization_id.is_some()),
            recursive_logging: Some(self.logs_itself),
        }
    }
}

/// All names of an account's trails.
#[must_use]
fn range_of(account: AccountId) -> NameRange {
    of_account(account).range()
}

fn of_account(account: AccountId) -> NameBuilder {
    Name::table(TABLE).part(account.as_str())
}
