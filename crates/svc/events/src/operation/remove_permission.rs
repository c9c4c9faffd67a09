//! `RemovePermission`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RemovePermission.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::arn::DEFAULT_BUS;
use crate::bus::{self, Bus};
use crate::error::permission as error;
use crate::named::NamedBus;
use crate::policy;

/// Lets others use an event bus no longer.
pub struct RemovePermission;

impl Operation for RemovePermission {
    type Api = api::RemovePermission;
    type Target = NamedBus;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedBus> {
        NamedBus::own(reads, input.event_bus_name.as_deref().unwrap_or(DEFAULT_BUS)).await
    }

    fn access(call: &CallInfo, _: &Input<Self>, _: &NamedBus) -> Access {
        Access::any(call, "events:RemovePermission")
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<NamedBus>) -> Result<Output<Self>> {
        let mut changed = Bus::clone(target.bus()?);
        changed.policy = match &input.statement_id {
            _ if input.remove_all_permissions == Some(true) => None,
            None => return Err(error::statement_id_required().into()),
            Some(sid) => match policy::without_statement(&changed, sid)? {
                Some(text) => Some(policy::read(cx, &text).await?),
                None => None,
            },
        };
        bus::put(cx, changed)?;
        Ok(Output::<Self>::default())
    }
}
