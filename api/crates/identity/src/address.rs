//! Addresses as limits count them (按来源计数).

use std::net::{IpAddr, Ipv6Addr};

/// The name under which limits count an address: an IPv4 address by itself, an IPv6 address by its network of 64 bits, of
/// which one subscriber has all.
///
/// ```
/// use identity::address::network;
/// assert_eq!(network("203.0.113.9".parse().unwrap()), "203.0.113.9");
/// assert_eq!(network("::ffff:203.0.113.9".parse().unwrap()), "203.0.113.9");
/// assert_eq!(network("2001:db8:1:2:3:4:5:6".parse().unwrap()), "2001:db8:1:2::/64");
/// ```
#[must_use]
pub fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// As [`network`], of an address in text; what is no address counts as itself.
#[must_use]
pub fn network_of(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), network)
}
