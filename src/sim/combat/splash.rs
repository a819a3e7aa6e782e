//! Deals a hit: to its target, to those its splash touches, and what follows from being hit.

use super::damage::{Armor, attack_damage};
use super::target::{visible_to, weapon_for};
use super::weapons::Splash;
use super::{Hit, Motion};
use crate::game::data::unit_ids as u;
use crate::game::data::upgrade_ids as g;
use crate::game::{Attribute, Point};
use crate::sim::state::State;
use crate::sim::unit::{Stance, Unit, UnitRef};
use crate::sim::upgrades::{add_buff, armor_lost, buffs, light_bonus};

/// Concussive shells slow for 1.5 s at speed Normal (Liquipedia, "Concussive Shells").
const SLOW_LOOPS: u32 = 24;
/// Idle friends within this many cells help a unit that is attacked.
const HELP_REACH: f32 = 7.0;
/// A victim calls for help at most this often.
const HELP_LOOPS: u32 = 8;

/// Spreads a hit, deals its damage and wakes the victims' friends.
pub(super) fn deal(state: &mut State, hit: &Hit, touched: &mut Vec<(UnitRef, f32)>) {
    if state.get(hit.to).is_none_or(|it| it.inside) {
        return; // fell to somebody else's shot, or got away into a transport
    }
    touched.clear();
    touched.push((hit.to, 1.0));
    spread(state, hit, touched);
    for &(to, share) in touched.iter() {
        strike(state, hit, to, share);
    }
    if hit.weapon.splash == Splash::None {
        concuss(state, hit);
    }
}

fn strike(state: &mut State, hit: &Hit, to: UnitRef, share: f32) {
    let Some(it) = state.get(to) else { return };
    let before = it.hurt_loop;
    // The anti-armor missile counts against direct hits only.
    let reduction = if to == hit.to { armor_lost(it) } else { 0.0 };
    let armor = Armor {
        attributes: it.data.attributes,
        armor: it.data.armor + f32::from(it.armor_level) - reduction,
        shields: it.shields,
        shield_armor: 0.0,
    };
    let mut weapon = hit.weapon.data;
    if matches!(hit.weapon.splash, Splash::Line { .. } | Splash::Arc { .. }) {
        weapon.damage += flame_bonus(state, hit.from, it);
    }
    let amount = attack_damage(&weapon, hit.level, share, &armor);
    let calls = state.game_loop.saturating_sub(before) >= HELP_LOOPS || before == 0;
    state.damage(hit.from, to, amount);
    answer(state, hit.from, to, calls);
}

/// What upgrades add to a flame thrower's hit.
fn flame_bonus(state: &State, from: UnitRef, it: &Unit) -> f32 {
    let from = &state.units[from.slot()];
    let light = it.data.attributes.has(Attribute::Light);
    match state.players.get(usize::from(from.owner)) {
        Some(player) if light => light_bonus(player, from.type_id),
        _ => 0.0,
    }
}

/// Finds whom the splash touches besides the target. Only the target's layer counts.
fn spread(state: &State, hit: &Hit, touched: &mut Vec<(UnitRef, f32)>) {
    let (Some(target), Some(from)) = (
        state.units.get(hit.to.slot()),
        state.units.get(hit.from.slot()),
    ) else {
        return;
    };
    let enemy = usize::from(target.owner.min(1));
    match hit.weapon.splash {
        Splash::None => {}
        Splash::Circle {
            rings,
            friendly_fire,
        } => {
            let outer = rings.last().map_or(0.0, |r| r.0);
            for owner in 0..2 {
                if owner != enemy && !friendly_fire {
                    continue;
                }
                area(state, owner, target, outer, touched, |it| {
                    let d = it.pos.distance(target.pos) - it.radius;
                    rings.iter().find(|r| d <= r.0).map(|r| r.1)
                });
            }
        }
        Splash::Line { length, half_width } => {
            let along = direction(from, target);
            area(state, enemy, from, length, touched, |it| {
                let way = it.pos - from.pos;
                let forward = way.x * along.x + way.y * along.y;
                let aside = (way.x * along.y - way.y * along.x).abs();
                let hit = forward > 0.0
                    && forward - it.radius <= length + from.radius
                    && aside - it.radius <= half_width;
                hit.then_some(1.0)
            });
        }
        Splash::Arc {
            reach,
            half_angle_cos,
        } => {
            let along = direction(from, target);
            area(state, enemy, from, reach, touched, |it| {
                let way = it.pos - from.pos;
                let d = way.length();
                let forward = way.x * along.x + way.y * along.y;
                let hit = d - it.radius - from.radius <= reach && forward >= half_angle_cos * d;
                hit.then_some(1.0)
            });
        }
    }
}

fn direction(from: &Unit, to: &Unit) -> Point {
    let way = to.pos - from.pos;
    way * (1.0 / way.length().max(1e-3))
}

/// Adds the owner's units around `center` for which `share` gives something.
fn area(
    state: &State,
    owner: usize,
    center: &Unit,
    reach: f32,
    touched: &mut Vec<(UnitRef, f32)>,
    share: impl Fn(&Unit) -> Option<f32>,
) {
    let (target, flying) = (touched[0].0, state.units[touched[0].0.slot()].flying);
    let first = touched.len();
    state
        .space
        .visit(owner, center.pos, reach + center.radius + 2.75, |entry| {
            let it = &state.units[usize::from(entry.slot)];
            if !it.alive || it.inside || it.flying != flying || it.me == target {
                return;
            }
            if let Some(share) = share(it) {
                touched.push((it.me, share));
            }
        });
    touched[first..].sort_unstable_by_key(|t| t.0);
}

fn concuss(state: &mut State, hit: &Hit) {
    let slot = hit.from.slot();
    let from = &state.units[slot];
    if from.type_id != u::MARAUDER || from.owner > 1 {
        return;
    }
    if !state.players[usize::from(from.owner)].has(g::PUNISHER_GRENADES) {
        return;
    }
    let Some(it) = state.get(hit.to) else { return };
    let immune = it.data.is_structure || it.flying || it.data.attributes.has(Attribute::Massive);
    if !immune {
        add_buff(state, hit.to.slot(), buffs::SLOW, SLOW_LOOPS);
    }
}

/// The victim, and its idle friends around, turn on who attacked it.
pub(in crate::sim) fn answer(state: &mut State, from: UnitRef, victim: UnitRef, calls: bool) {
    let slot = victim.slot();
    let owner = state.units[slot].owner;
    let Some(attacker) = state.get(from) else {
        return;
    };
    if owner > 1 || attacker.owner > 1 || attacker.owner == owner || attacker.inside {
        return;
    }
    if !visible_to(attacker, owner) {
        return;
    }
    let flying = attacker.flying;
    if state.units[slot].alive {
        turn_on(&mut state.units[slot], from, flying);
    }
    if !calls {
        return;
    }
    let (units, space) = (&mut state.units, &state.space);
    let at = units[slot].pos;
    space.visit(usize::from(owner), at, HELP_REACH, |entry| {
        if entry.pos.distance_squared(at) < HELP_REACH * HELP_REACH {
            turn_on(&mut units[usize::from(entry.slot)], from, flying);
        }
    });
}

fn turn_on(unit: &mut Unit, attacker: UnitRef, attacker_flies: bool) {
    let free = matches!(unit.stance, Stance::Guard | Stance::Advance)
        && !unit.target.is_some()
        && unit.alive
        && unit.speed > 0.0
        && !unit.data.is_worker
        && !unit.data.is_structure
        && matches!(unit.arms.motion, Motion::Orders | Motion::Stand);
    if free && weapon_for(unit.weapons, attacker_flies).is_some() {
        unit.target = attacker;
        unit.arms.answers = true;
    }
}
