//! The server process over real sockets on loopback, with clients made by hand. Each test is named by the line of the product's
//! checklist (realtime.md section 6) that it shows.

#![expect(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking, and waits for one thing among many"
)]

mod bad_input;
mod channels;
mod control;
mod crowds;
mod life;
mod support;
