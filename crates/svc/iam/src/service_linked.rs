//! Service-linked roles: which services have one, what it is called, and the ids of deletions.
//!
//! The names and policies are AWS's. A service whose policy is not among those that AWS maintains here has a role
//! without any.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html>

use alcazar_base::AccountId;
use alcazar_crypto::Keyring;
use alcazar_identity::entity;
use alcazar_identity::role::SERVICE_LINKED_PATH;
use alcazar_shape::ApiError;

use crate::error::service_linked as error;

/// What ids of deletions begin with.
const TASK_PREFIX: &str = "task";

/// The random part of a deletion's id, in bytes; the keyed hash behind it has as many.
pub(crate) const TASK_RANDOM_BYTES: usize = 8;

/// A service that has a role in accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Template {
    /// What the service is called, e.g. `organizations.amazonaws.com`.
    pub(crate) service: &'static str,
    /// What follows `AWSServiceRoleFor` in the role's name.
    name: &'static str,
    /// The name of the role's policy, in AWS's path for such.
    policy: &'static str,
    /// Whether an account may have several, told apart by suffixes.
    takes_suffix: bool,
}

const fn one(service: &'static str, name: &'static str, policy: &'static str) -> Template {
    Template { service, name, policy, takes_suffix: false }
}

const fn many(service: &'static str, name: &'static str, policy: &'static str) -> Template {
    Template { service, name, policy, takes_suffix: true }
}

/// The services, in the order of their names.
const TEMPLATES: &[Template] = &[
    one("access-analyzer.amazonaws.com", "AccessAnalyzer", "AccessAnalyzerServiceRolePolicy"),
    one("acm.amazonaws.com", "CertificateManager", "CertificateManagerServiceRolePolicy"),
    one(
        "agentless.inspector2.amazonaws.com",
        "AmazonInspector2Agentless",
        "AmazonInspector2AgentlessServiceRolePolicy",
    ),
    one("auditmanager.amazonaws.com", "AuditManager", "AWSAuditManagerServiceRolePolicy"),
    many("autoscaling.amazonaws.com", "AutoScaling", "AutoScalingServiceRolePolicy"),
    one("backup.amazonaws.com", "Backup", "AWSBackupServiceLinkedRolePolicyForBackup"),
    one(
        "cks.kms.amazonaws.com",
        "KeyManagementServiceCustomKeyStores",
        "AWSKeyManagementServiceCustomKeyStoresServiceRolePolicy",
    ),
    one("cloudhsm.amazonaws.com", "CloudHSM", "CloudHSMServiceRolePolicy"),
    one("cloudtrail.amazonaws.com", "CloudTrail", "CloudTrailServiceRolePolicy"),
    one("config.amazonaws.com", "Config", "AWSConfigServiceRolePolicy"),
    many("connect.amazonaws.com", "AmazonConnect", "AmazonConnectServiceLinkedRolePolicy"),
    one("detective.amazonaws.com", "Detective", "AmazonDetectiveServiceLinkedRolePolicy"),
    one("ecs.amazonaws.com", "ECS", "AmazonECSServiceRolePolicy"),
    one("elasticbeanstalk.amazonaws.com", "ElasticBeanstalk", "AWSElasticBeanstalkServiceRolePolicy"),
    one(
        "elasticloadbalancing.amazonaws.com",
        "ElasticLoadBalancing",
        "AWSElasticLoadBalancingServiceRolePolicy",
    ),
    one("fms.amazonaws.com", "FMS", "FMSServiceRolePolicy"),
    one("guardduty.amazonaws.com", "AmazonGuardDuty", "AmazonGuardDutyServiceRolePolicy"),
    one("inspector2.amazonaws.com", "AmazonInspector2", "AmazonInspector2ServiceRolePolicy"),
    one("macie.amazonaws.com", "AmazonMacie", "AmazonMacieServiceRolePolicy"),
    one(
        "malware-protection.guardduty.amazonaws.com",
        "AmazonGuardDutyMalwareProtection",
        "AmazonGuardDutyMalwareProtectionServiceRolePolicy",
    ),
    one(
        "mrk.kms.amazonaws.com",
        "KeyManagementServiceMultiRegionKeys",
        "AWSKeyManagementServiceMultiRegionKeysServiceRolePolicy",
    ),
    one("organizations.amazonaws.com", "Organizations", "AWSOrganizationsServiceTrustPolicy"),
    one("ram.amazonaws.com", "ResourceAccessManager", "AWSResourceAccessManagerServiceRolePolicy"),
    one("rds.amazonaws.com", "RDS", "AmazonRDSServiceRolePolicy"),
    one("replication.ecr.amazonaws.com", "ECRReplication", "ECRReplicationServiceRolePolicy"),
    one("securityhub.amazonaws.com", "SecurityHub", "AWSSecurityHubServiceRolePolicy"),
    one("shield.amazonaws.com", "AWSShield", "AWSShieldServiceRolePolicy"),
    one("spot.amazonaws.com", "EC2Spot", "AWSEC2SpotServiceRolePolicy"),
    one("ssm.amazonaws.com", "AmazonSSM", "AmazonSSMServiceRolePolicy"),
    one("sso.amazonaws.com", "SSO", "AWSSSOServiceRolePolicy"),
    one("support.amazonaws.com", "Support", "AWSSupportServiceRolePolicy"),
    one("trustedadvisor.amazonaws.com", "TrustedAdvisor", "AWSTrustedAdvisorServiceRolePolicy"),
    one("wafv2.amazonaws.com", "WAFV2Logging", "WAFV2LoggingServiceRolePolicy"),
];

impl Template {
    /// That of a service, if there is one.
    #[must_use]
    pub(crate) fn of(service: &str) -> Option<&'static Self> {
        TEMPLATES.iter().find(|template| template.service == service)
    }

    /// The name of the role.
    ///
    /// # Errors
    /// A suffix is given, and the service takes none.
    pub(crate) fn role_name(&self, suffix: Option<&str>) -> Result<String, ApiError> {
        let name = format!("AWSServiceRoleFor{}", self.name);
        match suffix {
            None => Ok(name),
            Some(suffix) if self.takes_suffix => Ok(format!("{name}_{suffix}")),
            Some(_) => Err(error::no_suffix(self.service)),
        }
    }

    /// The path of the role.
    #[must_use]
    pub(crate) fn path(&self) -> String {
        format!("{SERVICE_LINKED_PATH}{}/", self.service)
    }

    /// Who may assume the role: the service.
    #[must_use]
    pub(crate) fn trust(&self) -> String {
        let service = self.service;
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":["{service}"]}},"Action":["sts:AssumeRole"]}}]}}"#
        )
    }

    /// The ARN of the role's policy.
    #[must_use]
    pub(crate) fn policy_arn(&self) -> String {
        format!("arn:aws:iam::aws:policy{SERVICE_LINKED_PATH}{}", self.policy)
    }
}

/// The id of the deletion of a service-linked role. It says itself what was deleted, and that it was given: behind
/// random bytes stands a keyed hash over all of it.
#[must_use]
pub(crate) fn task_id(
    keyring: &Keyring,
    account: AccountId,
    path_and_name: &str,
    random: [u8; TASK_RANDOM_BYTES],
) -> String {
    let hash = task_hash(keyring, account, path_and_name, &random);
    format!("{TASK_PREFIX}{path_and_name}/{}", spelled(&random, &hash))
}

/// The path and name of the role whose deletion has an id, if the id was given in this account.
#[must_use]
pub(crate) fn role_of_task<'t>(keyring: &Keyring, account: AccountId, task_id: &'t str) -> Option<&'t str> {
    let (path_and_name, uuid) = path_and_name(task_id)?.rsplit_once('/')?;
    let bytes = hex::decode(uuid.replace('-', "")).ok()?;
    let (random, _) = bytes.split_first_chunk::<TASK_RANDOM_BYTES>()?;
    let hash = task_hash(keyring, account, path_and_name, random);
    (spelled(random, &hash) == uuid).then_some(path_and_name)
}

/// The ARN of the role that the id of a deletion names, for the question whether the caller may see the deletion.
#[must_use]
pub(crate) fn arn_of_task(account: AccountId, task_id: &str) -> String {
    let named = path_and_name(task_id).and_then(|rest| rest.rsplit_once('/'));
    entity::arn(account, "role", named.map_or("/", |(path_and_name, _)| path_and_name), "")
}

fn path_and_name(task_id: &str) -> Option<&str> {
    task_id.strip_prefix(TASK_PREFIX).filter(|rest| rest.starts_with(SERVICE_LINKED_PATH))
}

fn task_hash(keyring: &Keyring, account: AccountId, path_and_name: &str, random: &[u8]) -> Vec<u8> {
    let text = format!("{account} {path_and_name} {}", hex::encode(random));
    let hash = keyring.blind(b"service-linked role deletion", text.as_bytes());
    hash.iter().take(TASK_RANDOM_BYTES).copied().collect()
}

/// Sixteen bytes in the form of a UUID.
fn spelled(random: &[u8], hash: &[u8]) -> String {
    let digits: Vec<char> = hex::encode([random, hash].concat()).chars().collect();
    let mut text = String::with_capacity(digits.len() + 4);
    for (index, digit) in digits.into_iter().enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use alcazar_crypto::SeededEntropy;
    use alcazar_policy::{PolicyDocument, PolicyKind};

    use super::*;

    #[test]
    fn the_id_of_a_deletion_is_known_again_in_its_account_alone() {
        let keyring = Keyring::generate(&SeededEntropy::new(1)).unwrap();
        let (account, other) = ("111122223333".parse().unwrap(), "444455556666".parse().unwrap());
        let role = "/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS";
        let id = task_id(&keyring, account, role, [7; TASK_RANDOM_BYTES]);
        assert!(
            id.starts_with(
                "task/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS/07070707-0707-0707-"
            ),
            "{id}"
        );
        assert_eq!(role_of_task(&keyring, account, &id), Some(role));
        assert_eq!(role_of_task(&keyring, other, &id), None);
        assert_eq!(role_of_task(&keyring, account, &id.replace("RDS", "ECS")), None);
        assert_eq!(role_of_task(&keyring, account, "task/aws-service-role/x"), None);
        assert_eq!(
            arn_of_task(account, &id),
            "arn:aws:iam::111122223333:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS"
        );
    }

    #[test]
    fn every_service_has_a_trust_policy_and_a_name_of_its_own() {
        assert!(TEMPLATES.is_sorted_by(|one, next| one.service < next.service));
        let mut names: Vec<_> = TEMPLATES.iter().map(|template| template.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TEMPLATES.len());
        for template in TEMPLATES {
            PolicyDocument::parse_for_iam(&template.trust(), PolicyKind::Trust).unwrap();
            assert!(template.role_name(None).unwrap().len() <= 64);
        }
    }
}
