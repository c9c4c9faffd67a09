//! `ReplicateKey`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html>

use alcazar_api_kms::operation as api;
use alcazar_api_kms::types::{KeyState, Tag as ApiTag};
use alcazar_base::Region;
use alcazar_engine::{Access, Allowed, CallInfo, Charge, Cx, Operation, Output, Reads, Result};
use serde_json::json;

use crate::key::{self, Key, State, key_arn, key_name};
use crate::target::{Accepts, Target};
use crate::{access, error, metadata, multi_region, policy, quota, tag};

/// Makes a replica of a multi-Region primary key in another region.
pub struct ReplicateKey;

const ACTION: &str = "kms:ReplicateKey";

/// The key, and where it is to be replicated to.
pub struct Replication {
    primary: Target,
    region: Region,
}

impl Operation for ReplicateKey {
    type Api = api::ReplicateKey;
    type Target = Replication;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ReplicateKeyRequest) -> Result<Replication> {
        let primary = Target::find(reads, &input.key_id, Accepts::Keys).await?;
        Ok(Replication { primary, region: multi_region::region(reads, &input.replica_region)? })
    }

    fn access(call: &CallInfo, input: &api::ReplicateKeyRequest, replication: &Replication) -> Access {
        let Replication { primary, region } = replication;
        let mut replicate = access::key_check(call, ACTION, primary);
        replicate.context.insert("kms:ReplicaRegion", region.to_string());
        let mut create = access::account_check(call, "kms:CreateKey");
        let key = &primary.key;
        access::add_kind(&mut create.context, key.spec.as_str(), key.usage.as_str(), key.origin.as_str());
        create.context.insert("kms:MultiRegion", true);
        create.context.insert("kms:MultiRegionKeyType", "REPLICA");
        access::add_bypass(&mut create, input.bypass_policy_lockout_safety_check);
        let tags = input.tags.as_deref().unwrap_or_default();
        create.context.add_request_tags(tag::pairs(tags));
        if call.request_rates {
            // What is made there counts there, and for two.
            let region = Some(region.clone());
            create.charges.push(Charge { quota: &quota::CREATE_KEY, region, requests: 2 });
        }
        let tagging = access::tagging_check(call, region, tags);
        Access { checks: [replicate, create].into_iter().chain(tagging).collect() }
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ReplicateKeyRequest,
        replication: Allowed<Replication>,
    ) -> Result<Output<Self>> {
        let Replication { primary, region } = &*replication;
        access::own_account(cx.call(), ACTION, primary)?;
        if primary.key.state != State::PendingImport {
            primary.usable()?;
        }
        let mut regions = multi_region::regions_of_primary(&primary.key)?;
        let taken = regions.primary == *region || regions.replicas.contains(region);
        let name = key_name(region, &primary.key.key_id);
        if taken || cx.get::<Key>(&name).await?.is_some() {
            return Err(error::multi_region::replica_exists().into());
        }
        key::room_for_new(cx, primary.key.account, region, &primary.key.key_id).await?;
        let arn = key_arn(region, primary.key.account, &primary.key.key_id);
        let policy_principals = match &input.policy {
            Some(text) => {
                let bypass = input.bypass_policy_lockout_safety_check.unwrap_or(false);
                Some(policy::check(cx, &arn, primary.key.account, text, bypass).await?)
            }
            None => None,
        };
        regions.replicas.push(region.clone());
        let mut changed = primary.key.to_changed();
        changed.regions = Some(regions);

        let mut replica = multi_region::replica(&changed, region.clone(), cx.now());
        replica.description = input.description.clone().unwrap_or_default();
        replica.tags = tag::merge(cx, &[], tag::read(input.tags.as_deref().unwrap_or_default())?)?;
        replica.policy.clone_from(&input.policy);
        replica.policy_principals = policy_principals;
        let answer = answer(&replica);
        let created =
            access::effect(&replica, json!({"keyId": replica.key_id, "primaryKeyArn": changed.arn()}));
        key::put_new(cx, replica)?;
        multi_region::put_shared(cx, changed).await?;
        cx.service_event(&alcazar_api_kms::SERVICE, "CreateKey", created)?;
        Ok(answer)
    }
}

/// What the caller is told. AWS makes the replica by and by, and says so; here it is ready with the answer.
fn answer(replica: &Key) -> api::ReplicateKeyResponse {
    let mut replica_key_metadata = metadata::of(replica);
    replica_key_metadata.key_state = Some(KeyState::Creating);
    replica_key_metadata.enabled = Some(false);
    let tags: Vec<_> = replica
        .tags
        .iter()
        .map(|tag| ApiTag { tag_key: tag.key.clone(), tag_value: tag.value.clone() })
        .collect();
    api::ReplicateKeyResponse {
        replica_key_metadata: Some(replica_key_metadata),
        replica_policy: Some(replica.policy_text()),
        replica_tags: (!tags.is_empty()).then(|| tags.into()),
    }
}
