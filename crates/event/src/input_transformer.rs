//! Input transformers: a template that is filled with parts of an event.
//!
//! A template is JSON in which `<name>` stands for values, or strings on lines of their own. Where a value stands by
//! itself, it is written as JSON; within quotation marks it is written without any of its own, and, as AWS does it, not
//! escaped. What is missing is an empty string.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html>

use std::cell::OnceCell;
use std::collections::BTreeMap;

use alcazar_base::Timestamp;
use thiserror::Error;

use crate::input_path::{InputPath, InvalidInputPath};
use crate::json::{Place, Source};
use crate::ordered::Ordered;

/// How many paths a transformer may have.
pub const INPUT_PATHS_MAX: usize = 100;

/// How long a template may be.
pub const INPUT_TEMPLATE_CHARACTERS_MAX: usize = 8192;

/// How long what a transformer makes may be: as long as an event.
pub const TRANSFORMED_BYTES_MAX: usize = 1024 * 1024;

/// A template and its variables, ready to be filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputTransformer {
    parts: Box<[Part]>,
    /// Those that the template names.
    variables: Box<[Variable]>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(Box<str>),
    /// Which of the variables, and whether it stands within quotation marks.
    Variable {
        index: usize,
        quoted: bool,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Variable {
    Path(InputPath),
    RuleArn,
    RuleName,
    IngestionTime,
    /// The event without its detail.
    Event,
    /// The event as it is.
    EventJson,
}

/// Why a template and paths are no transformer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InputTransformerError {
    /// There are too many paths.
    #[error("has more than {INPUT_PATHS_MAX} paths")]
    TooManyPaths,
    /// The template is too long.
    #[error("has a template of more than {INPUT_TEMPLATE_CHARACTERS_MAX} characters")]
    TooLong,
    /// A variable has a name that is reserved.
    #[error("uses the reserved key {0}")]
    ReservedKey(String),
    /// A path is none.
    #[error(transparent)]
    Path(#[from] InvalidInputPath),
    /// The template names a variable that is not there.
    #[error("contains invalid placeholder {0}")]
    Placeholder(String),
    /// The template is no JSON. The place at which it ends to be is told as AWS tells it.
    #[error("is not a valid JSON text {0}")]
    NotJson(String),
}

/// What was made is longer than any event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the transformed event is longer than {TRANSFORMED_BYTES_MAX} bytes")]
pub struct TransformedTooLong;

/// What a template is filled with.
#[derive(Debug, Clone, Copy)]
pub struct TransformerInput<'e> {
    /// The event's text, as it would go to a target without a transformer.
    pub event: &'e str,
    /// The rule that the event matched.
    pub rule_arn: &'e str,
    /// Its name.
    pub rule_name: &'e str,
    /// When EventBridge received the event.
    pub ingestion_time: Timestamp,
}

impl InputTransformerError {
    /// The message of PutTargets' error for the target.
    #[must_use]
    pub fn message(&self, target_id: &str) -> String {
        match self {
            Self::Placeholder(name) => {
                format!("InputTemplate for target {target_id} contains invalid placeholder {name}.")
            }
            Self::NotJson(place) => format!("Invalid InputTemplate for target {target_id} : {place}."),
            Self::Path(path) => format!("InputPathsMap for target {target_id} is not valid: {path}."),
            Self::TooManyPaths | Self::TooLong | Self::ReservedKey(_) => {
                format!("InputTransformer for target {target_id} {self}.")
            }
        }
    }
}

impl InputTransformer {
    /// Reads the paths of the variables and the template.
    ///
    /// # Errors
    /// `InputTransformerError` if they do not go together.
    pub fn parse<'p>(
        paths: impl IntoIterator<Item = (&'p str, &'p str)>,
        template: &str,
    ) -> Result<Self, InputTransformerError> {
        let mut variables = BTreeMap::new();
        for (name, path) in paths {
            if name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws.")) {
                return Err(InputTransformerError::ReservedKey(name.to_owned()));
            }
            variables.insert(name, InputPath::parse(path)?);
            if variables.len() > INPUT_PATHS_MAX {
                return Err(InputTransformerError::TooManyPaths);
            }
        }
        if template.chars().count() > INPUT_TEMPLATE_CHARACTERS_MAX {
            return Err(InputTransformerError::TooLong);
        }
        let mut reader = TemplateReader::default();
        reader.read(template, &variables)?;
        check_json(&reader.sample)?;
        Ok(Self { parts: reader.parts.into(), variables: reader.variables.into() })
    }

    /// Fills the template.
    ///
    /// # Errors
    /// `TransformedTooLong` if that is longer than any event.
    pub fn apply(&self, input: &TransformerInput<'_>) -> Result<String, TransformedTooLong> {
        let event = OnceCell::new();
        let event = || event.get_or_init(|| Ordered::parse(input.event).unwrap_or(Ordered::Null));
        let mut values: Vec<Option<Filling>> = vec![None; self.variables.len()];
        let mut output = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => output.push_str(text),
                Part::Variable { index, quoted } => {
                    let (Some(variable), Some(value)) = (self.variables.get(*index), values.get_mut(*index))
                    else {
                        continue;
                    };
                    let filling = value.get_or_insert_with(|| Filling::of(variable.value(input, event)));
                    output.push_str(if *quoted { &filling.within_quotes } else { &filling.alone });
                }
            }
            if output.len() > TRANSFORMED_BYTES_MAX {
                return Err(TransformedTooLong);
            }
        }
        Ok(output)
    }
}

/// What is written for a variable.
#[derive(Clone)]
struct Filling {
    alone: String,
    within_quotes: String,
}

impl Filling {
    /// A string's text, or JSON without quotation marks, stands within quotation marks.
    fn of(json: Option<String>) -> Self {
        let Some(json) = json else {
            return Self { alone: "\"\"".to_owned(), within_quotes: String::new() };
        };
        let within_quotes = if json.starts_with('"') {
            serde_json::from_str(&json).unwrap_or_default()
        } else {
            without_quotation_marks(&json)
        };
        Self { alone: json, within_quotes }
    }
}

/// JSON without its quotation marks, those that are escaped too.
fn without_quotation_marks(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut characters = json.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => {}
            '\\' => match characters.next() {
                Some('"') | None => {}
                Some(escaped) => text.extend(['\\', escaped]),
            },
            other => text.push(other),
        }
    }
    text
}

/// Cuts a template into its parts.
#[derive(Default)]
struct TemplateReader {
    parts: Vec<Part>,
    variables: Vec<Variable>,
    /// The template with samples in the place of variables.
    sample: String,
    quoted: bool,
    escaped: bool,
}

impl TemplateReader {
    fn read(
        &mut self,
        template: &str,
        variables: &BTreeMap<&str, InputPath>,
    ) -> Result<(), InputTransformerError> {
        let mut rest = template;
        while let Some((text, name, after)) = next_placeholder(rest) {
            self.text(text);
            let variable = Variable::named(name, variables)
                .ok_or_else(|| InputTransformerError::Placeholder(name.to_owned()))?;
            if !self.quoted {
                self.sample.push_str("null");
            }
            let known = self.variables.iter().position(|known| *known == variable);
            let index = known.unwrap_or_else(|| {
                self.variables.push(variable);
                self.variables.len() - 1
            });
            self.parts.push(Part::Variable { index, quoted: self.quoted });
            rest = after;
        }
        self.text(rest);
        Ok(())
    }

    fn text(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                _ if self.escaped => self.escaped = false,
                '\\' => self.escaped = self.quoted,
                '"' => self.quoted = !self.quoted,
                _ => {}
            }
        }
        self.sample.push_str(text);
        self.parts.push(Part::Text(text.into()));
    }
}

/// What precedes a placeholder, its name, and what follows it. `<` and `>` on one line always make one.
fn next_placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find('<')?;
        let inside = text.get(start + 1..)?;
        let end = inside.find(['>', '\n'])?;
        if inside.get(end..)?.starts_with('>') {
            return Some((text.get(..start)?, inside.get(..end)?, inside.get(end + 1..)?));
        }
        from = start + 1 + end;
    }
}

/// A template is one JSON value, or several.
fn check_json(sample: &str) -> Result<(), InputTransformerError> {
    let mut rest = sample;
    loop {
        let source = Source::new(rest);
        match source.root() {
            Ok(value) => rest = rest.get(value.end().0..).unwrap_or_default(),
            Err((_, place)) => {
                let place = place.0 + (sample.len() - rest.len());
                let told = Source::new(sample).locate(Place(place));
                return Err(InputTransformerError::NotJson(told.trim_start_matches("\n at ").to_owned()));
            }
        }
        if rest.trim_ascii().is_empty() {
            return Ok(());
        }
    }
}

impl Variable {
    fn named(name: &str, variables: &BTreeMap<&str, InputPath>) -> Option<Self> {
        Some(match name {
            "aws.events.rule-arn" => Self::RuleArn,
            "aws.events.rule-name" => Self::RuleName,
            "aws.events.event.ingestion-time" => Self::IngestionTime,
            "aws.events.event" => Self::Event,
            "aws.events.event.json" => Self::EventJson,
            name => Self::Path(variables.get(name)?.clone()),
        })
    }

    /// The variable's value as JSON.
    fn value<'e>(&self, input: &TransformerInput<'_>, event: impl FnOnce() -> &'e Ordered) -> Option<String> {
        let string = |text: &str| serde_json::Value::from(text).to_string();
        match self {
            Self::Path(path) => path.select_in(event()),
            Self::RuleArn => Some(string(input.rule_arn)),
            Self::RuleName => Some(string(input.rule_name)),
            Self::IngestionTime => Some(string(&input.ingestion_time.to_string())),
            Self::Event => Some(without_detail(event()).to_json()),
            Self::EventJson => Some(input.event.to_owned()),
        }
    }
}

/// The event without its detail, its members named and ordered as AWS has them there.
fn without_detail(event: &Ordered) -> Ordered {
    const NAMES: [(&str, &str); 8] = [
        ("id", "id"),
        ("account", "account"),
        ("detailType", "detail-type"),
        ("time", "time"),
        ("source", "source"),
        ("region", "region"),
        ("resources", "resources"),
        ("version", "version"),
    ];
    let members =
        NAMES.iter().filter_map(|(written, name)| Some(((*written).to_owned(), event.member(name)?.clone())));
    Ordered::Object(members.collect())
}
