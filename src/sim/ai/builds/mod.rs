//! Build orders as data: a file a build, a list a class of levels.
//!
//! What each does follows the openings of the game's own scripts (`TriggerLibs/Terran/TerranVyHd.galaxy`): how many barracks
//! come first, when it expands, what it makes. Supply and times are ours, to fit the pace (`profile`).

pub mod air;
pub mod macros;
pub mod power;
pub mod rush;
pub mod timing;

use super::level::{AiBuild, Difficulty};
use crate::game::data::{unit_ids as u, upgrade_ids as up};
use crate::tactics::plan::{Goal, research, want};

/// Steps of a build for a level.
pub fn goals(level: Difficulty, build: AiBuild) -> &'static [Goal] {
    let [low, middle, high] = match build {
        AiBuild::Rush => [rush::LOW, rush::MIDDLE, rush::HIGH],
        AiBuild::Power => [power::LOW, power::MIDDLE, power::HIGH],
        AiBuild::Macro => [macros::LOW, macros::MIDDLE, macros::HIGH],
        AiBuild::Air => [air::LOW, air::MIDDLE, air::HIGH],
        AiBuild::Timing | AiBuild::RandomBuild => [timing::LOW, timing::MIDDLE, timing::HIGH],
    };
    match level {
        Difficulty::VeryEasy | Difficulty::Easy => low,
        Difficulty::Medium | Difficulty::MediumHard => middle,
        _ => high,
    }
}

/// What the cheating levels put up beside their build, and before everything else, when they have more than they can spend.
pub fn surplus(level: Difficulty, build: AiBuild) -> &'static [Goal] {
    match (level, build) {
        (_, AiBuild::Air) => SURPLUS_AIR,
        (Difficulty::CheatInsane, _) => SURPLUS,
        // Its harvest has hardly grown when the first two would come.
        _ => &SURPLUS[2..],
    }
}

const SURPLUS: &[Goal] = &[
    want(u::BARRACKS, 4).second(105).bank(300),
    want(u::BARRACKS, 5).second(145).bank(350),
    want(u::BARRACKS, 2).second(45).bank(200),
    want(u::BARRACKS, 3).second(75).bank(250),
    want(u::BARRACKS_REACTOR, 1).second(140).bank(200),
    want(u::BARRACKS_TECH_LAB, 1).second(160).bank(250),
    want(u::BARRACKS_REACTOR, 2).second(210).bank(250),
    want(u::ENGINEERING_BAY, 1).second(220).bank(300),
    research(up::STIMPACK).second(230).bank(200),
    research(up::TERRAN_INFANTRY_WEAPONS_LEVEL1)
        .second(240)
        .bank(200),
    want(u::REFINERY, 3).second(250).bank(250),
    research(up::SHIELD_WALL).second(280).bank(200),
    want(u::ENGINEERING_BAY, 2).second(290).bank(350),
    research(up::TERRAN_INFANTRY_ARMORS_LEVEL1)
        .second(290)
        .bank(200),
    want(u::FACTORY, 2).second(330).bank(400),
    want(u::BARRACKS, 7).second(280).bank(450),
    want(u::BARRACKS_REACTOR, 3).second(300).bank(350),
    want(u::ARMORY, 1).second(350).bank(350),
    research(up::TERRAN_INFANTRY_WEAPONS_LEVEL2)
        .second(360)
        .bank(300),
    research(up::TERRAN_INFANTRY_ARMORS_LEVEL2)
        .second(360)
        .bank(300),
    research(up::TERRAN_VEHICLE_WEAPONS_LEVEL1)
        .second(380)
        .bank(300),
    want(u::REFINERY, 5).second(400).bank(400),
    want(u::COMMAND_CENTER, 3).second(360).bank(550),
    want(u::BARRACKS_REACTOR, 4).second(420).bank(400),
    want(u::FACTORY_TECH_LAB, 2).second(400).bank(350),
    want(u::BARRACKS, 9).second(400).bank(550),
    want(u::BARRACKS_REACTOR, 5).second(430).bank(500),
    want(u::ARMORY, 2).second(440).bank(450),
    research(up::TERRAN_VEHICLE_AND_SHIP_ARMORS_LEVEL1)
        .second(450)
        .bank(300),
    research(up::TERRAN_INFANTRY_WEAPONS_LEVEL3)
        .second(460)
        .bank(400),
    research(up::TERRAN_INFANTRY_ARMORS_LEVEL3)
        .second(460)
        .bank(400),
    research(up::TERRAN_VEHICLE_WEAPONS_LEVEL2)
        .second(480)
        .bank(400),
    want(u::FACTORY, 3).second(460).bank(550),
    want(u::FACTORY_TECH_LAB, 3).second(500).bank(400),
    want(u::COMMAND_CENTER, 4).second(520).bank(650),
    want(u::REFINERY, 7).second(560).bank(500),
    want(u::BARRACKS, 11).second(580).bank(700),
    want(u::BARRACKS_REACTOR, 7).second(620).bank(500),
    want(u::FACTORY, 5).second(640).bank(800),
    want(u::FACTORY_TECH_LAB, 5).second(680).bank(500),
];

const SURPLUS_AIR: &[Goal] = &[
    want(u::BARRACKS, 2).second(45).bank(200),
    want(u::BARRACKS, 3).second(110).bank(300),
    want(u::BARRACKS_REACTOR, 1).second(150).bank(200),
    want(u::BARRACKS_REACTOR, 2).second(210).bank(300),
    want(u::REFINERY, 4).second(260).bank(250),
    want(u::STARPORT, 3).second(320).bank(400),
    want(u::COMMAND_CENTER, 3).second(360).bank(550),
    want(u::REFINERY, 6).second(380).bank(400),
    want(u::STARPORT_TECH_LAB, 3).second(380).bank(350),
    want(u::STARPORT, 5).second(440).bank(550),
    want(u::STARPORT_TECH_LAB, 5).second(480).bank(400),
    want(u::BARRACKS, 4).second(480).bank(600),
    want(u::COMMAND_CENTER, 4).second(520).bank(650),
    want(u::REFINERY, 8).second(560).bank(500),
    want(u::STARPORT, 7).second(600).bank(800),
    want(u::STARPORT_TECH_LAB, 7).second(640).bank(500),
];
