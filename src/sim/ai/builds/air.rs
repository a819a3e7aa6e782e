//! Air: an early second base for its gas, then starports; banshees and, late, battlecruisers, with marines to hold.

use crate::game::data::{unit_ids as u, upgrade_ids as up};
use crate::tactics::plan::{Goal, research, want};

/// VeryEasy and Easy.
pub const LOW: &[Goal] = &[
    want(u::BARRACKS, 1),
    want(u::REFINERY, 1).at(16),
    want(u::FACTORY, 1).second(180),
    want(u::STARPORT, 1).second(250),
    want(u::STARPORT_TECH_LAB, 1).second(310),
    want(u::COMMAND_CENTER, 2).second(380),
    want(u::STARPORT, 2).second(420),
    want(u::REFINERY, 2).second(440),
    want(u::STARPORT_TECH_LAB, 2).second(480),
    want(u::STARPORT, 3).second(620).at(40),
];

/// Medium and MediumHard.
pub const MIDDLE: &[Goal] = &[
    want(u::BARRACKS, 1),
    want(u::REFINERY, 1).at(16),
    want(u::ORBITAL_COMMAND, 1),
    want(u::FACTORY, 1).second(140),
    want(u::REFINERY, 2).second(170),
    want(u::STARPORT, 1).second(200),
    want(u::COMMAND_CENTER, 2).second(230),
    want(u::STARPORT_TECH_LAB, 1).second(255),
    want(u::STARPORT, 2).second(300),
    want(u::BARRACKS_REACTOR, 1).second(310),
    want(u::ORBITAL_COMMAND, 2).second(330),
    want(u::REFINERY, 3).second(340),
    want(u::STARPORT_TECH_LAB, 2).second(350),
    want(u::ENGINEERING_BAY, 1).second(380),
    want(u::REFINERY, 4).second(400),
    want(u::BARRACKS, 2).second(400),
    want(u::STARPORT, 3).second(460),
    want(u::ARMORY, 1).second(480),
    want(u::STARPORT_TECH_LAB, 3).second(510),
    research(up::TERRAN_SHIP_WEAPONS_LEVEL1).second(540),
    want(u::COMMAND_CENTER, 3).second(620).at(80),
    want(u::FUSION_CORE, 1).second(640),
    want(u::STARPORT, 4).second(680).at(100),
];

/// Hard and above.
pub const HIGH: &[Goal] = &[
    want(u::BARRACKS, 1),
    want(u::REFINERY, 1).at(16),
    want(u::ORBITAL_COMMAND, 1),
    want(u::COMMAND_CENTER, 2).at(20).second(105),
    want(u::FACTORY, 1).second(110),
    want(u::BARRACKS_REACTOR, 1).second(130),
    want(u::REFINERY, 2).second(135),
    want(u::STARPORT, 1).second(155),
    want(u::STARPORT_TECH_LAB, 1).second(205),
    want(u::STARPORT, 2).second(215),
    want(u::ORBITAL_COMMAND, 2),
    want(u::REFINERY, 3).second(235),
    want(u::BARRACKS, 2).second(250),
    want(u::STARPORT_TECH_LAB, 2).second(265),
    want(u::REFINERY, 4).second(270),
    want(u::ENGINEERING_BAY, 1).second(300),
    want(u::BARRACKS_TECH_LAB, 1).second(320),
    want(u::STARPORT, 3).second(340),
    want(u::ARMORY, 1).second(360),
    research(up::SHIELD_WALL).second(370),
    want(u::STARPORT_TECH_LAB, 3).second(395),
    research(up::TERRAN_INFANTRY_WEAPONS_LEVEL1)
        .second(400)
        .spare(),
    research(up::TERRAN_SHIP_WEAPONS_LEVEL1).second(420),
    want(u::COMMAND_CENTER, 3).second(430),
    want(u::REFINERY, 6).second(470),
    want(u::STARPORT, 4).second(480),
    want(u::FUSION_CORE, 1).second(500),
    want(u::STARPORT_TECH_LAB, 4).second(530),
    want(u::ORBITAL_COMMAND, 3).second(540),
    research(up::TERRAN_VEHICLE_AND_SHIP_ARMORS_LEVEL1)
        .second(560)
        .spare(),
    research(up::TERRAN_SHIP_WEAPONS_LEVEL2).second(600),
    want(u::STARPORT, 5).second(620),
    want(u::STARPORT_TECH_LAB, 5).second(660),
    want(u::BARRACKS, 4).second(680).bank(500),
    want(u::COMMAND_CENTER, 4).second(720),
];
