//! The crowd's bodies by place: who is near a body, in one run through flat lists.
//!
//! Invariant: who is found, and in which order, depends on the bodies alone: by rows of buckets, then columns, and in a
//! bucket the last body first. Pushes are dealt out in that order, so it is part of the rules.

use super::crowd::Body;
use crate::game::Point;
use crate::sim::path::NavGrid;

/// Side of a bucket in cells.
const BUCKET: f32 = 2.0;
/// Added to what is looked at, so that no rounding leaves out a bucket.
const SLACK: f32 = 0.01;

#[derive(Clone, Copy, Debug, Default)]
struct Spot {
    body: u16,
    col: u16,
}

/// The bodies of one loop, sorted by bucket.
#[derive(Clone, Debug, Default)]
pub struct Places {
    spots: Vec<Spot>,
    /// What a search asks of the spots, a list each so that it looks at several at a time.
    xs: Vec<f32>,
    ys: Vec<f32>,
    radii: Vec<f32>,
    /// For row r of buckets its spots are `spots[rows[r]..rows[r + 1]]`.
    rows: Vec<u32>,
    /// Largest radius among the bodies.
    radius_max: f32,
    /// Whether the spots looked at are near (1) or not (0), and those that are.
    hits: Vec<u32>,
    near: Vec<u32>,
}

impl Places {
    /// Forgets what was there and takes in `bodies`: counted by row, then each row sorted by column.
    pub fn fill(&mut self, nav: &NavGrid, bodies: &[Body]) {
        let cols = (nav.width() as f32 / BUCKET) as usize + 1;
        let rows = (nav.height() as f32 / BUCKET) as usize + 1;
        self.rows.clear();
        self.rows.resize(rows + 1, 0);
        self.radius_max = 0.0;
        for body in bodies {
            self.rows[bucket_of(body.pos.y, rows)] += 1;
            self.radius_max = self.radius_max.max(body.radius);
        }
        // The end of each row; filling from the back turns it into the beginning.
        let mut end = 0;
        for row in &mut self.rows {
            end += *row;
            *row = end;
        }
        self.spots.resize(bodies.len(), Spot::default());
        for (i, body) in bodies.iter().enumerate() {
            let row = &mut self.rows[bucket_of(body.pos.y, rows)];
            *row -= 1;
            self.spots[*row as usize] = Spot {
                body: i as u16,
                col: bucket_of(body.pos.x, cols) as u16,
            };
        }
        for row in self.rows.windows(2) {
            insertion_sort(&mut self.spots[row[0] as usize..row[1] as usize]);
        }
        self.list(bodies);
    }

    fn list(&mut self, bodies: &[Body]) {
        let body = |spot: &Spot| &bodies[usize::from(spot.body)];
        self.xs.clear();
        self.xs.extend(self.spots.iter().map(|s| body(s).pos.x));
        self.ys.clear();
        self.ys.extend(self.spots.iter().map(|s| body(s).pos.y));
        self.radii.clear();
        self.radii.extend(self.spots.iter().map(|s| body(s).radius));
    }

    /// Indices of the bodies within `gap` of one of them, edge to edge; itself included.
    pub fn around(&mut self, me: &Body, gap: f32) -> impl Iterator<Item = u16> + '_ {
        let reach = me.radius + self.radius_max + gap + SLACK;
        let count = self.rows.len() - 1;
        let first = self.rows[bucket_of(me.pos.y - reach, count)] as usize;
        let end = self.rows[bucket_of(me.pos.y + reach, count) + 1] as usize;
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
        self.near[..n].iter().map(|&k| spots[k as usize].body)
    }
}

/// Sorts a row by column; who shares one keeps his place. Rows are short and often in order.
fn insertion_sort(spots: &mut [Spot]) {
    for i in 1..spots.len() {
        let mut at = i;
        while at > 0 && spots[at - 1].col > spots[at].col {
            spots.swap(at - 1, at);
            at -= 1;
        }
    }
}

fn bucket_of(v: f32, count: usize) -> usize {
    ((v.max(0.0) / BUCKET) as usize).min(count - 1)
}
