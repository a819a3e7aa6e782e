//! What the levels that see the whole map make of it: they strike when they are the stronger, where the enemy is weak, and
//! turn back before a fight that they would lose.
//!
//! The margins are those of the game's own script (`TriggerLibs/MeleeHighAI.galaxy`, `AIArmyComparisonEstimate`): with the
//! map in view, stronger from 110 in a hundred on and weaker below 90.

use super::enemies::Enemies;
use crate::game::{Point, RawUnit};
use crate::tactics::kinds::kind;
use crate::tactics::{View, army};

/// Below this ratio of own army to the enemy's, one is the weaker.
const WEAKER: f32 = 0.9;
/// From this ratio on an attack may set out.
pub const ATTACKS: f32 = 1.1;
/// Strikes early only with so much more.
const FAR_STRONGER: f32 = 1.6;
/// And with an army worth at least this.
const STRIKE_MIN: f32 = 700.0;
/// Who is eager strikes with this many times the enemy's army already, and at least these minerals of it.
const EAGER_STRONGER: f32 = 1.2;
const EAGER_MIN: u32 = 1500;

/// Own army's worth over that of the enemy's.
pub fn ratio(v: &View, enemies: &Enemies) -> f32 {
    let own: f32 = v.army().map(army::worth).sum();
    own / enemies.worth().max(1.0)
}

/// True if a strike now, whatever the plan says, would hit an enemy who is far weaker; or weaker, for who is `eager`.
pub fn strikes(v: &View, enemies: &Enemies, eager: bool) -> bool {
    let own: f32 = v.army().map(army::worth).sum();
    let far_stronger = own > STRIKE_MIN && own > FAR_STRONGER * enemies.worth() + 400.0;
    far_stronger || eager && v.army_minerals() > EAGER_MIN && ratio(v, enemies) > EAGER_STRONGER
}

/// True if the army is on its way into a fight that it would lose: the enemy's main body, and what fires beside it, stands
/// within reach of it and is stronger, and nobody fights yet.
pub fn turns_back(v: &View, heart: Point) -> bool {
    let hostile = || v.enemy_army().chain(v.enemy_structures());
    let in_melee = v
        .enemy_army()
        .any(|e| e.pos.distance_squared(heart) < 100.0);
    let own = army::strength_near(v.army(), heart, 18.0);
    !in_melee && army::strength_near(hostile(), heart, 26.0) > own / WEAKER
}

/// The enemy's town hall that is worst defended, the way there counted; none if he has no town hall left.
pub fn weak_spot(
    v: &View,
    enemies: &Enemies,
    from: Point,
    heading: Option<Point>,
) -> Option<Point> {
    let cost = |hall: &RawUnit| {
        let guns = army::strength_near(v.enemy_structures(), hall.pos, 12.0);
        let guards = enemies.worth_near(hall.pos, 20.0) + 0.4 * enemies.worth_near(hall.pos, 45.0);
        // An army that goes back and forth between two targets reaches neither.
        let kept = heading.is_some_and(|h| h.distance_squared(hall.pos) < 12.0);
        guns + guards + 8.0 * hall.pos.distance(from) - if kept { 500.0 } else { 0.0 }
    };
    v.enemy_structures()
        .filter(|s| kind(s.unit_type).is_townhall && !s.is_flying)
        .min_by(|a, b| cost(a).total_cmp(&cost(b)))
        .map(|hall| hall.pos)
}
