//! Unit rows and features of one group.

use super::buffs::{BOOST_BITS, CARRY_BITS, buff_bits};
use super::encoder::LastAction;
use super::flags::{self, kind};
use super::select::{OrderClass, Scratch, order_class};
use super::space::Space;
use super::spec::ObsSpec;
use super::types::{ORDER_COLUMNS, Observation, UnitGroup, UnitRow};
use super::units::{UnitCtx, encode_unit};
use super::vocab::vocab;
use crate::game::math::sin_cos;
use crate::game::{
    Alliance, CloakState, DisplayType, Point, RawObservation, RawUnit, Target, data,
};

/// What rows are made from beside the unit itself.
pub(super) struct RowContext<'a> {
    pub space: &'a Space,
    pub last: &'a LastAction,
    pub scratch: &'a Scratch,
}

/// Fills group `G` of `out`.
pub(super) fn encode_group<const G: usize>(
    raw: &RawObservation,
    spec: &ObsSpec,
    ctx: &RowContext<'_>,
    out: &mut Observation,
) {
    let kept = &ctx.scratch.kept[G];
    let dim = spec.unit_dim(G);
    let rows = &mut out.units[G];
    let features = &mut out.features[G];
    rows.clear();
    features.clear();
    features.resize(kept.len() * dim, 0.0);
    for (&i, slots) in kept.iter().zip(features.chunks_exact_mut(dim)) {
        let unit = &raw.units[i as usize];
        let type_idx = ctx.scratch.type_idx[i as usize];
        let buffs = buff_bits(&unit.buffs);
        let (flags, add_on) = flags_of(unit, type_idx, buffs, ctx);
        rows.push(UnitRow {
            tag: unit.tag,
            type_idx,
            orders: orders_of(unit),
            cell: ctx.space.minimap(unit.pos),
            energy: unit.energy as u8,
            flags,
        });
        let feature_ctx = UnitCtx {
            u: unit,
            rel: ctx.space.relative(unit.pos),
            sin_cos: if G == UnitGroup::Neutral as usize {
                (0.0, 0.0)
            } else {
                sin_cos(unit.facing)
            },
            flags,
            buffs,
            add_on,
        };
        let written = encode_unit::<G>(&feature_ctx, slots);
        debug_assert_eq!(written, dim);
    }
}

fn orders_of(unit: &RawUnit) -> [u16; ORDER_COLUMNS] {
    let v = vocab();
    let mut out = [0; ORDER_COLUMNS];
    for (slot, order) in out.iter_mut().zip(&unit.orders) {
        *slot = v.order_idx(order.ability);
    }
    out
}

/// Row flags, and the add-on column (see [`UnitCtx::add_on`]).
#[inline]
fn flags_of(unit: &RawUnit, type_idx: u16, buffs: u32, ctx: &RowContext<'_>) -> (u32, u8) {
    let kinds = vocab().type_row(type_idx).kinds;
    let mut f = 0;
    let mut set = |on: bool, bit: u32| {
        if on {
            f |= bit;
        }
    };
    set(
        unit.build_progress >= 1.0 || kinds & kind::MELEE == 0,
        flags::FINISHED,
    );
    set(unit.display == DisplayType::Visible, flags::VISIBLE);
    set(unit.display == DisplayType::Snapshot, flags::SNAPSHOT);
    set(unit.is_flying, flags::FLYING);
    set(unit.is_burrowed, flags::BURROWED);
    set(is_cloaked(unit), flags::CLOAKED);
    set(unit.is_hallucination, flags::HALLUCINATION);
    set(unit.health < unit.health_max, flags::DAMAGED);
    set(unit.shield < unit.shield_max, flags::SHIELD_DAMAGED);
    set(buffs & CARRY_BITS != 0, flags::CARRYING);
    set(buffs & BOOST_BITS != 0, flags::BOOSTED);
    set(has_contents(unit, kinds), flags::HAS_CONTENTS);
    set(unit.alliance == Alliance::Ally, flags::ALLY);
    set(
        kinds & kind::GEYSER != 0 && is_occupied(unit, ctx.scratch),
        flags::OCCUPIED,
    );
    set(
        ctx.last.target == Target::Unit(unit.tag) && unit.tag.is_some(),
        flags::TARGETED_LAST,
    );
    if unit.alliance != Alliance::Own {
        return (f, 0);
    }
    set(ctx.last.units.contains(&unit.tag), flags::SELECTED_LAST);
    set(!unit.orders.is_empty(), flags::BUSY);
    set(unit.cargo_space_taken > 0, flags::HAS_CARGO);
    set(
        unit.cargo_space_max > 0 && unit.cargo_space_taken >= unit.cargo_space_max,
        flags::CARGO_FULL,
    );
    if let Some(first) = unit.orders.first() {
        match order_class(first.ability) {
            OrderClass::Construct => set(is_at_work(unit, ctx.scratch), flags::CONSTRUCTING),
            OrderClass::Produce => set(true, flags::PRODUCING),
            OrderClass::Morph => set(true, flags::MORPHING),
            OrderClass::Other => {}
        }
    }
    if kinds & kind::STRUCTURE == 0 {
        return (f, 0);
    }
    let (more, add_on) = structure_flags(unit, ctx.scratch);
    (f | more, add_on)
}

/// Flags of one's own structures, and the add-on column.
fn structure_flags(unit: &RawUnit, scratch: &Scratch) -> (u32, u8) {
    let needs_power = data::unit(unit.unit_type).is_some_and(|d| d.needs_power);
    let (mut f, mut add_on, mut queue) = (0, 0, 5);
    if needs_power && !unit.is_powered {
        f |= flags::UNPOWERED;
    }
    if unit.add_on.is_some() {
        f |= flags::ADD_ON;
        let found = scratch.add_ons.iter().find(|a| a.tag == unit.add_on);
        add_on = found.map_or(3, |a| match (a.finished, a.tech_lab, a.reactor) {
            (true, true, _) => 1,
            (true, _, true) => 2,
            _ => 3,
        });
        match add_on {
            1 => f |= flags::TECH_LAB,
            2 => (f, queue) = (f | flags::REACTOR, 8),
            _ => {}
        }
    }
    if unit.orders.len() >= queue {
        f |= flags::QUEUE_FULL;
    }
    (f, add_on)
}

/// True for a worker whose first order is a construction that has begun: the site stands where the order points.
fn is_at_work(unit: &RawUnit, scratch: &Scratch) -> bool {
    let site_near = |p: Point, reach: f32| {
        let near = |s: &Point| s.distance_squared(p) < reach * reach;
        scratch.sites.iter().any(near)
    };
    match unit.orders.first().map(|o| o.target) {
        // Not a site that was halted and to which the worker is still on its way.
        Some(Target::Point(p)) => site_near(p, 0.75) && unit.pos.distance_squared(p) < 9.0,
        // A refinery's order may name the geyser; a worker at work is at the structure's edge.
        Some(Target::Unit(_)) => site_near(unit.pos, 3.0),
        _ => false,
    }
}

fn is_cloaked(unit: &RawUnit) -> bool {
    matches!(
        unit.cloak,
        CloakState::Cloaked | CloakState::CloakedDetected | CloakState::CloakedAllied
    )
}

fn has_contents(unit: &RawUnit, kinds: u16) -> bool {
    let resource = kinds & (kind::MINERALS | kind::GEYSER | kind::GAS_STRUCTURE) != 0;
    let known = unit.display == DisplayType::Visible;
    resource && (!known || unit.mineral_contents + unit.vespene_contents > 0)
}

fn is_occupied(geyser: &RawUnit, scratch: &Scratch) -> bool {
    scratch
        .gas_structures
        .iter()
        .any(|p| p.distance_squared(geyser.pos) < 1.0)
}
