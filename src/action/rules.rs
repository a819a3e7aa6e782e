//! Facts about abilities that the ability table does not hold: energy, required upgrades, toggles that an idle unit does
//! not offer, what a target must be.
//!
//! Energy figures are patch 4.10's (game client and Liquipedia, as of November 2019).

use crate::game::data::unit_ids as u;
use crate::game::{AbilityId, UnitTypeId, UpgradeId};
use crate::obs::flags::{self, kind};

/// Effects nobody should learn: sprays have no effect on the game.
pub(super) const LEFT_OUT: &[u16] = &[3684];

/// Energy an exact ability costs.
pub(super) const ENERGY: &[(u16, u8)] = &[
    (74, 75),  // fungal growth
    (76, 75),  // guardian shield
    (140, 50), // feedback
    (142, 50), // strategic recall
    (146, 75), // hallucinations
    (148, 75),
    (150, 75),
    (152, 75),
    (154, 75),
    (156, 75),
    (158, 75),
    (160, 75),
    (162, 75),
    (164, 75),
    (2114, 75),
    (2389, 75),
    (2391, 75),
    (171, 50),   // MULE
    (173, 50),   // graviton beam
    (181, 50),   // changeling
    (247, 50),   // infested terran
    (249, 100),  // neural parasite
    (251, 25),   // inject larva
    (255, 50),   // supply drop
    (382, 25),   // ghost cloak
    (386, 1),    // heal, by the point
    (392, 25),   // banshee cloak
    (399, 50),   // scan
    (1036, 75),  // psionic storm
    (1526, 50),  // force field
    (1628, 75),  // EMP
    (1664, 50),  // transfusion
    (1694, 25),  // creep tumor of the queen
    (1764, 50),  // auto turret
    (1825, 125), // contaminate
    (2063, 100), // blinding cloud
    (2067, 75),  // abduct
    (2146, 25),  // revelation
    (2244, 100), // time warp
    (2375, 25),  // pulsar beam
    (2505, 50),  // stasis ward
    (2542, 125), // parasitic bomb
    (2714, 50),  // steady targeting
    (3747, 50),  // interference matrix
    (3753, 75),  // anti-armor missile
    (3755, 50),  // chrono boost
    (3757, 50),  // recall of the nexus
];

/// Upgrade that an exact ability needs, where the production tables do not say it.
pub(super) const UPGRADE: &[(u16, u16)] = &[
    (253, 15),
    (380, 15),
    (382, 25),
    (392, 20),
    (249, 101),
    (401, 76),
    (1036, 52),
    (1442, 87),
    (2700, 141),
    (1518, 84),
    (1374, 64),
    (1378, 64),
    (1382, 64),
    (1386, 64),
    (1390, 64),
    (1394, 64),
    (1433, 64),
    (1444, 64),
    (1512, 64),
    (2340, 64),
];

/// Structure that an exact ability needs, where the production tables do not say it.
pub(super) const STRUCTURE: &[(u16, UnitTypeId)] =
    &[(1692, u::LAIR), (1998, u::ARMORY), (1622, u::GHOST_ACADEMY)];

pub(super) fn look_up<V: Copy>(table: &[(u16, V)], ability: AbilityId) -> Option<V> {
    table
        .iter()
        .find(|(id, _)| *id == ability.0)
        .map(|&(_, v)| v)
}

pub(super) fn required_upgrade(ability: AbilityId) -> Option<UpgradeId> {
    look_up(UPGRADE, ability).map(UpgradeId)
}

/// An ability that the ability table leaves out, because no unit offers it while idle.
pub(super) struct Extra {
    pub general: u16,
    pub name: &'static str,
    pub target: ExtraTarget,
    /// Exact abilities that fall on it.
    pub exact: &'static [u16],
    pub offers: &'static [ExtraOffer],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ExtraTarget {
    None,
    Point,
    PointOrUnit,
}

/// Units that offer an extra ability, and when.
pub(super) struct ExtraOffer {
    pub types: Types,
    /// Row flags that must be set, all of them.
    pub need: u32,
    /// Row flags that must not be set, none of them.
    pub forbid: u32,
}

pub(super) enum Types {
    List(&'static [UnitTypeId]),
    Structures,
    /// Structures that train or research.
    Producers,
}

const fn offer(types: Types, need: u32, forbid: u32) -> ExtraOffer {
    ExtraOffer {
        types,
        need,
        forbid,
    }
}

pub(super) const EXTRAS: &[Extra] = &[
    Extra {
        general: 1622,
        name: "Effect NukeCalldown",
        target: ExtraTarget::Point,
        exact: &[1622],
        offers: &[offer(Types::List(&[u::GHOST]), 0, flags::HALLUCINATION)],
    },
    Extra {
        general: 1693,
        name: "Behavior GenerateCreepOff",
        target: ExtraTarget::None,
        exact: &[1693],
        offers: &[offer(
            Types::List(&[u::OVERLORD, u::OVERLORD_TRANSPORT]),
            0,
            0,
        )],
    },
    Extra {
        general: 2082,
        name: "Behavior BuildingAttackOff",
        target: ExtraTarget::None,
        exact: &[2082],
        offers: &[offer(Types::List(&[u::BANELING]), 0, 0)],
    },
    Extra {
        general: 2376,
        name: "Behavior PulsarBeamOff",
        target: ExtraTarget::None,
        exact: &[2376],
        offers: &[offer(Types::List(&[u::ORACLE]), 0, 0)],
    },
    Extra {
        general: 3659,
        name: "Cancel",
        target: ExtraTarget::None,
        exact: &[
            174, 250, 314, 451, 484, 517, 1217, 1219, 1221, 1373, 1375, 1379, 1383, 1387, 1391,
            1434, 1445, 1449, 1451, 1517, 1519, 1521, 1529, 1531, 1623, 1726, 1728, 1730, 1732,
            1763, 1848, 2015, 2096, 2109, 2331, 2333, 2341, 2354, 2363, 2365, 2535, 2594, 2596,
            2709, 3707,
        ],
        offers: &[
            offer(Types::Structures, 0, flags::FINISHED),
            offer(Types::Structures, flags::FINISHED | flags::MORPHING, 0),
            offer(
                Types::List(&[
                    u::BANELING_COCOON,
                    u::BROOD_LORD_COCOON,
                    u::OVERLORD_COCOON,
                    u::LURKER_MP_EGG,
                    u::RAVAGER_COCOON,
                    u::TRANSPORT_OVERLORD_COCOON,
                    u::ADEPT_PHASE_SHIFT,
                ]),
                0,
                0,
            ),
            offer(
                Types::List(&[u::PHOENIX, u::INFESTOR, u::CYCLONE, u::GHOST]),
                flags::BUSY,
                0,
            ),
        ],
    },
    Extra {
        general: 3660,
        name: "Halt",
        target: ExtraTarget::None,
        exact: &[176, 315, 348],
        offers: &[offer(Types::List(&[u::SCV]), flags::CONSTRUCTING, 0)],
    },
    Extra {
        general: 3664,
        name: "UnloadAll",
        target: ExtraTarget::None,
        exact: &[395, 408, 413, 912, 1407, 1438, 2371],
        offers: &[offer(
            Types::List(&[
                u::MEDIVAC,
                u::BUNKER,
                u::COMMAND_CENTER,
                u::COMMAND_CENTER_FLYING,
                u::PLANETARY_FORTRESS,
                u::WARP_PRISM,
                u::WARP_PRISM_PHASING,
                u::OVERLORD_TRANSPORT,
                u::NYDUS_NETWORK,
                u::NYDUS_CANAL,
            ]),
            flags::HAS_CARGO,
            0,
        )],
    },
    Extra {
        general: 3667,
        name: "Harvest Return",
        target: ExtraTarget::None,
        exact: &[167, 296, 299, 1184],
        offers: &[offer(
            Types::List(&[u::SCV, u::MULE, u::PROBE, u::DRONE]),
            flags::CARRYING,
            0,
        )],
    },
    Extra {
        general: 3669,
        name: "UnloadAllAt",
        target: ExtraTarget::PointOrUnit,
        exact: &[396, 409, 414, 913, 1408, 1439, 2372],
        offers: &[offer(
            Types::List(&[
                u::MEDIVAC,
                u::WARP_PRISM,
                u::WARP_PRISM_PHASING,
                u::OVERLORD_TRANSPORT,
            ]),
            flags::HAS_CARGO,
            0,
        )],
    },
    Extra {
        general: 3671,
        name: "Cancel Last",
        target: ExtraTarget::None,
        exact: &[304, 306, 308, 312, 1038, 1831, 1833],
        offers: &[
            offer(Types::Producers, flags::PRODUCING, 0),
            offer(Types::List(&[u::EGG]), 0, 0),
        ],
    },
    Extra {
        general: 3677,
        name: "Behavior CloakOff",
        target: ExtraTarget::None,
        exact: &[383, 393],
        offers: &[offer(
            Types::List(&[u::GHOST, u::BANSHEE]),
            flags::CLOAKED,
            0,
        )],
    },
    Extra {
        general: 3689,
        name: "Behavior HoldFireOff",
        target: ExtraTarget::None,
        exact: &[38, 2552],
        offers: &[offer(Types::List(&[u::GHOST, u::LURKER_MP_BURROWED]), 0, 0)],
    },
];

/// What a target must be: any one of a function's rules must hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct TargetRule {
    /// Bit g: units of group g.
    pub groups: u8,
    pub need: u32,
    pub forbid: u32,
    /// At least one of these kinds (0 = any unit).
    pub any_kind: u16,
    pub no_kind: u16,
    /// Fits into a transport.
    pub cargo: bool,
    /// One of these types (empty = any).
    pub types: &'static [UnitTypeId],
}

const MINE: u8 = 1;
const ENEMY: u8 = 2;
const NEUTRAL: u8 = 4;

const ANYTHING: TargetRule = TargetRule {
    groups: 7,
    need: 0,
    forbid: 0,
    any_kind: 0,
    no_kind: 0,
    cargo: false,
    types: &[],
};

/// An enemy in view.
const SEEN_ENEMY: TargetRule = TargetRule {
    groups: ENEMY,
    need: flags::VISIBLE,
    ..ANYTHING
};
const SEEN_ENEMY_UNIT: TargetRule = TargetRule {
    no_kind: kind::STRUCTURE,
    ..SEEN_ENEMY
};
const OWN: TargetRule = TargetRule {
    groups: MINE,
    ..ANYTHING
};
const ATTACKABLE: TargetRule = TargetRule {
    no_kind: kind::MINERALS | kind::GEYSER | kind::SCENERY,
    ..ANYTHING
};
const MINERALS: TargetRule = TargetRule {
    groups: NEUTRAL,
    any_kind: kind::MINERALS,
    ..ANYTHING
};
const FREE_GEYSER: TargetRule = TargetRule {
    groups: NEUTRAL,
    any_kind: kind::GEYSER,
    forbid: flags::OCCUPIED,
    ..ANYTHING
};

/// Target rules by general ability; others take any unit.
const TARGETS: &[(u16, &[TargetRule])] = &[
    (3674, &[ATTACKABLE]),
    (
        3666,
        &[
            TargetRule {
                need: flags::HAS_CONTENTS,
                ..MINERALS
            },
            TargetRule {
                need: flags::FINISHED | flags::HAS_CONTENTS,
                any_kind: kind::GAS_STRUCTURE,
                ..OWN
            },
        ],
    ),
    (320, &[FREE_GEYSER]),
    (882, &[FREE_GEYSER]),
    (1154, &[FREE_GEYSER]),
    (
        3685,
        &[TargetRule {
            need: flags::DAMAGED | flags::FINISHED,
            any_kind: kind::MECHANICAL | kind::STRUCTURE,
            ..OWN
        }],
    ),
    (
        386,
        &[TargetRule {
            need: flags::DAMAGED,
            any_kind: kind::BIOLOGICAL,
            no_kind: kind::STRUCTURE,
            ..OWN
        }],
    ),
    (
        3668,
        &[TargetRule {
            cargo: true,
            no_kind: kind::STRUCTURE,
            ..OWN
        }],
    ),
    (3669, &[OWN]),
    (171, &[MINERALS]),
    (
        255,
        &[TargetRule {
            need: flags::FINISHED,
            forbid: flags::BOOSTED,
            types: &[u::SUPPLY_DEPOT, u::SUPPLY_DEPOT_LOWERED],
            ..OWN
        }],
    ),
    (
        3755,
        &[TargetRule {
            need: flags::FINISHED,
            forbid: flags::BOOSTED,
            any_kind: kind::STRUCTURE,
            ..OWN
        }],
    ),
    (
        251,
        &[TargetRule {
            need: flags::FINISHED,
            types: &[u::HATCHERY, u::LAIR, u::HIVE],
            ..OWN
        }],
    ),
    (
        1664,
        &[TargetRule {
            any_kind: kind::BIOLOGICAL | kind::STRUCTURE,
            need: flags::DAMAGED,
            ..OWN
        }],
    ),
    (
        3765,
        &[TargetRule {
            need: flags::SHIELD_DAMAGED,
            ..OWN
        }],
    ),
    (
        1825,
        &[TargetRule {
            any_kind: kind::STRUCTURE,
            ..SEEN_ENEMY
        }],
    ),
    (
        2073,
        &[TargetRule {
            any_kind: kind::STRUCTURE,
            ..OWN
        }],
    ),
    (
        140,
        &[TargetRule {
            any_kind: kind::CASTER,
            ..SEEN_ENEMY_UNIT
        }],
    ),
    (
        173,
        &[TargetRule {
            no_kind: kind::STRUCTURE | kind::AIR,
            ..SEEN_ENEMY
        }],
    ),
    (249, &[SEEN_ENEMY_UNIT]),
    (401, &[SEEN_ENEMY]),
    (1819, &[SEEN_ENEMY]),
    (
        2067,
        &[
            SEEN_ENEMY_UNIT,
            TargetRule {
                no_kind: kind::STRUCTURE,
                ..OWN
            },
        ],
    ),
    (2099, &[SEEN_ENEMY]),
    (
        2324,
        &[TargetRule {
            any_kind: kind::STRUCTURE,
            ..SEEN_ENEMY
        }],
    ),
    (2350, &[SEEN_ENEMY]),
    (
        2542,
        &[TargetRule {
            any_kind: kind::AIR,
            ..SEEN_ENEMY_UNIT
        }],
    ),
    (2588, &[ATTACKABLE]),
    (
        2714,
        &[TargetRule {
            any_kind: kind::BIOLOGICAL,
            ..SEEN_ENEMY_UNIT
        }],
    ),
    (
        3747,
        &[TargetRule {
            any_kind: kind::MECHANICAL | kind::PSIONIC,
            ..SEEN_ENEMY_UNIT
        }],
    ),
    (3753, &[SEEN_ENEMY_UNIT]),
];

/// The rules for targets of a general ability.
pub(super) fn target_rules(general: AbilityId) -> &'static [TargetRule] {
    look_up(TARGETS, general).unwrap_or(&[ANYTHING])
}
