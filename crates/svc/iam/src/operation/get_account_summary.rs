//! `GetAccountSummary`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html>

use std::collections::BTreeMap;

use alcazar_api_iam::operation as api;
use alcazar_api_iam::types::SummaryKeyType as Key;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Quota, Reads, Record, Result};
use alcazar_identity::group::{self, Group};
use alcazar_identity::managed_policy::{self, ManagedPolicy, VERSIONS_MAX};
use alcazar_identity::mfa_device::{self, MfaDevice};
use alcazar_identity::oidc_provider::{self, OidcProvider};
use alcazar_identity::role::{self, Role};
use alcazar_identity::user::{self, User};

use crate::access_key::RootKeys;
use crate::instance_profile::{self, InstanceProfile};
use crate::login_profile::LoginProfile;
use crate::{page, quota};

/// Tells how much there is in the account, and how much there may be.
pub struct GetAccountSummary;

/// What may be of things that there are none of here.
const SERVER_CERTIFICATES_QUOTA: usize = 20;
const SIGNING_CERTIFICATES_QUOTA: usize = 2;

/// Versions of all policies together, as AWS bounds them.
const POLICY_VERSIONS_QUOTA: usize = 10_000;

/// The version of the tokens that STS gives at its global endpoint: good in the regions that are enabled by default.
const GLOBAL_ENDPOINT_TOKEN_VERSION: usize = 1;

impl Operation for GetAccountSummary {
    type Api = api::GetAccountSummary;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &Input<Self>, (): &()) -> Access {
        Access::any(call, "iam:GetAccountSummary")
    }

    async fn run(cx: &mut Cx<'_>, _: &Input<Self>, _: Allowed<()>) -> Result<api::GetAccountSummaryResponse> {
        let mut summary: Vec<(Key, usize)> = counts(cx).await?;
        summary.extend(of_root(cx).await?);
        summary.extend(quotas(cx));
        let entry =
            |(key, count): (Key, usize)| (key.as_str().to_owned(), i32::try_from(count).unwrap_or(i32::MAX));
        let summary: BTreeMap<String, i32> = summary.into_iter().map(entry).collect();
        Ok(api::GetAccountSummaryResponse { summary_map: Some(summary) })
    }
}

/// How much there is.
async fn counts(reads: &mut Reads<'_>) -> Result<Vec<(Key, usize)>> {
    let account = reads.account();
    let policies = page::all::<ManagedPolicy>(reads, &managed_policy::policies(account)).await?;
    let devices = page::all::<MfaDevice>(reads, &mfa_device::mfa_devices(account)).await?;
    Ok(vec![
        (Key::Users, count::<User>(reads, user::users(account)).await?),
        (Key::Groups, count::<Group>(reads, group::groups(account)).await?),
        (Key::Roles, count::<Role>(reads, role::roles(account)).await?),
        (Key::InstanceProfiles, count::<InstanceProfile>(reads, instance_profile::profiles(account)).await?),
        (Key::Providers, count::<OidcProvider>(reads, oidc_provider::providers(account)).await?),
        (Key::Policies, policies.len()),
        (Key::PolicyVersionsInUse, policies.iter().map(|policy| policy.versions.len()).sum()),
        (Key::MfaDevices, devices.len()),
        (Key::MfaDevicesInUse, devices.iter().filter(|device| device.enabled.is_some()).count()),
        (Key::AccountMfaEnabled, usize::from(devices.iter().any(|device| device.is_of(account.as_str())))),
        (Key::ServerCertificates, 0),
        (Key::AccountSigningCertificatesPresent, 0),
        (Key::GlobalEndpointTokenVersion, GLOBAL_ENDPOINT_TOKEN_VERSION),
    ])
}

async fn count<R: Record>(reads: &mut Reads<'_>, range: NameRange) -> Result<usize> {
    Ok(page::all::<R>(reads, &range).await?.len())
}

/// What the root user has. The administrator's first key, which nobody made by a call, is one of its keys.
async fn of_root(reads: &mut Reads<'_>) -> Result<Vec<(Key, usize)>> {
    let account = reads.account();
    let has_keys = !RootKeys::of(reads, account).await?.access_key_ids.is_empty()
        || reads.records().administrator_account().await? == Some(account);
    let password = LoginProfile::find(reads, account, account.as_str()).await?;
    Ok(vec![
        (Key::AccountAccessKeysPresent, usize::from(has_keys)),
        (Key::AccountPasswordPresent, usize::from(password.is_some())),
    ])
}

/// How much there may be.
fn quotas(reads: &Reads<'_>) -> Vec<(Key, usize)> {
    let set: [(Key, &Quota); 15] = [
        (Key::UsersQuota, &quota::USERS),
        (Key::GroupsQuota, &quota::GROUPS),
        (Key::RolesQuota, &quota::ROLES),
        (Key::PoliciesQuota, &quota::POLICIES),
        (Key::InstanceProfilesQuota, &quota::INSTANCE_PROFILES),
        (Key::GroupsPerUserQuota, &quota::GROUPS_PER_USER),
        (Key::AccessKeysPerUserQuota, &quota::ACCESS_KEYS_PER_USER),
        (Key::AttachedPoliciesPerUserQuota, &quota::POLICIES_PER_USER),
        (Key::AttachedPoliciesPerGroupQuota, &quota::POLICIES_PER_GROUP),
        (Key::AttachedPoliciesPerRoleQuota, &quota::POLICIES_PER_ROLE),
        (Key::PolicySizeQuota, &quota::POLICY_CHARACTERS),
        (Key::AssumeRolePolicySizeQuota, &quota::TRUST_POLICY_CHARACTERS),
        (Key::UserPolicySizeQuota, &quota::USER_INLINE_CHARACTERS),
        (Key::GroupPolicySizeQuota, &quota::GROUP_INLINE_CHARACTERS),
        (Key::RolePolicySizeQuota, &quota::ROLE_INLINE_CHARACTERS),
    ];
    let most = |quota: &Quota| {
        let most = reads.quota(quota).and_then(|most| usize::try_from(most).ok());
        most.unwrap_or(usize::MAX)
    };
    let mut quotas: Vec<_> = set.into_iter().map(|(key, quota)| (key, most(quota))).collect();
    quotas.extend([
        (Key::VersionsPerPolicyQuota, VERSIONS_MAX),
        (Key::PolicyVersionsInUseQuota, POLICY_VERSIONS_QUOTA),
        (Key::ServerCertificatesQuota, SERVER_CERTIFICATES_QUOTA),
        (Key::SigningCertificatesPerUserQuota, SIGNING_CERTIFICATES_QUOTA),
    ]);
    quotas
}
