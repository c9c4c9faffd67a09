//! Queue URLs: how clients name queues.
//!
//! A URL is given with the address that the client used, and taken with any: its last two segments say the owner and the
//! name, and the signature's scope says the region.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html>

use alcazar_base::AccountId;
use alcazar_engine::CallInfo;
use alcazar_shape::ApiError;

use crate::error;

/// The URL of a queue, as this client reaches it.
#[must_use]
pub(crate) fn of(call: &CallInfo, account: AccountId, name: &str) -> String {
    format!("{}/{account}/{name}", call.origin.base_url())
}

/// The owner and the name that a URL says.
///
/// # Errors
/// It says none.
pub(crate) fn parse(url: &str) -> Result<(AccountId, &str), ApiError> {
    let read = || {
        let path = url.split_once("://").map_or(url, |(_, rest)| rest);
        let path = path.split(['?', '#']).next()?.trim_end_matches('/');
        let (path, name) = path.rsplit_once('/')?;
        let account = path.rsplit('/').next()?.parse().ok()?;
        (!name.is_empty()).then_some((account, name))
    };
    read().ok_or_else(|| error::invalid_address(url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_two_segments_say_whose_queue_it_is() {
        let account: AccountId = "111122223333".parse().unwrap();
        for url in [
            "http://localhost:8080/111122223333/jobs.fifo",
            "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs.fifo",
            "https://queue.amazonaws.com/111122223333/jobs.fifo/",
            "https://gate.example/sqs/111122223333/jobs.fifo?x=/y",
            "/111122223333/jobs.fifo",
            "111122223333/jobs.fifo",
        ] {
            assert_eq!(parse(url).unwrap(), (account, "jobs.fifo"), "{url}");
        }
    }

    #[test]
    fn what_says_no_queue_is_refused() {
        for url in ["", "jobs", "http://localhost:8080", "http://localhost/jobs", "http://h/1111/jobs", "///"]
        {
            assert_eq!(parse(url).unwrap_err().model().name, "InvalidAddress", "{url}");
        }
    }
}
