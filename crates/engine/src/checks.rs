//! What a call asks the policies, without asking them: the first two of an operation's steps.

use alcazar_shape::ApiError;

use crate::cloud::Cloud;
use crate::context::{Cx, Work};
use crate::invoke::{Call, give_up, told};
use crate::operation::{Check, Entry};

impl Cloud {
    /// What the policies would be asked for this call, in order. Nothing is decided, done or recorded, and the global
    /// condition keys are not among those of the checks.
    ///
    /// # Errors
    /// What the caller would be told before any policy is asked.
    pub async fn checks(&self, entry: &'static Entry, call: Call) -> Result<Vec<Check>, ApiError> {
        let internal = self.internal_error(entry.model.service);
        let Call { caller, input, region, origin, request_id, .. } = call;
        let input = (entry.read_input)(input?).map_err(|mismatch| give_up(internal, mismatch.into()))?;
        let call = self.call_info(internal, caller?, region, origin, request_id).await?;
        let mut work = Work::begin(self);
        (entry.checks)(Cx::new(self, &mut work, &call), &input).await.map_err(|error| told(internal, error))
    }
}
