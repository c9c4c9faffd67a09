//! What requests call a parameter by: its name or its ARN, and perhaps one of its versions by number or label.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html> and
//! <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html>

use alcazar_base::{AccountId, Arn, Region};
use alcazar_engine::CallInfo;
use alcazar_shape::ApiError;

use crate::{error, name};

/// What parameters' ARNs say before the name.
const RESOURCE: &str = "parameter/";

/// A parameter by its name, and perhaps a version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    /// The owner.
    pub(crate) account: AccountId,
    /// Where it is.
    pub(crate) region: Region,
    /// The name, as it was spelled.
    pub(crate) name: String,
    /// Which version, if not the latest.
    pub(crate) selector: Option<Selector>,
}

/// A version by number or label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selector {
    /// As it was spelled, with its colon.
    pub(crate) spelled: String,
    /// Which version.
    pub(crate) version: Selected,
}

/// Which version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Selected {
    /// By its number.
    Number(u64),
    /// By its label.
    Label(String),
}

impl Reference {
    /// The parameter of this name in the caller's account and region, or in those of an ARN. A version may be selected.
    /// Spaces around it do not count.
    ///
    /// # Errors
    /// It has not the form of either.
    pub(crate) fn read(call: &CallInfo, text: &str) -> Result<Self, ApiError> {
        let text = text.trim_matches(' ');
        let (account, region, named) = match arn(text) {
            Some((account, region, named)) => (account, region, named),
            None => (call.account(), call.region.clone(), text.to_owned()),
        };
        let (name, selector) = match named.split_once(':') {
            Some((name, selector)) => (name.to_owned(), Some(read_selector(selector)?)),
            None => (named, None),
        };
        name::check(&name)?;
        Ok(Self { account, region, name, selector })
    }

    /// The same where no version can be selected.
    ///
    /// # Errors
    /// It has not the form of either.
    pub(crate) fn whole(call: &CallInfo, text: &str) -> Result<Self, ApiError> {
        match Self::read(call, text)? {
            reference @ Self { selector: None, .. } => Ok(reference),
            _ => Err(error::name::malformed()),
        }
    }

    /// The parameter's ARN.
    #[must_use]
    pub(crate) fn arn(&self) -> String {
        name::arn(self.account, &self.region, &self.name)
    }
}

/// The owner, region and name (perhaps with a selector) that a parameter's ARN says.
#[must_use]
pub(crate) fn arn(text: &str) -> Option<(AccountId, Region, String)> {
    let arn: Arn = text.parse().ok()?;
    let region: Region = arn.region.parse().ok()?;
    let named = arn.resource.strip_prefix(RESOURCE)?;
    let is_parameter = arn.service == "ssm" && arn.partition == region.partition().as_str();
    // The name at the top of an ARN is spelled without the slash that deeper ones have.
    let is_nested = named.split(':').next().is_some_and(|name| name.contains(name::SLASH));
    let named = if is_nested { name::path_of(named) } else { named.to_owned() };
    Some((arn.account.parse().ok()?, region, named)).filter(|_| is_parameter)
}

fn read_selector(text: &str) -> Result<Selector, ApiError> {
    if text.is_empty() || text.contains(':') {
        return Err(error::name::selector());
    }
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let version = match text.parse() {
        Ok(number) if is_number => Selected::Number(number),
        _ => Selected::Label(text.to_owned()),
    };
    Ok(Selector { spelled: format!(":{text}"), version })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_selected_by_number_or_label() {
        let selected = |text| read_selector(text).map(|selector| selector.version).ok();
        assert_eq!(selected("3"), Some(Selected::Number(3)));
        assert_eq!(selected("01"), Some(Selected::Number(1)));
        assert_eq!(selected("-1"), Some(Selected::Label("-1".to_owned())));
        assert_eq!(selected("prod"), Some(Selected::Label("prod".to_owned())));
        assert_eq!(
            selected("99999999999999999999"),
            Some(Selected::Label("99999999999999999999".to_owned()))
        );
        assert_eq!(selected(""), None);
        assert_eq!(selected("1:2"), None);
        assert_eq!(read_selector("01").unwrap().spelled, ":01");
    }

    #[test]
    fn an_arn_names_a_parameter_of_any_account() {
        let read = |text: &str| arn(text).map(|(account, region, name)| format!("{account} {region} {name}"));
        let at = "arn:aws:ssm:eu-west-1:111122223333:parameter/";
        assert_eq!(read(&format!("{at}x")).as_deref(), Some("111122223333 eu-west-1 x"));
        assert_eq!(read(&format!("{at}a/b:3")).as_deref(), Some("111122223333 eu-west-1 /a/b:3"));
        for other in [
            "arn:aws:ssm:eu-west-1:111122223333:document/x",
            "arn:aws:sns:eu-west-1:111122223333:parameter/x",
            "arn:aws-cn:ssm:eu-west-1:111122223333:parameter/x",
            "/a/b",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
