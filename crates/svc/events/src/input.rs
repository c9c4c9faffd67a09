//! What a target is sent of an event: the event itself, or what its rule says instead.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html>

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use alcazar_api_events::types;
use alcazar_event::{InputPath, InputTransformer, TransformerInput};
use alcazar_shape::ApiError;
use minicbor::{Decode, Encode};
use serde::de::IgnoredAny;

use crate::error;
use crate::failure::Failure;

/// What is sent instead of the event.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) enum Input {
    /// Always the same.
    #[n(0)]
    Constant(#[n(0)] String),
    /// A part of the event.
    #[n(1)]
    Path(#[n(0)] String),
    /// A template that parts of the event are put into.
    #[n(2)]
    Transformer(#[n(0)] Transformer),
}

/// A template and where its variables are in the event.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct Transformer {
    #[n(0)]
    paths: Option<BTreeMap<String, String>>,
    #[n(1)]
    template: String,
    #[cbor(skip)]
    read: OnceLock<Option<Arc<InputTransformer>>>,
}

impl Transformer {
    fn read(&self) -> Option<Arc<InputTransformer>> {
        let paths = self.paths.iter().flatten().map(|(name, path)| (name.as_str(), path.as_str()));
        self.read.get_or_init(|| InputTransformer::parse(paths, &self.template).ok().map(Arc::new)).clone()
    }
}

impl Input {
    /// What a request says that its target is to be sent.
    ///
    /// # Errors
    /// It says several things, or one that is nothing.
    pub(crate) fn of_request(target: &types::Target) -> Result<Option<Self>, ApiError> {
        let given = [target.input.is_some(), target.input_path.is_some(), target.input_transformer.is_some()];
        if given.iter().filter(|given| **given).count() > 1 {
            return Err(error::rule::several_inputs(&target.id));
        }
        if let Some(input) = &target.input {
            let parsed: Result<IgnoredAny, _> = serde_json::from_str(input);
            parsed.map_err(|_| error::rule::input_not_json(&target.id))?;
            return Ok(Some(Self::Constant(input.clone())));
        }
        if let Some(path) = &target.input_path {
            InputPath::parse(path).map_err(|_| error::rule::invalid_input_path(&target.id))?;
            return Ok(Some(Self::Path(path.clone())));
        }
        let Some(transformer) = &target.input_transformer else { return Ok(None) };
        let paths = transformer.input_paths_map.iter().flatten();
        let paths = paths.map(|(name, path)| (name.as_str(), path.as_str()));
        let read = InputTransformer::parse(paths, &transformer.input_template)
            .map_err(|error| error::rule::invalid_transformer(error.message(&target.id)))?;
        Ok(Some(Self::Transformer(Transformer {
            paths: transformer.input_paths_map.clone(),
            template: transformer.input_template.clone(),
            read: OnceLock::from(Some(Arc::new(read))),
        })))
    }

    /// Puts it where it is told.
    pub(crate) fn show(&self, target: &mut types::Target) {
        match self {
            Self::Constant(input) => target.input = Some(input.clone()),
            Self::Path(path) => target.input_path = Some(path.clone()),
            Self::Transformer(transformer) => {
                target.input_transformer = Some(types::InputTransformer {
                    input_paths_map: transformer.paths.clone(),
                    input_template: transformer.template.clone(),
                });
            }
        }
    }

    /// What the target is sent of an event.
    ///
    /// # Errors
    /// Nothing can be made of this event.
    pub(crate) fn of_event(&self, event: &TransformerInput<'_>) -> Result<String, Failure> {
        match self {
            Self::Constant(input) => Ok(input.clone()),
            Self::Path(path) => {
                let path =
                    InputPath::parse(path).map_err(|error| Failure::invalid_json(error.to_string()))?;
                Ok(path.select(event.event).unwrap_or_else(|| "null".to_owned()))
            }
            Self::Transformer(transformer) => {
                let read = transformer.read();
                let read =
                    read.ok_or_else(|| Failure::invalid_json("the transformer cannot be read".to_owned()))?;
                read.apply(event).map_err(|error| Failure::invalid_json(error.to_string()))
            }
        }
    }
}
