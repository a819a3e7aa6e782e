//! StarCraft II, over its API, as an [`Env`](super::Env): processes kept warm between games, maps, games;
//! and its replays, watched.

mod games;
mod maps;
mod play;
mod table;
mod watch;

pub use games::Sc2Games;
pub use play::Sc2Env;
pub use watch::{Sc2Watch, Sc2Watcher};
