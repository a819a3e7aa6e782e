//! Agent branching (SCC §6.2): which z's a new player is rewarded for, given how each fared against the main agent.

use super::config::{BranchBy, BranchConfig};
use super::interval::wilson;
use super::payoff::{Outcome, Record};
use super::player::PlayerId;
use serde::{Deserialize, Serialize};

/// Games of the agent conditioned on one z against `against`, conditioned on none.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ZRecord {
    /// Number in the league's z library.
    pub z: u32,
    pub against: PlayerId,
    /// Whole games, none of them faded.
    pub record: Record,
}

impl ZRecord {
    /// What it is ranked by.
    pub fn merit(&self, by: BranchBy) -> f64 {
        match by {
            BranchBy::LowerBound => wilson(self.record.score(), self.record.games()).0,
            BranchBy::Rate => self.record.win_rate(),
        }
    }
}

/// Adds one game to the statistics, which stay sorted by `(against, z)`.
pub fn record_z(statistics: &mut Vec<ZRecord>, z: u32, against: PlayerId, outcome: Outcome) {
    let key = |s: &ZRecord| (s.against, s.z);
    let at = match statistics.binary_search_by_key(&(against, z), key) {
        Ok(at) => at,
        Err(at) => {
            let record = Record::default();
            statistics.insert(at, ZRecord { z, against, record });
            at
        }
    };
    statistics[at].record.add(outcome, 1.0);
}

/// The best z's against `main`, best first: at most `config.set_size` of those with enough games; equals by number.
/// Empty if no z has been played often enough.
pub fn choose(statistics: &[ZRecord], main: PlayerId, config: &BranchConfig) -> Vec<u32> {
    let enough = |s: &&ZRecord| s.record.games() >= f64::from(config.games_min.max(1));
    let mut known: Vec<&ZRecord> = statistics
        .iter()
        .filter(|s| s.against == main)
        .filter(enough)
        .collect();
    known.sort_by(|a, b| {
        let by_merit = b.merit(config.by).total_cmp(&a.merit(config.by));
        by_merit.then(a.z.cmp(&b.z))
    });
    let best = known.iter().take(config.set_size as usize);
    best.map(|s| s.z).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIN: PlayerId = PlayerId(1);

    fn record(z: u32, wins: u32, games: u32) -> ZRecord {
        ZRecord {
            z,
            against: MAIN,
            record: Record {
                wins: f64::from(wins),
                draws: 0.0,
                losses: f64::from(games - wins),
            },
        }
    }

    fn config(by: BranchBy, set_size: u32) -> BranchConfig {
        BranchConfig {
            by,
            set_size,
            games_min: 10,
        }
    }

    #[test]
    fn the_best_z_by_what_is_sure_or_by_what_was_seen() {
        // 8 of 10 is the best rate; 65 of 100 is the surest one (SCC §6.2 saw 35% to 65%).
        let all = [
            record(0, 35, 100),
            record(1, 8, 10),
            record(2, 65, 100),
            record(3, 5, 5),
        ];
        assert_eq!(choose(&all, MAIN, &config(BranchBy::LowerBound, 1)), [2]);
        assert_eq!(choose(&all, MAIN, &config(BranchBy::Rate, 1)), [1]);
        assert_eq!(choose(&all, MAIN, &config(BranchBy::Rate, 9)), [1, 2, 0]);
        assert!(choose(&all, PlayerId(2), &config(BranchBy::Rate, 1)).is_empty());
        assert!(choose(&all[3..], MAIN, &config(BranchBy::Rate, 1)).is_empty());
    }

    #[test]
    fn equals_go_by_number() {
        let all = [record(7, 50, 100), record(3, 50, 100), record(5, 50, 100)];
        assert_eq!(choose(&all, MAIN, &config(BranchBy::Rate, 2)), [3, 5]);
    }

    #[test]
    fn games_are_counted_per_z_and_opponent() {
        let mut all = Vec::new();
        for (z, against) in [(4, 2), (1, 2), (4, 1), (4, 2)] {
            record_z(&mut all, z, PlayerId(against), Outcome::Win);
        }
        let told: Vec<_> = all
            .iter()
            .map(|s| (s.against.0, s.z, s.record.wins))
            .collect();
        assert_eq!(told, [(1, 4, 1.0), (2, 1, 1.0), (2, 4, 2.0)]);
    }
}
