//! The crowd's bodies by place: who is near a body, in one run through flat lists.
//!
//! Invariant: who is found, and in which order, depends on the bodies alone: by rows, and in a row the last body first.
//! Pushes are dealt out in that order, so it is part of the rules. Rows are not cut into columns: a search compares
//! several bodies at a time, so that a row's others cost less than finding out which of them to leave out.

use super::crowd::Body;
use crate::game::Point;
use crate::sim::path::NavGrid;

/// Height of a row in cells.
const ROW: f32 = 1.0;
/// Added to what is looked at, so that no rounding leaves out a row.
const SLACK: f32 = 0.01;

/// The bodies of one loop, sorted by row.
#[derive(Clone, Debug, Default)]
pub struct Places {
    spots: Vec<u16>,
    /// What a search asks of the spots, a list each so that it looks at several at a time.
    xs: Vec<f32>,
    ys: Vec<f32>,
    radii: Vec<f32>,
    /// For row r its spots are `spots[rows[r]..rows[r + 1]]`.
    rows: Vec<u32>,
    /// Largest radius among the bodies.
    radius_max: f32,
    /// Whether the spots looked at are near (1) or not (0), and those that are.
    hits: Vec<u32>,
    near: Vec<u32>,
}

impl Places {
    /// Forgets what was there and takes in `bodies`: counted by row, then put where their row stands.
    pub fn fill(&mut self, nav: &NavGrid, bodies: &[Body]) {
        let rows = (nav.height() as f32 / ROW) as usize + 1;
        self.rows.clear();
        self.rows.resize(rows + 1, 0);
        self.radius_max = 0.0;
        for body in bodies {
            self.rows[row_of(body.pos.y, rows)] += 1;
            self.radius_max = self.radius_max.max(body.radius);
        }
        // The end of each row; filling from the back turns it into the beginning.
        let mut end = 0;
        for row in &mut self.rows {
            end += *row;
            *row = end;
        }
        let count = bodies.len();
        self.spots.resize(count, 0);
        self.xs.resize(count, 0.0);
        self.ys.resize(count, 0.0);
        self.radii.resize(count, 0.0);
        for (i, body) in bodies.iter().enumerate() {
            let row = &mut self.rows[row_of(body.pos.y, rows)];
            *row -= 1;
            let at = *row as usize;
            self.spots[at] = i as u16;
            self.xs[at] = body.pos.x;
            self.ys[at] = body.pos.y;
            self.radii[at] = body.radius;
        }
    }

    /// Indices of the bodies within `gap` of one of them, edge to edge; itself included.
    pub fn around(&mut self, me: &Body, gap: f32) -> impl Iterator<Item = u16> + '_ {
        let reach = me.radius + self.radius_max + gap + SLACK;
        let count = self.rows.len() - 1;
        let first = self.rows[row_of(me.pos.y - reach, count)] as usize;
        let end = self.rows[row_of(me.pos.y + reach, count) + 1] as usize;
        let (xs, ys) = (&self.xs[first..end], &self.ys[first..end]);
        let spots = xs.iter().zip(ys).zip(&self.radii[first..end]);
        self.hits.clear();
        self.hits.extend(spots.map(|((&x, &y), &radius)| {
            let far = me.radius + radius + gap;
            u32::from(me.pos.distance_squared(Point::new(x, y)) < far * far)
        }));
        // Who is near is a coin's toss: every spot is written down, and the next one over it if it was not near.
        self.near.resize(self.spots.len() + 1, 0);
        let mut n = 0;
        for (k, &hit) in self.hits.iter().enumerate() {
            self.near[n] = (first + k) as u32;
            n += hit as usize;
        }
        let spots = &self.spots;
        self.near[..n].iter().map(|&k| spots[k as usize])
    }
}

fn row_of(y: f32, count: usize) -> usize {
    ((y.max(0.0) / ROW) as usize).min(count - 1)
}
