//! Data goes to stdout, everything else to stderr. A reader that has gone away (`| head`) is no error.

use std::io::Write as _;

/// One line of data.
pub(crate) fn out(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// One line for the person who watches.
pub(crate) fn note(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Data as it stands, without a line end of ours.
pub(crate) fn text(text: &str) {
    let mut stdout = std::io::stdout();
    let _ = stdout.write_all(text.as_bytes());
    let _ = stdout.flush();
}
