//! The edge over real sockets: `http` the protocol, `socket` the other one, `abuse` what must not hurt, `conformance` what
//! others say the protocols are. All but the last talk to a toy product with every kind of trouble.

mod abuse;
mod conformance;
mod http;
mod socket;
mod toy;
