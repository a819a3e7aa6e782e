//! What changes when units come and go: supply, tech, footprints, passengers, add-ons.

use super::state::State;
use super::unit::{NEUTRAL, Unit, UnitRef};
use super::{production, transport};
use crate::game::UnitTypeId;
use crate::game::data::{UnitData, unit_ids as u};

/// Adds (`by` 1) or takes away (`by` -1) what a player's unit counts for: supply it uses, and if it is finished, supply
/// it makes and the tech it stands for.
pub(super) fn count_unit(state: &mut State, slot: usize, by: i32) {
    let unit = &state.units[slot];
    if unit.owner >= NEUTRAL {
        return;
    }
    let (row, done) = (unit.data, unit.build_left <= 0.0);
    let extra = if unit.extra_supply {
        super::casts::EXTRA_SUPPLY_HALVES as i32
    } else {
        0
    };
    let player = &mut state.players[usize::from(unit.owner)];
    let used = (row.supply_used * 2.0) as i32;
    player.supply_used_halves = (player.supply_used_halves as i32 + by * used).max(0) as u32;
    if prevents_defeat(row) {
        player.structures = (player.structures as i32 + by).max(0) as u32;
    }
    if done {
        let made = (row.supply_provided * 2.0) as i32 + extra;
        player.supply_made_halves = (player.supply_made_halves as i32 + by * made).max(0) as u32;
        let at = usize::from(unit.type_id.0);
        if player.finished.len() <= at {
            player.finished.resize(at + 1, 0);
        }
        player.finished[at] = (i32::from(player.finished[at]) + by).max(0) as u16;
        player.tech_version += 1;
    }
}

/// Whether a player is in the game as long as it stands: structures, but for what casters put down for a while.
pub fn prevents_defeat(row: &UnitData) -> bool {
    row.is_structure
        && !matches!(
            row.id,
            u::AUTO_TURRET | u::KD8_CHARGE | u::RAVEN_REPAIR_DRONE
        )
}

/// Living finished units of a type, counting the forms that stand for it (an orbital command is a command center).
pub fn count_finished(state: &State, player: usize, id: UnitTypeId) -> u32 {
    let finished = &state.players[player].finished;
    let one = |id: UnitTypeId| u32::from(finished.get(usize::from(id.0)).copied().unwrap_or(0));
    one(id) + forms(id).iter().map(|&form| one(form)).sum::<u32>()
}

fn forms(id: UnitTypeId) -> &'static [UnitTypeId] {
    match id {
        u::COMMAND_CENTER => &[
            u::COMMAND_CENTER_FLYING,
            u::ORBITAL_COMMAND,
            u::ORBITAL_COMMAND_FLYING,
            u::PLANETARY_FORTRESS,
        ],
        u::SUPPLY_DEPOT => &[u::SUPPLY_DEPOT_LOWERED],
        u::BARRACKS => &[u::BARRACKS_FLYING],
        u::FACTORY => &[u::FACTORY_FLYING],
        u::STARPORT => &[u::STARPORT_FLYING],
        _ => &[],
    }
}

/// Settles a dying unit's affairs while it still lives.
pub(super) fn on_death(state: &mut State, me: UnitRef) {
    let slot = me.slot();
    production::drop_all(state, slot);
    transport::on_carrier_death(state, slot);
    count_unit(state, slot, -1);
    if !state.units[slot].inside {
        let (units, blocked) = (&state.units, &mut state.blocked);
        blocked.remove(&units[slot]);
    }
    let unit = &state.units[slot];
    let (host, add_on, container) = (unit.host, unit.add_on, unit.container);
    if let Some(host) = state.get_mut(host) {
        host.add_on = UnitRef::NONE;
    }
    if let Some(add_on) = state.get_mut(add_on) {
        add_on.host = UnitRef::NONE;
    }
    if let Some(carrier) = state.get_mut(container) {
        carrier.passengers.retain(|p| *p != me);
    }
    super::orders::on_unit_gone(state, slot);
    state.end_effects_of(me);
    report(state, slot);
}

/// Tells the owner, and the other player if the unit died in view.
fn report(state: &mut State, slot: usize) {
    let unit = &state.units[slot];
    let (tag, owner, seen_by) = (unit.me.tag(), usize::from(unit.owner), unit.seen_by);
    for (i, player) in state.players.iter_mut().enumerate() {
        if i == owner || seen_by & Unit::bit(i) != 0 {
            player.dead.push(tag);
            if player.is_computer {
                player.dead_for_ai.push(tag);
            }
        }
    }
}
