//! Whom a unit shoots at: what can strike back before what cannot, units before structures, then the nearest.

use super::weapons::Weapon;
use crate::game::Point;
use crate::game::data::unit_ids as u;
use crate::sim::spatial::Index;
use crate::sim::unit::{Stance, Unit, UnitRef};

/// Radius of the largest thing there is to shoot at (a town hall's), for looking around.
const RADIUS_MAX: f32 = 2.75;

/// Classes of targets, better ones first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Can strike back, or heals those who do.
    Fighter,
    /// Other units: workers at work, transports, what cannot reach the shooter.
    Unit,
    /// Structures without weapons.
    Structure,
}

/// How a unit looks for targets.
#[derive(Clone, Copy, Debug)]
pub struct Gaze {
    /// Center of the zone outside of which it hits nobody.
    pub zone: Option<Point>,
    /// Added to every weapon's range and scan range.
    pub range_bonus: f32,
    /// Only what can be shot from here.
    pub in_range_only: bool,
}

/// Which weapon hits the target's layer.
#[inline]
pub fn weapon_for(weapons: &'static [Weapon], flying: bool) -> Option<&'static Weapon> {
    weapons.iter().find(|w| w.hits(flying))
}

/// Whether `player` may shoot at the unit: in view, and not hidden by a cloak.
#[inline]
pub fn visible_to(unit: &Unit, player: u8) -> bool {
    let bit = 1 << player;
    unit.seen_by & (bit | Unit::SHELTERED) == bit && (!unit.cloaked || unit.detected_by & bit != 0)
}

/// Distance from edge to edge.
#[inline]
pub fn gap(a: &Unit, b: &Unit) -> f32 {
    a.pos.distance(b.pos) - a.radius - b.radius
}

/// Radius of a liberator's defender zone (the API's effect data).
pub const ZONE_RADIUS: f32 = 5.0;

/// Whether a unit stands in the defender zone around `zone`, if only with its edge.
pub fn touches_zone(zone: Point, it: &Unit) -> bool {
    it.pos.distance(zone) - it.radius <= ZONE_RADIUS
}

/// The zone that a unit in ground mode is bound to.
#[inline]
pub fn zone_of(unit: &Unit) -> Option<Point> {
    (unit.type_id == u::LIBERATOR_AG).then_some(unit.special.zone)
}

/// Whether the weapon may be turned on the unit at all, wherever it stands.
#[inline]
pub fn admits(from: &Unit, weapon: &Weapon, it: &Unit) -> bool {
    !(weapon.spares_structures && it.data.is_structure)
        && zone_of(from).is_none_or(|zone| touches_zone(zone, it))
}

/// How much of a threat `it` is to a shooter that flies or walks.
pub fn tier(it: &Unit, shooter_flies: bool) -> Tier {
    let armed = match it.type_id {
        u::BUNKER => !it.passengers.is_empty(),
        u::MEDIVAC | u::WIDOW_MINE_BURROWED => true,
        _ if it.data.is_worker => !matches!(it.stance, Stance::Passive | Stance::Guard),
        _ => it.weapons.iter().any(|w| w.hits(shooter_flies)),
    };
    if armed && (it.build_left <= 0.0 || !it.data.is_structure) {
        Tier::Fighter
    } else if !it.data.is_structure {
        Tier::Unit
    } else {
        Tier::Structure
    }
}

/// The best target for the unit in `slot`, seen from `at` (a bunker's place for those inside it).
pub fn look(
    units: &[Unit],
    index: &Index,
    slot: usize,
    from: &Unit,
    arms: &'static [Weapon],
    gaze: Gaze,
) -> Option<UnitRef> {
    let owner = units[slot].owner;
    let reach = arms
        .iter()
        .map(|w| {
            if gaze.in_range_only {
                w.data.range
            } else {
                w.scan
            }
        })
        .fold(0.0, f32::max)
        + gaze.range_bonus;
    let mut best: Option<(Tier, f32, u16)> = None;
    let around = reach + from.radius + RADIUS_MAX;
    index.visit(usize::from(1 - owner), from.pos, around, |entry| {
        let distance = from.pos.distance(entry.pos) - from.radius - entry.radius;
        if distance > reach {
            return;
        }
        let Some(weapon) = weapon_for(arms, entry.flying) else {
            return;
        };
        let far = if gaze.in_range_only {
            weapon.data.range
        } else {
            weapon.scan
        };
        if distance > far + gaze.range_bonus || distance < weapon.min_range {
            return;
        }
        if entry.structure && weapon.spares_structures {
            return;
        }
        let it = &units[usize::from(entry.slot)];
        if !it.alive || !visible_to(it, owner) {
            return;
        }
        if gaze.zone.is_some_and(|zone| !touches_zone(zone, it)) {
            return;
        }
        let tier = tier(it, from.flying);
        // Ties go to the lower slot, so that the order of the index does not matter.
        let key = (tier, distance, entry.slot);
        if best.is_none_or(|b| key < b) {
            best = Some(key);
        }
    });
    best.map(|(_, _, slot)| units[usize::from(slot)].me)
}
