//! The unit features: table and encoding of one unit.

use super::feature::{Bits, Feature, OneHot, Quant, Width, feature_table};
use super::flags;
use crate::game::{Alliance, CloakState, DisplayType, Point, RawUnit, Target};

const M: u8 = 1;
const ME: u8 = 3;
const EN: u8 = 6;
const ALL: u8 = 7;
const N: u8 = 4;
const MN: u8 = 5;

/// Everything the unit features are computed from.
pub(super) struct UnitCtx<'a> {
    pub u: &'a RawUnit,
    /// Position from the playable area's lower left corner.
    pub rel: Point,
    pub sin_cos: (f32, f32),
    pub flags: u32,
    pub buffs: u32,
    /// 0 none, 1 tech lab, 2 reactor, 3 another or unfinished one.
    pub add_on: u8,
}

fn ratio(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

fn order_target(u: &RawUnit) -> Target {
    u.orders.first().map_or(Target::None, |o| o.target)
}

fn order_offset(u: &RawUnit) -> [f32; 2] {
    match order_target(u) {
        Target::Point(p) => [(p.x - u.pos.x) / 32.0, (p.y - u.pos.y) / 32.0],
        _ => [0.0; 2],
    }
}

use Width::Fixed as F;

feature_table! {
    /// Unit features, by group (SCC App. A: "type embedding, position and the other fields"; AlphaStar's raw unit list).
    UNIT_FEATURES, encode_unit, UnitCtx<'_>;
    "pos", ALL, F(2), Quant::U16(2048.0), "pos from the playable area's lower left corner, / 128 cells, in sixteenths of a cell", |c| [c.rel.x / 128.0, c.rel.y / 128.0];
    "z", ALL, F(1), Quant::I8(8.0), "z / 16 cells, above 0 = above the zero plane", |c| c.u.z / 16.0;
    "facing", ME, F(2), Quant::I8(127.0), "sine and cosine of facing", |c| [c.sin_cos.0, c.sin_cos.1];
    "radius", ALL, F(1), Quant::U8(64.0), "radius / 4 cells", |c| c.u.radius / 4.0;
    "display", EN, F(3), Quant::Bit, "display_type: visible, snapshot, hidden", |c| OneHot(c.u.display as usize - DisplayType::Visible as usize);
    "build_progress", ME, F(1), Quant::U8(255.0), "build_progress", |c| c.u.build_progress;
    "health", ALL, F(1), Quant::U16(2048.0), "health / 512, at most 4", |c| (c.u.health / 512.0).min(4.0);
    "health_ratio", ALL, F(1), Quant::U8(255.0), "health / health_max", |c| ratio(c.u.health, c.u.health_max);
    "shield", ME, F(1), Quant::U16(2048.0), "shield / 512, at most 4", |c| (c.u.shield / 512.0).min(4.0);
    "shield_ratio", ME, F(1), Quant::U8(255.0), "shield / shield_max", |c| ratio(c.u.shield, c.u.shield_max);
    "energy", ME, F(1), Quant::U8(200.0), "energy / 200, in whole points", |c| c.u.energy / 200.0;
    "energy_ratio", ME, F(1), Quant::U8(255.0), "energy / energy_max", |c| ratio(c.u.energy, c.u.energy_max);
    "cloak", ME, F(4), Quant::Bit, "cloak: cloaked, cloaked but detected, not cloaked, cloaked ally; unknown = none", |c| OneHot((c.u.cloak as usize).wrapping_sub(CloakState::Cloaked as usize));
    "flying", ME, F(1), Quant::Bit, "is_flying", |c| c.u.is_flying;
    "burrowed", ME, F(1), Quant::Bit, "is_burrowed", |c| c.u.is_burrowed;
    "hallucination", ME, F(1), Quant::Bit, "is_hallucination", |c| c.u.is_hallucination;
    "powered", ME, F(1), Quant::Bit, "is_powered", |c| c.u.is_powered;
    "active", ME, F(1), Quant::Bit, "is_active", |c| c.u.is_active;
    "blip", EN, F(1), Quant::Bit, "is_blip (sensor tower)", |c| c.u.is_blip;
    "ally", M, F(1), Quant::Bit, "alliance is ally", |c| c.u.alliance == Alliance::Ally;
    "detector", ME, F(1), Quant::U8(64.0), "detect_range / 16 cells", |c| c.u.detect_range / 16.0;
    "upgrades", ME, F(3), Quant::U8(4.0), "attack, armor, shield upgrade level / 4", |c| [f32::from(c.u.attack_upgrade_level) / 4.0, f32::from(c.u.armor_upgrade_level) / 4.0, f32::from(c.u.shield_upgrade_level) / 4.0];
    "buffs", ME, Width::Buffs, Quant::Bit, "buff_ids, one column a class of buffs", |c| Bits(u128::from(c.buffs));
    "contents", MN, F(2), Quant::U16(2048.0), "mineral_contents, vespene_contents / 2048", |c| [c.u.mineral_contents as f32 / 2048.0, c.u.vespene_contents as f32 / 2048.0];
    "contents_known", N, F(1), Quant::Bit, "a resource in view", |c| c.u.mineral_contents + c.u.vespene_contents > 0;
    "occupied", N, F(1), Quant::Bit, "geyser under a gas structure", |c| c.flags & flags::OCCUPIED != 0;
    "order_count", M, F(1), Quant::U8(8.0), "orders / 8", |c| c.u.orders.len() as f32 / 8.0;
    "order_progress", M, F(2), Quant::U8(255.0), "progress of the first two orders", |c| [c.u.orders.first().map_or(0.0, |o| o.progress), c.u.orders.get(1).map_or(0.0, |o| o.progress)];
    "order_target", M, F(2), Quant::Bit, "target of the first order: point, unit", |c| OneHot(match order_target(c.u) { Target::None => 2, Target::Point(_) => 0, Target::Unit(_) => 1 });
    "order_offset", M, F(2), Quant::I8(32.0), "target point of the first order from here, / 32 cells", |c| order_offset(c.u);
    "weapon_cooldown", M, F(2), Quant::U8(255.0), "weapon_cooldown / 64 loops; 1 if above 0", |c| [c.u.weapon_cooldown / 64.0, if c.u.weapon_cooldown > 0.0 { 1.0 } else { 0.0 }];
    "cargo", M, F(3), Quant::U8(16.0), "cargo_space_taken / 16, cargo_space_max / 16, passengers / 16", |c| [f32::from(c.u.cargo_space_taken) / 16.0, f32::from(c.u.cargo_space_max) / 16.0, c.u.passengers.len() as f32 / 16.0];
    "add_on", M, F(3), Quant::Bit, "add_on: tech lab, reactor, unfinished", |c| OneHot(usize::from(c.add_on).wrapping_sub(1));
    "harvesters", M, F(3), Quant::I8(32.0), "assigned_harvesters, ideal_harvesters, and assigned - ideal, / 32", |c| { let (a, i) = (f32::from(c.u.assigned_harvesters), f32::from(c.u.ideal_harvesters)); [a / 32.0, i / 32.0, (a - i) / 32.0] };
    "buff_remaining", M, F(1), Quant::U8(255.0), "buff_duration_remain / buff_duration_max", |c| ratio(c.u.buff_duration_remain as f32, c.u.buff_duration_max as f32);
    "engaged", M, F(1), Quant::Bit, "engaged_target_tag is set", |c| c.u.engaged_target.is_some();
    "rally", M, F(1), Quant::Bit, "has a rally target", |c| !c.u.rally_targets.is_empty();
    "selected_last", M, F(1), Quant::Bit, "was among the units of the last action", |c| c.flags & flags::SELECTED_LAST != 0;
    "targeted_last", ALL, F(1), Quant::Bit, "was the target unit of the last action", |c| c.flags & flags::TARGETED_LAST != 0;
}
