//! A closed set of texts as a Rust enum.

use std::collections::BTreeSet;

use crate::error::{Result, fail};
use crate::generate::name;
use crate::model::Shape;

use super::Uses;

pub(super) fn render(shape_name: &str, shape: &Shape, uses: &mut Uses) -> Result<String> {
    let rust_name = name::type_name(shape_name);
    let mut seen = BTreeSet::new();
    let (mut variants, mut texts, mut parsed) = (String::new(), String::new(), String::new());
    for value in &shape.values {
        let variant = name::variant(value);
        if !seen.insert(variant.clone()) {
            return fail(format!("two of its values would be called {variant}"));
        }
        variants += &format!("/// `{value}`\n{variant},\n");
        texts += &format!("Self::{variant} => {value:?},\n");
        parsed += &format!("{value:?} => Ok(Self::{variant}),\n");
    }
    uses.add("std::str::FromStr");
    for name in ["Mismatch", "Shape", "Value"] {
        uses.add(&format!("alcazar_shape::{name}"));
    }
    let long = name::allow_long(shape.values.len());
    let given = if shape.sensitive { "SecretString" } else { "String" };
    let text = if shape.sensitive { "self.as_str().to_owned().into()" } else { "self.as_str().to_owned()" };
    Ok(format!(
        "/// `{shape_name}`.\n\
         #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]\n\
         pub enum {rust_name} {{\n{variants}}}\n\n\
         impl {rust_name} {{\n\
         /// The text of it.\n\
         #[must_use]\n{long}\
         pub const fn as_str(self) -> &'static str {{\nmatch self {{\n{texts}}}\n}}\n}}\n\n\
         impl FromStr for {rust_name} {{\n\
         type Err = Mismatch;\n\n{long}\
         fn from_str(text: &str) -> Result<Self, Mismatch> {{\n\
         match text {{\n{parsed}_ => Err(Mismatch),\n}}\n}}\n}}\n\n\
         impl Shape for {rust_name} {{\n\
         fn from_value(value: Value) -> Result<Self, Mismatch> {{\n\
         value.as_str().ok_or(Mismatch)?.parse()\n\
         }}\n\n\
         fn into_value(self) -> Value {{\nValue::{given}({text})\n}}\n}}\n"
    ))
}
