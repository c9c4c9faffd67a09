//! `GetParameters`: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html>

use std::collections::BTreeSet;

use alcazar_api_ssm::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::Target;
use crate::reference::Reference;
use crate::{shown, throughput};

/// Reads up to ten parameters. What is not there is told apart; a caller who may not read one of them reads none.
pub struct GetParameters;

impl Operation for GetParameters {
    type Api = api::GetParameters;
    /// What each name finds, in the order of the names, each once.
    type Target = Vec<(String, Target)>;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetParametersRequest) -> Result<Self::Target> {
        throughput::GET_SOME.draw(reads).await?;
        let names: BTreeSet<&String> = input.names.iter().collect();
        let mut targets = Vec::with_capacity(names.len());
        for name in names {
            let reference = Reference::read(reads.call(), name)?;
            targets.push((name.clone(), Target::find(reads, reference).await?));
        }
        Ok(targets)
    }

    fn access(call: &CallInfo, _: &api::GetParametersRequest, targets: &Self::Target) -> Access {
        let mut arns = BTreeSet::new();
        let each = targets.iter().filter(|(_, target)| arns.insert(target.reference.arn()));
        Access { checks: each.map(|(_, target)| target.check(call, "ssm:GetParameters")).collect() }
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GetParametersRequest,
        targets: Allowed<Self::Target>,
    ) -> Result<api::GetParametersResult> {
        let with_decryption = input.with_decryption == Some(true);
        let (mut parameters, mut invalid) = (Vec::new(), Vec::new());
        for (name, target) in targets.into_inner() {
            match shown::selected(cx, &target, with_decryption).await? {
                Some(read) => parameters.push(read),
                None => invalid.push(name),
            }
        }
        parameters.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(api::GetParametersResult {
            parameters: Some(parameters.into()),
            invalid_parameters: Some(invalid.into()),
        })
    }
}
