//! Which statements of a policy may be about an action, looked up by the action's service: most policies speak of
//! several services, and a request is about one.
//!
//! For each service that the policy names there is a list of candidates, in the order of the statements, with the
//! action patterns that are left to match: those of that service, without its name. Statements about every service are
//! candidates in every list.

use crate::document::{Actions, PolicyDocument};
use crate::wildcard::{Case, Pattern};

/// An action, cut once for many policies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ActionName<'a> {
    /// `kms` of `kms:Encrypt`; none in a text without a colon, which is no action.
    service: Option<&'a str>,
    /// The service's mark.
    mark: u64,
    /// `Encrypt`
    name: &'a str,
}

/// What the names of a service share, whatever their case: their first characters.
fn mark(service: &str) -> u64 {
    let mut mark = [0; 8];
    mark.iter_mut().zip(service.bytes()).for_each(|(place, byte)| *place = byte.to_ascii_lowercase());
    u64::from_le_bytes(mark)
}

impl<'a> ActionName<'a> {
    pub(crate) fn new(action: &'a str) -> Self {
        match action.split_once(':') {
            Some((service, name)) => Self { service: Some(service), mark: mark(service), name },
            None => Self { service: None, mark: 0, name: action },
        }
    }
}

/// The candidates of every service.
#[derive(Debug, Clone)]
pub(crate) struct ActionIndex {
    /// The marks of the services that the policy names.
    marks: Box<[u64]>,
    /// The services with these marks, in lower case.
    services: Box<[(Box<str>, Candidates)]>,
    /// For actions of other services.
    others: Candidates,
    /// For what has no service.
    without_service: Candidates,
}

type Candidates = Box<[Candidate]>;

/// A statement that may be about the actions of a service.
#[derive(Debug, Clone)]
struct Candidate {
    statement: usize,
    negated: bool,
    /// Of the names of actions.
    patterns: Box<[Pattern]>,
}

impl ActionIndex {
    pub(crate) fn of(document: &PolicyDocument) -> Self {
        let statements = || document.statements().iter().map(|statement| &statement.actions).enumerate();
        let candidates = |service: Option<&str>| -> Candidates {
            statements().filter_map(|(index, actions)| Candidate::new(index, actions, service)).collect()
        };
        let patterns = statements().flat_map(|(_, actions)| &actions.patterns);
        let named = patterns.filter_map(|pattern| Some(pattern.split_once(':')?.0.to_ascii_lowercase()));
        let mut services: Vec<String> = named.filter(|service| service != "*").collect();
        services.sort();
        services.dedup();
        let with_candidates = |service: String| {
            let own = candidates(Some(&service));
            (service.into(), own)
        };
        Self {
            marks: services.iter().map(|service| mark(service)).collect(),
            services: services.into_iter().map(with_candidates).collect(),
            others: candidates(Some("")),
            without_service: candidates(None),
        }
    }

    /// The indexes of the statements that are about `action`, in their order.
    pub(crate) fn statements_about(&self, action: ActionName<'_>) -> impl Iterator<Item = usize> {
        let candidates = match action.service {
            None => &self.without_service,
            Some(service) => {
                let marked = self.marks.iter().zip(&self.services).filter(|(mark, _)| **mark == action.mark);
                let mut named = marked.map(|(_, named)| named);
                let named = named.find(|(name, _)| name.eq_ignore_ascii_case(service));
                named.map_or(&self.others, |(_, candidates)| candidates)
            }
        };
        candidates
            .iter()
            .filter(move |candidate| candidate.covers(action.name))
            .map(|candidate| candidate.statement)
    }
}

impl Candidate {
    /// The statement as a candidate for the actions of a service, unless it can be about none of them. What stands for
    /// a service that the policy does not name is the empty name, and `None` for what has no service.
    fn new(statement: usize, actions: &Actions, service: Option<&str>) -> Option<Self> {
        let of_service = |pattern: &String| match (pattern.split_once(':'), service) {
            (None, _) => Some(Pattern::new(pattern)),
            (Some((of, name)), Some(service)) if of == "*" || of.eq_ignore_ascii_case(service) => {
                Some(Pattern::new(name))
            }
            (Some(_), _) => None,
        };
        let patterns: Box<[Pattern]> = actions.patterns.iter().filter_map(of_service).collect();
        let negated = actions.negated;
        (negated || !patterns.is_empty()).then_some(Self { statement, negated, patterns })
    }

    fn covers(&self, name: &str) -> bool {
        self.patterns.iter().any(|pattern| pattern.matches(name, Case::Insensitive)) != self.negated
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::PolicyKind;

    /// The statements about an action, of a policy whose statements have these action elements.
    fn about(elements: &[&str], action: &str) -> Vec<usize> {
        let statement = |element: &&str| format!(r#"{{"Effect": "Allow", {element}, "Resource": "*"}}"#);
        let statements: Vec<_> = elements.iter().map(statement).collect();
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(", "));
        let index = ActionIndex::of(&PolicyDocument::parse(&text, PolicyKind::Identity).unwrap());
        index.statements_about(ActionName::new(action)).collect()
    }

    #[test]
    fn statements_are_found_by_service_in_their_order() {
        let elements = [
            r#""Action": ["s3:Get*", "KMS:Encrypt"]"#,
            r#""Action": "*""#,
            r#""NotAction": ["kms:Get*", "iam:*"]"#,
            r#""Action": "*:Get*""#,
            r#""Action": ["kms:Enc?ypt", "kms:*"]"#,
            r#""NotAction": "*""#,
        ];
        for (action, expected) in [
            ("kms:encrypt", &[0, 1, 2, 4][..]),
            ("Kms:GetKeyPolicy", &[1, 3, 4]),
            ("s3:GetObject", &[0, 1, 2, 3]),
            ("s3:PutObject", &[1, 2]),
            ("iam:GetUser", &[1, 3]),
            ("sqs:GetQueueUrl", &[1, 2, 3]),
            ("sqs:SendMessage", &[1, 2]),
            // These are no actions, and yet have an answer.
            ("kms", &[1, 2]),
            ("", &[1, 2]),
            (":GetX", &[1, 2, 3]),
            ("kms:a:b", &[1, 2, 4]),
        ] {
            assert_eq!(about(&elements, action), expected, "{action}");
        }
    }
}
