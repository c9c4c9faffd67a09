//! What the operator decided about connections to the outside.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use super::address;

/// What the operator decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OutboundSettings {
    /// Certificates in DER that vouch for hosts, beside the machine's own roots.
    pub(crate) roots: Arc<[Vec<u8>]>,
    /// Whether loopback and private addresses may be connected to.
    pub(crate) private: bool,
    /// Where these hosts are, whatever names resolve to.
    pub(crate) hosts: BTreeMap<String, SocketAddr>,
}

/// Reads a text like `xks.example.com=10.0.0.7:8443,…`.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn hosts(text: &str) -> Result<BTreeMap<String, SocketAddr>, String> {
    let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    let host = |entry: &str| {
        let (name, address) =
            entry.split_once('=').ok_or_else(|| format!("{entry:?} is not NAME=ADDRESS:PORT"))?;
        let address: SocketAddr =
            address.trim().parse().map_err(|_| format!("{address:?} is not an address and a port"))?;
        // Who writes an address down allows it; but not one that no host is ever at.
        if !address::is_allowed(address.ip(), true) {
            return Err(format!("{address} may never be connected to"));
        }
        Ok((name.trim().to_ascii_lowercase(), address))
    };
    entries.map(host).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_names_with_an_address_and_a_port() {
        let read = hosts("XKS.example.com=127.0.0.1:8443, b=[::1]:1").unwrap();
        assert_eq!(read["xks.example.com"], "127.0.0.1:8443".parse().unwrap());
        assert_eq!(read.len(), 2);
        for bad in ["a", "a=b", "a=127.0.0.1", "a=169.254.169.254:80"] {
            assert!(hosts(bad).is_err(), "{bad}");
        }
    }
}
