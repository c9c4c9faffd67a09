//! `DescribeQuery`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeQuery.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_api_cloudtrail::types::QueryStatisticsForDescribeQuery;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::error;
use crate::lake::asked::AskedQuery;

/// Says how far a query is.
pub struct DescribeQuery;

impl Operation for DescribeQuery {
    type Api = api::DescribeQuery;
    type Target = AskedQuery;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DescribeQueryRequest) -> Result<AskedQuery> {
        AskedQuery::find(
            reads,
            input.query_id.as_deref(),
            input.event_data_store.as_deref(),
            input.event_data_store_owner_account_id.as_deref(),
        )
        .await
    }

    fn access(call: &CallInfo, _: &api::DescribeQueryRequest, asked: &AskedQuery) -> Access {
        asked.access(call, "cloudtrail:DescribeQuery")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DescribeQueryRequest,
        asked: Allowed<AskedQuery>,
    ) -> Result<Output<Self>> {
        match (&input.query_id, &input.query_alias) {
            (Some(_), None) => {}
            (None, Some(_)) => return Err(error::lake::query_not_found().into()),
            _ => return Err(error::lake::parameter("You must specify either QueryId or QueryAlias.").into()),
        }
        let query = asked.query()?;
        let count = |count: u64| Some(i64::try_from(count).unwrap_or(i64::MAX));
        let took = query.begun.map(|begun| {
            let ended = query.ended.unwrap_or(cx.now()).max(begun);
            i32::try_from(ended.as_millis().saturating_sub(begun.as_millis())).unwrap_or(i32::MAX)
        });
        Ok(Output::<Self> {
            query_id: Some(query.id.clone()),
            query_string: Some(query.statement.clone()),
            query_status: Some(query.status.shown()),
            query_statistics: Some(QueryStatisticsForDescribeQuery {
                events_matched: count(query.found.events_matched),
                events_scanned: count(query.found.events_scanned),
                bytes_scanned: count(query.found.bytes_scanned),
                execution_time_in_millis: took,
                creation_time: Some(query.created),
            }),
            error_message: query.error.clone(),
            event_data_store_owner_account_id: input.event_data_store_owner_account_id.clone(),
            ..Output::<Self>::default()
        })
    }
}
