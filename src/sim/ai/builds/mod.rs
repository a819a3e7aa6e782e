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
use crate::game::data::unit_ids as u;
use crate::tactics::plan::{Goal, want};

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
pub fn surplus(build: AiBuild) -> &'static [Goal] {
    match build {
        AiBuild::Air => SURPLUS_AIR,
        _ => SURPLUS,
    }
}

const SURPLUS: &[Goal] = &[
    want(u::BARRACKS, 2)
        .second(80)
        .bank(300)
        .after(u::ORBITAL_COMMAND, 1),
    want(u::BARRACKS, 3)
        .second(110)
        .bank(300)
        .after(u::ORBITAL_COMMAND, 1),
    want(u::BARRACKS_REACTOR, 1).second(150).bank(200),
    want(u::BARRACKS_TECH_LAB, 1).second(160).bank(250),
    want(u::BARRACKS, 5).second(180).bank(350),
    want(u::BARRACKS_REACTOR, 2).second(210).bank(250),
    want(u::REFINERY, 3).second(250).bank(250),
    want(u::FACTORY, 2).second(330).bank(400),
    want(u::BARRACKS, 7).second(280).bank(450),
    want(u::BARRACKS_REACTOR, 3).second(300).bank(350),
    want(u::REFINERY, 5).second(400).bank(400),
    want(u::COMMAND_CENTER, 3).second(360).bank(550),
    want(u::BARRACKS_REACTOR, 4).second(420).bank(400),
    want(u::FACTORY_TECH_LAB, 2).second(400).bank(350),
    want(u::BARRACKS, 9).second(400).bank(550),
    want(u::BARRACKS_REACTOR, 5).second(430).bank(500),
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
    want(u::BARRACKS, 2)
        .second(80)
        .bank(300)
        .after(u::ORBITAL_COMMAND, 1),
    want(u::BARRACKS_REACTOR, 1).second(150).bank(200),
    want(u::BARRACKS, 3).second(180).bank(400),
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
