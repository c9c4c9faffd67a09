//! AWS managed keys: one for each service, account and region, made when it is first asked for.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk>

use alcazar_base::{AccountId, Region};
use alcazar_crypto::{KeySpec, KeyUsage};
use alcazar_engine::{Cx, Reads, Result};

use crate::alias::{self, Alias};
use crate::key::{AutomaticRotation, Key, Manager, NewKey, Origin};
use crate::material;
use crate::policy;
use crate::rotation;

/// The services that have a managed key: the alias's last part, the service in `kms:ViaService`, and the
/// key's description.
const SERVICES: &[(&str, &str, &str)] = &[
    ("acm", "acm", "Default key that protects my ACM private keys when no other key is defined"),
    ("backup", "backup", "Default key that protects my Backup data when no other key is defined"),
    ("dynamodb", "dynamodb", "Default key that protects my DynamoDB data when no other key is defined"),
    ("ebs", "ec2", "Default key that protects my EBS volumes when no other key is defined"),
    (
        "elasticfilesystem",
        "elasticfilesystem",
        "Default key that protects my EFS filesystems when no other key is defined",
    ),
    ("es", "es", "Default key that protects my Elasticsearch data when no other key is defined"),
    ("fsx", "fsx", "Default key that protects my FSx resources when no other key is defined"),
    ("glue", "glue", "Default key that protects my Glue data when no other key is defined"),
    ("kinesis", "kinesis", "Default key that protects my Kinesis data when no other key is defined"),
    ("lambda", "lambda", "Default key that protects my Lambda functions when no other key is defined"),
    ("rds", "rds", "Default key that protects my RDS database volumes when no other key is defined"),
    ("redshift", "redshift", "Default key that protects my Redshift clusters when no other key is defined"),
    ("s3", "s3", "Default key that protects my S3 objects when no other key is defined"),
    (
        "secretsmanager",
        "secretsmanager",
        "Default key that protects my Secrets Manager data when no other key is defined",
    ),
    ("sns", "sns", "Default key that protects my SNS data when no other key is defined"),
    ("sqs", "sqs", "Default key that protects my SQS messages when no other key is defined"),
    ("ssm", "ssm", "Default key that protects my SSM parameters when no other key is defined"),
    ("workspaces", "workspaces", "Default key that protects my Workspace data when no other key is defined"),
    ("xray", "xray", "Default key that protects my X-Ray data when no other key is defined"),
];

/// The managed key that `alias_name` is to stand for, if it names a service: ready, but not yet stored.
///
/// # Errors
/// The key material could not be made.
pub(crate) async fn plan(reads: &Reads<'_>, alias_name: &str) -> Result<Option<Key>> {
    let Some(name) = alias_name.strip_prefix(alias::AWS_PREFIX) else { return Ok(None) };
    let Some((service, via, description)) = SERVICES.iter().find(|(service, ..)| *service == name) else {
        return Ok(None);
    };
    let (account, region) = (reads.account(), reads.region().clone());
    let period_days = rotation::DEFAULT_PERIOD_DAYS;
    let next = rotation::days_after(reads.now(), period_days);
    let key_id = material::new_key_id(reads, false)?;
    let material = material::generate(reads, KeySpec::SymmetricDefault).await?;
    let material = Some(material::first(reads, &key_id, &material)?);
    let mut key = Key::new(NewKey {
        key_id,
        account,
        created: reads.now(),
        description: (*description).to_owned(),
        manager: Manager::Aws { service: (*service).to_owned() },
        tags: Vec::new(),
        policy: Some(policy::managed_policy(service, via, &region, account)),
        material,
        multi_region: false,
        spec: KeySpec::SymmetricDefault,
        usage: KeyUsage::EncryptDecrypt,
        origin: Origin::AwsKms,
        region,
    });
    // AWS rotates its managed keys every year, and nobody can change that.
    key.rotation = Some(AutomaticRotation { period_days, next });
    Ok(Some(key))
}

/// How many managed keys an account has in a region.
///
/// # Errors
/// The store failed.
pub(crate) async fn count(reads: &mut Reads<'_>, account: AccountId, region: &Region) -> Result<u64> {
    let mut count = 0;
    for (service, ..) in SERVICES {
        let alias = format!("{}{service}", alias::AWS_PREFIX);
        let name = alias::alias_name(&reads.keyring(), account, region, &alias);
        count += u64::from(reads.get::<Alias>(&name).await?.is_some());
    }
    Ok(count)
}

/// Stores a planned key with its alias.
///
/// # Errors
/// The records cannot be sealed.
pub(crate) fn store(cx: &mut Cx<'_>, key: &Key) -> Result<()> {
    if let Manager::Aws { service } = &key.manager {
        let alias = Alias {
            alias_name: format!("{}{service}", alias::AWS_PREFIX),
            target_key_id: key.key_id.clone(),
            created: key.created,
            updated: key.created,
        };
        alias::put(cx, key.account, &key.region, &alias)?;
    }
    let mut key = key.clone();
    let rotation = key.rotation.take();
    rotation::schedule(cx, &mut key, rotation)?;
    crate::key::put_new(cx, key)
}
