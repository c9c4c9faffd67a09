//! ARNs with wildcards, compared part by part: a `*` never reaches beyond the colon that follows it, except in the
//! last part, which may hold colons of its own.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN>

use crate::context::Context;
use crate::variable::{Glob, Match, Template, Text};
use crate::wildcard::Pattern;

/// How many parts an ARN has, its `arn` included.
const PARTS: usize = 6;

/// A pattern for ARNs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ArnPattern {
    /// `*`: everything, whether it is an ARN or not.
    Everything,
    /// A pattern for each part. With fewer than six it matches nothing.
    Parts(Box<[Glob]>),
    /// One variable that stands for a whole ARN.
    Whole(Text),
}

impl ArnPattern {
    /// The pattern of a `Resource` element. To an ARN that lacks its last parts AWS adds a `*` for each.
    pub(crate) fn resource(template: &Template) -> Self {
        if template.is_stars() {
            return Self::Everything;
        }
        let mut parts: Vec<Glob> = template.split(PARTS).iter().map(Glob::compile).collect();
        parts.resize_with(PARTS, || Glob::Constant(Pattern::new("*")));
        Self::Parts(parts.into())
    }

    /// The pattern of an operand of `ArnLike` and its kin, which adds nothing.
    pub(crate) fn operand(template: &Template) -> Self {
        if template.is_stars() {
            return Self::Everything;
        }
        if template.is_one_variable() {
            return Self::Whole(Text::compile(template));
        }
        Self::Parts(template.split(PARTS).iter().map(Glob::compile).collect())
    }

    /// Whether `text` matches.
    pub(crate) fn matches(&self, text: &str, context: &Context) -> Match {
        match self {
            Self::Everything => Match::Yes,
            Self::Whole(whole) => whole.compare(context, |whole| whole == text),
            Self::Parts(patterns) => {
                let parts = text.splitn(PARTS, ':');
                if patterns.len() != PARTS || parts.clone().count() != PARTS {
                    return Match::No;
                }
                let mut answer = Match::Yes;
                for (pattern, part) in patterns.iter().zip(parts) {
                    match pattern.matches(part, context) {
                        Match::Yes => {}
                        Match::No => return Match::No,
                        Match::Unknown => answer = Match::Unknown,
                    }
                }
                answer
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
        assert_eq!(pattern.matches(text, &context()), expected, "{pattern:?} against {text}");
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
