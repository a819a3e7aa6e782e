//! Turning aside: how a moving body's step bends around those ahead who will not give way.

use super::crowd::{Body, Firmness};
use crate::game::Point;

/// Bodies closer than this to each other, edge to edge, are looked at together.
pub const GAP_SEEN: f32 = 0.5;
/// Touching, for joining those who rest.
const GAP_TOUCH: f32 = 0.12;
/// Farther from a shared goal than this nobody counts as having arrived by touching.
const JOIN_REACH: f32 = 12.0;

/// What one body's look at its neighbors has come to so far.
pub struct Aside {
    length: f32,
    ahead: Point,
    turn: f32,
    side: i8,
    joined: bool,
}

impl Aside {
    /// None for who stands.
    pub fn new(me: &Body) -> Option<Aside> {
        let length = me.step.length();
        (me.firmness == Firmness::Moving && length >= 1e-5).then(|| Aside {
            length,
            ahead: me.step * (1.0 / length),
            turn: 0.0,
            side: me.side,
            joined: false,
        })
    }

    /// Takes in a neighbor `way` from `me`.
    #[inline]
    pub fn look(&mut self, me: &Body, other: &Body, way: Point) {
        let ahead = self.ahead;
        let forward = way.x * ahead.x + way.y * ahead.y;
        if forward <= 0.0 {
            return;
        }
        self.joined |= meets_rest(me, other, way, forward);
        let gives_way = other.firmness == Firmness::Idle && other.owner == me.owner;
        let along = other.step.x * ahead.x + other.step.y * ahead.y;
        if gives_way || along > 0.3 * self.length {
            return;
        }
        let lateral = ahead.x * way.y - ahead.y * way.x;
        let width = me.radius + other.radius;
        if lateral.abs() >= width {
            return;
        }
        let gap = way.length() - me.radius - other.radius;
        let away = if lateral.abs() > 0.4 * width || self.side == 0 {
            if lateral > 0.0 { -1.0 } else { 1.0 }
        } else {
            f32::from(self.side)
        };
        if self.side == 0 {
            self.side = away as i8;
        }
        let urgency = (1.0 - gap / GAP_SEEN).clamp(0.0, 1.5);
        if urgency > self.turn.abs() {
            self.turn = away * urgency;
        }
    }

    /// Bends the body's step around what stands in its way, and notes whether it has reached those who rest at its goal.
    pub fn bend(&self, body: &mut Body) {
        body.side = if self.turn == 0.0 { 0 } else { self.side };
        body.joined = self.joined;
        if self.turn != 0.0 {
            let left = Point::new(-self.ahead.y, self.ahead.x);
            let bent = self.ahead + left * (1.6 * self.turn);
            body.step = bent * (self.length / bent.length());
        }
    }
}

/// Whether `me` bumps into somebody ahead, `way` from it, who rests at the same goal. Most of a crowd is on its way like
/// `me`: what takes a root is left for the others.
fn meets_rest(me: &Body, other: &Body, way: Point, forward: f32) -> bool {
    if other.firmness == Firmness::Moving {
        return false;
    }
    let distance = way.length();
    distance - me.radius - other.radius < GAP_TOUCH
        && forward > 0.3 * distance
        && rests_at_my_goal(me, other)
}

fn rests_at_my_goal(me: &Body, other: &Body) -> bool {
    match (me.goal, other.goal) {
        (Some(mine), Some(theirs)) => {
            other.owner == me.owner
                && other.firmness != Firmness::Moving
                && mine.distance_squared(theirs) < 1.0
                && me.pos.distance_squared(mine) < JOIN_REACH * JOIN_REACH
        }
        _ => false,
    }
}
