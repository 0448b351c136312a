//! A wrapper for what must not reach a log: tokens and other credentials.

use std::fmt;

/// Holds a value whose `Debug` and `Display` say only that something is there.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Private<T>(T);

impl<T> Private<T> {
    /// Wraps a secret.
    pub const fn new(secret: T) -> Self {
        Self(secret)
    }

    /// The secret itself, for the one place that needs it.
    pub const fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<private>")
    }
}

impl<T> fmt::Display for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<private>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_form_of_output_shows_the_secret() {
        let token = Private::new("hunter2".to_owned());
        assert_eq!(
            format!("{token} {token:?} {token:#?}"),
            "<private> <private> <private>"
        );
        assert_eq!(token.reveal(), "hunter2");
    }
}
