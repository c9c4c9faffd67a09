//! The errors that callers are told.

use std::error::Error as StdError;
use std::fmt;

/// What a model says of an error. Generated, or one of the [common ones](crate::common_error).
#[derive(Debug, PartialEq, Eq)]
pub struct ErrorModel {
    /// The shape's name, e.g. `NotFoundException`: what JSON and CBOR answers carry.
    pub name: &'static str,
    /// The code in Query answers, mostly the same.
    pub query_code: &'static str,
    /// The HTTP status in JSON and CBOR answers.
    pub status: u16,
    /// The HTTP status in Query answers.
    pub query_status: u16,
    /// Whether the caller is at fault; otherwise the service is.
    pub sender_fault: bool,
    /// The member that holds the text in JSON and CBOR answers, as the model spells it.
    pub message_member: &'static str,
}

impl ErrorModel {
    /// An error of this model without a message, as AWS sends some.
    #[must_use]
    pub fn bare(&'static self) -> ApiError {
        ApiError { model: self, message: None, query_message: None, members: Vec::new(), cause: None }
    }

    /// An error of this model with AWS's text for it.
    #[must_use]
    pub fn because(&'static self, message: impl Into<String>) -> ApiError {
        ApiError {
            model: self,
            message: Some(message.into()),
            query_message: None,
            members: Vec::new(),
            cause: None,
        }
    }
}

/// An error as the caller is told it. The cause stays inside: it is logged, never sent.
pub struct ApiError {
    model: &'static ErrorModel,
    message: Option<String>,
    query_message: Option<String>,
    members: Vec<(&'static str, String)>,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl ApiError {
    /// Attaches what really happened, for the log.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Has Query answers say it in other words.
    #[must_use]
    pub fn worded_in_query(mut self, message: impl Into<String>) -> Self {
        self.query_message = Some(message.into());
        self
    }

    /// Adds a member that the model has beside the message, e.g. `Reason`.
    #[must_use]
    pub fn with(mut self, member: &'static str, value: impl Into<String>) -> Self {
        self.members.push((member, value.into()));
        self
    }

    /// Which error it is.
    #[must_use]
    pub fn model(&self) -> &'static ErrorModel {
        self.model
    }

    /// What the caller is told, if anything beyond the code.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The same in Query answers.
    #[must_use]
    pub fn query_message(&self) -> Option<&str> {
        self.query_message.as_deref().or(self.message())
    }

    /// What the model has beside the message, by name.
    #[must_use]
    pub fn members(&self) -> &[(&'static str, String)] {
        &self.members
    }

    /// What really happened; for the log alone.
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn StdError + Send + Sync)> {
        self.cause.as_deref()
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("name", &self.model.name)
            .field("message", &self.message)
            .field("members", &self.members)
            .field("cause", &self.cause)
            .finish()
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.model.name, self.message().unwrap_or_default())
    }
}

impl StdError for ApiError {}
