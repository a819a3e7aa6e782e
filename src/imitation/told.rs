//! What a learner is told of the player whom it imitates: its z and its rating, in a share of the games, so that it learns
//! what these inputs mean and to play without them as well (AlphaStar, Methods).

use crate::dataset::Episode;
use crate::game::Seed;
use crate::obs::Conditioning;
use rand::RngExt;

/// How often what is told; a pure function of the seed, the pass over the data and the game. Default: nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Telling {
    /// Share of the games with the player's z, 0 to 1: in half of these all of it, in a quarter each the build order or
    /// the unit counts alone, as reinforcement learning shows what it rewards.
    pub z_share: f64,
    /// Share of the games with the player's rating, 0 to 1; drawn apart from z.
    pub rating_share: f64,
    pub seed: Seed,
}

impl Telling {
    /// What is told in a game of the dataset's number `of.0` in pass `of.1`.
    pub fn of(&self, episode: &Episode, of: (usize, u64)) -> Conditioning {
        if self.z_share == 0.0 && self.rating_share == 0.0 {
            return Conditioning::default();
        }
        let seed = self.seed.fork("pass", of.1).fork("episode", of.0 as u64);
        let mut rng = seed.rng();
        let has_z = rng.random_bool(self.z_share.clamp(0.0, 1.0));
        let part = rng.random_range(0..4);
        let has_rating = rng.random_bool(self.rating_share.clamp(0.0, 1.0));
        let told = match &episode.z {
            Some(z) if has_z => z.conditioning(part != 3, part != 2, None),
            _ => Conditioning::default(),
        };
        told.rated(episode.subject.rating.filter(|_| has_rating))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Subject;
    use crate::game::GameResult;
    use crate::obs::BuildItem;
    use crate::trajectory::Z;

    fn episode() -> Episode {
        Episode {
            subject: Subject {
                replay: String::new(),
                player: 1,
                agent: String::new(),
                opponent: String::new(),
                map: String::new(),
                rating: Some(-50.0),
                result: GameResult::Victory,
                game_loops: 0,
            },
            blocks: Vec::new(),
            z: Some(Z {
                build_order: vec![BuildItem { item: 4, cell: 9 }],
                counts: vec![2, 1],
                upgrades: 0,
            }),
        }
    }

    #[test]
    fn each_part_is_told_in_its_share_of_the_games() {
        let telling = Telling {
            z_share: 0.8,
            rating_share: 0.5,
            seed: Seed(3),
        };
        let told: Vec<Conditioning> = (0..4000)
            .map(|i| telling.of(&episode(), (i % 40, i as u64 / 40)))
            .collect();
        let count = |is: fn(&Conditioning) -> bool| told.iter().filter(|c| is(c)).count();
        // Of 4000: 0.8 * 0.5 all of z, 0.8 * 0.25 each part alone, 0.2 nothing of it.
        for (n, expected) in [
            (count(|c| c.has_build_order() && c.has_counts()), 1600),
            (count(|c| c.has_build_order() && !c.has_counts()), 800),
            (count(|c| !c.has_build_order() && c.has_counts()), 800),
            (count(|c| !c.has_build_order() && !c.has_counts()), 800),
            (count(|c| c.mmr == Some(950.0)), 2000),
            (count(|c| c.mmr.is_none()), 2000),
        ] {
            assert!(n.abs_diff(expected) < 120, "{n}, {expected} expected");
        }
        assert_eq!(told[7], telling.of(&episode(), (7, 0)), "always the same");
        let first_pass = (0..40).filter(|&i| told[i] == told[i + 40]).count();
        assert!(first_pass < 40, "another pass tells other things");
    }

    #[test]
    fn what_is_not_known_is_not_told() {
        let all = Telling {
            z_share: 1.0,
            rating_share: 1.0,
            seed: Seed(3),
        };
        let mut nameless = episode();
        nameless.subject.rating = None;
        nameless.z = None;
        assert_eq!(all.of(&nameless, (0, 0)), Conditioning::default());
        let nothing = Telling::default();
        assert_eq!(nothing.of(&episode(), (0, 0)), Conditioning::default());
    }
}
