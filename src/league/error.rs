//! What can be asked of a league in vain.

use super::config::InvalidConfig;

/// Why the league cannot do what it was asked.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LeagueError {
    #[error(transparent)]
    Config(#[from] InvalidConfig),
    #[error("the league has no player {name:?}; it has: {known}")]
    UnknownPlayer { name: String, known: String },
    #[error("{name} does not train (a past player, or stopped)")]
    NotActive { name: String },
    #[error("there is nobody for {name} to play: no current main agent")]
    NobodyToPlay { name: String },
    #[error("a player called {name:?} {what}")]
    Name { name: String, what: String },
    #[error("{name} has trained {known} steps already, so {told} cannot be its progress")]
    StepsWentBack { name: String, known: u64, told: u64 },
    #[error(
        "no z has been played {games_min} times against {name}: run the z evaluation first, or name a z"
    )]
    NoZStatistics { name: String, games_min: u32 },
    #[error("the league's data contradict each other: {what}")]
    Inconsistent { what: String },
}
