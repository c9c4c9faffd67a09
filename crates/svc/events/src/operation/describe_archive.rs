//! `DescribeArchive`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeArchive.html>

use alcazar_api_events::operation as api;
use alcazar_api_events::types::ArchiveState;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::archive::{NamedArchive, held};

/// Tells of an archive.
pub struct DescribeArchive;

impl Operation for DescribeArchive {
    type Api = api::DescribeArchive;
    type Target = NamedArchive;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedArchive> {
        NamedArchive::find(reads, &input.archive_name).await
    }

    fn access(_: &CallInfo, _: &Input<Self>, target: &NamedArchive) -> Access {
        Access::one(target.check("events:DescribeArchive"))
    }

    async fn run(cx: &mut Cx<'_>, _: &Input<Self>, target: Allowed<NamedArchive>) -> Result<Output<Self>> {
        let archive = target.archive()?;
        let count = held::count(cx, archive).await?;
        Ok(api::DescribeArchiveResponse {
            archive_arn: Some(archive.arn()),
            archive_name: Some(archive.name.clone()),
            event_source_arn: Some(archive.bus_id().arn()),
            description: archive.description.clone(),
            event_pattern: archive.pattern.clone(),
            state: Some(ArchiveState::Enabled),
            state_reason: None,
            kms_key_identifier: archive.kms_key.clone(),
            retention_days: archive.shown_retention(),
            size_bytes: Some(count.bytes),
            event_count: Some(count.events),
            creation_time: Some(archive.created),
        })
    }
}
