//! Lines of the test checklist (realtime.md section 6) that a session alone can show, by their numbers.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at some outputs and passes over all others"
)]

mod edges;
mod faults;
mod game;
mod groups;
mod life;
mod logins;
mod random;
mod relay;
