//! Reading delivery policies, and what is said of those that are none.

use serde_json::{Map, Value as Json};

use super::retry::{Backoff, RetryPolicy};
use super::{SubscriptionPolicy, TopicPolicy};

/// The longest delivery policy that is read, in bytes.
const BYTES_MAX: usize = 16 * 1024;

/// How long all retries may take together, and each delay, in seconds.
const DELAY_MAX: u32 = 3600;

/// How many retries there may be.
const RETRIES_MAX: u32 = 100;

/// What messages may be called, but for parameters.
///
/// Source: <https://docs.aws.amazon.com/sns/latest/dg/creating-delivery-policy.html>
const CONTENT_TYPES: [&str; 12] = [
    "application/atom+xml",
    "application/json",
    "application/octet-stream",
    "application/soap+xml",
    "application/x-www-form-urlencoded",
    "application/xhtml+xml",
    "application/xml",
    "text/css",
    "text/csv",
    "text/html",
    "text/plain",
    "text/xml",
];

type Read<T> = Result<T, String>;

/// Reads a topic's policy.
pub(super) fn topic(text: &str) -> Read<TopicPolicy> {
    let policy = document(text)?;
    only(&policy, "", &["http"])?;
    let Some(http) = member(&policy, "", "http")? else { return Ok(TopicPolicy::default()) };
    const KNOWN: [&str; 5] = [
        "defaultHealthyRetryPolicy",
        "defaultSicklyRetryPolicy",
        "disableSubscriptionOverrides",
        "defaultThrottlePolicy",
        "defaultRequestPolicy",
    ];
    only(http, "http.", &KNOWN)?;
    let disable_overrides = match http.get("disableSubscriptionOverrides") {
        None | Some(Json::Null) => false,
        Some(Json::Bool(disable)) => *disable,
        Some(_) => return Err("http.disableSubscriptionOverrides must be a boolean".to_owned()),
    };
    Ok(TopicPolicy {
        retry: retry(http, "http.", "defaultHealthyRetryPolicy")?,
        disable_overrides,
        receives_per_second: throttle(http, "http.", "defaultThrottlePolicy")?,
        content_type: request(http, "http.", "defaultRequestPolicy")?,
    })
}

/// Reads a subscription's policy.
pub(super) fn subscription(text: &str) -> Read<SubscriptionPolicy> {
    let policy = document(text)?;
    const KNOWN: [&str; 5] =
        ["healthyRetryPolicy", "sicklyRetryPolicy", "throttlePolicy", "requestPolicy", "guaranteed"];
    only(&policy, "", &KNOWN)?;
    Ok(SubscriptionPolicy {
        retry: retry(&policy, "", "healthyRetryPolicy")?,
        receives_per_second: throttle(&policy, "", "throttlePolicy")?,
        content_type: request(&policy, "", "requestPolicy")?,
    })
}

fn document(text: &str) -> Read<Map<String, Json>> {
    if text.len() > BYTES_MAX {
        return Err("policy is too long".to_owned());
    }
    match serde_json::from_str(text) {
        Ok(Json::Object(policy)) => Ok(policy),
        _ => Err("failed to parse JSON".to_owned()),
    }
}

fn only(object: &Map<String, Json>, path: &str, known: &[&str]) -> Read<()> {
    match object.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => {
            let name: String = name.chars().take(64).collect();
            let known = known.join(", ");
            Err(format!("unexpected element {path}{name}, expected one of {known}"))
        }
        None => Ok(()),
    }
}

fn member<'a>(object: &'a Map<String, Json>, path: &str, name: &str) -> Read<Option<&'a Map<String, Json>>> {
    match object.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Object(members)) => Ok(Some(members)),
        Some(_) => Err(format!("{path}{name} must be an object")),
    }
}

/// A number that is there, between two bounds.
fn number(object: &Map<String, Json>, path: &str, name: &str, (min, max): (u32, u32)) -> Read<Option<u32>> {
    let value = match object.get(name) {
        None | Some(Json::Null) => return Ok(None),
        Some(value) => value.as_u64().and_then(|value| u32::try_from(value).ok()),
    };
    match value {
        None => Err(format!("{path}{name} must be a non-negative integer")),
        Some(value) if value < min => Err(format!("{path}{name} must be greater than or equal to {min}")),
        Some(value) if value > max => Err(format!("{path}{name} must be less than or equal to {max}")),
        value => Ok(value),
    }
}

fn retry(object: &Map<String, Json>, path: &str, name: &str) -> Read<Option<RetryPolicy>> {
    let Some(policy) = member(object, path, name)? else { return Ok(None) };
    let path = format!("{path}{name}.");
    const KNOWN: [&str; 7] = [
        "minDelayTarget",
        "maxDelayTarget",
        "numRetries",
        "numMaxDelayRetries",
        "numNoDelayRetries",
        "numMinDelayRetries",
        "backoffFunction",
    ];
    only(policy, &path, &KNOWN)?;
    let default = RetryPolicy::default();
    let delay = |name| number(policy, &path, name, (1, DELAY_MAX));
    let retries = |name| Ok::<_, String>(number(policy, &path, name, (0, RETRIES_MAX))?.unwrap_or(0));
    let num_retries = number(policy, &path, "numRetries", (0, RETRIES_MAX))?
        .ok_or_else(|| format!("{path}numRetries must be specified"))?;
    let min_delay = delay("minDelayTarget")?.unwrap_or(default.min_delay);
    let read = RetryPolicy {
        min_delay,
        max_delay: delay("maxDelayTarget")?.unwrap_or(default.max_delay.max(min_delay)),
        num_retries,
        num_max_delay: retries("numMaxDelayRetries")?,
        num_no_delay: retries("numNoDelayRetries")?,
        num_min_delay: retries("numMinDelayRetries")?,
        backoff: backoff(policy, &path)?,
    };
    if read.max_delay < read.min_delay {
        return Err(format!("{path}maxDelayTarget must be greater than or equal to minDelayTarget"));
    }
    if read.num_max_delay + read.num_no_delay + read.num_min_delay > num_retries {
        return Err(format!(
            "{path}numRetries must be greater than or equal to the sum of numMinDelayRetries, numNoDelayRetries and \
             numMaxDelayRetries"
        ));
    }
    if read.total() > f64::from(DELAY_MAX) {
        return Err(format!("{path} total retry delay must be less than or equal to {DELAY_MAX} seconds"));
    }
    Ok(Some(read))
}

fn backoff(policy: &Map<String, Json>, path: &str) -> Read<Backoff> {
    let name = match policy.get("backoffFunction") {
        None | Some(Json::Null) => return Ok(Backoff::Linear),
        Some(name) => name.as_str().unwrap_or_default(),
    };
    let found = Backoff::NAMES.iter().find(|(known, _)| *known == name);
    found.map(|(_, backoff)| *backoff).ok_or_else(|| {
        format!("{path}backoffFunction must be one of arithmetic, exponential, geometric, linear")
    })
}

fn throttle(object: &Map<String, Json>, path: &str, name: &str) -> Read<Option<u32>> {
    let Some(policy) = member(object, path, name)? else { return Ok(None) };
    let path = format!("{path}{name}.");
    only(policy, &path, &["maxReceivesPerSecond"])?;
    number(policy, &path, "maxReceivesPerSecond", (1, u32::MAX))
}

fn request(object: &Map<String, Json>, path: &str, name: &str) -> Read<Option<String>> {
    let Some(policy) = member(object, path, name)? else { return Ok(None) };
    let path = format!("{path}{name}.");
    only(policy, &path, &["headerContentType"])?;
    let text = match policy.get("headerContentType") {
        None | Some(Json::Null) => return Ok(None),
        Some(text) => text.as_str().unwrap_or_default(),
    };
    let media_type = text.split(';').next().unwrap_or_default().trim();
    let is_header = text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) && text.len() <= 256;
    if is_header && CONTENT_TYPES.contains(&media_type) {
        Ok(Some(text.to_owned()))
    } else {
        Err(format!("{path}headerContentType must be one of {}", CONTENT_TYPES.join(", ")))
    }
}
