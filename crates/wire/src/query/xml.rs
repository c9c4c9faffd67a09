//! Values and errors into XML.
//!
//! Writing into a `Vec` cannot fail, so a failure here would be a defect of this module; it ends the
//! document early rather than the process.

use std::io;

use alcazar_shape::{ApiError, Kind, Member, OperationModel, Schema, TimestampFormat, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::Writer;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};

use super::decode::name_on_wire;
use crate::codec::fault;
use crate::timestamp_text;

type Xml = Writer<Vec<u8>>;

/// The document that answers an operation.
pub(super) fn output(operation: &OperationModel, output: &Value, request_id: &str) -> Vec<u8> {
    let mut xml = Writer::new(Vec::with_capacity(512));
    let root = format!("{}Response", operation.name);
    let _ = element_in(&mut xml, &root, operation.service.xml_namespace, |xml| {
        // Clients look for the result also where there is nothing in it.
        if !operation.result_wrapper.is_empty() {
            element(xml, operation.result_wrapper, |xml| content(xml, operation.output, None, output))?;
        }
        element(xml, "ResponseMetadata", |xml| text_element(xml, "RequestId", request_id))
    });
    xml.into_inner()
}

/// The document that tells an error. SQS has a place for details in it, and leaves it empty.
pub(super) fn error(namespace: &str, error: &ApiError, with_detail: bool, request_id: &str) -> Vec<u8> {
    let mut xml = Writer::new(Vec::with_capacity(512));
    let _ = element_in(&mut xml, "ErrorResponse", namespace, |xml| {
        element(xml, "Error", |xml| {
            text_element(xml, "Type", fault(error))?;
            text_element(xml, "Code", error.model().query_code)?;
            error.query_message().map_or(Ok(()), |message| text_element(xml, "Message", message))?;
            if with_detail { xml.write_event(Event::Empty(BytesStart::new("Detail"))) } else { Ok(()) }
        })?;
        text_element(xml, "RequestId", request_id)
    });
    xml.into_inner()
}

fn element(xml: &mut Xml, name: &str, inner: impl FnOnce(&mut Xml) -> io::Result<()>) -> io::Result<()> {
    element_in(xml, name, "", inner)
}

fn element_in(
    xml: &mut Xml,
    name: &str,
    namespace: &str,
    inner: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    let mut start = BytesStart::new(name);
    if !namespace.is_empty() {
        start.push_attribute(("xmlns", namespace));
    }
    xml.write_event(Event::Start(start))?;
    inner(xml)?;
    xml.write_event(Event::End(BytesEnd::new(name)))
}

fn text_element(xml: &mut Xml, name: &str, text: &str) -> io::Result<()> {
    element(xml, name, |xml| write_text(xml, text))
}

/// Characters that XML 1.0 cannot hold become U+FFFD: a client could not read the document otherwise.
fn write_text(xml: &mut Xml, text: &str) -> io::Result<()> {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    if text.chars().all(allowed) {
        xml.write_event(Event::Text(BytesText::new(text)))
    } else {
        let text: String =
            text.chars().map(|c| if allowed(c) { c } else { char::REPLACEMENT_CHARACTER }).collect();
        xml.write_event(Event::Text(BytesText::new(&text)))
    }
}

fn member_element(xml: &mut Xml, member: &Member, value: &Value) -> io::Result<()> {
    let name = name_on_wire(member);
    match (&member.schema.kind, value) {
        (Kind::List { member: inner, flattened: true }, Value::List(items)) => {
            items.iter().try_for_each(|item| {
                element(xml, name, |xml| content(xml, inner.schema, inner.timestamp_format, item))
            })
        }
        (Kind::Map { key, value: inner, flattened: true }, Value::Map(entries)) => {
            entries.iter().try_for_each(|entry| element(xml, name, |xml| map_entry(xml, key, inner, entry)))
        }
        _ => element(xml, name, |xml| content(xml, member.schema, member.timestamp_format, value)),
    }
}

fn map_entry(xml: &mut Xml, key: &Member, value: &Member, entry: &(String, Value)) -> io::Result<()> {
    text_element(xml, key.wire_name, &entry.0)?;
    element(xml, value.wire_name, |xml| content(xml, value.schema, value.timestamp_format, &entry.1))
}

fn content(xml: &mut Xml, schema: &Schema, format: Option<TimestampFormat>, value: &Value) -> io::Result<()> {
    match (&schema.kind, value) {
        (_, Value::Boolean(value)) => write_text(xml, if *value { "true" } else { "false" }),
        (_, Value::Integer(value)) => write_text(xml, &value.to_string()),
        (_, Value::Double(value)) => write_text(xml, &value.to_string()),
        (_, Value::String(text)) => write_text(xml, text),
        (_, Value::SecretString(text)) => write_text(xml, text.expose()),
        (_, Value::Blob(bytes)) => write_text(xml, &STANDARD.encode(bytes)),
        (_, Value::SecretBlob(bytes)) => {
            write_text(xml, &zeroize::Zeroizing::new(STANDARD.encode(bytes.expose())))
        }
        (_, Value::Timestamp(time)) => {
            write_text(xml, &timestamp_text::write(format.unwrap_or(TimestampFormat::DateTime), *time))
        }
        (Kind::List { member, .. }, Value::List(items)) => items.iter().try_for_each(|item| {
            element(xml, member.wire_name, |xml| content(xml, member.schema, member.timestamp_format, item))
        }),
        (Kind::Map { key, value: inner, .. }, Value::Map(entries)) => entries
            .iter()
            .try_for_each(|entry| element(xml, "entry", |xml| map_entry(xml, key, inner, entry))),
        (Kind::Structure { members, .. }, Value::Structure(slots)) => {
            let filled =
                members.iter().zip(slots).filter_map(|(member, slot)| Some((member, slot.as_ref()?)));
            filled.into_iter().try_for_each(|(member, value)| member_element(xml, member, value))
        }
        _ => Ok(()),
    }
}
