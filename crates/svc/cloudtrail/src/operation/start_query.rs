//! `StartQuery`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StartQuery.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use alcazar_base::AccountId;

use crate::lake::query::{self, Found, Mark, Query, Status};
use crate::lake::sought::SoughtStore;
use crate::lake::statement::{Statement, StatementError};
use crate::lake::{asked, id, key, run, running};
use crate::{access, error, quota};

/// The statement, and the stores that it names.
pub struct Target {
    owner: AccountId,
    statement: Result<Statement, StatementError>,
    stores: Vec<SoughtStore>,
}

/// Has a query run over event data stores.
pub struct StartQuery;

impl Operation for StartQuery {
    type Api = api::StartQuery;
    type Target = Target;
    const READ_ONLY: bool = true;
    const RECORDS_ANSWER: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::StartQueryRequest) -> Result<Target> {
        let text = input.query_statement.as_deref().unwrap_or_default();
        let statement = Statement::parse(text);
        let owner = asked::owner_of(reads, input.event_data_store_owner_account_id.as_deref());
        let owner = owner.unwrap_or_else(|| reads.account());
        let mut stores = Vec::new();
        for id in statement.iter().flat_map(|statement| &statement.stores) {
            stores.push(SoughtStore::find_id(reads, owner, id).await?);
        }
        Ok(Target { owner, statement, stores })
    }

    fn access(call: &CallInfo, _: &api::StartQueryRequest, target: &Target) -> Access {
        const ACTION: &str = "cloudtrail:StartQuery";
        let kind = access::kind::EVENT_DATA_STORE;
        if target.stores.is_empty() {
            return Access::one(access::check(call, ACTION, "*".to_owned(), kind, &[]));
        }
        Access { checks: target.stores.iter().map(|store| store.check(call, ACTION)).collect() }
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::StartQueryRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        check_form(input)?;
        let refused = |error: &StatementError| error::lake::statement(&error.0);
        let statement = target.statement.as_ref().map_err(refused)?.clone();
        for sought in &target.stores {
            let store = sought.active()?.clone();
            if let Some(key_arn) = &store.key_arn {
                key::usable(cx, key_arn, &store.region, store.account, &store.arn()).await?;
            }
        }
        cx.offload(move |_| run::check(&statement)).await?.map_err(|error| refused(&error))?;
        let region = cx.region().as_str().to_owned();
        if let Some(most) = cx.quota(&quota::CONCURRENT_QUERIES) {
            let limit = usize::try_from(most).unwrap_or(usize::MAX);
            let active = cx.scan::<Mark>(&query::all_active(target.owner, &region), limit).await?;
            if active.len() >= limit {
                return Err(error::lake::too_many_queries(most).into());
            }
        }
        let query = Query {
            account: target.owner,
            region,
            id: id::new(cx)?,
            statement: input.query_statement.clone().unwrap_or_default(),
            stores: target.stores.iter().filter_map(|store| store.id().map(str::to_owned)).collect(),
            status: Status::Queued,
            created: cx.now(),
            begun: None,
            ended: None,
            error: None,
            found: Found::default(),
        };
        let query_id = Some(query.id.clone());
        running::begin(cx, &query)?;
        query.put_new(cx)?;
        let event_data_store_owner_account_id = input.event_data_store_owner_account_id.clone();
        Ok(Output::<Self> { query_id, event_data_store_owner_account_id })
    }
}

fn check_form(input: &api::StartQueryRequest) -> Result<()> {
    let refused = match (&input.query_statement, &input.query_alias) {
        (None, None) => error::lake::parameter("You must specify either QueryStatement or QueryAlias."),
        (Some(_), Some(_)) => {
            error::lake::parameter("You can specify either QueryStatement or QueryAlias, but not both.")
        }
        (None, Some(alias)) => error::lake::no_alias(alias),
        (Some(_), None) if input.query_parameters.is_some() => {
            error::lake::parameter("QueryParameters are used with QueryAlias.")
        }
        (Some(_), None) => match &input.delivery_s3_uri {
            Some(uri) => error::lake::no_bucket(uri),
            None => return Ok(()),
        },
    };
    Err(refused.into())
}
