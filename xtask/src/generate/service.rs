//! `service.rs`: what is said of the service as a whole.

use crate::error::{Result, fail};
use crate::model::Metadata;

use super::plan::Plan;

pub(super) fn render(plan: &Plan<'_>) -> Result<String> {
    let metadata = &plan.model.metadata;
    let name = &metadata.endpoint_prefix;
    let signing_name = metadata.signing_name.as_ref().unwrap_or(name);
    let target_prefix = metadata.target_prefix.as_deref().unwrap_or_default();
    let shape_name = metadata.shape_name.as_deref().unwrap_or(target_prefix);
    let xml_namespace = metadata.xml_namespace.as_deref().unwrap_or_default();
    let event_source = metadata.event_source.clone().unwrap_or_else(|| format!("{name}.amazonaws.com"));
    let api_version = &metadata.api_version;
    let protocols = protocols(metadata)?.join(", ");
    let query_compatible = metadata.aws_query_compatible.is_some();
    let url_member = metadata.url_member.as_deref();
    Ok(format!(
        "//! The service as a whole.\n\n\
         use alcazar_shape::{{Protocol, ServiceModel}};\n\n\
         /// {full_name}.\n\
         pub static SERVICE: ServiceModel = ServiceModel {{\n\
         name: {name:?},\n\
         signing_name: {signing_name:?},\n\
         shape_name: {shape_name:?},\n\
         target_prefix: {target_prefix:?},\n\
         api_version: {api_version:?},\n\
         xml_namespace: {xml_namespace:?},\n\
         event_source: {event_source:?},\n\
         protocols: &[{protocols}],\n\
         query_compatible: {query_compatible},\n\
         url_member: {url_member:?},\n\
         }};\n",
        full_name = metadata.service_full_name,
    ))
}

/// The protocols that the model lists, the preferred one first.
fn protocols(metadata: &Metadata) -> Result<Vec<&'static str>> {
    let listed = if metadata.protocols.is_empty() {
        std::slice::from_ref(&metadata.protocol)
    } else {
        &metadata.protocols
    };
    listed
        .iter()
        .map(|protocol| match (protocol.as_str(), metadata.json_version.as_deref()) {
            ("json", Some("1.0")) => Ok("Protocol::AwsJson1_0"),
            ("json", Some("1.1")) => Ok("Protocol::AwsJson1_1"),
            ("query", _) => Ok("Protocol::AwsQuery"),
            ("smithy-rpc-v2-cbor", _) => Ok("Protocol::RpcV2Cbor"),
            (other, _) => fail(format!("the protocol {other} is not spoken yet")),
        })
        .collect()
}
