//! A whole control plane in this process, on port 0 and a folder of its own, driven from outside as clients, hosts and server
//! processes do.

#![expect(
    clippy::unwrap_used,
    reason = "a test says that something is wrong by failing there"
)]

mod calls;
mod drive;
mod hosts;
mod keys;
mod robust;
mod storage;
