//! `types.rs`: a Rust type for each structure, union and enum.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, Result};
use crate::model::{Reference, Shape};

use super::Sources;
use super::plan::{Plan, UNIT};
use super::split::{Item, Part, split};
use super::{doc, name};

mod enumeration;
mod union;

/// The paths that a file imports.
#[derive(Default)]
pub(super) struct Uses(BTreeSet<String>);

impl Uses {
    pub(super) fn add(&mut self, path: &str) {
        self.0.insert(path.to_owned());
    }

    /// The `use` lines: the standard library's, other crates', ours.
    pub(super) fn text(&self) -> String {
        let mut groups: [BTreeMap<&str, Vec<&str>>; 3] = Default::default();
        for path in &self.0 {
            let (module, name) = path.rsplit_once("::").unwrap_or(("crate", path));
            let group = match module.split("::").next() {
                Some("std") => 0,
                Some("crate") => 2,
                _ => 1,
            };
            if let Some(group) = groups.get_mut(group) {
                group.entry(module).or_default().push(name);
            }
        }
        let lines = |group: &BTreeMap<&str, Vec<&str>>| -> String {
            group.iter().map(|(module, names)| format!("use {module}::{{{}}};\n", names.join(", "))).collect()
        };
        groups.iter().map(lines).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
    }
}

pub(super) fn render(plan: &Plan<'_>) -> Result<Sources> {
    let mut items = Vec::new();
    for (shape_name, shape) in &plan.shapes {
        if !Plan::is_named_type(shape) || plan.is_own(shape_name) {
            continue;
        }
        let mut uses = Uses::default();
        let text = if shape.is_enum() {
            enumeration::render(shape_name, shape, &mut uses)
        } else {
            structure(plan, shape_name, &format!("`{shape_name}`."), &mut uses)
        };
        let text = text.map_err(|cause| Error::new(format!("the shape {shape_name}: {cause}")))?;
        items.push(Item { name: name::type_name(shape_name), text, uses: uses.0 });
    }
    if plan.needs_unit {
        let mut uses = Uses::default();
        let doc = "The input or output that an operation does not have.";
        let empty = Shape::empty_structure()?;
        let text = plain(plan, UNIT, &empty, doc, &mut uses)?;
        items.push(Item { name: UNIT.to_owned(), text, uses: uses.0 });
    }
    if items.is_empty() {
        return Ok(Sources::new());
    }
    items.sort_by(|one, other| one.name.cmp(&other.name));
    let parts = split(items);
    let mut sources = Sources::new();
    let mut root = "//! The structures and enums that operations share or hold.\n\n".to_owned();
    for part in &parts {
        match &part.name {
            None => root += &body(part),
            Some(name) => {
                root += &format!("mod {name};\n");
                let text = format!("//! The types from {}.\n\n{}", part.range(), body(part));
                sources.insert(format!("types/{name}.rs").into(), text);
            }
        }
    }
    for name in parts.iter().filter_map(|part| part.name.as_ref()) {
        root += &format!("pub use {name}::*;\n");
    }
    sources.insert("types.rs".into(), root);
    Ok(sources)
}

/// The imports and types of one file.
fn body(part: &Part) -> String {
    let mut uses = Uses(part.items.iter().flat_map(|item| item.uses.clone()).collect());
    for item in &part.items {
        uses.0.remove(&format!("crate::types::{}", item.name));
    }
    let text: String = part.items.iter().map(|item| format!("{}\n", item.text)).collect();
    format!("{}\n{text}", uses.text())
}

/// The type of a structure or union, and how it is made from a value and back.
pub(super) fn structure(plan: &Plan<'_>, shape_name: &str, doc: &str, uses: &mut Uses) -> Result<String> {
    let shape = plan.shape(shape_name)?;
    if shape.union {
        union::render(plan, shape_name, shape, doc, uses)
    } else {
        plain(plan, shape_name, shape, doc, uses)
    }
}

fn plain(plan: &Plan<'_>, shape_name: &str, shape: &Shape, doc: &str, uses: &mut Uses) -> Result<String> {
    let (mut fields, mut taken, mut given) = (String::new(), String::new(), String::new());
    let mut has_default = true;
    for (member, reference) in shape.members.iter() {
        let required = shape.required.iter().any(|required| required == member);
        let held = plan.shape(&reference.shape)?;
        let kind = member_type(plan, shape_name, reference, uses)?;
        let kind = if required { kind } else { format!("Option<{kind}>") };
        let field = name::field(member);
        fields += &format!("/// {}\n", doc::member(member, reference, held, required));
        fields += &format!("pub {field}: {kind},\n");
        taken += &format!("{field}: slots.{}()?,\n", if required { "required" } else { "optional" });
        given += &if required {
            format!("Some(self.{field}.into_value()),\n")
        } else {
            format!("self.{field}.map(Shape::into_value),\n")
        };
        has_default &= !required || defaults(plan, held, &mut BTreeSet::new())?;
    }
    let long = name::allow_long(shape.members.iter().count());
    let rust_name = name::type_name(shape_name);
    let default = if has_default { "Default, " } else { "" };
    let (mutable, unused) = if taken.is_empty() { ("", "_") } else { ("mut ", "") };
    for path in ["convert::Structure", "Mismatch", "Schema", "Shape", "Slots", "Value"] {
        uses.add(&format!("alcazar_shape::{path}"));
    }
    uses.add("crate::schema");
    Ok(format!(
        "/// {doc}\n\
         #[derive(Debug, Clone, {default}PartialEq)]\n\
         pub struct {rust_name} {{\n{fields}}}\n\n\
         impl Shape for {rust_name} {{\n\
         {long}fn from_value(value: Value) -> Result<Self, Mismatch> {{\n\
         let {mutable}{unused}slots = Slots::open(value)?;\n\
         Ok(Self {{\n{taken}}})\n\
         }}\n\n\
         {long}fn into_value(self) -> Value {{\n\
         Value::Structure(vec![\n{given}])\n\
         }}\n}}\n\n{schema}",
        schema = schema_impl(shape_name),
    ))
}

/// The tie between a type and its schema.
fn schema_impl(shape_name: &str) -> String {
    format!(
        "impl Structure for {} {{\nconst SCHEMA: &'static Schema = &schema::{};\n}}\n",
        name::type_name(shape_name),
        name::constant(shape_name)
    )
}

/// The Rust type of a member of `holder`.
fn member_type(plan: &Plan<'_>, holder: &str, reference: &Reference, uses: &mut Uses) -> Result<String> {
    let kind = rust_type(plan, &reference.shape, uses)?;
    let boxed = plan.shape(&reference.shape)?.is_structure() && plan.is_recursive(holder, &reference.shape);
    Ok(if boxed { format!("Box<{kind}>") } else { kind })
}

/// The Rust type of a shape.
fn rust_type(plan: &Plan<'_>, shape_name: &str, uses: &mut Uses) -> Result<String> {
    let shape = plan.shape(shape_name)?;
    let mut import = |path: &str, name: &str| {
        uses.add(&format!("{path}::{name}"));
        name.to_owned()
    };
    if Plan::is_named_type(shape) {
        return Ok(import("crate::types", &name::type_name(shape_name)));
    }
    Ok(match (shape.kind.as_str(), shape.sensitive) {
        ("string", true) => import("alcazar_base", "SecretString"),
        ("string", false) => "String".to_owned(),
        ("blob", true) => import("alcazar_base", "SecretBytes"),
        ("blob", false) => "Vec<u8>".to_owned(),
        ("boolean", _) => "bool".to_owned(),
        ("integer", _) => "i32".to_owned(),
        ("long", _) => "i64".to_owned(),
        ("double" | "float", _) => "f64".to_owned(),
        ("timestamp", _) => import("alcazar_base", "Timestamp"),
        (kind @ ("list" | "map"), _) => {
            let (outer, held) = if kind == "list" {
                (import("alcazar_shape::convert", "List"), &shape.member)
            } else {
                (import("std::collections", "BTreeMap"), &shape.value)
            };
            let held = held.as_ref().ok_or_else(|| Error::new(format!("{shape_name} holds nothing")))?;
            let held = rust_type(plan, &held.shape, uses)?;
            if kind == "list" { format!("{outer}<{held}>") } else { format!("{outer}<String, {held}>") }
        }
        (other, _) => return Err(Error::new(format!("{shape_name} is of type {other}"))),
    })
}

/// Whether a shape's type has a default: enums and unions have none, and what must hold one has none.
fn defaults<'a>(plan: &Plan<'a>, shape: &'a Shape, seen: &mut BTreeSet<&'a str>) -> Result<bool> {
    if shape.is_enum() || shape.union {
        return Ok(false);
    }
    if !shape.is_structure() {
        return Ok(true);
    }
    for (member, reference) in shape.members.iter() {
        let required = shape.required.iter().any(|required| required == member);
        if required && seen.insert(&reference.shape) && !defaults(plan, plan.shape(&reference.shape)?, seen)?
        {
            return Ok(false);
        }
    }
    Ok(true)
}
