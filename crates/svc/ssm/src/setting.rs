//! Service settings: what an account decided about Parameter Store in a region.
//!
//! A setting that nobody changed has its default, and no record.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-default-tier.html> and
//! <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-throughput.html>

use std::sync::Arc;

use alcazar_api_ssm::types::{ParameterTier, ServiceSetting};
use alcazar_base::{AccountId, Arn, Region, Timestamp};
use alcazar_engine::{Access, CallInfo, Check, Cx, Name, Reads, Result};
use alcazar_shape::ApiError;
use minicbor::{Decode, Encode};

use crate::{access, error};

const TABLE: &str = "ssm.setting";

/// What a setting's ARN says before its id.
const RESOURCE: &str = "servicesetting";

/// The type of a setting in audit events.
const RESOURCE_TYPE: &str = "AWS::SSM::ServiceSetting";

/// When AWS set the defaults.
const DEFAULTS_SET: Timestamp = Timestamp::from_millis(1_555_532_818_578);

/// Who set them.
const DEFAULTS_SET_BY: &str = "System";

/// A setting of Parameter Store's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    /// What callers call it.
    id: &'static str,
    /// What it is called in the name of its record.
    part: &'static str,
    /// The values that it may have; the first is the default.
    values: &'static [&'static str],
}

/// The tier of parameters whose requests say none.
static DEFAULT_TIER: Setting = Setting {
    id: "/ssm/parameter-store/default-parameter-tier",
    part: "default-parameter-tier",
    values: &["Standard", "Advanced", "Intelligent-Tiering"],
};

/// Whether requests have the higher rates, and are billed for standard parameters too.
static HIGH_THROUGHPUT: Setting = Setting {
    id: "/ssm/parameter-store/high-throughput-enabled",
    part: "high-throughput-enabled",
    values: &["false", "true"],
};

/// What a setting was changed to. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Changed {
    /// The value.
    #[n(0)]
    value: String,
    /// When.
    #[n(1)]
    modified: Timestamp,
    /// The ARN of who changed it.
    #[n(2)]
    modified_by: String,
}

/// The setting that a request names, by its id or its ARN.
#[derive(Debug)]
pub struct Target {
    account: AccountId,
    region: Region,
    id: String,
    setting: Option<&'static Setting>,
    changed: Option<Arc<Changed>>,
}

impl Target {
    /// Finds the setting.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, text: &str) -> Result<Self> {
        let (account, region, id) =
            arn(text).unwrap_or_else(|| (reads.account(), reads.region().clone(), text.to_owned()));
        let is_here = region == *reads.region();
        let setting = [&DEFAULT_TIER, &HIGH_THROUGHPUT].into_iter().find(|it| it.id == id && is_here);
        let changed = match setting {
            Some(setting) => reads.get::<Changed>(&setting.record_name(account, &region)).await?,
            None => None,
        };
        Ok(Self { account, region, id, setting, changed })
    }

    /// The question whether a caller may do something with it.
    pub(crate) fn access(&self, call: &CallInfo, action: &'static str) -> Access {
        let check = access::of_arn(call, action, self.arn());
        Access::one(Check { owner: self.account, resource_type: RESOURCE_TYPE, ..check })
    }

    /// The setting, with its value.
    ///
    /// # Errors
    /// There is no such setting.
    pub(crate) fn shown(&self) -> Result<ServiceSetting, ApiError> {
        self.shown_as(self.changed.as_deref())
    }

    /// Sets it.
    ///
    /// # Errors
    /// There is no such setting, or it has no such value.
    pub(crate) fn set(&self, cx: &mut Cx<'_>, value: &str) -> Result<()> {
        let setting = self.setting.ok_or_else(error::setting::not_found)?;
        if !setting.values.contains(&value) {
            return Err(error::setting::value(setting.id, value, setting.values).into());
        }
        let modified_by = cx.call().caller.arn().to_owned();
        let changed = Changed { value: value.to_owned(), modified: cx.now(), modified_by };
        cx.put(setting.record_name(self.account, &self.region), changed)
    }

    /// Gives it back its default, and shows it so.
    ///
    /// # Errors
    /// There is no such setting.
    pub(crate) fn reset(&self, cx: &mut Cx<'_>) -> Result<ServiceSetting> {
        let setting = self.setting.ok_or_else(error::setting::not_found)?;
        if self.changed.is_some() {
            cx.delete(setting.record_name(self.account, &self.region))?;
        }
        Ok(self.shown_as(None)?)
    }

    fn arn(&self) -> String {
        let (partition, slash) =
            (self.region.partition().as_str(), if self.id.starts_with('/') { "" } else { "/" });
        format!("arn:{partition}:ssm:{}:{}:{RESOURCE}{slash}{}", self.region, self.account, self.id)
    }

    fn shown_as(&self, changed: Option<&Changed>) -> Result<ServiceSetting, ApiError> {
        let setting = self.setting.ok_or_else(error::setting::not_found)?;
        let (value, modified, modified_by, status) = match changed {
            Some(changed) => {
                (changed.value.as_str(), changed.modified, changed.modified_by.as_str(), "Customized")
            }
            None => (setting.default(), DEFAULTS_SET, DEFAULTS_SET_BY, "Default"),
        };
        Ok(ServiceSetting {
            setting_id: Some(setting.id.to_owned()),
            setting_value: Some(value.to_owned()),
            last_modified_date: Some(modified),
            last_modified_user: Some(modified_by.to_owned()),
            arn: Some(self.arn()),
            status: Some(status.to_owned()),
        })
    }
}

impl Setting {
    fn record_name(&self, account: AccountId, region: &Region) -> Name {
        Name::table(TABLE).part(account.as_str()).part(region.as_str()).part(self.part).name()
    }

    fn default(&self) -> &'static str {
        self.values.first().copied().unwrap_or_default()
    }

    async fn value(&self, reads: &mut Reads<'_>, account: AccountId, region: &Region) -> Result<String> {
        let changed = reads.get::<Changed>(&self.record_name(account, region)).await?;
        Ok(changed.map_or_else(|| self.default().to_owned(), |changed| changed.value.clone()))
    }
}

/// The tier of parameters whose requests say none.
///
/// # Errors
/// The store failed.
pub(crate) async fn default_tier(
    reads: &mut Reads<'_>,
    account: AccountId,
    region: &Region,
) -> Result<ParameterTier> {
    let value = DEFAULT_TIER.value(reads, account, region).await?;
    let tiers = [ParameterTier::Advanced, ParameterTier::IntelligentTiering];
    Ok(tiers.into_iter().find(|tier| tier.as_str() == value).unwrap_or(ParameterTier::Standard))
}

/// Whether the caller's account has high throughput where it calls.
///
/// # Errors
/// The store failed.
pub(crate) async fn has_high_throughput(reads: &mut Reads<'_>) -> Result<bool> {
    let (account, region) = (reads.account(), reads.region().clone());
    Ok(HIGH_THROUGHPUT.value(reads, account, &region).await? == "true")
}

/// The owner, region and id that a setting's ARN says.
fn arn(text: &str) -> Option<(AccountId, Region, String)> {
    let arn: Arn = text.parse().ok()?;
    let region: Region = arn.region.parse().ok()?;
    let id = arn.resource.strip_prefix(RESOURCE).filter(|id| id.starts_with('/'))?;
    let is_setting = arn.service == "ssm" && arn.partition == region.partition().as_str();
    Some((arn.account.parse().ok()?, region, id.to_owned())).filter(|_| is_setting)
}
