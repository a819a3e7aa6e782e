//! Rush: barracks before everything, marines without gas, an attack as soon as some stand; expands only if the game goes on.

use crate::game::data::{unit_ids as u, upgrade_ids as up};
use crate::tactics::plan::{Goal, research, want};

/// VeryEasy and Easy.
pub const LOW: &[Goal] = &[
    want(u::BARRACKS, 2),
    want(u::REFINERY, 1).second(320),
    want(u::BARRACKS_TECH_LAB, 1).second(360),
    want(u::COMMAND_CENTER, 2).second(520).at(30),
    want(u::FACTORY, 1).second(540),
    want(u::BARRACKS, 3).second(600).at(40),
];

/// Medium and MediumHard.
pub const MIDDLE: &[Goal] = &[
    want(u::BARRACKS, 3),
    want(u::REFINERY, 1).second(250),
    want(u::ORBITAL_COMMAND, 1).second(260),
    want(u::BARRACKS_TECH_LAB, 1).second(290),
    want(u::COMMAND_CENTER, 2).second(340),
    want(u::FACTORY, 1).second(360),
    want(u::REFINERY, 2).second(380),
    want(u::ENGINEERING_BAY, 1).second(400),
    want(u::FACTORY_TECH_LAB, 1).second(420),
    research(up::SHIELD_WALL).second(430),
    want(u::ORBITAL_COMMAND, 2).second(440),
    want(u::STARPORT, 1).second(460),
    want(u::BARRACKS, 4).second(470).at(60),
    research(up::STIMPACK).second(500),
    want(u::BARRACKS_REACTOR, 2).second(520),
    research(up::TERRAN_INFANTRY_WEAPONS_LEVEL1).second(520),
    want(u::REFINERY, 4).second(560),
    want(u::FACTORY, 2).second(600).at(80),
    want(u::BARRACKS, 6).second(640).at(90),
    want(u::COMMAND_CENTER, 3).second(680).at(90),
];

/// Hard and above: three barracks at 14 supply, a fourth soon after, as the script has it.
pub const HIGH: &[Goal] = &[
    want(u::BARRACKS, 3),
    want(u::BARRACKS, 4).at(17),
    want(u::REFINERY, 1).second(200),
    want(u::ORBITAL_COMMAND, 1).second(205),
    want(u::BARRACKS_TECH_LAB, 1).second(235),
    want(u::BARRACKS_REACTOR, 1).second(250),
    want(u::COMMAND_CENTER, 2).second(290),
    want(u::FACTORY, 1).second(310),
    want(u::REFINERY, 2).second(320),
    research(up::STIMPACK).second(320),
    want(u::FACTORY_TECH_LAB, 1).second(350),
    want(u::ORBITAL_COMMAND, 2).second(350),
    want(u::ENGINEERING_BAY, 1).second(370),
    want(u::STARPORT, 1).second(375),
    research(up::SHIELD_WALL).second(400),
    want(u::BARRACKS_REACTOR, 2).second(400),
    want(u::REFINERY, 4).second(420),
    research(up::TERRAN_INFANTRY_WEAPONS_LEVEL1).second(420),
    want(u::BARRACKS_TECH_LAB, 2).second(430),
    want(u::FACTORY, 2).second(460),
    want(u::ARMORY, 1).second(470),
    want(u::FACTORY_TECH_LAB, 2).second(480),
    want(u::STARPORT_REACTOR, 1).second(490),
    want(u::COMMAND_CENTER, 3).second(500),
    research(up::TERRAN_INFANTRY_ARMORS_LEVEL1).second(500),
    research(up::TERRAN_INFANTRY_WEAPONS_LEVEL2).second(540),
    want(u::ORBITAL_COMMAND, 3).second(540),
    want(u::BARRACKS, 7).second(560),
    want(u::BARRACKS_REACTOR, 4).second(580),
    want(u::REFINERY, 6).second(600),
    want(u::COMMAND_CENTER, 4).second(740),
    want(u::BARRACKS, 9).second(760).bank(500),
];
