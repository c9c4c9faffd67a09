//! For how long a key was not used, where its policy asks for that.
//!
//! The days are whole ones, counted from the last use. Of a key that was never used they are counted from its making, or
//! from when uses began to be noted here if it is older than that.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-trailing-days-without-key-usage>

use std::ops::Deref;

use alcazar_base::Timestamp;
use alcazar_engine::{CallInfo, Check, Reads, Result, Rule};

use crate::access;
use crate::target::{Accepts, Target};

/// The condition key that has the days.
const TRAILING_DAYS: &str = "kms:TrailingDaysWithoutKeyUsage";

const SECONDS_A_DAY: i64 = 86_400;

/// A key that is to be taken out of use.
pub struct Idle {
    target: Target,
    /// The days since its last use, if its policy asks for them.
    days: Option<i64>,
}

impl Deref for Idle {
    type Target = Target;

    fn deref(&self) -> &Target {
        &self.target
    }
}

impl Idle {
    /// Finds the key that `text` names.
    ///
    /// # Errors
    /// As [`Target::find`].
    pub(crate) async fn find(reads: &mut Reads<'_>, text: &str) -> Result<Self> {
        let target = Target::find(reads, text, Accepts::Keys).await?;
        let rule = Rule::RulingPolicy(target.policy.clone());
        let asked = reads.call().has_condition_on(TRAILING_DAYS, target.key.account, &rule);
        let days = if asked { Some(days_since_use(reads, &target).await?) } else { None };
        Ok(Self { target, days })
    }

    /// The question whether the key may be taken out of use.
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str) -> Check {
        let mut check = access::key_check(call, action, &self.target);
        if let Some(days) = self.days {
            check.context.insert(TRAILING_DAYS, days);
        }
        check
    }
}

async fn days_since_use(reads: &mut Reads<'_>, target: &Target) -> Result<i64> {
    let since = match reads.last_use(target.key.arn()).await? {
        Some(last) => last.time,
        None => since_noted(reads, target.key.created).await?,
    };
    Ok((reads.call().now.as_secs() - since.as_secs()) / SECONDS_A_DAY)
}

async fn since_noted(reads: &mut Reads<'_>, created: Timestamp) -> Result<Timestamp> {
    let since = reads.uses_noted_since().await?;
    Ok(since.map_or(created, |since| since.max(created)))
}
