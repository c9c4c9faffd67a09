//! `PutParameter`: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html>

use alcazar_api_ssm::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Exception, Operation, Reads, Result};

use crate::access::{self, Target};
use crate::event::{self, Change};
use crate::parameter::{self, Parameter};
use crate::reference::Reference;
use crate::version::Tier;
use crate::{billing, data_type, error, name, policy, put, tag, throughput};

/// Makes a parameter, or a new version of one.
pub struct PutParameter;

impl Operation for PutParameter {
    type Api = api::PutParameter;
    type Target = Target;
    const READ_ONLY: bool = false;
    const RECORDED: &'static [Exception] = &[Exception::hidden("value")];

    async fn resolve(reads: &mut Reads<'_>, input: &api::PutParameterRequest) -> Result<Target> {
        throughput::PUT.draw(reads).await?;
        let (account, region) = (reads.account(), reads.region().clone());
        let name = name::check_new(account, &region, &input.name)?.to_owned();
        Target::find_to_change(reads, Reference { account, region, name, selector: None }).await
    }

    fn access(call: &CallInfo, input: &api::PutParameterRequest, target: &Target) -> Access {
        let mut put = target.check(call, "ssm:PutParameter");
        put.context.insert("ssm:Overwrite", (input.overwrite == Some(true)).to_string());
        if let Some(policies) = &input.policies {
            put.context.insert("ssm:Policies", policies.clone());
        }
        let mut checks = vec![put];
        if let Some(tags) = input.tags.as_ref().filter(|tags| !tags.is_empty()) {
            checks.push(target.check(call, "ssm:AddTagsToResource"));
            checks.iter_mut().for_each(|check| access::add_request_tags(check, tags));
        }
        Access { checks }
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::PutParameterRequest,
        target: Allowed<Target>,
    ) -> Result<api::PutParameterResult> {
        let Target { reference, parameter: before, .. } = target.into_inner();
        put::check_request(input, before.as_deref())?;
        if before.is_some() && input.overwrite != Some(true) {
            return Err(error::put::already_exists().into());
        }
        let latest = put::version(cx, &reference, input, before.as_deref()).await?;
        let (number, tier) = (latest.number, latest.tier);
        let answer =
            api::PutParameterResult { version: i64::try_from(number).ok(), tier: Some(tier.shown()) };
        if data_type::is_image(&latest.data_type) {
            let change = if before.is_some() { Change::Update } else { Change::Create };
            event::not_validated(cx, &reference, &latest, change)?;
            return Ok(answer);
        }
        let is_advanced = tier == Tier::Advanced;
        let (after, change) = match &before {
            Some(before) => {
                let oldest = put::keep_latest(cx, before)?;
                let advanced_since = before.advanced_since.or(is_advanced.then(|| cx.now()));
                (Parameter { latest, oldest, advanced_since, ..(**before).clone() }, Change::Update)
            }
            None => {
                let made = Parameter {
                    account: reference.account,
                    region: reference.region.clone(),
                    name: reference.name.clone(),
                    id: parameter::new_id(cx)?,
                    created: cx.now(),
                    oldest: number,
                    labels: Vec::new(),
                    tags: tag::put_on(cx, &[], input.tags.as_deref().unwrap_or_default())?,
                    resource_policies: Vec::new(),
                    advanced_since: is_advanced.then(|| cx.now()),
                    latest,
                };
                (made, Change::Create)
            }
        };
        policy::schedule(cx, before.as_deref(), Some(&after))?;
        event::changed(cx, &after, change)?;
        billing::interaction(cx, &after).await?;
        parameter::put(cx, before.as_deref(), after)?;
        Ok(answer)
    }
}
