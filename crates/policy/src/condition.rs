//! Conditions: one operator, one key, and the operands that the key's values are compared with.
//!
//! What holds for every operator:
//! - Several operands are alternatives; a negated operator holds if none of them matches.
//! - Without a value for the key a condition is false; it is true if the operator is negated, ends in `IfExists` or
//!   begins with `ForAllValues:`. `ForAnyValue:` is false even if negated.
//! - A question without an answer is decided on the side of refusal: where a plain operator meets several values,
//!   or a negated one a variable without a value or a value of another type, the condition of a Deny holds and that
//!   of an Allow does not.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>

mod address;
mod date;
mod number;
pub(crate) mod operator;
#[cfg(test)]
mod table;

use std::net::IpAddr;

use alcazar_base::Timestamp;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::arn::{self, ArnPattern, ArnText};
use crate::context::{Context, Value, WantedKey};
use crate::document::{Effect, Version};
use crate::parse::ParseReason;
use crate::variable::{Glob, Match, Template, Text};
pub use address::AddressRange;
pub use number::Number;
use operator::{Family, Operator};

/// One condition of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The condition key, e.g. `aws:SourceIp`; its case does not count.
    pub key: String,
    /// How several values of the key are taken.
    pub quantifier: Quantifier,
    /// Whether the operator is one of those with `Not`.
    pub negated: bool,
    /// Whether it holds where the key has no value.
    pub if_exists: bool,
    /// The comparison and its operands.
    pub test: Test,
}

/// How several values of a key are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// The key has one value.
    One,
    /// `ForAllValues:`
    ForAllValues,
    /// `ForAnyValue:`
    ForAnyValue,
}

/// A comparison with its operands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// The `String` operators.
    Text(TextComparison, Vec<Template>),
    /// The `Numeric` operators.
    Numeric(Comparison, Vec<Number>),
    /// The `Date` operators.
    Date(Comparison, Vec<Timestamp>),
    /// `Bool`
    Bool(Vec<Template>),
    /// `BinaryEquals`
    Binary(Vec<Vec<u8>>),
    /// `IpAddress` and `NotIpAddress`
    IpAddress(Vec<AddressRange>),
    /// The `Arn` operators, of which `Equals` and `Like` mean the same.
    Arn(Vec<Template>),
    /// `Null`: whether the key shall have no value.
    Null(Vec<bool>),
}

/// How strings are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextComparison {
    /// Character by character.
    Equals,
    /// Without regard to case.
    EqualsIgnoreCase,
    /// With wildcards.
    Like,
}

/// How numbers and dates are compared: the key's value is … the operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// equal to
    Equals,
    /// less than
    LessThan,
    /// less than or equal to
    LessThanEquals,
    /// greater than
    GreaterThan,
    /// greater than or equal to
    GreaterThanEquals,
}

impl Comparison {
    fn holds<T: Ord>(self, value: &T, operand: &T) -> bool {
        match self {
            Self::Equals => value == operand,
            Self::LessThan => value < operand,
            Self::LessThanEquals => value <= operand,
            Self::GreaterThan => value > operand,
            Self::GreaterThanEquals => value >= operand,
        }
    }
}

impl Condition {
    /// The condition that `operator` makes of a key and its operands as they are written.
    pub(crate) fn new(
        operator: Operator,
        key: &str,
        operands: &[String],
        version: Version,
    ) -> Result<Self, ParseReason> {
        let Operator { quantifier, family, negated, if_exists } = operator;
        let test = Test::new(family, operands, version)?;
        Ok(Self { key: key.to_owned(), quantifier, negated, if_exists, test })
    }
}

impl Test {
    fn new(family: Family, operands: &[String], version: Version) -> Result<Self, ParseReason> {
        Ok(match family {
            Family::Text(comparison) => Self::Text(comparison, templates(operands, version)?),
            Family::Numeric(comparison) => {
                Self::Numeric(comparison, all(operands, "a number", Number::parse)?)
            }
            Family::Date(comparison) => Self::Date(comparison, all(operands, "a date", date::parse)?),
            Family::Binary => Self::Binary(all(operands, "base64", |text| STANDARD.decode(text).ok())?),
            Family::IpAddress => {
                Self::IpAddress(all(operands, "an IP address or a range of them", AddressRange::parse)?)
            }
            Family::Null => Self::Null(all(operands, "true or false", parse_bool)?),
            Family::Bool => {
                let templates = templates(operands, version)?;
                check(&templates, operands, "true or false", |template| {
                    template.constant().is_none_or(|text| parse_bool(&text).is_some())
                })?;
                Self::Bool(templates)
            }
            Family::Arn => {
                let templates = templates(operands, version)?;
                check(&templates, operands, "an ARN", arn::is_operand)?;
                Self::Arn(templates)
            }
        })
    }
}

fn parse_bool(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn all<T>(
    operands: &[String],
    expected: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, ParseReason> {
    operands.iter().map(|text| parse(text).ok_or_else(|| ParseReason::operand(text, expected))).collect()
}

fn templates(operands: &[String], version: Version) -> Result<Vec<Template>, ParseReason> {
    operands.iter().map(|text| Template::parse(text, version).map_err(ParseReason::Variable)).collect()
}

fn check(
    templates: &[Template],
    operands: &[String],
    expected: &'static str,
    fits: impl Fn(&Template) -> bool,
) -> Result<(), ParseReason> {
    let bad = templates.iter().zip(operands).find(|(template, _)| !fits(template));
    bad.map_or(Ok(()), |(_, text)| Err(ParseReason::operand(text, expected)))
}

/// A condition, ready to be evaluated.
#[derive(Debug, Clone)]
pub(crate) struct CompiledCondition {
    key: WantedKey,
    quantifier: Quantifier,
    negated: bool,
    if_exists: bool,
    test: CompiledTest,
}

#[derive(Debug, Clone)]
enum CompiledTest {
    Equals(Box<[Text]>),
    EqualsIgnoreCase(Box<[Text]>),
    Like(Box<[Glob]>),
    Numeric(Comparison, Box<[Number]>),
    Date(Comparison, Box<[Timestamp]>),
    Bool(Box<[Text]>),
    Binary(Box<[Vec<u8>]>),
    IpAddress(Box<[AddressRange]>),
    Arn(Box<[ArnPattern]>),
    Null(Box<[bool]>),
}

impl CompiledCondition {
    pub(crate) fn compile(condition: &Condition) -> Self {
        let texts = |templates: &[Template]| templates.iter().map(Text::compile).collect();
        let test = match &condition.test {
            Test::Text(TextComparison::Equals, operands) => CompiledTest::Equals(texts(operands)),
            Test::Text(TextComparison::EqualsIgnoreCase, operands) => {
                CompiledTest::EqualsIgnoreCase(texts(operands))
            }
            Test::Text(TextComparison::Like, operands) => {
                CompiledTest::Like(operands.iter().map(Glob::compile).collect())
            }
            Test::Numeric(comparison, operands) => {
                CompiledTest::Numeric(*comparison, operands.as_slice().into())
            }
            Test::Date(comparison, operands) => CompiledTest::Date(*comparison, operands.as_slice().into()),
            Test::Bool(operands) => CompiledTest::Bool(texts(operands)),
            Test::Binary(operands) => CompiledTest::Binary(operands.as_slice().into()),
            Test::IpAddress(operands) => CompiledTest::IpAddress(operands.as_slice().into()),
            Test::Arn(operands) => CompiledTest::Arn(operands.iter().map(ArnPattern::operand).collect()),
            Test::Null(operands) => CompiledTest::Null(operands.as_slice().into()),
        };
        let Condition { key, quantifier, negated, if_exists, .. } = condition;
        Self {
            key: WantedKey::new(key),
            quantifier: *quantifier,
            negated: *negated,
            if_exists: *if_exists,
            test,
        }
    }

    /// Whether the condition holds, as one of a statement with this effect.
    pub(crate) fn holds(&self, context: &Context, effect: Effect) -> bool {
        let mut values = context.values_of(&self.key);
        let first = values.next();
        let others = values.next();
        if let (Quantifier::One, Some(value), None) = (self.quantifier, first, others) {
            return match &self.test {
                CompiledTest::Null(operands) => operands.contains(&value.is_empty()),
                _ => self.accepts(value, context, effect),
            };
        }
        let all = || first.into_iter().chain(others).chain(values.clone());
        let no_content = || all().all(Value::is_empty);
        if let CompiledTest::Null(operands) = &self.test {
            return operands.contains(&no_content());
        }
        let accepts = |value: &Value| self.accepts(value, context, effect);
        match self.quantifier {
            _ if self.if_exists && first.is_none() => true,
            Quantifier::One if first.is_none() => self.negated,
            // Several values are not what a plain operator compares.
            Quantifier::One => effect == Effect::Deny,
            Quantifier::ForAllValues => no_content() || all().all(accepts),
            Quantifier::ForAnyValue => !no_content() && all().any(accepts),
        }
    }

    fn accepts(&self, value: &Value, context: &Context, effect: Effect) -> bool {
        match (self.test.compare(value, context), self.negated) {
            (Match::Yes, negated) => !negated,
            (Match::No, negated) => negated,
            (Match::Unknown, negated) => negated && effect == Effect::Deny,
        }
    }
}

impl CompiledTest {
    /// Whether `value` matches one of the operands.
    fn compare(&self, value: &Value, context: &Context) -> Match {
        let text = || value.text();
        match self {
            Self::Equals(operands) => {
                let text = text();
                Match::any(operands.iter().map(|operand| operand.compare(context, |operand| operand == text)))
            }
            Self::EqualsIgnoreCase(operands) => {
                let text = text();
                let same = |operand: &str| lower_case(operand).eq(lower_case(&text));
                Match::any(operands.iter().map(|operand| operand.compare(context, same)))
            }
            Self::Bool(operands) => {
                let text = text();
                let same = |operand: &str| operand.eq_ignore_ascii_case(&text);
                Match::any(operands.iter().map(|operand| operand.compare(context, same)))
            }
            Self::Like(operands) => {
                let text = text();
                Match::any(operands.iter().map(|operand| operand.matches(&text, context)))
            }
            Self::Arn(operands) => {
                let text = text();
                let arn = ArnText::new(&text);
                Match::any(operands.iter().map(|operand| operand.matches(&arn, context)))
            }
            Self::Numeric(comparison, operands) => {
                compare_typed(number_of(value), operands, |value, operand| comparison.holds(value, operand))
            }
            Self::Date(comparison, operands) => {
                compare_typed(time_of(value), operands, |value, operand| comparison.holds(value, operand))
            }
            Self::IpAddress(operands) => {
                compare_typed(address_of(value), operands, |address, range| range.contains(*address))
            }
            Self::Binary(operands) => match value {
                Value::Binary(bytes) => operands.contains(bytes).into(),
                _ => operands.iter().any(|operand| operand == text().as_bytes()).into(),
            },
            // Whether there is a value is answered before any value is looked at.
            Self::Null(_) => Match::No,
        }
    }
}

fn compare_typed<V, O>(value: Option<V>, operands: &[O], matches: impl Fn(&V, &O) -> bool) -> Match {
    value.map_or(Match::Unknown, |value| operands.iter().any(|operand| matches(&value, operand)).into())
}

fn lower_case(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

fn number_of(value: &Value) -> Option<Number> {
    match value {
        Value::Integer(number) => Some(Number::from(*number)),
        Value::Time(time) => Some(Number::from(time.as_secs())),
        Value::Text(text) => Number::parse(text),
        Value::Bool(_) | Value::Address(_) | Value::Binary(_) => None,
    }
}

fn time_of(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Time(time) => Some(*time),
        Value::Integer(seconds) => Some(Timestamp::from_secs(*seconds)),
        Value::Text(text) => date::parse(text),
        Value::Bool(_) | Value::Address(_) | Value::Binary(_) => None,
    }
}

fn address_of(value: &Value) -> Option<IpAddr> {
    match value {
        Value::Address(address) => Some(*address),
        Value::Text(text) => text.parse().ok(),
        Value::Bool(_) | Value::Integer(_) | Value::Time(_) | Value::Binary(_) => None,
    }
}
