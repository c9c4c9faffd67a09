//! `operation.rs` and `operation/<name>.rs`: each operation's marker, model, input and output.

use crate::error::Result;
use crate::model::{Operation, Reference};

use super::Sources;
use super::name;
use super::plan::{Plan, UNIT};
use super::types::{self, Uses};

pub(super) fn render(plan: &Plan<'_>) -> Result<Sources> {
    let mut sources = Sources::new();
    let mut modules: Vec<(String, Vec<String>)> = Vec::new();
    for (operation_name, operation) in &plan.operations {
        let module = name::snake(operation_name);
        let path = format!("operation/{module}.rs");
        sources.insert(path.into(), file(plan, operation_name, operation)?);
        let own = [&operation.input, &operation.output]
            .into_iter()
            .flatten()
            .filter(|end| plan.is_own(&end.shape))
            .map(|end| name::type_name(&end.shape));
        modules.push((module, std::iter::once((*operation_name).to_owned()).chain(own).collect()));
    }
    modules.sort();
    let mut text = "//! The operations, one in each module.\n\n".to_owned();
    for (module, _) in &modules {
        text += &format!("mod {module};\n");
    }
    text.push('\n');
    for (module, exported) in &modules {
        text += &format!("pub use {module}::{{{}}};\n", exported.join(", "));
    }
    sources.insert("operation.rs".into(), text);
    Ok(sources)
}

/// One operation's file.
fn file(plan: &Plan<'_>, operation_name: &str, operation: &Operation) -> Result<String> {
    let mut uses = Uses::default();
    let mut shapes = String::new();
    let ends = [
        (&operation.input, format!("What `{operation_name}` takes.")),
        (&operation.output, format!("What `{operation_name}` answers.")),
    ];
    for (end, doc) in &ends {
        if let Some(end) = end.as_ref().filter(|end| plan.is_own(&end.shape)) {
            shapes += &format!("\n{}", types::structure(plan, &end.shape, doc, &mut uses)?);
        }
    }
    let input = end(plan, &operation.input, &mut uses);
    let output = end(plan, &operation.output, &mut uses);
    let errors: Vec<String> =
        operation.errors.iter().map(|error| format!("&error::{}", name::constant(&error.shape))).collect();
    uses.add("alcazar_shape::ApiOperation");
    uses.add("alcazar_shape::OperationModel");
    uses.add("crate::schema");
    uses.add("crate::service::SERVICE");
    if !errors.is_empty() {
        uses.add("crate::error");
    }
    let wrapper =
        operation.output.as_ref().and_then(|output| output.result_wrapper.as_deref()).unwrap_or_default();
    Ok(format!(
        "//! `{operation_name}`.\n\n{uses}\n\
         /// The operation `{operation_name}`.\n\
         #[derive(Debug, Clone, Copy)]\n\
         pub struct {marker};\n\n\
         static MODEL: OperationModel = OperationModel {{\n\
         name: {operation_name:?},\n\
         service: &SERVICE,\n\
         input: &schema::{input_schema},\n\
         output: &schema::{output_schema},\n\
         result_wrapper: {wrapper:?},\n\
         errors: &[{errors}],\n\
         }};\n\n\
         impl ApiOperation for {marker} {{\n\
         type Input = {input};\n\
         type Output = {output};\n\
         const MODEL: &'static OperationModel = &MODEL;\n\
         }}\n{shapes}",
        uses = uses.text(),
        marker = operation_name,
        input_schema = schema(&operation.input),
        output_schema = schema(&operation.output),
        errors = errors.join(", "),
    ))
}

/// The Rust type of an input or output.
fn end(plan: &Plan<'_>, reference: &Option<Reference>, uses: &mut Uses) -> String {
    let Some(reference) = reference else {
        uses.add(&format!("crate::types::{UNIT}"));
        return UNIT.to_owned();
    };
    let name = name::type_name(&reference.shape);
    if !plan.is_own(&reference.shape) {
        uses.add(&format!("crate::types::{name}"));
    }
    name
}

fn schema(reference: &Option<Reference>) -> String {
    name::constant(reference.as_ref().map_or(UNIT, |reference| &reference.shape))
}
