//! One unit's fighting: keep or find a target, close in or stand, attack when the weapon is ready.

use super::target::{Gaze, admits, gap, look, tier, visible_to, weapon_for, zone_of};
use super::weapons::Weapon;
use super::{Hit, Motion, Shot};
use crate::game::data::unit_ids as u;
use crate::sim::state::State;
use crate::sim::steer::follow;
use crate::sim::unit::{Goal, Stance, Unit, UnitRef};
use crate::sim::upgrades::{buffs, range_bonus};
use rand::RngExt;

/// Loops between two looks around without a target, and with one; by a loop more or less, so that they spread.
const LOOK_IDLE: u32 = 4;
const LOOK_BUSY: u32 = 8;
/// Chasers stop this far inside their range.
const CHASE_MARGIN: f32 = 0.05;
/// A chase goes on to where its target was while that is off by no more than this share of what is to be made, in cells.
const CHASE_SLACK: f32 = 0.25;
const CHASE_SLACK_MAX: f32 = 1.5;
/// Cells from its post at which an idle unit gives up a chase.
const LEASH: f32 = 12.0;
/// Cells beyond the scan range at which a target is dropped.
const DROP_BEYOND: f32 = 3.0;
/// Those who help a friend go this much farther.
const ANSWER_BEYOND: f32 = 8.0;
/// Closer to its post than this an idle unit is home.
const HOME_REACH: f32 = 0.5;
/// Attack speed under stimpack.
const STIM_RATE: f32 = 1.5;
/// Those in a bunker shoot this much farther.
const BUNKER_RANGE: f32 = 1.0;

/// Whether the unit's loop may change anything: not so for most structures, and for workers at work.
#[inline]
pub(super) fn concerns(unit: &Unit, now: u32) -> bool {
    if unit.cooldown > 0.0 || unit.type_id == u::BUNKER {
        return true;
    }
    if unit.asleep > now {
        return false;
    }
    let at_peace = stance_of(unit) == Stance::Passive
        && unit.target == UnitRef::NONE
        && unit.arms.motion == Motion::Orders
        && unit.arms.windup <= 0.0;
    match unit.weapons {
        [] => false,
        [first, ..] => !at_peace || first.fires_moving,
    }
}

/// One unit's loop; attacks that land at once go into `hits`.
pub(super) fn run(state: &mut State, slot: usize, hits: &mut Vec<Hit>) {
    let now = state.game_loop;
    let unit = &mut state.units[slot];
    if !unit.alive || unit.owner > 1 {
        return;
    }
    if unit.cooldown > 0.0 {
        unit.cooldown -= rate(unit);
    }
    if unit.inside {
        return;
    }
    if unit.type_id == u::BUNKER {
        man_bunker(state, slot, hits);
        return;
    }
    let arms = unit.weapons;
    if arms.is_empty() {
        return;
    }
    if unit.arms.quiet_until > now {
        unit.arms.motion = Motion::Orders;
        unit.target = UnitRef::NONE;
        break_off(unit);
        return;
    }
    let stance = stance_of(unit);
    if stance == Stance::Passive {
        unit.arms.motion = Motion::Orders;
        break_off(unit);
        if !arms[0].fires_moving {
            unit.target = UnitRef::NONE;
            return;
        }
    }
    if unit.build_left > 0.0 && unit.data.is_structure {
        return;
    }
    let bonus = range_bonus(&state.players[usize::from(unit.owner)], unit.type_id);
    find_target(state, slot, stance, arms, bonus);
    engage(state, slot, stance, arms, bonus, hits);
}

/// Armed structures watch on their own.
fn stance_of(unit: &Unit) -> Stance {
    match unit.stance {
        Stance::Focus => Stance::Focus,
        _ if unit.data.is_structure => Stance::Hold,
        stance => stance,
    }
}

fn rate(unit: &Unit) -> f32 {
    if unit.buffs.is_empty() {
        return 1.0;
    }
    let stim = unit.has_buff(buffs::STIM) || unit.has_buff(buffs::STIM_MARAUDER);
    if stim { STIM_RATE } else { 1.0 }
}

/// Checks the target that the unit has, and looks for a better one when it is time.
fn find_target(
    state: &mut State,
    slot: usize,
    stance: Stance,
    arms: &'static [Weapon],
    bonus: f32,
) {
    let unit = &state.units[slot];
    if unit.arms.windup > 0.0 {
        return;
    }
    if stance == Stance::Focus {
        return; // the order says whom
    }
    let valid = still_good(state, slot, stance, arms, bonus);
    let now = state.game_loop;
    if valid && now < unit.arms.look_at {
        return;
    }
    // Who loses his target looks at once; who has none, every few loops.
    if !valid && unit.target == UnitRef::NONE && now < unit.arms.look_at {
        return;
    }
    let keeps_away = unit.data.is_worker && stance == Stance::Guard;
    let found = if keeps_away {
        None
    } else {
        let gaze = Gaze {
            zone: zone_of(unit),
            range_bonus: bonus,
            in_range_only: matches!(stance, Stance::Hold | Stance::Passive) || unit.speed <= 0.0,
        };
        look(&state.units, &state.space, slot, unit, arms, gaze)
    };
    let keep = valid && keeps(state, unit, found, arms, bonus);
    let unit = &mut state.units[slot];
    if !keep {
        unit.target = found.unwrap_or(UnitRef::NONE);
        unit.arms.answers = false;
    }
    unit.arms.look_at = if unit.target.is_some() {
        now + LOOK_BUSY
    } else {
        now + LOOK_IDLE - 1 + (slot as u32 + now) % 3
    };
}

/// Whether a valid target is kept although another one was found: while it is in reach and no worse a kind of target.
fn keeps(
    state: &State,
    unit: &Unit,
    found: Option<UnitRef>,
    arms: &'static [Weapon],
    bonus: f32,
) -> bool {
    let (Some(it), Some(other)) = (state.get(unit.target), found.and_then(|f| state.get(f))) else {
        return found.is_none();
    };
    let in_range =
        weapon_for(arms, it.flying).is_some_and(|w| gap(unit, it) <= w.data.range + bonus);
    in_range && tier(it, unit.flying) <= tier(other, unit.flying)
}

/// Whether the present target can still be gone after.
fn still_good(
    state: &State,
    slot: usize,
    stance: Stance,
    arms: &'static [Weapon],
    bonus: f32,
) -> bool {
    let unit = &state.units[slot];
    let Some(it) = state.get(unit.target) else {
        return false;
    };
    if it.inside || it.owner == unit.owner || !visible_to(it, unit.owner) {
        return false;
    }
    let Some(weapon) = weapon_for(arms, it.flying) else {
        return false;
    };
    if !admits(unit, weapon, it) {
        return false;
    }
    let distance = gap(unit, it) - bonus;
    if matches!(stance, Stance::Hold | Stance::Passive) || unit.speed <= 0.0 {
        return distance <= weapon.data.range && distance >= weapon.min_range;
    }
    if stance == Stance::Guard && unit.pos.distance(unit.post) > LEASH {
        return false;
    }
    let beyond = if unit.arms.answers {
        ANSWER_BEYOND
    } else {
        DROP_BEYOND
    };
    distance <= weapon.scan + beyond
}

/// Stands and shoots, or goes where it can.
fn engage(
    state: &mut State,
    slot: usize,
    stance: Stance,
    arms: &'static [Weapon],
    bonus: f32,
    hits: &mut Vec<Hit>,
) {
    let unit = &state.units[slot];
    let it = state
        .get(unit.target)
        .filter(|it| !it.inside && visible_to(it, unit.owner));
    let weapon = it.and_then(|it| weapon_for(arms, it.flying));
    let (Some(it), Some(weapon)) = (it, weapon) else {
        let unit = &mut state.units[slot];
        break_off(unit);
        unit.arms.motion = without_target(unit, stance);
        return;
    };
    let distance = gap(unit, it) - bonus;
    let (at, radius) = (it.pos, it.radius);
    let reaches =
        distance <= weapon.data.range && distance >= weapon.min_range && admits(unit, weapon, it);
    let unit = &mut state.units[slot];
    if !reaches && unit.arms.windup <= 0.0 {
        let reach = weapon.data.range + bonus + unit.radius + radius - CHASE_MARGIN;
        unit.arms.motion = match stance {
            Stance::Passive => Motion::Orders,
            Stance::Hold => Motion::Stand,
            _ if unit.speed <= 0.0 || distance < weapon.min_range => Motion::Stand,
            _ => {
                let beyond = distance - weapon.data.range;
                Motion::Chase(heading_for(unit.arms.motion, Goal { at, reach }, beyond))
            }
        };
        return;
    }
    let moves = weapon.fires_moving && matches!(stance, Stance::Passive | Stance::Advance);
    if moves {
        unit.arms.motion = Motion::Orders;
    } else {
        unit.arms.motion = Motion::Stand;
        unit.nav.coast.left = 0;
        let direction = at - unit.pos;
        follow::face(unit, direction);
    }
    attack(state, slot, weapon, hits);
}

/// Where a chase goes: on to where its target was, until the target has moved by a good part of the `beyond` cells that
/// are to be made. So a way is kept for some loops, and who comes into range is right.
fn heading_for(before: Motion, goal: Goal, beyond: f32) -> Goal {
    let slack = (CHASE_SLACK * beyond).min(CHASE_SLACK_MAX);
    match before {
        Motion::Chase(old)
            if old.reach == goal.reach && old.at.distance_squared(goal.at) <= slack * slack =>
        {
            old
        }
        _ => goal,
    }
}

/// Starts an attack when the weapon is ready, and completes the one under way.
fn attack(state: &mut State, slot: usize, weapon: &'static Weapon, hits: &mut Vec<Hit>) {
    let unit = &mut state.units[slot];
    if unit.arms.windup > 0.0 {
        unit.arms.windup -= rate(unit);
    } else if unit.cooldown <= 0.0 {
        // The wait that is left over counts, so that the rate of fire is exact; a loop more or less keeps units of one
        // volley from firing in step forever, as in the game.
        let jitter = state.rng.random_range(-1i32..=1) as f32;
        unit.cooldown = unit.cooldown.max(-rate(unit)) + weapon.data.cooldown_loops + jitter;
        unit.arms.aimed = unit.target;
        unit.arms.windup = weapon.damage_point;
    } else {
        return;
    }
    if unit.arms.windup > 0.0 {
        return;
    }
    unit.arms.windup = 0.0;
    let (me, pos, to, level) = (unit.me, unit.pos, unit.arms.aimed, unit.weapon_level);
    launch(state, me, pos, to, weapon, level, hits);
}

/// Breaks an attack off before its damage point: the weapon is ready again at once.
fn break_off(unit: &mut Unit) {
    if unit.arms.windup > 0.0 {
        unit.arms.windup = 0.0;
        unit.cooldown = 0.0;
    }
}

fn launch(
    state: &mut State,
    from: UnitRef,
    pos: crate::game::Point,
    to: UnitRef,
    weapon: &'static Weapon,
    level: u8,
    hits: &mut Vec<Hit>,
) {
    let Some(target) = state.get(to) else { return };
    if weapon.missile_speed <= 0.0 {
        hits.push(Hit {
            from,
            to,
            weapon,
            level,
        });
        return;
    }
    let flight = pos.distance(target.pos) / weapon.missile_speed;
    state.shots.push(Shot {
        from,
        to,
        weapon,
        level,
        due: state.game_loop + 1 + flight as u32,
    });
}

fn without_target(unit: &Unit, stance: Stance) -> Motion {
    let strayed = stance == Stance::Guard
        && unit.orders.is_empty()
        && unit.speed > 0.0
        && unit.pos.distance_squared(unit.post) > 1.0;
    if strayed {
        return Motion::Chase(Goal {
            at: unit.post,
            reach: HOME_REACH,
        });
    }
    match stance {
        Stance::Hold => Motion::Stand,
        _ => Motion::Orders,
    }
}

/// Everybody in a bunker shoots from its place, each with his own weapon.
fn man_bunker(state: &mut State, slot: usize, hits: &mut Vec<Hit>) {
    for k in 0..state.units[slot].passengers.len() {
        let passenger = state.units[slot].passengers[k];
        if state.get(passenger).is_none() {
            continue;
        }
        let gunner = passenger.slot();
        let arms = state.units[gunner].weapons;
        if arms.is_empty() || state.units[gunner].data.is_worker {
            continue;
        }
        let bunker = &state.units[slot];
        let reach = |it: &Unit| {
            weapon_for(arms, it.flying)
                .is_some_and(|w| gap(bunker, it) <= w.data.range + BUNKER_RANGE)
        };
        let good = |target: UnitRef| {
            state
                .get(target)
                .is_some_and(|it| !it.inside && visible_to(it, bunker.owner) && reach(it))
        };
        let ordered = bunker.stance == Stance::Focus && good(bunker.target);
        let target = if ordered {
            bunker.target
        } else if good(state.units[gunner].target) {
            state.units[gunner].target
        } else {
            let gaze = Gaze {
                zone: None,
                range_bonus: BUNKER_RANGE,
                in_range_only: true,
            };
            look(&state.units, &state.space, gunner, bunker, arms, gaze).unwrap_or(UnitRef::NONE)
        };
        let pos = bunker.pos;
        let weapon = state.get(target).and_then(|it| weapon_for(arms, it.flying));
        let unit = &mut state.units[gunner];
        unit.target = target;
        let Some(weapon) = weapon else {
            break_off(unit);
            continue;
        };
        unit.pos = pos;
        attack(state, gunner, weapon, hits);
    }
}
