//! The names of the condition operators.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use super::{Comparison, Quantifier, TextComparison};

/// An operator by its name: what it compares and how, apart from the operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Operator {
    pub(crate) quantifier: Quantifier,
    pub(crate) family: Family,
    pub(crate) negated: bool,
    pub(crate) if_exists: bool,
}

/// The kinds of operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Text(TextComparison),
    Numeric(Comparison),
    Date(Comparison),
    Bool,
    Binary,
    IpAddress,
    Arn,
    Null,
}

/// Every operator in lower case, whether it is negated, and its family.
pub(super) const OPERATORS: [(&str, bool, Family); 27] = [
    ("stringequals", false, Family::Text(TextComparison::Equals)),
    ("stringnotequals", true, Family::Text(TextComparison::Equals)),
    ("stringequalsignorecase", false, Family::Text(TextComparison::EqualsIgnoreCase)),
    ("stringnotequalsignorecase", true, Family::Text(TextComparison::EqualsIgnoreCase)),
    ("stringlike", false, Family::Text(TextComparison::Like)),
    ("stringnotlike", true, Family::Text(TextComparison::Like)),
    ("numericequals", false, Family::Numeric(Comparison::Equals)),
    ("numericnotequals", true, Family::Numeric(Comparison::Equals)),
    ("numericlessthan", false, Family::Numeric(Comparison::LessThan)),
    ("numericlessthanequals", false, Family::Numeric(Comparison::LessThanEquals)),
    ("numericgreaterthan", false, Family::Numeric(Comparison::GreaterThan)),
    ("numericgreaterthanequals", false, Family::Numeric(Comparison::GreaterThanEquals)),
    ("dateequals", false, Family::Date(Comparison::Equals)),
    ("datenotequals", true, Family::Date(Comparison::Equals)),
    ("datelessthan", false, Family::Date(Comparison::LessThan)),
    ("datelessthanequals", false, Family::Date(Comparison::LessThanEquals)),
    ("dategreaterthan", false, Family::Date(Comparison::GreaterThan)),
    ("dategreaterthanequals", false, Family::Date(Comparison::GreaterThanEquals)),
    ("bool", false, Family::Bool),
    ("binaryequals", false, Family::Binary),
    ("ipaddress", false, Family::IpAddress),
    ("notipaddress", true, Family::IpAddress),
    ("arnequals", false, Family::Arn),
    ("arnlike", false, Family::Arn),
    ("arnnotequals", true, Family::Arn),
    ("arnnotlike", true, Family::Arn),
    ("null", false, Family::Null),
];

impl Operator {
    /// The operator that `name` names, in whatever case.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let (quantifier, rest) = if let Some(rest) = lower.strip_prefix("forallvalues:") {
            (Quantifier::ForAllValues, rest)
        } else if let Some(rest) = lower.strip_prefix("foranyvalue:") {
            (Quantifier::ForAnyValue, rest)
        } else {
            (Quantifier::One, &*lower)
        };
        let (base, if_exists) = rest.strip_suffix("ifexists").map_or((rest, false), |base| (base, true));
        let (_, negated, family) = OPERATORS.into_iter().find(|(name, ..)| *name == base)?;
        // `Null` asks whether there is a value; to ask that for each value, or only if there is one, is nonsense.
        if family == Family::Null && (if_exists || quantifier != Quantifier::One) {
            return None;
        }
        Some(Self { quantifier, family, negated, if_exists })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_known_by_name_with_prefix_and_suffix() {
        let operator = Operator::parse("ForAnyValue:StringNotLikeIfExists").unwrap();
        assert_eq!(
            operator,
            Operator {
                quantifier: Quantifier::ForAnyValue,
                family: Family::Text(TextComparison::Like),
                negated: true,
                if_exists: true,
            }
        );
        assert_eq!(Operator::parse("stringequals"), Operator::parse("StringEquals"));
    }

    #[test]
    fn what_is_no_operator_is_refused() {
        for bad in [
            "",
            "StringEqual",
            "IfExists",
            "NullIfExists",
            "ForAllValues:Null",
            "ForSomeValues:StringEquals",
            "ForAllValues:ForAnyValue:StringEquals",
            "StringEqualsIfExistsIfExists",
            "StringEquals ",
        ] {
            assert_eq!(Operator::parse(bad), None, "{bad}");
        }
    }
}
