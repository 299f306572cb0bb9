#![doc = include_str!("../README.md")]

pub mod app;
pub mod cli;
pub mod doctor;
pub mod graphiql;
pub mod housekeeping;
pub mod http;
pub mod keys;
pub mod lease;
pub mod metrics;
pub mod migrations;
pub mod relay;
pub mod routes;
pub mod seed;
pub mod serve;
pub mod town_host;
