//! Matches against the supervised agent and the config's opponents, and the rating they come to (SCC §6.3, Fig. 3).

use super::state::{EloEstimate, Evaluation, RlState};
use super::{Context, RunError};
use crate::evaluator::MatchRow;
use crate::game::Seed;
use crate::league::elo::{PairResult, ratings};
use crate::run::tables::Tables;
use std::path::Path;

/// Two-sided 95% of a normal distribution, in standard errors.
const Z95: f64 = 1.96;

/// The supervised agent itself against the config's opponents: what its rating of 0 means.
pub(super) fn of_the_supervised(context: &Context) -> Result<Evaluation, RunError> {
    let opponents = &context.config.evaluation.opponents;
    let rows = tables(context).while_training(&context.supervised, opponents)?;
    Ok(Evaluation {
        rows,
        ..Evaluation::default()
    })
}

/// Weights while training.
pub(super) fn while_training(
    context: &Context,
    state: &RlState,
    checkpoint: &Path,
) -> Result<Evaluation, RunError> {
    let opponents = with_supervised(context, &context.config.evaluation.opponents);
    let rows = tables(context).while_training(checkpoint, &opponents)?;
    Ok(evaluation(state, rows))
}

/// The final table: the agent's rows, then the supervised agent's own against the same opponents, in as many games, to
/// which the rating compares them.
pub(super) fn at_the_end(
    context: &Context,
    state: &RlState,
    checkpoint: &Path,
) -> Result<Evaluation, RunError> {
    let opponents = &context.config.evaluation.final_opponents;
    let mut rows = tables(context).at_the_end(checkpoint, &with_supervised(context, opponents))?;
    let base = tables(context).at_the_end(&context.supervised, opponents)?;
    let elo = rating(&rows, &base);
    rows.extend(base);
    Ok(Evaluation {
        step: state.step,
        train_seconds: state.train_seconds,
        elo,
        rows,
    })
}

fn tables<'a>(context: &'a Context) -> Tables<'a> {
    Tables {
        config: &context.config.evaluation,
        agents: &context.agents,
        map: &context.map,
        seed: Seed(context.config.seed),
        threads: context.options.threads,
        stop: context.options.stop,
        arena: &context.options.arena,
        progress: context.options.progress,
    }
}

fn with_supervised(context: &Context, opponents: &[String]) -> Vec<String> {
    let supervised = format!("checkpoint:{}", context.supervised.display());
    [supervised]
        .into_iter()
        .chain(opponents.iter().cloned())
        .collect()
}

fn evaluation(state: &RlState, rows: Vec<MatchRow>) -> Evaluation {
    let base = state.evaluations.first();
    Evaluation {
        step: state.step,
        train_seconds: state.train_seconds,
        elo: rating(&rows, base.map_or(&[], |e| e.rows.as_slice())),
        rows,
    }
}

/// The rating of whoever played `rows` (the first of them against the supervised agent), by maximum likelihood over these
/// and the supervised agent's own `base` rows against the same opponents.
pub(super) fn rating(rows: &[MatchRow], base: &[MatchRow]) -> EloEstimate {
    if rows.is_empty() {
        return EloEstimate::default();
    }
    const SUPERVISED: usize = 0;
    const CANDIDATE: usize = 1;
    let mut results = vec![result(CANDIDATE, SUPERVISED, &rows[0])];
    let mut players = 2;
    for row in &rows[1..] {
        // Whom only one of the two has played says nothing of their difference.
        let Some(same) = base.iter().find(|b| b.opponent == row.opponent) else {
            continue;
        };
        results.push(result(CANDIDATE, players, row));
        results.push(result(SUPERVISED, players, same));
        players += 1;
    }
    let rating = ratings(players, &results, SUPERVISED)[CANDIDATE];
    let half = Z95 * rating.standard_error;
    EloEstimate {
        elo: rating.elo,
        ci95: [rating.elo - half, rating.elo + half],
    }
}

fn result(player: usize, opponent: usize, row: &MatchRow) -> PairResult {
    PairResult {
        player,
        opponent,
        score: f64::from(row.wins) + 0.5 * f64::from(row.ties),
        games: f64::from(row.games),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(opponent: &str, wins: u32, losses: u32) -> MatchRow {
        MatchRow {
            agent: "a".into(),
            opponent: opponent.into(),
            map: "Flat64".into(),
            games: 100,
            wins,
            losses,
            ties: 100 - wins - losses,
            win_rate: f64::from(wins) / 100.0,
            ci95: [0.0, 1.0],
            mean_loops: 0.0,
            loops_per_second: 0.0,
            state_hash: String::new(),
            view_hash: String::new(),
            repeated: 0,
        }
    }

    #[test]
    fn ratings_come_from_both_agents_games() {
        let even = rating(&[row("s", 50, 50)], &[]);
        assert!(even.elo.abs() < 1e-6);
        assert!(even.ci95[0] < -50.0 && even.ci95[1] > 50.0);
        let better = rating(&[row("s", 64, 36)], &[]);
        assert!((better.elo - 100.0).abs() < 5.0, "{better:?}");
        // The same against each other, but one wins more against a third: that counts, too, and narrows the interval.
        let third = rating(&[row("s", 50, 50), row("b", 80, 20)], &[row("b", 40, 60)]);
        assert!(third.elo > 50.0, "{third:?}");
        assert!(third.ci95[1] - third.ci95[0] < even.ci95[1] - even.ci95[0]);
        let unknown = rating(&[row("s", 50, 50), row("b", 80, 20)], &[]);
        assert!((unknown.elo - even.elo).abs() < 1e-6);
        assert_eq!(rating(&[], &[]), EloEstimate::default());
    }
}
