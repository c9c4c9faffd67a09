//! Time, randomness, environment, files and sockets come in through ports. Only the ports' own homes, and tests,
//! reach for them directly.

use super::Source;

/// What reaches outside.
const AMBIENT: [&str; 11] = [
    "SystemTime::now",
    "Instant::now",
    "std::env::",
    "std::fs",
    "std::process::Command",
    "tokio::fs",
    "tokio::net",
    "SystemRandom::new",
    "thread_rng",
    "rand::random",
    "getrandom::",
];

/// The one part of `std::net` that only names addresses.
const ADDRESSES: [&str; 7] =
    ["IpAddr", "Ipv4Addr", "Ipv6Addr", "SocketAddr", "SocketAddrV4", "SocketAddrV6", "AddrParseError"];

/// Where it is allowed.
const HOMES: [&str; 8] = [
    "bench/",
    "crates/crypto/src/entropy.rs",
    "crates/server/",
    "crates/store/",
    "crates/sys/",
    "crates/testkit/",
    "tests/",
    "xtask/",
];

pub(super) fn check(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for source in sources.iter().filter(|source| !is_home(&source.path)) {
        for (number, line) in code(&source.text) {
            if let Some(found) = ambient(line) {
                complaints.push(format!("{}:{number}: {found} belongs behind a port", source.path));
            }
        }
    }
    complaints
}

fn is_home(path: &str) -> bool {
    let is_test = path.contains("/tests/") || path.ends_with("/tests.rs") || path.ends_with("_tests.rs");
    is_test || HOMES.iter().any(|home| path.starts_with(home))
}

/// What a line reaches for.
fn ambient(line: &str) -> Option<&'static str> {
    if let Some((_, rest)) = line.split_once("std::net::") {
        let mut names = rest.split(|letter: char| !letter.is_alphanumeric()).filter(|name| !name.is_empty());
        let one_path = !rest.starts_with('{');
        let addresses = if one_path {
            names.next().is_some_and(|name| ADDRESSES.contains(&name))
        } else {
            names.all(|name| ADDRESSES.contains(&name) || name == "self")
        };
        if !addresses {
            return Some("std::net");
        }
    }
    let merged = line.trim_start().strip_prefix("use std::{").is_some_and(|names| {
        names.split(|letter: char| !letter.is_alphanumeric()).any(|name| ["env", "fs", "net"].contains(&name))
    });
    if merged {
        return Some("a use of std::env, std::fs or std::net");
    }
    AMBIENT.into_iter().find(|pattern| line.contains(pattern))
}

/// The numbered lines that are neither comments nor in an item under `#[cfg(test)]`. The text is rustfmt's, so an
/// item ends with the first line at its own depth that closes it.
fn code(text: &str) -> Vec<(usize, &str)> {
    let mut lines = Vec::new();
    let mut test_depth = None;
    for (index, line) in text.lines().enumerate() {
        let depth = line.len() - line.trim_start().len();
        let content = line.trim();
        match test_depth {
            Some(start) => {
                let closes = content.ends_with(';') || content.ends_with('}');
                if depth == start && closes && !content.starts_with("#[") {
                    test_depth = None;
                }
            }
            None if content.starts_with("#[cfg(test)]") => test_depth = Some(depth),
            None if content.starts_with("//") => {}
            None => lines.push((index + 1, line)),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, text: &str) -> usize {
        check(&[Source { path: path.to_owned(), text: text.to_owned() }]).len()
    }

    #[test]
    fn reaching_outside_is_found() {
        for line in [
            "let now = std::time::Instant::now();",
            "use std::fs;",
            "use std::{fmt, fs};",
            "use std::net::{IpAddr, TcpStream};",
            "std::net::UdpSocket::bind(address)",
            "std::env::var(\"HOME\")",
            "let random = SystemRandom::new();",
        ] {
            assert_eq!(complaints("crates/svc/kms/src/a.rs", line), 1, "{line}");
        }
    }

    #[test]
    fn the_homes_of_the_ports_addresses_and_tests_may() {
        assert_eq!(complaints("crates/store/src/a.rs", "use std::fs;"), 0);
        assert_eq!(complaints("crates/engine/src/a/tests.rs", "use std::fs;"), 0);
        assert_eq!(complaints("crates/engine/src/a.rs", "use std::net::{IpAddr, Ipv4Addr};"), 0);
        assert_eq!(complaints("crates/engine/src/a.rs", "/// Like `std::fs`.\n"), 0);
        let test = "fn a() {}\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n";
        assert_eq!(complaints("crates/engine/src/a.rs", test), 0);
        assert_eq!(complaints("crates/engine/src/a.rs", &format!("{test}use std::fs;\n")), 1);
    }
}
