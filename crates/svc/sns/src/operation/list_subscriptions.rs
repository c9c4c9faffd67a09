//! `ListSubscriptions`: <https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptions.html>

use alcazar_api_sns::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::subscription::{self, Listed, State, Subscription};
use crate::{access, page, shown};

/// Lists the subscriptions that are the account's.
pub struct ListSubscriptions;

impl Operation for ListSubscriptions {
    type Api = api::ListSubscriptions;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::ListSubscriptionsInput) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::ListSubscriptionsInput, (): &()) -> Access {
        access::any(call, "sns:ListSubscriptions")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListSubscriptionsInput,
        _: Allowed<()>,
    ) -> Result<api::ListSubscriptionsResponse> {
        let range = subscription::of_owner(cx.account(), cx.region());
        let page = page::read::<Listed>(cx, &range, page::asked(input.next_token.as_deref())).await?;
        let mut subscriptions = Vec::with_capacity(page.items.len());
        for listed in &page.items {
            let name = subscription::name(&listed.topic_id, &listed.id);
            let found = cx.get::<Subscription>(&name).await?;
            subscriptions.extend(found.filter(|it| it.state != State::Cancelled).map(|it| shown::one(&it)));
        }
        Ok(api::ListSubscriptionsResponse {
            subscriptions: Some(subscriptions.into()),
            next_token: page.next_token,
        })
    }
}
