//! Enums of the API: closed sets of words. Validation refuses an unknown word with AWS's sentence before serde sees it.

macro_rules! values {
    ($name:ident { $first:ident = $first_text:literal, $($more:ident = $more_text:literal,)* }) => {
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { #[default] $first, $($more,)* }

        impl $name {
            /// Every value, in the order of the service model.
            pub const ALL: &[Self] = &[Self::$first, $(Self::$more,)*];
            /// Every value as it is written.
            pub const NAMES: &[&str] = &[$first_text, $($more_text,)*];

            /// The value as it is written.
            pub const fn as_str(self) -> &'static str {
                match self { Self::$first => $first_text, $(Self::$more => $more_text,)* }
            }

            /// The value that is written so.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $first_text => Some(Self::$first),
                    $($more_text => Some(Self::$more),)*
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                Self::from_name(&text).ok_or_else(|| {
                    serde::de::Error::unknown_variant(&text, Self::NAMES)
                })
            }
        }
    };
}

pub(crate) use values;
