//! Tables of matches of a checkpoint, as the `[evaluation]` of a config asks for them.

use super::config::EvaluationConfig;
use super::progress::Progress;
use super::{Agents, RunError};
use crate::env::Arena;
use crate::evaluator::{AgentSpec, MatchOptions, MatchPlan, MatchRow, play_match};
use crate::game::{MapData, Seed};
use crate::predictor::set_operation_threads;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What all tables of a run share.
pub struct Tables<'a> {
    pub config: &'a EvaluationConfig,
    pub agents: &'a Agents,
    pub map: &'a Arc<MapData>,
    pub seed: Seed,
    /// Games at once.
    pub threads: usize,
    pub stop: &'a AtomicBool,
    /// Where games are played.
    pub arena: &'a Arena,
    pub progress: &'a dyn Progress,
}

impl Tables<'_> {
    /// Matches while training; the games are the same ones every time, so that scores compare.
    ///
    /// # Errors
    /// If a game cannot be played, or the run is stopped.
    pub fn while_training(
        &self,
        checkpoint: &Path,
        opponents: &[String],
    ) -> Result<Vec<MatchRow>, RunError> {
        self.play(checkpoint, opponents, self.config.games, "evaluation")
    }

    /// The final table; other games than those by which the best checkpoint was chosen.
    ///
    /// # Errors
    /// As [`Tables::while_training`].
    pub fn at_the_end(
        &self,
        checkpoint: &Path,
        opponents: &[String],
    ) -> Result<Vec<MatchRow>, RunError> {
        self.play(
            checkpoint,
            opponents,
            self.config.final_games,
            "final table",
        )
    }

    fn play(
        &self,
        checkpoint: &Path,
        opponents: &[String],
        games: u32,
        phase: &str,
    ) -> Result<Vec<MatchRow>, RunError> {
        if opponents.is_empty() || games == 0 {
            return Ok(Vec::new());
        }
        // Many games at once share the cores; each asks its own network.
        set_operation_threads(1);
        self.progress
            .begin(phase, u64::from(games) * opponents.len() as u64);
        let mut rows: Vec<MatchRow> = Vec::new();
        for text in opponents {
            let plan = MatchPlan {
                agent: AgentSpec::Checkpoint(checkpoint.to_owned()),
                opponent: text.parse()?,
                map: self.map.clone(),
                games,
                loops_max: self.config.loops_max,
                seed: self.seed.fork(phase, 0).fork(text, 0),
            };
            let before = u64::from(games) * rows.len() as u64;
            let on_game = |p: crate::evaluator::Progress| {
                let message = format!("{text}: {} won, {} lost, {} tied", p.wins, p.losses, p.ties);
                self.progress.at(before + u64::from(p.done), &message);
            };
            rows.push(play_match(
                &plan,
                self.agents,
                &MatchOptions {
                    threads: self.threads,
                    stop: self.stop,
                    on_game: &on_game,
                    save_replays: None,
                    arena: self.arena,
                },
            )?);
        }
        self.progress.end(&in_words(&rows));
        Ok(rows)
    }
}

/// Mean win rate over a table's rows; 0 for an empty one.
pub fn score(rows: &[MatchRow]) -> f64 {
    rows.iter().map(|r| r.win_rate).sum::<f64>() / rows.len().max(1) as f64
}

/// A table's rows in one line.
pub fn in_words(rows: &[MatchRow]) -> String {
    let short = |r: &MatchRow| {
        let opponent = match r.opponent.parse() {
            Ok(AgentSpec::Checkpoint(path)) => {
                let name = path.file_stem().unwrap_or_default();
                name.to_string_lossy().into_owned()
            }
            _ => r
                .opponent
                .split(':')
                .nth(1)
                .unwrap_or(&r.opponent)
                .to_owned(),
        };
        format!("{opponent} {}/{}", r.wins, r.games)
    };
    rows.iter().map(short).collect::<Vec<_>>().join(", ")
}
