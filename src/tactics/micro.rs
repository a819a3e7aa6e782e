//! What units do within a fight: stimpack, siege, landing, stepping back, keeping healers behind.

use super::army::{self, SELECT_MAX, Tags};
use super::kinds::{ability, kind};
use super::orders::Orders;
use super::view::View;
use crate::game::data::{unit_ids as u, upgrade_ids as up};
use crate::game::{DisplayType, Point, RawUnit, Target};

/// Buffs of the stimpack, marine's and marauder's.
const STIM_BUFFS: [u16; 2] = [27, 24];

fn gap(a: &RawUnit, b: &RawUnit) -> f32 {
    a.pos.distance(b.pos) - a.radius - b.radius
}

/// Distance from edge to edge to the nearest enemy on the ground that fights (or stands), if any is near.
fn nearest_ground_enemy<'a>(v: &View<'a>, to: &RawUnit, within: f32) -> Option<(f32, &'a RawUnit)> {
    v.enemy_army()
        .chain(v.enemy_structures())
        // What is only remembered cannot be shot at.
        .filter(|e| !e.is_flying && e.display == DisplayType::Visible)
        .map(|e| (gap(e, to), e))
        .filter(|(d, _)| *d < within)
        .min_by(|a, b| a.0.total_cmp(&b.0))
}

/// Stimpack for healthy infantry with fighting enemies in reach, if at least `group_min` of a type take it at once.
pub fn stim(v: &View, group_min: usize, out: &mut Orders) {
    if !v.has_upgrade(up::STIMPACK) {
        return;
    }
    for (t, health_min) in [(u::MARINE, 40.0), (u::MARAUDER, 90.0)] {
        let tags: Tags = v
            .army()
            .filter(|m| m.unit_type == t && m.health >= health_min)
            .filter(|m| !m.buffs.iter().any(|b| STIM_BUFFS.contains(&b.0)))
            .filter(|m| v.enemy_army().any(|e| gap(e, m) < 7.0))
            .map(|m| m.tag)
            .take(SELECT_MAX)
            .collect();
        if tags.len() >= group_min {
            out.group(ability::STIM, &tags, Target::None);
        }
    }
}

/// Ground that can be walked on and not be built on: who digs in there is in everybody's way.
fn on_ramp(v: &View, p: Point) -> bool {
    let (x, y) = p.cell();
    v.know.map.placement.get(x, y) != Some(true)
}

/// Tanks dig in within reach of the enemy and pull out when nobody is left.
///
/// `eager`: dig in on the longest reach; otherwise a little closer, so that those behind come into reach too.
pub fn siege(v: &View, eager: bool, out: &mut Orders) {
    let reach = if eager { 13.0 } else { 11.5 };
    let down: Tags = v
        .army()
        .filter(|t| {
            t.unit_type == u::SIEGE_TANK
                && t.orders.first().is_none_or(|o| o.ability != ability::SIEGE)
        })
        .filter(|t| !on_ramp(v, t.pos))
        .filter(|t| matches!(nearest_ground_enemy(v, t, reach), Some((d, _)) if d > 3.0))
        .map(|t| t.tag)
        .take(SELECT_MAX)
        .collect();
    out.group(ability::SIEGE, &down, Target::None);
    let up: Tags = v
        .army()
        .filter(|t| {
            t.unit_type == u::SIEGE_TANK_SIEGED
                && t.orders
                    .first()
                    .is_none_or(|o| o.ability != ability::UNSIEGE)
        })
        .filter(|t| nearest_ground_enemy(v, t, 15.0).is_none())
        .map(|t| t.tag)
        .take(SELECT_MAX)
        .collect();
    out.group(ability::UNSIEGE, &up, Target::None);
}

/// Vikings fight on the ground where there is nothing in the air to fight.
pub fn vikings(v: &View, out: &mut Orders) {
    let air_near = |p: Point| {
        v.enemy_army()
            .chain(v.enemy_structures())
            .any(|e| e.is_flying && e.pos.distance_squared(p) < 225.0)
    };
    let land: Tags = v
        .army()
        .filter(|x| x.unit_type == u::VIKING_FIGHTER && !air_near(x.pos))
        .filter(|x| {
            x.orders
                .first()
                .is_none_or(|o| o.ability != ability::VIKING_LAND)
        })
        .filter(|x| {
            let (cx, cy) = x.pos.cell();
            v.know.map.pathing.get(cx, cy) == Some(true)
                && nearest_ground_enemy(v, x, 7.0).is_some()
        })
        .map(|x| x.tag)
        .take(SELECT_MAX)
        .collect();
    out.group(ability::VIKING_LAND, &land, Target::None);
    let lift: Tags = v
        .army()
        .filter(|x| x.unit_type == u::VIKING_ASSAULT)
        .filter(|x| {
            x.orders
                .first()
                .is_none_or(|o| o.ability != ability::VIKING_FLY)
        })
        .filter(|x| {
            air_near(x.pos) || nearest_ground_enemy(v, x, 16.0).is_none() && x.orders.is_empty()
        })
        .map(|x| x.tag)
        .take(SELECT_MAX)
        .collect();
    out.group(ability::VIKING_FLY, &lift, Target::None);
}

/// Cloaks banshees that are near enemies who could shoot them.
pub fn cloak(v: &View, out: &mut Orders) {
    if !v.has_upgrade(up::BANSHEE_CLOAK) {
        return;
    }
    let tags: Tags = v
        .army()
        .filter(|b| b.unit_type == u::BANSHEE && b.energy > 30.0)
        .filter(|b| b.cloak == crate::game::CloakState::NotCloaked)
        .filter(|b| {
            v.enemy_army()
                .any(|e| kind(e.unit_type).hits_air && gap(e, b) < 10.0)
        })
        .map(|b| b.tag)
        .take(SELECT_MAX)
        .collect();
    out.group(ability::CLOAK_ON, &tags, Target::None);
}

/// Units that outrange their nearest enemy step back while their weapons reload.
pub fn kite(v: &View, out: &mut Orders) {
    for unit in v.army() {
        let k = kind(unit.unit_type);
        if out.is_full() {
            return;
        }
        if unit.weapon_cooldown < 5.0 || k.range < 2.0 || unit.is_flying || out.uses(unit.tag) {
            continue;
        }
        let nearest = v
            .enemy_army()
            .filter(|e| !e.is_flying && kind(e.unit_type).hits_ground)
            .map(|e| (gap(e, unit), e))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((d, e)) = nearest else { continue };
        let reach = kind(e.unit_type).range;
        // Worth it only against much shorter weapons: against equals every step back is a lost shot.
        if d < reach + 1.5 && reach + 1.9 < k.range && e.unit_type != u::SIEGE_TANK_SIEGED {
            let away = unit.pos + (unit.pos - e.pos) * (2.0 / unit.pos.distance(e.pos).max(0.5));
            out.one(ability::MOVE, unit.tag, Target::Point(away));
        }
    }
}

/// Medivacs walk with the middle of the army, healing, instead of leading it.
pub fn healers_follow(v: &View, heart: Point, slack: f32, out: &mut Orders) {
    let healers = v
        .army()
        .filter(|x| x.unit_type == u::MEDIVAC && x.cargo_space_taken == 0);
    army::attack_move(healers, heart, slack, out);
}
