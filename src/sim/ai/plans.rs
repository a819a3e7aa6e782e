//! The built-in AI's Terran plans: which build is played, what its army is made of. The pace (`profile`) says how much.

use super::builds;
use super::level::{AiBuild, Difficulty};
use crate::game::data::unit_ids as u;
use crate::tactics::plan::{Plan, Share};

const BIO: &[Share] = &[
    (u::MARINE, 12),
    (u::MARAUDER, 6),
    (u::MEDIVAC, 3),
    (u::SIEGE_TANK, 3),
];
const TANKS: &[Share] = &[
    (u::MARINE, 12),
    (u::SIEGE_TANK, 8),
    (u::MEDIVAC, 2),
    (u::MARAUDER, 2),
];
const VEHICLES: &[Share] = &[
    (u::MARINE, 8),
    (u::CYCLONE, 4),
    (u::SIEGE_TANK, 6),
    (u::HELLION, 2),
    (u::MARAUDER, 3),
    (u::MEDIVAC, 2),
];
const HEAVY: &[Share] = &[
    (u::MARINE, 8),
    (u::SIEGE_TANK, 4),
    (u::THOR, 5),
    (u::MARAUDER, 3),
    (u::MEDIVAC, 2),
];
const SIEGE_BANSHEES: &[Share] = &[
    (u::MARINE, 9),
    (u::SIEGE_TANK, 4),
    (u::BANSHEE, 4),
    (u::MARAUDER, 3),
];
const SIEGE_BIO: &[Share] = &[
    (u::MARINE, 11),
    (u::SIEGE_TANK, 4),
    (u::MARAUDER, 5),
    (u::MEDIVAC, 3),
];
const MARINES: &[Share] = &[
    (u::MARINE, 14),
    (u::MARAUDER, 4),
    (u::MEDIVAC, 2),
    (u::SIEGE_TANK, 3),
];
const WINGS: &[Share] = &[
    (u::MARINE, 6),
    (u::BANSHEE, 9),
    (u::BATTLECRUISER, 9),
    (u::VIKING_FIGHTER, 2),
];

/// Chances in a hundred of Rush, Timing and Power, if a build is to be drawn; the rest is Macro, and Air never comes.
///
/// The game's own script's (`TriggerLibs/MeleeBuildAI.galaxy`, one opponent, mirrored races), by level.
const CHANCES: [[u64; 3]; 10] = [
    [3, 52, 40],
    [3, 52, 40],
    [3, 47, 40],
    [3, 42, 40],
    [3, 47, 35],
    [3, 52, 35],
    [3, 52, 35],
    [3, 42, 35],
    [3, 42, 40],
    [5, 40, 45],
];

/// The build that is played: the one asked for, or one drawn by a random number.
pub fn draw(level: Difficulty, build: AiBuild, random: u64) -> AiBuild {
    if build != AiBuild::RandomBuild {
        return build;
    }
    let [rush, timing, power] = CHANCES[level as usize - 1];
    // As the script compares: a roll from 1 to 100 against sums, with "less than".
    let roll = random % 100 + 1;
    if roll < rush {
        AiBuild::Rush
    } else if roll < rush + timing {
        AiBuild::Timing
    } else if roll < rush + timing + power {
        AiBuild::Power
    } else {
        AiBuild::Macro
    }
}

/// The plan of a level and a build (not RandomBuild: see [`draw`]); `pick` is any number, from the seed, and chooses where
/// the build leaves a choice.
pub fn plan(level: Difficulty, build: AiBuild, pick: u64) -> Plan {
    // Shares of a build's variants near those of the script's for a Terran opponent.
    let roll = pick % 20;
    let (name, army) = match build {
        AiBuild::Rush => ("rush", MARINES),
        AiBuild::Power => match roll {
            0..=8 => ("power: siege and bio", SIEGE_BIO),
            9..=15 => ("power: siege and banshees", SIEGE_BANSHEES),
            _ => ("power: siege and thors", HEAVY),
        },
        AiBuild::Macro => match roll {
            0..=9 => ("macro: bio", BIO),
            _ => ("macro: tanks", TANKS),
        },
        AiBuild::Air => ("air", WINGS),
        AiBuild::Timing | AiBuild::RandomBuild => match roll {
            0..=9 => ("timing: bio", BIO),
            10..=16 => ("timing: tanks", TANKS),
            _ => ("timing: vehicles", VEHICLES),
        },
    };
    Plan {
        name,
        goals: builds::goals(level, build),
        army,
        workers_max: if build == AiBuild::Macro { 76 } else { 70 },
        gas_workers: 3,
        supply_slack: 2,
        proxy: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_build_is_one_of_the_scripts_with_its_chances() {
        for level in Difficulty::ALL {
            let count = |b: AiBuild| {
                let all = (0..1000).map(|i| draw(level, AiBuild::RandomBuild, i));
                all.filter(|x| *x == b).count()
            };
            assert_eq!(
                count(AiBuild::Air) + count(AiBuild::RandomBuild),
                0,
                "{level}"
            );
            for b in [
                AiBuild::Rush,
                AiBuild::Timing,
                AiBuild::Power,
                AiBuild::Macro,
            ] {
                assert!(count(b) >= 20, "{level} {b}");
                assert_eq!(draw(level, b, 7), b, "asked for is played");
            }
        }
        // Rolls of 1 and 2; 3 to 54; 55 to 89; 90 to 100.
        let very_hard = |i| draw(Difficulty::VeryHard, AiBuild::RandomBuild, i);
        assert_eq!(very_hard(1), AiBuild::Rush);
        assert_eq!([2, 53].map(very_hard), [AiBuild::Timing; 2]);
        assert_eq!([54, 88].map(very_hard), [AiBuild::Power; 2]);
        assert_eq!([89, 99].map(very_hard), [AiBuild::Macro; 2]);
    }

    #[test]
    fn builds_differ_in_what_they_put_up() {
        use crate::tactics::plan::{Goal, Item};
        let most = |goals: &[Goal], what, by: u16| {
            let of = goals.iter().filter_map(|g| match g.item {
                Item::Unit(t, n) if t == what && g.second <= by => Some(n),
                _ => None,
            });
            of.max().unwrap_or(0)
        };
        let builds = [
            AiBuild::Rush,
            AiBuild::Timing,
            AiBuild::Power,
            AiBuild::Macro,
            AiBuild::Air,
        ];
        for level in Difficulty::ALL {
            let by = |what, second| builds.map(|b| most(builds::goals(level, b), what, second));
            let [rush, others @ ..] = by(u::BARRACKS, 100);
            assert!(others.iter().all(|n| *n < rush), "{level}: barracks first");
            let [.., air] = by(u::STARPORT, 480);
            assert!(
                by(u::STARPORT, 480)[..4].iter().all(|n| *n < air),
                "{level}: starports"
            );
            let halls = by(u::COMMAND_CENTER, 480);
            let most = halls.into_iter().max();
            assert_eq!(
                most,
                Some(halls[3]),
                "{level}: Macro has the most town halls"
            );
            assert!(halls[3] > halls[0], "{level}: and Rush fewer");
        }
    }
}
