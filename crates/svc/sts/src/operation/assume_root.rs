//! `AssumeRoot`: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html>

use alcazar_api_sts::operation as api;
use alcazar_base::{AccountId, Arn};
use alcazar_engine::{
    Access, Allowed, CallInfo, Check, Cx, Input, Operation, Output, Reads, Result, Session, SessionKind,
};
use alcazar_policy::PrincipalKind;

use crate::duration::{self, Span};
use crate::{caller, credentials, error, member_account};

/// The policies of AWS's own that a session is limited to, one for each privileged task.
const TASK_POLICIES: [&str; 5] = [
    "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials",
    "arn:aws:iam::aws:policy/root-task/IAMCreateRootUserPassword",
    "arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials",
    "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy",
    "arn:aws:iam::aws:policy/root-task/SQSUnlockQueuePolicy",
];

/// Begins a session of a member account's root user, for a privileged task.
pub struct AssumeRoot;

/// Whose root user it is, and for which task.
pub struct Target {
    account: AccountId,
    task_policy: &'static str,
    managed: bool,
}

impl Operation for AssumeRoot {
    type Api = api::AssumeRoot;
    type Target = Target;
    const READ_ONLY: bool = true;
    const RECORDS_ANSWER: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Target> {
        let account = account_of(&input.target_principal);
        let account = account.ok_or_else(|| error::invalid_arn(&input.target_principal))?;
        let task_policy = input.task_policy_arn.arn.as_deref().unwrap_or_default();
        let known = TASK_POLICIES.into_iter().find(|known| *known == task_policy);
        let task_policy = known.ok_or_else(|| error::no_such_policy(task_policy))?;
        let calling = reads.call().caller.clone();
        caller::must_not_have_token(&calling, "AssumeRoot")?;
        if calling.principal.kind == PrincipalKind::AccountRoot {
            return Err(error::root_not_managed(calling.arn(), &root_arn(account)).into());
        }
        let managed = member_account::is_managed(reads, account).await?;
        Ok(Target { account, task_policy, managed })
    }

    fn access(call: &CallInfo, _: &Input<Self>, target: &Target) -> Access {
        // The caller's own policies decide alone: its organization has given it the member accounts' root users.
        let (arn, owner) = (root_arn(target.account), call.account());
        let mut check = Check::new("sts:AssumeRoot", arn, "AWS::IAM::RootUser", owner);
        check.context.insert("sts:TaskPolicyArn", target.task_policy);
        Access::one(check)
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<Target>) -> Result<Output<Self>> {
        let calling = cx.call().caller.clone();
        if !target.managed {
            return Err(error::root_not_managed(calling.arn(), &root_arn(target.account)).into());
        }
        let source_identity = calling.session.as_ref().and_then(|session| session.source_identity.clone());
        let Span { issued, expires } = Span::of(cx.now(), duration::of_root(input.duration_seconds));
        let kind = SessionKind::AssumedRoot { assumed_by: calling.arn().to_owned() };
        let issued = cx.issue(Session {
            policy_arns: vec![target.task_policy.to_owned()],
            source_identity: source_identity.clone(),
            ..Session::new(kind, target.account, issued, expires)
        })?;
        Ok(api::AssumeRootResponse {
            credentials: Some(credentials::shown(issued)),
            source_identity,
            ..api::AssumeRootResponse::default()
        })
    }
}

fn root_arn(account: AccountId) -> String {
    format!("arn:aws:iam::{account}:root")
}

/// The account that is named by its id, or by its root user's ARN.
fn account_of(principal: &str) -> Option<AccountId> {
    if let Ok(account) = principal.parse() {
        return Some(account);
    }
    let arn: Arn = principal.parse().ok()?;
    (arn.service == "iam" && arn.resource == "root").then(|| arn.account.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_named_by_its_id_or_its_root_users_arn() {
        let account = Some(AccountId::from_number(111_122_223_333));
        assert_eq!(account_of("111122223333"), account);
        assert_eq!(account_of("arn:aws:iam::111122223333:root"), account);
        for bad in
            ["11112222333", "arn:aws:iam::111122223333:user/root", "arn:aws:s3:::root", "root-of-all-x"]
        {
            assert_eq!(account_of(bad), None, "{bad}");
        }
    }
}
