//! Whether a spell can be cast now: requirements, energy, cooldown, whom it may be aimed at.

use super::nuke;
use crate::game::data::{self, AbilityTarget, Spell, unit_ids as u};
use crate::game::{ActionResult, Attribute, Point};
use crate::sim::order::Aim;
use crate::sim::placement;
use crate::sim::state::State;
use crate::sim::unit::{NEUTRAL, Unit, UnitRef};
use ActionResult as R;

/// `Success` if it can.
pub(in crate::sim) fn check(
    state: &State,
    p: usize,
    unit: &Unit,
    spell: Spell,
    aim: Aim,
) -> ActionResult {
    match means(state, p, unit, spell) {
        R::Success => target(state, p, unit, spell, aim),
        why => why,
    }
}

/// What it takes of the caster.
pub(super) fn means(state: &State, p: usize, unit: &Unit, spell: Spell) -> ActionResult {
    let row = data::spell(spell);
    if row.upgrade.is_some_and(|up| !state.players[p].has(up)) {
        return R::TechRequirementsNotMet;
    }
    if unit.morph.is_some() {
        return R::CantQueueThatOrder;
    }
    let ready = unit.special.ready[usize::from(row.slot)] <= state.game_loop;
    if !ready || spell == Spell::LockOn && unit.special.lock.is_some() {
        return R::Cooldown;
    }
    if unit.energy < row.energy {
        return R::NotEnoughEnergy;
    }
    if spell == Spell::Nuke && nuke::silo(state, p).is_none() {
        return R::NotEnoughCharges;
    }
    R::Success
}

fn target(state: &State, p: usize, unit: &Unit, spell: Spell, aim: Aim) -> ActionResult {
    let kind = data::spell(spell).target;
    match (aim, kind) {
        (Aim::Point(at), AbilityTarget::Point | AbilityTarget::PointOrUnit) => {
            place(state, p, spell, at)
        }
        (Aim::Unit(it), AbilityTarget::Unit | AbilityTarget::PointOrUnit) => match state.get(it) {
            Some(it) if it.inside || it.is_sheltered() => R::Error,
            Some(it) if suits(unit, spell, it) => R::Success,
            Some(_) => R::CantTargetThatUnit,
            None => R::Error,
        },
        (_, AbilityTarget::Unit) => R::MustTargetUnit,
        _ => R::Error,
    }
}

fn place(state: &State, p: usize, spell: Spell, at: Point) -> ActionResult {
    match spell {
        Spell::AutoTurret => placement::check_known(state, p, u::AUTO_TURRET, at, UnitRef::NONE),
        // Ships do not leave the playable area.
        Spell::TacticalJump if !state.map.playable.contains(at) => R::Error,
        _ => R::Success,
    }
}

/// Whom a spell may be aimed at: the abilities' target filters and validators in the game's data.
pub(super) fn suits(unit: &Unit, spell: Spell, it: &Unit) -> bool {
    let has = |attribute| it.data.attributes.has(attribute);
    let indestructible = it.owner == NEUTRAL && it.life_max >= 10_000.0;
    let enemy = it.owner != unit.owner && it.owner != NEUTRAL;
    match spell {
        Spell::Yamato => it.me != unit.me && !indestructible,
        Spell::Snipe => enemy && has(Attribute::Biological) && !it.data.is_structure,
        Spell::InterferenceMatrix => {
            enemy
                && (has(Attribute::Mechanical) || has(Attribute::Psionic))
                && !it.data.is_structure
        }
        Spell::AntiArmor => it.me != unit.me && it.owner != NEUTRAL && !it.data.is_structure,
        Spell::LockOn => it.owner != unit.owner && !indestructible,
        Spell::Kd8Charge => !it.flying,
        Spell::Sentinel => enemy && !it.data.is_structure,
        _ => false,
    }
}
