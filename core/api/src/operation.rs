//! Operations, requests and responses: the macro that turns the generated table into enums, and the answers to what is not
//! supported.

use crate::{Fault, FaultCode, Operation};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// How much a Realtime game needs an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// The life of a game.
    A,
    /// What some users would miss.
    B,
    /// What is about AWS's own machinery.
    C,
}

/// What happens to a request for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// It is carried out.
    Supported,
    /// It is refused as an invalid request.
    Refused,
    /// The thing it asks for is not found.
    Missing,
    /// It answers an empty list, the member with this name.
    Empty(&'static str),
}

/// A request of one operation, which knows its response: for typed clients.
pub trait Call: Serialize + DeserializeOwned {
    /// The operation that this is the input of.
    const OPERATION: Operation;
    /// What a successful call answers.
    type Output: Serialize + DeserializeOwned;
}

impl Operation {
    /// The answer of an operation that is not supported; `None` when it is.
    pub fn unsupported(self) -> Option<Result<Value, Fault>> {
        let name = self.name();
        match self.support() {
            Support::Supported => None,
            Support::Refused => Some(Err(Fault::invalid(format!(
                "{name} is not supported by this implementation"
            )))),
            Support::Missing => Some(Err(Fault::new(
                FaultCode::NotFound,
                format!(
                    "{name} found nothing: such things are not supported by this implementation"
                ),
            ))),
            Support::Empty(list) => Some(Ok(json!({ list: [] }))),
        }
    }
}

/// A checked tree as the structure it was checked for.
pub(crate) fn decoded<T: DeserializeOwned>(value: Value) -> Result<T, Fault> {
    serde_json::from_value(value).map_err(|error| Fault::serialization(error.to_string()))
}

/// A structure as a tree. Nothing in the shapes can fail: keys are texts, and numbers are checked when they come in.
pub(crate) fn encoded<T: Serialize>(shape: &T) -> Value {
    serde_json::to_value(shape).unwrap_or_else(|_| Value::Object(serde_json::Map::new()))
}

macro_rules! operations {
    (
        calls { $($name:ident: $input:ident = $input_shape:ident => $output:ident = $output_shape:ident
            { $tier:ident, $support:ident $(($empty:literal))? } [$($fault:ident)*])* }
        refused { $($other:ident { $answer:ident $(($list:literal))? })* }
    ) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Operation { $($name,)* $($other,)* }

        impl Operation {
            /// Every operation of the API.
            pub const ALL: &[Self] = &[$(Self::$name,)* $(Self::$other,)*];

            /// The name on the wire.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* $(Self::$other => stringify!($other),)* }
            }

            /// The operation with this name; case counts.
            pub fn from_name(name: &str) -> Option<Self> {
                $(if name == stringify!($name) { return Some(Self::$name); })*
                $(if name == stringify!($other) { return Some(Self::$other); })*
                None
            }

            /// How much a Realtime game needs it.
            pub const fn tier(self) -> Tier {
                match self { $(Self::$name => Tier::$tier,)* $(Self::$other => Tier::C,)* }
            }

            /// What happens to a request for it.
            pub const fn support(self) -> Support {
                match self {
                    $(Self::$name => Support::$support $(($empty))?,)*
                    $(Self::$other => Support::$answer $(($list))?,)*
                }
            }

            /// The shape of its input; `None` for tier C, whose shapes are not kept.
            pub fn input(self) -> Option<&'static Shape> {
                match self { $(Self::$name => Some(&$input_shape),)* $(Self::$other => None,)* }
            }

            /// The shape of its output; `None` for tier C.
            pub fn output(self) -> Option<&'static Shape> {
                match self { $(Self::$name => Some(&$output_shape),)* $(Self::$other => None,)* }
            }

            /// The faults that the model lists for it; empty for tier C.
            pub const fn faults(self) -> &'static [FaultCode] {
                match self { $(Self::$name => &[$(FaultCode::$fault),*],)* $(Self::$other => &[],)* }
            }
        }

        /// A valid request.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Request { $($name($input),)* }

        impl Request {
            /// The operation that is asked for.
            pub const fn operation(&self) -> Operation {
                match self { $(Self::$name(_) => Operation::$name,)* }
            }

            /// Checks types, then constraints, and takes the tree in; unknown members are ignored.
            pub fn parse(operation: Operation, input: Value) -> Result<Self, Fault> {
                let input = validate::checked(operation, input)?;
                match operation {
                    $(Operation::$name => decoded(input).map(Self::$name),)*
                    $(Operation::$other)|* => Err(validate::not_kept(operation)),
                }
            }

            /// The request as a tree.
            pub fn to_value(&self) -> Value {
                match self { $(Self::$name(input) => encoded(input),)* }
            }
        }

        /// A successful answer.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Response { $($name($output),)* }

        impl Response {
            /// The operation that was carried out.
            pub const fn operation(&self) -> Operation {
                match self { $(Self::$name(_) => Operation::$name,)* }
            }

            /// Takes a tree in that a server answered.
            pub fn parse(operation: Operation, output: Value) -> Result<Self, Fault> {
                match operation {
                    $(Operation::$name => decoded(output).map(Self::$name),)*
                    $(Operation::$other)|* => Err(validate::not_kept(operation)),
                }
            }

            /// The response as a tree; absent members are left out.
            pub fn to_value(&self) -> Value {
                match self { $(Self::$name(output) => encoded(output),)* }
            }
        }

        $(
            impl Call for $input {
                const OPERATION: Operation = Operation::$name;
                type Output = $output;
            }

            impl From<$input> for Request {
                fn from(input: $input) -> Self {
                    Self::$name(input)
                }
            }

            impl From<$output> for Response {
                fn from(output: $output) -> Self {
                    Self::$name(output)
                }
            }
        )*
    };
}

pub(crate) use operations;

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
