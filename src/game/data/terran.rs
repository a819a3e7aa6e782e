//! Terran units and structures of patch 4.10.
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
        id: u::TECH_LAB, name: "TechLab", race: Race::Terran,
        is_structure: true, is_addon: true,
        minerals: 0, vespene: 0, minerals_total: 50, vespene_total: 25,
        supply_used: 0.0, supply_provided: 0.0, build_time: 2.0,
        life: 400.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 9.0, radius: 1.125,
        footprint: (2, 2),
        creation_ability: AbilityId(1666),
        ..BLANK
    },
    UnitData {
        id: u::REACTOR, name: "Reactor", race: Race::Terran,
        is_structure: true, is_addon: true,
        minerals: 0, vespene: 0, minerals_total: 50, vespene_total: 50,
        supply_used: 0.0, supply_provided: 0.0, build_time: 2.0,
        life: 400.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 9.0, radius: 1.125,
        footprint: (2, 2),
        creation_ability: AbilityId(1674),
        ..BLANK
    },
    UnitData {
        id: u::COMMAND_CENTER, name: "CommandCenter", race: Race::Terran,
        is_structure: true, is_townhall: true,
        minerals: 400, vespene: 0, minerals_total: 400, vespene_total: 0,
        supply_used: 0.0, supply_provided: 15.0, build_time: 1600.0,
        life: 1500.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 11.0, radius: 2.75,
        footprint: (5, 5),
        cargo_capacity: 5,
        creation_ability: AbilityId(318),
        produced_by: &[
            Production { producer: u::SCV, ability: AbilityId(318), kind: K::Build, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::COMMAND_CENTER_FLYING, ability: AbilityId(419), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::SUPPLY_DEPOT, name: "SupplyDepot", race: Race::Terran,
        is_structure: true,
        minerals: 100, vespene: 0, minerals_total: 100, vespene_total: 0,
        supply_used: 0.0, supply_provided: 8.0, build_time: 480.0,
        life: 400.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 9.0, radius: 1.25,
        footprint: (2, 2),
        creation_ability: AbilityId(319),
        produced_by: &[
            Production { producer: u::SCV, ability: AbilityId(319), kind: K::Build, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::SUPPLY_DEPOT_LOWERED, ability: AbilityId(558), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::REFINERY, name: "Refinery", race: Race::Terran,
        is_structure: true, needs_geyser: true,
        minerals: 75, vespene: 0, minerals_total: 75, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 480.0,
        life: 500.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 9.0, radius: 1.6875,
        footprint: (3, 3),
        creation_ability: AbilityId(320),
        produced_by: &[
            Production { producer: u::SCV, ability: AbilityId(320), kind: K::BuildOnGeyser, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::BARRACKS, name: "Barracks", race: Race::Terran,
        is_structure: true, accepts_addon: true,
        minerals: 150, vespene: 0, minerals_total: 150, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 1040.0,
        life: 1000.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        creation_ability: AbilityId(321),
        produced_by: &[
            Production { producer: u::SCV, ability: AbilityId(321), kind: K::Build, structures: &[u::SUPPLY_DEPOT], upgrades: &[], tech_lab: false },
            Production { producer: u::BARRACKS_FLYING, ability: AbilityId(554), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ENGINEERING_BAY, name: "EngineeringBay", race: Race::Terran,
        is_structure: true,
        minerals: 125, vespene: 0, minerals_total: 125, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 560.0,
        life: 850.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        creation_ability: AbilityId(322),
        produced_by: &[
            Production { producer: u::SCV, ability: AbilityId(322), kind: K::Build, structures: &[u::COMMAND_CENTER], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::MISSILE_TURRET, name: "MissileTurret", race: Race::Terran,
        is_structure: true,
        minerals: 100, vespene: 0, minerals_total: 100, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 400.0,
        life: 250.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 11.0, radius: 1.125,
        footprint: (2, 2),
        detect_range: 11.0,
        weapons: &[
            WeaponData { target: WeaponTarget::Air, damage: 12.0, damage_per_level: 1.0, attacks: 2, range: 7.0, cooldown_loops: 13.7734, bonus: &[] },
        ],
        creation_ability: AbilityId(323),
        produced_by: &[
            Production { producer: u::SCV, ability: AbilityId(323), kind: K::Build, structures: &[u::ENGINEERING_BAY], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::BUNKER, name: "Bunker", race: Race::Terran,
        is_structure: true,
        minerals: 100, vespene: 0, minerals_total: 100, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 640.0,
        life: 400.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 10.0, radius: 1.8125,
        footprint: (3, 3),
        cargo_capacity: 4,
        creation_ability: AbilityId(324),
        produced_by: &[
            Production { producer: u::SCV, ability: AbilityId(324), kind: K::Build, structures: &[u::BARRACKS], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::SENSOR_TOWER, name: "SensorTower", race: Race::Terran,
        is_structure: true,
        minerals: 125, vespene: 100, minerals_total: 125, vespene_total: 100,
        supply_used: 0.0, supply_provided: 0.0, build_time: 400.0,
        life: 200.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 12.0, radius: 0.75,
        footprint: (1, 1),
        radar_range: 30.0,
        creation_ability: AbilityId(326),
        produced_by: &[
            Production { producer: u::SCV, ability: AbilityId(326), kind: K::Build, structures: &[u::ENGINEERING_BAY], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::GHOST_ACADEMY, name: "GhostAcademy", race: Race::Terran,
        is_structure: true,
        minerals: 150, vespene: 50, minerals_total: 150, vespene_total: 50,
        supply_used: 0.0, supply_provided: 0.0, build_time: 640.0,
        life: 1250.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        creation_ability: AbilityId(327),
        produced_by: &[
            Production { producer: u::SCV, ability: AbilityId(327), kind: K::Build, structures: &[u::BARRACKS], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::FACTORY, name: "Factory", race: Race::Terran,
        is_structure: true, accepts_addon: true,
        minerals: 150, vespene: 100, minerals_total: 150, vespene_total: 100,
        supply_used: 0.0, supply_provided: 0.0, build_time: 960.0,
        life: 1250.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        creation_ability: AbilityId(328),
        produced_by: &[
            Production { producer: u::SCV, ability: AbilityId(328), kind: K::Build, structures: &[u::BARRACKS], upgrades: &[], tech_lab: false },
            Production { producer: u::FACTORY_FLYING, ability: AbilityId(520), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::STARPORT, name: "Starport", race: Race::Terran,
        is_structure: true, accepts_addon: true,
        minerals: 150, vespene: 100, minerals_total: 150, vespene_total: 100,
        supply_used: 0.0, supply_provided: 0.0, build_time: 800.0,
        life: 1300.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        creation_ability: AbilityId(329),
        produced_by: &[
            Production { producer: u::SCV, ability: AbilityId(329), kind: K::Build, structures: &[u::FACTORY], upgrades: &[], tech_lab: false },
            Production { producer: u::STARPORT_FLYING, ability: AbilityId(522), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ARMORY, name: "Armory", race: Race::Terran,
        is_structure: true,
        minerals: 150, vespene: 100, minerals_total: 150, vespene_total: 100,
        supply_used: 0.0, supply_provided: 0.0, build_time: 1040.0,
        life: 750.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        creation_ability: AbilityId(331),
        produced_by: &[
            Production { producer: u::SCV, ability: AbilityId(331), kind: K::Build, structures: &[u::FACTORY], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::FUSION_CORE, name: "FusionCore", race: Race::Terran,
        is_structure: true,
        minerals: 150, vespene: 150, minerals_total: 150, vespene_total: 150,
        supply_used: 0.0, supply_provided: 0.0, build_time: 1040.0,
        life: 750.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        creation_ability: AbilityId(333),
        produced_by: &[
            Production { producer: u::SCV, ability: AbilityId(333), kind: K::Build, structures: &[u::STARPORT], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::AUTO_TURRET, name: "AutoTurret", race: Race::Terran,
        is_structure: true,
        minerals: 100, vespene: 0, minerals_total: 100, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 16.0,
        life: 150.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 7.0, radius: 1.0,
        footprint: (2, 2),
        weapons: &[
            WeaponData { target: WeaponTarget::Both, damage: 18.0, damage_per_level: 1.0, attacks: 1, range: 6.0, cooldown_loops: 12.8008, bonus: &[] },
        ],
        creation_ability: AbilityId(349),
        produced_by: &[
            Production { producer: u::RAVEN, ability: AbilityId(1764), kind: K::Build, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::SIEGE_TANK_SIEGED, name: "SiegeTankSieged", race: Race::Terran,
        minerals: 0, vespene: 0, minerals_total: 150, vespene_total: 125,
        supply_used: 3.0, supply_provided: 0.0, build_time: 68.668,
        life: 175.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical]),
        sight: 11.0, radius: 0.875,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 40.0, damage_per_level: 4.0, attacks: 1, range: 13.0, cooldown_loops: 48.0, bonus: &[DamageBonus { attribute: A::Armored, damage: 30.0, per_level: 1.0 }] },
        ],
        creation_ability: AbilityId(388),
        tech_alias: &[u::SIEGE_TANK],
        unit_alias: u::SIEGE_TANK,
        produced_by: &[
            Production { producer: u::SIEGE_TANK, ability: AbilityId(388), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::SIEGE_TANK, name: "SiegeTank", race: Race::Terran,
        minerals: 150, vespene: 125, minerals_total: 150, vespene_total: 125,
        supply_used: 3.0, supply_provided: 0.0, build_time: 720.0,
        life: 175.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical]),
        speed: 0.140625, acceleration: 0.0, turn_rate: 0.392699,
        sight: 11.0, radius: 0.875,
        cargo_size: 4,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 15.0, damage_per_level: 2.0, attacks: 1, range: 7.0, cooldown_loops: 16.6406, bonus: &[DamageBonus { attribute: A::Armored, damage: 10.0, per_level: 1.0 }] },
        ],
        creation_ability: AbilityId(591),
        produced_by: &[
            Production { producer: u::SIEGE_TANK_SIEGED, ability: AbilityId(390), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::FACTORY, ability: AbilityId(591), kind: K::Train, structures: &[], upgrades: &[], tech_lab: true },
        ],
        ..BLANK
    },
    UnitData {
        id: u::VIKING_ASSAULT, name: "VikingAssault", race: Race::Terran,
        minerals: 0, vespene: 0, minerals_total: 150, vespene_total: 75,
        supply_used: 2.0, supply_provided: 0.0, build_time: 41.4414,
        life: 135.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical]),
        speed: 0.140625, acceleration: 0.0, turn_rate: 0.785398,
        sight: 10.0, radius: 0.75,
        cargo_size: 2,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 12.0, damage_per_level: 1.0, attacks: 1, range: 6.0, cooldown_loops: 16.0, bonus: &[DamageBonus { attribute: A::Mechanical, damage: 8.0, per_level: 1.0 }] },
        ],
        creation_ability: AbilityId(403),
        unit_alias: u::VIKING_FIGHTER,
        produced_by: &[
            Production { producer: u::VIKING_FIGHTER, ability: AbilityId(403), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::VIKING_FIGHTER, name: "VikingFighter", race: Race::Terran,
        is_flying: true,
        minerals: 150, vespene: 75, minerals_total: 150, vespene_total: 75,
        supply_used: 2.0, supply_provided: 0.0, build_time: 672.0,
        life: 135.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical]),
        speed: 0.171875, acceleration: 0.010254, turn_rate: 1.09066,
        sight: 10.0, radius: 0.75,
        weapons: &[
            WeaponData { target: WeaponTarget::Air, damage: 10.0, damage_per_level: 1.0, attacks: 2, range: 9.0, cooldown_loops: 32.0, bonus: &[DamageBonus { attribute: A::Armored, damage: 4.0, per_level: 0.0 }] },
        ],
        creation_ability: AbilityId(624),
        produced_by: &[
            Production { producer: u::VIKING_ASSAULT, ability: AbilityId(405), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::STARPORT, ability: AbilityId(624), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::COMMAND_CENTER_FLYING, name: "CommandCenterFlying", race: Race::Terran,
        is_structure: true, is_flying: true, is_townhall: true,
        minerals: 0, vespene: 0, minerals_total: 400, vespene_total: 0,
        supply_used: 0.0, supply_provided: 15.0, build_time: 32.0,
        life: 1500.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        speed: 0.058594, acceleration: 0.005127, turn_rate: 0.785398,
        sight: 11.0, radius: 2.5,
        cargo_capacity: 5,
        creation_ability: AbilityId(417),
        tech_alias: &[u::COMMAND_CENTER],
        unit_alias: u::COMMAND_CENTER,
        produced_by: &[
            Production { producer: u::COMMAND_CENTER, ability: AbilityId(417), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::BARRACKS_TECH_LAB, name: "BarracksTechLab", race: Race::Terran,
        is_structure: true, is_addon: true,
        minerals: 50, vespene: 25, minerals_total: 50, vespene_total: 25,
        supply_used: 0.0, supply_provided: 0.0, build_time: 400.0,
        life: 400.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 9.0, radius: 1.125,
        footprint: (2, 2),
        creation_ability: AbilityId(421),
        tech_alias: &[u::TECH_LAB],
        produced_by: &[
            Production { producer: u::BARRACKS, ability: AbilityId(421), kind: K::BuildAddon, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::BARRACKS_FLYING, ability: AbilityId(421), kind: K::BuildAddon, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::BARRACKS_REACTOR, name: "BarracksReactor", race: Race::Terran,
        is_structure: true, is_addon: true,
        minerals: 50, vespene: 50, minerals_total: 50, vespene_total: 50,
        supply_used: 0.0, supply_provided: 0.0, build_time: 800.0,
        life: 400.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 9.0, radius: 1.125,
        footprint: (2, 2),
        creation_ability: AbilityId(422),
        tech_alias: &[u::REACTOR],
        produced_by: &[
            Production { producer: u::BARRACKS, ability: AbilityId(422), kind: K::BuildAddon, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::BARRACKS_FLYING, ability: AbilityId(422), kind: K::BuildAddon, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::FACTORY_TECH_LAB, name: "FactoryTechLab", race: Race::Terran,
        is_structure: true, is_addon: true,
        minerals: 50, vespene: 25, minerals_total: 50, vespene_total: 25,
        supply_used: 0.0, supply_provided: 0.0, build_time: 400.0,
        life: 400.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 9.0, radius: 1.125,
        footprint: (2, 2),
        creation_ability: AbilityId(454),
        tech_alias: &[u::TECH_LAB],
        produced_by: &[
            Production { producer: u::FACTORY, ability: AbilityId(454), kind: K::BuildAddon, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::FACTORY_FLYING, ability: AbilityId(454), kind: K::BuildAddon, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::FACTORY_REACTOR, name: "FactoryReactor", race: Race::Terran,
        is_structure: true, is_addon: true,
        minerals: 50, vespene: 50, minerals_total: 50, vespene_total: 50,
        supply_used: 0.0, supply_provided: 0.0, build_time: 800.0,
        life: 400.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 9.0, radius: 1.125,
        footprint: (2, 2),
        creation_ability: AbilityId(455),
        tech_alias: &[u::REACTOR],
        produced_by: &[
            Production { producer: u::FACTORY, ability: AbilityId(455), kind: K::BuildAddon, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::FACTORY_FLYING, ability: AbilityId(455), kind: K::BuildAddon, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::STARPORT_TECH_LAB, name: "StarportTechLab", race: Race::Terran,
        is_structure: true, is_addon: true,
        minerals: 50, vespene: 25, minerals_total: 50, vespene_total: 25,
        supply_used: 0.0, supply_provided: 0.0, build_time: 400.0,
        life: 400.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 9.0, radius: 1.125,
        footprint: (2, 2),
        creation_ability: AbilityId(487),
        tech_alias: &[u::TECH_LAB],
        produced_by: &[
            Production { producer: u::STARPORT, ability: AbilityId(487), kind: K::BuildAddon, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::STARPORT_FLYING, ability: AbilityId(487), kind: K::BuildAddon, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::STARPORT_REACTOR, name: "StarportReactor", race: Race::Terran,
        is_structure: true, is_addon: true,
        minerals: 50, vespene: 50, minerals_total: 50, vespene_total: 50,
        supply_used: 0.0, supply_provided: 0.0, build_time: 800.0,
        life: 400.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 9.0, radius: 1.125,
        footprint: (2, 2),
        creation_ability: AbilityId(488),
        tech_alias: &[u::REACTOR],
        produced_by: &[
            Production { producer: u::STARPORT, ability: AbilityId(488), kind: K::BuildAddon, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::STARPORT_FLYING, ability: AbilityId(488), kind: K::BuildAddon, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::FACTORY_FLYING, name: "FactoryFlying", race: Race::Terran,
        is_structure: true, is_flying: true,
        minerals: 0, vespene: 0, minerals_total: 150, vespene_total: 100,
        supply_used: 0.0, supply_provided: 0.0, build_time: 32.0,
        life: 1250.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        speed: 0.058594, acceleration: 0.005127, turn_rate: 0.785398,
        sight: 9.0, radius: 1.625,
        creation_ability: AbilityId(485),
        tech_alias: &[u::FACTORY],
        unit_alias: u::FACTORY,
        produced_by: &[
            Production { producer: u::FACTORY, ability: AbilityId(485), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::STARPORT_FLYING, name: "StarportFlying", race: Race::Terran,
        is_structure: true, is_flying: true,
        minerals: 0, vespene: 0, minerals_total: 150, vespene_total: 100,
        supply_used: 0.0, supply_provided: 0.0, build_time: 32.0,
        life: 1300.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        speed: 0.058594, acceleration: 0.005127, turn_rate: 0.785398,
        sight: 9.0, radius: 1.625,
        creation_ability: AbilityId(518),
        tech_alias: &[u::STARPORT],
        unit_alias: u::STARPORT,
        produced_by: &[
            Production { producer: u::STARPORT, ability: AbilityId(518), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::SCV, name: "SCV", race: Race::Terran,
        is_worker: true,
        minerals: 50, vespene: 0, minerals_total: 50, vespene_total: 0,
        supply_used: 1.0, supply_provided: 0.0, build_time: 272.0,
        life: 45.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological, A::Mechanical]),
        speed: 0.175781, acceleration: 0.009766, turn_rate: 1.09066,
        sight: 8.0, radius: 0.375,
        cargo_size: 1,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 5.0, damage_per_level: 0.0, attacks: 1, range: 0.1001, cooldown_loops: 24.0, bonus: &[] },
        ],
        creation_ability: AbilityId(524),
        produced_by: &[
            Production { producer: u::COMMAND_CENTER, ability: AbilityId(524), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::ORBITAL_COMMAND, ability: AbilityId(524), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::PLANETARY_FORTRESS, ability: AbilityId(524), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::BARRACKS_FLYING, name: "BarracksFlying", race: Race::Terran,
        is_structure: true, is_flying: true,
        minerals: 0, vespene: 0, minerals_total: 150, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 32.0,
        life: 1000.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        speed: 0.058594, acceleration: 0.005127, turn_rate: 0.785398,
        sight: 9.0, radius: 1.75,
        creation_ability: AbilityId(452),
        tech_alias: &[u::BARRACKS],
        unit_alias: u::BARRACKS,
        produced_by: &[
            Production { producer: u::BARRACKS, ability: AbilityId(452), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::SUPPLY_DEPOT_LOWERED, name: "SupplyDepotLowered", race: Race::Terran,
        is_structure: true,
        minerals: 0, vespene: 0, minerals_total: 100, vespene_total: 0,
        supply_used: 0.0, supply_provided: 8.0, build_time: 20.8008,
        life: 400.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 9.0, radius: 1.25,
        footprint: (2, 2),
        creation_ability: AbilityId(556),
        tech_alias: &[u::SUPPLY_DEPOT],
        unit_alias: u::SUPPLY_DEPOT,
        produced_by: &[
            Production { producer: u::SUPPLY_DEPOT, ability: AbilityId(556), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::MARINE, name: "Marine", race: Race::Terran,
        minerals: 50, vespene: 0, minerals_total: 50, vespene_total: 0,
        supply_used: 1.0, supply_provided: 0.0, build_time: 400.0,
        life: 45.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.140625, acceleration: 0.0, turn_rate: 1.09066,
        sight: 9.0, radius: 0.375,
        cargo_size: 1,
        weapons: &[
            WeaponData { target: WeaponTarget::Both, damage: 6.0, damage_per_level: 1.0, attacks: 1, range: 5.0, cooldown_loops: 13.7734, bonus: &[] },
        ],
        creation_ability: AbilityId(560),
        produced_by: &[
            Production { producer: u::BARRACKS, ability: AbilityId(560), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::REAPER, name: "Reaper", race: Race::Terran,
        minerals: 50, vespene: 50, minerals_total: 50, vespene_total: 50,
        supply_used: 1.0, supply_provided: 0.0, build_time: 720.0,
        life: 60.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.234375, acceleration: 0.0, turn_rate: 1.09066,
        sight: 9.0, radius: 0.375,
        cargo_size: 1,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 4.0, damage_per_level: 1.0, attacks: 2, range: 5.0, cooldown_loops: 17.6016, bonus: &[] },
        ],
        creation_ability: AbilityId(561),
        produced_by: &[
            Production { producer: u::BARRACKS, ability: AbilityId(561), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::GHOST, name: "Ghost", race: Race::Terran,
        minerals: 150, vespene: 125, minerals_total: 150, vespene_total: 125,
        supply_used: 2.0, supply_provided: 0.0, build_time: 640.0,
        life: 100.0, shields: 0.0, energy_max: 200.0, energy_start: 75.0, armor: 0.0,
        attributes: Attributes::of(&[A::Biological, A::Psionic]),
        speed: 0.175781, acceleration: 0.0, turn_rate: 1.09066,
        sight: 11.0, radius: 0.375,
        cargo_size: 2,
        weapons: &[
            WeaponData { target: WeaponTarget::Both, damage: 10.0, damage_per_level: 1.0, attacks: 1, range: 6.0, cooldown_loops: 24.0, bonus: &[DamageBonus { attribute: A::Light, damage: 10.0, per_level: 1.0 }] },
        ],
        creation_ability: AbilityId(562),
        produced_by: &[
            Production { producer: u::BARRACKS, ability: AbilityId(562), kind: K::Train, structures: &[u::GHOST_ACADEMY], upgrades: &[], tech_lab: true },
        ],
        ..BLANK
    },
    UnitData {
        id: u::MARAUDER, name: "Marauder", race: Race::Terran,
        minerals: 100, vespene: 25, minerals_total: 100, vespene_total: 25,
        supply_used: 2.0, supply_provided: 0.0, build_time: 480.0,
        life: 125.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Biological]),
        speed: 0.140625, acceleration: 0.0, turn_rate: 1.09066,
        sight: 10.0, radius: 0.5625,
        cargo_size: 2,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 10.0, damage_per_level: 1.0, attacks: 1, range: 6.0, cooldown_loops: 24.0, bonus: &[DamageBonus { attribute: A::Armored, damage: 10.0, per_level: 1.0 }] },
        ],
        creation_ability: AbilityId(563),
        produced_by: &[
            Production { producer: u::BARRACKS, ability: AbilityId(563), kind: K::Train, structures: &[], upgrades: &[], tech_lab: true },
        ],
        ..BLANK
    },
    UnitData {
        id: u::THOR, name: "Thor", race: Race::Terran,
        minerals: 300, vespene: 200, minerals_total: 300, vespene_total: 200,
        supply_used: 6.0, supply_provided: 0.0, build_time: 960.0,
        life: 400.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Massive]),
        speed: 0.117188, acceleration: 0.0, turn_rate: 0.392699,
        sight: 11.0, radius: 1.0,
        cargo_size: 8,
        weapons: &[
            WeaponData { target: WeaponTarget::Air, damage: 6.0, damage_per_level: 1.0, attacks: 4, range: 10.0, cooldown_loops: 48.0, bonus: &[DamageBonus { attribute: A::Light, damage: 6.0, per_level: 1.0 }] },
            WeaponData { target: WeaponTarget::Ground, damage: 30.0, damage_per_level: 3.0, attacks: 2, range: 7.0, cooldown_loops: 20.4805, bonus: &[] },
        ],
        creation_ability: AbilityId(594),
        produced_by: &[
            Production { producer: u::FACTORY, ability: AbilityId(594), kind: K::Train, structures: &[u::ARMORY], upgrades: &[], tech_lab: true },
            Production { producer: u::THOR_AP, ability: AbilityId(2364), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::HELLION, name: "Hellion", race: Race::Terran,
        minerals: 100, vespene: 0, minerals_total: 100, vespene_total: 0,
        supply_used: 2.0, supply_provided: 0.0, build_time: 480.0,
        life: 90.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Mechanical]),
        speed: 0.265625, acceleration: 0.0, turn_rate: 0.785398,
        sight: 10.0, radius: 0.625,
        cargo_size: 2,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 8.0, damage_per_level: 1.0, attacks: 1, range: 5.0, cooldown_loops: 40.0, bonus: &[DamageBonus { attribute: A::Light, damage: 6.0, per_level: 1.0 }] },
        ],
        creation_ability: AbilityId(595),
        produced_by: &[
            Production { producer: u::FACTORY, ability: AbilityId(595), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::HELLION_TANK, ability: AbilityId(1978), kind: K::ModeChange, structures: &[u::ARMORY], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::MEDIVAC, name: "Medivac", race: Race::Terran,
        is_flying: true,
        minerals: 100, vespene: 100, minerals_total: 100, vespene_total: 100,
        supply_used: 2.0, supply_provided: 0.0, build_time: 672.0,
        life: 150.0, shields: 0.0, energy_max: 200.0, energy_start: 50.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical]),
        speed: 0.15625, acceleration: 0.008789, turn_rate: 1.09066,
        sight: 11.0, radius: 0.75,
        cargo_capacity: 8,
        creation_ability: AbilityId(620),
        produced_by: &[
            Production { producer: u::STARPORT, ability: AbilityId(620), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::BANSHEE, name: "Banshee", race: Race::Terran,
        is_flying: true,
        minerals: 150, vespene: 100, minerals_total: 150, vespene_total: 100,
        supply_used: 3.0, supply_provided: 0.0, build_time: 960.0,
        life: 140.0, shields: 0.0, energy_max: 200.0, energy_start: 50.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Mechanical]),
        speed: 0.171875, acceleration: 0.012695, turn_rate: 1.636182,
        sight: 10.0, radius: 0.75,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 12.0, damage_per_level: 1.0, attacks: 2, range: 6.0, cooldown_loops: 20.0, bonus: &[] },
        ],
        creation_ability: AbilityId(621),
        produced_by: &[
            Production { producer: u::STARPORT, ability: AbilityId(621), kind: K::Train, structures: &[], upgrades: &[], tech_lab: true },
        ],
        ..BLANK
    },
    UnitData {
        id: u::RAVEN, name: "Raven", race: Race::Terran,
        is_flying: true,
        minerals: 100, vespene: 200, minerals_total: 100, vespene_total: 200,
        supply_used: 2.0, supply_provided: 0.0, build_time: 960.0,
        life: 140.0, shields: 0.0, energy_max: 200.0, energy_start: 50.0, armor: 1.0,
        attributes: Attributes::of(&[A::Light, A::Mechanical]),
        speed: 0.171875, acceleration: 0.007812, turn_rate: 1.09066,
        sight: 11.0, radius: 0.625,
        detect_range: 11.0,
        creation_ability: AbilityId(622),
        produced_by: &[
            Production { producer: u::STARPORT, ability: AbilityId(622), kind: K::Train, structures: &[], upgrades: &[], tech_lab: true },
        ],
        ..BLANK
    },
    UnitData {
        id: u::BATTLECRUISER, name: "Battlecruiser", race: Race::Terran,
        is_flying: true,
        minerals: 400, vespene: 300, minerals_total: 400, vespene_total: 300,
        supply_used: 6.0, supply_provided: 0.0, build_time: 1440.0,
        life: 550.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 3.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Massive]),
        speed: 0.117188, acceleration: 0.003906, turn_rate: 0.785398,
        sight: 12.0, radius: 1.25,
        creation_ability: AbilityId(623),
        produced_by: &[
            Production { producer: u::STARPORT, ability: AbilityId(623), kind: K::Train, structures: &[u::FUSION_CORE], upgrades: &[], tech_lab: true },
        ],
        ..BLANK
    },
    UnitData {
        id: u::NUKE, name: "Nuke", race: Race::Terran,
        is_flying: true,
        minerals: 0, vespene: 0, minerals_total: 100, vespene_total: 100,
        supply_used: 0.0, supply_provided: 0.0, build_time: 0.0,
        life: 100.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[]),
        sight: 0.0, radius: 0.5,
        ..BLANK
    },
    UnitData {
        id: u::PLANETARY_FORTRESS, name: "PlanetaryFortress", race: Race::Terran,
        is_structure: true, is_townhall: true,
        minerals: 150, vespene: 150, minerals_total: 550, vespene_total: 150,
        supply_used: 0.0, supply_provided: 15.0, build_time: 800.0,
        life: 1500.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 3.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 11.0, radius: 2.75,
        footprint: (5, 5),
        cargo_capacity: 5,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 40.0, damage_per_level: 1.0, attacks: 1, range: 6.0, cooldown_loops: 32.0, bonus: &[] },
        ],
        creation_ability: AbilityId(1450),
        tech_alias: &[u::COMMAND_CENTER],
        produced_by: &[
            Production { producer: u::COMMAND_CENTER, ability: AbilityId(1450), kind: K::Morph, structures: &[u::ENGINEERING_BAY], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ORBITAL_COMMAND, name: "OrbitalCommand", race: Race::Terran,
        is_structure: true, is_townhall: true,
        minerals: 150, vespene: 0, minerals_total: 550, vespene_total: 0,
        supply_used: 0.0, supply_provided: 15.0, build_time: 560.0,
        life: 1500.0, shields: 0.0, energy_max: 200.0, energy_start: 50.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 11.0, radius: 2.75,
        footprint: (5, 5),
        creation_ability: AbilityId(1516),
        tech_alias: &[u::COMMAND_CENTER],
        produced_by: &[
            Production { producer: u::COMMAND_CENTER, ability: AbilityId(1516), kind: K::Morph, structures: &[u::BARRACKS], upgrades: &[], tech_lab: false },
            Production { producer: u::ORBITAL_COMMAND_FLYING, ability: AbilityId(1524), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ORBITAL_COMMAND_FLYING, name: "OrbitalCommandFlying", race: Race::Terran,
        is_structure: true, is_flying: true, is_townhall: true,
        minerals: 0, vespene: 0, minerals_total: 550, vespene_total: 0,
        supply_used: 0.0, supply_provided: 15.0, build_time: 32.0,
        life: 1500.0, shields: 0.0, energy_max: 200.0, energy_start: 50.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        speed: 0.058594, acceleration: 0.005127, turn_rate: 0.785398,
        sight: 11.0, radius: 2.5,
        creation_ability: AbilityId(1522),
        tech_alias: &[u::COMMAND_CENTER],
        unit_alias: u::ORBITAL_COMMAND,
        produced_by: &[
            Production { producer: u::ORBITAL_COMMAND, ability: AbilityId(1522), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::GHOST_ALTERNATE, name: "GhostAlternate", race: Race::Terran,
        minerals: 0, vespene: 0, minerals_total: 150, vespene_total: 125,
        supply_used: 2.0, supply_provided: 0.0, build_time: 0.0,
        life: 100.0, shields: 0.0, energy_max: 200.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Biological, A::Psionic]),
        speed: 0.175781, acceleration: 0.0, turn_rate: 1.09066,
        sight: 11.0, radius: 0.375,
        cargo_size: 2,
        weapons: &[
            WeaponData { target: WeaponTarget::Both, damage: 10.0, damage_per_level: 1.0, attacks: 1, range: 6.0, cooldown_loops: 24.0, bonus: &[DamageBonus { attribute: A::Light, damage: 10.0, per_level: 0.0 }] },
        ],
        creation_ability: AbilityId(1835),
        unit_alias: u::GHOST,
        ..BLANK
    },
    UnitData {
        id: u::MULE, name: "MULE", race: Race::Terran,
        minerals: 0, vespene: 0, minerals_total: 50, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 0.0,
        life: 60.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Mechanical]),
        speed: 0.175781, acceleration: 0.009766, turn_rate: 1.09066,
        sight: 8.0, radius: 0.375,
        ..BLANK
    },
    UnitData {
        id: u::HELLION_TANK, name: "HellionTank", race: Race::Terran,
        minerals: 100, vespene: 0, minerals_total: 100, vespene_total: 0,
        supply_used: 2.0, supply_provided: 0.0, build_time: 480.0,
        life: 135.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological, A::Mechanical]),
        speed: 0.140625, acceleration: 0.0, turn_rate: 0.785398,
        sight: 10.0, radius: 0.625,
        cargo_size: 4,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 18.0, damage_per_level: 2.0, attacks: 1, range: 2.0, cooldown_loops: 32.0, bonus: &[] },
        ],
        creation_ability: AbilityId(596),
        produced_by: &[
            Production { producer: u::FACTORY, ability: AbilityId(596), kind: K::Train, structures: &[u::ARMORY], upgrades: &[], tech_lab: false },
            Production { producer: u::HELLION, ability: AbilityId(1998), kind: K::ModeChange, structures: &[u::ARMORY], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::WIDOW_MINE, name: "WidowMine", race: Race::Terran,
        minerals: 75, vespene: 25, minerals_total: 75, vespene_total: 25,
        supply_used: 2.0, supply_provided: 0.0, build_time: 480.0,
        life: 90.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Mechanical]),
        speed: 0.175781, acceleration: 0.0, turn_rate: 0.785398,
        sight: 7.0, radius: 0.5,
        cargo_size: 2,
        creation_ability: AbilityId(614),
        produced_by: &[
            Production { producer: u::FACTORY, ability: AbilityId(614), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::WIDOW_MINE_BURROWED, ability: AbilityId(2097), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::WIDOW_MINE_BURROWED, name: "WidowMineBurrowed", race: Race::Terran,
        minerals: 0, vespene: 0, minerals_total: 75, vespene_total: 25,
        supply_used: 2.0, supply_provided: 0.0, build_time: 52.0,
        life: 90.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Mechanical]),
        sight: 7.0, radius: 0.5,
        creation_ability: AbilityId(2095),
        tech_alias: &[u::WIDOW_MINE],
        unit_alias: u::WIDOW_MINE,
        produced_by: &[
            Production { producer: u::WIDOW_MINE, ability: AbilityId(2095), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::LIBERATOR, name: "Liberator", race: Race::Terran,
        is_flying: true,
        minerals: 150, vespene: 150, minerals_total: 150, vespene_total: 150,
        supply_used: 3.0, supply_provided: 0.0, build_time: 960.0,
        life: 180.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical]),
        speed: 0.210938, acceleration: 0.013672, turn_rate: 1.636182,
        sight: 10.0, radius: 0.75,
        weapons: &[
            WeaponData { target: WeaponTarget::Air, damage: 5.0, damage_per_level: 1.0, attacks: 2, range: 5.0, cooldown_loops: 28.8008, bonus: &[] },
        ],
        creation_ability: AbilityId(626),
        produced_by: &[
            Production { producer: u::STARPORT, ability: AbilityId(626), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::LIBERATOR_AG, ability: AbilityId(2560), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::THOR_AP, name: "ThorAP", race: Race::Terran,
        minerals: 0, vespene: 0, minerals_total: 300, vespene_total: 200,
        supply_used: 6.0, supply_provided: 0.0, build_time: 42.0,
        life: 400.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Massive]),
        speed: 0.117188, acceleration: 0.0, turn_rate: 0.392699,
        sight: 11.0, radius: 1.0,
        cargo_size: 8,
        weapons: &[
            WeaponData { target: WeaponTarget::Air, damage: 40.0, damage_per_level: 3.0, attacks: 1, range: 11.0, cooldown_loops: 38.3984, bonus: &[DamageBonus { attribute: A::Massive, damage: 15.0, per_level: 1.0 }] },
            WeaponData { target: WeaponTarget::Ground, damage: 30.0, damage_per_level: 3.0, attacks: 2, range: 7.0, cooldown_loops: 20.4805, bonus: &[] },
        ],
        creation_ability: AbilityId(2362),
        tech_alias: &[u::THOR],
        unit_alias: u::THOR,
        produced_by: &[
            Production { producer: u::THOR, ability: AbilityId(2362), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::CYCLONE, name: "Cyclone", race: Race::Terran,
        minerals: 150, vespene: 100, minerals_total: 150, vespene_total: 100,
        supply_used: 3.0, supply_provided: 0.0, build_time: 720.0,
        life: 120.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical]),
        speed: 0.210938, acceleration: 0.0, turn_rate: 0.392699,
        sight: 11.0, radius: 0.75,
        cargo_size: 4,
        weapons: &[
            WeaponData { target: WeaponTarget::Both, damage: 18.0, damage_per_level: 2.0, attacks: 1, range: 5.0, cooldown_loops: 16.0, bonus: &[] },
        ],
        creation_ability: AbilityId(597),
        produced_by: &[
            Production { producer: u::FACTORY, ability: AbilityId(597), kind: K::Train, structures: &[], upgrades: &[], tech_lab: true },
        ],
        ..BLANK
    },
    UnitData {
        id: u::LIBERATOR_AG, name: "LiberatorAG", race: Race::Terran,
        is_flying: true,
        minerals: 0, vespene: 0, minerals_total: 150, vespene_total: 150,
        supply_used: 3.0, supply_provided: 0.0, build_time: 64.668,
        life: 180.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical]),
        sight: 10.0, radius: 0.75,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 75.0, damage_per_level: 5.0, attacks: 1, range: 10.0, cooldown_loops: 25.6016, bonus: &[] },
        ],
        creation_ability: AbilityId(2554),
        tech_alias: &[u::LIBERATOR],
        unit_alias: u::LIBERATOR,
        produced_by: &[
            Production { producer: u::LIBERATOR, ability: AbilityId(2558), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::KD8_CHARGE, name: "KD8Charge", race: Race::Terran,
        is_structure: true,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 0.0,
        life: 1.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Structure]),
        sight: 0.0, radius: 0.5,
        ..BLANK
    },
    UnitData {
        id: u::RAVEN_REPAIR_DRONE, name: "RavenRepairDrone", race: Race::Terran,
        is_structure: true, is_flying: true,
        minerals: 0, vespene: 0, minerals_total: 100, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 0.0,
        life: 50.0, shields: 0.0, energy_max: 200.0, energy_start: 200.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Mechanical, A::Structure, A::Summoned]),
        sight: 7.0, radius: 0.625,
        ..BLANK
    },
    UnitData {
        id: u::REFINERY_RICH, name: "RefineryRich", race: Race::Terran,
        is_structure: true, needs_geyser: true,
        minerals: 0, vespene: 0, minerals_total: 75, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 480.0,
        life: 500.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Structure]),
        sight: 9.0, radius: 1.6875,
        footprint: (3, 3),
        creation_ability: AbilityId(325),
        tech_alias: &[u::REFINERY],
        unit_alias: u::REFINERY,
        ..BLANK
    },
];
