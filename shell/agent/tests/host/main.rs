//! An agent and a control plane in this process, with server processes that are real processes: this test program again, started
//! through a small wrapper, speaking the Server SDK protocol.

#![expect(
    clippy::unwrap_used,
    reason = "a test says that something is wrong by failing there"
)]

#[path = "../../../control/tests/plane/drive.rs"]
#[expect(
    dead_code,
    reason = "the driver is shared with the tests of control, which use all of it"
)]
mod drive;
mod process;
mod stories;
