//! `schema.rs`: a static schema for each shape.

use std::collections::BTreeSet;

use alcazar_shape::pattern;

use crate::error::{Error, Result, fail};
use crate::model::{Reference, Shape};

use super::Sources;
use super::name;
use super::plan::{Plan, UNIT};
use super::split::{Item, Part, split};

pub(super) fn render(plan: &Plan<'_>) -> Result<Sources> {
    let mut items = Vec::new();
    for (shape_name, shape) in &plan.shapes {
        let text = Schema::of(plan, shape_name, shape)
            .map_err(|cause| Error::new(format!("the shape {shape_name}: {cause}")))?
            .text();
        let uses = shape.references().map(|used| name::constant(&used.shape)).collect();
        items.push(Item { name: (*shape_name).to_owned(), text, uses });
    }
    if plan.needs_unit {
        items.push(Item { name: UNIT.to_owned(), text: Schema::unit().text(), uses: BTreeSet::new() });
        items.sort_by(|one, other| one.name.cmp(&other.name));
    }
    let parts = split(items);
    let mut sources = Sources::new();
    let mut root = "//! The shapes' schemas.\n\n".to_owned();
    for part in &parts {
        match &part.name {
            None => root += &body(part),
            Some(name) => {
                root += &format!("mod {name};\n");
                let text = format!("//! The schemas of the shapes from {}.\n\n{}", part.range(), body(part));
                sources.insert(format!("schema/{name}.rs").into(), text);
            }
        }
    }
    for name in parts.iter().filter_map(|part| part.name.as_ref()) {
        root += &format!("pub use {name}::*;\n");
    }
    sources.insert("schema.rs".into(), root);
    Ok(sources)
}

/// The imports and statics of one file.
fn body(part: &Part) -> String {
    let text: String = part.items.iter().map(|item| format!("{}\n", item.text)).collect();
    let here: BTreeSet<String> = part.items.iter().map(|item| name::constant(&item.name)).collect();
    let mut imported: BTreeSet<&str> = BTreeSet::from(["Kind", "Schema"]);
    imported.extend(text.contains("Member {").then_some("Member"));
    imported.extend(text.contains("TimestampFormat::").then_some("TimestampFormat"));
    let ours = Vec::from_iter(imported).join(", ");
    let elsewhere: BTreeSet<&str> = part
        .items
        .iter()
        .flat_map(|item| &item.uses)
        .filter(|used| !here.contains(*used))
        .map(String::as_str)
        .collect();
    let more = if elsewhere.is_empty() {
        String::new()
    } else {
        format!("use super::{{{}}};\n", Vec::from_iter(elsewhere).join(", "))
    };
    format!("use alcazar_shape::{{{ours}}};\n\n{more}\n{text}")
}

/// A schema, as it is about to be written.
struct Schema<'a> {
    name: &'a str,
    doc: String,
    kind: String,
    sensitive: bool,
    range: [Option<i64>; 2],
    pattern: Option<&'a str>,
}

impl<'a> Schema<'a> {
    fn of(plan: &Plan<'_>, name: &'a str, shape: &'a Shape) -> Result<Self> {
        if shape.document {
            return fail("document types are not generated yet");
        }
        let pattern = shape.pattern.as_deref();
        if let Some(Err(cause)) = shape.pattern.as_deref().map(pattern::check) {
            return fail(format!("its pattern is not understood, so it needs a correction: {cause}"));
        }
        let range = [whole(shape.min)?, whole(shape.max)?];
        let kind = kind(plan, shape)?;
        Ok(Self { name, doc: format!("`{name}`."), kind, sensitive: shape.sensitive, range, pattern })
    }

    /// The schema for an input or output that an operation does not have.
    fn unit() -> Self {
        Self {
            name: UNIT,
            doc: "`Unit`, as Smithy calls the input or output that an operation does not have.".to_owned(),
            kind: "Kind::Structure { members: &[], union: false }".to_owned(),
            sensitive: false,
            range: [None; 2],
            pattern: None,
        }
    }

    fn text(&self) -> String {
        let Self { name, doc, kind, sensitive, range: [min, max], pattern } = self;
        let pattern = pattern.map_or("None".to_owned(), |pattern| format!("Some({})", raw(pattern)));
        format!(
            "/// {doc}\n\
             pub static {constant}: Schema = Schema {{\n\
             name: {name:?},\n\
             kind: {kind},\n\
             sensitive: {sensitive},\n\
             min: {min:?},\n\
             max: {max:?},\n\
             pattern: {pattern},\n\
             }};\n",
            constant = name::constant(name),
        )
    }
}

fn kind(plan: &Plan<'_>, shape: &Shape) -> Result<String> {
    let part = |name: &str, reference: &Option<Reference>| match reference {
        Some(reference) => member(plan, name, reference, true),
        None => fail(format!("it has no {name}")),
    };
    let flattened = shape.flattened;
    Ok(match shape.kind.as_str() {
        "string" => {
            let values: String = shape.values.iter().map(|value| format!("{value:?},\n")).collect();
            format!("Kind::String {{ values: &[{values}] }}")
        }
        "blob" => "Kind::Blob".to_owned(),
        "boolean" => "Kind::Boolean".to_owned(),
        "integer" => "Kind::Integer".to_owned(),
        "long" => "Kind::Long".to_owned(),
        "double" | "float" => "Kind::Double".to_owned(),
        "timestamp" => "Kind::Timestamp".to_owned(),
        "list" => {
            let member = part("member", &shape.member)?;
            format!("Kind::List {{\nmember: &{member},\nflattened: {flattened},\n}}")
        }
        "map" => {
            let (key, value) = (part("key", &shape.key)?, part("value", &shape.value)?);
            format!("Kind::Map {{\nkey: &{key},\nvalue: &{value},\nflattened: {flattened},\n}}")
        }
        "structure" => {
            let mut members = String::new();
            for (name, reference) in shape.members.iter() {
                let required = shape.required.iter().any(|required| required == name);
                members += &format!("{},\n", member(plan, name, reference, required)?);
            }
            format!("Kind::Structure {{\nmembers: &[{members}],\nunion: {},\n}}", shape.union)
        }
        other => return fail(format!("its type is {other}")),
    })
}

/// A use of a shape. A list whose members stand directly under its own name says so at either place.
fn member(plan: &Plan<'_>, name: &str, reference: &Reference, required: bool) -> Result<String> {
    if let Some(location) = &reference.location {
        return fail(format!("its member {name} goes to the {location}, which no protocol here does"));
    }
    let shape = plan.shape(&reference.shape)?;
    if reference.flattened && !shape.flattened {
        return fail(format!("its member {name} is flattened, but {} is not", reference.shape));
    }
    let format = match reference.timestamp_format.as_deref().or(shape.timestamp_format.as_deref()) {
        None => "None".to_owned(),
        Some("unixTimestamp") => "Some(TimestampFormat::EpochSeconds)".to_owned(),
        Some("iso8601") => "Some(TimestampFormat::DateTime)".to_owned(),
        Some("rfc822") => "Some(TimestampFormat::HttpDate)".to_owned(),
        Some(other) => return fail(format!("its member {name} has the time format {other}")),
    };
    Ok(format!(
        "Member {{\nname: {name:?},\nwire_name: {wire:?},\nschema: &{schema},\nrequired: {required},\n\
         timestamp_format: {format},\n}}",
        wire = reference.location_name.as_deref().unwrap_or(name),
        schema = name::constant(&reference.shape),
    ))
}

/// A bound, which must be a whole number.
fn whole(bound: Option<f64>) -> Result<Option<i64>> {
    match bound.map(|bound| format!("{bound}")) {
        None => Ok(None),
        Some(digits) => match digits.parse() {
            Ok(bound) => Ok(Some(bound)),
            Err(_) => fail(format!("its bound {digits} is not a whole number")),
        },
    }
}

/// A raw string literal, with as many marks as the text needs.
fn raw(text: &str) -> String {
    if !text.contains(['\\', '"']) {
        return format!("{text:?}");
    }
    let mut marks = String::new();
    while text.contains(&format!("\"{marks}")) {
        marks.push('#');
    }
    format!("r{marks}\"{text}\"{marks}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_quoted_so_that_it_can_be_read() {
        assert_eq!(raw("^a$"), r#""^a$""#);
        assert_eq!(raw(r"\d"), r#"r"\d""#);
        assert_eq!(raw(r#"["\d]"#), r###"r#"["\d]"#"###);
    }

    #[test]
    fn bounds_are_whole_numbers() {
        assert_eq!(whole(Some(2048.0)).unwrap(), Some(2048));
        assert!(whole(Some(0.5)).is_err());
    }
}
