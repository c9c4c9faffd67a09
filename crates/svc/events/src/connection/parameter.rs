//! What requests of a connection have beside: headers, parts of the query, members of the body.

use std::collections::BTreeSet;

use alcazar_api_events::types::{
    ConnectionBodyParameter, ConnectionHeaderParameter, ConnectionHttpParameters,
    ConnectionQueryStringParameter,
};
use alcazar_base::SecretString;
use alcazar_shape::ApiError;
use minicbor::{Decode, Encode};

use crate::error;

/// A name and a value.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Parameter {
    /// Its name.
    #[n(0)]
    pub key: String,
    /// What it says.
    #[n(1)]
    pub value: SecretString,
    /// Whether nobody is told what it says.
    #[n(2)]
    pub is_secret: bool,
}

/// What requests have beside. Each is none if it was not given, which is told apart from an empty list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Parameters {
    /// Headers.
    #[n(0)]
    pub headers: Option<Vec<Parameter>>,
    /// Parts of the query.
    #[n(1)]
    pub query: Option<Vec<Parameter>>,
    /// Members of the body.
    #[n(2)]
    pub body: Option<Vec<Parameter>>,
}

type Given<'r> = (&'r Option<String>, &'r Option<SecretString>, Option<bool>);

fn read<'r>(given: impl Iterator<Item = Given<'r>>) -> Result<Vec<Parameter>, ApiError> {
    let mut keys = BTreeSet::new();
    let mut parameters = Vec::new();
    for (key, value, is_secret) in given {
        let (Some(key), Some(value)) = (key, value) else {
            return Err(error::connection::incomplete_parameter());
        };
        if !keys.insert(key) {
            return Err(error::connection::repeated_parameter(key));
        }
        // What is not said to be secret is not.
        let is_secret = is_secret.unwrap_or(false);
        parameters.push(Parameter { key: key.clone(), value: value.clone(), is_secret });
    }
    Ok(parameters)
}

impl Parameters {
    /// Reads what a request gives.
    ///
    /// # Errors
    /// A parameter is incomplete, or two have the same name.
    pub(crate) fn read(given: &ConnectionHttpParameters) -> Result<Self, ApiError> {
        let headers = given.header_parameters.as_ref();
        let query = given.query_string_parameters.as_ref();
        let body = given.body_parameters.as_ref();
        Ok(Self {
            headers: headers
                .map(|list| read(list.iter().map(|entry| (&entry.key, &entry.value, entry.is_value_secret))))
                .transpose()?,
            query: query
                .map(|list| read(list.iter().map(|entry| (&entry.key, &entry.value, entry.is_value_secret))))
                .transpose()?,
            body: body
                .map(|list| read(list.iter().map(|entry| (&entry.key, &entry.value, entry.is_value_secret))))
                .transpose()?,
        })
    }

    /// What is told of them: of secret ones, the name alone.
    #[must_use]
    pub(crate) fn shown(&self) -> ConnectionHttpParameters {
        let value = |parameter: &Parameter| (!parameter.is_secret).then(|| parameter.value.clone());
        let header = |parameter: &Parameter| ConnectionHeaderParameter {
            key: Some(parameter.key.clone()),
            value: value(parameter),
            is_value_secret: Some(parameter.is_secret),
        };
        let query = |parameter: &Parameter| ConnectionQueryStringParameter {
            key: Some(parameter.key.clone()),
            value: value(parameter),
            is_value_secret: Some(parameter.is_secret),
        };
        let body = |parameter: &Parameter| ConnectionBodyParameter {
            key: Some(parameter.key.clone()),
            value: value(parameter),
            is_value_secret: Some(parameter.is_secret),
        };
        fn all(list: &Option<Vec<Parameter>>) -> Option<std::slice::Iter<'_, Parameter>> {
            list.as_ref().map(|list| list.iter())
        }
        ConnectionHttpParameters {
            header_parameters: all(&self.headers).map(|all| all.map(header).collect::<Vec<_>>().into()),
            query_string_parameters: all(&self.query).map(|all| all.map(query).collect::<Vec<_>>().into()),
            body_parameters: all(&self.body).map(|all| all.map(body).collect::<Vec<_>>().into()),
        }
    }
}
