//! Documents from outside, such as an identity provider's keys, kept for a while.
//!
//! What always holds: as many are kept as [`FETCHED_MAX`] says, none longer than whoever asks for it allows, and only
//! what was answered with success.

use std::num::NonZeroUsize;
use std::sync::PoisonError;
use std::time::Duration;

use alcazar_base::Timestamp;
use bytes::Bytes;

use crate::context::Reads;
use crate::port::outbound::{OutboundAnswer, OutboundError, OutboundMethod, OutboundRequest};

/// How many documents are kept.
pub(crate) const FETCHED_MAX: NonZeroUsize = match NonZeroUsize::new(256) {
    Some(most) => most,
    None => NonZeroUsize::MIN,
};

/// The status of success.
const OK: u16 = 200;

/// A document, and when it came.
#[derive(Clone)]
pub(crate) struct Fetched {
    body: Bytes,
    at: Timestamp,
}

/// A document outside.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// The host's name.
    pub host: &'a str,
    /// The path, with a query if it has one.
    pub path: &'a str,
    /// How long the other side may take to answer.
    pub answer_time_max: Duration,
    /// How long the document may be, in bytes.
    pub size_max: usize,
}

impl Reads<'_> {
    /// A document from outside, at most `age_max` old.
    ///
    /// # Errors
    /// There is no answer. An answer that is no success comes back as it is.
    pub async fn fetch(
        &mut self,
        document: Document<'_>,
        age_max: Duration,
    ) -> Result<OutboundAnswer, OutboundError> {
        let url = format!("{}{}", document.host, document.path);
        let now = self.now();
        let kept = {
            let mut kept = self.cloud.fetched.lock().unwrap_or_else(PoisonError::into_inner);
            kept.get(&url).filter(|kept| kept.at <= now && now <= kept.at + age_max).cloned()
        };
        if let Some(Fetched { body, .. }) = kept {
            return Ok(OutboundAnswer { status: OK, retry_after: None, body });
        }
        let request = OutboundRequest {
            host: document.host.to_owned(),
            path: document.path.to_owned(),
            method: OutboundMethod::Get,
            answer_time_max: document.answer_time_max,
            answer_size_max: document.size_max,
        };
        let answer = self.ask(request).await?;
        if answer.status == OK {
            let fetched = Fetched { body: answer.body.clone(), at: now };
            self.cloud.fetched.lock().unwrap_or_else(PoisonError::into_inner).put(url, fetched);
        }
        Ok(answer)
    }
}
