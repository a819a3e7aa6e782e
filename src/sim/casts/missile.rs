//! Spells that fly: the Yamato cannon's shell, EMP rounds, and both of the raven's missiles.

use super::events::{self, Event, What};
use super::{area, cloak, order};
use crate::game::data::{Spell, upgrade_ids as g};
use crate::sim::combat::splash;
use crate::sim::order::Aim;
use crate::sim::state::State;
use crate::sim::upgrades::{add_buff, buffs, remove_buff};

/// YamatoU; armor does not count. Its shell makes 20 cells a second (mover YamatoWeapon).
const YAMATO_DAMAGE: f32 = 240.0;
const YAMATO_SPEED: f32 = 20.0;
/// EMPSearch, EMPModifyUnit, EMPDamage, EMPDecloak; mover EMP2Weapon.
const EMP_RADIUS: f32 = 1.5;
const EMP_RADIUS_MORE: f32 = 0.5;
const EMP_AMOUNT: f32 = 100.0;
const EMP_DECLOAK_LOOPS: u32 = 160;
const EMP_SPEED: f32 = 30.0;
/// RavenScramblerMissile.
const MATRIX_LOOPS: u32 = 176;
/// RavenShredderMissileImpactSearchArea, RavenShredderMissileArmorReduction. In 4.10 it deals no damage.
const ANTI_ARMOR_RADIUS: f32 = 2.88;
const ANTI_ARMOR_LOOPS: u32 = 480;
/// Both of the raven's missiles start from rest and gain 16 cells a second, a second (their movers).
const RAVEN_GAIN: f32 = 16.0;

pub(super) fn launch(state: &mut State, slot: usize, spell: Spell, aim: Aim) {
    let unit = &state.units[slot];
    let (me, from) = (unit.me, unit.pos);
    let distance = match aim {
        Aim::Point(at) => at.distance(from),
        Aim::Unit(it) => state.get(it).map_or(0.0, |it| it.pos.distance(from)),
        Aim::None => 0.0,
    };
    let steady = |speed: f32| (distance / speed * 16.0) as u32 + 1;
    let from_rest = (16.0 * (2.0 * distance / RAVEN_GAIN).sqrt()) as u32 + 1;
    let (what, loops) = match spell {
        Spell::Yamato => (What::Yamato, steady(YAMATO_SPEED)),
        Spell::Emp => (What::Emp, steady(EMP_SPEED)),
        Spell::InterferenceMatrix => (What::Matrix, from_rest),
        Spell::AntiArmor => (What::AntiArmor, from_rest),
        _ => return,
    };
    events::send(state, what, loops, me, aim);
}

pub(super) fn yamato(state: &mut State, event: &Event) {
    if state.get(event.to).is_some_and(|it| !it.inside) {
        state.damage(event.from, event.to, YAMATO_DAMAGE);
        splash::answer(state, event.from, event.to, true);
    }
}

/// Takes shields and energy of everybody around, one's own included, and keeps cloaks from working.
pub(super) fn emp(state: &mut State, event: &Event) {
    let wide = state.players[usize::from(event.owner)].has(g::ENHANCED_SHOCKWAVES);
    let radius = EMP_RADIUS + if wide { EMP_RADIUS_MORE } else { 0.0 };
    for it in area::within(state, event.at, radius, |_| true) {
        let unit = &mut state.units[it.slot()];
        unit.shields = (unit.shields - EMP_AMOUNT).max(0.0);
        unit.energy = (unit.energy - EMP_AMOUNT).max(0.0);
        if !unit.is_burrowed() {
            add_buff(state, it.slot(), buffs::EMP_DECLOAK, EMP_DECLOAK_LOOPS);
            cloak::refresh(state, it.slot());
        }
        splash::answer(state, event.from, it, true);
    }
}

/// The target can do nothing but move for a while; what it was casting ends.
pub(super) fn matrix(state: &mut State, event: &Event) {
    if state
        .get(event.to)
        .is_none_or(|it| it.inside || it.is_sheltered())
    {
        return;
    }
    let slot = event.to.slot();
    order::break_off(state, slot);
    add_buff(state, slot, buffs::INTERFERENCE_MATRIX, MATRIX_LOOPS);
    let until = state.game_loop + MATRIX_LOOPS;
    let arms = &mut state.units[slot].arms;
    arms.quiet_until = arms.quiet_until.max(until);
    remove_buff(state, slot, buffs::MEDIVAC_BOOST);
    cloak::refresh(state, slot);
    splash::answer(state, event.from, event.to, true);
}

pub(super) fn anti_armor(state: &mut State, event: &Event) {
    let Some(target) = state.get(event.to).filter(|it| !it.inside) else {
        return;
    };
    let at = target.pos;
    for it in area::within(state, at, ANTI_ARMOR_RADIUS, |it| !it.data.is_structure) {
        add_buff(state, it.slot(), buffs::ARMOR_REDUCTION, ANTI_ARMOR_LOOPS);
        splash::answer(state, event.from, it, true);
    }
}
