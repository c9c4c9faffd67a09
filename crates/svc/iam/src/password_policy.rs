//! The account's password policy, and AWS's own where the account has none.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html>

use std::sync::Arc;

use alcazar_api_iam::types;
use alcazar_base::{AccountId, SecretString};
use alcazar_engine::{CallInfo, Granted, Name, Reads, Result};
use alcazar_identity::account::Account;
use alcazar_policy::PrincipalKind;
use alcazar_shape::ApiError;
use minicbor::{Decode, Encode};

use crate::error;

/// The most passwords that a policy can have remembered.
pub(crate) const REUSE_PREVENTION_MAX: usize = 24;

/// How many characters a password has at least by a policy that does not say.
pub(crate) const LENGTH_DEFAULT: u32 = 6;

/// The same where the account has no policy, and of how many classes characters must be then.
const LENGTH_WITHOUT_POLICY: u32 = 8;
const CLASSES_WITHOUT_POLICY: usize = 3;

/// What counts as a symbol.
const SYMBOLS: &str = "!@#$%^&*()_+-=[]{}|'";

/// A password policy. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct PasswordPolicy {
    /// The fewest characters.
    #[n(0)]
    pub(crate) minimum_length: u32,
    /// Whether one must be a symbol.
    #[n(1)]
    pub(crate) require_symbols: bool,
    /// Whether one must be a digit.
    #[n(2)]
    pub(crate) require_numbers: bool,
    /// Whether one must be from `A` to `Z`.
    #[n(3)]
    pub(crate) require_uppercase: bool,
    /// Whether one must be from `a` to `z`.
    #[n(4)]
    pub(crate) require_lowercase: bool,
    /// Whether every user may change its own password.
    #[n(5)]
    pub(crate) users_may_change: bool,
    /// How many days a password is good for.
    #[n(6)]
    pub(crate) max_age_days: Option<u32>,
    /// How many of the user's last passwords are refused.
    #[n(7)]
    pub(crate) reuse_prevention: Option<u32>,
    /// Whether only an administrator can replace a password that has expired.
    #[n(8)]
    pub(crate) hard_expiry: Option<bool>,
}

impl PasswordPolicy {
    /// That of an account.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, account: AccountId) -> Result<Option<Arc<Self>>> {
        reads.get(&name(account)).await
    }

    /// How many of a user's last passwords are refused.
    #[must_use]
    pub(crate) fn remembered(&self) -> usize {
        let remembered = self.reuse_prevention.and_then(|most| usize::try_from(most).ok());
        remembered.unwrap_or(0).min(REUSE_PREVENTION_MAX)
    }

    /// As answers show it.
    #[must_use]
    pub(crate) fn shown(&self) -> types::PasswordPolicy {
        let number = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
        types::PasswordPolicy {
            minimum_password_length: Some(number(self.minimum_length)),
            require_symbols: Some(self.require_symbols),
            require_numbers: Some(self.require_numbers),
            require_uppercase_characters: Some(self.require_uppercase),
            require_lowercase_characters: Some(self.require_lowercase),
            allow_users_to_change_password: Some(self.users_may_change),
            expire_passwords: Some(self.max_age_days.is_some()),
            max_password_age: self.max_age_days.map(number),
            password_reuse_prevention: self.reuse_prevention.map(number),
            hard_expiry: self.hard_expiry,
        }
    }

    fn check(&self, password: &str) -> Result<(), ApiError> {
        long_enough(password, self.minimum_length)?;
        let required =
            [self.require_uppercase, self.require_lowercase, self.require_numbers, self.require_symbols];
        for ((class, has), required) in CLASSES.iter().zip(required) {
            if required && !password.chars().any(has) {
                return Err(error::password_lacks(class));
            }
        }
        Ok(())
    }
}

type Class = (&'static str, fn(char) -> bool);

/// The classes of characters, as AWS calls them.
const CLASSES: [Class; 4] = [
    ("uppercase letter", |character| character.is_ascii_uppercase()),
    ("lowercase letter", |character| character.is_ascii_lowercase()),
    ("number", |character| character.is_ascii_digit()),
    ("symbol", |character| SYMBOLS.contains(character)),
];

/// Passes if a password conforms to the policy of the caller's account, which it gives back.
///
/// # Errors
/// It does not, or the store failed.
pub(crate) async fn check(
    reads: &mut Reads<'_>,
    password: &SecretString,
) -> Result<Option<Arc<PasswordPolicy>>> {
    let account = reads.account();
    let policy = PasswordPolicy::find(reads, account).await?;
    if let Some(policy) = &policy {
        policy.check(password.expose())?;
    } else {
        check_without_policy(password.expose())?;
        let account = Account::find(&mut reads.records(), account).await?;
        let is = |text: &str| text.eq_ignore_ascii_case(password.expose());
        if account.is_some_and(|account| is(&account.name) || is(&account.email)) {
            return Err(error::password_does_not_conform().into());
        }
    }
    Ok(policy)
}

fn check_without_policy(password: &str) -> Result<(), ApiError> {
    long_enough(password, LENGTH_WITHOUT_POLICY)?;
    let classes = CLASSES.iter().filter(|(_, has)| password.chars().any(has)).count();
    if classes < CLASSES_WITHOUT_POLICY { Err(error::password_does_not_conform()) } else { Ok(()) }
}

fn long_enough(password: &str, least: u32) -> Result<(), ApiError> {
    let length = u32::try_from(password.chars().count()).unwrap_or(u32::MAX);
    if length < least { Err(error::password_too_short(least)) } else { Ok(()) }
}

/// What the account's policy grants a user: to change its own password, and to see what it has to be like.
///
/// # Errors
/// The store failed.
pub(crate) async fn granted(reads: &mut Reads<'_>) -> Result<Granted> {
    let account = reads.account();
    if !is_user(reads.call()) {
        return Ok(Granted::Nothing);
    }
    let policy = PasswordPolicy::find(reads, account).await?;
    let may = policy.is_some_and(|policy| policy.users_may_change);
    Ok(if may { Granted::ToCaller } else { Granted::Nothing })
}

/// Whether the caller is a user.
#[must_use]
pub(crate) fn is_user(call: &CallInfo) -> bool {
    call.caller.principal.kind == PrincipalKind::User
}

/// The name of an account's password policy's record.
#[must_use]
pub(crate) fn name(account: AccountId) -> Name {
    Name::table("iam.password_policy").part(account.as_str()).name()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> PasswordPolicy {
        PasswordPolicy {
            minimum_length: 7,
            require_symbols: true,
            require_numbers: true,
            require_uppercase: true,
            require_lowercase: true,
            users_may_change: false,
            max_age_days: None,
            reuse_prevention: None,
            hard_expiry: None,
        }
    }

    #[test]
    fn a_password_is_told_what_it_lacks() {
        let said =
            |password: &str| policy().check(password).unwrap_err().message().unwrap_or_default().to_owned();
        assert_eq!(said("Aa1!"), "Password should have a minimum length of 7");
        assert_eq!(said("aa1!aaaa"), "Password should have at least one uppercase letter");
        assert_eq!(said("AA1!AAAA"), "Password should have at least one lowercase letter");
        assert_eq!(said("Aaa!aaaa"), "Password should have at least one number");
        assert_eq!(said("Aa1aaaa§"), "Password should have at least one symbol");
        assert!(policy().check("Aa1'aaaa").is_ok());
    }

    #[test]
    fn without_a_policy_three_of_four_classes_do() {
        assert!(check_without_policy("aaaaaaA1").is_ok());
        assert!(check_without_policy("aaaaaaaA").is_err());
        assert!(check_without_policy("aA1!").is_err());
    }
}
