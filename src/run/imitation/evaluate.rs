//! Matches of a checkpoint: while training against a few opponents, at the end against all of the final table.

use super::{Context, RunError};
use crate::evaluator::{AgentSpec, MatchOptions, MatchPlan, MatchRow, play_match};
use crate::game::Seed;
use crate::predictor::set_operation_threads;
use std::path::Path;

/// Matches while training; the games are the same ones every time, so that scores compare.
pub(super) fn while_training(
    context: &Context,
    checkpoint: &Path,
) -> Result<Vec<MatchRow>, RunError> {
    let c = &context.config.evaluation;
    matches(context, checkpoint, &c.opponents, c.games, "evaluation")
}

/// The final table; other games than those by which the best checkpoint was chosen.
pub(super) fn final_table(context: &Context, checkpoint: &Path) -> Result<Vec<MatchRow>, RunError> {
    let c = &context.config.evaluation;
    matches(
        context,
        checkpoint,
        &c.final_opponents,
        c.final_games,
        "final table",
    )
}

/// Mean win rate over a table's rows; 0 for an empty one.
pub(super) fn score(rows: &[MatchRow]) -> f64 {
    rows.iter().map(|r| r.win_rate).sum::<f64>() / rows.len().max(1) as f64
}

/// A table's rows in one line.
pub(super) fn in_words(rows: &[MatchRow]) -> String {
    let short = |r: &MatchRow| {
        let opponent = r.opponent.split(':').nth(1).unwrap_or(&r.opponent);
        format!("{opponent} {}/{}", r.wins, r.games)
    };
    rows.iter().map(short).collect::<Vec<_>>().join(", ")
}

fn matches(
    context: &Context,
    checkpoint: &Path,
    opponents: &[String],
    games: u32,
    phase: &str,
) -> Result<Vec<MatchRow>, RunError> {
    if opponents.is_empty() || games == 0 {
        return Ok(Vec::new());
    }
    let (config, options) = (context.config, context.options);
    // Many games at once share the cores; each asks its own network.
    set_operation_threads(1);
    options
        .progress
        .begin(phase, u64::from(games) * opponents.len() as u64);
    let mut rows: Vec<MatchRow> = Vec::new();
    for text in opponents {
        let plan = MatchPlan {
            agent: AgentSpec::Checkpoint(checkpoint.to_owned()),
            opponent: text.parse()?,
            map: context.map.clone(),
            games,
            loops_max: config.evaluation.loops_max,
            seed: Seed(config.seed).fork(phase, 0).fork(text, 0),
        };
        let before = u64::from(games) * rows.len() as u64;
        let on_game = |p: crate::evaluator::Progress| {
            let message = format!("{text}: {} won, {} lost, {} tied", p.wins, p.losses, p.ties);
            options.progress.at(before + u64::from(p.done), &message);
        };
        rows.push(play_match(
            &plan,
            &context.agents,
            &MatchOptions {
                threads: options.threads,
                stop: options.stop,
                on_game: &on_game,
                save_replays: None,
            },
        )?);
    }
    options.progress.end(&in_words(&rows));
    Ok(rows)
}
