//! What each level does how well: its pace, its waves, its control.
//!
//! The pace of VeryEasy and VeryHard is that of the real AI (workers, supply and army minerals at 4, 6 and 8 minutes, as
//! recorded in replays of real games); the levels between are spaced between these two. The recorded VeryHard opens as the
//! game's scripts open a Timing build, so Timing is what the anchors hold for; the other builds bend it.

use super::level::{AiBuild, Difficulty};

/// Where the economy and the army shall be at some time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    pub second: f32,
    pub workers: f32,
    /// Minerals the army is worth.
    pub army: f32,
}

/// A level's figures.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    pub pace: [Pace; 6],
    /// Loops between looks while nothing happens, and in a fight.
    pub look_loops: u32,
    pub fight_loops: u32,
    /// The first attack, and the least time between two, in game seconds.
    pub attack_second: f32,
    pub attack_every: f32,
    /// Attack only with at least this much, in minerals: the first time, and after.
    pub first_army_min: f32,
    pub attack_army_min: f32,
    /// No strike at a weak enemy before this share of `attack_second`.
    pub patience: f32,
    /// Retreat when the enemy near the army is worth this many times the army; 0 = never.
    pub retreat_ratio: f32,
    /// Stimpack, siege mode, landing, stepping back.
    pub skill: bool,
    pub scouts: bool,
    pub drops: bool,
    pub repairs: bool,
    /// Strikes back at once when it has seen that the enemy is weak.
    pub counters: bool,
    /// Makes what beats the enemy's fliers as far as it has seen them; who sees all, what beats all of his army.
    pub adapts: bool,
    /// Keeps the army together on the way.
    pub gathers: bool,
    /// Sees the whole map, and plays by it.
    pub sees_all: bool,
    /// Wants fights early: who has been harvesting more for long wins by trading, until both are as large as can be.
    pub eager: bool,
}

const SECONDS: [f32; 6] = [0.0, 240.0, 360.0, 480.0, 720.0, 1080.0];

/// Workers and army minerals at [`SECONDS`], per level, for Timing, the build that the anchors played. The last two levels'
/// workers bring home more each: fewer of them leave more of 200 supply to the army.
const WORKERS: [[f32; 6]; 10] = [
    [20.0, 20.0, 20.0, 25.0, 28.0, 30.0],
    [20.0, 20.0, 21.0, 27.0, 33.0, 38.0],
    [21.0, 21.0, 22.0, 30.0, 40.0, 44.0],
    [21.0, 21.0, 23.0, 33.0, 46.0, 50.0],
    [22.0, 22.0, 24.0, 36.0, 52.0, 58.0],
    [22.0, 22.0, 25.0, 39.0, 58.0, 64.0],
    [23.0, 23.0, 26.0, 43.0, 64.0, 70.0],
    [24.0, 25.0, 31.0, 48.0, 66.0, 70.0],
    [24.0, 27.0, 36.0, 50.0, 58.0, 60.0],
    [24.0, 29.0, 40.0, 50.0, 54.0, 54.0],
];

/// The army grows by the same factor from level to level; the cheating levels' is what their income allows.
const ARMY: [[f32; 6]; 10] = [
    [0.0, 186.0, 192.0, 350.0, 700.0, 1200.0],
    [0.0, 240.0, 280.0, 500.0, 1005.0, 1710.0],
    [0.0, 330.0, 420.0, 710.0, 1450.0, 2435.0],
    [0.0, 450.0, 620.0, 1015.0, 2085.0, 3465.0],
    [0.0, 615.0, 920.0, 1450.0, 2995.0, 4930.0],
    [0.0, 840.0, 1360.0, 2070.0, 4310.0, 7025.0],
    [0.0, 1150.0, 2020.0, 2950.0, 6200.0, 10000.0],
    [0.0, 1300.0, 2400.0, 3500.0, 7000.0, 10800.0],
    [0.0, 1500.0, 2900.0, 4500.0, 9000.0, 13500.0],
    [0.0, 1900.0, 3800.0, 6200.0, 12000.0, 16000.0],
];

/// What a build changes of a level's figures.
struct Bend {
    /// Factors on workers and army at [`SECONDS`].
    workers: [f32; 6],
    army: [f32; 6],
    /// Seconds by which the first attack comes later.
    later: f32,
    /// Factor on the army that the first attack needs.
    first_army: f32,
    /// No strike at a weak enemy before this share of the time until the first attack.
    patience: f32,
}

impl Bend {
    /// None: the build of the anchors.
    const TIMING: Bend = Bend {
        workers: [1.0; 6],
        army: [1.0; 6],
        later: 0.0,
        first_army: 1.0,
        patience: 0.0,
    };

    fn of(build: AiBuild) -> Bend {
        match build {
            AiBuild::Rush => Bend {
                workers: [0.75, 0.8, 0.85, 0.9, 0.95, 1.0],
                army: [1.0, 1.25, 1.25, 1.0, 0.95, 1.0],
                later: 0.0,
                first_army: 0.2,
                patience: 0.0,
            },
            AiBuild::Power => Bend {
                workers: [1.0, 1.1, 1.15, 1.1, 1.0, 0.95],
                army: [1.0, 0.7, 0.66, 0.67, 0.65, 0.58],
                later: 105.0,
                first_army: 1.2,
                patience: 0.85,
            },
            AiBuild::Macro => Bend {
                workers: [1.1, 1.3, 1.5, 1.3, 1.05, 1.0],
                army: [1.0, 0.65, 0.6, 0.62, 0.66, 0.66],
                later: 105.0,
                first_army: 1.2,
                patience: 0.85,
            },
            AiBuild::Air => Bend {
                workers: [1.0, 1.1, 1.2, 1.1, 1.05, 1.0],
                army: [1.0, 0.65, 0.62, 0.65, 0.66, 0.64],
                later: 45.0,
                first_army: 1.0,
                patience: 0.85,
            },
            AiBuild::Timing | AiBuild::RandomBuild => Bend::TIMING,
        }
    }
}

/// When a rush sets out, in game seconds, per level; the script's needs seven marines.
const RUSH_SECOND: [f32; 10] = [
    260.0, 250.0, 235.0, 220.0, 205.0, 190.0, 175.0, 172.0, 170.0, 168.0,
];

/// Seconds before the others' first attack at which who is eager sets out, whatever the build but a rush: his lead is
/// largest then.
const EAGER_SECONDS: f32 = 60.0;

/// The least factor of a build on the army, per level: who has money beyond its plan spends it.
const ARMY_FLOOR: [f32; 10] = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.8, 0.9, 1.0];

impl Profile {
    /// The figures of a level, bent toward a build.
    pub fn new(level: Difficulty, build: AiBuild) -> Profile {
        let all = (level as usize) - 1;
        // Habits stop getting better at VeryHard: what cheating levels do beyond it hangs on what they see.
        let rank = all.min(Difficulty::VeryHard as usize - 1);
        let bend = Bend::of(build);
        let eager = level == Difficulty::CheatInsane;
        let pace = std::array::from_fn(|i| Pace {
            second: SECONDS[i],
            workers: WORKERS[all][i] * bend.workers[i],
            army: ARMY[all][i] * bend.army[i].max(ARMY_FLOOR[all]),
        });
        let second = [560.0, 520.0, 500.0, 500.0, 490.0, 490.0, 485.0][rank];
        let army_min = [250.0, 350.0, 500.0, 720.0, 1000.0, 1450.0, 2000.0][rank];
        Profile {
            pace,
            look_loops: if level.has_bonus() {
                8
            } else {
                [64, 48, 32, 24, 24, 16, 16][rank]
            },
            fight_loops: [64, 32, 24, 16, 16, 8, 8][rank],
            attack_second: match build {
                AiBuild::Rush => RUSH_SECOND[all],
                _ if eager => second - EAGER_SECONDS,
                _ => second + bend.later,
            },
            attack_every: [150.0, 140.0, 120.0, 110.0, 100.0, 90.0, 80.0][rank],
            first_army_min: (army_min * bend.first_army).max(150.0),
            attack_army_min: army_min,
            patience: bend.patience,
            retreat_ratio: [0.0, 0.0, 2.5, 2.0, 1.7, 1.5, 1.4][rank],
            skill: rank >= 5,
            scouts: rank >= 2 && !level.sees_all(),
            drops: rank >= 5,
            repairs: rank >= 3,
            counters: rank >= 5,
            adapts: rank >= 4,
            gathers: rank >= 2,
            sees_all: level.sees_all(),
            eager,
        }
    }

    /// Workers and army minerals to have at a game second, by straight lines between the points.
    pub fn at(&self, second: f32) -> Pace {
        for pair in self.pace.windows(2) {
            if second < pair[1].second {
                let k = (second - pair[0].second) / (pair[1].second - pair[0].second);
                let mix = |a: f32, b: f32| a + (b - a) * k;
                return Pace {
                    second,
                    workers: mix(pair[0].workers, pair[1].workers),
                    army: mix(pair[0].army, pair[1].army),
                };
            }
        }
        self.pace[5]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_rises_with_the_level_and_with_time() {
        let pairs = Difficulty::ALL.windows(2);
        for (pair, build) in pairs.flat_map(|p| AiBuild::ALL.map(|b| (p, b))) {
            let (weak, strong) = (Profile::new(pair[0], build), Profile::new(pair[1], build));
            for s in [60.0, 240.0, 300.0, 360.0, 480.0, 900.0, 2000.0] {
                assert!(weak.at(s).army < strong.at(s).army, "{} at {s}", pair[0]);
                assert!(
                    pair[1].has_bonus() || weak.at(s).workers <= strong.at(s).workers,
                    "{} at {s}",
                    pair[0]
                );
                assert!(strong.at(s).army <= strong.at(s + 30.0).army);
            }
            assert!(weak.look_loops >= strong.look_loops);
            assert!(weak.attack_second >= strong.attack_second);
        }
    }

    #[test]
    fn the_ends_of_the_ladder_are_the_real_ones() {
        let (low, high) = (
            Profile::new(Difficulty::VeryEasy, AiBuild::Timing),
            Profile::new(Difficulty::VeryHard, AiBuild::Timing),
        );
        for (p, s, workers, army) in [
            (&low, 240.0, 20.0, 187.5),
            (&low, 360.0, 20.0, 187.5),
            (&low, 480.0, 25.0, 350.0),
            (&high, 240.0, 23.0, 1125.0),
            (&high, 360.0, 26.0, 2000.0),
            (&high, 480.0, 42.0, 2900.0),
        ] {
            assert!(
                (p.at(s).workers / workers - 1.0).abs() < 0.05,
                "workers at {s}"
            );
            assert!((p.at(s).army / army - 1.0).abs() < 0.1, "army at {s}");
        }
    }
}
