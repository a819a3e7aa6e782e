//! The action space: its spec, the legal masks, `Action` to `Command` and back.
//!
//! Invariant: an action sampled under the masks decodes to a command that the game accepts, up to what only the game
//! can know (placement, hidden units); `Command -> Action -> Command` gives back the same command or a counted reason.

pub mod spec;
pub mod types;

pub use spec::{ActionConfig, ActionSpec};
pub use types::{Action, SKIP_LOOPS_MAX, SKIP_LOOPS_MIN};
