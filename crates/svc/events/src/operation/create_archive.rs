//! `CreateArchive`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateArchive.html>

use alcazar_api_events::operation as api;
use alcazar_api_events::types::ArchiveState;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::archive::{self, Archive, NamedArchive, retention};
use crate::named::NamedBus;
use crate::{error, id};

/// Makes an archive of the events of a bus.
pub struct CreateArchive;

/// What the request names.
pub struct Target {
    archive: NamedArchive,
    bus: NamedBus,
}

impl Operation for CreateArchive {
    type Api = api::CreateArchive;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Target> {
        Ok(Target {
            archive: NamedArchive::find(reads, &input.archive_name).await?,
            bus: NamedBus::find(reads, Some(&input.event_source_arn)).await?,
        })
    }

    fn access(_: &CallInfo, _: &Input<Self>, target: &Target) -> Access {
        let action = "events:CreateArchive";
        Access { checks: vec![target.archive.check(action), target.bus.check(action)] }
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<Target>) -> Result<Output<Self>> {
        let (account, region) = (cx.account(), cx.region().clone());
        let bus = target.bus.bus()?;
        if bus.account != account {
            return Err(error::bus_not_found(&bus.name).into());
        }
        if target.archive.found.is_some() {
            return Err(error::archive::exists(&input.archive_name).into());
        }
        archive::check_pattern(input.event_pattern.as_deref())?;
        let archive = Archive {
            account,
            region,
            name: input.archive_name.clone(),
            id: id::new(cx)?,
            bus: bus.name.clone(),
            description: input.description.clone(),
            pattern: input.event_pattern.clone(),
            retention_days: input.retention_days.and_then(|days| u32::try_from(days).ok()).unwrap_or(0),
            kms_key: input.kms_key_identifier.clone(),
            created: cx.now(),
        };
        retention::schedule(cx, &archive).await?;
        let archive_arn = archive.arn();
        archive::put(cx, archive).await?;
        Ok(api::CreateArchiveResponse {
            archive_arn: Some(archive_arn),
            state: Some(ArchiveState::Enabled),
            state_reason: None,
            creation_time: Some(cx.now()),
        })
    }
}
