//! The room is described in ARCHITECTURE.md; its first file is being written.
