//! Where a base's resources lie relative to its town hall. The offsets are of the kind seen on ladder maps: four rich
//! fields (1800) near the hall, four poor ones (900) behind, geysers seven cells off along one axis.

use crate::game::{Point, ResourceNode, UnitTypeId};

const MINERAL_FIELD: UnitTypeId = UnitTypeId(341);
const MINERAL_FIELD_750: UnitTypeId = UnitTypeId(483);
const GEYSER: UnitTypeId = UnitTypeId(342);

/// Offsets from the hall's center for resources in the north-west quarter; mirrored for the other three. A field covers
/// 2x1 cells, so that layouts can be mirrored but not turned by 90 degrees.
pub struct Layout {
    near: [(f32, f32); 4],
    far: [(f32, f32); 4],
    geysers: [(f32, f32); 2],
}

/// Wraps the corner evenly.
pub const CORNER: Layout = Layout {
    near: [(-6.5, 0.0), (-6.5, 2.0), (-2.5, 6.0), (0.5, 6.0)],
    far: [(-7.5, 1.0), (-6.5, 4.0), (-5.5, 5.0), (-0.5, 7.0)],
    geysers: [(-7.0, -3.0), (4.0, 7.0)],
};

/// The line along the top is the longer one.
pub const TOP: Layout = Layout {
    near: [(-6.5, 0.0), (-6.5, 2.0), (-3.5, 6.0), (-0.5, 6.0)],
    far: [(-7.5, 1.0), (-6.5, 4.0), (-5.5, 5.0), (-1.5, 7.0)],
    geysers: [(-7.0, -3.0), (3.0, 7.0)],
};

impl Layout {
    /// The ten resources of a base with its hall at `hall`; `signs` is the quarter they lie in.
    pub fn place(&self, hall: Point, signs: (i32, i32)) -> impl Iterator<Item = ResourceNode> + '_ {
        let node = move |unit_type, contents, offset: (f32, f32)| ResourceNode {
            unit_type,
            pos: hall + Point::new(-offset.0 * signs.0 as f32, offset.1 * signs.1 as f32),
            contents,
        };
        let near = self.near.iter().map(move |o| node(MINERAL_FIELD, 1800, *o));
        let far = self
            .far
            .iter()
            .map(move |o| node(MINERAL_FIELD_750, 900, *o));
        let geysers = self.geysers.iter().map(move |o| node(GEYSER, 2250, *o));
        near.chain(far).chain(geysers)
    }
}
