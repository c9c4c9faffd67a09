//! A structure of which just one member is present, as a Rust enum.

use crate::error::Result;
use crate::generate::plan::Plan;
use crate::generate::{doc, name};
use crate::model::Shape;

use super::{Uses, member_type, schema_impl};

pub(super) fn render(
    plan: &Plan<'_>,
    shape_name: &str,
    shape: &Shape,
    doc: &str,
    uses: &mut Uses,
) -> Result<String> {
    let rust_name = name::type_name(shape_name);
    let (mut variants, mut taken, mut given) = (String::new(), String::new(), String::new());
    let count = shape.members.iter().count();
    for (index, (member, reference)) in shape.members.iter().enumerate() {
        let variant = name::variant(member);
        let kind = member_type(plan, shape_name, reference, uses)?;
        let facts = doc::member(member, reference, plan.shape(&reference.shape)?, false);
        variants += &format!("/// {facts}\n{variant}({kind}),\n");
        taken += &format!("let found = found.or(slots.optional()?.map(Self::{variant}));\n");
        let slots: Vec<&str> =
            (0..count).map(|slot| if slot == index { "Some(member.into_value())" } else { "None" }).collect();
        given += &format!("Self::{variant}(member) => Value::Structure(vec![{}]),\n", slots.join(", "));
    }
    for path in ["convert::Structure", "Mismatch", "Schema", "Shape", "Slots", "Value"] {
        uses.add(&format!("alcazar_shape::{path}"));
    }
    uses.add("crate::schema");
    Ok(format!(
        "/// {doc} One of these.\n\
         #[derive(Debug, Clone, PartialEq)]\n\
         pub enum {rust_name} {{\n{variants}}}\n\n\
         impl Shape for {rust_name} {{\n\
         fn from_value(value: Value) -> Result<Self, Mismatch> {{\n\
         let mut slots = Slots::open(value)?;\n\
         let found = None;\n{taken}\
         found.ok_or(Mismatch)\n\
         }}\n\n\
         fn into_value(self) -> Value {{\nmatch self {{\n{given}}}\n}}\n}}\n\n{schema}",
        schema = schema_impl(shape_name),
    ))
}
