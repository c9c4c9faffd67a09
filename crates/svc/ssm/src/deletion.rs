//! The end of a parameter.

use alcazar_engine::{Cx, Result};

use crate::event::{self, Change};
use crate::parameter::{self, Parameter};
use crate::policy;

/// Deletes a parameter with its versions and what its policies wanted, and tells of it.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn delete(cx: &mut Cx<'_>, parameter: &Parameter) -> Result<()> {
    policy::schedule(cx, Some(parameter), None)?;
    event::changed(cx, parameter, Change::Delete)?;
    parameter::delete(cx, parameter)
}
