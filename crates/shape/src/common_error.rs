//! The errors that every service answers alike, with AWS's codes in each protocol.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html> and its like in the
//! other services' references.

use crate::api_error::ErrorModel;

macro_rules! common_errors {
    ($($(#[$doc:meta])* $constant:ident = $name:literal $status:literal / $query_code:literal $query_status:literal $member:literal;)+) => {
        $($(#[$doc])*
        pub static $constant: ErrorModel = ErrorModel {
            name: $name,
            query_code: $query_code,
            status: $status,
            query_status: $query_status,
            sender_fault: $status < 500,
            message_member: $member,
        };)+
    };
}

common_errors! {
    /// The request carries no signature.
    MISSING_AUTHENTICATION_TOKEN = "MissingAuthenticationTokenException" 400 / "MissingAuthenticationToken" 403 "message";
    /// The signature lacks a part or cannot be read.
    INCOMPLETE_SIGNATURE = "IncompleteSignatureException" 400 / "IncompleteSignature" 400 "message";
    /// The signature is wrong, or too old or too new.
    INVALID_SIGNATURE = "InvalidSignatureException" 400 / "SignatureDoesNotMatch" 403 "message";
    /// The access key is not known here.
    UNRECOGNIZED_CLIENT = "UnrecognizedClientException" 400 / "InvalidClientTokenId" 403 "message";
    /// The session token is past its time.
    EXPIRED_TOKEN = "ExpiredTokenException" 400 / "ExpiredToken" 403 "message";
    /// No policy allows it, or one denies it.
    ACCESS_DENIED = "AccessDeniedException" 400 / "AccessDenied" 403 "Message";
    /// The same, by a service that tells the reason in an encoded message.
    UNAUTHORIZED_OPERATION = "UnauthorizedOperation" 403 / "UnauthorizedOperation" 403 "message";
    /// The body cannot be read as the operation's input.
    SERIALIZATION = "SerializationException" 400 / "MalformedInput" 400 "Message";
    /// A constraint of the input is broken.
    VALIDATION = "ValidationException" 400 / "ValidationError" 400 "message";
    /// There is no such operation here.
    UNKNOWN_OPERATION = "UnknownOperationException" 400 / "InvalidAction" 400 "message";
    /// The body is larger than any request may be.
    REQUEST_ENTITY_TOO_LARGE = "RequestEntityTooLargeException" 413 / "RequestEntityTooLarge" 413 "message";
    /// The caller asks faster than it may.
    THROTTLING = "ThrottlingException" 400 / "Throttling" 400 "message";
    /// Something failed inside; the log says what.
    INTERNAL_FAILURE = "InternalFailure" 500 / "InternalFailure" 500 "message";
    /// The server cannot serve this now; the caller may try again.
    SERVICE_UNAVAILABLE = "ServiceUnavailableException" 503 / "ServiceUnavailable" 503 "message";
}
