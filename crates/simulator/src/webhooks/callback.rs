//! Where webhooks go.

use std::sync::Arc;

use hyper::Uri;

/// A callback URL, taken apart once. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Callback(Arc<Parts>);

#[derive(Debug, PartialEq, Eq)]
struct Parts {
    url: String,
    /// `host:port`.
    address: String,
    path: String,
}

impl Callback {
    /// Reads an `http` URL. There is no TLS here: the simulator lives on one machine.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        if uri.scheme_str() != Some("http") {
            return None;
        }
        let (host, port) = (uri.host()?, uri.port_u16().unwrap_or(80));
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Some(Self(Arc::new(Parts {
            url: url.to_owned(),
            address: format!("{host}:{port}"),
            path: path.to_owned(),
        })))
    }

    pub(crate) fn url(&self) -> &str {
        &self.0.url
    }

    pub(crate) fn address(&self) -> &str {
        &self.0.address
    }

    /// Path and query.
    pub(crate) fn path(&self) -> &str {
        &self.0.path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_http_urls_only() {
        let callback = Callback::parse("http://127.0.0.1:8080/hooks?x=1").unwrap();
        assert_eq!((callback.address(), callback.path()), ("127.0.0.1:8080", "/hooks?x=1"));
        assert_eq!(Callback::parse("http://localhost").unwrap().address(), "localhost:80");
        for refused in ["", "localhost", "https://localhost", "http://", "ftp://a/b", "/hooks"] {
            assert_eq!(Callback::parse(refused), None, "{refused}");
        }
    }
}
