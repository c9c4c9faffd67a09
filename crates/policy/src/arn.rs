//! ARNs with wildcards, compared part by part: a `*` never reaches beyond the colon that follows it, except in the
//! last part, which may hold colons of its own.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN>

use crate::context::Context;
use crate::variable::{Glob, Match, Template, Text};

/// How many parts an ARN has, its `arn` included.
const PARTS: usize = 6;

/// A text that may be an ARN, cut once for many patterns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ArnText<'t> {
    text: &'t str,
    /// Its parts, if it has as many as an ARN.
    parts: Option<[&'t str; PARTS]>,
}

impl<'t> ArnText<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let mut cut = text.splitn(PARTS, ':');
        let mut parts = [""; PARTS];
        let complete = parts.iter_mut().all(|part| {
            cut.next().is_some_and(|text| {
                *part = text;
                true
            })
        });
        Self { text, parts: complete.then_some(parts) }
    }
}

/// A pattern for ARNs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ArnPattern {
    /// `*`: everything, whether it is an ARN or not.
    Everything,
    /// What every such ARN begins with, up to a colon, and a pattern for each of the other parts that not everything
    /// matches, with the part's index: those that tell ARNs apart soonest come first.
    Parts { beginning: Box<str>, patterns: Box<[(usize, Glob)]> },
    /// One variable that stands for a whole ARN.
    Whole(Text),
    /// Too few parts for an ARN.
    Nothing,
}

impl ArnPattern {
    /// The pattern of a `Resource` element. To an ARN that lacks its last parts AWS adds a `*` for each.
    pub(crate) fn resource(template: &Template) -> Self {
        if template.is_stars() {
            return Self::Everything;
        }
        Self::of_parts(&template.split(PARTS))
    }

    /// The pattern of an operand of `ArnLike` and its kin, which adds nothing.
    pub(crate) fn operand(template: &Template) -> Self {
        if template.is_stars() {
            return Self::Everything;
        }
        if template.is_one_variable() {
            return Self::Whole(Text::compile(template));
        }
        let parts = template.split(PARTS);
        if parts.len() == PARTS { Self::of_parts(&parts) } else { Self::Nothing }
    }

    fn of_parts(parts: &[Template]) -> Self {
        let mut beginning = String::new();
        let mut patterns = Vec::new();
        for (index, pattern) in parts.iter().map(Glob::compile).enumerate() {
            match pattern.exact() {
                Some(text) if patterns.is_empty() && index + 1 < PARTS => {
                    beginning.push_str(text);
                    beginning.push(':');
                }
                _ => patterns.push((index, pattern)),
            }
        }
        patterns.retain(|(_, pattern)| !pattern.is_everything());
        // The last parts differ most, and a variable costs most.
        patterns.reverse();
        patterns.sort_by_key(|(_, pattern)| pattern.is_variable());
        Self::Parts { beginning: beginning.into(), patterns: patterns.into() }
    }

    /// Whether `arn` matches.
    pub(crate) fn matches(&self, arn: &ArnText<'_>, context: &Context) -> Match {
        match self {
            Self::Everything => Match::Yes,
            Self::Nothing => Match::No,
            Self::Whole(whole) => whole.compare(context, |whole| whole == arn.text),
            Self::Parts { beginning, patterns } => {
                let Some(parts) = &arn.parts else { return Match::No };
                let mut answer = Match::Yes;
                for (index, pattern) in patterns {
                    let Some(part) = parts.get(*index) else { return Match::No };
                    match pattern.matches(part, context) {
                        Match::Yes => {}
                        Match::No => return Match::No,
                        Match::Unknown => answer = Match::Unknown,
                    }
                }
                if arn.text.starts_with(&**beginning) { answer } else { Match::No }
            }
        }
    }
}

/// Whether a template may stand in a `Resource` element: `*`, or an ARN with no variable before its sixth part.
pub(crate) fn is_resource(template: &Template) -> bool {
    if template.is_stars() {
        return true;
    }
    let parts = template.split(PARTS);
    let begins_as_arn =
        parts.len() > 1 && parts.first().and_then(Template::constant).as_deref() == Some("arn");
    begins_as_arn && !parts.iter().take(PARTS - 1).any(Template::has_variables)
}

/// Whether a template may be compared with an ARN: `*`, one variable, or six parts.
pub(crate) fn is_operand(template: &Template) -> bool {
    template.is_stars() || template.is_one_variable() || template.split(PARTS).len() == PARTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Version;

    fn template(text: &str) -> Template {
        Template::parse(text, Version::V2012).unwrap()
    }

    fn context() -> Context {
        let mut context = Context::new();
        context.insert("aws:username", "al:ice");
        context.insert("aws:SourceArn", "arn:aws:sns:eu-west-1:111122223333:topic");
        context
    }

    #[track_caller]
    fn check(pattern: &ArnPattern, text: &str, expected: Match) {
        assert_eq!(pattern.matches(&ArnText::new(text), &context()), expected, "{pattern:?} against {text}");
    }

    #[test]
    fn a_star_stays_within_its_part() {
        let pattern = ArnPattern::operand(&template("arn:aws:someservice:*:111122223333:finance/*"));
        check(&pattern, "arn:aws:someservice:us-east-2:111122223333:finance/document.txt", Match::Yes);
        check(
            &pattern,
            "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
            Match::No,
        );
    }

    #[test]
    fn the_last_part_may_hold_colons() {
        let pattern = ArnPattern::resource(&template("arn:aws:logs:*:*:log-group:*"));
        check(&pattern, "arn:aws:logs:eu-west-1:111122223333:log-group:app:log-stream:1", Match::Yes);
        check(&pattern, "arn:aws:logs:eu-west-1:111122223333:other", Match::No);
    }

    #[test]
    fn a_resource_that_lacks_parts_is_completed_and_an_operand_is_not() {
        check(
            &ArnPattern::resource(&template("arn:aws:sqs")),
            "arn:aws:sqs:eu-west-1:111122223333:q",
            Match::Yes,
        );
        check(
            &ArnPattern::resource(&template("arn:aws:sqs")),
            "arn:aws:sns:eu-west-1:111122223333:q",
            Match::No,
        );
        check(
            &ArnPattern::operand(&template("arn:aws:sqs")),
            "arn:aws:sqs:eu-west-1:111122223333:q",
            Match::No,
        );
    }

    #[test]
    fn only_the_star_matches_what_is_no_arn() {
        check(&ArnPattern::resource(&template("*")), "*", Match::Yes);
        check(&ArnPattern::resource(&template("arn:*:*:*:*:*")), "*", Match::No);
    }

    #[test]
    fn case_counts() {
        let pattern = ArnPattern::resource(&template("arn:aws:s3:::Bucket/*"));
        check(&pattern, "arn:aws:s3:::bucket/x", Match::No);
    }

    #[test]
    fn variables_fill_a_part_or_the_whole() {
        let pattern = ArnPattern::resource(&template("arn:aws:s3:::bucket/${aws:username}"));
        check(&pattern, "arn:aws:s3:::bucket/al:ice", Match::Yes);
        let pattern = ArnPattern::operand(&template("arn:aws:${aws:username}:*:*:*"));
        check(&pattern, "arn:aws:al:ice:1:x", Match::No);
        let pattern = ArnPattern::operand(&template("${aws:SourceArn}"));
        check(&pattern, "arn:aws:sns:eu-west-1:111122223333:topic", Match::Yes);
        let pattern = ArnPattern::resource(&template("arn:aws:s3:::bucket/${aws:userid}"));
        check(&pattern, "arn:aws:s3:::bucket/x", Match::Unknown);
        check(&pattern, "arn:aws:s4:::bucket/x", Match::No);
    }

    #[test]
    fn what_can_never_be_an_arn_is_told_apart() {
        for good in
            ["*", "**", "arn:aws:s3", "arn:*", "arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::${aws:x}:y"]
        {
            assert!(is_resource(&template(good)), "{good}");
        }
        for bad in ["", "bucket", "arn", "a*", "urn:aws:s3:::b", "arn:aws:s3:${aws:username}", "${aws:x}"] {
            assert!(!is_resource(&template(bad)), "{bad}");
        }
        for good in ["*", "${aws:x}", "arn:aws:iam::${aws:PrincipalAccount}:role/x", "a*:*:*:*:*:*"] {
            assert!(is_operand(&template(good)), "{good}");
        }
        for bad in ["", "x", "arn:aws:s3", "${aws:x}${aws:y}"] {
            assert!(!is_operand(&template(bad)), "{bad}");
        }
    }
}
