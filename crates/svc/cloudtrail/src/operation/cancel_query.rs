//! `CancelQuery`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CancelQuery.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_api_cloudtrail::types::QueryStatus;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::error;
use crate::lake::asked::AskedQuery;
use crate::lake::query::Status;

/// Ends a query that is queued or running.
pub struct CancelQuery;

impl Operation for CancelQuery {
    type Api = api::CancelQuery;
    type Target = AskedQuery;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CancelQueryRequest) -> Result<AskedQuery> {
        AskedQuery::find(
            reads,
            Some(&input.query_id),
            input.event_data_store.as_deref(),
            input.event_data_store_owner_account_id.as_deref(),
        )
        .await
    }

    fn access(call: &CallInfo, _: &api::CancelQueryRequest, asked: &AskedQuery) -> Access {
        asked.access(call, "cloudtrail:CancelQuery")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CancelQueryRequest,
        asked: Allowed<AskedQuery>,
    ) -> Result<Output<Self>> {
        let query = asked.query()?.as_ref().clone();
        if query.status.is_ended() {
            return Err(error::lake::query_ended().into());
        }
        let query_id = query.id.clone();
        query.put_ended(cx, Status::Cancelled)?;
        Ok(Output::<Self> {
            query_id,
            query_status: QueryStatus::Cancelled,
            event_data_store_owner_account_id: input.event_data_store_owner_account_id.clone(),
        })
    }
}
