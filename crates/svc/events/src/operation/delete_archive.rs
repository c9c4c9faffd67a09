//! `DeleteArchive`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteArchive.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::archive::{self, NamedArchive};

/// Deletes an archive with all that it holds.
pub struct DeleteArchive;

impl Operation for DeleteArchive {
    type Api = api::DeleteArchive;
    type Target = NamedArchive;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedArchive> {
        NamedArchive::find(reads, &input.archive_name).await
    }

    fn access(_: &CallInfo, _: &Input<Self>, target: &NamedArchive) -> Access {
        Access::one(target.check("events:DeleteArchive"))
    }

    async fn run(cx: &mut Cx<'_>, _: &Input<Self>, target: Allowed<NamedArchive>) -> Result<Output<Self>> {
        archive::delete(cx, target.archive()?).await?;
        Ok(Output::<Self>::default())
    }
}
