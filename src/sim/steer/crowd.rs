//! Units on the ground pressing past each other: plain bodies in, displacements out.
//!
//! Bodies that want to move turn aside from what will not give way, then all overlaps are pushed apart in a few sweeps;
//! who gives way to whom is [`shares`]. At the end nobody stands where nobody can walk.

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
const BUCKET: f32 = 2.0;
const END: u16 = u16::MAX;
/// Largest radius of a ground unit that moves (a thor's).
const RADIUS_MAX: f32 = 1.0;

/// Working memory, reused from loop to loop.
#[derive(Clone, Debug, Default)]
pub struct Crowd {
    pub bodies: Vec<Body>,
    cols: usize,
    heads: Vec<u16>,
    /// Buckets that hold somebody.
    filled: Vec<u32>,
    next_in_bucket: Vec<u16>,
    /// Pairs of bodies near each other; the first one moves.
    pairs: Vec<(u16, u16)>,
    /// Pairs that may come to touch in this loop; the first one is awake, and each pair stands here once.
    touching: Vec<(u16, u16)>,
    /// For body i its pairs are `pairs[first[i]..first[i + 1]]`.
    first: Vec<u32>,
}

impl Crowd {
    /// Moves all bodies by one loop; the results are in `next`, `side` and `joined`.
    pub fn solve(&mut self, nav: &NavGrid) {
        self.bucket(nav);
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
        for &(i, j) in &self.pairs {
            let (a, b) = (&self.bodies[usize::from(i)], &self.bodies[usize::from(j)]);
            if a.firmness != Firmness::Moving || shares(a, b).1 > 0.0 {
                continue;
            }
            let width = (a.radius + b.radius) * PRESS;
            let after = a.next.distance_squared(b.next);
            if after < width * width && after < a.pos.distance_squared(b.pos) {
                let stays = a.pos;
                self.bodies[usize::from(i)].next = stays;
            }
        }
    }

    fn bucket(&mut self, nav: &NavGrid) {
        self.cols = (nav.width() as f32 / BUCKET) as usize + 1;
        let rows = (nav.height() as f32 / BUCKET) as usize + 1;
        // All buckets but the last loop's are empty already.
        for &b in &self.filled {
            self.heads[b as usize] = END;
        }
        self.heads.resize(self.cols * rows, END);
        self.filled.clear();
        self.next_in_bucket.clear();
        for (i, body) in self.bodies.iter().enumerate() {
            let b = bucket_of(body.pos.y, rows) * self.cols + bucket_of(body.pos.x, self.cols);
            self.next_in_bucket.push(self.heads[b]);
            self.heads[b] = i as u16;
            self.filled.push(b as u32);
        }
    }

    /// Finds who is near whom: for turning aside all that a moving body may run into, for pushing what may touch.
    fn pair_up(&mut self) {
        self.pairs.clear();
        self.first.clear();
        self.touching.clear();
        let rows = self.heads.len() / self.cols;
        for i in 0..self.bodies.len() {
            self.first.push(self.pairs.len() as u32);
            let me = self.bodies[i];
            if !me.awake {
                continue;
            }
            let moves = me.firmness == Firmness::Moving;
            let gap = if moves { GAP_SEEN } else { GAP_PUSHED };
            let reach = me.radius + RADIUS_MAX + gap;
            let (x0, x1) = (
                bucket_of(me.pos.x - reach, self.cols),
                bucket_of(me.pos.x + reach, self.cols),
            );
            let (y0, y1) = (
                bucket_of(me.pos.y - reach, rows),
                bucket_of(me.pos.y + reach, rows),
            );
            for y in y0..=y1 {
                for &head in &self.heads[y * self.cols + x0..=y * self.cols + x1] {
                    let mut j = head;
                    while j != END {
                        let other = &self.bodies[usize::from(j)];
                        let width = me.radius + other.radius;
                        let d = me.pos.distance_squared(other.pos);
                        if d < (width + gap) * (width + gap) && usize::from(j) != i {
                            if moves {
                                self.pairs.push((i as u16, j));
                            }
                            // Two who are awake meet twice; once is enough.
                            let first = usize::from(j) > i || !other.awake;
                            let near = width + GAP_PUSHED;
                            if first && d < near * near {
                                self.touching.push((i as u16, j));
                            }
                        }
                        j = self.next_in_bucket[usize::from(j)];
                    }
                }
            }
        }
        self.first.push(self.pairs.len() as u32);
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
            let distance = way.length();
            let gap = distance - me.radius - other.radius;
            joined |= gap < GAP_TOUCH && forward > 0.3 * distance && rests_at_my_goal(&me, other);
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
            let (i, j) = self.touching[if backward { count - 1 - k } else { k }];
            let (i, j) = (usize::from(i), usize::from(j));
            let (a, b) = (&self.bodies[i], &self.bodies[j]);
            let apart = b.next - a.next;
            let width = a.radius + b.radius;
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

fn bucket_of(v: f32, count: usize) -> usize {
    ((v.max(0.0) / BUCKET) as usize).min(count - 1)
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
