//! `GenerateCredentialReport`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateCredentialReport.html>

use alcazar_api_iam::operation as api;
use alcazar_api_iam::types::ReportStateType;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Reads, Result};

use crate::credential_report::{self, CredentialReport};

/// Has a credential report made, unless there is one that is good yet.
pub struct GenerateCredentialReport;

impl Operation for GenerateCredentialReport {
    type Api = api::GenerateCredentialReport;
    type Target = ();
    const READ_ONLY: bool = false;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &Input<Self>, (): &()) -> Access {
        Access::any(call, "iam:GenerateCredentialReport")
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &Input<Self>,
        _: Allowed<()>,
    ) -> Result<api::GenerateCredentialReportResponse> {
        let found = CredentialReport::find(cx).await?;
        let (state, description) = match found.filter(|report| !report.has_expired(cx.now())) {
            Some(report) if report.made.is_some() => (ReportStateType::Complete, None),
            Some(_) => (ReportStateType::Inprogress, None),
            None => {
                credential_report::start(cx)?;
                let description = "No report exists. Starting a new report generation task";
                (ReportStateType::Started, Some(description.to_owned()))
            }
        };
        Ok(api::GenerateCredentialReportResponse { state: Some(state), description })
    }
}
