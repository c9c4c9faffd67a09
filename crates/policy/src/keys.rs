//! Which condition keys a policy asks for: those of its conditions, and those of the variables in its resources and
//! operands.

use crate::condition::Test;
use crate::context::Context;
use crate::document::{PolicyDocument, Statement};
use crate::variable::Template;

/// A condition key that a statement asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AskedKey {
    /// The key as the policy writes it; its case does not count.
    pub(crate) name: Box<str>,
    /// Whether the policy says itself what holds without a value, as a variable with a default does.
    has_default: bool,
}

impl AskedKey {
    /// Whether a request with this context leaves the key open.
    pub(crate) fn is_missing(&self, context: &Context) -> bool {
        !self.has_default && context.values(&self.name).next().is_none()
    }
}

/// The keys that a statement asks for.
pub(crate) fn of_statement(statement: &Statement) -> Box<[AskedKey]> {
    let mut keys = Vec::new();
    let mut ask = |name: &str, has_default: bool| keys.push(AskedKey { name: name.into(), has_default });
    for condition in &statement.conditions {
        ask(&condition.key, false);
        let operands: &[Template] = match &condition.test {
            Test::Text(_, operands) | Test::Bool(operands) | Test::Arn(operands) => operands,
            Test::Numeric(..) | Test::Date(..) | Test::Binary(_) | Test::IpAddress(_) | Test::Null(_) => &[],
        };
        operands.iter().flat_map(Template::variables).for_each(|(name, has_default)| ask(name, has_default));
    }
    let resources = statement.resources.iter().flat_map(|resources| &resources.patterns);
    resources.flat_map(Template::variables).for_each(|(name, has_default)| ask(name, has_default));
    keys.into()
}

/// Puts together keys that differ in case alone, sorted by name.
pub(crate) fn distinct(names: impl Iterator<Item = Box<str>>) -> Vec<String> {
    let mut names: Vec<(String, String)> =
        names.map(|name| (name.to_ascii_lowercase(), String::from(name))).collect();
    names.sort();
    names.dedup_by(|(one, _), (other, _)| one == other);
    names.into_iter().map(|(_, name)| name).collect()
}

impl PolicyDocument {
    /// The condition keys that the document asks for, in its conditions and its variables, sorted by name.
    #[must_use]
    pub fn context_keys(&self) -> Vec<String> {
        let keys = self.statements().iter().flat_map(of_statement);
        distinct(keys.map(|key| key.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::PolicyKind;

    #[test]
    fn a_document_tells_the_keys_of_its_conditions_and_variables() {
        let text = r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::home/${aws:username}/${aws:PrincipalTag/a, 'x'}"},
            {"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:s3:::${*}",
             "Condition": {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"},
                           "Null": {"AWS:UserName": true}, "NumericLessThan": {"s3:max-keys": 3}}}]}"#;
        let document = PolicyDocument::parse(text, PolicyKind::Identity).unwrap();
        let keys = document.context_keys();
        let expected = [
            "aws:PrincipalTag/a",
            "aws:PrincipalTag/team",
            "aws:ResourceTag/team",
            "AWS:UserName",
            "s3:max-keys",
        ];
        assert_eq!(keys, expected);
    }

    #[test]
    fn a_key_is_missing_without_a_value_and_without_a_default() {
        let mut context = Context::new();
        context.insert("AWS:username", "alice");
        let missing =
            |name: &str, has_default| AskedKey { name: name.into(), has_default }.is_missing(&context);
        assert!(!missing("aws:username", false));
        assert!(missing("aws:userid", false));
        assert!(!missing("aws:userid", true));
    }
}
