//! What each level does how well: its pace, its waves, its control.
//!
//! The pace of VeryEasy and VeryHard is that of the real AI (workers, supply and army minerals at 4, 6 and 8 minutes, as
//! recorded in replays of real games); the levels between are spaced between these two.

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
    /// Attack only with at least this much, in minerals.
    pub attack_army_min: f32,
    /// Retreat when the enemy near the army is worth this many times the army; 0 = never.
    pub retreat_ratio: f32,
    /// Bases to hold at once, by the end of the pace.
    pub bases: u16,
    /// Stimpack, siege mode, landing, stepping back.
    pub skill: bool,
    pub scouts: bool,
    pub drops: bool,
    pub repairs: bool,
    /// Strikes back at once when it has seen that the enemy is weak.
    pub counters: bool,
    /// Keeps the army together on the way.
    pub gathers: bool,
}

const SECONDS: [f32; 6] = [0.0, 240.0, 360.0, 480.0, 720.0, 1080.0];

/// Workers and army minerals at [`SECONDS`], per level.
const WORKERS: [[f32; 6]; 7] = [
    [20.0, 20.0, 20.0, 25.0, 28.0, 30.0],
    [20.0, 20.0, 21.0, 27.0, 33.0, 38.0],
    [21.0, 21.0, 22.0, 30.0, 40.0, 44.0],
    [21.0, 21.0, 23.0, 33.0, 46.0, 50.0],
    [22.0, 22.0, 24.0, 36.0, 52.0, 58.0],
    [22.0, 22.0, 25.0, 39.0, 58.0, 64.0],
    [23.0, 23.0, 26.0, 43.0, 64.0, 70.0],
];

/// The army grows by the same factor from level to level.
const ARMY: [[f32; 6]; 7] = [
    [0.0, 186.0, 192.0, 350.0, 700.0, 1200.0],
    [0.0, 240.0, 280.0, 500.0, 1005.0, 1710.0],
    [0.0, 330.0, 420.0, 710.0, 1450.0, 2435.0],
    [0.0, 450.0, 620.0, 1015.0, 2085.0, 3465.0],
    [0.0, 615.0, 920.0, 1450.0, 2995.0, 4930.0],
    [0.0, 840.0, 1360.0, 2070.0, 4310.0, 7025.0],
    [0.0, 1150.0, 2020.0, 2950.0, 6200.0, 10000.0],
];

impl Profile {
    /// The figures of a level, bent toward a build.
    pub fn new(level: Difficulty, build: AiBuild) -> Profile {
        let rank = (level.min(Difficulty::VeryHard) as usize) - 1;
        let mut pace = [Pace {
            second: 0.0,
            workers: 0.0,
            army: 0.0,
        }; 6];
        for (i, p) in pace.iter_mut().enumerate() {
            *p = Pace {
                second: SECONDS[i],
                workers: WORKERS[rank][i],
                army: ARMY[rank][i],
            };
        }
        let mut profile = Profile {
            pace,
            look_loops: [64, 48, 32, 24, 24, 16, 16][rank],
            fight_loops: [64, 32, 24, 16, 16, 8, 8][rank],
            attack_second: [560.0, 520.0, 500.0, 500.0, 490.0, 490.0, 485.0][rank],
            attack_every: [150.0, 140.0, 120.0, 110.0, 100.0, 90.0, 80.0][rank],
            attack_army_min: [250.0, 350.0, 500.0, 720.0, 1000.0, 1450.0, 2000.0][rank],
            retreat_ratio: [0.0, 0.0, 2.5, 2.0, 1.7, 1.5, 1.4][rank],
            bases: [1, 2, 2, 2, 3, 3, 4][rank],
            skill: rank >= 5,
            scouts: rank >= 2,
            drops: rank >= 5,
            repairs: rank >= 3,
            counters: rank >= 5,
            gathers: rank >= 2,
        };
        profile.bend(build);
        profile
    }

    fn bend(&mut self, build: AiBuild) {
        match build {
            AiBuild::Rush => {
                self.attack_second *= 0.55;
                self.attack_army_min *= 0.4;
            }
            AiBuild::Timing => self.attack_second *= 0.8,
            AiBuild::Macro => {
                self.attack_second *= 1.2;
                self.bases += 1;
            }
            AiBuild::RandomBuild | AiBuild::Power | AiBuild::Air => {}
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
        for pair in Difficulty::ALL[..7].windows(2) {
            let (weak, strong) = (
                Profile::new(pair[0], AiBuild::Power),
                Profile::new(pair[1], AiBuild::Power),
            );
            for s in [60.0, 240.0, 300.0, 360.0, 480.0, 900.0, 2000.0] {
                assert!(weak.at(s).army < strong.at(s).army, "{} at {s}", pair[0]);
                assert!(
                    weak.at(s).workers <= strong.at(s).workers,
                    "{} at {s}",
                    pair[0]
                );
                assert!(strong.at(s).army <= strong.at(s + 30.0).army);
            }
            assert!(weak.look_loops >= strong.look_loops);
        }
    }

    #[test]
    fn the_ends_of_the_ladder_are_the_real_ones() {
        let (low, high) = (
            Profile::new(Difficulty::VeryEasy, AiBuild::RandomBuild),
            Profile::new(Difficulty::VeryHard, AiBuild::RandomBuild),
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
