//! Harvesting: trips between fields and town halls, one worker at a field, one inside a gas structure.
//!
//! A gather order's stages: 0 on the way to the resource, 1 waiting there, 2 at work, 3 on the way home. A MULE does the
//! same with other figures and shares fields with workers.

use super::neutral::{self, NeutralKind};
use super::order::{Aim, Order, OrderKind};
use super::orders::{self, Step};
use super::score;
use super::state::{State, is_gas_structure, is_town_hall};
use super::unit::{Cargo, Goal, NEUTRAL, Stance, Unit, UnitRef};
use crate::game::data::unit_ids as u;
use crate::game::raw_obs::Alert;
use crate::game::{AbilityId, Point};

/// Loops a worker mines for one load: 2.786 s at speed Normal (Liquipedia, "Mining Minerals"), so that three workers on a
/// field bring about 143 a minute.
pub const MINE_LOOPS: u32 = 45;
/// Loops a worker stands at the field after mining, and at the town hall after handing over, before it sets off: fitted so
/// that as much comes in as in recorded games, at equal numbers of workers (`scc bench fidelity`).
const SET_OFF_LOOPS: u32 = 13;
const TURN_BACK_LOOPS: u32 = 21;
/// Loops inside a gas structure: with three workers one goes in as the other comes out (about 160 vespene a minute,
/// Liquipedia "Vespene Gas").
pub const GAS_LOOPS: u32 = 32;
/// Loops a MULE mines: nine loads of 25 in its 64 s (Liquipedia "MULE", patch 4.10).
pub const MULE_MINE_LOOPS: u32 = 100;
const LOAD: u8 = 5;
const RICH_LOAD: u8 = 7;
const GAS_LOAD: u8 = 4;
const RICH_GAS_LOAD: u8 = 8;
/// A MULE's load is five times as much.
const MULE_FACTOR: u8 = 5;
/// Fields of a town hall: within this many cells of its center.
const BASE_CELLS: f32 = 10.0;
/// A worker whose field is gone or taken looks this far for another.
const LOOK_CELLS: f32 = 12.0;
/// Workers are counted anew this often.
const COUNT_LOOPS: u32 = 16;
/// Center distance to a resource or town hall at which a worker can work, beyond both radii.
const TOUCH: f32 = 0.15;

pub(super) fn is_mineral_field(unit: &Unit) -> bool {
    unit.owner == NEUTRAL && neutral::has_minerals(unit.data)
}

/// A resource that a player's worker can be sent to.
pub(super) fn can_gather(target: &Unit, owner: u8) -> bool {
    is_mineral_field(target)
        || (is_gas_structure(target) && target.owner == owner && target.build_left <= 0.0)
}

pub(super) fn gather_ability(unit: &Unit) -> AbilityId {
    match unit.type_id {
        u::MULE => AbilityId(166),
        u::PROBE => AbilityId(298),
        u::DRONE => AbilityId(1183),
        _ => AbilityId(295),
    }
}

/// Return ability of a gather order: the next id in all three races' tables.
pub(super) fn return_ability(unit: &Unit) -> AbilityId {
    AbilityId(gather_ability(unit).0 + 1)
}

/// Mineral fields of a base, nearest first.
pub fn fields_near(state: &State, at: Point) -> Vec<UnitRef> {
    let mut found: Vec<(f32, UnitRef)> = state
        .living()
        .filter(|it| it.pos.distance(at) <= BASE_CELLS && is_mineral_field(it))
        .map(|it| (it.pos.distance(at), it.me))
        .collect();
    found.sort_by(|a, b| a.partial_cmp(b).expect("distances are numbers"));
    found.into_iter().map(|(_, me)| me).collect()
}

/// Recounts harvesters now and then; the trips themselves are steps of orders.
pub(super) fn run(state: &mut State) {
    if state.game_loop.is_multiple_of(COUNT_LOOPS) {
        count_harvesters(state);
        score::count_idle(state, COUNT_LOOPS);
    }
}

/// Harvesters per field, gas structure and town hall, and how many would be ideal: 2 a field, 3 a gas structure.
pub(super) fn count_harvesters(state: &mut State) {
    let State {
        units,
        order,
        halls,
        ..
    } = state;
    for &slot in order.iter() {
        let unit = &mut units[usize::from(slot)];
        (unit.harvesters, unit.harvesters_ideal) = (0, 0);
        if is_gas_structure(unit) && unit.build_left <= 0.0 {
            unit.harvesters_ideal = 3;
        }
    }
    for i in 0..order.len() {
        let unit = &units[usize::from(order[i])];
        if !unit.data.is_worker || !unit.alive {
            continue;
        }
        if let Some(it) = resource_of(unit)
            && units[it.slot()].me == it
        {
            units[it.slot()].harvesters += 1;
        }
    }
    let takes = |&slot: &u16| takes_cargo(&units[usize::from(slot)]);
    halls.clear();
    halls.extend(order.iter().copied().filter(takes));
    for &slot in order.iter() {
        let field = &units[usize::from(slot)];
        if field.owner != NEUTRAL {
            // Neutrals have the lowest slots.
            break;
        }
        let (at, count) = (field.pos, field.harvesters);
        if field.alive
            && is_mineral_field(field)
            && let Some(hall) = nearest_hall(units, halls, at, None, BASE_CELLS)
        {
            units[hall].harvesters += count;
            units[hall].harvesters_ideal += 2;
        }
    }
}

/// The resource a worker's order is about.
fn resource_of(unit: &Unit) -> Option<UnitRef> {
    let order = unit.orders.first()?;
    match (order.kind, order.aim) {
        (OrderKind::Gather, Aim::Unit(it)) => Some(it),
        (OrderKind::Return, _) if unit.mine.is_some() => Some(unit.mine),
        _ => None,
    }
}

/// Slot of the nearest finished town hall on the ground; of one owner, or of anybody.
fn nearest_hall(
    units: &[Unit],
    order: &[u16],
    at: Point,
    owner: Option<u8>,
    within: f32,
) -> Option<usize> {
    let mut best = (within * within, None);
    for &slot in order {
        let it = &units[usize::from(slot)];
        if it.owner == NEUTRAL || !it.data.is_townhall || !takes_cargo(it) {
            continue;
        }
        if owner.is_some_and(|o| o != it.owner) {
            continue;
        }
        let d = it.pos.distance_squared(at);
        if d < best.0 {
            best = (d, Some(usize::from(slot)));
        }
    }
    best.1
}

/// The owner's town hall nearest to a place: of those last counted, or if there is none left among all.
fn hall_for(state: &State, at: Point, owner: u8) -> Option<usize> {
    let find = |slots: &[u16]| nearest_hall(&state.units, slots, at, Some(owner), f32::MAX);
    find(&state.halls).or_else(|| find(&state.order))
}

fn takes_cargo(hall: &Unit) -> bool {
    hall.alive && !hall.flying && hall.build_left <= 0.0 && is_town_hall(hall)
}

/// One step of a gather order.
pub(super) fn gather(state: &mut State, slot: usize) -> Step {
    let order = state.units[slot].orders[0];
    let unit = &mut state.units[slot];
    unit.stance = Stance::Passive;
    unit.phasing = true;
    if matches!(order.stage, 0 | 3) && state.game_loop < order.timer {
        return Step::Going;
    }
    if order.stage == 3 {
        return carry(state, slot);
    }
    // Sent to gather with a load: home first, then on.
    if order.stage == 0 && unit.cargo_amount > 0 {
        state.units[slot].orders[0].stage = 3;
        return carry(state, slot);
    }
    let Aim::Unit(it) = order.aim else {
        return Step::Done;
    };
    let target = match state.get(it) {
        Some(target) if can_gather(target, state.units[slot].owner) => target,
        _ => return next_field(state, slot),
    };
    if is_gas_structure(target) {
        gather_gas(state, slot, it)
    } else {
        gather_minerals(state, slot, it)
    }
}

/// Brings a worker to the rim of a resource or town hall: true when it is there, none if it cannot get near. It heads for
/// a point on the rim rather than the blocked middle, so that a straight walk needs no path.
fn approach(state: &mut State, slot: usize, it: UnitRef) -> Option<bool> {
    let unit = &state.units[slot];
    if unit.nav.coast.left > 0 && unit.goal.is_some() {
        return Some(false); // under way, and at least two steps from where it is to go
    }
    let target = &state.units[it.slot()];
    let (at, radius) = (target.pos, target.radius);
    let unit = &mut state.units[slot];
    let rim = radius + unit.radius + TOUCH;
    let away = unit.pos.distance(at);
    if away <= rim + 0.1 {
        return Some(true);
    }
    let heads_there = |goal: Goal| (goal.at.distance_squared(at) - rim * rim).abs() < 0.05;
    if !unit.goal.is_some_and(heads_there) {
        unit.set_goal(at.toward(unit.pos, rim), 0.05);
    }
    if unit.arrived || unit.stuck {
        // As near as it gets: fine at the resource, hopeless elsewhere.
        return (away <= rim + 1.5).then_some(true);
    }
    Some(false)
}

fn gather_minerals(state: &mut State, slot: usize, it: UnitRef) -> Step {
    let me = state.units[slot].me;
    let mule = state.units[slot].type_id == u::MULE;
    let order = state.units[slot].orders[0];
    if order.stage == 2 {
        if state.game_loop < order.timer {
            return Step::Going;
        }
        load_minerals(state, slot, it);
        return go_home(state, slot);
    }
    match approach(state, slot, it) {
        Some(true) => {}
        Some(false) => return Step::Going,
        None => return next_field(state, slot),
    }
    let busy = !mule && occupied(state, it, me);
    if busy {
        // Taken: another field of the base, if one is free; else wait in line.
        let bounce = order.stage == 0 || (state.game_loop + slot as u32).is_multiple_of(16);
        if bounce && let Some(free) = free_field(state, slot, it) {
            let order = &mut state.units[slot].orders[0];
            order.aim = Aim::Unit(free);
            order.stage = 0;
            return Step::Going;
        }
        state.units[slot].orders[0].stage = 1;
        state.units[slot].clear_goal();
        return Step::Going;
    }
    let loops = if mule { MULE_MINE_LOOPS } else { MINE_LOOPS };
    if !mule {
        state.units[it.slot()].occupant = me;
    }
    let due = state.game_loop + loops;
    let unit = &mut state.units[slot];
    unit.clear_goal();
    unit.mine = it;
    unit.orders[0].stage = 2;
    unit.orders[0].timer = due;
    if !mule {
        unit.sleep(due);
    }
    Step::Going
}

/// Another worker is mining the field right now.
fn occupied(state: &State, field: UnitRef, me: UnitRef) -> bool {
    let occupant = state.units[field.slot()].occupant;
    occupant != me
        && state.get(occupant).is_some_and(|o| {
            o.orders.first().is_some_and(|order| {
                order.kind == OrderKind::Gather && order.stage == 2 && order.aim == Aim::Unit(field)
            })
        })
}

/// A field near `it` that nobody mines or heads for.
fn free_field(state: &State, slot: usize, it: UnitRef) -> Option<UnitRef> {
    let me = state.units[slot].me;
    let at = state.units[it.slot()].pos;
    let mut best: Option<(f32, UnitRef)> = None;
    for unit in neutrals(state) {
        // Few units are near: what they are is looked up for those alone.
        let d = unit.pos.distance(at);
        if d > BASE_CELLS || unit.me == it || unit.harvesters > 0 || !is_mineral_field(unit) {
            continue;
        }
        if best.is_none_or(|(b, _)| d < b) && !occupied(state, unit.me, me) {
            best = Some((d, unit.me));
        }
    }
    best.map(|(_, me)| me)
}

/// Neutral units have the lowest slots.
fn neutrals(state: &State) -> impl Iterator<Item = &Unit> {
    state.living().take_while(|unit| unit.owner == NEUTRAL)
}

fn load_minerals(state: &mut State, slot: usize, it: UnitRef) {
    let mule = state.units[slot].type_id == u::MULE;
    let rich = neutral::kind(state.units[it.slot()].type_id) == NeutralKind::RichMinerals;
    let share = if rich { RICH_LOAD } else { LOAD };
    let wanted = if mule { share * MULE_FACTOR } else { share };
    let field = &mut state.units[it.slot()];
    let taken = field.contents.min(u32::from(wanted));
    field.contents -= taken;
    field.occupant = UnitRef::NONE;
    let empty = field.contents == 0;
    let unit = &mut state.units[slot];
    unit.cargo = if rich {
        Cargo::RichMinerals
    } else {
        Cargo::Minerals
    };
    unit.cargo_amount = taken as u8;
    let owner = unit.owner;
    if empty {
        let at = state.units[it.slot()].pos;
        state.kill(it);
        if fields_near(state, at).is_empty() {
            state.alert(owner, Alert::MineralsExhausted);
        }
    }
}

fn gather_gas(state: &mut State, slot: usize, it: UnitRef) -> Step {
    match approach(state, slot, it) {
        Some(true) => {}
        Some(false) => return Step::Going,
        None => return Step::Done,
    }
    let me = state.units[slot].me;
    if state
        .get(state.units[it.slot()].occupant)
        .is_some_and(|o| o.inside && o.me != me)
    {
        let unit = &mut state.units[slot];
        unit.orders[0].stage = 1;
        unit.clear_goal();
        return Step::Going;
    }
    let due = state.game_loop + GAS_LOOPS;
    state.units[it.slot()].occupant = me;
    let unit = &mut state.units[slot];
    unit.clear_goal();
    unit.mine = it;
    unit.inside = true;
    unit.container = it;
    unit.orders[0].stage = 2;
    unit.orders[0].timer = due;
    Step::Going
}

/// Lets the worker out of a gas structure when its time is up. Runs for workers inside, whose orders do not step.
pub(super) fn inside_gas(state: &mut State, slot: usize) {
    let Some(order) = state.units[slot].orders.first().copied() else {
        return;
    };
    if order.kind != OrderKind::Gather || order.stage != 2 || state.game_loop < order.timer {
        return;
    }
    let it = state.units[slot].container;
    let owner = state.units[slot].owner;
    let mut taken = 0;
    if let Some(house) = state.get(it) {
        let rich = house.type_id == u::REFINERY_RICH;
        let geyser = house.geyser;
        let load = if rich { RICH_GAS_LOAD } else { GAS_LOAD };
        if let Some(source) = state.get_mut(geyser) {
            taken = source.contents.min(u32::from(load));
            source.contents -= taken;
            if source.contents == 0 && taken > 0 {
                state.alert(owner, Alert::VespeneExhausted);
            }
        }
    }
    leave_gas(state, slot);
    let unit = &mut state.units[slot];
    if taken > 0 {
        unit.cargo = Cargo::Gas;
        unit.cargo_amount = taken as u8;
        go_home(state, slot);
    } else {
        orders::finish(state, slot);
    }
}

/// Puts a worker that is inside a gas structure back on the map, at the side of its town hall.
pub(super) fn leave_gas(state: &mut State, slot: usize) {
    let (me, container, owner) = {
        let unit = &state.units[slot];
        (unit.me, unit.container, unit.owner)
    };
    let at = state.units[container.slot()].pos;
    let hall = hall_for(state, at, owner);
    let toward = hall.map(|h| state.units[h].pos);
    let radius = state.units[slot].radius;
    let out = match toward {
        Some(toward) => at.toward(toward, state.units[container.slot()].radius + radius + 0.1),
        None => super::production::exit(state, container.slot(), radius, false, None),
    };
    if let Some(house) = state.get_mut(container)
        && house.occupant == me
    {
        house.occupant = UnitRef::NONE;
    }
    let unit = &mut state.units[slot];
    unit.inside = false;
    unit.container = UnitRef::NONE;
    unit.pos = out;
    unit.clear_goal();
}

/// Turns to the nearest town hall with the load.
fn go_home(state: &mut State, slot: usize) -> Step {
    let game_loop = state.game_loop;
    let unit = &mut state.units[slot];
    unit.orders[0].stage = 3;
    unit.orders[0].site = UnitRef::NONE;
    set_off(unit, unit.cargo, game_loop);
    Step::Going
}

/// Lets a worker stand for a while after it has loaded or handed over minerals; with gas it sets off at once.
fn set_off(unit: &mut Unit, cargo: Cargo, game_loop: u32) {
    if cargo == Cargo::Gas {
        unit.orders[0].timer = 0;
        return;
    }
    let mule = unit.type_id == u::MULE;
    let turns_back = unit.orders[0].stage == 0 && !mule;
    let due = game_loop
        + if turns_back {
            TURN_BACK_LOOPS
        } else {
            SET_OFF_LOOPS
        };
    unit.orders[0].timer = due;
    // A MULE's time passes meanwhile.
    if !mule {
        unit.sleep(due);
    }
}

/// Brings the load home and turns back to the resource.
fn carry(state: &mut State, slot: usize) -> Step {
    let cargo = state.units[slot].cargo;
    if state.units[slot].cargo_amount == 0 {
        return after_delivery(state, slot, cargo);
    }
    match deliver(state, slot) {
        Delivery::Done => after_delivery(state, slot, cargo),
        Delivery::Going => Step::Going,
        // Nowhere to bring it: the worker stands idle with its load, as in the real game.
        Delivery::NoHall => Step::Done,
    }
}

fn after_delivery(state: &mut State, slot: usize, cargo: Cargo) -> Step {
    let game_loop = state.game_loop;
    let unit = &mut state.units[slot];
    // Queued orders follow one trip.
    if unit.orders.len() > 1 {
        return Step::Done;
    }
    unit.orders[0].stage = 0;
    unit.orders[0].site = UnitRef::NONE;
    unit.clear_goal();
    set_off(unit, cargo, game_loop);
    Step::Going
}

enum Delivery {
    Going,
    Done,
    NoHall,
}

fn deliver(state: &mut State, slot: usize) -> Delivery {
    let unit = &state.units[slot];
    let (site, owner, pos) = (unit.orders[0].site, unit.owner, unit.pos);
    let hall = match state.get(site) {
        Some(hall) if takes_cargo(hall) && hall.owner == owner => site.slot(),
        _ => {
            let Some(hall) = hall_for(state, pos, owner) else {
                return Delivery::NoHall;
            };
            state.units[slot].orders[0].site = state.units[hall].me;
            hall
        }
    };
    let me = state.units[hall].me;
    if approach(state, slot, me) != Some(true) {
        return Delivery::Going;
    }
    let unit = &mut state.units[slot];
    let amount = u32::from(unit.cargo_amount);
    let cargo = unit.cargo;
    unit.cargo = Cargo::None;
    unit.cargo_amount = 0;
    let p = usize::from(owner);
    match cargo {
        Cargo::Gas => score::collect(state, p, 0, amount),
        Cargo::Minerals | Cargo::RichMinerals => score::collect(state, p, amount, 0),
        Cargo::None => {}
    }
    Delivery::Done
}

/// First order is to return cargo: one delivery, then back to the resource it came from.
pub(super) fn bring_home(state: &mut State, slot: usize) -> Step {
    let unit = &mut state.units[slot];
    unit.stance = Stance::Passive;
    unit.phasing = true;
    if unit.cargo_amount > 0 {
        return match deliver(state, slot) {
            Delivery::Going => Step::Going,
            Delivery::NoHall => Step::Done,
            Delivery::Done => {
                resume_gathering(state, slot);
                Step::Done
            }
        };
    }
    Step::Done
}

fn resume_gathering(state: &mut State, slot: usize) {
    let unit = &state.units[slot];
    if unit.orders.len() > 1 {
        return;
    }
    let mine = unit.mine;
    if state.get(mine).is_some_and(|t| can_gather(t, unit.owner)) {
        let ability = gather_ability(unit);
        let order = Order::new(OrderKind::Gather, ability, Aim::Unit(mine));
        state.units[slot].orders.push(order);
    }
}

/// The field is gone: on to the least used one near where it was, or done.
fn next_field(state: &mut State, slot: usize) -> Step {
    let unit = &state.units[slot];
    let (pos, mule) = (unit.pos, unit.type_id == u::MULE);
    let mut best: Option<(f32, UnitRef)> = None;
    for it in neutrals(state) {
        let d = it.pos.distance(pos);
        if d > LOOK_CELLS || !is_mineral_field(it) {
            continue;
        }
        let cost = d + if mule {
            0.0
        } else {
            3.0 * f32::from(it.harvesters)
        };
        if best.is_none_or(|(b, _)| cost < b) {
            best = Some((cost, it.me));
        }
    }
    let Some((_, field)) = best else {
        return Step::Done;
    };
    let unit = &mut state.units[slot];
    unit.clear_goal();
    let order = &mut unit.orders[0];
    order.aim = Aim::Unit(field);
    order.stage = 0;
    state.units[field.slot()].harvesters += 1;
    Step::Going
}
