//! Generated from core/api/model by `cargo xtask bless`; change the facts there, not here.

mod constraints;
mod instance_types;
mod operations;
mod schema_1;
mod schema_2;
mod schema_3;
mod schema_4;
mod shapes_1;
mod shapes_2;
mod shapes_3;
mod shapes_4;
mod shapes_5;
mod shapes_6;
mod values;

pub(crate) use constraints::*;
pub use instance_types::INSTANCE_TYPES;
pub use operations::{Operation, Request, Response};
pub(crate) use schema_1::*;
pub(crate) use schema_2::*;
pub(crate) use schema_3::*;
pub(crate) use schema_4::*;
pub use shapes_1::*;
pub use shapes_2::*;
pub use shapes_3::*;
pub use shapes_4::*;
pub use shapes_5::*;
pub use shapes_6::*;
pub use values::*;
