//! The action space: its spec, the legal masks, `Action` to `Command` and back.
//!
//! Invariant: an action sampled under the masks decodes to a command that the game accepts, up to what only the game
//! can know (placement, hidden units); `Command -> Action -> Command` gives back the same command or a counted reason.

pub mod codec;
#[cfg(test)]
mod function_tests;
pub mod functions;
pub mod interface;
pub mod legal;
pub mod placement;
mod requirements;
mod rules;
pub mod spec;
#[cfg(test)]
mod tests;
pub mod types;

pub use codec::{Codec, CodecCounts, DecodeError, Unrepresentable};
pub use functions::{Args, Function, FunctionKind, function, functions};
pub use interface::{Interface, InterfaceError, Specs};
pub use legal::{fill_legal_functions, selectable, targetable};
pub use spec::{ActionConfig, ActionConfigError, ActionSpec};
pub use types::{Action, SKIP_LOOPS_MAX, SKIP_LOOPS_MIN};
