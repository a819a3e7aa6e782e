//! String pulling: from a chain of cells to the few corners that a unit has to walk by.

use super::nav::NavGrid;
use crate::game::Point;

/// Drops every point of `points` that the walk from `from` can leave out. The last point stays.
pub(super) fn pull(nav: &NavGrid, from: Point, points: &mut Vec<Point>) {
    if points.len() < 2 {
        return;
    }
    let (mut anchor, mut kept, mut i) = (from, 0, 0);
    while i + 1 < points.len() {
        if nav.line_of_walk(anchor, points[i + 1]) {
            i += 1;
            continue;
        }
        anchor = points[i];
        points[kept] = anchor;
        kept += 1;
        i += 1;
    }
    points[kept] = points[i];
    points.truncate(kept + 1);
}

/// Moves the corners of a pulled path toward the straight line between their neighbors, as far as walls allow.
pub(super) fn tighten(nav: &NavGrid, from: Point, points: &mut [Point]) {
    for i in 0..points.len().saturating_sub(1) {
        let before = if i == 0 { from } else { points[i - 1] };
        let after = points[i + 1];
        let line = after - before;
        let length_squared = line.x * line.x + line.y * line.y;
        if length_squared < 1e-6 {
            continue;
        }
        let offset = points[i] - before;
        let t = ((offset.x * line.x + offset.y * line.y) / length_squared).clamp(0.0, 1.0);
        let ideal = before + line * t;
        let (mut low, mut high) = (0.0f32, 1.0f32);
        for _ in 0..3 {
            let mid = (low + high) * 0.5;
            let candidate = points[i] + (ideal - points[i]) * mid;
            if nav.line_of_walk(before, candidate) && nav.line_of_walk(candidate, after) {
                low = mid;
            } else {
                high = mid;
            }
        }
        points[i] = points[i] + (ideal - points[i]) * low;
    }
}
