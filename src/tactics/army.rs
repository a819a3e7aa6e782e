//! Where the army should be: threats, targets, strengths, and the group commands that bring it there.

use super::kinds::{ability, kind};
use super::knowledge::UNREACHED;
use super::orders::Orders;
use super::view::{View, attack_target};
use crate::game::data::unit_ids as u;
use crate::game::{Point, RawUnit, Target, UnitTag};
use smallvec::SmallVec;

/// Units one command can select (the game's own limit is 255; the action codec's is 64).
pub const SELECT_MAX: usize = 64;

/// A list of unit tags that usually fits on the stack.
pub type Tags = SmallVec<[UnitTag; SELECT_MAX]>;

/// Worth in a fight: resources times the share of health left.
pub fn worth(unit: &RawUnit) -> f32 {
    let k = kind(unit.unit_type);
    let full = unit.health_max + unit.shield_max;
    let share = if full > 0.0 {
        (unit.health + unit.shield) / full
    } else {
        1.0
    };
    let base = match unit.unit_type {
        u::BUNKER => 300.0,
        u::PLANETARY_FORTRESS => 500.0,
        u::MISSILE_TURRET => 30.0,
        // Sieged tanks hit far harder than they cost.
        u::SIEGE_TANK_SIEGED => 420.0,
        _ if k.is_structure => 0.0,
        _ if k.is_worker => 12.0,
        _ => f32::from(k.value),
    };
    base * (0.3 + 0.7 * share)
}

/// Worth of `units` within `radius` of a point.
pub fn strength_near<'a>(units: impl Iterator<Item = &'a RawUnit>, at: Point, radius: f32) -> f32 {
    units
        .filter(|x| x.pos.distance_squared(at) < radius * radius && x.build_progress >= 1.0)
        .map(worth)
        .sum()
}

/// The middle of some units.
pub fn center<'a>(units: impl Iterator<Item = &'a RawUnit>) -> Option<Point> {
    let (mut sum, mut n) = (Point::default(), 0.0);
    for x in units {
        sum = sum + x.pos;
        n += 1.0;
    }
    (n > 0.0).then(|| sum * (1.0 / n))
}

/// Where most of the army stands: the place of the unit with most others around it.
///
/// An army that walks around an obstacle on two ways has its middle where nobody is; this is never there.
pub fn heart<'a>(units: impl Iterator<Item = &'a RawUnit> + Clone) -> Option<Point> {
    let n = units.clone().count();
    // A sample will do: two dozen candidates find a dense place in any army.
    let candidates = units.clone().step_by(n.div_ceil(24).max(1));
    let around = |c: &RawUnit| {
        let near = units
            .clone()
            .filter(|x| x.pos.distance_squared(c.pos) < 81.0);
        near.count()
    };
    let mut best: Option<(usize, Point)> = None;
    for c in candidates {
        let count = around(c);
        if best.is_none_or(|b| count > b.0) {
            best = Some((count, c.pos));
        }
    }
    best.map(|b| b.1)
}

/// The share of `units` within `radius` of a point.
pub fn share_near<'a>(units: impl Iterator<Item = &'a RawUnit>, at: Point, radius: f32) -> f32 {
    let (mut near, mut all) = (0, 0);
    for x in units {
        all += 1;
        if x.pos.distance_squared(at) < radius * radius {
            near += 1;
        }
    }
    near as f32 / (all as f32).max(1.0)
}

/// Enemies who attack or are about to attack a base.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threat {
    /// The one nearest to a town hall.
    pub pos: Point,
    /// Worth of all of them.
    pub worth: f32,
    pub in_air: bool,
}

/// An enemy farther from one's town halls than this many times his way to his own stands at home and threatens nobody.
const AT_HOME: f32 = 1.3;

/// Enemies in view within `radius` of an own structure; lone workers (scouts) do not count, nor those who stand before their
/// own base, near a structure of ours that went up too far out: an army that answers them attacks where they are strongest.
pub fn threat(v: &View, radius: f32) -> Option<Threat> {
    let mut found: Option<(f32, Threat)> = None;
    let halls = v
        .enemy_structures()
        .filter(|s| kind(s.unit_type).is_townhall)
        .map(|s| s.pos);
    let halls: SmallVec<[Point; 4]> = halls.chain([v.know.enemy_start]).collect();
    for e in v
        .enemy_army()
        .chain(v.enemy_structures().filter(|s| worth(s) > 0.0))
    {
        let d = v
            .structures()
            .map(|s| s.pos.distance_squared(e.pos))
            .fold(f32::MAX, f32::min);
        if d > radius * radius {
            continue;
        }
        let home = v.home_distance(e.pos);
        let his = || {
            halls
                .iter()
                .map(|h| h.distance(e.pos))
                .fold(f32::MAX, f32::min)
        };
        if home > radius && home > AT_HOME * his() {
            continue;
        }
        let t = found.get_or_insert((
            home,
            Threat {
                pos: e.pos,
                worth: 0.0,
                in_air: e.is_flying,
            },
        ));
        t.1.worth += worth(e);
        if home < t.0 {
            (t.0, t.1.pos, t.1.in_air) = (home, e.pos, e.is_flying);
        }
    }
    found.map(|f| f.1)
}

/// Where to attack: the known enemy structure nearest to `from`, else his start if it has not been seen empty, else
/// the hunting ground that comes after the one `heading` is nearest to.
///
/// A function of what is in view and of where the army already goes, so that a search needs no memory.
pub fn target(v: &View, from: Point, heading: Option<Point>, hit_air: bool) -> Point {
    let known = v
        .enemy_structures()
        .filter(|s| hit_air || !s.is_flying)
        .min_by(|a, b| {
            let key = |s: &RawUnit| {
                // Keep to the present target while it stands; add-ons and far ones later.
                let kept = heading.is_some_and(|h| h.distance_squared(s.pos) < 12.0);
                s.pos.distance(from) - if kept { 8.0 } else { 0.0 }
            };
            key(a).total_cmp(&key(b))
        });
    if let Some(s) = known {
        return s.pos;
    }
    if v.visibility(v.know.enemy_start) == 0 {
        return v.know.enemy_start;
    }
    search(v, heading)
}

/// True if nothing of the enemy is left that one knows of, and his start has been looked at.
pub fn is_searching(v: &View, hit_air: bool) -> bool {
    v.visibility(v.know.enemy_start) != 0 && !v.enemy_structures().any(|s| hit_air || !s.is_flying)
}

/// Sends every one of `units` that has nothing left to look at to the next hunting ground that nobody looks at yet.
///
/// An army in one piece needs many minutes for a whole map, in which the enemy builds anew; spread out it needs one.
/// Where a unit goes or stands tells where its search goes on, so that this needs no memory either.
pub fn scatter<'a>(v: &View, units: impl Iterator<Item = &'a RawUnit> + Clone, out: &mut Orders) {
    let hunt = &v.know.hunt;
    let mut taken: SmallVec<[bool; 512]> = hunt
        .iter()
        .map(|p| v.visibility(*p) == 2 || !is_walkable(v, *p))
        .collect();
    let mut free: SmallVec<[(&RawUnit, usize); SELECT_MAX]> = SmallVec::new();
    for x in units.filter(|x| !out.uses(x.tag) && !is_changing(x)) {
        match attack_target(x) {
            Some(Target::Unit(_)) => {}
            Some(Target::Point(p)) => {
                let i = nearest_ground(hunt, p);
                let goes_on = !taken[i] && hunt[i].distance_squared(p) < 36.0;
                if goes_on {
                    taken[i] = true;
                } else {
                    free.push((x, i));
                }
            }
            _ => free.push((x, nearest_ground(hunt, x.pos))),
        }
    }
    for (x, at) in free {
        if out.is_full() {
            return;
        }
        let ahead = (1..=hunt.len()).map(|i| (at + i) % hunt.len());
        if let Some(i) = ahead.into_iter().find(|i| !taken[*i]) {
            taken[i] = true;
            out.one(ability::ATTACK, x.tag, Target::Point(hunt[i]));
        }
    }
}

fn nearest_ground(hunt: &[Point], p: Point) -> usize {
    (0..hunt.len())
        .min_by(|a, b| {
            hunt[*a]
                .distance_squared(p)
                .total_cmp(&hunt[*b].distance_squared(p))
        })
        .unwrap_or(0)
}

fn is_walkable(v: &View, p: Point) -> bool {
    let (x, y) = p.cell();
    v.know.map.pathing.get(x, y) == Some(true) && v.know.steps_to_enemy(p) != UNREACHED
}

/// The next hunting ground that is not in view, in the fixed order of [`super::knowledge::Knowledge::hunt`].
fn search(v: &View, heading: Option<Point>) -> Point {
    let hunt = &v.know.hunt;
    // A search under way goes on from where it is; a new one starts with the bases, which stand first.
    let present = heading
        .map(|h| (nearest_ground(hunt, h), h))
        .filter(|(i, h)| hunt[*i].distance_squared(*h) < 16.0)
        .map(|(i, _)| i);
    if let Some(i) = present
        && v.visibility(hunt[i]) != 2
        && is_walkable(v, hunt[i])
    {
        return hunt[i];
    }
    let at = present.unwrap_or(hunt.len() - 1);
    for i in 1..=hunt.len() {
        let p = hunt[(at + i) % hunt.len()];
        if v.visibility(p) != 2 && is_walkable(v, p) {
            return p;
        }
    }
    hunt[(at + 1) % hunt.len()]
}

/// Where units wait: before the foremost own base on the way to the enemy.
pub fn staging(v: &View) -> Point {
    let bases = &v.know.bases;
    let foremost = v
        .halls()
        .filter(|h| h.build_progress > 0.3)
        .map(|h| v.know.nearest_base(h.pos))
        .filter(|b| *b <= 2)
        .min_by_key(|b| bases[*b].enemy_steps);
    match foremost {
        Some(b) => bases[b].front,
        None => bases[0].front,
    }
}

/// True if the unit already walks, attacking, to within `slack` of a point (or stands there).
pub fn obeys_attack(unit: &RawUnit, to: Point, slack: f32) -> bool {
    match attack_target(unit) {
        Some(Target::Point(p)) => p.distance_squared(to) <= slack * slack,
        Some(Target::Unit(_)) => true,
        _ => unit.orders.is_empty() && unit.pos.distance_squared(to) <= slack * slack * 2.0,
    }
}

/// Attack-moves those of `units` that do not already go there; one command.
pub fn attack_move<'a>(
    units: impl Iterator<Item = &'a RawUnit>,
    to: Point,
    slack: f32,
    out: &mut Orders,
) {
    let tags: Tags = units
        .filter(|x| !obeys_attack(x, to, slack) && !out.uses(x.tag) && !is_changing(x))
        .map(|x| x.tag)
        .take(SELECT_MAX)
        .collect();
    out.group(ability::ATTACK, &tags, Target::Point(to));
}

/// Moves units without attacking, those who do not already.
pub fn walk<'a>(units: impl Iterator<Item = &'a RawUnit>, to: Point, slack: f32, out: &mut Orders) {
    let tags: Tags = units
        .filter(|x| {
            let going = x.orders.first().is_some_and(|o| match o.target {
                Target::Point(p) => {
                    o.ability != ability::ATTACK_EXACT && p.distance_squared(to) <= slack * slack
                }
                _ => false,
            });
            !going && x.pos.distance_squared(to) > slack * slack && !out.uses(x.tag)
        })
        .map(|x| x.tag)
        .take(SELECT_MAX)
        .collect();
    out.group(ability::MOVE, &tags, Target::Point(to));
}

/// True while a unit changes its mode (siege, land), which another order would break off.
pub fn is_changing(unit: &RawUnit) -> bool {
    unit.orders.first().is_some_and(|o| {
        matches!(
            o.ability,
            ability::SIEGE | ability::UNSIEGE | ability::VIKING_FLY | ability::VIKING_LAND
        )
    })
}
