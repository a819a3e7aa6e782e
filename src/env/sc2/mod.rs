//! StarCraft II, over its API, as an [`Env`](super::Env): processes kept warm between games, maps, games.

mod games;
mod maps;
mod play;
mod table;

pub use games::Sc2Games;
pub use play::Sc2Env;
