//! What can be wrong with a pattern, in the words of AWS's own reader of patterns (Event Ruler).

use thiserror::Error;

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum Reason {
    // The text is no JSON.
    #[error("Unexpected end-of-input")]
    EndOfInput,
    #[error(
        "Unrecognized token '{0}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
    )]
    UnrecognizedToken(String),
    #[error("Unexpected character ('{0}' (code {code})): {1}", code = u32::from(*.0))]
    UnexpectedCharacter(char, &'static str),
    #[error("Document nesting depth ({depth}) exceeds the maximum allowed ({max})", depth = .max + 1)]
    TooDeep { max: usize },

    // The pattern's frame.
    #[error("Event pattern is too long")]
    TooLong,
    #[error("Filter is not an object")]
    NotObject,
    #[error("\"{0}\" must be an object or an array")]
    NotObjectOrArray(String),
    #[error("Empty objects are not allowed")]
    EmptyObject,
    #[error("Empty arrays are not allowed")]
    EmptyArray,
    #[error("Match value must be String, number, true, false, or null")]
    MatchValue,

    // `$or`.
    /// Never told: it is then read as a name.
    #[error("no $or relationship")]
    NotOr,
    #[error("Rule is too complex - too many combinations of $or relationships")]
    OrTooMany,

    // Match expressions.
    #[error("Match expression name not found")]
    NoExpression,
    #[error("Unrecognized match type {0}")]
    UnknownExpression(String),
    #[error("Only one key allowed in match expression")]
    MoreThanOneKey,
    #[error("{0} match pattern must be a string")]
    NotString(&'static str),
    #[error("{0} expression name not found")]
    NoInnerName(&'static str),
    #[error("Unsupported {0} pattern: {1}")]
    UnsupportedInner(&'static str, String),
    #[error("exists match pattern must be either true or false.")]
    Exists,

    // `anything-but`.
    #[error("Value of anything-but must be an array or single string/number value.")]
    AnythingBut,
    #[error("Inside anything but list, start|null|boolean is not supported.")]
    AnythingButList,
    #[error("Inside anything but list, either all values are number or string, mixed type is not supported")]
    AnythingButMixed,
    #[error("Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.")]
    AnythingButIgnoreCase,
    #[error("Null prefix/suffix not allowed")]
    EmptyAffix,

    // `numeric`.
    #[error("Value of numeric must be an array.")]
    NumericNotArray,
    #[error("Invalid member in numeric match: {0}")]
    NumericMember(String),
    #[error("Value of {0} must be numeric")]
    NotNumeric(&'static str),
    #[error("Unrecognized numeric range operator: {0}")]
    NumericOperator(String),
    #[error("Bad value in numeric range: {0}")]
    RangeValue(String),
    #[error("Bad numeric range operator: {0}")]
    RangeOperator(String),
    #[error("Too many terms in numeric range expression")]
    RangeTerms,
    #[error("Too many elements in numeric expression")]
    TooManyElements,
    #[error("Value must be between -5.0E9 and 5.0E9, inclusive")]
    OutOfRange,
    #[error("Bottom must be less than top")]
    EmptyRange,

    // `cidr`.
    #[error("Malformed CIDR, one '/' required")]
    CidrSlash,
    #[error("Malformed CIDR, mask bits must be an integer")]
    CidrMask,
    #[error("Malformed CIDR, mask bits must not be negative")]
    CidrNegative,
    #[error("IPv4 mask bits must be < 32")]
    CidrMask4,
    #[error("IPv6 mask bits must be < 128")]
    CidrMask6,
    #[error("Nonstandard IP address: {0}")]
    NonstandardAddress(String),
    #[error("Invalid IP address: {0}")]
    InvalidAddress(String),

    // `wildcard`.
    #[error("Consecutive wildcard characters at pos {0}")]
    ConsecutiveWildcards(usize),
    #[error("Invalid escape character at pos {0}")]
    InvalidEscape(usize),
    #[error(
        "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character"
    )]
    TooComplex,
}
