//! URLs of HTTP endpoints, as accounts name them.

use http::Uri;

/// Where an endpoint is, and what is asked for there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpUrl {
    /// Whether it is spoken to by TLS.
    pub tls: bool,
    /// The host: a name, or an address without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The path, with a query if it has one.
    pub path: String,
    /// What stands before the host, as `user:password`.
    pub user_info: Option<String>,
}

impl HttpUrl {
    /// Reads a URL of the schemes `http` and `https`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let uri: Uri = text.parse().ok()?;
        let tls = match uri.scheme_str()? {
            "http" => false,
            "https" => true,
            _ => return None,
        };
        let authority = uri.authority()?;
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return None;
        }
        let user_info = authority.as_str().rsplit_once('@').map(|(user_info, _)| user_info.to_owned());
        Some(Self {
            tls,
            host: host.to_ascii_lowercase(),
            port: authority.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            path: uri.path_and_query().map_or_else(|| "/".to_owned(), |path| path.as_str().to_owned()),
            user_info,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read() {
        let url = HttpUrl::parse("https://Example.com/a?b=c").unwrap();
        assert_eq!(
            (url.tls, url.host.as_str(), url.port, url.path.as_str()),
            (true, "example.com", 443, "/a?b=c")
        );
        let url = HttpUrl::parse("http://user:word@127.0.0.1:8080").unwrap();
        assert_eq!(
            (url.tls, url.host.as_str(), url.port, url.path.as_str()),
            (false, "127.0.0.1", 8080, "/")
        );
        assert_eq!(url.user_info.as_deref(), Some("user:word"));
        assert_eq!(HttpUrl::parse("http://[::1]:80/").unwrap().host, "::1");
    }

    #[test]
    fn what_is_no_url_of_an_endpoint_is_not() {
        for text in ["", "example.com", "ftp://example.com/", "http://", "http:///a", "/a", "http://a b/"] {
            assert_eq!(HttpUrl::parse(text), None, "{text}");
        }
    }
}
