//! Who decides about game sessions and players: nobody (standalone) or a control plane. The session sees the same calls and
//! answers either way.

mod calls;
mod control;
mod dial;
mod standalone;

pub(crate) use control::{ControlLink, ControlTask, connect};
pub(crate) use standalone::StandaloneLink;

use session::{Input, LinkCall};

/// The link of one slot.
pub(crate) enum Link {
    Standalone(Box<StandaloneLink>),
    Control(ControlLink),
}

impl Link {
    /// Takes a call. What can be answered at once is answered in `answers`.
    pub(crate) fn call(&mut self, call: LinkCall, answers: &mut Vec<Input>) {
        match self {
            Self::Standalone(link) => link.call(call, answers),
            Self::Control(link) => link.call(call),
        }
    }

    /// How many calls wait for the control plane.
    pub(crate) fn waiting(&self) -> usize {
        match self {
            Self::Standalone(_) => 0,
            Self::Control(link) => link.waiting(),
        }
    }
}
