//! `DeleteParameters`: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html>

use std::collections::BTreeSet;

use alcazar_api_ssm::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::Target;
use crate::reference::Reference;
use crate::{billing, deletion, name};

/// Deletes some parameters.
///
/// They are named by their names alone. What has not the form of one is told like a parameter that is not there. One
/// that is named twice is deleted once.
pub struct DeleteParameters;

impl Operation for DeleteParameters {
    type Api = api::DeleteParameters;
    type Target = Vec<Target>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteParametersRequest) -> Result<Vec<Target>> {
        let (account, region) = (reads.account(), reads.region().clone());
        reads.lock(input.names.iter().map(|name| name::arn(account, &region, name)))?;
        let mut targets = Vec::with_capacity(input.names.len());
        let mut seen = BTreeSet::new();
        for name in input.names.iter().filter(|name| seen.insert(*name)) {
            let reference = Reference { account, region: region.clone(), name: name.clone(), selector: None };
            targets.push(match name::check(name) {
                Ok(()) => Target::find(reads, reference).await?,
                Err(_) => Target::nothing(reference),
            });
        }
        Ok(targets)
    }

    fn access(call: &CallInfo, _: &api::DeleteParametersRequest, targets: &Vec<Target>) -> Access {
        Access { checks: targets.iter().map(|target| target.check(call, "ssm:DeleteParameters")).collect() }
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DeleteParametersRequest,
        targets: Allowed<Vec<Target>>,
    ) -> Result<api::DeleteParametersResult> {
        let (mut deleted, mut invalid) = (Vec::new(), Vec::new());
        let mut gone = BTreeSet::new();
        for Target { reference, parameter, .. } in targets.into_inner() {
            match parameter {
                Some(parameter) => {
                    if gone.insert(parameter.id.clone()) {
                        billing::interaction(cx, &parameter).await?;
                        deletion::delete(cx, &parameter)?;
                    }
                    deleted.push(reference.name);
                }
                None => invalid.push(reference.name),
            }
        }
        Ok(api::DeleteParametersResult {
            deleted_parameters: Some(deleted.into()),
            invalid_parameters: Some(invalid.into()),
        })
    }
}
