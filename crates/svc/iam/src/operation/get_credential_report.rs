//! `GetCredentialReport`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetCredentialReport.html>

use alcazar_api_iam::operation as api;
use alcazar_api_iam::types::ReportFormatType;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Reads, Result};

use crate::credential_report::CredentialReport;
use crate::error;

/// Gives the account's credential report.
pub struct GetCredentialReport;

impl Operation for GetCredentialReport {
    type Api = api::GetCredentialReport;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &Input<Self>, (): &()) -> Access {
        Access::any(call, "iam:GetCredentialReport")
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &Input<Self>,
        _: Allowed<()>,
    ) -> Result<api::GetCredentialReportResponse> {
        let report = CredentialReport::find(cx).await?.ok_or_else(error::no_credential_report)?;
        if report.made.is_none() {
            return Err(error::credential_report_not_ready().into());
        }
        if report.has_expired(cx.now()) {
            return Err(error::credential_report_expired().into());
        }
        Ok(api::GetCredentialReportResponse {
            content: Some(report.content.clone()),
            report_format: Some(ReportFormatType::TextCsv),
            generated_time: report.made,
        })
    }
}
