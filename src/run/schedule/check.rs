//! What a match needs, looked for before any work.

use super::plan::map_at;
use super::play::Player;
use super::{Match, ScheduleError};
use crate::env::Arena;
use crate::evaluator::{MatchOptions, MatchPlan, play_match};
use crate::game::Seed;
use crate::run::Agents;
use crate::run::arena::default_map;
use crate::run::config::schedule::CHECKPOINT;

impl Player<'_> {
    /// Makes every player and map of a match, and on the simulator begins a game of every row; the names of its maps.
    pub fn check(&self, one: &Match) -> Result<Vec<String>, ScheduleError> {
        let config = &one.config;
        let agents = one.agents();
        let arena = self.arena(&config.game())?;
        let labels = match config.maps.is_empty() {
            true => vec![default_map(&arena)?.name.clone()],
            false => config.maps.clone(),
        };
        for label in config.all_agents() {
            let spec = one.resolved(&label)?;
            // A checkpoint to come cannot be loaded; without libtorch none can.
            let is_to_come = label.contains(CHECKPOINT);
            if !is_to_come || cfg!(not(feature = "torch")) {
                agents.check(&spec)?;
            }
            for opponent in config.all_opponents() {
                let opponent = one.resolved(&opponent)?;
                agents.check(&opponent)?;
                for map in &labels {
                    let plan = MatchPlan {
                        agent: if is_to_come {
                            opponent.clone()
                        } else {
                            spec.clone()
                        },
                        opponent: opponent.clone(),
                        map: arena.load_map(&map_at(map, &one.base))?,
                        games: 1,
                        loops_max: 0,
                        seed: Seed(0),
                    };
                    if matches!(arena, Arena::Simulator) {
                        self.begin_and_end(&plan, &agents, &arena)?;
                    }
                }
            }
        }
        Ok(labels)
    }

    fn begin_and_end(
        &self,
        plan: &MatchPlan,
        agents: &Agents,
        arena: &Arena,
    ) -> Result<(), ScheduleError> {
        let options = MatchOptions {
            threads: 1,
            stop: self.stop,
            on_game: &|_| {},
            save_replays: None,
            arena,
        };
        play_match(plan, agents, &options)?;
        Ok(())
    }
}
