//! `error.rs`: one enum of the errors that the service's operations list. Where they are many, what the model says of
//! each stands in files beside it.

use std::collections::BTreeSet;

use crate::model::Shape;

use super::Sources;
use super::name;
use super::plan::Plan;
use super::split::{Item, lines, split};

/// The greatest number of lines of `error.rs` itself, which formatting leaves as they are.
const LINES_MAX: usize = 590;

pub(super) fn render(plan: &Plan<'_>) -> Sources {
    let mut sources = Sources::new();
    let mut root = codes(plan);
    let items: Vec<Item> = plan.errors.iter().map(|(error, shape)| model(error, shape)).collect();
    if root.lines().count() + lines(&items) <= LINES_MAX {
        root += &texts(&items);
    } else {
        let (mut modules, mut exports) = (String::new(), String::new());
        for part in split(items) {
            let range = part.range();
            let name = part.name.unwrap_or_else(|| "model".to_owned());
            modules += &format!("mod {name};\n");
            exports += &format!("pub(crate) use {name}::*;\n");
            let text = format!(
                "//! The errors from {range}.\n\nuse alcazar_shape::ErrorModel;\n\n{}",
                texts(&part.items)
            );
            sources.insert(format!("error/{name}.rs").into(), text);
        }
        root = root.replacen("\n\n", &format!("\n\n{modules}\n{exports}\n"), 1);
    }
    sources.insert("error.rs".into(), root);
    sources
}

fn texts(items: &[Item]) -> String {
    items.iter().map(|item| format!("{}\n", item.text)).collect()
}

/// The enum, and how a variant becomes an error.
fn codes(plan: &Plan<'_>) -> String {
    let variants: String = plan
        .errors
        .iter()
        .map(|(error, shape)| {
            let (_, status, _) = facts(error, shape);
            format!("/// `{error}`, HTTP status {status}.\n{},\n", name::type_name(error))
        })
        .collect();
    let arms: String = plan
        .errors
        .keys()
        .map(|error| format!("Self::{} => &{},\n", name::type_name(error), name::constant(error)))
        .collect();
    let long = name::allow_long(plan.errors.len());
    format!(
        "//! The errors that the service's operations list.\n\n\
         use alcazar_shape::{{ApiError, ErrorModel}};\n\n\
         /// An error of the service's own. The errors that all services share are in `alcazar_shape::common_error`.\n\
         #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]\n\
         pub enum ErrorCode {{\n{variants}}}\n\n\
         impl ErrorCode {{\n\
         /// What the model says of it.\n\
         #[must_use]\n{long}\
         pub const fn model(self) -> &'static ErrorModel {{\nmatch self {{\n{arms}}}\n}}\n\n\
         /// The error with AWS's text for it.\n\
         #[must_use]\n\
         pub fn because(self, message: impl Into<String>) -> ApiError {{\nself.model().because(message)\n}}\n\n\
         /// The error without a text.\n\
         #[must_use]\n\
         pub fn bare(self) -> ApiError {{\nself.model().bare()\n}}\n\
         }}\n\n"
    )
}

/// What the model says of one error.
fn model(error: &str, shape: &Shape) -> Item {
    let (code, status, sender_fault) = facts(error, shape);
    let text = format!(
        "pub(crate) static {constant}: ErrorModel = ErrorModel {{\n\
         name: {error:?},\n\
         query_code: {code:?},\n\
         status: {status},\n\
         query_status: {status},\n\
         sender_fault: {sender_fault},\n\
         message_member: {member:?},\n\
         }};\n",
        constant = name::constant(error),
        member = message_member(shape),
    );
    Item { name: error.to_owned(), text, uses: BTreeSet::new() }
}

/// An error's code in Query answers, its status, and whether the caller is at fault. Where the model gives no
/// status, as in the JSON protocols, it is 400 for the caller's faults and 500 for the service's.
fn facts<'a>(error: &'a str, shape: &'a Shape) -> (&'a str, u16, bool) {
    let given = shape.error.as_ref();
    let status = given.and_then(|given| given.http_status_code);
    let sender_fault = given
        .and_then(|given| given.sender_fault)
        .unwrap_or(!shape.fault && status.is_none_or(|status| status < 500));
    let code = given.and_then(|given| given.code.as_deref()).unwrap_or(error);
    (code, status.unwrap_or(if sender_fault { 400 } else { 500 }), sender_fault)
}

/// The member that holds an error's text. Where the model gives none, it is that of most.
fn message_member(shape: &Shape) -> &str {
    let mut names = shape.members.0.iter().map(|(name, _)| name.as_str());
    names.find(|name| name.eq_ignore_ascii_case("message")).unwrap_or("message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_the_models_or_follows_from_whose_fault_it_is() {
        let shape = |text: &str| serde_json::from_str::<Shape>(text).unwrap();
        let client = shape(r#"{"type":"structure","exception":true}"#);
        assert_eq!(facts("A", &client), ("A", 400, true));
        let server = shape(r#"{"type":"structure","exception":true,"fault":true}"#);
        assert_eq!(facts("A", &server), ("A", 500, false));
        let given =
            shape(r#"{"type":"structure","error":{"code":"B","httpStatusCode":403,"senderFault":true}}"#);
        assert_eq!(facts("A", &given), ("B", 403, true));
    }
}
