//! `ListArchives`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListArchives.html>

use alcazar_api_events::operation as api;
use alcazar_api_events::types::{self, ArchiveState};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::archive::{self, held};
use crate::{error, page};

/// Lists archives.
pub struct ListArchives;

impl Operation for ListArchives {
    type Api = api::ListArchives;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &Input<Self>, (): &()) -> Access {
        Access::any(call, "events:ListArchives")
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
        let given = [input.name_prefix.is_some(), input.event_source_arn.is_some(), input.state.is_some()];
        if given.iter().filter(|given| **given).count() > 1 {
            return Err(error::archive::several_filters("ListArchives").into());
        }
        let mut archives = archive::all(cx).await?;
        archives.retain(|archive| {
            archive.name.starts_with(input.name_prefix.as_deref().unwrap_or_default())
                && input.event_source_arn.as_ref().is_none_or(|arn| archive.bus_id().arn() == *arn)
                && input.state.is_none_or(|state| state == ArchiveState::Enabled)
        });
        let list = format!("events.archives/{}/{}", cx.account(), cx.region());
        let asked = page::asked(input.next_token.as_deref(), input.limit);
        let page = page::of(cx, &list, asked, archives, |archive| archive.name.clone())?;
        let mut archives = Vec::with_capacity(page.items.len());
        for archive in page.items {
            let count = held::count(cx, &archive).await?;
            archives.push(types::Archive {
                archive_name: Some(archive.name.clone()),
                event_source_arn: Some(archive.bus_id().arn()),
                state: Some(ArchiveState::Enabled),
                state_reason: None,
                retention_days: archive.shown_retention(),
                size_bytes: Some(count.bytes),
                event_count: Some(count.events),
                creation_time: Some(archive.created),
            });
        }
        Ok(api::ListArchivesResponse { archives: Some(archives.into()), next_token: page.next_token })
    }
}
