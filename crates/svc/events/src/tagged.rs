//! The bus or rule that an ARN names, to be tagged.

use alcazar_engine::{CallInfo, Check, Cx, Reads, Result};

use crate::arn::TaggedId;
use crate::bus::{self, Bus};
use crate::error;
use crate::named::{NamedBus, NamedRule};
use crate::rule::{self, Rule};
use crate::tag::Tag;

/// What has tags.
pub enum Tagged {
    /// A bus.
    Bus(NamedBus),
    /// A rule.
    Rule(NamedRule),
    /// The ARN is of nothing that has tags.
    Nothing(String),
}

impl Tagged {
    /// Finds what an ARN names.
    pub(crate) async fn find(reads: &mut Reads<'_>, arn: &str) -> Result<Self> {
        Ok(match TaggedId::of_arn(arn) {
            Some(TaggedId::Bus(bus)) => Self::Bus(NamedBus::find(reads, Some(&bus.arn())).await?),
            Some(TaggedId::Rule(bus, rule)) => {
                Self::Rule(NamedRule::find(reads, Some(&bus.arn()), &rule).await?)
            }
            None => Self::Nothing(arn.to_owned()),
        })
    }

    /// The question whether the caller may do `action` on it.
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str) -> Check {
        match self {
            Self::Bus(bus) => bus.check(action),
            Self::Rule(rule) => rule.check(call, action),
            Self::Nothing(arn) => Check::new(action, arn.clone(), "", call.account()),
        }
    }

    /// Its tags.
    ///
    /// # Errors
    /// It is not there.
    pub(crate) fn tags(&self) -> Result<&[Tag]> {
        match self {
            Self::Bus(bus) => Ok(&bus.bus()?.tags),
            Self::Rule(rule) => Ok(&rule.rule()?.tags),
            Self::Nothing(arn) => Err(error::not_taggable(arn).into()),
        }
    }

    /// Stores it with other tags.
    ///
    /// # Errors
    /// It is not there, or is a service's, or cannot be sealed.
    pub(crate) fn put_tags(&self, cx: &mut Cx<'_>, tags: Vec<Tag>) -> Result<()> {
        match self {
            Self::Bus(bus) => bus::put(cx, Bus { tags, ..Bus::clone(bus.bus()?) }),
            Self::Rule(rule) => {
                let rule = rule.rule()?;
                rule.check_unmanaged(None)?;
                rule::put(cx, Rule { tags, ..Rule::clone(rule) })
            }
            Self::Nothing(arn) => Err(error::not_taggable(arn).into()),
        }
    }
}
