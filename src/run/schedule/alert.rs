//! Whether a win rate fell by more than its noise: Fisher's exact test of a run's rows against earlier runs.

use super::history::{RowResult, RunResult};
use crate::run::config::schedule::{Against, AlertConfig};
use crate::storage::RunState;
use serde::{Deserialize, Serialize};

/// Wins of games. Ties are no wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    pub wins: u32,
    pub games: u32,
}

/// A row whose win rate fell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    pub agent: String,
    pub opponent: String,
    pub map: String,
    pub now: Score,
    pub before: Score,
    /// Chance of so few wins, or fewer, if both were equally strong.
    pub p: f64,
    /// Below which it is told: the level over the run's rows.
    pub threshold: f64,
}

impl Alert {
    /// In one line.
    pub fn text(&self) -> String {
        let rate = |s: Score| 100.0 * f64::from(s.wins) / f64::from(s.games.max(1));
        format!(
            "{} - {} on {}: {}/{} ({:.0}%), before {}/{} ({:.0}%), p = {:.2e} < {:.2e}",
            self.agent,
            self.opponent,
            self.map,
            self.now.wins,
            self.now.games,
            rate(self.now),
            self.before.wins,
            self.before.games,
            rate(self.before),
            self.p,
            self.threshold
        )
    }
}

/// The rows of a whole run that fell against the `earlier` whole runs of the same match under the same conditions. All rows
/// share the level (Bonferroni), so that a run of many rows gives no more false alarms than one of few.
pub fn falls(run: &RunResult, earlier: &[&RunResult], config: &AlertConfig) -> Vec<Alert> {
    let compares = |past: &&&RunResult| {
        past.state == RunState::Done
            && past.match_name == run.match_name
            && past.settings == run.settings
    };
    let past: Vec<&&RunResult> = earlier.iter().filter(compares).collect();
    if run.state != RunState::Done {
        return Vec::new();
    }
    let tested: Vec<(&RowResult, Score)> = run
        .rows
        .iter()
        .filter_map(|row| Some((row, baseline(row, &past, config.against)?)))
        .collect();
    let threshold = config.level / tested.len().max(1) as f64;
    let fell = |(row, before): (&RowResult, Score)| {
        let now = row.score();
        let p = fisher_less(now, before);
        (p < threshold).then(|| Alert {
            agent: row.agent.clone(),
            opponent: row.opponent.clone(),
            map: row.map.clone(),
            now,
            before,
            p,
            threshold,
        })
    };
    tested.into_iter().filter_map(fell).collect()
}

/// What a row is compared with; `None` where no earlier run has it.
fn baseline(row: &RowResult, past: &[&&RunResult], against: Against) -> Option<Score> {
    let of = |run: &&&RunResult| -> Option<Score> {
        let same = |other: &&RowResult| other.is_same(row);
        run.rows.iter().find(same).map(RowResult::score)
    };
    let mut scores = past.iter().filter_map(of);
    match against {
        Against::Previous => scores.next_back(),
        Against::First => scores.next(),
        Against::All => scores.reduce(|a, b| Score {
            wins: a.wins + b.wins,
            games: a.games + b.games,
        }),
    }
}

/// One-sided p-value of Fisher's exact test: the chance that `now` has so few wins, or fewer, given all wins and games of both.
///
/// R. A. Fisher, The Design of Experiments (1935), chapter 2.
pub fn fisher_less(now: Score, before: Score) -> f64 {
    let games = now.games + before.games;
    let wins = now.wins + before.wins;
    let ln_factorials = ln_factorials(games);
    let ln_choose = |n: u32, k: u32| {
        ln_factorials[n as usize] - ln_factorials[k as usize] - ln_factorials[(n - k) as usize]
    };
    // Of the games now, at least those won that the games before cannot hold.
    let least = wins.saturating_sub(before.games);
    let chance = |k: u32| {
        let ln =
            ln_choose(now.games, k) + ln_choose(before.games, wins - k) - ln_choose(games, wins);
        ln.exp()
    };
    (least..=now.wins).map(chance).sum::<f64>().min(1.0)
}

/// ln(n!) for n from 0 to `n_max`.
fn ln_factorials(n_max: u32) -> Vec<f64> {
    let mut sum = 0.0;
    let mut all = vec![0.0];
    all.extend((1..=n_max).map(|n| {
        sum += f64::from(n).ln();
        sum
    }));
    all
}

#[cfg(test)]
mod tests {
    use super::super::history::testing::{row, run};
    use super::*;

    fn score(wins: u32, games: u32) -> Score {
        Score { wins, games }
    }

    #[test]
    fn fishers_test_agrees_with_published_values() {
        let near = |got: f64, expected: f64| {
            assert!((got - expected).abs() < 1e-9, "{got} {expected}");
        };
        // Fisher's lady tasting tea: 3 of 4 cups told right, or more: 17/70.
        near(fisher_less(score(1, 4), score(3, 4)), 17.0 / 70.0);
        // R's fisher.test(matrix(c(1, 9, 11, 3), 2), alternative = "less"): (C(12,0) C(12,10) + C(10,1) C(14,11)) / C(24,12).
        near(
            fisher_less(score(1, 10), score(11, 14)),
            (91.0 + 3640.0) / 2_704_156.0,
        );
        near(fisher_less(score(5, 5), score(0, 3)), 1.0);
        near(fisher_less(score(0, 0), score(3, 9)), 1.0);
        near(fisher_less(score(0, 10), score(10, 10)), 1.0 / 184_756.0);
    }

    #[test]
    fn sums_agree_with_exact_counting() {
        let choose = |n: u32, k: u32| -> f64 {
            let product: u128 = (0..k).fold(1, |c, i| c * u128::from(n - i) / u128::from(i + 1));
            product as f64
        };
        for (a, n, b, m) in [
            (3, 20, 11, 25),
            (0, 7, 6, 6),
            (19, 30, 12, 13),
            (50, 60, 55, 60),
        ] {
            let wins = a + b;
            let counted: f64 = (0..=a)
                .filter(|&k| k <= n && wins >= k && wins - k <= m)
                .map(|k| choose(n, k) * choose(m, wins - k))
                .sum();
            let exact = counted / choose(n + m, wins);
            let got = fisher_less(score(a, n), score(b, m));
            assert!(
                (got - exact).abs() < 1e-10,
                "{a}/{n} {b}/{m}: {got} {exact}"
            );
        }
    }

    fn config(against: Against) -> AlertConfig {
        AlertConfig {
            level: 0.05,
            against,
            ..AlertConfig::default()
        }
    }

    #[test]
    fn a_fall_is_told_and_noise_is_not() {
        let first = run(
            "nightly",
            1,
            vec![row("Hard", 80, 100), row("Easy", 100, 100)],
        );
        let noise = run(
            "nightly",
            2,
            vec![row("Hard", 74, 100), row("Easy", 99, 100)],
        );
        let fallen = run(
            "nightly",
            3,
            vec![row("Hard", 50, 100), row("Easy", 100, 100)],
        );
        let told = |run: &RunResult, earlier: &[&RunResult]| -> Vec<String> {
            let alerts = falls(run, earlier, &config(Against::Previous));
            alerts.into_iter().map(|a| a.opponent).collect()
        };
        assert!(told(&first, &[]).is_empty());
        assert!(told(&noise, &[&first]).is_empty());
        assert_eq!(told(&fallen, &[&first, &noise]), ["Hard"]);
        // A rise is none; and what is not whole, or was played under other conditions, compares with nothing.
        assert!(told(&first, &[&fallen]).is_empty());
        let mut other = fallen.clone();
        other.settings.max_loops = 5;
        assert!(told(&other, &[&first, &noise]).is_empty());
        other = fallen.clone();
        other.state = RunState::Abandoned;
        assert!(told(&other, &[&first]).is_empty());
    }

    #[test]
    fn slow_falls_show_against_the_first_run_or_all() {
        let runs: Vec<RunResult> = (0..5)
            .map(|i| run("nightly", i, vec![row("Hard", 90 - 6 * i as u32, 100)]))
            .collect();
        let (last, earlier) = runs.split_last().expect("five");
        let earlier: Vec<&RunResult> = earlier.iter().collect();
        let n = |against| falls(last, &earlier, &config(against)).len();
        assert_eq!((n(Against::Previous), n(Against::First)), (0, 1));
        let all = falls(last, &earlier, &config(Against::All));
        assert_eq!(all[0].before, score(90 + 84 + 78 + 72, 400));
    }

    #[test]
    fn the_rows_of_a_run_share_its_level() {
        let before = run("nightly", 1, vec![row("Hard", 60, 100)]);
        let now = run("nightly", 2, vec![row("Hard", 46, 100)]);
        let p = fisher_less(score(46, 100), score(60, 100));
        assert!((0.01..0.05).contains(&p), "{p}");
        assert_eq!(falls(&now, &[&before], &config(Against::Previous)).len(), 1);
        let many = |wins| {
            let mut rows = vec![row("Hard", wins, 100)];
            rows.extend((0..9).map(|i| row(&format!("r{i}"), 50, 100)));
            rows
        };
        let (before, now) = (run("nightly", 1, many(60)), run("nightly", 2, many(46)));
        assert!(falls(&now, &[&before], &config(Against::Previous)).is_empty());
    }
}
