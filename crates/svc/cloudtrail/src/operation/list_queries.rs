//! `ListQueries`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListQueries.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_api_cloudtrail::types;
use alcazar_base::Timestamp;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::lake::query::{self, Mark};
use crate::lake::sought::SoughtStore;
use crate::lake::store::Store;
use crate::{error, page};

/// How many queries a page has at most, and unless the caller says otherwise.
const QUERIES_MAX: usize = 1000;

/// How many queries are looked at at a time, and how often for one answer.
const PAGE: usize = 500;
const PAGES_MAX: usize = 20;

/// Lists the queries of the last seven days over an event data store.
pub struct ListQueries;

impl Operation for ListQueries {
    type Api = api::ListQueries;
    type Target = SoughtStore;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListQueriesRequest) -> Result<SoughtStore> {
        SoughtStore::find(reads, &input.event_data_store).await
    }

    fn access(call: &CallInfo, _: &api::ListQueriesRequest, sought: &SoughtStore) -> Access {
        Access::one(sought.check(call, "cloudtrail:ListQueries"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListQueriesRequest,
        sought: Allowed<SoughtStore>,
    ) -> Result<Output<Self>> {
        let store = sought.active()?;
        if let (Some(start), Some(end)) = (input.start_time, input.end_time)
            && start > end
        {
            return Err(error::lake::date_range().into());
        }
        let most = input.max_results.and_then(|most| usize::try_from(most).ok()).unwrap_or(QUERIES_MAX);
        let most = most.clamp(1, QUERIES_MAX);
        let list = format!("cloudtrail.queries.{}", store.id);
        let mut range = match &input.next_token {
            Some(token) => after(store, &page::open(cx, &list, token)?)?,
            None => query::all_of_store(store.account, &store.region, &store.id),
        };
        let (mut queries, mut next) = (Vec::new(), None);
        for _ in 0..PAGES_MAX {
            let marks = cx.glance::<Mark>(&range, PAGE).await?;
            next = marks.last().filter(|_| marks.len() == PAGE).map(|(_, mark)| place(mark));
            let last = marks.last().map(|(name, _)| name.clone());
            for (_, mark) in &marks {
                if queries.len() == most {
                    // The one before was the last that is told.
                    break;
                }
                queries.extend(asked_for(cx, input, store, mark).await?);
                if queries.len() == most && marks.last().is_some_and(|(_, last)| last.id != mark.id) {
                    next = Some(place(mark));
                }
            }
            match last {
                Some(last) if next.is_some() && queries.len() < most => range = range.after(last.as_bytes()),
                _ => break,
            }
        }
        let next_token = next.map(|place| page::mark(cx, &list, &place));
        Ok(Output::<Self> { queries: Some(queries.into()), next_token })
    }
}

/// The query of a mark, if it is one that is asked for.
async fn asked_for(
    cx: &mut Cx<'_>,
    input: &api::ListQueriesRequest,
    store: &Store,
    mark: &Mark,
) -> Result<Option<types::Query>> {
    let is_in_time = input.start_time.is_none_or(|start| mark.created >= start)
        && input.end_time.is_none_or(|end| mark.created <= end);
    if !is_in_time {
        return Ok(None);
    }
    let region = cx.region().clone();
    let query = query::Query::find(cx, store.account, &region, &mark.id).await?;
    let query = query.filter(|query| input.query_status.is_none_or(|status| status == query.status.shown()));
    Ok(query.map(|query| types::Query {
        query_id: Some(query.id.clone()),
        query_status: Some(query.status.shown()),
        creation_time: Some(query.created),
    }))
}

fn place(mark: &Mark) -> String {
    format!("{}.{}", mark.created.as_millis(), mark.id)
}

fn after(store: &Store, place: &str) -> Result<NameRange> {
    let (created, id) = place.split_once('.').ok_or_else(error::next_token)?;
    let created = Timestamp::from_millis(created.parse().map_err(|_| error::next_token())?);
    Ok(query::of_store_after(store.account, &store.region, &store.id, created, id))
}
