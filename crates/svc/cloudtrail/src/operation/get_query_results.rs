//! `GetQueryResults`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetQueryResults.html>

use std::collections::BTreeMap;

use alcazar_api_cloudtrail::operation as api;
use alcazar_api_cloudtrail::types::QueryStatistics;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_shape::convert::List;

use crate::lake::asked::AskedQuery;
use crate::lake::query::Status;
use crate::lake::results;
use crate::{error, page};

/// How many rows a page has at most, and unless the caller says otherwise.
const ROWS_MAX: usize = 1000;

/// Tells what a query found.
pub struct GetQueryResults;

impl Operation for GetQueryResults {
    type Api = api::GetQueryResults;
    type Target = AskedQuery;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetQueryResultsRequest) -> Result<AskedQuery> {
        AskedQuery::find(
            reads,
            Some(&input.query_id),
            input.event_data_store.as_deref(),
            input.event_data_store_owner_account_id.as_deref(),
        )
        .await
    }

    fn access(call: &CallInfo, _: &api::GetQueryResultsRequest, asked: &AskedQuery) -> Access {
        asked.access(call, "cloudtrail:GetQueryResults")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GetQueryResultsRequest,
        asked: Allowed<AskedQuery>,
    ) -> Result<Output<Self>> {
        let query = asked.query()?;
        let list = format!("cloudtrail.results.{}", query.id);
        let from = match &input.next_token {
            Some(token) => page::open(cx, &list, token)?.parse().map_err(|_| error::next_token())?,
            None => 0,
        };
        let most = input.max_query_results.and_then(|most| usize::try_from(most).ok()).unwrap_or(ROWS_MAX);
        let rows = results::read(cx, query, from, most.clamp(1, ROWS_MAX)).await?;
        let behind = from.saturating_add(u64::try_from(rows.len()).unwrap_or(u64::MAX));
        let next_token = (behind < query.found.rows).then(|| page::mark(cx, &list, &behind.to_string()));
        let is_finished = query.status == Status::Finished;
        let statistics = QueryStatistics {
            results_count: i32::try_from(rows.len()).ok(),
            total_results_count: i32::try_from(query.found.rows).ok(),
            bytes_scanned: i64::try_from(query.found.bytes_scanned).ok(),
        };
        let row = |row: Vec<(String, String)>| -> List<BTreeMap<String, String>> {
            row.into_iter().map(|value| BTreeMap::from([value])).collect::<Vec<_>>().into()
        };
        let rows: Vec<_> = rows.into_iter().map(row).collect();
        Ok(Output::<Self> {
            query_status: Some(query.status.shown()),
            query_statistics: Some(statistics),
            query_result_rows: is_finished.then(|| rows.into()),
            next_token,
            error_message: query.error.clone(),
        })
    }
}
