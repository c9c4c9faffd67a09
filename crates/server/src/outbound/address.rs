//! Which addresses may be connected to for a caller, who must not reach by this server what he cannot reach himself.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address may be connected to. Link-local ones, where clouds keep their metadata, never may; loopback and
/// private ones may if the operator says so.
pub(super) fn is_allowed(address: IpAddr, private: bool) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => match reach_v4(address) {
            Reach::Public => true,
            Reach::Private => private,
            Reach::Never => false,
        },
        IpAddr::V6(address) => match reach_v6(address) {
            Reach::Public => true,
            Reach::Private => private,
            Reach::Never => false,
        },
    }
}

enum Reach {
    Public,
    Private,
    Never,
}

fn reach_v4(address: Ipv4Addr) -> Reach {
    let [a, b, c, _] = address.octets();
    if address.is_link_local() || address.is_multicast() || address.is_unspecified() || a >= 240 {
        return Reach::Never;
    }
    let is_special = a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19));
    if address.is_loopback() || address.is_private() || is_special { Reach::Private } else { Reach::Public }
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    /// Amazon's metadata service, which lies among unique local addresses.
    const METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);
    if address.is_loopback() {
        return Reach::Private;
    }
    let [a, b, c, d, e, f, g, h] = address.segments();
    let embedded = |high: u16, low: u16| {
        let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
        reach_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (a, b, c, d, e, f) {
        // Addresses of version 4 in disguise: NAT64, 6to4, and the deprecated compatible form.
        (0x64, 0xff9b, 0, 0, 0, 0) => embedded(g, h),
        (0x2002, ..) => embedded(b, c),
        (0, 0, 0, 0, 0, 0) => Reach::Never,
        _ if address.is_multicast() || address.is_unicast_link_local() || address == METADATA => Reach::Never,
        _ if address.is_unique_local() || (a == 0x64 && b == 0xff9b) || a & 0xffc0 == 0xfec0 => {
            Reach::Private
        }
        _ => Reach::Public,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(address: &str) -> (bool, bool) {
        let address = address.parse().unwrap();
        (is_allowed(address, false), is_allowed(address, true))
    }

    #[test]
    fn public_addresses_are_allowed() {
        for address in ["8.8.8.8", "2600::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"] {
            assert_eq!(reach(address), (true, true), "{address}");
        }
    }

    #[test]
    fn private_ones_are_if_the_operator_says_so() {
        for address in [
            "127.0.0.1",
            "::1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.0.1",
            "100.64.0.1",
            "198.18.0.1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:a00:1::",
        ] {
            assert_eq!(reach(address), (false, true), "{address}");
        }
    }

    #[test]
    fn metadata_and_what_is_no_host_never_are() {
        for address in [
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::",
            "fe80::1",
            "fd00:ec2::254",
            "0.0.0.0",
            "::",
            "224.0.0.1",
            "ff02::1",
            "255.255.255.255",
            "::169.254.169.254",
        ] {
            assert_eq!(reach(address), (false, false), "{address}");
        }
    }
}
