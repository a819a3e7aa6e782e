//! Matches between agents: who plays ([`AgentSpec`]), one game ([`play_game`]), many games ([`play_match`]), win rates.
//!
//! Invariant: a match's row, its state hash included, is a function of its plan: the number of threads and the order in
//! which games end change nothing (speed apart).
//!
//! Data flow: [`MatchPlan`] -> games in parallel, the agent in seat 1 and 2 by turns -> [`GameOutcome`]s in order of
//! their number -> [`MatchRow`].
//!
//! Leaves out: what agents are made of (a [`Roster`] makes them; `run` has one), tables and files of results (`run`).

mod game;
mod matches;
mod spec;

#[cfg(test)]
mod tests;

use crate::env::EnvError;

pub use game::{GameOptions, GameOutcome, GamePlan, SeatPlayer, game_seed, play_game, play_on};
pub use matches::{
    KeepGame, MatchOptions, MatchPlan, MatchRow, PlayedGame, Progress, play_games, play_match,
};
pub use spec::{AgentSpec, Condition, SpecError, ZChoice};

/// Loops after which a game is a tie, unless something else is said.
pub const LOOPS_MAX_DEFAULT: u32 = 40_000;

/// A game that is lost (its process died or hung) is played so often at most, with the same seed.
pub const GAME_TRIES_MAX: u32 = 3;

/// Why a match could not be played to its end.
#[derive(Debug, thiserror::Error)]
pub enum EvaluatorError {
    #[error(transparent)]
    Env(EnvError),
    #[error("cannot make agent {spec}")]
    Agent {
        spec: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error(transparent)]
    Replay(#[from] crate::replay::ReplayError),
    #[error("cannot write {path}")]
    Write {
        path: std::path::PathBuf,
        #[source]
        source: crate::files::FileError,
    },
    #[error("cannot keep the result of a game")]
    Keep {
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("interrupted")]
    Interrupted,
}

impl EvaluatorError {
    /// The game died or hung: nobody's fault, and another try may go well.
    pub fn is_lost_game(&self) -> bool {
        matches!(self, EvaluatorError::Env(EnvError::Lost(_)))
    }
}

impl From<EnvError> for EvaluatorError {
    fn from(error: EnvError) -> EvaluatorError {
        match error {
            EnvError::Interrupted => EvaluatorError::Interrupted,
            error => EvaluatorError::Env(error),
        }
    }
}

/// Makes players of specs, from several threads.
pub trait Roster: Sync {
    /// # Errors
    /// [`EvaluatorError::Agent`] for a spec that nothing stands behind.
    fn player(&self, spec: &AgentSpec) -> Result<SeatPlayer, EvaluatorError>;

    /// Games between these two that are best played at once, because their players share work: at least 1, and the same
    /// on every machine, since who shares a batch may show in the last bits.
    fn group_max(&self, _specs: [&AgentSpec; 2]) -> usize {
        1
    }

    /// The players of so many games (at most [`Roster::group_max`]), which will be played at once, each in a thread of
    /// its own: one that is not played, or waits for another, may keep the others waiting.
    ///
    /// # Errors
    /// As [`Roster::player`].
    fn group(
        &self,
        specs: [&AgentSpec; 2],
        games: usize,
    ) -> Result<Vec<[SeatPlayer; 2]>, EvaluatorError> {
        (0..games)
            .map(|_| Ok([self.player(specs[0])?, self.player(specs[1])?]))
            .collect()
    }
}
