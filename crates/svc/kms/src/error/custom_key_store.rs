//! What KMS says about custom key stores.
//!
//! What is said of proxies is AWS's, by the external key store proxy specification and the developer guide's page on
//! troubleshooting. Of the rest, AWS's pages tell the codes and the rules.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/xks-troubleshooting.html>

use alcazar_api_kms::ErrorCode;
use alcazar_engine::Full;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::VALIDATION;

use super::quota::exceeded;
use super::shown;
use crate::custom_key_store::proxy::Fault;

/// There is no such store.
#[must_use]
pub(crate) fn not_found(id_or_name: &str) -> ApiError {
    ErrorCode::CustomKeyStoreNotFoundException
        .because(format!("The custom key store '{}' does not exist", shown(id_or_name)))
}

/// Another store has the name.
#[must_use]
pub(crate) fn name_in_use(name: &str) -> ApiError {
    ErrorCode::CustomKeyStoreNameInUseException
        .because(format!("The custom key store name '{name}' is already in use. Choose a unique name."))
}

/// Another store has the proxy's address.
#[must_use]
pub(crate) fn uri_in_use() -> ApiError {
    ErrorCode::XksProxyUriInUseException.because(
        "The combination of XksProxyUriEndpoint and XksProxyUriPath is already associated with another external \
         key store in this Region.",
    )
}

/// Another store has the proxy's host, and they cannot share it.
#[must_use]
pub(crate) fn endpoint_in_use() -> ApiError {
    ErrorCode::XksProxyUriEndpointInUseException.because(
        "The XksProxyUriEndpoint is already associated with another external key store in this Region. An \
         endpoint of VPC_ENDPOINT_SERVICE connectivity cannot be shared.",
    )
}

/// Another store has the VPC endpoint service.
#[must_use]
pub(crate) fn service_in_use(service: &str) -> ApiError {
    ErrorCode::XksProxyVpcEndpointServiceInUseException.because(format!(
        "The VPC endpoint service {service} is already associated with another external key store in this Region."
    ))
}

/// The account has as many stores in the region as it may.
#[must_use]
pub(crate) fn too_many(full: Full) -> ApiError {
    exceeded("Custom key store", full)
}

/// No cluster has this id.
#[must_use]
pub(crate) fn cluster_not_found(cluster_id: &str) -> ApiError {
    ErrorCode::CloudHsmClusterNotFoundException
        .because(format!("The AWS CloudHSM cluster {cluster_id} does not exist in this Region."))
}

/// A parameter that the type of store needs.
#[must_use]
pub(crate) fn parameter_missing(parameter: &str, kind: &str) -> ApiError {
    VALIDATION.because(format!("{parameter} is required for custom key stores of type {kind}."))
}

/// A parameter that the type of store does not have.
#[must_use]
pub(crate) fn parameter_of_other_type(parameter: &str, kind: &str) -> ApiError {
    VALIDATION.because(format!("{parameter} is not valid for custom key stores of type {kind}."))
}

/// A VPC endpoint service that is not named, though connections go through one.
#[must_use]
pub(crate) fn service_missing() -> ApiError {
    VALIDATION.because(
        "XksProxyVpcEndpointServiceName is required when XksProxyConnectivity is VPC_ENDPOINT_SERVICE.",
    )
}

/// A parameter of VPC endpoint services, though the endpoint is public.
#[must_use]
pub(crate) fn service_of_public(parameter: &str) -> ApiError {
    VALIDATION.because(format!("{parameter} is not valid when XksProxyConnectivity is PUBLIC_ENDPOINT."))
}

/// The connectivity is to change and the endpoint is not.
#[must_use]
pub(crate) fn endpoint_must_change() -> ApiError {
    VALIDATION.because("XksProxyUriEndpoint must be changed when XksProxyConnectivity is changed.")
}

/// A store is asked for by two names at once.
#[must_use]
pub(crate) fn id_and_name() -> ApiError {
    VALIDATION.because("Specify either CustomKeyStoreId or CustomKeyStoreName, but not both.")
}

/// The operation is not for stores in this state.
#[must_use]
pub(crate) fn invalid_state(id: &str, state: &str, operation: &str) -> ApiError {
    ErrorCode::CustomKeyStoreInvalidStateException.because(format!(
        "{operation} is not valid for custom key store {id}, because its ConnectionState is {state}."
    ))
}

/// Keys cannot be made in a store that is not connected.
#[must_use]
pub(crate) fn not_connected() -> ApiError {
    ErrorCode::CustomKeyStoreInvalidStateException.because(
        "This KMS key is in a custom key store that is not connected to its external key store proxy. Connect the \
         external key store and try the request again.",
    )
}

/// Keys that only AWS's own infrastructure has for now.
#[must_use]
pub(crate) fn keys_unsupported() -> ApiError {
    ErrorCode::UnsupportedOperationException
        .because("KMS keys in external key stores are not supported by this implementation.")
}

/// An origin that is a custom key store, and no store.
#[must_use]
pub(crate) fn id_missing(origin: &str) -> ApiError {
    VALIDATION.because(format!("CustomKeyStoreId is required for Origin {origin}."))
}

/// A store, and an origin that is none.
#[must_use]
pub(crate) fn id_not_of_origin(origin: &str) -> ApiError {
    VALIDATION.because(format!("CustomKeyStoreId is not valid for Origin {origin}."))
}

/// An external key's id with an origin that has no such keys.
#[must_use]
pub(crate) fn xks_key_id_not_of_origin(origin: &str) -> ApiError {
    VALIDATION.because(format!("XksKeyId is not valid for Origin {origin}."))
}

/// The store is not of the type that the origin names.
#[must_use]
pub(crate) fn not_of_origin(id: &str, origin: &str) -> ApiError {
    VALIDATION.because(format!("The type of custom key store {id} does not match Origin {origin}."))
}

/// A multi-Region key, which no store holds.
#[must_use]
pub(crate) fn multi_region() -> ApiError {
    ErrorCode::UnsupportedOperationException
        .because("Multi-Region keys are not supported in custom key stores.")
}

/// An external key store without a key's id in it.
#[must_use]
pub(crate) fn xks_key_id_missing() -> ApiError {
    VALIDATION.because("XksKeyId is required for Origin EXTERNAL_KEY_STORE.")
}

/// External key stores make no random bytes.
#[must_use]
pub(crate) fn no_random_bytes() -> ApiError {
    ErrorCode::UnsupportedOperationException
        .because("GenerateRandom is not supported for custom key stores of type EXTERNAL_KEY_STORE.")
}

/// The proxy is no use, so the store cannot be made or changed.
#[must_use]
pub(crate) fn proxy(fault: Fault) -> ApiError {
    let code = match fault {
        Fault::Unreachable
        | Fault::TimedOut
        | Fault::DependencyTimedOut
        | Fault::Throttled
        | Fault::Unavailable => ErrorCode::XksProxyUriUnreachableException,
        Fault::Tls | Fault::UriPath => ErrorCode::XksProxyInvalidConfigurationException,
        Fault::Unreadable | Fault::Internal | Fault::AccessDenied => {
            ErrorCode::XksProxyInvalidResponseException
        }
        Fault::Authentication => ErrorCode::XksProxyIncorrectAuthenticationCredentialException,
    };
    code.because(proxy_text(fault))
}

fn proxy_text(fault: Fault) -> &'static str {
    match fault {
        Fault::Unreachable => {
            "AWS KMS cannot communicate with the external key store proxy. This might be a transient network issue. \
             If you see this error repeatedly, verify that your external key store proxy is active and is connected \
             to the network, and that its endpoint URI is correct in your external key store."
        }
        Fault::Tls => {
            "AWS KMS cannot establish a TLS connection to the external key store proxy. Verify the TLS \
             configuration, including its certificate."
        }
        Fault::TimedOut => {
            "AWS KMS rejected the request because the external key store proxy did not respond in time. Retry the \
             request. If you see this error repeatedly, report it to your external key store proxy administrator."
        }
        Fault::DependencyTimedOut => {
            "The external key store proxy did not respond to the request in the time allotted. Retry the request. \
             If you see this error repeatedly, report it to your external key store proxy administrator."
        }
        Fault::Throttled => {
            "The external key store proxy rejected the request due to a very high request rate. Reduce the \
             frequency of your calls using KMS keys in this external key store."
        }
        Fault::Unreadable => {
            "AWS KMS cannot interpret the response from the external key store proxy. If you see this error \
             repeatedly, report it to your external key store proxy administrator."
        }
        Fault::Authentication => {
            "The external key store proxy rejected the request because it could not authenticate AWS KMS. Verify \
             the credentials for your external key store and update if necessary."
        }
        Fault::AccessDenied => {
            "The external key store proxy denied access to the operation. Verify that the user and the external key \
             are both authorized for this operation, and try the request again."
        }
        Fault::UriPath => {
            "The external key store proxy rejected the request because of an invalid URI path. Verify the URI path \
             for your external key store and update if necessary."
        }
        Fault::Internal => {
            "The external key store proxy rejected the request because it cannot communicate with the external key \
             manager. Verify that the external key store proxy configuration is correct and that the external key \
             manager is available."
        }
        Fault::Unavailable => {
            "The external key store proxy is in an unhealthy state. If you see this message repeatedly, notify your \
             external key store proxy administrator."
        }
    }
}
