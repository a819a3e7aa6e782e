//! Units on the ground pressing past each other: plain bodies in, displacements out.
//!
//! Bodies that want to move turn aside from what will not give way, then all overlaps are pushed apart in a few sweeps;
//! who gives way to whom is [`shares`]. At the end nobody stands where nobody can walk.

use super::aside::{Aside, GAP_SEEN};
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
    /// Where that step leads.
    pub alone: Point,
    /// It makes the last loop's step once more and faces that way already.
    pub coasts: bool,
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

/// Bodies closer than this may touch after one loop's steps.
const GAP_PUSHED: f32 = 0.3;
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
    /// Pairs of bodies near each other; the first one moves, the second one does not give way at all.
    firm: Vec<(u16, u16)>,
    /// The first one is awake, and each pair stands here once.
    touching: Vec<Contact>,
}

impl Crowd {
    /// Moves all bodies by one loop; the results are in `next`, `side` and `joined`.
    pub fn solve(&mut self, nav: &NavGrid) {
        self.places.fill(nav, &self.bodies);
        self.firm.clear();
        self.touching.clear();
        for i in 0..self.bodies.len() {
            if self.bodies[i].awake {
                self.meet(i);
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

    /// Finds who is near a body: it turns aside from those it may run into, and who may touch is noted for pushing.
    fn meet(&mut self, i: usize) {
        let me = self.bodies[i];
        let mut aside = Aside::new(&me);
        let moves = me.firmness == Firmness::Moving;
        let gap = if moves { GAP_SEEN } else { GAP_PUSHED };
        let a = i as u16;
        for b in self.places.around(&me, gap) {
            if a == b {
                continue;
            }
            let other = &self.bodies[usize::from(b)];
            let way = other.pos - me.pos;
            if let Some(aside) = &mut aside {
                aside.look(&me, other, way);
            }
            if moves && shares(&me, other).1 <= 0.0 {
                self.firm.push((a, b));
            }
            // Two who are awake meet twice; once is enough.
            let once = b > a || !other.awake;
            let width = me.radius + other.radius;
            let touch = width + GAP_PUSHED;
            if once && way.x * way.x + way.y * way.y < touch * touch {
                self.touching.push(Contact { a, b, width });
            }
        }
        if let Some(aside) = aside {
            aside.bend(&mut self.bodies[i]);
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
    if body.next == body.pos {
        return;
    }
    if body.next != body.alone {
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
