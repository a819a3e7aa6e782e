//! Protoss units and structures of patch 4.10.
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
        id: u::COLOSSUS, name: "Colossus", race: Race::Protoss,
        minerals: 300, vespene: 200, minerals_total: 300, vespene_total: 200,
        supply_used: 6.0, supply_provided: 0.0, build_time: 1200.0,
        life: 200.0, shields: 150.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Massive]),
        speed: 0.140625, acceleration: 0.0, turn_rate: 0.0,
        sight: 10.0, radius: 1.0,
        cargo_size: 8,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 10.0, damage_per_level: 1.0, attacks: 2, range: 7.0, cooldown_loops: 24.0, bonus: &[DamageBonus { attribute: A::Light, damage: 5.0, per_level: 1.0 }] },
        ],
        creation_ability: AbilityId(978),
        produced_by: &[
            Production { producer: u::ROBOTICS_FACILITY, ability: AbilityId(978), kind: K::Train, structures: &[u::ROBOTICS_BAY], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::MOTHERSHIP, name: "Mothership", race: Race::Protoss,
        is_flying: true,
        minerals: 300, vespene: 300, minerals_total: 400, vespene_total: 400,
        supply_used: 8.0, supply_provided: 0.0, build_time: 2560.0,
        life: 350.0, shields: 350.0, energy_max: 200.0, energy_start: 50.0, armor: 2.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Psionic, A::Massive]),
        speed: 0.117188, acceleration: 0.005371, turn_rate: 0.0,
        sight: 14.0, radius: 1.375,
        weapons: &[
            WeaponData { target: WeaponTarget::Both, damage: 6.0, damage_per_level: 1.0, attacks: 6, range: 7.0, cooldown_loops: 35.3594, bonus: &[] },
        ],
        creation_ability: AbilityId(110),
        produced_by: &[
            Production { producer: u::NEXUS, ability: AbilityId(110), kind: K::Train, structures: &[u::FLEET_BEACON], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::NEXUS, name: "Nexus", race: Race::Protoss,
        is_structure: true, is_townhall: true,
        minerals: 400, vespene: 0, minerals_total: 400, vespene_total: 0,
        supply_used: 0.0, supply_provided: 15.0, build_time: 1600.0,
        life: 1000.0, shields: 1000.0, energy_max: 200.0, energy_start: 50.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Structure]),
        sight: 11.0, radius: 2.75,
        footprint: (5, 5),
        creation_ability: AbilityId(880),
        produced_by: &[
            Production { producer: u::PROBE, ability: AbilityId(880), kind: K::Build, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::PYLON, name: "Pylon", race: Race::Protoss,
        is_structure: true,
        minerals: 100, vespene: 0, minerals_total: 100, vespene_total: 0,
        supply_used: 0.0, supply_provided: 8.0, build_time: 400.0,
        life: 200.0, shields: 200.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Structure]),
        sight: 9.0, radius: 1.125,
        footprint: (2, 2),
        power_radius: 6.5,
        creation_ability: AbilityId(881),
        produced_by: &[
            Production { producer: u::PROBE, ability: AbilityId(881), kind: K::Build, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ASSIMILATOR, name: "Assimilator", race: Race::Protoss,
        is_structure: true, needs_geyser: true,
        minerals: 75, vespene: 0, minerals_total: 75, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 480.0,
        life: 300.0, shields: 300.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Structure]),
        sight: 9.0, radius: 1.6875,
        footprint: (3, 3),
        creation_ability: AbilityId(882),
        produced_by: &[
            Production { producer: u::PROBE, ability: AbilityId(882), kind: K::BuildOnGeyser, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::GATEWAY, name: "Gateway", race: Race::Protoss,
        is_structure: true, needs_power: true,
        minerals: 150, vespene: 0, minerals_total: 150, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 1040.0,
        life: 500.0, shields: 500.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        power_radius: 6.5,
        creation_ability: AbilityId(883),
        produced_by: &[
            Production { producer: u::PROBE, ability: AbilityId(883), kind: K::Build, structures: &[u::PYLON], upgrades: &[], tech_lab: false },
            Production { producer: u::WARP_GATE, ability: AbilityId(1520), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::FORGE, name: "Forge", race: Race::Protoss,
        is_structure: true, needs_power: true,
        minerals: 150, vespene: 0, minerals_total: 150, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 720.0,
        life: 400.0, shields: 400.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        power_radius: 6.5,
        creation_ability: AbilityId(884),
        produced_by: &[
            Production { producer: u::PROBE, ability: AbilityId(884), kind: K::Build, structures: &[u::PYLON], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::FLEET_BEACON, name: "FleetBeacon", race: Race::Protoss,
        is_structure: true, needs_power: true,
        minerals: 300, vespene: 200, minerals_total: 300, vespene_total: 200,
        supply_used: 0.0, supply_provided: 0.0, build_time: 960.0,
        life: 500.0, shields: 500.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        power_radius: 6.5,
        creation_ability: AbilityId(885),
        produced_by: &[
            Production { producer: u::PROBE, ability: AbilityId(885), kind: K::Build, structures: &[u::STARGATE], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::TWILIGHT_COUNCIL, name: "TwilightCouncil", race: Race::Protoss,
        is_structure: true,
        minerals: 150, vespene: 100, minerals_total: 150, vespene_total: 100,
        supply_used: 0.0, supply_provided: 0.0, build_time: 800.0,
        life: 500.0, shields: 500.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        creation_ability: AbilityId(886),
        produced_by: &[
            Production { producer: u::PROBE, ability: AbilityId(886), kind: K::Build, structures: &[u::CYBERNETICS_CORE], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::PHOTON_CANNON, name: "PhotonCannon", race: Race::Protoss,
        is_structure: true, needs_power: true,
        minerals: 150, vespene: 0, minerals_total: 150, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 640.0,
        life: 150.0, shields: 150.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Structure]),
        sight: 11.0, radius: 1.125,
        footprint: (2, 2),
        detect_range: 11.0, power_radius: 6.5,
        weapons: &[
            WeaponData { target: WeaponTarget::Both, damage: 20.0, damage_per_level: 1.0, attacks: 1, range: 7.0, cooldown_loops: 20.0, bonus: &[] },
        ],
        creation_ability: AbilityId(887),
        produced_by: &[
            Production { producer: u::PROBE, ability: AbilityId(887), kind: K::Build, structures: &[u::FORGE], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::STARGATE, name: "Stargate", race: Race::Protoss,
        is_structure: true, needs_power: true,
        minerals: 150, vespene: 150, minerals_total: 150, vespene_total: 150,
        supply_used: 0.0, supply_provided: 0.0, build_time: 960.0,
        life: 600.0, shields: 600.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        power_radius: 6.5,
        creation_ability: AbilityId(889),
        produced_by: &[
            Production { producer: u::PROBE, ability: AbilityId(889), kind: K::Build, structures: &[u::CYBERNETICS_CORE], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::TEMPLAR_ARCHIVE, name: "TemplarArchive", race: Race::Protoss,
        is_structure: true, needs_power: true,
        minerals: 150, vespene: 200, minerals_total: 150, vespene_total: 200,
        supply_used: 0.0, supply_provided: 0.0, build_time: 800.0,
        life: 500.0, shields: 500.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        power_radius: 6.5,
        creation_ability: AbilityId(890),
        produced_by: &[
            Production { producer: u::PROBE, ability: AbilityId(890), kind: K::Build, structures: &[u::TWILIGHT_COUNCIL], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::DARK_SHRINE, name: "DarkShrine", race: Race::Protoss,
        is_structure: true, needs_power: true,
        minerals: 150, vespene: 150, minerals_total: 150, vespene_total: 150,
        supply_used: 0.0, supply_provided: 0.0, build_time: 1600.0,
        life: 500.0, shields: 500.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Structure]),
        sight: 9.0, radius: 1.5,
        footprint: (2, 2),
        power_radius: 6.5,
        creation_ability: AbilityId(891),
        produced_by: &[
            Production { producer: u::PROBE, ability: AbilityId(891), kind: K::Build, structures: &[u::TWILIGHT_COUNCIL], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ROBOTICS_BAY, name: "RoboticsBay", race: Race::Protoss,
        is_structure: true, needs_power: true,
        minerals: 150, vespene: 150, minerals_total: 150, vespene_total: 150,
        supply_used: 0.0, supply_provided: 0.0, build_time: 1040.0,
        life: 500.0, shields: 500.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        power_radius: 6.5,
        creation_ability: AbilityId(892),
        produced_by: &[
            Production { producer: u::PROBE, ability: AbilityId(892), kind: K::Build, structures: &[u::ROBOTICS_FACILITY], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ROBOTICS_FACILITY, name: "RoboticsFacility", race: Race::Protoss,
        is_structure: true, needs_power: true,
        minerals: 150, vespene: 100, minerals_total: 150, vespene_total: 100,
        supply_used: 0.0, supply_provided: 0.0, build_time: 1040.0,
        life: 450.0, shields: 450.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        power_radius: 6.5,
        creation_ability: AbilityId(893),
        produced_by: &[
            Production { producer: u::PROBE, ability: AbilityId(893), kind: K::Build, structures: &[u::CYBERNETICS_CORE], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::CYBERNETICS_CORE, name: "CyberneticsCore", race: Race::Protoss,
        is_structure: true, needs_power: true,
        minerals: 150, vespene: 0, minerals_total: 150, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 800.0,
        life: 550.0, shields: 550.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        power_radius: 6.5,
        creation_ability: AbilityId(894),
        produced_by: &[
            Production { producer: u::PROBE, ability: AbilityId(894), kind: K::Build, structures: &[u::GATEWAY], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ZEALOT, name: "Zealot", race: Race::Protoss,
        minerals: 100, vespene: 0, minerals_total: 100, vespene_total: 0,
        supply_used: 2.0, supply_provided: 0.0, build_time: 608.0,
        life: 100.0, shields: 50.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.140625, acceleration: 0.0, turn_rate: 1.09066,
        sight: 9.0, radius: 0.5,
        cargo_size: 2,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 8.0, damage_per_level: 1.0, attacks: 2, range: 0.1001, cooldown_loops: 19.1992, bonus: &[] },
        ],
        creation_ability: AbilityId(916),
        produced_by: &[
            Production { producer: u::GATEWAY, ability: AbilityId(916), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::WARP_GATE, ability: AbilityId(1413), kind: K::WarpIn, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::STALKER, name: "Stalker", race: Race::Protoss,
        minerals: 125, vespene: 50, minerals_total: 125, vespene_total: 50,
        supply_used: 2.0, supply_provided: 0.0, build_time: 672.0,
        life: 80.0, shields: 80.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical]),
        speed: 0.18457, acceleration: 0.0, turn_rate: 1.09066,
        sight: 10.0, radius: 0.625,
        cargo_size: 2,
        weapons: &[
            WeaponData { target: WeaponTarget::Both, damage: 13.0, damage_per_level: 1.0, attacks: 1, range: 6.0, cooldown_loops: 29.9219, bonus: &[DamageBonus { attribute: A::Armored, damage: 5.0, per_level: 1.0 }] },
        ],
        creation_ability: AbilityId(917),
        produced_by: &[
            Production { producer: u::GATEWAY, ability: AbilityId(917), kind: K::Train, structures: &[u::CYBERNETICS_CORE], upgrades: &[], tech_lab: false },
            Production { producer: u::WARP_GATE, ability: AbilityId(1414), kind: K::WarpIn, structures: &[u::CYBERNETICS_CORE], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::HIGH_TEMPLAR, name: "HighTemplar", race: Race::Protoss,
        minerals: 50, vespene: 150, minerals_total: 50, vespene_total: 150,
        supply_used: 2.0, supply_provided: 0.0, build_time: 880.0,
        life: 40.0, shields: 40.0, energy_max: 200.0, energy_start: 50.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Biological, A::Psionic]),
        speed: 0.117188, acceleration: 0.0, turn_rate: 1.09066,
        sight: 10.0, radius: 0.375,
        cargo_size: 2,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 4.0, damage_per_level: 1.0, attacks: 1, range: 6.0, cooldown_loops: 28.0625, bonus: &[] },
        ],
        creation_ability: AbilityId(919),
        produced_by: &[
            Production { producer: u::GATEWAY, ability: AbilityId(919), kind: K::Train, structures: &[u::TEMPLAR_ARCHIVE], upgrades: &[], tech_lab: false },
            Production { producer: u::WARP_GATE, ability: AbilityId(1416), kind: K::WarpIn, structures: &[u::TEMPLAR_ARCHIVE], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::DARK_TEMPLAR, name: "DarkTemplar", race: Race::Protoss,
        minerals: 125, vespene: 125, minerals_total: 125, vespene_total: 125,
        supply_used: 2.0, supply_provided: 0.0, build_time: 880.0,
        life: 40.0, shields: 80.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Light, A::Biological, A::Psionic]),
        speed: 0.175781, acceleration: 0.0, turn_rate: 1.09066,
        sight: 8.0, radius: 0.375,
        cargo_size: 2,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 45.0, damage_per_level: 5.0, attacks: 1, range: 0.1001, cooldown_loops: 27.1055, bonus: &[] },
        ],
        creation_ability: AbilityId(920),
        produced_by: &[
            Production { producer: u::GATEWAY, ability: AbilityId(920), kind: K::Train, structures: &[u::DARK_SHRINE], upgrades: &[], tech_lab: false },
            Production { producer: u::WARP_GATE, ability: AbilityId(1417), kind: K::WarpIn, structures: &[u::DARK_SHRINE], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::SENTRY, name: "Sentry", race: Race::Protoss,
        minerals: 50, vespene: 100, minerals_total: 50, vespene_total: 100,
        supply_used: 2.0, supply_provided: 0.0, build_time: 592.0,
        life: 40.0, shields: 40.0, energy_max: 200.0, energy_start: 50.0, armor: 1.0,
        attributes: Attributes::of(&[A::Light, A::Mechanical, A::Psionic]),
        speed: 0.140625, acceleration: 0.0, turn_rate: 1.09066,
        sight: 10.0, radius: 0.5,
        cargo_size: 2,
        weapons: &[
            WeaponData { target: WeaponTarget::Both, damage: 6.0, damage_per_level: 1.0, attacks: 1, range: 5.0, cooldown_loops: 16.0, bonus: &[] },
        ],
        creation_ability: AbilityId(921),
        produced_by: &[
            Production { producer: u::GATEWAY, ability: AbilityId(921), kind: K::Train, structures: &[u::CYBERNETICS_CORE], upgrades: &[], tech_lab: false },
            Production { producer: u::WARP_GATE, ability: AbilityId(1418), kind: K::WarpIn, structures: &[u::CYBERNETICS_CORE], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::PHOENIX, name: "Phoenix", race: Race::Protoss,
        is_flying: true,
        minerals: 150, vespene: 100, minerals_total: 150, vespene_total: 100,
        supply_used: 2.0, supply_provided: 0.0, build_time: 560.0,
        life: 120.0, shields: 60.0, energy_max: 200.0, energy_start: 50.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Mechanical]),
        speed: 0.265625, acceleration: 0.012695, turn_rate: 1.636182,
        sight: 10.0, radius: 0.75,
        weapons: &[
            WeaponData { target: WeaponTarget::Air, damage: 5.0, damage_per_level: 1.0, attacks: 2, range: 5.0, cooldown_loops: 17.6016, bonus: &[DamageBonus { attribute: A::Light, damage: 5.0, per_level: 0.0 }] },
        ],
        creation_ability: AbilityId(946),
        produced_by: &[
            Production { producer: u::STARGATE, ability: AbilityId(946), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::CARRIER, name: "Carrier", race: Race::Protoss,
        is_flying: true,
        minerals: 350, vespene: 250, minerals_total: 350, vespene_total: 250,
        supply_used: 6.0, supply_provided: 0.0, build_time: 1440.0,
        life: 300.0, shields: 150.0, energy_max: 0.0, energy_start: 0.0, armor: 2.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Massive]),
        speed: 0.117188, acceleration: 0.00415, turn_rate: 0.785398,
        sight: 12.0, radius: 1.25,
        creation_ability: AbilityId(948),
        produced_by: &[
            Production { producer: u::STARGATE, ability: AbilityId(948), kind: K::Train, structures: &[u::FLEET_BEACON], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::VOID_RAY, name: "VoidRay", race: Race::Protoss,
        is_flying: true,
        minerals: 250, vespene: 150, minerals_total: 250, vespene_total: 150,
        supply_used: 4.0, supply_provided: 0.0, build_time: 960.0,
        life: 150.0, shields: 100.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical]),
        speed: 0.15625, acceleration: 0.007812, turn_rate: 1.09066,
        sight: 10.0, radius: 1.0,
        weapons: &[
            WeaponData { target: WeaponTarget::Both, damage: 6.0, damage_per_level: 1.0, attacks: 1, range: 6.0, cooldown_loops: 8.0, bonus: &[DamageBonus { attribute: A::Armored, damage: 4.0, per_level: 0.0 }] },
        ],
        creation_ability: AbilityId(950),
        produced_by: &[
            Production { producer: u::STARGATE, ability: AbilityId(950), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::WARP_PRISM, name: "WarpPrism", race: Race::Protoss,
        is_flying: true,
        minerals: 250, vespene: 0, minerals_total: 250, vespene_total: 0,
        supply_used: 2.0, supply_provided: 0.0, build_time: 800.0,
        life: 80.0, shields: 100.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Psionic]),
        speed: 0.18457, acceleration: 0.010254, turn_rate: 0.785398,
        sight: 10.0, radius: 0.875,
        cargo_capacity: 8,
        creation_ability: AbilityId(976),
        produced_by: &[
            Production { producer: u::ROBOTICS_FACILITY, ability: AbilityId(976), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::WARP_PRISM_PHASING, ability: AbilityId(1530), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::OBSERVER, name: "Observer", race: Race::Protoss,
        is_flying: true,
        minerals: 25, vespene: 75, minerals_total: 25, vespene_total: 75,
        supply_used: 1.0, supply_provided: 0.0, build_time: 480.0,
        life: 40.0, shields: 20.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Mechanical]),
        speed: 0.134277, acceleration: 0.008301, turn_rate: 0.785398,
        sight: 11.0, radius: 0.5,
        detect_range: 11.0,
        creation_ability: AbilityId(977),
        produced_by: &[
            Production { producer: u::ROBOTICS_FACILITY, ability: AbilityId(977), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::OBSERVER_SIEGE_MODE, ability: AbilityId(3739), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::IMMORTAL, name: "Immortal", race: Race::Protoss,
        minerals: 275, vespene: 100, minerals_total: 275, vespene_total: 100,
        supply_used: 4.0, supply_provided: 0.0, build_time: 880.0,
        life: 200.0, shields: 100.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical]),
        speed: 0.140625, acceleration: 0.0, turn_rate: 0.0,
        sight: 9.0, radius: 0.75,
        cargo_size: 4,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 20.0, damage_per_level: 2.0, attacks: 1, range: 6.0, cooldown_loops: 23.1992, bonus: &[DamageBonus { attribute: A::Armored, damage: 30.0, per_level: 3.0 }] },
        ],
        creation_ability: AbilityId(979),
        produced_by: &[
            Production { producer: u::ROBOTICS_FACILITY, ability: AbilityId(979), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::PROBE, name: "Probe", race: Race::Protoss,
        is_worker: true,
        minerals: 50, vespene: 0, minerals_total: 50, vespene_total: 0,
        supply_used: 1.0, supply_provided: 0.0, build_time: 272.0,
        life: 20.0, shields: 20.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Mechanical]),
        speed: 0.175781, acceleration: 0.009766, turn_rate: 1.09066,
        sight: 8.0, radius: 0.375,
        cargo_size: 1,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 5.0, damage_per_level: 0.0, attacks: 1, range: 0.1001, cooldown_loops: 24.0, bonus: &[] },
        ],
        creation_ability: AbilityId(1006),
        produced_by: &[
            Production { producer: u::NEXUS, ability: AbilityId(1006), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::INTERCEPTOR, name: "Interceptor", race: Race::Protoss,
        is_flying: true,
        minerals: 0, vespene: 0, minerals_total: 15, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 0.0,
        life: 40.0, shields: 40.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Mechanical]),
        speed: 0.46875, acceleration: 0.0, turn_rate: 1.09066,
        sight: 7.0, radius: 0.25,
        weapons: &[
            WeaponData { target: WeaponTarget::Both, damage: 5.0, damage_per_level: 1.0, attacks: 2, range: 2.0, cooldown_loops: 48.0, bonus: &[] },
        ],
        ..BLANK
    },
    UnitData {
        id: u::WARP_GATE, name: "WarpGate", race: Race::Protoss,
        is_structure: true, needs_power: true,
        minerals: 0, vespene: 0, minerals_total: 150, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 160.0,
        life: 500.0, shields: 500.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Structure]),
        sight: 9.0, radius: 1.8125,
        footprint: (3, 3),
        power_radius: 6.5,
        creation_ability: AbilityId(1518),
        tech_alias: &[u::GATEWAY],
        produced_by: &[
            Production { producer: u::GATEWAY, ability: AbilityId(1518), kind: K::ModeChange, structures: &[], upgrades: &[UpgradeId(84)], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::FORCE_FIELD, name: "ForceField", race: Race::Protoss,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 0.0,
        life: 15.0, shields: 0.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[]),
        sight: 0.0, radius: 1.5,
        ..BLANK
    },
    UnitData {
        id: u::WARP_PRISM_PHASING, name: "WarpPrismPhasing", race: Race::Protoss,
        is_flying: true,
        minerals: 0, vespene: 0, minerals_total: 250, vespene_total: 0,
        supply_used: 2.0, supply_provided: 0.0, build_time: 24.0,
        life: 80.0, shields: 100.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Psionic]),
        sight: 11.0, radius: 0.875,
        cargo_capacity: 8, power_radius: 3.75,
        creation_ability: AbilityId(1528),
        tech_alias: &[u::WARP_PRISM],
        unit_alias: u::WARP_PRISM,
        produced_by: &[
            Production { producer: u::WARP_PRISM, ability: AbilityId(1528), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ARCHON, name: "Archon", race: Race::Protoss,
        minerals: 0, vespene: 0, minerals_total: 175, vespene_total: 275,
        supply_used: 4.0, supply_provided: 0.0, build_time: 0.0,
        life: 10.0, shields: 350.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Psionic, A::Massive]),
        speed: 0.175781, acceleration: 0.0, turn_rate: 1.09066,
        sight: 9.0, radius: 1.0,
        cargo_size: 4,
        weapons: &[
            WeaponData { target: WeaponTarget::Both, damage: 25.0, damage_per_level: 3.0, attacks: 1, range: 3.0, cooldown_loops: 28.0625, bonus: &[DamageBonus { attribute: A::Biological, damage: 10.0, per_level: 1.0 }] },
        ],
        produced_by: &[
            Production { producer: u::DARK_TEMPLAR, ability: AbilityId(1766), kind: K::Morph, structures: &[], upgrades: &[], tech_lab: false },
            Production { producer: u::HIGH_TEMPLAR, ability: AbilityId(1766), kind: K::Morph, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ADEPT, name: "Adept", race: Race::Protoss,
        minerals: 100, vespene: 25, minerals_total: 100, vespene_total: 25,
        supply_used: 2.0, supply_provided: 0.0, build_time: 672.0,
        life: 70.0, shields: 70.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.15625, acceleration: 0.0, turn_rate: 1.09066,
        sight: 9.0, radius: 0.5,
        cargo_size: 2,
        weapons: &[
            WeaponData { target: WeaponTarget::Ground, damage: 10.0, damage_per_level: 1.0, attacks: 1, range: 4.0, cooldown_loops: 36.0, bonus: &[DamageBonus { attribute: A::Light, damage: 12.0, per_level: 1.0 }] },
        ],
        creation_ability: AbilityId(922),
        produced_by: &[
            Production { producer: u::GATEWAY, ability: AbilityId(922), kind: K::Train, structures: &[u::CYBERNETICS_CORE], upgrades: &[], tech_lab: false },
            Production { producer: u::WARP_GATE, ability: AbilityId(1419), kind: K::WarpIn, structures: &[u::CYBERNETICS_CORE], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ORACLE, name: "Oracle", race: Race::Protoss,
        is_flying: true,
        minerals: 150, vespene: 150, minerals_total: 150, vespene_total: 150,
        supply_used: 3.0, supply_provided: 0.0, build_time: 832.0,
        life: 100.0, shields: 60.0, energy_max: 200.0, energy_start: 50.0, armor: 0.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Psionic]),
        speed: 0.25, acceleration: 0.011719, turn_rate: 1.09066,
        sight: 10.0, radius: 0.75,
        creation_ability: AbilityId(954),
        produced_by: &[
            Production { producer: u::STARGATE, ability: AbilityId(954), kind: K::Train, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::TEMPEST, name: "Tempest", race: Race::Protoss,
        is_flying: true,
        minerals: 250, vespene: 175, minerals_total: 250, vespene_total: 175,
        supply_used: 5.0, supply_provided: 0.0, build_time: 960.0,
        life: 150.0, shields: 125.0, energy_max: 0.0, energy_start: 0.0, armor: 2.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical, A::Massive]),
        speed: 0.140625, acceleration: 0.011719, turn_rate: 0.785398,
        sight: 12.0, radius: 1.25,
        weapons: &[
            WeaponData { target: WeaponTarget::Air, damage: 30.0, damage_per_level: 3.0, attacks: 1, range: 15.0, cooldown_loops: 52.8008, bonus: &[DamageBonus { attribute: A::Massive, damage: 22.0, per_level: 2.0 }] },
            WeaponData { target: WeaponTarget::Ground, damage: 40.0, damage_per_level: 4.0, attacks: 1, range: 10.0, cooldown_loops: 52.8008, bonus: &[] },
        ],
        creation_ability: AbilityId(955),
        produced_by: &[
            Production { producer: u::STARGATE, ability: AbilityId(955), kind: K::Train, structures: &[u::FLEET_BEACON], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::DISRUPTOR, name: "Disruptor", race: Race::Protoss,
        minerals: 150, vespene: 150, minerals_total: 150, vespene_total: 150,
        supply_used: 3.0, supply_provided: 0.0, build_time: 800.0,
        life: 100.0, shields: 100.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical]),
        speed: 0.140625, acceleration: 0.0, turn_rate: 0.0,
        sight: 9.0, radius: 0.5,
        cargo_size: 4,
        creation_ability: AbilityId(994),
        produced_by: &[
            Production { producer: u::ROBOTICS_FACILITY, ability: AbilityId(994), kind: K::Train, structures: &[u::ROBOTICS_BAY], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ORACLE_STASIS_TRAP, name: "OracleStasisTrap", race: Race::Protoss,
        is_structure: true,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 80.0,
        life: 30.0, shields: 30.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Structure]),
        sight: 4.0, radius: 0.4375,
        footprint: (1, 1),
        creation_ability: AbilityId(2505),
        produced_by: &[
            Production { producer: u::ORACLE, ability: AbilityId(2505), kind: K::Build, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::DISRUPTOR_PHASED, name: "DisruptorPhased", race: Race::Protoss,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 3.0, supply_provided: 0.0, build_time: 0.0,
        life: 100.0, shields: 100.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Mechanical]),
        speed: 0.265625, acceleration: 0.0, turn_rate: 0.0,
        sight: 9.0, radius: 0.5,
        cargo_size: 4,
        creation_ability: AbilityId(2546),
        ..BLANK
    },
    UnitData {
        id: u::ADEPT_PHASE_SHIFT, name: "AdeptPhaseShift", race: Race::Protoss,
        minerals: 0, vespene: 0, minerals_total: 0, vespene_total: 0,
        supply_used: 2.0, supply_provided: 0.0, build_time: 0.0,
        life: 90.0, shields: 50.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Light, A::Biological]),
        speed: 0.25, acceleration: 0.0, turn_rate: 1.09066,
        sight: 4.0, radius: 0.5,
        cargo_size: 2,
        unit_alias: u::ADEPT,
        ..BLANK
    },
    UnitData {
        id: u::SHIELD_BATTERY, name: "ShieldBattery", race: Race::Protoss,
        is_structure: true, needs_power: true,
        minerals: 100, vespene: 0, minerals_total: 100, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 640.0,
        life: 150.0, shields: 150.0, energy_max: 100.0, energy_start: 100.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Structure]),
        sight: 9.0, radius: 1.125,
        footprint: (2, 2),
        power_radius: 6.5,
        creation_ability: AbilityId(895),
        produced_by: &[
            Production { producer: u::PROBE, ability: AbilityId(895), kind: K::Build, structures: &[u::CYBERNETICS_CORE], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::OBSERVER_SIEGE_MODE, name: "ObserverSiegeMode", race: Race::Protoss,
        is_flying: true,
        minerals: 0, vespene: 0, minerals_total: 25, vespene_total: 75,
        supply_used: 1.0, supply_provided: 0.0, build_time: 12.0,
        life: 40.0, shields: 20.0, energy_max: 0.0, energy_start: 0.0, armor: 0.0,
        attributes: Attributes::of(&[A::Light, A::Mechanical]),
        sight: 13.75, radius: 0.5,
        detect_range: 13.75,
        creation_ability: AbilityId(3741),
        unit_alias: u::OBSERVER,
        produced_by: &[
            Production { producer: u::OBSERVER, ability: AbilityId(3741), kind: K::ModeChange, structures: &[], upgrades: &[], tech_lab: false },
        ],
        ..BLANK
    },
    UnitData {
        id: u::ASSIMILATOR_RICH, name: "AssimilatorRich", race: Race::Protoss,
        is_structure: true, needs_geyser: true,
        minerals: 0, vespene: 0, minerals_total: 75, vespene_total: 0,
        supply_used: 0.0, supply_provided: 0.0, build_time: 0.0,
        life: 300.0, shields: 300.0, energy_max: 0.0, energy_start: 0.0, armor: 1.0,
        attributes: Attributes::of(&[A::Armored, A::Structure]),
        sight: 9.0, radius: 1.6875,
        tech_alias: &[u::ASSIMILATOR],
        unit_alias: u::ASSIMILATOR,
        ..BLANK
    },
];
