//! What a call asks the policies, without asking them: the first two of an operation's steps.

use alcazar_shape::ApiError;

use crate::caller::CallInfo;
use crate::cloud::Cloud;
use crate::context::{Cx, Work};
use crate::error::Error;
use crate::invoke::{Call, give_up};
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
        let caller = caller?;
        let failed = |error| match error {
            Error::Api(error) => error,
            error => give_up(internal, error),
        };
        let call = CallInfo {
            standing: self.standing(&caller).await.map_err(failed)?,
            caller,
            region,
            origin,
            request_id,
            now: self.now(),
            via: Vec::new(),
            request_rates: false,
        };
        let mut work = Work::begin(self);
        (entry.checks)(Cx::new(self, &mut work, &call), &input).await.map_err(failed)
    }
}
