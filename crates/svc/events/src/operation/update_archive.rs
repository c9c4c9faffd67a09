//! `UpdateArchive`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateArchive.html>

use alcazar_api_events::operation as api;
use alcazar_api_events::types::ArchiveState;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::archive::{self, Archive, NamedArchive, retention};

/// Changes what an archive holds, and for how long. What is not given stays.
pub struct UpdateArchive;

impl Operation for UpdateArchive {
    type Api = api::UpdateArchive;
    type Target = NamedArchive;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedArchive> {
        NamedArchive::find(reads, &input.archive_name).await
    }

    fn access(_: &CallInfo, _: &Input<Self>, target: &NamedArchive) -> Access {
        Access::one(target.check("events:UpdateArchive"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &Input<Self>,
        target: Allowed<NamedArchive>,
    ) -> Result<Output<Self>> {
        let mut archive = Archive::clone(target.archive()?);
        archive::check_pattern(input.event_pattern.as_deref())?;
        if let Some(description) = &input.description {
            archive.description = Some(description.clone());
        }
        if let Some(pattern) = &input.event_pattern {
            archive.pattern = Some(pattern.clone());
        }
        if let Some(key) = &input.kms_key_identifier {
            archive.kms_key = Some(key.clone()).filter(|key| !key.is_empty());
        }
        if let Some(days) = input.retention_days.and_then(|days| u32::try_from(days).ok()) {
            archive.retention_days = days;
            retention::schedule(cx, &archive).await?;
        }
        let answer = api::UpdateArchiveResponse {
            archive_arn: Some(archive.arn()),
            state: Some(ArchiveState::Enabled),
            state_reason: None,
            creation_time: Some(archive.created),
        };
        archive::put(cx, archive).await?;
        Ok(answer)
    }
}
