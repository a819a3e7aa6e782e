//! What every player of this crate knows about playing: from one look at the game to commands in order of importance.
//!
//! The built-in AI (`sim::ai`) and the scripted agents (`agent::scripted`) are both made of these parts; they differ in
//! plans, limits and how many commands they may give.
//!
//! Invariant: decisions depend on the [`RawObservation`](crate::game::RawObservation), the
//! [`GameInfo`](crate::game::GameInfo) and the caller's arguments only; nothing here is random or remembers.
//!
//! Flow: `GameInfo` → [`Knowledge`] (once a game); `RawObservation` → [`Index`] → [`View`] (once a look); then
//! [`economy`], [`production`] (a [`plan::Plan`]), [`army`] and [`micro`] append commands to [`Orders`] while [`Budget`] lasts.
//!
//! Leaves out: memory of earlier looks, waves and squads (with the callers), and races other than Terran.

pub mod army;
pub mod economy;
pub mod kinds;
pub mod knowledge;
pub mod micro;
pub mod orders;
pub mod placement;
pub mod plan;
pub mod production;
pub mod view;

pub use knowledge::Knowledge;
pub use orders::{Budget, Orders};
pub use plan::Plan;
pub use view::{Index, View};

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
