//! `GetParameterHistory`:
//! <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameterHistory.html>

use alcazar_api_ssm::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result, page};

use crate::access::Target;
use crate::reference::Reference;
use crate::{billing, error, shown};

/// How many versions a page has at most, and if nothing is said.
const PAGE_MAX: u64 = 50;

/// Tells the versions of a parameter, the oldest first.
pub struct GetParameterHistory;

impl Operation for GetParameterHistory {
    type Api = api::GetParameterHistory;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetParameterHistoryRequest) -> Result<Target> {
        let reference = Reference::whole(reads.call(), &input.name)?;
        Target::find(reads, reference).await
    }

    fn access(call: &CallInfo, _: &api::GetParameterHistoryRequest, target: &Target) -> Access {
        target.access(call, "ssm:GetParameterHistory")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GetParameterHistoryRequest,
        target: Allowed<Target>,
    ) -> Result<api::GetParameterHistoryResult> {
        let Target { reference, parameter, .. } = target.into_inner();
        let parameter = parameter.ok_or_else(error::parameter_not_found)?;
        billing::interaction(cx, &parameter).await?;
        // A parameter that takes the name of a deleted one has a history of its own.
        let list = format!("ssm:GetParameterHistory {} {}", reference.arn(), parameter.id);
        let from = match &input.next_token {
            Some(token) => {
                let place = page::open(cx, &list, token).and_then(|place| place.parse().ok());
                place.ok_or_else(|| error::next_token(token))?
            }
            None => 0,
        };
        let (first, last) = (parameter.oldest.max(from), parameter.latest.number);
        let most = input.max_results.and_then(|most| u64::try_from(most).ok()).unwrap_or(PAGE_MAX);
        let end = first.saturating_add(most.clamp(1, PAGE_MAX));
        let mut parameters = Vec::new();
        for number in first..end.min(last + 1) {
            let Some(version) = parameter.version(cx, number).await? else { continue };
            let with_decryption = input.with_decryption == Some(true);
            parameters
                .push(shown::history(cx, &reference.name, &parameter, &version, with_decryption).await?);
        }
        let next_token = (end <= last).then(|| page::mark(cx, &list, &end.to_string()));
        Ok(api::GetParameterHistoryResult { parameters: Some(parameters.into()), next_token })
    }
}
