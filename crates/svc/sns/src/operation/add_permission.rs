//! `AddPermission`: <https://docs.aws.amazon.com/sns/latest/api/API_AddPermission.html>

use alcazar_api_sns::operation as api;
use alcazar_api_sns::types::Unit;
use alcazar_base::AccountId;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::Target;
use crate::arn::TopicArn;
use crate::{error, policy, topic};

/// Lets other accounts use a topic, by a statement of its policy.
pub struct AddPermission;

/// The longest label, in characters.
const LABEL_MAX: usize = 100;

impl Operation for AddPermission {
    type Api = api::AddPermission;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::AddPermissionInput) -> Result<Target> {
        let arn = TopicArn::here(reads.call(), &input.topic_arn)?;
        Target::find(reads, arn).await
    }

    fn access(call: &CallInfo, _: &api::AddPermissionInput, target: &Target) -> Access {
        target.access(call, "sns:AddPermission")
    }

    async fn run(cx: &mut Cx<'_>, input: &api::AddPermissionInput, target: Allowed<Target>) -> Result<Unit> {
        let topic = target.topic.as_ref().ok_or_else(error::topic::not_found)?;
        if input.label.is_empty() || input.label.chars().count() > LABEL_MAX {
            return Err(error::invalid("Label").into());
        }
        let accounts: std::result::Result<Vec<AccountId>, _> =
            input.aws_account_id.iter().map(|account| account.parse()).collect();
        let accounts = accounts.ok().filter(|accounts| !accounts.is_empty());
        let accounts = accounts.ok_or_else(|| error::invalid("AWSAccountId"))?;
        if input.action_name.is_empty() {
            return Err(error::invalid("ActionName").into());
        }
        let told = topic.policy.told(cx).await?;
        let text = policy::with_permission(&told, &target.arn, &input.label, &accounts, &input.action_name)?;
        let mut topic = topic.as_ref().clone();
        topic.policy = policy::read(cx, &text).await?;
        topic::put(cx, topic)?;
        Ok(Unit {})
    }
}
