//! One unit of an observation.

use super::{byte, count, finite, id16, point3};
use crate::game::raw_obs::Passenger;
use crate::game::{
    AbilityId, Alliance, BuffId, CloakState, DisplayType, PlayerId, RawOrder, RawUnit, Target,
    UnitTag, UnitTypeId, math,
};
use crate::sc2::proto::{self, unit_order};

/// Fills `unit` from a message; its buffers are reused.
pub fn unit_into(message: &proto::Unit, unit: &mut RawUnit) {
    let mut passengers = std::mem::take(&mut unit.passengers);
    passengers.clear();
    passengers.extend(message.passengers.iter().map(passenger));
    *unit = RawUnit {
        tag: UnitTag(message.tag.unwrap_or(0)),
        unit_type: UnitTypeId(id16(message.unit_type)),
        owner: PlayerId(byte(message.owner)),
        alliance: alliance(message.alliance),
        display: display(message.display_type),
        cloak: cloak(message.cloak),
        pos: point3(message.pos.as_ref()),
        z: message.pos.as_ref().map_or(0.0, |p| finite(p.z)),
        facing: angle(message.facing),
        radius: finite(message.radius),
        build_progress: finite(message.build_progress),
        buffs: message
            .buff_ids
            .iter()
            .map(|b| BuffId(id16(Some(*b))))
            .collect(),
        detect_range: finite(message.detect_range),
        radar_range: finite(message.radar_range),
        attack_upgrade_level: byte(message.attack_upgrade_level),
        armor_upgrade_level: byte(message.armor_upgrade_level),
        shield_upgrade_level: byte(message.shield_upgrade_level),
        passengers,
        ..RawUnit::default()
    };
    flags_into(message, unit);
    vitals_into(message, unit);
    own_into(message, unit);
}

fn flags_into(message: &proto::Unit, unit: &mut RawUnit) {
    unit.is_selected = message.is_selected();
    unit.is_on_screen = message.is_on_screen();
    unit.is_blip = message.is_blip();
    unit.is_powered = message.is_powered();
    unit.is_active = message.is_active();
    unit.is_flying = message.is_flying();
    unit.is_burrowed = message.is_burrowed();
    unit.is_hallucination = message.is_hallucination();
}

fn vitals_into(message: &proto::Unit, unit: &mut RawUnit) {
    unit.health = finite(message.health);
    unit.health_max = finite(message.health_max);
    unit.shield = finite(message.shield);
    unit.shield_max = finite(message.shield_max);
    unit.energy = finite(message.energy);
    unit.energy_max = finite(message.energy_max);
    unit.mineral_contents = count(message.mineral_contents);
    unit.vespene_contents = count(message.vespene_contents);
}

/// What only the owner is told.
fn own_into(message: &proto::Unit, unit: &mut RawUnit) {
    unit.orders = message.orders.iter().map(order).collect();
    unit.add_on = UnitTag(message.add_on_tag.unwrap_or(0));
    unit.cargo_space_taken = byte(message.cargo_space_taken);
    unit.cargo_space_max = byte(message.cargo_space_max);
    let small = |v: Option<i32>| count(v).min(u32::from(u16::MAX)) as u16;
    unit.assigned_harvesters = small(message.assigned_harvesters);
    unit.ideal_harvesters = small(message.ideal_harvesters);
    unit.weapon_cooldown = finite(message.weapon_cooldown);
    unit.engaged_target = UnitTag(message.engaged_target_tag.unwrap_or(0));
    unit.buff_duration_remain = count(message.buff_duration_remain);
    unit.buff_duration_max = count(message.buff_duration_max);
    unit.rally_targets = message
        .rally_targets
        .iter()
        .map(|r| match r.tag {
            Some(tag) => Target::Unit(UnitTag(tag)),
            None => Target::Point(point3(r.point.as_ref())),
        })
        .collect();
}

/// Angles of any size, finite or not, to `[0, TAU)`.
fn angle(value: Option<f32>) -> f32 {
    math::wrap_angle(finite(value) % std::f32::consts::TAU)
}

fn order(message: &proto::UnitOrder) -> RawOrder {
    let target = match &message.target {
        None => Target::None,
        Some(unit_order::Target::TargetWorldSpacePos(p)) => Target::Point(point3(Some(p))),
        Some(unit_order::Target::TargetUnitTag(tag)) => Target::Unit(UnitTag(*tag)),
    };
    RawOrder {
        ability: AbilityId(id16(message.ability_id)),
        target,
        progress: finite(message.progress),
    }
}

fn passenger(message: &proto::PassengerUnit) -> Passenger {
    Passenger {
        tag: UnitTag(message.tag.unwrap_or(0)),
        unit_type: UnitTypeId(id16(message.unit_type)),
        health: finite(message.health),
        health_max: finite(message.health_max),
        shield: finite(message.shield),
        shield_max: finite(message.shield_max),
        energy: finite(message.energy),
        energy_max: finite(message.energy_max),
    }
}

pub fn alliance(number: Option<i32>) -> Alliance {
    match number {
        Some(1) => Alliance::Own,
        Some(2) => Alliance::Ally,
        Some(4) => Alliance::Enemy,
        _ => Alliance::Neutral,
    }
}

fn display(number: Option<i32>) -> DisplayType {
    match number {
        Some(2) => DisplayType::Snapshot,
        Some(3) => DisplayType::Hidden,
        Some(4) => DisplayType::Placeholder,
        _ => DisplayType::Visible,
    }
}

fn cloak(number: Option<i32>) -> CloakState {
    match number {
        Some(1) => CloakState::Cloaked,
        Some(2) => CloakState::CloakedDetected,
        Some(3) => CloakState::NotCloaked,
        Some(4) => CloakState::CloakedAllied,
        _ => CloakState::Unknown,
    }
}
