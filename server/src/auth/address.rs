//! From where a request comes: the address by which guessing is slowed down.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use sync_core::problem::ProblemKind;

use crate::app_state::AppState;
use crate::problem::Problem;

/// What a proxy tells of whom it speaks for.
const FORWARDED: &str = "x-forwarded-for";

/// The address of whoever asks. Behind a proxy that the configuration names it is the one that this proxy tells; the word of
/// anybody else about an address counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl ClientAddress {
    /// The last address before ours that is no proxy of ours: what stands before it anybody can have written.
    fn of(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> Self {
        let mut address = peer;
        let told = headers.get_all(FORWARDED).iter().filter_map(|value| value.to_str().ok());
        let mut hops: Vec<&str> = told.flat_map(|value| value.split(',')).collect();
        while proxies.contains(&address) {
            let Some(before) = hops.pop().and_then(|hop| hop.trim().parse().ok()) else { break };
            address = before;
        }
        Self(address)
    }

    /// Of IPv6 a house has a whole network (/64), and whoever guesses there has as many addresses: they count as one.
    fn of_a_house(self) -> Self {
        match self.0 {
            IpAddr::V4(_) => self,
            IpAddr::V6(address) => {
                let bits = address.to_bits() >> 64 << 64;
                Self(IpAddr::V6(std::net::Ipv6Addr::from_bits(bits)))
            }
        }
    }
}

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let ConnectInfo(peer) = ConnectInfo::<SocketAddr>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::new(ProblemKind::InternalError))?;
        Ok(Self::of(peer.ip().to_canonical(), &parts.headers, &state.config.proxies()).of_a_house())
    }
}

/// Whether this peer may speak to the server as it does: over TLS anybody, in the clear only this machine and a proxy that the configuration
/// names. Whoever reaches the port around the proxy sends passwords that anybody on the way can read.
fn may_speak(peer: IpAddr, over_tls: bool, proxies: &[IpAddr]) -> bool {
    over_tls || peer.is_loopback() || proxies.contains(&peer)
}

/// Turns away who comes around the proxy; whether the server lives is told to everybody.
pub(crate) async fn only_through_the_proxy(
    State(state): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let over_tls = !state.config.tls_certificate.is_empty();
    let peer = peer.ip().to_canonical();
    if request.uri().path().starts_with("/health/") || may_speak(peer, over_tls, &state.config.proxies()) {
        return next.run(request).await;
    }
    Problem::new(ProblemKind::ForeignOrigin).about("not through the proxy").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(peer: &str, forwarded: &str, proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        if !forwarded.is_empty() {
            headers.insert(FORWARDED, forwarded.parse().unwrap());
        }
        let proxies: Vec<IpAddr> = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
        ClientAddress::of(peer.parse().unwrap(), &headers, &proxies).0.to_string()
    }

    #[test]
    fn in_the_clear_only_this_machine_and_a_named_proxy_are_heard() {
        let proxies: [IpAddr; 1] = ["192.0.2.7".parse().unwrap()];
        let hears = |peer: &str, over_tls| may_speak(peer.parse().unwrap(), over_tls, &proxies);
        assert!(hears("192.0.2.7", false) && hears("127.0.0.1", false) && hears("::1", false));
        assert!(!hears("192.0.2.8", false) && !hears("203.0.113.5", false));
        assert!(hears("203.0.113.5", true));
    }

    #[test]
    fn only_a_named_proxy_is_believed() {
        assert_eq!(told("192.0.2.7", "203.0.113.5", &[]), "192.0.2.7");
        assert_eq!(told("192.0.2.7", "203.0.113.5", &["192.0.2.7"]), "203.0.113.5");
        assert_eq!(told("192.0.2.7", "", &["192.0.2.7"]), "192.0.2.7");
        // What the guesser wrote himself stands before what our proxies added.
        assert_eq!(
            told("192.0.2.7", "198.51.100.1, 203.0.113.5, 192.0.2.8", &["192.0.2.7", "192.0.2.8"]),
            "203.0.113.5"
        );
        assert_eq!(told("192.0.2.7", "noise", &["192.0.2.7"]), "192.0.2.7");
        let house = |text: &str| ClientAddress(text.parse().unwrap()).of_a_house();
        assert_eq!(house("2001:db8:1:2:3::4"), house("2001:db8:1:2:ffff::9"));
        assert_ne!(house("2001:db8:1:2::4"), house("2001:db8:1:3::4"));
    }
}
