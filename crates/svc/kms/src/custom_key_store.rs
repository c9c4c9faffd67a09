//! Custom key stores: where keys live that are not kept here.
//!
//! Only external key stores come to be: there is no cluster of HSMs yet that a store could stand on. A store has a
//! record, and one more for each thing that no other store of the account and region may have: its name, its proxy's
//! address, its VPC endpoint service.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/key-store-overview.html>

use std::sync::Arc;

use alcazar_api_kms::types::{
    ConnectionErrorCodeType, ConnectionStateType, CustomKeyStoreType, CustomKeyStoresListEntry,
    XksProxyConfigurationType, XksProxyConnectivityType,
};
use alcazar_base::{AccountId, Region, SecretString, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Cx, Name, Reads, Result};
use minicbor::{Decode, Encode};

use crate::error::custom_key_store as error;

pub(crate) mod connection;
pub(crate) mod proxy;

const STORES: &str = "kms.custom_key_store";
const NAMES: &str = "kms.custom_key_store_name";
const ADDRESSES: &str = "kms.custom_key_store_address";
const SERVICES: &str = "kms.custom_key_store_service";

/// An external key store.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct CustomKeyStore {
    /// Its id.
    #[n(0)]
    pub id: String,
    /// The account that owns it.
    #[n(1)]
    pub account: AccountId,
    /// The region it is in.
    #[n(2)]
    pub region: Region,
    /// Its name.
    #[n(3)]
    pub name: String,
    /// When it was made.
    #[n(4)]
    pub created: Timestamp,
    /// Whether it is connected.
    #[n(5)]
    pub state: State,
    /// The proxy that stands before its keys.
    #[n(6)]
    pub proxy: Proxy,
}

/// Whether a store is connected.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) enum State {
    /// It was never connected, or is disconnected since.
    #[n(0)]
    Disconnected,
    /// It is being connected.
    #[n(1)]
    Connecting {
        /// Which attempt it is, so that the end of an earlier one is not taken for its end.
        #[n(0)]
        attempt: String,
    },
    /// It is connected.
    #[n(2)]
    Connected,
    /// The attempt to connect it failed.
    #[n(3)]
    Failed {
        /// Why, as AWS writes it.
        #[n(0)]
        code: String,
    },
}

impl State {
    /// The state as AWS tells it.
    #[must_use]
    pub(crate) fn told(&self) -> ConnectionStateType {
        match self {
            Self::Disconnected => ConnectionStateType::Disconnected,
            Self::Connecting { .. } => ConnectionStateType::Connecting,
            Self::Connected => ConnectionStateType::Connected,
            Self::Failed { .. } => ConnectionStateType::Failed,
        }
    }
}

/// The proxy of an external key store.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Proxy {
    /// `https://` and a host.
    #[n(0)]
    pub uri_endpoint: String,
    /// The path that its API is under.
    #[n(1)]
    pub uri_path: String,
    /// The id of the key that requests to it are signed with.
    #[n(2)]
    pub access_key_id: SecretString,
    /// That key.
    #[n(3)]
    pub secret_access_key: SecretString,
    /// The VPC endpoint service that it is behind; none if its endpoint is public.
    #[n(4)]
    pub service: Option<EndpointService>,
}

/// A VPC endpoint service.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct EndpointService {
    /// Its name.
    #[n(0)]
    pub name: String,
    /// The account that owns it.
    #[n(1)]
    pub owner: String,
}

impl Proxy {
    /// The host, as names are compared.
    fn host(&self) -> String {
        let host = self.uri_endpoint.strip_prefix("https://").unwrap_or(&self.uri_endpoint);
        host.trim_end_matches('.').to_ascii_lowercase()
    }

    fn connectivity(&self) -> XksProxyConnectivityType {
        match self.service {
            None => XksProxyConnectivityType::PublicEndpoint,
            Some(_) => XksProxyConnectivityType::VpcEndpointService,
        }
    }
}

/// Whose something is that only one store may have.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Holder {
    #[n(0)]
    id: String,
    /// Whether the store's endpoint is public.
    #[n(1)]
    is_public: bool,
}

impl CustomKeyStore {
    /// What is told of it. Its proxy's secret is not.
    #[must_use]
    pub(crate) fn entry(&self) -> CustomKeyStoresListEntry {
        let proxy = &self.proxy;
        let service = proxy.service.as_ref();
        let code = match &self.state {
            State::Failed { code } => code.parse().ok().or(Some(ConnectionErrorCodeType::InternalError)),
            _ => None,
        };
        CustomKeyStoresListEntry {
            custom_key_store_id: Some(self.id.clone()),
            custom_key_store_name: Some(self.name.clone()),
            connection_state: Some(self.state.told()),
            connection_error_code: code,
            creation_date: Some(self.created),
            custom_key_store_type: Some(CustomKeyStoreType::ExternalKeyStore),
            xks_proxy_configuration: Some(XksProxyConfigurationType {
                connectivity: Some(proxy.connectivity()),
                access_key_id: Some(proxy.access_key_id.clone()),
                uri_endpoint: Some(proxy.uri_endpoint.clone()),
                uri_path: Some(proxy.uri_path.clone()),
                vpc_endpoint_service_name: service.map(|service| service.name.clone()),
                vpc_endpoint_service_owner: service.map(|service| service.owner.clone()),
            }),
            cloud_hsm_cluster_id: None,
            trust_anchor_certificate: None,
        }
    }

    fn record_name(&self) -> Name {
        store_name(self.account, &self.region, &self.id)
    }

    /// The names that no other store may take while this one is there.
    fn claims(&self, keyring: &Keyring) -> Vec<Name> {
        let service = self.proxy.service.as_ref();
        let of_name = Some(name_name(keyring, self.account, &self.region, &self.name));
        let service =
            service.map(|service| in_region(SERVICES, self.account, &self.region).part(&service.name).name());
        [of_name, Some(self.address(keyring)), service].into_iter().flatten().collect()
    }

    fn address(&self, keyring: &Keyring) -> Name {
        self.of_host(keyring).blind(keyring, &self.proxy.uri_path).name()
    }

    fn of_host(&self, keyring: &Keyring) -> alcazar_engine::NameBuilder {
        in_region(ADDRESSES, self.account, &self.region).blind(keyring, &self.proxy.host())
    }

    /// Passes if no other store of the account and region has this one's name.
    ///
    /// # Errors
    /// Another has it.
    pub(crate) async fn check_name_is_free(&self, reads: &mut Reads<'_>) -> Result<()> {
        let name = name_name(&reads.keyring(), self.account, &self.region, &self.name);
        match reads.get::<Holder>(&name).await? {
            Some(holder) if holder.id != self.id => Err(error::name_in_use(&self.name).into()),
            _ => Ok(()),
        }
    }

    /// Passes if no other store of the account and region keeps this one from having its proxy.
    ///
    /// # Errors
    /// One does.
    pub(crate) async fn check_proxy_is_free(&self, reads: &mut Reads<'_>) -> Result<()> {
        let keyring = reads.keyring();
        let others = |holder: &Option<Arc<Holder>>| holder.as_ref().is_some_and(|h| h.id != self.id);
        if others(&reads.get::<Holder>(&self.address(&keyring)).await?) {
            return Err(error::uri_in_use().into());
        }
        // A host has any number of public stores, or one behind a VPC endpoint service: the first two tell which.
        let of_host = self.of_host(&keyring).range();
        for (_, holder) in reads.scan::<Holder>(&of_host, 2).await? {
            if holder.id != self.id && !(holder.is_public && self.proxy.service.is_none()) {
                return Err(error::endpoint_in_use().into());
            }
        }
        let Some(service) = &self.proxy.service else { return Ok(()) };
        let name = in_region(SERVICES, self.account, &self.region).part(&service.name).name();
        if others(&reads.get::<Holder>(&name).await?) {
            return Err(error::service_in_use(&service.name).into());
        }
        Ok(())
    }

    /// Stores it, in the place of what it was.
    ///
    /// # Errors
    /// The records cannot be sealed.
    pub(crate) fn put(self, cx: &mut Cx<'_>, before: Option<&Self>) -> Result<()> {
        let keyring = cx.keyring();
        let claims = self.claims(&keyring);
        for claim in before.map(|before| before.claims(&keyring)).unwrap_or_default() {
            if !claims.contains(&claim) {
                cx.delete(claim)?;
            }
        }
        let holder = Holder { id: self.id.clone(), is_public: self.proxy.service.is_none() };
        for claim in claims {
            cx.put(claim, holder.clone())?;
        }
        cx.put(self.record_name(), self)
    }

    /// Stores it, when nothing but its state has changed.
    ///
    /// # Errors
    /// The record cannot be sealed.
    pub(crate) fn put_state(&self, cx: &mut Cx<'_>, state: State) -> Result<()> {
        cx.put(self.record_name(), Self { state, ..self.clone() })
    }

    /// Deletes it.
    ///
    /// # Errors
    /// The transaction is too large.
    pub(crate) fn delete(&self, cx: &mut Cx<'_>) -> Result<()> {
        for claim in self.claims(&cx.keyring()) {
            cx.delete(claim)?;
        }
        cx.delete(self.record_name())
    }
}

fn in_region(table: &'static str, account: AccountId, region: &Region) -> alcazar_engine::NameBuilder {
    Name::table(table).part(account.as_str()).part(region.as_str())
}

/// The record of a store. Its id may be any text that a caller gives.
#[must_use]
pub(crate) fn store_name(account: AccountId, region: &Region, id: &str) -> Name {
    in_region(STORES, account, region).part(id).name()
}

/// All stores of an account in a region.
#[must_use]
pub(crate) fn stores(account: AccountId, region: &Region) -> NameRange {
    in_region(STORES, account, region).range()
}

fn name_name(keyring: &Keyring, account: AccountId, region: &Region, name: &str) -> Name {
    in_region(NAMES, account, region).blind(keyring, name).name()
}

/// The caller's own store of this id.
///
/// # Errors
/// There is none.
pub(crate) async fn find(reads: &mut Reads<'_>, id: &str) -> Result<Arc<CustomKeyStore>> {
    let name = store_name(reads.account(), &reads.region().clone(), id);
    let found = reads.get::<CustomKeyStore>(&name).await?;
    // Names leave out what no id holds, so another text may lead here.
    Ok(found.filter(|store| store.id == id).ok_or_else(|| error::not_found(id))?)
}

/// The caller's own store of this name.
///
/// # Errors
/// There is none.
pub(crate) async fn find_by_name(reads: &mut Reads<'_>, name: &str) -> Result<Arc<CustomKeyStore>> {
    let record = name_name(&reads.keyring(), reads.account(), &reads.region().clone(), name);
    match reads.get::<Holder>(&record).await? {
        Some(holder) => find(reads, &holder.id).await,
        None => Err(error::not_found(name).into()),
    }
}
