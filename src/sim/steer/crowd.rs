//! Units on the ground pressing past each other: plain bodies in, displacements out.
//!
//! Bodies that want to move turn aside from what will not give way, then all overlaps are pushed apart in a few sweeps;
//! who gives way to whom is [`shares`]. At the end nobody stands where nobody can walk.

use super::places::Places;
use crate::game::Point;
use crate::sim::path::NavGrid;

/// How much a body minds being pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Firmness {
    /// On its way.
    Moving,
    /// Stands idle: makes room for friends.
    Idle,
    /// Fights, holds position, works: nobody moves it.
    Firm,
}

/// One ground unit of this loop.
#[derive(Clone, Copy, Debug)]
pub struct Body {
    pub pos: Point,
    pub radius: f32,
    /// Where it would go in this loop, were it alone; zero for who stands.
    pub step: Point,
    pub owner: u8,
    pub firmness: Firmness,
    /// Overlaps of sleeping bodies are left alone unless somebody awake touches them.
    pub awake: bool,
    /// Side it passes obstacles on: -1 right, 1 left, 0 not decided. Updated.
    pub side: i8,
    /// The unit's slot: which way it gives when it stands exactly on another must not depend on who else is about.
    pub slot: u16,
    /// What it is under way to (moving, last leg) or came to rest for.
    pub goal: Option<Point>,
    /// Set when it bumped into somebody who rests at the same goal.
    pub joined: bool,
    /// Where it ends up.
    pub next: Point,
}

/// Bodies closer than this to each other, edge to edge, are looked at together.
const GAP_SEEN: f32 = 0.5;
/// Bodies closer than this may touch after one loop's steps.
const GAP_PUSHED: f32 = 0.3;
/// Touching, for joining those who rest.
const GAP_TOUCH: f32 = 0.12;
/// Farther from a shared goal than this nobody counts as having arrived by touching.
const JOIN_REACH: f32 = 12.0;
const SWEEPS: usize = 3;
/// Bodies may press on each other down to this share of their radii's sum.
const PRESS: f32 = 0.9;
/// Cells a loop that somebody standing is pushed at most.
const PUSH_MAX: f32 = 0.14;

/// Two bodies that may come to touch in this loop.
#[derive(Clone, Copy, Debug)]
struct Contact {
    a: u16,
    b: u16,
    /// Sum of the radii.
    width: f32,
}

/// Working memory, reused from loop to loop.
#[derive(Clone, Debug, Default)]
pub struct Crowd {
    pub bodies: Vec<Body>,
    places: Places,
    /// Pairs of bodies near each other; the first one moves.
    pairs: Vec<(u16, u16)>,
    /// Those of the pairs whose second one does not give way at all.
    firm: Vec<(u16, u16)>,
    /// The first one is awake, and each pair stands here once.
    touching: Vec<Contact>,
    /// For body i its pairs are `pairs[first[i]..first[i + 1]]`.
    first: Vec<u32>,
}

impl Crowd {
    /// Moves all bodies by one loop; the results are in `next`, `side` and `joined`.
    pub fn solve(&mut self, nav: &NavGrid) {
        self.places.fill(nav, &self.bodies);
        self.pair_up();
        for i in 0..self.bodies.len() {
            if self.bodies[i].firmness == Firmness::Moving {
                self.turn_aside(i);
            }
        }
        for body in &mut self.bodies {
            body.next = body.pos + body.step;
        }
        for sweep in 0..SWEEPS {
            if !self.push_apart(sweep % 2 == 1) {
                break;
            }
        }
        for body in &mut self.bodies {
            settle(nav, body);
        }
        self.hold_back();
    }

    /// Walls may have kept a push from doing its work: nobody gets deeper into who does not give way.
    fn hold_back(&mut self) {
        for &(i, j) in &self.firm {
            let (a, b) = (&self.bodies[usize::from(i)], &self.bodies[usize::from(j)]);
            let width = (a.radius + b.radius) * PRESS;
            let after = a.next.distance_squared(b.next);
            if after < width * width && after < a.pos.distance_squared(b.pos) {
                let stays = a.pos;
                self.bodies[usize::from(i)].next = stays;
            }
        }
    }

    /// Finds who is near whom: for turning aside all that a moving body may run into, for pushing what may touch.
    fn pair_up(&mut self) {
        self.pairs.clear();
        self.firm.clear();
        self.first.clear();
        self.touching.clear();
        for i in 0..self.bodies.len() {
            self.first.push(self.pairs.len() as u32);
            if self.bodies[i].awake {
                self.meet(i);
            }
        }
        self.first.push(self.pairs.len() as u32);
    }

    /// Lists the pairs of one body.
    fn meet(&mut self, i: usize) {
        let moves = self.bodies[i].firmness == Firmness::Moving;
        let gap = if moves { GAP_SEEN } else { GAP_PUSHED };
        let me = &self.bodies[i];
        for b in self.places.around(me, gap) {
            let a = i as u16;
            if a == b {
                continue;
            }
            let other = &self.bodies[usize::from(b)];
            if moves {
                self.pairs.push((a, b));
                if shares(me, other).1 <= 0.0 {
                    self.firm.push((a, b));
                }
            }
            // Two who are awake meet twice; once is enough.
            let once = b > a || !other.awake;
            let width = me.radius + other.radius;
            let touch = width + GAP_PUSHED;
            if once && me.pos.distance_squared(other.pos) < touch * touch {
                self.touching.push(Contact { a, b, width });
            }
        }
    }

    fn pairs_of(&self, i: usize) -> &[(u16, u16)] {
        &self.pairs[self.first[i] as usize..self.first[i + 1] as usize]
    }

    /// Bends a body's step around what stands in its way, and notes when it has reached those who rest at its goal.
    fn turn_aside(&mut self, i: usize) {
        let me = self.bodies[i];
        let length = me.step.length();
        if length < 1e-5 {
            return;
        }
        let ahead = me.step * (1.0 / length);
        let (mut turn, mut joined, mut side) = (0.0f32, false, me.side);
        for &(_, j) in self.pairs_of(i) {
            let other = &self.bodies[usize::from(j)];
            let way = other.pos - me.pos;
            let forward = way.x * ahead.x + way.y * ahead.y;
            if forward <= 0.0 {
                continue;
            }
            joined |= meets_rest(&me, other, way, forward);
            let gives_way = other.firmness == Firmness::Idle && other.owner == me.owner;
            let along = other.step.x * ahead.x + other.step.y * ahead.y;
            if gives_way || along > 0.3 * length {
                continue;
            }
            let lateral = ahead.x * way.y - ahead.y * way.x;
            let width = me.radius + other.radius;
            if lateral.abs() >= width {
                continue;
            }
            let gap = way.length() - me.radius - other.radius;
            let away = if lateral.abs() > 0.4 * width || side == 0 {
                if lateral > 0.0 { -1.0 } else { 1.0 }
            } else {
                f32::from(side)
            };
            if side == 0 {
                side = away as i8;
            }
            let urgency = (1.0 - gap / GAP_SEEN).clamp(0.0, 1.5);
            if urgency > turn.abs() {
                turn = away * urgency;
            }
        }
        let body = &mut self.bodies[i];
        body.side = if turn == 0.0 { 0 } else { side };
        body.joined = joined;
        if turn != 0.0 {
            let left = Point::new(-ahead.y, ahead.x);
            let bent = ahead + left * (1.6 * turn);
            body.step = bent * (length / bent.length());
        }
    }

    /// One sweep over all pairs, forward or backward so that no end of the list is favored; false if none overlapped.
    fn push_apart(&mut self, backward: bool) -> bool {
        let count = self.touching.len();
        let mut pushed = false;
        for k in 0..count {
            let Contact { a, b, width } = self.touching[if backward { count - 1 - k } else { k }];
            let (i, j) = (usize::from(a), usize::from(b));
            let (a, b) = (&self.bodies[i], &self.bodies[j]);
            let apart = b.next - a.next;
            let d2 = apart.x * apart.x + apart.y * apart.y;
            if d2 >= width * width {
                continue;
            }
            let d = d2.sqrt();
            // Two on one spot part along a direction that differs from pair to pair.
            let unit = if d > 1e-4 {
                apart * (1.0 / d)
            } else {
                spread(self.bodies[i].slot, self.bodies[j].slot)
            };
            let overlap = width - d;
            let (mine, theirs) = shares(a, b);
            self.bodies[i].next = self.bodies[i].next - unit * (overlap * mine);
            self.bodies[j].next = self.bodies[j].next + unit * (overlap * theirs);
            pushed = true;
        }
        pushed
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

/// How an overlap is divided between two bodies; the rest of it stays.
fn shares(a: &Body, b: &Body) -> (f32, f32) {
    use Firmness::*;
    let friends = a.owner == b.owner;
    match (a.firmness, b.firmness) {
        (Moving, Moving) | (Idle, Idle) => (0.5, 0.5),
        (Moving, Idle) if friends => (0.35, 0.65),
        (Idle, Moving) if friends => (0.65, 0.35),
        (Moving, _) | (Idle, Firm) => (1.0, 0.0),
        (_, Moving) | (Firm, Idle) => (0.0, 1.0),
        (Firm, Firm) => (0.1, 0.1),
    }
}

fn spread(i: u16, j: u16) -> Point {
    let turn = (u32::from(i) * 7 + u32::from(j) * 13) as f32 % 6.25;
    let (sin, cos) = crate::game::math::sin_cos(turn);
    Point::new(cos, sin)
}

/// Limits how far a body is moved in one loop and keeps it on walkable cells.
fn settle(nav: &NavGrid, body: &mut Body) {
    let moved = body.next - body.pos;
    let length = moved.length();
    if length < 1e-6 {
        body.next = body.pos;
        return;
    }
    let limit = body.step.length().max(PUSH_MAX);
    if length > limit {
        body.next = body.pos + moved * (limit / length);
    }
    body.next = on_terrain(nav, body.pos, body.next);
}

/// `to`, or as much of the way there as walkable cells allow, sliding along walls.
pub fn on_terrain(nav: &NavGrid, from: Point, to: Point) -> Point {
    let free = |p: Point| {
        if p.cell() == from.cell() {
            return true;
        }
        nav.ray_clear(from, p)
    };
    if free(to) {
        return to;
    }
    let (along_x, along_y) = (Point::new(to.x, from.y), Point::new(from.x, to.y));
    let x_first = (to.x - from.x).abs() >= (to.y - from.y).abs();
    let (first, second) = if x_first {
        (along_x, along_y)
    } else {
        (along_y, along_x)
    };
    if free(first) {
        first
    } else if free(second) {
        second
    } else {
        from
    }
}
