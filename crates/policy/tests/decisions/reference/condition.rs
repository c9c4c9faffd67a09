//! Conditions.

use alcazar_policy::{Context, Value};
use serde_json::Value as Json;

use super::text::{self, Matching};
use super::typed::{self, Typed};
use super::{each, plain};

/// Whether all conditions of a statement hold.
pub(super) fn all_hold(conditions: &Json, context: &Context, variables: bool, denies: bool) -> bool {
    let Json::Object(operators) = conditions else { return true };
    operators.iter().all(|(operator, keys)| {
        let Json::Object(keys) = keys else { return true };
        keys.iter().all(|(key, operands)| {
            Condition { operator, key, operands: each(operands), context, variables, denies }.holds()
        })
    })
}

struct Condition<'a> {
    operator: &'a str,
    key: &'a str,
    operands: Vec<&'a Json>,
    context: &'a Context,
    variables: bool,
    denies: bool,
}

impl Condition<'_> {
    fn holds(&self) -> bool {
        let operator = self.operator.to_lowercase();
        let values = text::values(self.context, self.key);
        let is_empty = |value: &&Value| matches!(value, Value::Text(text) if text.is_empty());
        let nothing = values.iter().all(is_empty);

        let (quantifier, rest) = operator.split_once(':').unwrap_or(("", &operator));
        let (base, if_exists) = rest.strip_suffix("ifexists").map_or((rest, false), |base| (base, true));
        if base == "null" {
            return self
                .operands
                .iter()
                .any(|operand| plain(operand).eq_ignore_ascii_case("true") == nothing);
        }
        if if_exists && values.is_empty() {
            return true;
        }
        let negated = base.contains("not");
        let positive = base.replacen("not", "", 1);
        let one = |value: &&Value| match (self.compare(&positive, value), negated) {
            (Matching::Yes, negated) => !negated,
            (Matching::No, negated) => negated,
            (Matching::Unknown, negated) => negated && self.denies,
        };
        match (quantifier, &values[..]) {
            ("forallvalues", _) => nothing || values.iter().all(one),
            ("foranyvalue", _) => !nothing && values.iter().any(one),
            (_, []) => negated,
            (_, [value]) => one(value),
            // More values than a plain operator is made for: the statement is taken on the side of refusal.
            _ => self.denies,
        }
    }

    /// Whether a value matches one of the operands, by an operator that is not negated.
    fn compare(&self, operator: &str, value: &Value) -> Matching {
        Matching::any(self.operands.iter().map(|operand| self.compare_one(operator, value, operand)))
    }

    fn compare_one(&self, operator: &str, value: &Value, operand: &Json) -> Matching {
        let written = plain(operand);
        let pattern = || text::symbols(&written, self.context, self.variables);
        let literal = |same: &dyn Fn(&str) -> bool| match text::literal(&pattern()) {
            Some(operand) if same(&operand) => Matching::Yes,
            Some(_) => Matching::No,
            None => Matching::Unknown,
        };
        let lower = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<String>();
        let found = value.text();
        match operator {
            "stringequals" => literal(&|operand| operand == found),
            "stringequalsignorecase" => literal(&|operand| lower(operand) == lower(&found)),
            "bool" => literal(&|operand| operand.eq_ignore_ascii_case(&found)),
            "stringlike" => text::matches(&pattern(), &found),
            "arnequals" | "arnlike" => self.compare_arn(&written, &found),
            "binaryequals" => typed::binary(value, &written),
            "ipaddress" => typed::address(value, &written),
            _ => {
                let (of, comparison) = match operator.strip_prefix("numeric") {
                    Some(comparison) => (Typed::Number, comparison),
                    None => (Typed::Date, operator.strip_prefix("date").expect("an operator")),
                };
                typed::ordered(of, comparison, value, &written)
            }
        }
    }

    fn compare_arn(&self, written: &str, found: &str) -> Matching {
        let pattern = text::symbols(written, self.context, self.variables);
        if !written.is_empty() && written.chars().all(|character| character == '*') {
            return Matching::Yes;
        }
        let lone_variable =
            self.variables && written.starts_with("${") && !pattern.contains(&text::Symbol::Written(':'));
        if lone_variable {
            return match text::literal(&pattern) {
                Some(operand) if operand == found => Matching::Yes,
                Some(_) => Matching::No,
                None => Matching::Unknown,
            };
        }
        text::match_parts(&text::split_at_colons(&pattern), found)
    }
}
