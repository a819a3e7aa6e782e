//! Ways through the air that keep away from what shoots at fliers.

use super::kinds::kind;
use super::view::View;
use crate::game::{Point, Rect};
use smallvec::SmallVec;

/// Points to fly to, one after the other.
pub type Route = SmallVec<[Point; 8]>;

/// Something that shoots at fliers: where it is or was, and what it is worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Danger {
    pub pos: Point,
    pub worth: f32,
}

/// Cells from the edge of the playable area: nearer is not allowed to everything, and nothing is gained.
const MARGIN: f32 = 3.0;
/// Cells within which a danger counts: the longest ranges against fliers, and what walks a little.
const REACH: f32 = 11.0;
/// Cells between two samples of a way.
const SAMPLE: f32 = 4.0;
/// Cells of detour that a danger's worth is equal to, at each sample within reach.
const DETOUR_PER_WORTH: f32 = 0.04;
/// What a structure that shoots at fliers counts as: it neither tires nor walks away.
const STRUCTURE_WORTH: f32 = 300.0;

/// What is known of enemies who shoot at fliers: in view, or remembered structures.
pub fn dangers(v: &View) -> SmallVec<[Danger; 32]> {
    v.enemy_army()
        .chain(v.enemy_structures())
        .filter(|e| kind(e.unit_type).hits_air && e.build_progress >= 1.0)
        .map(|e| {
            let k = kind(e.unit_type);
            let worth = if k.is_structure {
                STRUCTURE_WORTH
            } else {
                f32::from(k.value)
            };
            Danger { pos: e.pos, worth }
        })
        .collect()
}

/// Worth of the dangers within reach of a point.
pub fn danger_at(dangers: &[Danger], at: Point) -> f32 {
    dangers
        .iter()
        .filter(|d| d.pos.distance_squared(at) < REACH * REACH)
        .map(|d| d.worth)
        .sum()
}

/// The way along the map's edge, this way round or the other, whichever known dangers leave cheaper.
pub fn along_the_edge(area: &Rect, from: Point, to: Point, dangers: &[Danger]) -> Route {
    let edge = Edge::of(area);
    let ways = [true, false].map(|forward| edge.route(from, to, forward));
    let [a, b] = ways;
    if cost(from, &a, dangers) <= cost(from, &b, dangers) {
        a
    } else {
        b
    }
}

/// Length of a way, and the detour that the dangers beside it are worth. Those at its end await every way.
fn cost(from: Point, route: &Route, dangers: &[Danger]) -> f32 {
    let Some(&end) = route.last() else { return 0.0 };
    let (mut at, mut sum) = (from, 0.0);
    for &next in route {
        let length = at.distance(next);
        let n = (length / SAMPLE).ceil().max(1.0);
        for i in 0..n as u32 {
            let p = at + (next - at) * (i as f32 / n);
            if p.distance_squared(end) > 4.0 * REACH * REACH {
                sum += DETOUR_PER_WORTH * danger_at(dangers, p);
            }
        }
        sum += length;
        at = next;
    }
    sum
}

/// The rectangle to fly along; places on it are cells from its lower left corner, counterclockwise.
struct Edge {
    low: Point,
    width: f32,
    height: f32,
}

impl Edge {
    fn of(area: &Rect) -> Edge {
        let low = Point::new(area.x0 as f32 + MARGIN, area.y0 as f32 + MARGIN);
        let high = Point::new(area.x1 as f32 - MARGIN, area.y1 as f32 - MARGIN);
        Edge {
            low,
            width: (high.x - low.x).max(1.0),
            height: (high.y - low.y).max(1.0),
        }
    }

    fn length(&self) -> f32 {
        2.0 * (self.width + self.height)
    }

    fn corners(&self) -> [f32; 4] {
        let (w, h) = (self.width, self.height);
        [0.0, w, w + h, 2.0 * w + h]
    }

    fn at(&self, place: f32) -> Point {
        let [_, right, top, left] = self.corners();
        let (dx, dy) = if place < right {
            (place, 0.0)
        } else if place < top {
            (self.width, place - right)
        } else if place < left {
            (left - place, self.height)
        } else {
            (0.0, self.length() - place)
        };
        self.low + Point::new(dx, dy)
    }

    /// The place on the edge nearest to a point.
    fn nearest(&self, p: Point) -> f32 {
        let x = (p.x - self.low.x).clamp(0.0, self.width);
        let y = (p.y - self.low.y).clamp(0.0, self.height);
        let [_, right, top, left] = self.corners();
        let sides = [
            (y, x),
            (self.width - x, right + y),
            (self.height - y, top + self.width - x),
            (x, left + self.height - y),
        ];
        let nearest = sides.into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
        nearest.map_or(0.0, |s| s.1)
    }

    /// To the edge, along it past the corners between, and in to the goal.
    fn route(&self, from: Point, to: Point, forward: bool) -> Route {
        let (start, end) = (self.nearest(from), self.nearest(to));
        let ahead = |place: f32| {
            let d = if forward {
                place - start
            } else {
                start - place
            };
            if d < 0.0 { d + self.length() } else { d }
        };
        let mut corners = self.corners();
        corners.sort_by(|a, b| ahead(*a).total_cmp(&ahead(*b)));
        let passed = corners.into_iter().filter(|c| ahead(*c) < ahead(end));
        let mut route = Route::new();
        route.push(self.at(start));
        route.extend(passed.map(|c| self.at(c)));
        route.push(self.at(end));
        route.push(to);
        route
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Rect = Rect {
        x0: 0,
        y0: 0,
        x1: 100,
        y1: 80,
    };

    fn corners_of(route: &Route) -> Vec<Point> {
        let edge = Edge::of(&AREA);
        let at = edge.corners().map(|c| edge.at(c));
        route.iter().copied().filter(|p| at.contains(p)).collect()
    }

    #[test]
    fn a_flight_keeps_to_the_edge_and_takes_the_shorter_way_round() {
        let (from, to) = (Point::new(20.0, 12.0), Point::new(88.0, 60.0));
        let route = along_the_edge(&AREA, from, to, &[]);
        assert_eq!(route.last(), Some(&to));
        assert_eq!(corners_of(&route), [Point::new(97.0, 3.0)]);
        let mut at = route[0];
        for p in &route[1..route.len() - 1] {
            assert!(at.x == p.x || at.y == p.y, "along a side: {at:?} to {p:?}");
            at = *p;
        }
    }

    #[test]
    fn a_flight_goes_the_other_way_round_known_defenses() {
        let (from, to) = (Point::new(20.0, 12.0), Point::new(88.0, 60.0));
        let turrets = [60.0, 70.0].map(|x| Danger {
            pos: Point::new(x, 8.0),
            worth: STRUCTURE_WORTH,
        });
        let route = along_the_edge(&AREA, from, to, &turrets);
        let way = [
            Point::new(3.0, 3.0),
            Point::new(3.0, 77.0),
            Point::new(97.0, 77.0),
        ];
        assert_eq!(corners_of(&route)[..2], way[..2]);
        assert!(cost(from, &route, &turrets) < 400.0);
        let at_the_goal = [Danger {
            pos: to,
            worth: 1000.0,
        }];
        let direct = along_the_edge(&AREA, from, to, &[]);
        assert_eq!(along_the_edge(&AREA, from, to, &at_the_goal), direct);
    }
}
