//! Medivacs, bunkers and command centers: who is inside, how they get in and out.

use super::ability::Offer;
use super::order::{Aim, Order, OrderKind};
use super::orders::{self, Step};
use super::state::{State, is_gas_structure};
use super::unit::{Stance, Unit, UnitRef};
use super::{economy, production};
use crate::game::data::{unit_ids as u, upgrade_ids as g};
use crate::game::{AbilityId, ActionResult};
use ActionResult as R;

/// Slots of a bunker (the table has capacities of transports only; Liquipedia, "Bunker").
const BUNKER_SLOTS: u16 = 4;
/// A medivac lets a passenger out each second at speed Normal; the others all at once.
const UNLOAD_LOOPS: u32 = 16;
/// Cells between edges at which loading works.
const LOAD_RANGE: f32 = 0.5;
/// A command center calls workers from this far.
const LOAD_ALL_CELLS: f32 = 10.0;

/// Cargo slots of a transport or bunker; 0 for everything else. Neosteel armor makes room for 2 more in bunkers and 5 more
/// in command centers (TerranBuildingArmor of the game's data).
pub fn capacity(state: &State, unit: &Unit) -> u16 {
    let slots = match unit.type_id {
        u::BUNKER => BUNKER_SLOTS,
        _ => unit.data.cargo_capacity,
    };
    if slots == 0 || !unit.data.is_structure {
        return slots;
    }
    let player = state.players.get(usize::from(unit.owner));
    let armored = player.is_some_and(|p| p.has(g::TERRAN_BUILDING_ARMOR));
    match unit.type_id {
        _ if !armored => slots,
        u::BUNKER => slots + 2,
        _ => slots + 5,
    }
}

/// Slots taken.
pub fn taken(state: &State, unit: &Unit) -> u16 {
    unit.passengers
        .iter()
        .filter_map(|&p| state.get(p))
        .map(|p| u16::from(p.data.cargo_size))
        .sum()
}

/// Whether `cargo` fits into `carrier` by kind and room.
fn admits(state: &State, carrier: &Unit, cargo: &Unit) -> ActionResult {
    let size = u16::from(cargo.data.cargo_size);
    if cargo.owner != carrier.owner
        || cargo.me == carrier.me
        || cargo.inside
        || size == 0
        || cargo.flying
    {
        return R::CantTargetThatUnit;
    }
    let suits = match carrier.type_id {
        // Infantry and workers only; not hellbats (BunkerTransport of the game's data).
        u::BUNKER => matches!(
            cargo.type_id,
            u::MARINE | u::MARAUDER | u::REAPER | u::GHOST | u::SCV
        ),
        u::MEDIVAC => true,
        _ => cargo.type_id == u::SCV,
    };
    if !suits
        || capacity(state, carrier) == 0
        || carrier.build_left > 0.0
        || carrier.morph.is_some()
    {
        R::CantTargetThatUnit
    } else if taken(state, carrier) + size > capacity(state, carrier) {
        R::NotEnoughRoomToLoadUnit
    } else {
        R::Success
    }
}

/// Whether a unit ordered to move onto `carrier` would get in.
pub(super) fn can_board(state: &State, carrier: &Unit, cargo: &Unit) -> bool {
    matches!(carrier.type_id, u::MEDIVAC | u::BUNKER) && admits(state, carrier, cargo) == R::Success
}

/// Load ordered of the carrier. Full carriers may queue it: they may be empty by then.
pub(super) fn check_load(state: &State, carrier: &Unit, aim: Aim, queued: bool) -> ActionResult {
    let Aim::Unit(it) = aim else {
        return R::MustTargetUnit;
    };
    if capacity(state, carrier) == 0 {
        return R::NotSupported;
    }
    let Some(cargo) = state.get(it) else {
        return R::Error;
    };
    match admits(state, carrier, cargo) {
        R::NotEnoughRoomToLoadUnit if queued => R::Success,
        answer => answer,
    }
}

pub(super) fn take_load(
    state: &mut State,
    slot: usize,
    offer: &Offer,
    aim: Aim,
    queued: bool,
) -> bool {
    let Aim::Unit(cargo) = aim else { return false };
    if state.units[slot].speed <= 0.0 {
        // What cannot move calls the cargo in.
        return call_in(state, slot, cargo);
    }
    let order = Order::new(OrderKind::Load, offer.exact, aim);
    orders::give(state, slot, order, queued)
}

fn call_in(state: &mut State, slot: usize, cargo: UnitRef) -> bool {
    let me = state.units[slot].me;
    let order = Order::new(OrderKind::Board, AbilityId(16), Aim::Unit(me));
    orders::give(state, cargo.slot(), order, false)
}

/// Calls all workers around a command center in.
pub(super) fn load_all(state: &mut State, slot: usize) -> bool {
    let carrier = &state.units[slot];
    let (at, owner) = (carrier.pos, carrier.owner);
    let mut room = capacity(state, carrier).saturating_sub(taken(state, carrier));
    let mut near: Vec<(f32, UnitRef)> = state
        .living()
        .filter(|it| it.owner == owner && it.type_id == u::SCV && !it.inside)
        .map(|it| (it.pos.distance(at), it.me))
        .filter(|(d, _)| *d <= LOAD_ALL_CELLS)
        .collect();
    near.sort_by(|a, b| a.partial_cmp(b).expect("distances are numbers"));
    for (_, worker) in near {
        if room == 0 {
            break;
        }
        room -= 1;
        call_in(state, slot, worker);
    }
    true
}

fn close(carrier: &Unit, cargo: &Unit) -> bool {
    let reach = carrier.radius + cargo.radius + LOAD_RANGE;
    carrier.pos.distance(cargo.pos) <= reach
}

fn enter(state: &mut State, carrier: usize, cargo: UnitRef) {
    let slot = cargo.slot();
    orders::clear(state, slot);
    let into = state.units[carrier].me;
    let at = state.units[carrier].pos;
    let unit = &mut state.units[slot];
    unit.inside = true;
    unit.container = into;
    unit.pos = at;
    unit.stance = Stance::Passive;
    unit.target = UnitRef::NONE;
    state.units[carrier].passengers.push(cargo);
}

/// First order of a carrier is to take a unit aboard: it flies there, an idle unit comes to meet it.
pub(super) fn load(state: &mut State, slot: usize, aim: Aim) -> Step {
    let Aim::Unit(it) = aim else {
        return Step::Done;
    };
    let Some(cargo) = state.get(it) else {
        return Step::Done;
    };
    if admits(state, &state.units[slot], cargo) != R::Success {
        return Step::Done;
    }
    let (at, idle) = (cargo.pos, cargo.orders.is_empty());
    if close(&state.units[slot], cargo) {
        enter(state, slot, it);
        return Step::Done;
    }
    if idle {
        call_in(state, slot, it);
    }
    let unit = &mut state.units[slot];
    unit.stance = Stance::Passive;
    unit.set_goal(at, 0.5);
    Step::Going
}

/// First order is to enter a carrier.
pub(super) fn board(state: &mut State, slot: usize, aim: Aim) -> Step {
    let Aim::Unit(it) = aim else {
        return Step::Done;
    };
    let Some(carrier) = state.get(it) else {
        return Step::Done;
    };
    let me = &state.units[slot];
    if admits(state, carrier, me) != R::Success {
        return Step::Done;
    }
    if close(carrier, me) {
        let cargo = me.me;
        enter(state, it.slot(), cargo);
        return Step::Going;
    }
    let (at, reach) = (carrier.pos, carrier.radius + me.radius + 0.2);
    let unit = &mut state.units[slot];
    unit.stance = Stance::Passive;
    unit.set_goal(at, reach);
    if unit.stuck { Step::Done } else { Step::Going }
}

/// First order is to let everybody out here.
pub(super) fn unload(state: &mut State, slot: usize) -> Step {
    let unit = &state.units[slot];
    if unit.passengers.is_empty() {
        return Step::Done;
    }
    if !unit.flying {
        eject_all(state, slot);
        return Step::Done;
    }
    if state.game_loop < unit.unload_at {
        return Step::Going;
    }
    let (x, y) = unit.pos.cell();
    if !state.blocked.walkable(&state.map, x, y) {
        // Nowhere to stand under it: the order waits for better ground only while the carrier moves.
        return if unit.goal.is_some() {
            Step::Going
        } else {
            Step::Done
        };
    }
    let first = unit.passengers[0];
    state.units[slot].unload_at = state.game_loop + UNLOAD_LOOPS;
    eject(state, slot, first);
    if state.units[slot].passengers.is_empty() {
        Step::Done
    } else {
        Step::Going
    }
}

/// First order is to fly to a place and let everybody out.
pub(super) fn unload_at(state: &mut State, slot: usize, aim: Aim) -> Step {
    let at = match aim {
        Aim::Point(at) => at,
        Aim::Unit(it) => match state.get(it) {
            Some(unit) => unit.pos,
            None => return Step::Done,
        },
        Aim::None => return Step::Done,
    };
    if state.units[slot].passengers.is_empty() {
        return Step::Done;
    }
    let unit = &mut state.units[slot];
    unit.stance = Stance::Passive;
    unit.set_goal(at, 0.5);
    if !unit.arrived && !unit.stuck {
        return Step::Going;
    }
    unload(state, slot)
}

/// Puts a passenger on the ground beside its carrier.
fn eject(state: &mut State, carrier: usize, cargo: UnitRef) {
    state.units[carrier].passengers.retain(|&p| p != cargo);
    if state.get(cargo).is_none() {
        return;
    }
    let slot = cargo.slot();
    let (radius, flying) = (state.units[slot].radius, state.units[carrier].flying);
    let at = if flying {
        state.units[carrier].pos
    } else {
        let rally = match state.units[carrier].rally {
            Some(crate::game::Target::Point(at)) => Some(at),
            _ => None,
        };
        production::exit(state, carrier, radius, false, rally)
    };
    let unit = &mut state.units[slot];
    unit.inside = false;
    unit.container = UnitRef::NONE;
    unit.pos = at;
    unit.post = at;
    unit.clear_goal();
}

/// Lets everybody out at once.
pub(super) fn eject_all(state: &mut State, slot: usize) {
    while let Some(&first) = state.units[slot].passengers.first() {
        eject(state, slot, first);
    }
}

/// What happens to those inside a dying unit: on the ground they get out, in the air they die with it.
pub(super) fn on_carrier_death(state: &mut State, slot: usize) {
    if is_gas_structure(&state.units[slot]) {
        let worker = state.units[slot].occupant;
        let me = state.units[slot].me;
        if state
            .get(worker)
            .is_some_and(|w| w.inside && w.container == me)
        {
            economy::leave_gas(state, worker.slot());
            orders::clear(state, worker.slot());
        }
        return;
    }
    if state.units[slot].passengers.is_empty() {
        return;
    }
    if !state.units[slot].flying {
        eject_all(state, slot);
        return;
    }
    for cargo in std::mem::take(&mut state.units[slot].passengers) {
        super::score::killed(state, UnitRef::NONE, cargo);
        state.kill(cargo);
    }
}
