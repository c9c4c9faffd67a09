//! Session policies: what a session is limited to beyond the policies of the role or user.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session>

use alcazar_api_sts::types::PolicyDescriptorType;
use alcazar_base::{AccountId, Arn};
use alcazar_engine::{Reads, Result};
use alcazar_identity::document::Document;
use alcazar_identity::managed_policy;
use alcazar_policy::PolicyKind;
use alcazar_shape::ApiError;

use crate::error;

/// The most characters of the policy and the ARNs together.
const CHARACTERS_MAX: usize = 2048;

/// The most managed policies.
const ARNS_MAX: usize = 10;

/// The policies that were passed for a session.
#[derive(Debug, Default)]
pub(crate) struct SessionPolicies {
    /// The one that was passed as text.
    pub(crate) text: Option<String>,
    /// The ARNs of managed ones.
    pub(crate) arns: Vec<String>,
}

impl SessionPolicies {
    /// Reads what was passed.
    ///
    /// # Errors
    /// It is too much, or no policy.
    pub(crate) fn read(
        policy: Option<&str>,
        arns: Option<&[PolicyDescriptorType]>,
    ) -> std::result::Result<Self, ApiError> {
        let arns: Vec<String> =
            arns.unwrap_or_default().iter().filter_map(|descriptor| descriptor.arn.clone()).collect();
        if arns.len() > ARNS_MAX {
            return Err(error::too_long(&format!("[{}]", arns.join(", ")), "policyArns", ARNS_MAX));
        }
        if let Some(text) = policy {
            if text.chars().count() + arns.iter().map(String::len).sum::<usize>() > CHARACTERS_MAX {
                return Err(error::too_long(text, "policy", CHARACTERS_MAX));
            }
            Document::parse(text, PolicyKind::Identity).map_err(|cause| error::malformed_policy(&cause))?;
        }
        Ok(Self { text: policy.map(str::to_owned), arns })
    }

    /// Refuses managed policies that there are not, or that are neither AWS's nor of the session's account.
    ///
    /// # Errors
    /// There is such a one, or the store failed.
    pub(crate) async fn must_exist(&self, reads: &mut Reads<'_>, account: AccountId) -> Result<()> {
        for arn in &self.arns {
            let owner = arn.parse::<Arn>().map(|arn| arn.account).unwrap_or_default();
            let is_near = owner == "aws" || owner == account.as_str();
            if !is_near || managed_policy::compiled(&mut reads.records(), arn).await?.is_none() {
                return Err(error::no_such_policy(arn).into());
            }
        }
        Ok(())
    }
}
