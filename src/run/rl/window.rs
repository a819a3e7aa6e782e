//! What happened since the last row of metrics.

use crate::actor::Played;
use crate::game::GameResult;
use crate::learner::{LearnerStats, Round};
use crate::reward::KINDS;
use std::collections::BTreeMap;

/// Sums; [`Window::take`] makes means of them.
#[derive(Default)]
pub struct Window {
    updates: f64,
    sums: BTreeMap<String, f64>,
    games: f64,
    loops: f64,
    steps: f64,
    actions: f64,
    bytes: f64,
    rewards: [f64; KINDS.len()],
    seats: f64,
    /// Units and structures made, by name: only those that occurred.
    made: BTreeMap<&'static str, f64>,
    /// By opponent: score, games.
    scores: BTreeMap<String, (f64, f64)>,
}

impl Window {
    /// A finished game. `seat` is that of the agent in training; none against itself.
    pub fn game(&mut self, played: &Played, opponent: &str, seat: Option<usize>) {
        self.games += 1.0;
        self.loops += f64::from(played.outcome.game_loops);
        for e in played.experience.iter().flatten() {
            self.seats += 1.0;
            self.steps += e.steps() as f64;
            self.actions += f64::from(e.stats.actions);
            self.bytes += e.bytes() as f64;
            for (sum, r) in self.rewards.iter_mut().zip(&e.stats.rewards) {
                *sum += f64::from(*r);
            }
            for (name, n) in &e.stats.made {
                *self.made.entry(name).or_default() += f64::from(*n);
            }
        }
        if let Some(seat) = seat {
            let score = match played.outcome.result(seat) {
                GameResult::Victory => 1.0,
                GameResult::Defeat => 0.0,
                GameResult::Tie | GameResult::Undecided => 0.5,
            };
            let (sum, n) = self.scores.entry(opponent.to_owned()).or_default();
            *sum += score;
            *n += 1.0;
        }
    }

    /// An update of the weights.
    pub fn update(&mut self, stats: &LearnerStats) {
        self.updates += 1.0;
        for (name, value) in stats.metrics(&KINDS) {
            *self.sums.entry(name).or_default() += value;
        }
    }

    /// Means since the last call; `seconds` of playing and learning have passed.
    pub fn take(&mut self, round: &Round, seconds: f64) -> BTreeMap<String, f64> {
        let w = std::mem::take(self);
        let per = |sum: f64, n: f64| if n > 0.0 { sum / n } else { 0.0 };
        let mut out: BTreeMap<String, f64> = w
            .sums
            .iter()
            .map(|(name, sum)| (name.clone(), per(*sum, w.updates)))
            .collect();
        let minutes = w.loops / crate::game::LOOPS_PER_SECOND / 60.0;
        let learned: usize = round.unrolls.iter().map(|u| u.steps.len()).sum();
        out.extend(
            [
                ("policy_lag", round.policy_lag),
                ("policy_lag_max", round.policy_lag_max as f64),
                ("reuse", round.reuse),
                ("agent_steps_per_second", per(learned as f64, seconds)),
                ("games_per_second", per(w.games, seconds)),
                ("game_loops_mean", per(w.loops, w.games)),
                ("trajectory_bytes_per_step", per(w.bytes, w.steps)),
                (
                    "actions_per_minute",
                    per(w.actions, minutes * per(w.seats, w.games)),
                ),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        for (kind, sum) in KINDS.iter().zip(w.rewards) {
            out.insert(format!("reward/{kind}"), per(sum, w.seats));
        }
        for (name, sum) in w.made {
            out.insert(format!("made/{name}"), per(sum, w.seats));
        }
        for (opponent, (sum, n)) in w.scores {
            out.insert(format!("train_win_rate/{opponent}"), per(sum, n));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::{Experience, SeatStats};
    use crate::evaluator::GameOutcome;

    fn seat(made: &[(&'static str, u16)]) -> Option<Experience> {
        let stats = SeatStats {
            made: made.to_vec(),
            ..SeatStats::default()
        };
        Some(Experience {
            stats,
            ..Experience::default()
        })
    }

    fn game(experience: [Option<Experience>; 2]) -> Played {
        Played {
            id: 0,
            outcome: GameOutcome {
                results: Vec::new(),
                game_loops: 100,
                state_hash: 0,
                view_hash: 0,
                truncated: true,
                steps: [0; 2],
                replay: None,
                sc2_replay: None,
            },
            experience,
        }
    }

    /// Three games by the learner's count: it plays both sides of the second.
    #[test]
    fn what_was_made_is_a_mean_of_the_learners_games() {
        let mut window = Window::default();
        window.game(&game([seat(&[("Marine", 5)]), None]), "other", Some(0));
        let both = [seat(&[("Marine", 4), ("Barracks", 3)]), seat(&[])];
        window.game(&game(both), "self", None);
        let round = Round {
            unrolls: Vec::new(),
            policy_lag: 0.0,
            policy_lag_max: 0,
            reuse: 0.0,
            minibatches: Vec::new(),
        };
        let values = window.take(&round, 1.0);
        let made: Vec<(&str, f64)> = values
            .iter()
            .filter_map(|(name, value)| Some((name.strip_prefix("made/")?, *value)))
            .collect();
        assert_eq!(made, [("Barracks", 1.0), ("Marine", 3.0)]);
        let values = window.take(&round, 1.0);
        assert!(values.keys().all(|name| !name.starts_with("made/")));
    }
}
