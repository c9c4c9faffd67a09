//! IP addresses, which match however they are written, and ranges of them in CIDR notation.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-ip-matching>

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Reason;

/// The addresses that share a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cidr {
    network: IpAddr,
    prefix_bits: u32,
}

impl Cidr {
    pub(crate) fn parse(text: &str) -> Result<Self, Reason> {
        // Slashes at the end do not count.
        let mut parts = text.trim_end_matches('/').split('/');
        let (Some(address), Some(bits), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Reason::CidrSlash);
        };
        let bits: i32 = bits.parse().map_err(|_| Reason::CidrMask)?;
        let prefix_bits = u32::try_from(bits).map_err(|_| Reason::CidrNegative)?;
        let network = address_in(address)?;
        match network {
            IpAddr::V4(_) if prefix_bits > 31 => Err(Reason::CidrMask4),
            IpAddr::V6(_) if prefix_bits > 127 => Err(Reason::CidrMask6),
            _ => Ok(Self { network, prefix_bits }),
        }
    }

    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        match (self.network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let mask = u32::MAX.checked_shl(32 - self.prefix_bits).unwrap_or(0);
                network.to_bits() & mask == address.to_bits() & mask
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let mask = u128::MAX.checked_shl(128 - self.prefix_bits).unwrap_or(0);
                network.to_bits() & mask == address.to_bits() & mask
            }
            _ => false,
        }
    }
}

/// The address that a text is.
pub(crate) fn address(text: &str) -> Option<IpAddr> {
    address_in(text).ok()
}

fn address_in(text: &str) -> Result<IpAddr, Reason> {
    // The longest address has 45 characters; zeros may precede a number.
    let first = text.bytes().next();
    let begins = first.is_some_and(|byte| byte == b':' || byte.is_ascii_hexdigit());
    if begins && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && is_quad(text) {
        return quad(text).map(IpAddr::V4).ok_or_else(|| Reason::InvalidAddress(text.to_owned()));
    }
    if begins && text.contains(':') && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':') {
        let address: Ipv6Addr = text.parse().map_err(|_| Reason::InvalidAddress(text.to_owned()))?;
        return Ok(IpAddr::V6(address).to_canonical());
    }
    Err(Reason::NonstandardAddress(text.to_owned()))
}

/// Whether a text is four numbers with dots between them.
fn is_quad(text: &str) -> bool {
    text.split('.').count() == 4 && text.split('.').all(|number| !number.is_empty())
}

fn quad(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0_u8; 4];
    for (octet, number) in octets.iter_mut().zip(text.split('.')) {
        *octet = number.parse().ok()?;
    }
    Some(octets.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_the_addresses_with_its_prefix() {
        for (range, text, expected) in [
            ("10.0.0.0/24", "10.0.0.255", true),
            ("10.0.0.0/24", "10.0.1.0", false),
            ("10.0.0.7/24", "10.0.0.1", true),
            ("0.0.0.0/0", "255.255.255.255", true),
            ("0.0.0.0/0", "::1", false),
            ("2001:db8::/64", "2001:DB8:0:0:ffff::1", true),
            ("2001:db8::/64", "2001:db8:0:1::1", false),
            ("::/0", "::1", true),
        ] {
            let contains = Cidr::parse(range).unwrap().contains(address(text).unwrap());
            assert_eq!(contains, expected, "{text} in {range}");
        }
    }

    #[test]
    fn an_address_is_the_same_however_it_is_written() {
        assert_eq!(address("::1"), address("0:0:0:0:0:0:0:1"));
        assert_eq!(address("010.0.0.1"), address("10.0.0.1"));
        for text in
            ["", ":", "1.2.3", "1.2.3.4.5", "1.2.3.256", "abcd", "1..2.3", "::ffff:1.2.3.4", "10.0.0.0/8"]
        {
            assert_eq!(address(text), None, "{text}");
        }
    }
}
