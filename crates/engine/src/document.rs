//! Documents that a service gives to whoever asks for their path, such as the certificate that its messages are signed
//! with.
//!
//! What always holds: nobody signs for one, no operation runs, nothing is written and no event is left. So a document
//! may hold only what everyone may know.

use std::sync::Arc;

use alcazar_base::Region;
use alcazar_base::limit::CONFLICT_RETRIES_MAX;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::THROTTLING;

use crate::caller::{Caller, Origin};
use crate::cloud::Cloud;
use crate::context::{Reads, Work};
use crate::error::Result;
use crate::invoke::told;
use crate::operation::Service;
use crate::port::BoxFuture;

/// The longest path that a document may have, in bytes.
const PATH_BYTES_MAX: usize = 512;

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its media type.
    pub content_type: &'static str,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// How a service finds its documents.
pub struct DocumentHandler {
    /// What their paths begin with, e.g. `/SimpleNotificationService-`.
    pub prefix: &'static str,
    /// Finds the one whose path ends so.
    pub find: for<'a> fn(&'a mut Reads<'_>, &'a str) -> BoxFuture<'a, Result<Option<Document>>>,
}

impl Cloud {
    /// The document at a path, with the service that gives it; none if no service has one there.
    ///
    /// # Errors
    /// What whoever asks is to be told.
    pub async fn document(
        &self,
        path: &str,
        origin: &Arc<Origin>,
        request_id: &str,
    ) -> Result<Option<(&'static Service, Document)>, ApiError> {
        let handlers = self
            .services()
            .flat_map(|service| service.documents.iter().map(move |handler| (service, handler)));
        let found = handlers
            .filter(|_| path.len() <= PATH_BYTES_MAX)
            .find_map(|(service, handler)| Some((service, handler, path.strip_prefix(handler.prefix)?)));
        let Some((service, handler, rest)) = found else { return Ok(None) };
        let internal = service.internal_error;
        let caller = Arc::new(Caller::anonymous());
        let (origin, request_id) = (origin.clone(), request_id.to_owned());
        let call = self.call_info(internal, caller, Region::us_east_1(), origin, request_id).await?;
        for _ in 0..CONFLICT_RETRIES_MAX {
            let mut work = Work::begin(self);
            let mut reads = Reads { cloud: self, work: &mut work, call: &call };
            let document = (handler.find)(&mut reads, rest).await.map_err(|error| told(internal, error))?;
            if work.pending.is_current(self).await {
                return Ok(document.map(|document| (service, document)));
            }
        }
        Err(THROTTLING.because("Rate exceeded"))
    }
}
