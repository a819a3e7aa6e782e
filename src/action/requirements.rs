//! What making a thing asks for, read off the production tables.

use super::functions::{FunctionKind, Gate};
use crate::game::data::{self, Production, ProductionKind as K, UnitData};
use crate::game::{AbilityId, UnitTypeId};
use crate::obs::{flags, vocab};

/// What an exact ability makes, carried out by a certain unit.
#[derive(Clone, Copy)]
pub(super) enum Makes {
    Unit(&'static UnitData, &'static Production),
    Upgrade(usize, &'static Production),
}

impl Makes {
    pub(super) fn production(self) -> &'static Production {
        match self {
            Makes::Unit(_, p) | Makes::Upgrade(_, p) => p,
        }
    }
}

pub(super) fn made_by(exact: AbilityId, by: UnitTypeId) -> Option<Makes> {
    let fits = |p: &&Production| p.ability == exact && p.producer == by;
    for d in data::units() {
        if let Some(p) = d.produced_by.iter().find(fits) {
            return Some(Makes::Unit(d, p));
        }
    }
    for (row, r) in data::upgrades().iter().enumerate() {
        if let Some(p) = r.researched_at.iter().find(fits) {
            return Some(Makes::Upgrade(row, p));
        }
    }
    None
}

pub(super) fn fill_gate(gate: &mut Gate, makes: Makes) {
    let p = makes.production();
    gate.structures
        .extend(p.structures.iter().map(|&s| types_counting_as(s)));
    for &up in p.upgrades {
        if let Some(row) = upgrade_row(up) {
            gate.upgrades |= 1 << row;
        }
    }
    match makes {
        Makes::Unit(d, p) => {
            if p.kind != K::ModeChange {
                (gate.minerals, gate.vespene) = (d.minerals, d.vespene);
            }
            gate.supply = supply_of(d, p);
        }
        Makes::Upgrade(row, _) => {
            let r = &data::upgrades()[row];
            (gate.minerals, gate.vespene) = (r.minerals, r.vespene);
            gate.not_upgrades |= 1 << row;
        }
    }
}

/// Free supply that making the unit takes.
fn supply_of(d: &UnitData, p: &Production) -> f32 {
    let source = data::unit(p.producer).map_or(0.0, |s| s.supply_used);
    // Two zerglings come out of one egg; the price is the egg's, the supply one zergling's.
    let pair = d.minerals_total > 0 && d.minerals == 2 * d.minerals_total;
    let own = d.supply_used * if pair { 2.0 } else { 1.0 };
    match p.kind {
        K::ModeChange | K::Build | K::BuildOnGeyser | K::BuildAddon => 0.0,
        K::Morph => (own - source).max(0.0),
        K::Train | K::WarpIn => own,
    }
}

/// Unit flags that making something asks for: (needed, forbidden).
pub(super) fn production_flags(p: &Production, by: UnitTypeId) -> (u32, u32) {
    let structure = data::unit(by).is_some_and(|d| d.is_structure);
    let (mut need, mut forbid) = (0, 0);
    if p.tech_lab {
        need |= flags::TECH_LAB;
    }
    match p.kind {
        K::Train if structure => forbid |= flags::QUEUE_FULL | flags::MORPHING,
        K::BuildAddon => forbid |= flags::ADD_ON | flags::PRODUCING | flags::MORPHING,
        K::Morph | K::ModeChange if structure => forbid |= flags::PRODUCING | flags::MORPHING,
        K::Morph | K::ModeChange => forbid |= flags::MORPHING,
        _ => {}
    }
    (need, forbid)
}

/// Unit flags that any use of an ability asks for: (needed, forbidden).
pub(super) fn base_flags(by: UnitTypeId, exact: AbilityId, kind: FunctionKind) -> (u32, u32) {
    let structure = data::unit(by).is_some_and(|d| d.is_structure);
    let (mut need, mut forbid) = (0, flags::ALLY);
    if structure {
        need |= flags::FINISHED;
        forbid |= flags::UNPOWERED;
    }
    let general = data::ability(exact).map_or(exact, |a| a.general);
    // Smart, attack, move, patrol, hold and stop are all that a hallucination can do.
    if ![1, 3674, 3794, 3795, 3793, 3665].contains(&general.0) {
        forbid |= flags::HALLUCINATION;
    }
    match general.0 {
        3676 => forbid |= flags::CLOAKED,
        3668 | 3663 => forbid |= flags::CARGO_FULL,
        _ => {}
    }
    if kind == FunctionKind::Autocast {
        forbid &= !flags::CARGO_FULL;
    }
    (need, forbid)
}

pub(super) fn upgrade_row(id: crate::game::UpgradeId) -> Option<usize> {
    data::upgrades().binary_search_by_key(&id, |r| r.id).ok()
}

/// Types that satisfy a requirement for a structure: itself, its modes, and what was made of it.
pub(super) fn types_counting_as(structure: UnitTypeId) -> [u64; 4] {
    let mut bits = [0; 4];
    for d in data::units() {
        if d.id == structure || d.unit_alias == structure || d.tech_alias.contains(&structure) {
            let idx = usize::from(vocab().type_idx(d.id));
            bits[idx / 64] |= 1 << (idx % 64);
        }
    }
    bits
}

/// The type whose footprint a point function needs room for: what it builds, or the structure that lands.
pub(super) fn built_type(exact: AbilityId, by: UnitTypeId) -> Option<UnitTypeId> {
    match made_by(exact, by)? {
        Makes::Unit(d, p) if matches!(p.kind, K::Build | K::BuildOnGeyser) && d.is_structure => {
            Some(d.id)
        }
        _ => None,
    }
}

/// True for structures that train or research.
pub(super) fn produces(id: UnitTypeId) -> bool {
    let trains = |p: &Production| p.producer == id && p.kind == K::Train;
    data::units().any(|d| d.produced_by.iter().any(trains))
        || data::upgrades()
            .iter()
            .any(|r| r.researched_at.iter().any(|p| p.producer == id))
}
