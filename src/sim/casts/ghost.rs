//! Steady targeting: a ghost takes aim for a while; any damage to it spoils the shot.

use crate::game::data::{self, Spell};
use crate::sim::combat::splash;
use crate::sim::order::{Aim, Order};
use crate::sim::state::State;
use crate::sim::unit::Unit;
use crate::sim::upgrades::{add_buff, buffs, remove_buff};

/// ChannelSnipeDamage; spells do not heed armor.
const SNIPE_DAMAGE: f32 = 170.0;

pub(super) fn aim(state: &mut State, slot: usize) {
    add_buff(state, slot, buffs::SNIPE, u32::MAX);
}

/// Whether nothing has hit the ghost since it began.
pub(super) fn still_aims(unit: &Unit, order: &Order) -> bool {
    let begun = order.timer - data::spell(Spell::Snipe).channel;
    unit.hurt_loop < begun
}

pub(super) fn shoot(state: &mut State, slot: usize, aim: Aim) {
    remove_buff(state, slot, buffs::SNIPE);
    let from = state.units[slot].me;
    if let Aim::Unit(to) = aim {
        state.damage(from, to, SNIPE_DAMAGE);
        splash::answer(state, from, to, true);
    }
}

/// The shot is not fired: its energy comes back (ChannelSnipeRefund).
pub(super) fn give_up(state: &mut State, slot: usize) {
    remove_buff(state, slot, buffs::SNIPE);
    let unit = &mut state.units[slot];
    unit.energy = (unit.energy + data::spell(Spell::Snipe).energy).min(unit.energy_max);
}
