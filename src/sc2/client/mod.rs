//! The client side of the API: finds StarCraft II, starts it, speaks to it, ends it.
//!
//! Invariant: nothing here waits longer than it was told to, and no process outlives the program, however that ends.
//!
//! Flow: [`locate`] (installation, version) -> [`Instance`] (a process of the game and the connection to it) ->
//! [`Connection::ask`]. [`requests`] writes the requests that a game takes.
//!
//! Leaves out: what a game is (`env` plays one on one or two instances).

mod connection;
mod error;
mod instance;
pub mod locate;
mod ports;
mod process;
pub mod requests;
pub mod versions;

pub use connection::{Answered, Connection};
pub use error::{ClientError, LocateError};
pub use instance::{Instance, Limits};
pub use locate::{Installation, Launch, Places, Platform, locate};
pub use ports::{PortLease, Ports};
