//! ARNs of topics and subscriptions, as requests name them.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html>

use std::fmt;

use alcazar_base::{AccountId, Arn, Region};
use alcazar_engine::CallInfo;
use alcazar_shape::ApiError;
use uuid::Uuid;

use crate::error;

/// How many parts an ARN has.
const PARTS: usize = 6;

/// What names of FIFO topics and queues end with.
pub(crate) const FIFO_SUFFIX: &str = ".fifo";

/// The ARN of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TopicArn {
    pub(crate) region: Region,
    pub(crate) account: AccountId,
    pub(crate) name: String,
}

impl TopicArn {
    /// Reads what stands in the parameter `TopicArn`, for a call in its region.
    ///
    /// # Errors
    /// It is no topic's ARN, or of another region.
    pub(crate) fn here(call: &CallInfo, text: &str) -> Result<Self, ApiError> {
        Self::in_parameter(call, text, "TopicArn")
    }

    /// The same of another parameter.
    ///
    /// # Errors
    /// As [`Self::here`].
    pub(crate) fn in_parameter(call: &CallInfo, text: &str, parameter: &str) -> Result<Self, ApiError> {
        let arn = Self::parse(text, parameter)?;
        if arn.region == call.region { Ok(arn) } else { Err(error::invalid(parameter)) }
    }

    /// Reads the ARN of any region.
    ///
    /// # Errors
    /// It is no topic's ARN.
    pub(crate) fn parse(text: &str, parameter: &str) -> Result<Self, ApiError> {
        let parts = parts(text, parameter)?;
        Self::of(&parts).filter(|arn| !arn.name.contains(':')).ok_or_else(|| error::invalid(parameter))
    }

    fn of(arn: &Arn) -> Option<Self> {
        let (region, account) = (arn.region.parse::<Region>().ok()?, arn.account.parse().ok()?);
        if arn.service != "sns" || arn.partition != region.partition().as_str() {
            return None;
        }
        Some(Self { region, account, name: arn.resource.clone() })
    }

    /// Whether it is that of a FIFO topic.
    pub(crate) fn is_fifo(&self) -> bool {
        self.name.ends_with(FIFO_SUFFIX)
    }
}

impl fmt::Display for TopicArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { region, account, name } = self;
        write!(f, "arn:{}:sns:{region}:{account}:{name}", region.partition().as_str())
    }
}

/// The ARN of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionArn {
    pub(crate) topic: TopicArn,
    pub(crate) id: String,
}

impl SubscriptionArn {
    /// Reads what stands in the parameter `SubscriptionArn`.
    ///
    /// # Errors
    /// It is no subscription's ARN.
    pub(crate) fn parse(text: &str) -> Result<Self, ApiError> {
        const PARAMETER: &str = "SubscriptionArn";
        if text.is_empty() {
            return Err(error::no_value(PARAMETER));
        }
        let mut arn = parts(text, PARAMETER)?;
        let (name, id) = match arn.resource.split_once(':') {
            Some((name, id)) if Uuid::parse_str(id).is_ok() => (name.to_owned(), id.to_owned()),
            _ => return Err(error::invalid("SubscriptionId")),
        };
        arn.resource = name;
        let topic = TopicArn::of(&arn).ok_or_else(|| error::invalid(PARAMETER))?;
        Ok(Self { topic, id })
    }
}

impl fmt::Display for SubscriptionArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.topic, self.id)
    }
}

fn parts(text: &str, parameter: &str) -> Result<Arn, ApiError> {
    match text.split(':').count() {
        enough if enough >= PARTS => text.parse().map_err(|_| error::invalid(parameter)),
        few => Err(error::short_arn(parameter, few)),
    }
}

/// The ARN of a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QueueArn {
    pub(crate) region: Region,
    pub(crate) account: AccountId,
    pub(crate) name: String,
}

impl QueueArn {
    /// Reads one; `None` if the text is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let arn: Arn = text.parse().ok()?;
        let (region, account) = (arn.region.parse::<Region>().ok()?, arn.account.parse().ok()?);
        let is_queue = arn.service == "sqs" && arn.partition == region.partition().as_str();
        let is_name = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        (is_queue && is_name(&arn.resource)).then_some(Self { region, account, name: arn.resource })
    }

    /// The queue's URL, as SQS gives it out.
    pub(crate) fn url(&self) -> String {
        let suffix = if self.region.partition().as_str() == "aws-cn" { ".cn" } else { "" };
        format!("https://sqs.{}.amazonaws.com{suffix}/{}/{}", self.region, self.account, self.name)
    }

    /// Whether it is that of a FIFO queue.
    pub(crate) fn is_fifo(&self) -> bool {
        self.name.ends_with(FIFO_SUFFIX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(error: ApiError) -> String {
        error.message().unwrap_or_default().to_owned()
    }

    #[test]
    fn arns_are_read_and_written_back() {
        let topic = "arn:aws:sns:eu-west-1:111122223333:orders.fifo";
        assert_eq!(TopicArn::parse(topic, "TopicArn").unwrap().to_string(), topic);
        let subscription = format!("{topic}:1234abcd-12ab-34cd-56ef-1234567890ab");
        assert_eq!(SubscriptionArn::parse(&subscription).unwrap().to_string(), subscription);
        let queue = QueueArn::parse("arn:aws:sqs:eu-west-1:111122223333:q.fifo").unwrap();
        assert!(queue.is_fifo());
        assert_eq!(queue.url(), "https://sqs.eu-west-1.amazonaws.com/111122223333/q.fifo");
    }

    #[test]
    fn what_is_no_arn_is_told_in_sns_words() {
        let topic = |text| message(TopicArn::parse(text, "TopicArn").unwrap_err());
        assert_eq!(
            topic("nothing"),
            "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1"
        );
        for bad in [
            "arn:aws:sqs:eu-west-1:111122223333:q",
            "arn:aws:sns:eu-west-1:x:q",
            "arn:aws:sns:eu-west-1:111122223333:a:b",
        ] {
            assert_eq!(topic(bad), "Invalid parameter: TopicArn", "{bad}");
        }
        let subscription = |text| message(SubscriptionArn::parse(text).unwrap_err());
        assert_eq!(
            subscription(""),
            "Invalid parameter: SubscriptionArn Reason: no value for required parameter"
        );
        assert_eq!(
            subscription("arn:aws:sns:eu-west-1:111122223333"),
            "Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 elements, not 5"
        );
        assert_eq!(
            subscription("arn:aws:sns:eu-west-1:111122223333:topic"),
            "Invalid parameter: SubscriptionId"
        );
        assert_eq!(QueueArn::parse("arn:aws:sns:eu-west-1:111122223333:q"), None);
    }
}
