//! Archives as targets of the rules that EventBridge keeps for them.

use alcazar_engine::{Cx, Result};

use crate::archive::{self, held};
use crate::failure::Outcome;
use crate::sending::Sending;

/// Takes the event into the archive, if it is still there.
pub(super) async fn send(cx: &mut Cx<'_>, sending: &Sending<'_>) -> Result<Outcome<()>> {
    let rule = sending.rule;
    if let Some(name) = archive::fed_by(rule)
        && let Some(archive) = archive::find(cx, rule.account, &rule.region, name).await?
    {
        held::put(cx, &archive, sending.delivery_id, &sending.dispatch.event).await?;
    }
    Ok(Ok(()))
}
