//! Permissions boundaries: setting them, and noting where each is used.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html>

use alcazar_engine::{Cx, Reads, Result};
use alcazar_identity::attachment::{self, Attachment, Usage};
use alcazar_identity::role::Role;
use alcazar_identity::user::User;

use crate::error;
use crate::named::Holder;
use crate::policy;

/// A policy that is to limit a user or role.
#[derive(Debug, Clone)]
pub(crate) struct Boundary {
    arn: String,
    /// The policy's unique id; none if there is none of the ARN.
    policy_id: Option<String>,
}

/// Users and roles: what a boundary can limit.
pub(crate) trait Limited: Holder {
    /// The field of the boundary.
    fn boundary_mut(&mut self) -> &mut Option<String>;
}

impl Limited for User {
    fn boundary_mut(&mut self) -> &mut Option<String> {
        &mut self.boundary
    }
}

impl Limited for Role {
    fn boundary_mut(&mut self) -> &mut Option<String> {
        &mut self.boundary
    }
}

impl Boundary {
    /// The policy of an ARN, if a request names one.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, arn: Option<&str>) -> Result<Option<Self>> {
        let Some(arn) = arn else { return Ok(None) };
        Ok(Some(Self { arn: arn.to_owned(), policy_id: policy::id_of(reads, arn).await? }))
    }

    /// Makes it the boundary of `holder`, which is yet to be put.
    ///
    /// # Errors
    /// There is no policy of the ARN.
    pub(crate) async fn set<H: Limited>(&self, cx: &mut Cx<'_>, holder: &mut H) -> Result<()> {
        if !self.arn.starts_with("arn:") || !self.arn.contains(":policy/") {
            return Err(error::boundary_is_no_policy(&self.arn).into());
        }
        let policy_id = self.policy_id.as_ref().ok_or_else(|| error::boundary_not_attachable(&self.arn))?;
        remove(cx, holder).await?;
        let name =
            attachment::attachment_name(cx.account(), policy_id, Usage::Boundary, H::KIND, holder.id());
        cx.put(name, Attachment::of(holder))?;
        *holder.boundary_mut() = Some(self.arn.clone());
        Ok(())
    }
}

/// Takes the boundary from `holder`, which is yet to be put, if it has one.
///
/// # Errors
/// The store failed.
pub(crate) async fn remove<H: Limited>(cx: &mut Cx<'_>, holder: &mut H) -> Result<()> {
    let Some(arn) = holder.boundary_mut().take() else { return Ok(()) };
    if let Some(policy_id) = policy::id_of(cx, &arn).await? {
        cx.delete(attachment::attachment_name(
            cx.account(),
            &policy_id,
            Usage::Boundary,
            H::KIND,
            holder.id(),
        ))?;
    }
    Ok(())
}
