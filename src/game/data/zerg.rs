//! Zerg units and structures of patch 4.10.
//!
//! Figures: the game's own data answer of 4.10, completed by captures of 4.11; see `docs/DECISIONS.md` for the fields that no 4.10 source has.

use super::types::*;
use super::unit_ids as u;
use crate::game::ids::*;
use Attribute as A;
use ProductionKind as K;

#[rustfmt::skip]
pub(super) const UNITS: &[UnitData] = &[
    UnitData {
        id: u::INFESTOR_TERRAN, name: "InfestorTerran", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 78.0,
        life: 50.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.058594, acceleration: 0.0, turn_rate: 1.09066,
        sight: 9.0, radius: 0.375,
        weapons: &[
            WeaponData { target: WeaponTarget::Air, damage: 14.0, damage_per_level: 1.0, attacks: 1, range: 6.0, cooldown_loops: 25.5352, bonus: &[] },
            WeaponData { target: WeaponTarget::Ground, damage: 6.0, damage_per_level: 1.0, attacks: 1, range: 5.0, cooldown_loops: 13.7734, bonus: &[] },
        ],
        creation_ability: AbilityId(40),
        produced_by: &[
            Production { producer: u::INFESTOR_BURROWED, ability: AbilityId(1396), kind: K::Morph, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::INFESTOR_TERRAN_BURROWED, ability: AbilityId(1396), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::BANELING_COCOON, name: "BanelingCocoon", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 50, vespene_total: 25,
        supply_used: 0.5, supply_provided: 0.0, build_time: 0.0,
        life: 50.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 2.0,
        attributes: Attributes::of(&[A::Biological]),
        speed: 0.15625, acceleration: 0.0, turn_rate: 0.0,
        sight: 5.0, radius: 0.375,
        ..BLANK
    },
    UnitData {
        id: u::BANELING, name: "Baneling", race: Race::Zerg,
        minerals: 25, vespene: 25, minerals_total: 50, vespene_total: 25,
        supply_used: 0.5, supply_provided: 0.0, build_time: 320.0,
        life: 30.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Biological]),
        speed: 0.15625, acceleration: 0.0, turn_rate: 1.09066,
        sight: 8.0, radius: 0.375,
        cargo_size: 2,
        creation_ability: AbilityId(80),
        produced_by: &[
            Production { producer: u::ZERGLING, ability: AbilityId(80), kind: K::Morph, structures: &[u::BANELING_NEST], upgrades: &[], tech_lab: false },
            Production { producer: u::BANELING_BURROWED, ability: AbilityId(1376), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::CHANGELING, name: "Changeling", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 0.0,
        life: 5.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.140625, acceleration: 0.0, turn_rate: 1.09066,
        sight: 8.0, radius: 0.375,
        produced_by: &[
            Production { producer: u::OVERSEER, ability: AbilityId(181), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::OVERSEER_SIEGE_MODE, ability: AbilityId(181), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::CHANGELING_ZEALOT, name: "ChangelingZealot", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 8.0,
        life: 100.0, shields: 50.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.140625, acceleration: 0.0, turn_rate: 1.09066,
        sight: 9.0, radius: 0.5,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 8.0, damage_per_level: 1.0, attacks: 2, range: 0.1001, cooldown_loops: 19.1992, bonus: &[] },
        ],
        creation_ability: AbilityId(183),
        unit_alias: u::CHANGELING,
        ..BLANK
    },
    UnitData {
        id: u::CHANGELING_MARINE_SHIELD, name: "ChangelingMarineShield", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 8.0,
        life: 55.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.140625, acceleration: 0.0, turn_rate: 1.09066,
        sight: 9.0, radius: 0.375,
        weapons: &[
            WeaponData { target: WeaponTarget::Both, damage: 6.0, damage_per_level: 1.0, attacks: 1, range: 5.0, cooldown_loops: 13.7734, bonus: &[] },
        ],
        creation_ability: AbilityId(185),
        unit_alias: u::CHANGELING,
        ..BLANK
    },
    UnitData {
        id: u::CHANGELING_MARINE, name: "ChangelingMarine", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 8.0,
        life: 45.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.140625, acceleration: 0.0, turn_rate: 1.09066,
        sight: 9.0, radius: 0.375,
        weapons: &[
            WeaponData { target: WeaponTarget::Both, damage: 6.0, damage_per_level: 1.0, attacks: 1, range: 5.0, cooldown_loops: 13.7734, bonus: &[] },
        ],
        creation_ability: AbilityId(187),
        unit_alias: u::CHANGELING,
        ..BLANK
    },
    UnitData {
        id: u::CHANGELING_ZERGLING_WINGS, name: "ChangelingZerglingWings", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 8.0,
        life: 35.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.18457, acceleration: 0.0, turn_rate: 1.09066,
        sight: 8.0, radius: 0.375,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 5.0, damage_per_level: 1.0, attacks: 1, range: 0.1001, cooldown_loops: 11.1367, bonus: &[] },
        ],
        creation_ability: AbilityId(189),
        unit_alias: u::CHANGELING,
        ..BLANK
    },
    UnitData {
        id: u::CHANGELING_ZERGLING, name: "ChangelingZergling", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 8.0,
        life: 35.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.18457, acceleration: 0.0, turn_rate: 1.09066,
        sight: 8.0, radius: 0.375,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 5.0, damage_per_level: 1.0, attacks: 1, range: 0.1001, cooldown_loops: 11.1367, bonus: &[] },
        ],
        creation_ability: AbilityId(191),
        unit_alias: u::CHANGELING,
        ..BLANK
    },
    UnitData {
        id: u::HATCHERY, name: "Hatchery", race: Race::Zerg,
        is_structure: true, is_townhall: true,
        minerals: 300, vespene: 0, minerals_total: 350, vespene_total: 0,
        supply_used: 0.0, supply_provided: 6.0, build_time: 1600.0,
        life: 1500.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 10.0, radius: 2.75,
        footprint: (6, 5),
        creation_ability: AbilityId(1152),
        produced_by: &[
            Production { producer: u::DRONE, ability: AbilityId(1152), kind: K::Build, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::CREEP_TUMOR, name: "CreepTumor", race: Race::Zerg,
        is_structure: true, needs_creep: true,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 240.0,
        life: 50.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 11.0, radius: 1.0,
        footprint: (1, 1),
        creation_ability: AbilityId(1733),
        produced_by: &[
            Production { producer: u::CREEP_TUMOR_BURROWED, ability: AbilityId(1733), kind: K::Build, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::CREEP_TUMOR_QUEEN, ability: AbilityId(1733), kind: K::Build, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::CREEP_TUMOR_BURROWED, ability: AbilityId(3691), kind: K::Build, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::QUEEN, ability: AbilityId(3691), kind: K::Build, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::EXTRACTOR, name: "Extractor", race: Race::Zerg,
        is_structure: true, needs_geyser: true,
        minerals: 25, vespene: 0, minerals_total: 75, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 480.0,
        life: 500.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 9.0, radius: 1.6875,
        footprint: (3, 3),
        creation_ability: AbilityId(1154),
        produced_by: &[
            Production { producer: u::DRONE, ability: AbilityId(1154), kind: K::BuildOnGeyser, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::SPAWNING_POOL, name: "SpawningPool", race: Race::Zerg,
        is_structure: true, needs_creep: true,
        minerals: 200, vespene: 0, minerals_total: 250, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 1040.0,
        life: 1000.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        creation_ability: AbilityId(1155),
        produced_by: &[
            Production { producer: u::DRONE, ability: AbilityId(1155), kind: K::Build, structures: &[u::HATCHERY], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::EVOLUTION_CHAMBER, name: "EvolutionChamber", race: Race::Zerg,
        is_structure: true, needs_creep: true,
        minerals: 75, vespene: 0, minerals_total: 125, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 560.0,
        life: 750.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        creation_ability: AbilityId(1156),
        produced_by: &[
            Production { producer: u::DRONE, ability: AbilityId(1156), kind: K::Build, structures: &[u::HATCHERY], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::HYDRALISK_DEN, name: "HydraliskDen", race: Race::Zerg,
        is_structure: true, needs_creep: true,
        minerals: 100, vespene: 100, minerals_total: 150, vespene_total: 100,
        supply_used: 0.0, supply_provided: 0.0, build_time: 640.0,
        life: 850.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        creation_ability: AbilityId(1157),
        produced_by: &[
            Production { producer: u::DRONE, ability: AbilityId(1157), kind: K::Build, structures: &[u::LAIR], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::SPIRE, name: "Spire", race: Race::Zerg,
        is_structure: true, needs_creep: true,
        minerals: 200, vespene: 200, minerals_total: 250, vespene_total: 200,
        supply_used: 0.0, supply_provided: 0.0, build_time: 1600.0,
        life: 850.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 9.0, radius: 1.125,
        footprint: (2, 2),
        creation_ability: AbilityId(1158),
        produced_by: &[
            Production { producer: u::DRONE, ability: AbilityId(1158), kind: K::Build, structures: &[u::LAIR], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ULTRALISK_CAVERN, name: "UltraliskCavern", race: Race::Zerg,
        is_structure: true, needs_creep: true,
        minerals: 150, vespene: 200, minerals_total: 200, vespene_total: 200,
        supply_used: 0.0, supply_provided: 0.0, build_time: 1040.0,
        life: 850.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        creation_ability: AbilityId(1159),
        produced_by: &[
            Production { producer: u::DRONE, ability: AbilityId(1159), kind: K::Build, structures: &[u::HIVE], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::INFESTATION_PIT, name: "InfestationPit", race: Race::Zerg,
        is_structure: true, needs_creep: true,
        minerals: 100, vespene: 100, minerals_total: 150, vespene_total: 100,
        supply_used: 0.0, supply_provided: 0.0, build_time: 800.0,
        life: 850.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        creation_ability: AbilityId(1160),
        produced_by: &[
            Production { producer: u::DRONE, ability: AbilityId(1160), kind: K::Build, structures: &[u::LAIR], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::NYDUS_NETWORK, name: "NydusNetwork", race: Race::Zerg,
        is_structure: true, needs_creep: true,
        minerals: 150, vespene: 150, minerals_total: 200, vespene_total: 150,
        supply_used: 0.0, supply_provided: 0.0, build_time: 800.0,
        life: 850.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        cargo_capacity: 1020,
        creation_ability: AbilityId(1161),
        produced_by: &[
            Production { producer: u::DRONE, ability: AbilityId(1161), kind: K::Build, structures: &[u::LAIR], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::BANELING_NEST, name: "BanelingNest", race: Race::Zerg,
        is_structure: true, needs_creep: true,
        minerals: 100, vespene: 50, minerals_total: 150, vespene_total: 50,
        supply_used: 0.0, supply_provided: 0.0, build_time: 960.0,
        life: 850.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        creation_ability: AbilityId(1162),
        produced_by: &[
            Production { producer: u::DRONE, ability: AbilityId(1162), kind: K::Build, structures: &[u::SPAWNING_POOL], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ROACH_WARREN, name: "RoachWarren", race: Race::Zerg,
        is_structure: true, needs_creep: true,
        minerals: 150, vespene: 0, minerals_total: 200, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 880.0,
        life: 850.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        creation_ability: AbilityId(1165),
        produced_by: &[
            Production { producer: u::DRONE, ability: AbilityId(1165), kind: K::Build, structures: &[u::SPAWNING_POOL], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::SPINE_CRAWLER, name: "SpineCrawler", race: Race::Zerg,
        is_structure: true, needs_creep: true,
        minerals: 100, vespene: 0, minerals_total: 150, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 800.0,
        life: 300.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 2.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        speed: 0.0, acceleration: 0.0, turn_rate: 0.0,
        sight: 11.0, radius: 1.125,
        footprint: (2, 2),
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 25.0, damage_per_level: 1.0, attacks: 1, range: 7.0, cooldown_loops: 29.6016, bonus: &[DamageBonus { attribute: A::Armored, damage: 5.0, per_level: 0.0 }] },
        ],
        creation_ability: AbilityId(1166),
        produced_by: &[
            Production { producer: u::DRONE, ability: AbilityId(1166), kind: K::Build, structures: &[u::SPAWNING_POOL], upgrades: &[], tech_lab: false },
            Production { producer: u::SPINE_CRAWLER_UPROOTED, ability: AbilityId(1729), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::SPORE_CRAWLER, name: "SporeCrawler", race: Race::Zerg,
        is_structure: true, needs_creep: true,
        minerals: 75, vespene: 0, minerals_total: 125, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 480.0,
        life: 400.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        speed: 0.0, acceleration: 0.0, turn_rate: 0.0,
        sight: 11.0, radius: 0.875,
        footprint: (2, 2),
        detect_range: 11.0,
        weapons: &[
            WeaponData { target: WeaponTarget::Air, damage: 15.0, damage_per_level: 1.0, attacks: 1, range: 7.0, cooldown_loops: 13.7734, bonus: &[DamageBonus { attribute: A::Biological, damage: 15.0, per_level: 0.0 }] },
        ],
        creation_ability: AbilityId(1167),
        produced_by: &[
            Production { producer: u::DRONE, ability: AbilityId(1167), kind: K::Build, structures: &[u::SPAWNING_POOL], upgrades: &[], tech_lab: false },
            Production { producer: u::SPORE_CRAWLER_UPROOTED, ability: AbilityId(1731), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::LAIR, name: "Lair", race: Race::Zerg,
        is_structure: true, is_townhall: true,
        minerals: 150, vespene: 100, minerals_total: 500, vespene_total: 100,
        supply_used: 0.0, supply_provided: 6.0, build_time: 1280.0,
        life: 2000.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 11.0, radius: 2.75,
        footprint: (6, 5),
        creation_ability: AbilityId(1216),
        tech_alias: &[u::HATCHERY],
        produced_by: &[
            Production { producer: u::HATCHERY, ability: AbilityId(1216), kind: K::Morph, structures: &[u::SPAWNING_POOL], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::HIVE, name: "Hive", race: Race::Zerg,
        is_structure: true, is_townhall: true,
        minerals: 200, vespene: 150, minerals_total: 700, vespene_total: 250,
        supply_used: 0.0, supply_provided: 6.0, build_time: 1600.0,
        life: 2500.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 12.0, radius: 2.75,
        footprint: (6, 5),
        creation_ability: AbilityId(1218),
        tech_alias: &[u::HATCHERY, u::LAIR],
        produced_by: &[
            Production { producer: u::LAIR, ability: AbilityId(1218), kind: K::Morph, structures: &[u::INFESTATION_PIT], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::GREATER_SPIRE, name: "GreaterSpire", race: Race::Zerg,
        is_structure: true, needs_creep: true,
        minerals: 100, vespene: 150, minerals_total: 350, vespene_total: 350,
        supply_used: 0.0, supply_provided: 0.0, build_time: 1600.0,
        life: 1000.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 9.0, radius: 1.125,
        footprint: (2, 2),
        creation_ability: AbilityId(1220),
        tech_alias: &[u::SPIRE],
        produced_by: &[
            Production { producer: u::SPIRE, ability: AbilityId(1220), kind: K::Morph, structures: &[u::HIVE], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::EGG, name: "Egg", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 0.0,
        life: 200.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 10.0,
        attributes: Attributes::of(&[A::Biological]),
        sight: 5.0, radius: 0.125,
        ..BLANK
    },
    UnitData {
        id: u::DRONE, name: "Drone", race: Race::Zerg,
        is_worker: true,
        minerals: 50, vespene: 0, minerals_total: 50, vespene_total: 0,
        supply_used: 1.0, supply_provided: 0.0, build_time: 272.0,
        life: 40.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.175781, acceleration: 0.009766, turn_rate: 1.09066,
        sight: 8.0, radius: 0.375,
        cargo_size: 1,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 5.0, damage_per_level: 0.0, attacks: 1, range: 0.1001, cooldown_loops: 24.0, bonus: &[] },
        ],
        creation_ability: AbilityId(1342),
        produced_by: &[
            Production { producer: u::LARVA, ability: AbilityId(1342), kind: K::Morph, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::DRONE_BURROWED, ability: AbilityId(1380), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ZERGLING, name: "Zergling", race: Race::Zerg,
        minerals: 50, vespene: 0, minerals_total: 25, vespene_total: 0,
        supply_used: 0.5, supply_provided: 0.0, build_time: 384.0,
        life: 35.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.18457, acceleration: 0.0, turn_rate: 1.09066,
        sight: 8.0, radius: 0.375,
        cargo_size: 1,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 5.0, damage_per_level: 1.0, attacks: 1, range: 0.1001, cooldown_loops: 11.1367, bonus: &[] },
        ],
        creation_ability: AbilityId(1343),
        produced_by: &[
            Production { producer: u::LARVA, ability: AbilityId(1343), kind: K::Morph, structures: &[u::SPAWNING_POOL], upgrades: &[], tech_lab: false },
            Production { producer: u::ZERGLING_BURROWED, ability: AbilityId(1392), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::OVERLORD, name: "Overlord", race: Race::Zerg,
        is_flying: true,
        minerals: 100, vespene: 0, minerals_total: 100, vespene_total: 0,
        supply_used: 0.0, supply_provided: 8.0, build_time: 400.0,
        life: 200.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Armored, A::Biological]),
        speed: 0.040283, acceleration: 0.00415, turn_rate: 1.09066,
        sight: 11.0, radius: 1.0,
        creation_ability: AbilityId(1344),
        produced_by: &[
            Production { producer: u::LARVA, ability: AbilityId(1344), kind: K::Morph, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::HYDRALISK, name: "Hydralisk", race: Race::Zerg,
        minerals: 100, vespene: 50, minerals_total: 100, vespene_total: 50,
        supply_used: 2.0, supply_provided: 0.0, build_time: 528.0,
        life: 90.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.140625, acceleration: 0.0, turn_rate: 1.09066,
        sight: 9.0, radius: 0.625,
        cargo_size: 2,
        weapons: &[
            WeaponData { target: WeaponTarget::Both, damage: 12.0, damage_per_level: 1.0, attacks: 1, range: 5.0, cooldown_loops: 13.1992, bonus: &[] },
        ],
        creation_ability: AbilityId(1345),
        produced_by: &[
            Production { producer: u::LARVA, ability: AbilityId(1345), kind: K::Morph, structures: &[u::HYDRALISK_DEN], upgrades: &[], tech_lab: false },
            Production { producer: u::HYDRALISK_BURROWED, ability: AbilityId(1384), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::MUTALISK, name: "Mutalisk", race: Race::Zerg,
        is_flying: true,
        minerals: 100, vespene: 100, minerals_total: 100, vespene_total: 100,
        supply_used: 2.0, supply_provided: 0.0, build_time: 528.0,
        life: 120.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.25, acceleration: 0.013672, turn_rate: 1.636182,
        sight: 11.0, radius: 0.5,
        weapons: &[
            WeaponData { target: WeaponTarget::Both, damage: 9.0, damage_per_level: 1.0, attacks: 1, range: 3.0, cooldown_loops: 24.3945, bonus: &[] },
        ],
        creation_ability: AbilityId(1346),
        produced_by: &[
            Production { producer: u::LARVA, ability: AbilityId(1346), kind: K::Morph, structures: &[u::SPIRE], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ULTRALISK, name: "Ultralisk", race: Race::Zerg,
        minerals: 300, vespene: 200, minerals_total: 300, vespene_total: 200,
        supply_used: 6.0, supply_provided: 0.0, build_time: 880.0,
        life: 500.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 2.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Massive]),
        speed: 0.18457, acceleration: 0.0, turn_rate: 0.392699,
        sight: 9.0, radius: 1.0,
        cargo_size: 8,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 35.0, damage_per_level: 3.0, attacks: 1, range: 1.0, cooldown_loops: 13.7617, bonus: &[] },
        ],
        creation_ability: AbilityId(1348),
        produced_by: &[
            Production { producer: u::LARVA, ability: AbilityId(1348), kind: K::Morph, structures: &[u::ULTRALISK_CAVERN], upgrades: &[], tech_lab: false },
            Production { producer: u::ULTRALISK_BURROWED, ability: AbilityId(1514), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ROACH, name: "Roach", race: Race::Zerg,
        minerals: 75, vespene: 25, minerals_total: 75, vespene_total: 25,
        supply_used: 2.0, supply_provided: 0.0, build_time: 432.0,
        life: 145.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological]),
        speed: 0.140625, acceleration: 0.0, turn_rate: 1.09066,
        sight: 9.0, radius: 0.5,
        cargo_size: 2,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 16.0, damage_per_level: 2.0, attacks: 1, range: 4.0, cooldown_loops: 32.0, bonus: &[] },
        ],
        creation_ability: AbilityId(1351),
        produced_by: &[
            Production { producer: u::LARVA, ability: AbilityId(1351), kind: K::Morph, structures: &[u::ROACH_WARREN], upgrades: &[], tech_lab: false },
            Production { producer: u::ROACH_BURROWED, ability: AbilityId(1388), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::INFESTOR, name: "Infestor", race: Race::Zerg,
        minerals: 100, vespene: 150, minerals_total: 100, vespene_total: 150,
        supply_used: 2.0, supply_provided: 0.0, build_time: 800.0,
        life: 90.0, shields: 0.0, energy_max: 200.0, energy_start: 50.0, armor: 0.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Psionic]),
        speed: 0.140625, acceleration: 0.0, turn_rate: 1.09066,
        sight: 10.0, radius: 0.625,
        cargo_size: 2,
        creation_ability: AbilityId(1352),
        produced_by: &[
            Production { producer: u::LARVA, ability: AbilityId(1352), kind: K::Morph, structures: &[u::INFESTATION_PIT], upgrades: &[], tech_lab: false },
            Production { producer: u::INFESTOR_BURROWED, ability: AbilityId(1446), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::CORRUPTOR, name: "Corruptor", race: Race::Zerg,
        is_flying: true,
        minerals: 150, vespene: 100, minerals_total: 150, vespene_total: 100,
        supply_used: 2.0, supply_provided: 0.0, build_time: 640.0,
        life: 200.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 2.0,
        attributes: Attributes::of(&[A::Armored, A::Biological]),
        speed: 0.210938, acceleration: 0.011719, turn_rate: 1.09066,
        sight: 10.0, radius: 0.625,
        weapons: &[
            WeaponData { target: WeaponTarget::Air, damage: 14.0, damage_per_level: 1.0, attacks: 1, range: 6.0, cooldown_loops: 30.3984, bonus: &[DamageBonus { attribute: A::Massive, damage: 6.0, per_level: 1.0 }] },
        ],
        creation_ability: AbilityId(1353),
        produced_by: &[
            Production { producer: u::LARVA, ability: AbilityId(1353), kind: K::Morph, structures: &[u::SPIRE], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::BROOD_LORD_COCOON, name: "BroodLordCocoon", race: Race::Zerg,
        is_flying: true,
        minerals: 0, vespene: 0, minerals_total: 300, vespene_total: 250,
        supply_used: 2.0, supply_provided: 0.0, build_time: 0.0,
        life: 200.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 2.0,
        attributes: Attributes::of(&[A::Biological, A::Massive]),
        speed: 0.087891, acceleration: 0.0, turn_rate: 0.0,
        sight: 5.0, radius: 0.625,
        ..BLANK
    },
    UnitData {
        id: u::BROOD_LORD, name: "BroodLord", race: Race::Zerg,
        is_flying: true,
        minerals: 150, vespene: 150, minerals_total: 300, vespene_total: 250,
        supply_used: 4.0, supply_provided: 0.0, build_time: 541.3477,
        life: 225.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Massive]),
        speed: 0.087891, acceleration: 0.00415, turn_rate: 0.785398,
        sight: 12.0, radius: 1.0,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 20.0, damage_per_level: 2.0, attacks: 1, range: 10.0, cooldown_loops: 40.0, bonus: &[] },
        ],
        creation_ability: AbilityId(1372),
        produced_by: &[
            Production { producer: u::CORRUPTOR, ability: AbilityId(1372), kind: K::Morph, structures: &[u::GREATER_SPIRE], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::BANELING_BURROWED, name: "BanelingBurrowed", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 50, vespene_total: 25,
        supply_used: 0.5, supply_provided: 0.0, build_time: 18.9629,
        life: 30.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Biological]),
        sight: 8.0, radius: 0.375,
        creation_ability: AbilityId(1374),
        unit_alias: u::BANELING,
        produced_by: &[
            Production { producer: u::BANELING, ability: AbilityId(1374), kind: K::ModeChange, structures: &[], upgrades: &[UpgradeId(64)], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::DRONE_BURROWED, name: "DroneBurrowed", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 50, vespene_total: 0,
        supply_used: 1.0, supply_provided: 0.0, build_time: 23.3281,
        life: 40.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        sight: 4.0, radius: 0.375,
        creation_ability: AbilityId(1378),
        unit_alias: u::DRONE,
        produced_by: &[
            Production { producer: u::DRONE, ability: AbilityId(1378), kind: K::ModeChange, structures: &[], upgrades: &[UpgradeId(64)], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::HYDRALISK_BURROWED, name: "HydraliskBurrowed", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 100, vespene_total: 50,
        supply_used: 2.0, supply_provided: 0.0, build_time: 24.291,
        life: 90.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        sight: 5.0, radius: 0.625,
        creation_ability: AbilityId(1382),
        unit_alias: u::HYDRALISK,
        produced_by: &[
            Production { producer: u::HYDRALISK, ability: AbilityId(1382), kind: K::ModeChange, structures: &[], upgrades: &[UpgradeId(64)], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ROACH_BURROWED, name: "RoachBurrowed", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 75, vespene_total: 25,
        supply_used: 2.0, supply_provided: 0.0, build_time: 9.6914,
        life: 145.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological]),
        sight: 5.0, radius: 0.5,
        creation_ability: AbilityId(1386),
        unit_alias: u::ROACH,
        produced_by: &[
            Production { producer: u::ROACH, ability: AbilityId(1386), kind: K::ModeChange, structures: &[], upgrades: &[UpgradeId(64)], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ZERGLING_BURROWED, name: "ZerglingBurrowed", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 25, vespene_total: 0,
        supply_used: 0.5, supply_provided: 0.0, build_time: 24.291,
        life: 35.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        sight: 4.0, radius: 0.375,
        creation_ability: AbilityId(1390),
        unit_alias: u::ZERGLING,
        produced_by: &[
            Production { producer: u::ZERGLING, ability: AbilityId(1390), kind: K::ModeChange, structures: &[], upgrades: &[UpgradeId(64)], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::INFESTOR_TERRAN_BURROWED, name: "InfestorTerranBurrowed", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 24.291,
        life: 50.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        sight: 4.0, radius: 0.375,
        creation_ability: AbilityId(1394),
        unit_alias: u::INFESTOR_TERRAN,
        produced_by: &[
            Production { producer: u::INFESTOR, ability: AbilityId(1394), kind: K::Morph, structures: &[], upgrades: &[UpgradeId(64)], tech_lab: false },
            Production { producer: u::INFESTOR_TERRAN, ability: AbilityId(1394), kind: K::ModeChange, structures: &[], upgrades: &[UpgradeId(64)], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::QUEEN_BURROWED, name: "QueenBurrowed", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 150, vespene_total: 0,
        supply_used: 2.0, supply_provided: 0.0, build_time: 15.332,
        life: 175.0, shields: 0.0, energy_max: 200.0, energy_start: 60.0, armor: 1.0,
        attributes: Attributes::of(&[A::Biological, A::Psionic]),
        sight: 5.0, radius: 0.875,
        creation_ability: AbilityId(1433),
        tech_alias: &[u::QUEEN],
        unit_alias: u::QUEEN,
        produced_by: &[
            Production { producer: u::QUEEN, ability: AbilityId(1433), kind: K::ModeChange, structures: &[], upgrades: &[UpgradeId(64)], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::QUEEN, name: "Queen", race: Race::Zerg,
        minerals: 150, vespene: 0, minerals_total: 150, vespene_total: 0,
        supply_used: 2.0, supply_provided: 0.0, build_time: 800.0,
        life: 175.0, shields: 0.0, energy_max: 200.0, energy_start: 25.0, armor: 1.0,
        attributes: Attributes::of(&[A::Biological, A::Psionic]),
        speed: 0.058594, acceleration: 0.0, turn_rate: 1.09066,
        sight: 9.0, radius: 0.875,
        cargo_size: 2,
        weapons: &[
            WeaponData { target: WeaponTarget::Air, damage: 9.0, damage_per_level: 1.0, attacks: 1, range: 8.0, cooldown_loops: 16.0, bonus: &[] },
            WeaponData { target: WeaponTarget::Ground, damage: 4.0, damage_per_level: 1.0, attacks: 2, range: 5.0, cooldown_loops: 16.0, bonus: &[] },
        ],
        creation_ability: AbilityId(1632),
        produced_by: &[
            Production { producer: u::QUEEN_BURROWED, ability: AbilityId(1435), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::HATCHERY, ability: AbilityId(1632), kind: K::Build, structures: &[u::SPAWNING_POOL], upgrades: &[], tech_lab: false },
            Production { producer: u::HIVE, ability: AbilityId(1632), kind: K::Build, structures: &[u::SPAWNING_POOL], upgrades: &[], tech_lab: false },
            Production { producer: u::LAIR, ability: AbilityId(1632), kind: K::Build, structures: &[u::SPAWNING_POOL], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::INFESTOR_BURROWED, name: "InfestorBurrowed", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 100, vespene_total: 150,
        supply_used: 2.0, supply_provided: 0.0, build_time: 10.9629,
        life: 90.0, shields: 0.0, energy_max: 200.0, energy_start: 50.0, armor: 0.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Psionic]),
        speed: 0.125, acceleration: 0.0, turn_rate: 1.09066,
        sight: 10.0, radius: 0.625,
        cargo_size: 2,
        creation_ability: AbilityId(1444),
        unit_alias: u::INFESTOR,
        produced_by: &[
            Production { producer: u::INFESTOR, ability: AbilityId(1444), kind: K::ModeChange, structures: &[], upgrades: &[UpgradeId(64)], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::OVERLORD_COCOON, name: "OverlordCocoon", race: Race::Zerg,
        is_flying: true,
        minerals: 0, vespene: 0, minerals_total: 150, vespene_total: 100,
        supply_used: 0.0, supply_provided: 8.0, build_time: 0.0,
        life: 200.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 2.0,
        attributes: Attributes::of(&[A::Biological]),
        speed: 0.117188, acceleration: 0.0, turn_rate: 0.0,
        sight: 5.0, radius: 0.625,
        ..BLANK
    },
    UnitData {
        id: u::OVERSEER, name: "Overseer", race: Race::Zerg,
        is_flying: true,
        minerals: 50, vespene: 50, minerals_total: 150, vespene_total: 50,
        supply_used: 0.0, supply_provided: 8.0, build_time: 266.6797,
        life: 200.0, shields: 0.0, energy_max: 200.0, energy_start: 50.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological]),
        speed: 0.117188, acceleration: 0.008301, turn_rate: 1.09066,
        sight: 11.0, radius: 1.0,
        detect_range: 11.0,
        creation_ability: AbilityId(1448),
        tech_alias: &[u::OVERLORD],
        produced_by: &[
            Production { producer: u::OVERLORD, ability: AbilityId(1448), kind: K::Morph, structures: &[u::LAIR], upgrades: &[], tech_lab: false },
            Production { producer: u::OVERLORD_TRANSPORT, ability: AbilityId(1448), kind: K::Morph, structures: &[u::LAIR], upgrades: &[], tech_lab: false },
            Production { producer: u::OVERSEER_SIEGE_MODE, ability: AbilityId(3745), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ULTRALISK_BURROWED, name: "UltraliskBurrowed", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 300, vespene_total: 200,
        supply_used: 6.0, supply_provided: 0.0, build_time: 34.0,
        life: 500.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 2.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Massive]),
        sight: 5.0, radius: 1.0,
        creation_ability: AbilityId(1512),
        unit_alias: u::ULTRALISK,
        produced_by: &[
            Production { producer: u::ULTRALISK, ability: AbilityId(1512), kind: K::ModeChange, structures: &[], upgrades: &[UpgradeId(64)], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::CREEP_TUMOR_BURROWED, name: "CreepTumorBurrowed", race: Race::Zerg,
        is_structure: true, needs_creep: true,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 18.9609,
        life: 50.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 11.0, radius: 1.0,
        creation_ability: AbilityId(1662),
        tech_alias: &[u::CREEP_TUMOR],
        unit_alias: u::CREEP_TUMOR,
        ..BLANK
    },
    UnitData {
        id: u::CREEP_TUMOR_QUEEN, name: "CreepTumorQueen", race: Race::Zerg,
        is_structure: true, needs_creep: true,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 240.0,
        life: 50.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 11.0, radius: 1.0,
        footprint: (1, 1),
        creation_ability: AbilityId(1694),
        tech_alias: &[u::CREEP_TUMOR],
        unit_alias: u::CREEP_TUMOR,
        produced_by: &[
            Production { producer: u::QUEEN, ability: AbilityId(1694), kind: K::Build, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::SPINE_CRAWLER_UPROOTED, name: "SpineCrawlerUprooted", race: Race::Zerg,
        is_structure: true,
        minerals: 0, vespene: 0, minerals_total: 150, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 16.0,
        life: 300.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 2.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        speed: 0.0625, acceleration: 0.0, turn_rate: 0.0,
        sight: 11.0, radius: 0.5,
        creation_ability: AbilityId(1725),
        unit_alias: u::SPINE_CRAWLER,
        produced_by: &[
            Production { producer: u::SPINE_CRAWLER, ability: AbilityId(1725), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::SPORE_CRAWLER_UPROOTED, name: "SporeCrawlerUprooted", race: Race::Zerg,
        is_structure: true,
        minerals: 0, vespene: 0, minerals_total: 125, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 16.0,
        life: 400.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        speed: 0.0625, acceleration: 0.0, turn_rate: 0.0,
        sight: 11.0, radius: 0.5,
        creation_ability: AbilityId(1727),
        unit_alias: u::SPORE_CRAWLER,
        produced_by: &[
            Production { producer: u::SPORE_CRAWLER, ability: AbilityId(1727), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::NYDUS_CANAL, name: "NydusCanal", race: Race::Zerg,
        is_structure: true, needs_creep: true,
        minerals: 50, vespene: 50, minerals_total: 50, vespene_total: 50,
        supply_used: 0.0, supply_provided: 0.0, build_time: 320.0,
        life: 300.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 10.0, radius: 1.125,
        footprint: (3, 3),
        cargo_capacity: 1020,
        creation_ability: AbilityId(1768),
        produced_by: &[
            Production { producer: u::NYDUS_NETWORK, ability: AbilityId(1768), kind: K::Build, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::BROODLING_ESCORT, name: "BroodlingEscort", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 0.0,
        life: 0.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.375, acceleration: 0.015625, turn_rate: 0.785398,
        sight: 7.0, radius: 0.0,
        ..BLANK
    },
    UnitData {
        id: u::INFESTED_TERRANS_EGG, name: "InfestedTerransEgg", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 0.0,
        life: 70.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 2.0,
        attributes: Attributes::of(&[A::Biological]),
        sight: 0.0, radius: 0.5,
        ..BLANK
    },
    UnitData {
        id: u::LARVA, name: "Larva", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 0.0,
        life: 25.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 10.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.035156, acceleration: 0.0, turn_rate: 0.785398,
        sight: 5.0, radius: 0.125,
        ..BLANK
    },
    UnitData {
        id: u::BROODLING, name: "Broodling", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 0.0,
        life: 30.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.239746, acceleration: 0.0, turn_rate: 1.09066,
        sight: 7.0, radius: 0.375,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 4.0, damage_per_level: 1.0, attacks: 1, range: 0.1001, cooldown_loops: 10.3281, bonus: &[] },
        ],
        ..BLANK
    },
    UnitData {
        id: u::LOCUST_MP, name: "LocustMP", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 0.0,
        life: 50.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.117188, acceleration: 0.0, turn_rate: 0.785398,
        sight: 6.0, radius: 0.375,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 10.0, damage_per_level: 1.0, attacks: 1, range: 3.0, cooldown_loops: 9.6016, bonus: &[] },
        ],
        creation_ability: AbilityId(2018),
        ..BLANK
    },
    UnitData {
        id: u::SWARM_HOST_BURROWED_MP, name: "SwarmHostBurrowedMP", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 100, vespene_total: 75,
        supply_used: 3.0, supply_provided: 0.0, build_time: 42.0,
        life: 160.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological]),
        sight: 10.0, radius: 0.8125,
        creation_ability: AbilityId(2014),
        unit_alias: u::SWARM_HOST_MP,
        produced_by: &[
            Production { producer: u::SWARM_HOST_MP, ability: AbilityId(2014), kind: K::ModeChange, structures: &[], upgrades: &[UpgradeId(64)], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::SWARM_HOST_MP, name: "SwarmHostMP", race: Race::Zerg,
        minerals: 100, vespene: 75, minerals_total: 100, vespene_total: 75,
        supply_used: 3.0, supply_provided: 0.0, build_time: 640.0,
        life: 160.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological]),
        speed: 0.140625, acceleration: 0.0, turn_rate: 0.392699,
        sight: 10.0, radius: 0.8125,
        cargo_size: 4,
        creation_ability: AbilityId(1356),
        produced_by: &[
            Production { producer: u::LARVA, ability: AbilityId(1356), kind: K::Train, structures: &[u::INFESTATION_PIT], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::VIPER, name: "Viper", race: Race::Zerg,
        is_flying: true,
        minerals: 100, vespene: 200, minerals_total: 100, vespene_total: 200,
        supply_used: 3.0, supply_provided: 0.0, build_time: 640.0,
        life: 150.0, shields: 0.0, energy_max: 200.0, energy_start: 50.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Psionic]),
        speed: 0.18457, acceleration: 0.011719, turn_rate: 1.09066,
        sight: 11.0, radius: 1.0,
        creation_ability: AbilityId(1354),
        produced_by: &[
            Production { producer: u::LARVA, ability: AbilityId(1354), kind: K::Morph, structures: &[u::HIVE], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::LURKER_MP_EGG, name: "LurkerMPEgg", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 2.0, supply_provided: 0.0, build_time: 0.0,
        life: 100.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Biological]),
        speed: 0.210938, acceleration: 0.0, turn_rate: 0.0,
        sight: 5.0, radius: 0.5,
        ..BLANK
    },
    UnitData {
        id: u::LURKER_MP, name: "LurkerMP", race: Race::Zerg,
        minerals: 50, vespene: 100, minerals_total: 150, vespene_total: 150,
        supply_used: 3.0, supply_provided: 0.0, build_time: 553.3281,
        life: 200.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological]),
        speed: 0.18457, acceleration: 0.0, turn_rate: 1.09066,
        sight: 10.0, radius: 0.9375,
        cargo_size: 4,
        creation_ability: AbilityId(2332),
        produced_by: &[
            Production { producer: u::LURKER_MP_BURROWED, ability: AbilityId(2110), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::HYDRALISK, ability: AbilityId(2332), kind: K::Morph, structures: &[u::LURKER_DEN_MP], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::LURKER_MP_BURROWED, name: "LurkerMPBurrowed", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 150, vespene_total: 150,
        supply_used: 3.0, supply_provided: 0.0, build_time: 42.0,
        life: 200.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological]),
        sight: 10.0, radius: 0.75,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 20.0, damage_per_level: 2.0, attacks: 1, range: 9.0, cooldown_loops: 32.0, bonus: &[DamageBonus { attribute: A::Armored, damage: 10.0, per_level: 1.0 }] },
        ],
        creation_ability: AbilityId(2108),
        unit_alias: u::LURKER_MP,
        produced_by: &[
            Production { producer: u::LURKER_MP, ability: AbilityId(2108), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::LURKER_DEN_MP, name: "LurkerDenMP", race: Race::Zerg,
        is_structure: true, needs_creep: true,
        minerals: 100, vespene: 150, minerals_total: 150, vespene_total: 150,
        supply_used: 0.0, supply_provided: 0.0, build_time: 1920.0,
        life: 850.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        creation_ability: AbilityId(1163),
        produced_by: &[
            Production { producer: u::DRONE, ability: AbilityId(1163), kind: K::Build, structures: &[u::HYDRALISK_DEN], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::RAVAGER_COCOON, name: "RavagerCocoon", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 2.0, supply_provided: 0.0, build_time: 0.0,
        life: 100.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 5.0,
        attributes: Attributes::of(&[A::Biological]),
        sight: 5.0, radius: 0.75,
        ..BLANK
    },
    UnitData {
        id: u::RAVAGER, name: "Ravager", race: Race::Zerg,
        minerals: 25, vespene: 75, minerals_total: 100, vespene_total: 100,
        supply_used: 3.0, supply_provided: 0.0, build_time: 196.0,
        life: 120.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Biological]),
        speed: 0.171875, acceleration: 0.0, turn_rate: 1.09066,
        sight: 9.0, radius: 0.75,
        cargo_size: 4,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 16.0, damage_per_level: 2.0, attacks: 1, range: 6.0, cooldown_loops: 25.6016, bonus: &[] },
        ],
        creation_ability: AbilityId(2330),
        produced_by: &[
            Production { producer: u::ROACH, ability: AbilityId(2330), kind: K::Morph, structures: &[u::HATCHERY], upgrades: &[], tech_lab: false },
            Production { producer: u::RAVAGER_BURROWED, ability: AbilityId(2342), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::RAVAGER_BURROWED, name: "RavagerBurrowed", race: Race::Zerg,
        minerals: 0, vespene: 0, minerals_total: 100, vespene_total: 100,
        supply_used: 3.0, supply_provided: 0.0, build_time: 9.6914,
        life: 120.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Biological]),
        sight: 5.0, radius: 0.75,
        creation_ability: AbilityId(2340),
        unit_alias: u::RAVAGER,
        produced_by: &[
            Production { producer: u::RAVAGER, ability: AbilityId(2340), kind: K::ModeChange, structures: &[], upgrades: &[UpgradeId(64)], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::LOCUST_MP_FLYING, name: "LocustMPFlying", race: Race::Zerg,
        is_flying: true,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 8.0,
        life: 50.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.117188, acceleration: 0.0, turn_rate: 0.785398,
        sight: 6.0, radius: 0.375,
        creation_ability: AbilityId(2385),
        unit_alias: u::LOCUST_MP,
        produced_by: &[
            Production { producer: u::SWARM_HOST_BURROWED_MP, ability: AbilityId(2704), kind: K::Build, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::SWARM_HOST_MP, ability: AbilityId(2704), kind: K::Build, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::TRANSPORT_OVERLORD_COCOON, name: "TransportOverlordCocoon", race: Race::Zerg,
        is_flying: true,
        minerals: 0, vespene: 0, minerals_total: 150, vespene_total: 100,
        supply_used: 0.0, supply_provided: 8.0, build_time: 0.0,
        life: 200.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 2.0,
        attributes: Attributes::of(&[A::Biological]),
        speed: 0.117188, acceleration: 0.0, turn_rate: 0.0,
        sight: 5.0, radius: 0.625,
        ..BLANK
    },
    UnitData {
        id: u::OVERLORD_TRANSPORT, name: "OverlordTransport", race: Race::Zerg,
        is_flying: true,
        minerals: 25, vespene: 25, minerals_total: 100, vespene_total: 0,
        supply_used: 0.0, supply_provided: 8.0, build_time: 266.6797,
        life: 200.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Armored, A::Biological]),
        speed: 0.040283, acceleration: 0.00415, turn_rate: 1.09066,
        sight: 11.0, radius: 1.0,
        cargo_capacity: 8,
        creation_ability: AbilityId(2708),
        tech_alias: &[u::OVERLORD],
        produced_by: &[
            Production { producer: u::OVERLORD, ability: AbilityId(2708), kind: K::ModeChange, structures: &[u::LAIR], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::OVERSEER_SIEGE_MODE, name: "OverseerSiegeMode", race: Race::Zerg,
        is_flying: true,
        minerals: 0, vespene: 0, minerals_total: 150, vespene_total: 50,
        supply_used: 0.0, supply_provided: 8.0, build_time: 12.0,
        life: 200.0, shields: 0.0, energy_max: 200.0, energy_start: 50.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological]),
        sight: 13.75, radius: 1.0,
        detect_range: 13.75,
        creation_ability: AbilityId(3743),
        tech_alias: &[u::OVERLORD],
        unit_alias: u::OVERSEER,
        produced_by: &[
            Production { producer: u::OVERSEER, ability: AbilityId(3743), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::EXTRACTOR_RICH, name: "ExtractorRich", race: Race::Zerg,
        is_structure: true, needs_geyser: true,
        minerals: 0, vespene: 0, minerals_total: 75, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 0.0,
        life: 500.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological, A::Structure]),
        sight: 9.0, radius: 1.6875,
        tech_alias: &[u::EXTRACTOR],
        unit_alias: u::EXTRACTOR,
        ..BLANK
    },
];
