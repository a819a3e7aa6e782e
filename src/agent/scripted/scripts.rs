//! The scripts: strategies as data.

use crate::game::UnitTypeId;
use crate::game::data::{unit_ids as u, upgrade_ids as up};
use crate::tactics::plan::{Goal, Plan, Share, research, want};

/// A strategy and the hand that plays it.
#[derive(Clone, Copy, Debug)]
pub struct Script {
    pub plan: Plan,
    /// Army supply at which the whole army goes for the enemy.
    pub attack_supply: f32,
    /// Army supply below which an attack under way is broken off.
    pub retreat_supply: f32,
    /// Share of the army that must be out of place before it is ordered anew.
    pub reorder_share: f32,
    pub hand: Hand,
    /// Stimpack, siege mode, landing.
    pub skill: bool,
}

/// How a script's player acts: loops between looks, and mistakes.
#[derive(Clone, Copy, Debug)]
pub struct Hand {
    /// Mean loops until the next look, and in a fight.
    pub skip_mean: f32,
    pub fight_skip_mean: f32,
    /// Cells by which an aimed point is missed, at most.
    pub aim: f32,
    /// Chance at a look to do nothing for a while.
    pub idle: f32,
    /// Chance at a look to do something useless instead of the right thing.
    pub slip: f32,
}

const STEADY: Hand = Hand {
    skip_mean: 12.0,
    fight_skip_mean: 10.0,
    aim: 1.5,
    idle: 0.01,
    slip: 0.015,
};

/// Twice as quick in a fight: marines die fast.
const BRISK: Hand = Hand {
    skip_mean: 9.0,
    fight_skip_mean: 6.0,
    ..STEADY
};

const CLUMSY: Hand = Hand {
    skip_mean: 36.0,
    fight_skip_mean: 36.0,
    aim: 5.0,
    idle: 0.06,
    slip: 0.08,
};

const MARINE_GOALS: &[Goal] = &[
    want(u::BARRACKS, 1),
    want(u::ORBITAL_COMMAND, 1),
    want(u::COMMAND_CENTER, 2).at(19),
    want(u::BARRACKS, 3).at(22),
    want(u::REFINERY, 1).at(24),
    want(u::ORBITAL_COMMAND, 2),
    want(u::BARRACKS_REACTOR, 2).at(30),
    want(u::BARRACKS, 5).at(38),
    want(u::BARRACKS_TECH_LAB, 1).at(40),
    research(up::SHIELD_WALL),
    want(u::ENGINEERING_BAY, 1).at(50),
    want(u::BARRACKS_REACTOR, 4).at(50),
    want(u::BARRACKS, 8).at(60),
    research(up::TERRAN_INFANTRY_WEAPONS_LEVEL1),
    research(up::STIMPACK).at(60),
    want(u::BARRACKS_REACTOR, 7).at(80),
    want(u::COMMAND_CENTER, 3).at(90),
    want(u::ORBITAL_COMMAND, 3),
    research(up::TERRAN_INFANTRY_ARMORS_LEVEL1).at(100),
    want(u::BARRACKS, 10).at(120).bank(500),
];

const BIO_GOALS: &[Goal] = &[
    want(u::BARRACKS, 1),
    want(u::REFINERY, 1).at(16),
    want(u::REAPER, 1).before(22),
    want(u::ORBITAL_COMMAND, 1),
    want(u::COMMAND_CENTER, 2).at(19),
    want(u::BARRACKS, 3).at(20),
    want(u::BARRACKS_REACTOR, 1).at(24),
    want(u::FACTORY, 1).at(28),
    want(u::ORBITAL_COMMAND, 2),
    want(u::BARRACKS_TECH_LAB, 2).at(34),
    want(u::REFINERY, 2).at(32),
    research(up::STIMPACK),
    want(u::STARPORT, 1).at(38),
    want(u::FACTORY_TECH_LAB, 1).at(40),
    research(up::SHIELD_WALL).at(44),
    want(u::STARPORT_REACTOR, 1).at(48),
    want(u::ENGINEERING_BAY, 1).at(52),
    want(u::REFINERY, 4).at(56),
    want(u::BARRACKS, 5).at(60),
    research(up::TERRAN_INFANTRY_WEAPONS_LEVEL1),
    want(u::BARRACKS_REACTOR, 3).at(66),
    want(u::COMMAND_CENTER, 3).at(90),
    research(up::PUNISHER_GRENADES).at(90).spare(),
    research(up::TERRAN_INFANTRY_ARMORS_LEVEL1).at(90),
    want(u::ORBITAL_COMMAND, 3),
    want(u::FACTORY, 2).at(84),
    want(u::FACTORY_TECH_LAB, 2).at(88),
    want(u::BARRACKS, 8).at(110),
    want(u::BARRACKS_REACTOR, 5).at(120),
    want(u::ARMORY, 1).at(130),
    research(up::TERRAN_INFANTRY_WEAPONS_LEVEL2).at(130),
];

const TANK_GOALS: &[Goal] = &[
    want(u::BARRACKS, 1),
    want(u::REFINERY, 1).at(16),
    want(u::ORBITAL_COMMAND, 1),
    want(u::FACTORY, 1).at(18),
    want(u::COMMAND_CENTER, 2).at(20),
    want(u::REFINERY, 2).at(22),
    want(u::FACTORY_TECH_LAB, 1),
    want(u::BARRACKS, 3).at(30),
    want(u::ORBITAL_COMMAND, 2),
    want(u::BARRACKS_REACTOR, 2).at(34),
    want(u::FACTORY, 2).at(44),
    want(u::BARRACKS_TECH_LAB, 1).at(44),
    want(u::FACTORY_TECH_LAB, 2).at(46),
    research(up::SHIELD_WALL).at(48),
    want(u::REFINERY, 4).at(50),
    want(u::ENGINEERING_BAY, 1).at(60),
    want(u::BARRACKS, 5).at(64),
    research(up::TERRAN_INFANTRY_WEAPONS_LEVEL1).at(64),
    want(u::FACTORY, 3).at(80),
    want(u::FACTORY_TECH_LAB, 3).at(84),
    want(u::COMMAND_CENTER, 3).at(90),
    want(u::BARRACKS_REACTOR, 4).at(90),
    want(u::ORBITAL_COMMAND, 3),
    want(u::ARMORY, 1).at(100),
    research(up::TERRAN_VEHICLE_WEAPONS_LEVEL1).at(100),
    want(u::BARRACKS, 7).at(110).bank(400),
];

const MECH_GOALS: &[Goal] = &[
    want(u::BARRACKS, 1),
    want(u::REFINERY, 1).at(16),
    want(u::ORBITAL_COMMAND, 1),
    want(u::FACTORY, 1).at(18),
    want(u::COMMAND_CENTER, 2).at(20),
    want(u::REFINERY, 2).at(21),
    want(u::FACTORY_TECH_LAB, 1),
    want(u::ORBITAL_COMMAND, 2),
    want(u::FACTORY, 3).at(34),
    want(u::REFINERY, 4).at(40),
    want(u::FACTORY_TECH_LAB, 2).at(44),
    want(u::FACTORY_REACTOR, 1).at(46),
    want(u::ARMORY, 1).at(54),
    want(u::FACTORY, 5).at(66),
    research(up::TERRAN_VEHICLE_WEAPONS_LEVEL1),
    want(u::FACTORY_TECH_LAB, 4).at(76),
    want(u::COMMAND_CENTER, 3).at(80),
    want(u::REFINERY, 6).at(90),
    want(u::ORBITAL_COMMAND, 3),
    research(up::TERRAN_VEHICLE_AND_SHIP_ARMORS_LEVEL1).at(100),
    research(up::TERRAN_VEHICLE_WEAPONS_LEVEL2).at(120),
    want(u::FACTORY, 7).at(120),
    want(u::FACTORY_TECH_LAB, 6).at(130),
    want(u::STARPORT, 1).at(150),
];

const BATTLECRUISER_GOALS: &[Goal] = &[
    want(u::BARRACKS, 1),
    want(u::REFINERY, 1).at(16),
    want(u::ORBITAL_COMMAND, 1),
    want(u::COMMAND_CENTER, 2).at(19),
    want(u::FACTORY, 1).at(21),
    want(u::REFINERY, 2).at(22),
    want(u::ORBITAL_COMMAND, 2),
    want(u::BARRACKS, 2).at(28),
    want(u::BARRACKS_REACTOR, 1).at(28),
    want(u::FACTORY_TECH_LAB, 1).at(30),
    want(u::STARPORT, 1).at(32),
    want(u::STARPORT_TECH_LAB, 1),
    want(u::REFINERY, 4).at(40),
    want(u::FUSION_CORE, 1).at(46),
    want(u::STARPORT, 2).at(56),
    want(u::STARPORT_TECH_LAB, 2).at(60),
    want(u::COMMAND_CENTER, 3).at(80),
    want(u::REFINERY, 6).at(84),
    want(u::BARRACKS, 4).at(84).bank(400),
    want(u::ARMORY, 1).at(90),
    research(up::TERRAN_SHIP_WEAPONS_LEVEL1).at(96),
    want(u::STARPORT, 3).at(100),
    want(u::STARPORT_TECH_LAB, 3).at(104),
    want(u::ORBITAL_COMMAND, 3),
    research(up::TERRAN_VEHICLE_AND_SHIP_ARMORS_LEVEL1).at(120),
    research(up::TERRAN_SHIP_WEAPONS_LEVEL2).at(120),
];

const PROXY_GOALS: &[Goal] = &[
    want(u::BARRACKS, 1),
    want(u::REFINERY, 1).at(17),
    want(u::ORBITAL_COMMAND, 1),
    want(u::BARRACKS, 4).at(17),
    want(u::BARRACKS_TECH_LAB, 2).at(22),
    research(up::SHIELD_WALL),
    research(up::STIMPACK).at(26),
    want(u::BARRACKS, 5).at(30),
    want(u::COMMAND_CENTER, 2).at(40).bank(250),
    want(u::ORBITAL_COMMAND, 2),
    want(u::BARRACKS_REACTOR, 3).at(50),
    want(u::ENGINEERING_BAY, 1).at(60),
    research(up::TERRAN_INFANTRY_WEAPONS_LEVEL1),
    want(u::BARRACKS, 8).at(70).bank(300),
    want(u::BARRACKS_REACTOR, 6).at(80),
];

const VIKING_GOALS: &[Goal] = &[
    want(u::BARRACKS, 1),
    want(u::REFINERY, 1).at(16),
    want(u::ORBITAL_COMMAND, 1),
    want(u::COMMAND_CENTER, 2).at(19),
    want(u::BARRACKS, 2).at(20),
    want(u::FACTORY, 1).at(22),
    want(u::REFINERY, 2).at(22),
    want(u::BARRACKS_REACTOR, 1).at(24),
    want(u::ORBITAL_COMMAND, 2),
    want(u::STARPORT, 2).at(30),
    want(u::STARPORT_REACTOR, 1).at(34),
    want(u::REFINERY, 4).at(40),
    want(u::FACTORY_TECH_LAB, 1).at(40),
    want(u::STARPORT_REACTOR, 2).at(44),
    want(u::BARRACKS, 3).at(54),
    want(u::BARRACKS_REACTOR, 2).at(60),
    want(u::STARPORT, 3).at(70),
    want(u::ARMORY, 1).at(64),
    want(u::STARPORT_REACTOR, 3).at(66),
    research(up::TERRAN_SHIP_WEAPONS_LEVEL1),
    want(u::COMMAND_CENTER, 3).at(84),
    want(u::REFINERY, 6).at(90),
    want(u::BARRACKS, 4).at(90).bank(400),
    want(u::FACTORY, 2).at(96),
    want(u::FACTORY_TECH_LAB, 2).at(100),
    want(u::STARPORT, 4).at(110),
    want(u::ORBITAL_COMMAND, 3),
    want(u::STARPORT_REACTOR, 4).at(120),
    research(up::TERRAN_VEHICLE_AND_SHIP_ARMORS_LEVEL1).at(110),
    research(up::TERRAN_SHIP_WEAPONS_LEVEL2).at(120),
];

const NOVICE_GOALS: &[Goal] = &[
    want(u::BARRACKS, 1),
    want(u::REFINERY, 1).at(18),
    want(u::BARRACKS, 2).at(24),
    want(u::FACTORY, 1).at(30),
    want(u::COMMAND_CENTER, 2).at(36).bank(500),
    want(u::FACTORY_TECH_LAB, 1).at(40),
];

const fn plan(
    name: &'static str,
    goals: &'static [Goal],
    army: &'static [Share],
    workers_max: u16,
) -> Plan {
    Plan {
        name,
        goals,
        army,
        workers_max,
        gas_workers: 3,
        supply_slack: 3,
        proxy: None,
    }
}

const fn script(plan: Plan, attack_supply: f32, retreat_supply: f32) -> Script {
    Script {
        plan,
        attack_supply,
        retreat_supply,
        reorder_share: 0.2,
        hand: STEADY,
        skill: true,
    }
}

const MARINE: UnitTypeId = u::MARINE;

/// All scripts, the simplest first.
pub const SCRIPTS: &[Script] = &[
    Script {
        hand: BRISK,
        ..script(plan("marine", MARINE_GOALS, &[(MARINE, 1)], 50), 46.0, 20.0)
    },
    Script {
        hand: BRISK,
        ..script(
            plan(
                "bio",
                BIO_GOALS,
                &[
                    (MARINE, 14),
                    (u::MARAUDER, 6),
                    (u::MEDIVAC, 3),
                    (u::SIEGE_TANK, 6),
                ],
                60,
            ),
            100.0,
            40.0,
        )
    },
    script(
        plan("tank", TANK_GOALS, &[(u::SIEGE_TANK, 10), (MARINE, 12)], 56),
        80.0,
        30.0,
    ),
    script(
        plan(
            "mech",
            MECH_GOALS,
            &[
                (u::SIEGE_TANK, 8),
                (u::HELLION_TANK, 5),
                (u::HELLION, 2),
                (u::CYCLONE, 5),
                (MARINE, 2),
            ],
            60,
        ),
        60.0,
        25.0,
    ),
    script(
        plan(
            "battlecruiser",
            BATTLECRUISER_GOALS,
            &[(u::BATTLECRUISER, 40), (MARINE, 8), (u::SIEGE_TANK, 4)],
            62,
        ),
        100.0,
        40.0,
    ),
    Script {
        hand: BRISK,
        plan: Plan {
            proxy: Some(1),
            ..plan("proxy", PROXY_GOALS, &[(MARINE, 5), (u::MARAUDER, 2)], 50)
        },
        ..script(
            plan("proxy", PROXY_GOALS, &[(MARINE, 5), (u::MARAUDER, 2)], 50),
            48.0,
            18.0,
        )
    },
    Script {
        hand: BRISK,
        ..script(
            plan(
                "viking",
                VIKING_GOALS,
                &[(u::VIKING_FIGHTER, 14), (MARINE, 10), (u::SIEGE_TANK, 8)],
                60,
            ),
            70.0,
            28.0,
        )
    },
    Script {
        hand: CLUMSY,
        skill: false,
        reorder_share: 0.4,
        ..script(
            plan(
                "novice",
                NOVICE_GOALS,
                &[(MARINE, 4), (u::SIEGE_TANK, 1)],
                22,
            ),
            9.0,
            2.0,
        )
    },
];
