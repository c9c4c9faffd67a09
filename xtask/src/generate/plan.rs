//! What is to be generated for a service: its operations, and the shapes and errors that they reach.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, Result, fail};
use crate::model::{Model, Operation, Shape};

use super::name;

/// The shape that stands for an input or output that the model does not give (Smithy calls it so, too).
pub(super) const UNIT: &str = "Unit";

/// The plan for one service.
pub(super) struct Plan<'a> {
    pub(super) model: &'a Model,
    /// In the catalogue's order.
    pub(super) operations: Vec<(&'a str, &'a Operation)>,
    /// Every shape that an input or output reaches, by name.
    pub(super) shapes: BTreeMap<&'a str, &'a Shape>,
    /// Every error that an operation lists, by name.
    pub(super) errors: BTreeMap<&'a str, &'a Shape>,
    /// Inputs and outputs that belong to one operation alone; they are written beside it.
    own: BTreeSet<&'a str>,
    /// Whether an operation lacks an input or output.
    pub(super) needs_unit: bool,
}

impl<'a> Plan<'a> {
    pub(super) fn new(model: &'a Model, listed: &'a [String]) -> Result<Self> {
        let mut operations = Vec::new();
        for name in listed {
            let operation = model
                .operations
                .get(name)
                .ok_or_else(|| Error::new(format!("the model has no operation {name}")))?;
            operations.push((name.as_str(), operation));
        }
        let ends = |operation: &'a Operation| operation.input.iter().chain(&operation.output);
        let uses: Vec<&str> = operations
            .iter()
            .flat_map(|(_, operation)| ends(operation))
            .map(|end| end.shape.as_str())
            .collect();
        let shapes = reachable(model, &uses)?;
        let mut errors = BTreeMap::new();
        for error in operations.iter().flat_map(|(_, operation)| &operation.errors) {
            errors.insert(error.shape.as_str(), model.shape(&error.shape)?);
        }
        let within: BTreeSet<&str> =
            shapes.values().flat_map(|shape| shape.references()).map(|used| used.shape.as_str()).collect();
        let own = uses
            .iter()
            .copied()
            .filter(|name| !within.contains(name) && uses.iter().filter(|used| *used == name).count() == 1)
            .collect();
        let needs_unit =
            operations.iter().any(|(_, operation)| operation.input.is_none() || operation.output.is_none());
        let plan = Self { model, operations, shapes, errors, own, needs_unit };
        plan.check_names()?;
        Ok(plan)
    }

    /// Whether a shape is written beside its operation.
    pub(super) fn is_own(&self, name: &str) -> bool {
        self.own.contains(name)
    }

    /// The shape of that name; the plan holds every shape that any of its shapes uses.
    pub(super) fn shape(&self, name: &str) -> Result<&'a Shape> {
        self.model.shape(name)
    }

    /// Whether a shape has a Rust type of its own.
    pub(super) fn is_named_type(shape: &Shape) -> bool {
        shape.is_structure() || shape.is_enum()
    }

    /// Whether `holder`'s member must be boxed: `held`, a structure, holds `holder` without a list or map between.
    pub(super) fn is_recursive(&self, holder: &str, held: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![held];
        while let Some(name) = waiting.pop() {
            if name == holder {
                return true;
            }
            let Some(shape) = self.shapes.get(name).filter(|shape| shape.is_structure() && seen.insert(name))
            else {
                continue;
            };
            waiting.extend(shape.references().map(|used| used.shape.as_str()));
        }
        false
    }

    /// Two shapes may not get the same name in Rust.
    fn check_names(&self) -> Result<()> {
        let mut seen = BTreeMap::new();
        for &shape in self.shapes.keys() {
            if shape == UNIT && self.needs_unit {
                return fail(format!("{UNIT} is a shape of the model's own"));
            }
            if let Some(other) = seen.insert(name::constant(shape), shape) {
                return fail(format!("{shape} and {other} would have the same name"));
            }
        }
        Ok(())
    }
}

/// Every shape that `roots` reach, by name.
fn reachable<'a>(model: &'a Model, roots: &[&'a str]) -> Result<BTreeMap<&'a str, &'a Shape>> {
    let mut found = BTreeMap::new();
    let mut waiting = roots.to_vec();
    while let Some(name) = waiting.pop() {
        let shape = model.shape(name)?;
        if found.insert(name, shape).is_none() {
            waiting.extend(shape.references().map(|used| used.shape.as_str()));
        }
    }
    Ok(found)
}
