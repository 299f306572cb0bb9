//! The edge over real sockets: `http` the protocol, `socket` the other one, `abuse` what must not hurt, `conformance` what
//! others say the protocols are, `clients` how old a client may be, `maintenance` that the product is closed. Most talk
//! to a toy product with every kind of trouble.

mod abuse;
mod clients;
mod conformance;
mod http;
mod maintenance;
mod socket;
mod toy;
