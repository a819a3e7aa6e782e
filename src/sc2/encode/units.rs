//! One unit of an observation.

use super::Area;
use crate::game::raw_obs::Passenger;
use crate::game::{Alliance, RawOrder, RawUnit, Target};
use crate::sc2::proto::{self, unit_order};

/// The unit as the client is told of it; `all` are those it is told of with it.
pub fn unit(it: &RawUnit, all: &[RawUnit], area: &Area) -> proto::Unit {
    let mut message = proto::Unit {
        display_type: Some(it.display as i32),
        alliance: Some(it.alliance as i32),
        tag: Some(it.tag.0),
        unit_type: Some(it.unit_type.0.into()),
        owner: Some(it.owner.0.into()),
        pos: Some(area.point(it.pos, it.z)),
        facing: Some(it.facing),
        radius: Some(it.radius),
        build_progress: Some(it.build_progress),
        cloak: Some(it.cloak as i32),
        buff_ids: it.buffs.iter().map(|b| b.0.into()).collect(),
        detect_range: positive(it.detect_range),
        radar_range: positive(it.radar_range),
        is_selected: Some(it.is_selected),
        is_on_screen: Some(it.is_on_screen),
        is_blip: Some(it.is_blip),
        is_powered: Some(it.is_powered),
        is_active: Some(it.is_active),
        attack_upgrade_level: level(it.attack_upgrade_level),
        armor_upgrade_level: level(it.armor_upgrade_level),
        shield_upgrade_level: level(it.shield_upgrade_level),
        is_flying: Some(it.is_flying),
        is_burrowed: Some(it.is_burrowed),
        is_hallucination: Some(it.is_hallucination),
        mineral_contents: contents(it.mineral_contents),
        vespene_contents: contents(it.vespene_contents),
        ..proto::Unit::default()
    };
    vitals_into(it, &mut message);
    if it.alliance == Alliance::Own {
        own_into(it, all, area, &mut message);
    }
    message
}

fn positive(value: f32) -> Option<f32> {
    (value > 0.0).then_some(value)
}

fn level(value: u8) -> Option<i32> {
    (value > 0).then_some(value.into())
}

fn contents(value: u32) -> Option<i32> {
    (value > 0).then_some(value as i32)
}

/// What is remembered and not seen has no vitals.
fn vitals_into(it: &RawUnit, message: &mut proto::Unit) {
    if it.health_max > 0.0 {
        message.health = Some(it.health);
        message.health_max = Some(it.health_max);
    }
    if it.shield_max > 0.0 {
        message.shield = Some(it.shield);
        message.shield_max = Some(it.shield_max);
    }
    if it.energy_max > 0.0 {
        message.energy = Some(it.energy);
        message.energy_max = Some(it.energy_max);
    }
}

/// What only the owner is told.
fn own_into(it: &RawUnit, all: &[RawUnit], area: &Area, message: &mut proto::Unit) {
    message.orders = it.orders.iter().map(|o| order(o, area)).collect();
    message.add_on_tag = it.add_on.is_some().then_some(it.add_on.0);
    message.passengers = it.passengers.iter().map(passenger).collect();
    if it.cargo_space_max > 0 {
        message.cargo_space_taken = Some(it.cargo_space_taken.into());
        message.cargo_space_max = Some(it.cargo_space_max.into());
    }
    if it.ideal_harvesters > 0 || it.assigned_harvesters > 0 {
        message.assigned_harvesters = Some(it.assigned_harvesters.into());
        message.ideal_harvesters = Some(it.ideal_harvesters.into());
    }
    message.weapon_cooldown = Some(it.weapon_cooldown);
    message.engaged_target_tag = it.engaged_target.is_some().then_some(it.engaged_target.0);
    if it.buff_duration_max > 0 {
        message.buff_duration_remain = Some(it.buff_duration_remain as i32);
        message.buff_duration_max = Some(it.buff_duration_max as i32);
    }
    message.rally_targets = it
        .rally_targets
        .iter()
        .map(|t| rally(t, it, all, area))
        .collect();
}

fn order(order: &RawOrder, area: &Area) -> proto::UnitOrder {
    proto::UnitOrder {
        ability_id: Some(order.ability.0.into()),
        progress: (order.progress > 0.0).then_some(order.progress),
        target: match order.target {
            Target::None => None,
            Target::Point(at) => Some(unit_order::Target::TargetWorldSpacePos(area.point(at, 0.0))),
            Target::Unit(tag) => Some(unit_order::Target::TargetUnitTag(tag.0)),
        },
    }
}

fn passenger(it: &Passenger) -> proto::PassengerUnit {
    let some = |max: f32, value: f32| (max > 0.0).then_some(value);
    proto::PassengerUnit {
        tag: Some(it.tag.0),
        unit_type: Some(it.unit_type.0.into()),
        health: some(it.health_max, it.health),
        health_max: positive(it.health_max),
        shield: some(it.shield_max, it.shield),
        shield_max: positive(it.shield_max),
        energy: some(it.energy_max, it.energy),
        energy_max: positive(it.energy_max),
    }
}

/// A rally on a unit says its place too: that of the structure, where the unit is not in the list.
fn rally(target: &Target, it: &RawUnit, all: &[RawUnit], area: &Area) -> proto::RallyTarget {
    let (at, tag) = match *target {
        Target::Point(at) => (at, None),
        Target::Unit(tag) => {
            let seen = all.iter().find(|unit| unit.tag == tag);
            (seen.unwrap_or(it).pos, Some(tag.0))
        }
        Target::None => (it.pos, None),
    };
    proto::RallyTarget {
        point: Some(area.point(at, 0.0)),
        tag,
    }
}
