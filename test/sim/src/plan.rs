//! What a run does and how bad its world is, drawn from the seed. Not every run does everything (swarm testing): a fault that
//! is always there hides what only happens without it.

use ids::{Mint, Span};

/// The character of one run.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Virtual time before the network heals.
    pub(crate) storm: Span,
    /// Longest usual delay of a message, milliseconds.
    pub(crate) delay_ms: u64,
    /// Of 1000 datagrams so many are lost, and as many doubled.
    pub(crate) datagrams_lost: u64,
    /// Of 1000 API calls so many are lost on the way there, and as many answers on the way back.
    pub(crate) calls_lost: u64,
    /// Mean time between two faults of each kind; none: that kind does not happen in this run.
    pub(crate) cuts: Option<Span>,
    pub(crate) control_crashes: Option<Span>,
    pub(crate) agent_crashes: Option<Span>,
    pub(crate) machine_crashes: Option<Span>,
    pub(crate) process_crashes: Option<Span>,
    /// Players vanish without a word.
    pub(crate) silent_players: bool,
    /// Control dies in the middle of a turn now and then: before the commit, before the answers, before the effects.
    pub(crate) torn_turns: bool,
    /// The script is slow, throws, refuses.
    pub(crate) bad_script: bool,
    /// Deployments fail now and then.
    pub(crate) bad_deployments: bool,
    pub(crate) terminates: bool,
    pub(crate) updates_script: bool,
    pub(crate) scales: bool,
    pub(crate) deletes_fleets: bool,
    pub(crate) searches: bool,
    pub(crate) idempotent_retries: bool,
    /// Players claim a seat that somebody has already, or that never was.
    pub(crate) impostors: bool,
    /// Logical processes in an operating system process.
    pub(crate) slots: u64,
    pub(crate) machines: u64,
    pub(crate) seats: u64,
    pub(crate) callbacks: u64,
}

impl Plan {
    pub(crate) fn draw(dice: &mut Mint) -> Self {
        let mut often = |of: u64, seconds: u64| {
            (dice.below(of) == 0).then(|| Span::from_secs(seconds + dice.below(seconds * 2)))
        };
        let (cuts, control_crashes) = (often(2, 12), often(2, 90));
        let (agent_crashes, machine_crashes) = (often(3, 150), often(5, 300));
        let process_crashes = often(3, 60);
        let mut yes = |of: u64| dice.below(of) == 0;
        Self {
            cuts,
            control_crashes,
            agent_crashes,
            machine_crashes,
            process_crashes,
            silent_players: yes(2),
            torn_turns: yes(2),
            bad_script: yes(3),
            bad_deployments: yes(8),
            terminates: yes(2),
            updates_script: yes(2),
            scales: yes(2),
            deletes_fleets: yes(3),
            searches: yes(2),
            idempotent_retries: yes(2),
            impostors: yes(2),
            storm: Span::from_secs(300 + dice.below(400)),
            delay_ms: [1, 20, 200, 1500][pick(dice, 4)],
            datagrams_lost: [0, 10, 300][pick(dice, 3)],
            calls_lost: [0, 0, 50, 200][pick(dice, 4)],
            slots: [1, 1, 2, 4][pick(dice, 4)],
            machines: 1 + dice.below(2),
            seats: 1 + dice.below(4),
            callbacks: dice.number(),
        }
    }
}

fn pick(dice: &mut Mint, of: u64) -> usize {
    usize::try_from(dice.below(of)).unwrap_or(0)
}
