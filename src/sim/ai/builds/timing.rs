//! Timing: one base for long, one strong attack with the first upgrades. The pace's anchor.

use crate::game::data::{unit_ids as u, upgrade_ids as up};
use crate::tactics::plan::{Goal, research, want};

/// VeryEasy and Easy.
pub const LOW: &[Goal] = &[
    want(u::BARRACKS, 1),
    want(u::REFINERY, 1).at(17),
    want(u::BARRACKS, 2).second(260),
    want(u::BARRACKS_TECH_LAB, 1).second(300),
    want(u::COMMAND_CENTER, 2).second(400).at(30),
    want(u::FACTORY, 1).second(480),
    want(u::BARRACKS, 3).second(560).at(40),
    want(u::FACTORY_TECH_LAB, 1).second(560),
];

/// Medium and MediumHard.
pub const MIDDLE: &[Goal] = &[
    want(u::BARRACKS, 1),
    want(u::REFINERY, 1).at(16),
    want(u::ORBITAL_COMMAND, 1),
    want(u::BARRACKS, 2).second(110),
    want(u::BARRACKS_TECH_LAB, 1).second(170),
    want(u::FACTORY, 1).second(210),
    want(u::BARRACKS, 3).second(230),
    want(u::COMMAND_CENTER, 2).second(270),
    want(u::FACTORY_TECH_LAB, 1).second(300),
    want(u::ENGINEERING_BAY, 1).second(330),
    want(u::REFINERY, 2).second(340),
    research(up::SHIELD_WALL).second(360),
    want(u::STARPORT, 1).second(380),
    want(u::ORBITAL_COMMAND, 2),
    want(u::BARRACKS, 4).second(420).at(60),
    want(u::BARRACKS_REACTOR, 2).second(420),
    research(up::STIMPACK).second(440),
    research(up::TERRAN_INFANTRY_WEAPONS_LEVEL1).second(450),
    want(u::REFINERY, 3).second(460),
    want(u::FACTORY, 2).second(540).at(80),
    want(u::BARRACKS, 6).second(600).at(90),
    want(u::FACTORY_TECH_LAB, 2).second(620),
    want(u::COMMAND_CENTER, 3).second(620).at(90),
    want(u::REFINERY, 5).second(700),
];

/// Hard and above: the recorded game of the real AI (docs/DECISIONS.md).
pub const HIGH: &[Goal] = &[
    want(u::BARRACKS, 1),
    want(u::BARRACKS, 2).at(17),
    want(u::REFINERY, 1).at(18),
    want(u::BARRACKS, 3).at(19),
    want(u::ORBITAL_COMMAND, 1),
    want(u::BARRACKS_TECH_LAB, 1).second(110),
    want(u::BARRACKS_REACTOR, 1).second(150),
    want(u::COMMAND_CENTER, 2).second(240),
    want(u::FACTORY, 1).second(240),
    research(up::STIMPACK).second(275),
    want(u::FACTORY_TECH_LAB, 1).second(290),
    want(u::REFINERY, 2).second(280),
    want(u::ORBITAL_COMMAND, 2),
    want(u::BARRACKS_REACTOR, 2).second(310),
    want(u::STARPORT, 1).second(325),
    want(u::ENGINEERING_BAY, 1).second(335),
    want(u::REFINERY, 3).second(350),
    research(up::SHIELD_WALL).second(350),
    want(u::BARRACKS, 5).second(360),
    research(up::TERRAN_INFANTRY_WEAPONS_LEVEL1).second(365),
    want(u::REFINERY, 4).second(385),
    want(u::BARRACKS_TECH_LAB, 2).second(380),
    want(u::BARRACKS_REACTOR, 3).second(400),
    want(u::ARMORY, 1).second(420),
    want(u::FACTORY, 2).second(430),
    want(u::FACTORY_TECH_LAB, 2).second(440),
    research(up::TERRAN_INFANTRY_ARMORS_LEVEL1).second(440),
    want(u::STARPORT_REACTOR, 1).second(450),
    want(u::COMMAND_CENTER, 3).second(460),
    research(up::TERRAN_INFANTRY_WEAPONS_LEVEL2).second(480),
    research(up::PUNISHER_GRENADES).second(480).spare(),
    research(up::TERRAN_VEHICLE_WEAPONS_LEVEL1)
        .second(500)
        .spare(),
    want(u::ORBITAL_COMMAND, 3),
    want(u::BARRACKS, 7).second(520),
    want(u::BARRACKS_TECH_LAB, 3).second(540),
    want(u::BARRACKS_REACTOR, 4).second(540),
    want(u::REFINERY, 6).second(560),
    research(up::TERRAN_INFANTRY_ARMORS_LEVEL2).second(600),
    research(up::TERRAN_INFANTRY_WEAPONS_LEVEL3).second(640),
    want(u::COMMAND_CENTER, 4).second(720),
    want(u::BARRACKS, 9).second(760).bank(500),
    want(u::STARPORT, 2).second(760).bank(500),
    research(up::TERRAN_INFANTRY_ARMORS_LEVEL3).second(780),
];
