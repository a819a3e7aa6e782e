//! Which units an observation keeps, and what is found out about all of them on the way: counts, add-ons, research.
//!
//! Overflow rule: where a group has more units than its limit, the kept ones are the first under the order
//! (n-th unit of its type / 8, class, position in the raw observation). So every type keeps at least its first eight
//! before any type keeps more, and among equals armies and structures go before workers and workers before larvae,
//! missiles and snapshots. Neutral units are ordered by (class, distance from the own start). The kept units stand in
//! the order of the raw observation.

use super::flags::kind;
use super::types::UnitGroup;
use super::vocab::{UnitTypeRow, vocab};
use crate::game::data::{self, unit_ids as u};
use crate::game::{AbilityId, Alliance, DisplayType, Point, RawObservation, RawUnit, UnitTag};
use std::sync::LazyLock;

/// What an order's ability does to the unit that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderClass {
    Other,
    /// A worker puts up a structure.
    Construct,
    /// Training or research.
    Produce,
    /// The unit becomes another, or gets an add-on.
    Morph,
}

struct OrderClasses {
    class: Vec<OrderClass>,
    /// Row of the upgrade table + 1.
    upgrade: Vec<u8>,
}

static ORDER_CLASSES: LazyLock<OrderClasses> = LazyLock::new(|| {
    use data::ProductionKind as K;
    let mut t = OrderClasses {
        class: vec![OrderClass::Other; 4096],
        upgrade: vec![0; 4096],
    };
    for p in data::units().flat_map(|d| d.produced_by) {
        t.class[usize::from(p.ability.0)] = match p.kind {
            K::Train => OrderClass::Produce,
            K::Build | K::BuildOnGeyser => OrderClass::Construct,
            K::BuildAddon | K::Morph | K::ModeChange => OrderClass::Morph,
            K::WarpIn => OrderClass::Other,
        };
    }
    // Arming a nuclear missile: no row of the tables makes it.
    t.class[710] = OrderClass::Produce;
    for (row, up) in data::upgrades().iter().enumerate() {
        for ability in up
            .researched_at
            .iter()
            .map(|p| p.ability)
            .chain([up.ability])
        {
            t.class[usize::from(ability.0)] = OrderClass::Produce;
            t.upgrade[usize::from(ability.0)] = row as u8 + 1;
        }
    }
    t
});

/// Class of an exact ability.
pub fn order_class(ability: AbilityId) -> OrderClass {
    let at = usize::from(ability.0);
    ORDER_CLASSES
        .class
        .get(at)
        .copied()
        .unwrap_or(OrderClass::Other)
}

/// Row of the upgrade table that an exact ability researches.
pub fn researched_upgrade(ability: AbilityId) -> Option<usize> {
    let at = usize::from(ability.0);
    let row = ORDER_CLASSES.upgrade.get(at).copied().unwrap_or(0);
    (row > 0).then(|| usize::from(row) - 1)
}

/// An own add-on.
#[derive(Clone, Copy, Debug)]
pub(super) struct AddOn {
    pub tag: UnitTag,
    pub finished: bool,
    pub tech_lab: bool,
    pub reactor: bool,
}

/// Reused buffers.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    /// Per group: positions in `raw.units`, ascending.
    pub kept: [Vec<u32>; 3],
    pub totals: [u32; 3],
    /// Per unit of `raw.units`: row of the unit-type table.
    pub type_idx: Vec<u16>,
    pub own_counts: Vec<u16>,
    pub enemy_counts: Vec<u16>,
    /// Of the own ones, those still being built.
    pub own_unfinished: Vec<u16>,
    /// Own units' orders by row of the order table, everything queued included.
    pub own_orders: Vec<u16>,
    pub add_ons: Vec<AddOn>,
    pub gas_structures: Vec<Point>,
    /// Own structures under construction.
    pub sites: Vec<Point>,
    pub researching: u128,
    order: Vec<(u32, u32)>,
}

/// Group of a unit.
#[inline]
pub(super) fn group_of(u: &RawUnit) -> UnitGroup {
    match u.alliance {
        Alliance::Own | Alliance::Ally => UnitGroup::Mine,
        Alliance::Enemy => UnitGroup::Enemy,
        Alliance::Neutral => UnitGroup::Neutral,
    }
}

/// Goes over all units once.
pub(super) fn gather(raw: &RawObservation, units_max: &[usize; 3], start: Point, s: &mut Scratch) {
    let v = vocab();
    for kept in &mut s.kept {
        kept.clear();
    }
    s.type_idx.clear();
    s.add_ons.clear();
    s.gas_structures.clear();
    s.sites.clear();
    s.researching = 0;
    for counts in [
        &mut s.own_counts,
        &mut s.enemy_counts,
        &mut s.own_unfinished,
    ] {
        counts.clear();
        counts.resize(v.counted().len(), 0);
    }
    s.own_orders.clear();
    s.own_orders.resize(v.orders().len(), 0);
    for (i, unit) in raw.units.iter().enumerate() {
        let type_idx = v.type_idx(unit.unit_type);
        let row = v.type_row(type_idx);
        s.type_idx.push(type_idx);
        let group = group_of(unit);
        s.kept[group as usize].push(i as u32);
        note(unit, row, group, s);
    }
    for (g, &max) in units_max.iter().enumerate() {
        s.totals[g] = s.kept[g].len() as u32;
        if s.kept[g].len() > max {
            limit(raw, g, max, start, s);
        }
    }
}

#[inline]
fn note(unit: &RawUnit, row: &UnitTypeRow, group: UnitGroup, s: &mut Scratch) {
    if let Some(at) = row.count_idx {
        match group {
            UnitGroup::Mine => {
                s.own_counts[usize::from(at)] += 1;
                s.own_unfinished[usize::from(at)] += u16::from(unit.build_progress < 1.0);
            }
            UnitGroup::Enemy => s.enemy_counts[usize::from(at)] += 1,
            UnitGroup::Neutral => {}
        }
    }
    if row.kinds & kind::GAS_STRUCTURE != 0 {
        s.gas_structures.push(unit.pos);
    }
    if unit.alliance != Alliance::Own {
        return;
    }
    for order in &unit.orders {
        s.own_orders[usize::from(vocab().order_idx(order.ability))] += 1;
    }
    if row.kinds & kind::STRUCTURE == 0 {
        return;
    }
    if unit.build_progress < 1.0 {
        s.sites.push(unit.pos);
    }
    if data::unit(unit.unit_type).is_some_and(|d| d.is_addon) {
        let base = super::vocab::canonical(unit.unit_type);
        s.add_ons.push(AddOn {
            tag: unit.tag,
            finished: unit.build_progress >= 1.0,
            tech_lab: base == u::TECH_LAB,
            reactor: base == u::REACTOR,
        });
    }
    for order in &unit.orders {
        if let Some(row) = researched_upgrade(order.ability) {
            s.researching |= 1 << row;
        }
    }
}

/// Keeps the `max` most relevant units of a group.
fn limit(raw: &RawObservation, g: usize, max: usize, start: Point, s: &mut Scratch) {
    let v = vocab();
    let mut of_type = vec![0u32; v.types().len()];
    s.order.clear();
    for &i in &s.kept[g] {
        let unit = &raw.units[i as usize];
        let type_idx = s.type_idx[i as usize];
        let class = class_of(unit, v.type_row(type_idx));
        let key = if g == UnitGroup::Neutral as usize {
            // Squared distances on a map stay far below 2^24.
            class << 24 | (unit.pos.distance_squared(start) as u32).min(0xff_ffff)
        } else {
            let nth = &mut of_type[usize::from(type_idx)];
            *nth += 1;
            ((*nth - 1) / 8) << 8 | class
        };
        s.order.push((key, i));
    }
    s.order.sort_unstable();
    s.order.truncate(max);
    s.kept[g].clear();
    s.kept[g].extend(s.order.iter().map(|&(_, i)| i));
    s.kept[g].sort_unstable();
}

/// 0 = most relevant.
fn class_of(unit: &RawUnit, row: &UnitTypeRow) -> u32 {
    let small = [
        u::LARVA,
        u::EGG,
        u::BROODLING,
        u::INTERCEPTOR,
        u::LOCUST_MP,
        u::LOCUST_MP_FLYING,
        u::KD8_CHARGE,
        u::FORCE_FIELD,
        u::AUTO_TURRET,
        u::CREEP_TUMOR,
        u::CREEP_TUMOR_BURROWED,
    ];
    let k = row.kinds;
    if k & (kind::MINERALS | kind::GEYSER) != 0 {
        0
    } else if k & kind::DESTRUCTIBLE != 0 {
        1
    } else if k & kind::SCENERY != 0 {
        2
    } else if k & kind::TOWN_HALL != 0 {
        0
    } else if small.contains(&row.id) || unit.is_hallucination {
        5
    } else if unit.display != DisplayType::Visible {
        4
    } else if k & kind::WORKER != 0 {
        3
    } else if k & kind::STRUCTURE != 0 {
        2
    } else {
        1
    }
}
