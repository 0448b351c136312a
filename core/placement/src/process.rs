//! Which of several free processes takes a session.

use ids::{ComputeName, ProcessId};

/// A process that could take a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeProcess {
    /// The process.
    pub process: ProcessId,
    /// Its host.
    pub host: ComputeName,
    /// Sessions that run on that host.
    pub sessions_on_host: u32,
    /// The host is about to be taken away, for instance by scaling in.
    pub host_is_leaving: bool,
}

/// The process to use: never on a host that is leaving; on the fullest host, so that others can be emptied and scaled
/// away; of equals the first by name.
pub fn pick(free: &[FreeProcess]) -> Option<&FreeProcess> {
    let staying = free.iter().filter(|process| !process.host_is_leaving);
    staying.min_by_key(|process| {
        (
            std::cmp::Reverse(process.sessions_on_host),
            &process.host,
            &process.process,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fullest_staying_host_is_taken() {
        let process = |process: &str, host: &str, sessions_on_host, host_is_leaving| FreeProcess {
            process: process.into(),
            host: host.into(),
            sessions_on_host,
            host_is_leaving,
        };
        let mut free = vec![
            process("p1", "i-b", 2, false),
            process("p2", "i-a", 2, false),
            process("p3", "i-c", 1, false),
            process("p4", "i-d", 9, true),
        ];
        assert_eq!(pick(&free).map(|p| p.process.as_str()), Some("p2"));
        free.retain(|process| process.host_is_leaving);
        assert_eq!(pick(&free), None);
        assert_eq!(pick(&[]), None);
    }
}
