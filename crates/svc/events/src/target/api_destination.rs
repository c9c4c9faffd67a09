//! API destinations as targets.

use alcazar_engine::{Cx, Result};

use crate::failure::{Failure, Outcome};
use crate::sending::Sending;

/// Sends a request to the destination. None can be made yet, so none is there.
#[allow(clippy::unused_async, reason = "the other kinds of targets are called alike")]
pub(super) async fn send(_: &mut Cx<'_>, name: &str, _: &Sending<'_>) -> Result<Outcome<()>> {
    Ok(Err(Failure::lasting("NO_RESOURCE", format!("An api-destination '{name}' does not exist."))))
}
