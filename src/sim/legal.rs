//! What may be ordered: targets, requirements, prices, placement. Pure checks against the present state.

use super::ability::{self, Act, Offer};
use super::death::count_finished;
use super::neutral::{self, NeutralKind};
use super::order::Aim;
use super::production;
use super::state::{State, is_gas_structure};
use super::unit::{NEUTRAL, Unit, UnitRef};
use super::upgrades::buffs;
use super::{casts, economy, placement, transport};
use crate::game::data::{self, Production, WeaponTarget, unit_ids as u, upgrade_ids as g};
use crate::game::{ActionResult, Attribute, UnitTypeId};
use ActionResult as R;

/// Whether a player may aim at a unit: own, in view and not cloaked, or a resource or rock on the map from the start.
pub(super) fn can_aim_at(state: &State, p: usize, unit: &Unit) -> bool {
    if unit.inside || unit.is_sheltered() {
        return false;
    }
    if usize::from(unit.owner) == p || unit.owner == NEUTRAL {
        return true;
    }
    let bit = Unit::bit(p);
    if unit.seen_by & bit == 0 {
        return state.players[p]
            .sight
            .snapshots
            .iter()
            .any(|s| s.unit == unit.me);
    }
    !unit.cloaked || unit.detected_by & bit != 0
}

/// Checks one unit's command; `Success` if it can be carried out now.
pub(super) fn check(
    state: &State,
    p: usize,
    unit: &Unit,
    offer: &Offer,
    aim: Aim,
    queued: bool,
) -> ActionResult {
    if unit.build_left > 0.0 && !matches!(offer.act, Act::Cancel | Act::Halt | Act::Rally) {
        return R::Error;
    }
    if casts::is_silenced(unit) && !moves(offer.act) {
        return R::Error;
    }
    match offer.act {
        Act::Smart => R::Error,
        Act::Stop | Act::Hold => R::Success,
        Act::Move | Act::Patrol | Act::ScanMove => match aim {
            Aim::None => R::Error,
            Aim::Unit(it) if it == unit.me => R::CantTargetThatUnit,
            _ => R::Success,
        },
        Act::Attack => attack(state, unit, aim),
        Act::Gather => gather(state, unit, aim),
        Act::Return if unit.cargo_amount == 0 => R::Error,
        Act::Return => R::Success,
        Act::Repair => repair(state, unit, aim),
        Act::Heal => heal(state, unit, aim),
        Act::Build(id) => build(state, p, unit, offer, id, aim),
        Act::AddOn(id) => add_on(state, p, unit, offer, id, aim),
        Act::Train(_) | Act::Research(_) => produce(state, p, unit, offer),
        Act::Morph(id) => morph(state, p, unit, offer, id),
        Act::Land(id) => land(state, p, unit, id, aim),
        Act::Rally if aim == Aim::None => R::Error,
        Act::Rally => R::Success,
        Act::Mule | Act::Scan | Act::SupplyDrop => cast(state, unit, offer.act, aim),
        Act::Stim => stim(state, p, unit),
        Act::CloakOn => cloak(state, p, unit),
        Act::HoldFire(on) => hold_fire(unit, on),
        Act::Cast(spell) => casts::check(state, p, unit, spell, aim),
        Act::CloakOff if unit.cloaked || casts::is_cloaking(unit) => R::Success,
        Act::CloakOff => R::Error,
        Act::Boost if unit.boost_at <= state.game_loop => R::Success,
        Act::Boost => R::Cooldown,
        Act::Load => transport::check_load(state, unit, aim, queued),
        Act::LoadAll => R::Success,
        Act::UnloadAll if unit.passengers.is_empty() => R::NoCargoToUnload,
        Act::UnloadAll => R::Success,
        Act::UnloadAllAt if unit.passengers.is_empty() => R::NoCargoToUnload,
        Act::UnloadAllAt if aim == Aim::None => R::Error,
        Act::UnloadAllAt => R::Success,
        Act::Cancel => cancel(state, unit),
        Act::CancelLast if unit.queue.is_empty() => R::NothingToCancel,
        Act::CancelLast => R::Success,
        Act::Halt => halt(state, unit),
        Act::Salvage if unit.morph.is_none() && unit.passengers.is_empty() => R::Success,
        Act::Salvage => R::Error,
    }
}

/// What is left to a unit under an interference matrix, and to what stands where it is.
fn moves(act: Act) -> bool {
    matches!(
        act,
        Act::Smart
            | Act::Stop
            | Act::Hold
            | Act::Move
            | Act::Patrol
            | Act::Attack
            | Act::ScanMove
            | Act::Rally
            | Act::CancelLast
    )
}

fn hold_fire(unit: &Unit, on: bool) -> ActionResult {
    if unit.has_buff(buffs::HOLD_FIRE) == on {
        R::Error
    } else {
        R::Success
    }
}

fn attack(state: &State, unit: &Unit, aim: Aim) -> ActionResult {
    match aim {
        Aim::None => R::Error,
        Aim::Point(_) => R::Success,
        Aim::Unit(it) => {
            let Some(target) = state.get(it) else {
                return R::Error;
            };
            if target.me == unit.me {
                return R::CantTargetThatUnit;
            }
            if target.owner == NEUTRAL && target.life_max >= 10_000.0 {
                return R::CantTargetThatUnit;
            }
            let hits = |w: WeaponTarget| match w {
                WeaponTarget::Both => true,
                WeaponTarget::Ground => !target.flying,
                WeaponTarget::Air => target.flying,
            };
            // Weapons that the tables lack (battlecruisers', bunkers' crews) are `combat`'s to know.
            if unit.data.weapons.is_empty() || unit.data.weapons.iter().any(|w| hits(w.target)) {
                R::Success
            } else if target.flying {
                R::CantTargetAirUnits
            } else {
                R::CantTargetGroundUnits
            }
        }
    }
}

fn gather(state: &State, unit: &Unit, aim: Aim) -> ActionResult {
    let Aim::Unit(it) = aim else {
        return R::MustTargetUnit;
    };
    let Some(target) = state.get(it) else {
        return R::Error;
    };
    if is_gas_structure(target) {
        let own = target.owner == unit.owner && target.build_left <= 0.0;
        let suits = own && unit.type_id != u::MULE;
        return if suits {
            R::Success
        } else {
            R::CantTargetThatUnit
        };
    }
    match neutral::kind(target.type_id) {
        NeutralKind::Minerals | NeutralKind::RichMinerals if target.owner == NEUTRAL => R::Success,
        NeutralKind::Geyser | NeutralKind::RichGeyser if target.owner == NEUTRAL => {
            R::MustBuildRefineryFirst
        }
        _ => R::MustTargetResources,
    }
}

/// Damaged mechanical units and structures of one's own, finished.
pub(super) fn can_repair(unit: &Unit, target: &Unit) -> bool {
    target.me != unit.me
        && target.owner == unit.owner
        && !target.inside
        && target.build_left <= 0.0
        && target.life < target.life_max
        && target.data.attributes.has(Attribute::Mechanical)
}

fn repair(state: &State, unit: &Unit, aim: Aim) -> ActionResult {
    match aim {
        Aim::Unit(it) => match state.get(it) {
            Some(target)
                if can_repair(unit, target)
                    || (unit.type_id == u::SCV
                        && super::construct::can_resume(state, unit.owner, it)) =>
            {
                R::Success
            }
            Some(_) => R::CantTargetThatUnit,
            None => R::Error,
        },
        _ => R::MustTargetUnit,
    }
}

/// Medivacs heal hurt biological ground units of one's own.
pub(super) fn can_heal(unit: &Unit, target: &Unit) -> bool {
    target.me != unit.me
        && target.owner == unit.owner
        && !target.inside
        && !target.flying
        && !target.data.is_structure
        && target.life < target.life_max
        && target.data.attributes.has(Attribute::Biological)
}

fn heal(state: &State, unit: &Unit, aim: Aim) -> ActionResult {
    match aim {
        Aim::Unit(it) => match state.get(it) {
            Some(target) if can_heal(unit, target) && unit.energy >= 1.0 => R::Success,
            Some(target) if can_heal(unit, target) => R::NotEnoughEnergy,
            Some(_) => R::CantTargetThatUnit,
            None => R::Error,
        },
        Aim::Point(_) => R::Success,
        Aim::None => R::Error,
    }
}

/// Tech for one production entry.
pub(super) fn tech(state: &State, p: usize, unit: &Unit, needs: &Production) -> ActionResult {
    let stands = |&id: &UnitTypeId| count_finished(state, p, id) > 0;
    if !needs.structures.iter().all(stands)
        || !needs.upgrades.iter().all(|&up| state.players[p].has(up))
    {
        return R::BuildTechRequirementsNotMet;
    }
    if needs.tech_lab && !production::has_tech_lab(state, unit) {
        return R::TechRequirementsNotMet;
    }
    R::Success
}

/// Whether the bank and the supply allow it.
pub(super) fn afford(
    state: &State,
    p: usize,
    (minerals, vespene): (u32, u32),
    supply_halves: u32,
) -> ActionResult {
    let player = &state.players[p];
    if player.minerals < minerals {
        R::NotEnoughMinerals
    } else if player.vespene < vespene {
        R::NotEnoughVespene
    } else if !player.has_room(supply_halves) {
        R::NotEnoughFood
    } else {
        R::Success
    }
}

fn all(checks: &[&dyn Fn() -> ActionResult]) -> ActionResult {
    for check in checks {
        match check() {
            R::Success => {}
            why => return why,
        }
    }
    R::Success
}

fn build(
    state: &State,
    p: usize,
    unit: &Unit,
    offer: &Offer,
    id: UnitTypeId,
    aim: Aim,
) -> ActionResult {
    let (Some(row), Some(needs)) = (data::unit(id), offer.production) else {
        return R::NotSupported;
    };
    let place = || match aim {
        Aim::Unit(geyser) if row.needs_geyser => placement::check_geyser(state, geyser),
        Aim::Unit(_) | Aim::None if row.needs_geyser => R::MustTargetUnit,
        Aim::Point(at) if !row.needs_geyser => placement::check_known(state, p, id, at, unit.me),
        _ => R::CantFindPlacementLocation,
    };
    all(&[
        &|| tech(state, p, unit, needs),
        &|| afford(state, p, (row.minerals, row.vespene), 0),
        &place,
    ])
}

fn add_on(
    state: &State,
    p: usize,
    unit: &Unit,
    offer: &Offer,
    id: UnitTypeId,
    aim: Aim,
) -> ActionResult {
    let (Some(row), Some(needs)) = (data::unit(id), offer.production) else {
        return R::NotSupported;
    };
    if unit.add_on.is_some() || !unit.queue.is_empty() || unit.morph.is_some() {
        return R::CantQueueThatOrder;
    }
    let place = || match aim {
        Aim::Point(at) => {
            let host = if unit.flying {
                landed_type(unit.type_id)
            } else {
                unit.type_id
            };
            let at = placement::snapped(host, at);
            if !unit.flying && at.distance(unit.pos) > 0.5 {
                // Elsewhere: the host lifts off and lands there first.
                return all(&[
                    &|| placement::check_known(state, p, host, at, unit.me),
                    &|| placement::check_add_on(state, p, at, unit.me),
                ]);
            }
            let stand = || {
                if unit.flying {
                    placement::check_known(state, p, host, at, unit.me)
                } else {
                    R::Success
                }
            };
            all(&[&stand, &|| placement::check_add_on(state, p, at, unit.me)])
        }
        _ if unit.flying => R::Error,
        _ => placement::check_add_on(state, p, unit.pos, unit.me),
    };
    all(&[
        &|| tech(state, p, unit, needs),
        &|| afford(state, p, (row.minerals, row.vespene), 0),
        &place,
    ])
}

fn produce(state: &State, p: usize, unit: &Unit, offer: &Offer) -> ActionResult {
    let Some(needs) = offer.production else {
        return R::NotSupported;
    };
    if unit.morph.is_some() || unit.flying || production::builds_add_on(state, unit) {
        return R::CantQueueThatOrder;
    }
    let (price, supply) = match offer.act {
        Act::Train(id) => {
            let Some(row) = data::unit(id) else {
                return R::NotSupported;
            };
            if id == u::NUKE && casts::is_stocked(unit) {
                return R::QueueIsFull;
            }
            let price = production::recipe(row).0;
            (price, (row.supply_used * 2.0) as u32)
        }
        Act::Research(up) => {
            let Some(row) = data::upgrade(up) else {
                return R::NotSupported;
            };
            let player = &state.players[p];
            if player.has(up) || player.researching.contains(&up) {
                return R::CantQueueThatOrder;
            }
            // A tech lab works only beside a structure.
            if unit.data.is_addon && unit.host == UnitRef::NONE {
                return R::TechRequirementsNotMet;
            }
            ((row.minerals, row.vespene), 0)
        }
        _ => return R::NotSupported,
    };
    let queue = || {
        if unit.queue.len() >= production::queue_slots(state, unit) {
            R::QueueIsFull
        } else {
            R::Success
        }
    };
    // Supply is checked when a job starts; a full queue may be ordered ahead of the depots.
    let supply = if unit.queue.len() < production::lanes(state, unit) {
        supply
    } else {
        0
    };
    all(&[&|| tech(state, p, unit, needs), &queue, &|| {
        afford(state, p, price, supply)
    }])
}

fn morph(state: &State, p: usize, unit: &Unit, offer: &Offer, id: UnitTypeId) -> ActionResult {
    let (Some(row), Some(needs)) = (data::unit(id), offer.production) else {
        return R::NotSupported;
    };
    if unit.morph.is_some() {
        return R::CantQueueThatOrder;
    }
    // A structure that trains cannot change; a depot with no queue always can.
    if !unit.queue.is_empty() || production::builds_add_on(state, unit) {
        return R::CantQueueThatOrder;
    }
    if row.is_structure && row.is_flying && unit.passengers.len() > 5 {
        return R::Error;
    }
    let price = super::morph::price(unit, row);
    let clear = || match id {
        u::SUPPLY_DEPOT | u::SUPPLY_DEPOT_LOWERED if casts::awaits_pod(state, unit.me) => R::Error,
        u::SUPPLY_DEPOT if !super::morph::can_raise(state, unit) => R::CantBuildLocationInvalid,
        _ => R::Success,
    };
    all(&[
        &|| tech(state, p, unit, needs),
        &|| afford(state, p, price, 0),
        &clear,
    ])
}

/// The type a flying structure has on the ground.
pub(super) fn landed_type(id: UnitTypeId) -> UnitTypeId {
    data::unit(id).map_or(id, |row| row.unit_alias)
}

fn land(state: &State, p: usize, unit: &Unit, id: UnitTypeId, aim: Aim) -> ActionResult {
    let Aim::Point(at) = aim else {
        return R::Error;
    };
    match placement::check_known(state, p, id, at, unit.me) {
        R::Success => R::Success,
        R::CantBuildTooCloseToResources => R::CantLandTooCloseToResources,
        _ => R::CantLandLocationInvalid,
    }
}

/// Orbital command's casts cost 50 energy each (Liquipedia, "Orbital Command").
pub(super) const ORBITAL_CAST_ENERGY: f32 = 50.0;

fn cast(state: &State, unit: &Unit, act: Act, aim: Aim) -> ActionResult {
    if unit.energy < ORBITAL_CAST_ENERGY {
        return R::NotEnoughEnergy;
    }
    match (act, aim) {
        (_, Aim::None) => R::Error,
        (Act::Scan, Aim::Point(_)) => R::Success,
        (Act::Scan, Aim::Unit(_)) => R::Error,
        (Act::Mule, Aim::Unit(it)) => match state.get(it) {
            Some(t) if economy::is_mineral_field(t) => R::Success,
            _ => R::MustTargetResources,
        },
        (Act::Mule, Aim::Point(at)) => {
            let (x, y) = at.cell();
            if state.blocked.walkable(&state.map, x, y) {
                R::Success
            } else {
                R::CantFindPlacementLocation
            }
        }
        (_, Aim::Unit(it)) => match state.get(it) {
            Some(t)
                if t.owner == unit.owner
                    && matches!(t.type_id, u::SUPPLY_DEPOT | u::SUPPLY_DEPOT_LOWERED)
                    && t.build_left <= 0.0
                    && t.morph.is_none()
                    && !t.extra_supply
                    && !casts::awaits_pod(state, it) =>
            {
                R::Success
            }
            _ => R::CantTargetThatUnit,
        },
        _ => R::MustTargetUnit,
    }
}

fn stim(state: &State, p: usize, unit: &Unit) -> ActionResult {
    if !state.players[p].has(g::STIMPACK) {
        R::TechRequirementsNotMet
    } else if unit.life <= casts::stim_cost(unit.type_id) {
        R::NotEnoughLife
    } else {
        R::Success
    }
}

fn cloak(state: &State, p: usize, unit: &Unit) -> ActionResult {
    let needs = if unit.type_id == u::GHOST {
        g::PERSONAL_CLOAKING
    } else {
        g::BANSHEE_CLOAK
    };
    if !state.players[p].has(needs) {
        R::TechRequirementsNotMet
    } else if unit.cloaked || casts::is_cloaking(unit) {
        R::Error
    } else if unit.energy < casts::CLOAK_ENERGY {
        R::NotEnoughEnergy
    } else {
        R::Success
    }
}

fn cancel(state: &State, unit: &Unit) -> ActionResult {
    let paid_morph = unit.morph.is_some_and(|m| super::morph::is_cancelable(&m));
    if unit.build_left > 0.0
        || casts::is_cancelable(unit)
        || paid_morph
        || production::builds_add_on(state, unit)
    {
        R::Success
    } else {
        R::NothingToCancel
    }
}

fn halt(state: &State, unit: &Unit) -> ActionResult {
    let at_work = if unit.data.is_structure {
        unit.build_left > 0.0 && state.get(unit.builder).is_some()
    } else {
        unit.orders.first().is_some_and(|o| o.site.is_some())
    };
    if at_work { R::Success } else { R::Error }
}

/// What a right click means for a unit.
pub(super) fn smart(state: &State, unit: &Unit, aim: Aim) -> Result<(Offer, Aim), ActionResult> {
    let wanted: &[Act] = match aim {
        Aim::None => return Err(R::Error),
        Aim::Point(_) => &[Act::Move, Act::Rally],
        Aim::Unit(it) => {
            let target = state.get(it).ok_or(R::Error)?;
            smart_on(state, unit, target)
        }
    };
    for &act in wanted {
        if let Some(offer) = ability::offers(unit.type_id).iter().find(|o| o.act == act) {
            return Ok((*offer, aim));
        }
    }
    Err(R::NotSupported)
}

fn smart_on(state: &State, unit: &Unit, target: &Unit) -> &'static [Act] {
    let enemy = target.owner != unit.owner && target.owner != NEUTRAL;
    if enemy {
        return &[Act::Attack, Act::ScanMove, Act::Move, Act::Rally];
    }
    let resource = gather(state, unit, Aim::Unit(target.me)) == R::Success;
    if resource {
        return &[Act::Gather, Act::Rally, Act::Move];
    }
    if unit.data.is_worker {
        if target.build_left > 0.0 && target.owner == unit.owner && target.data.is_structure {
            // Take over a halted construction site.
            return &[Act::Repair, Act::Move];
        }
        if target.data.is_townhall && target.owner == unit.owner && unit.cargo_amount > 0 {
            return &[Act::Return, Act::Move];
        }
        if can_repair(unit, target) {
            return &[Act::Repair, Act::Move];
        }
    }
    if transport::check_load(state, unit, Aim::Unit(target.me), false) == R::Success {
        return &[Act::Load, Act::Move];
    }
    &[Act::Move, Act::Rally]
}
