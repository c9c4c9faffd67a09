//! The root of a generated crate.

use super::Sources;
use super::plan::Plan;

/// `lib.rs`, for the modules that there are.
pub(super) fn lib(plan: &Plan<'_>, sources: &Sources) -> String {
    let name = &plan.model.metadata.service_full_name;
    let modules: String = sources
        .keys()
        .filter(|path| path.components().count() == 1)
        .filter_map(|path| path.file_stem()?.to_str())
        .map(|module| format!("pub mod {module};\n"))
        .collect();
    let error = if plan.errors.is_empty() { "" } else { "pub use error::ErrorCode;\n" };
    format!(
        "//! The API of {name}: its operations, their shapes and errors.\n\n\
         {modules}\n{error}pub use service::SERVICE;\n"
    )
}
