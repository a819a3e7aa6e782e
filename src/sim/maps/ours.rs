//! The maps that the project ships, of its own making.

use super::canvas::{Canvas, HIGH, LOW, MIDDLE, Quarter::*};
use super::layout::{CORNER, TOP};
use crate::game::{MapData, UnitTypeId};
use crate::sim::neutral::WATCH_TOWER;

const ROCKS_6X6: UnitTypeId = UnitTypeId(639);

/// 64x64, flat: two starts and an expansion each. For smoke tests.
pub fn flat64() -> MapData {
    let mut c = Canvas::new("Flat64", 64, 64, 2);
    c.area(MIDDLE, &[(0, 0), (60, 0), (60, 60), (0, 60)]);
    c.start(11, 12, SouthWest, &CORNER);
    c.base(11, 45, NorthWest, &CORNER);
    c.finish()
}

/// The training map: 14 bases, playable area 120x124, mains in opposite corners, low ground in the middle.
pub fn tidewater() -> MapData {
    let mut c = Canvas::new("Tidewater", 136, 140, 8);
    c.area(LOW, &[(3, 3), (117, 3), (117, 121), (3, 121)]);
    // Main, on high ground in the corner.
    c.area(
        HIGH,
        &[
            (2, 2),
            (36, 2),
            (40, 6),
            (40, 22),
            (32, 35),
            (10, 37),
            (2, 33),
        ],
    );
    c.start(17, 18, SouthWest, &CORNER);
    // Natural, north of the main; it opens to the north-east.
    c.area(
        MIDDLE,
        &[
            (2, 36),
            (12, 39),
            (26, 37),
            (36, 34),
            (43, 44),
            (43, 60),
            (36, 72),
            (2, 72),
        ],
    );
    c.base(14, 51, NorthWest, &CORNER);
    c.main_ramp(27, 33, SouthWest, MIDDLE);
    c.ramp((43, 73), (38, 66), 5.0, LOW);
    // Third on the same side, with rocks in its back door to the natural.
    c.area(
        MIDDLE,
        &[(2, 76), (26, 76), (32, 82), (32, 94), (24, 99), (2, 99)],
    );
    c.wall(MIDDLE, &[(0, 71), (30, 71), (30, 77), (0, 77)]);
    c.area(MIDDLE, &[(11, 70), (17, 70), (17, 78), (11, 78)]);
    c.neutral(ROCKS_6X6, 14, 74);
    c.base(13, 87, NorthWest, &TOP);
    c.ramp((39, 82), (31, 86), 4.0, LOW);
    // The other third, along the bottom edge; rocks on its eastern ramp.
    c.area(
        MIDDLE,
        &[(46, 2), (68, 2), (68, 20), (64, 27), (50, 27), (45, 20)],
    );
    c.base(55, 13, SouthWest, &TOP);
    c.ramp((62, 35), (59, 27), 4.0, LOW);
    c.ramp((76, 13), (68, 13), 3.0, LOW);
    c.neutral(ROCKS_6X6, 72, 13);
    // Corner, pocket before the natural, and the base in the middle of the far side.
    c.base(101, 16, SouthEast, &CORNER);
    c.base(52, 46, SouthWest, &CORNER);
    c.base(47, 88, NorthWest, &TOP);
    c.wall(MIDDLE, &[(60, 54), (66, 62), (60, 70), (54, 62)]);
    c.neutral(WATCH_TOWER, 47, 61);
    c.finish()
}

/// The larger map: 14 bases, playable area 136x128, naturals beside the mains, a wide low middle with two wings.
pub fn ironbasin() -> MapData {
    let mut c = Canvas::new("Ironbasin", 152, 144, 8);
    c.area(LOW, &[(3, 3), (133, 3), (133, 125), (3, 125)]);
    // Main.
    c.area(
        HIGH,
        &[(2, 2), (34, 2), (38, 8), (38, 34), (30, 43), (2, 43)],
    );
    c.start(18, 20, SouthWest, &TOP);
    // Natural, east of the main; it opens to the north, and to the east behind rocks.
    c.area(
        MIDDLE,
        &[
            (40, 2),
            (72, 2),
            (76, 8),
            (76, 26),
            (68, 36),
            (46, 36),
            (39, 30),
        ],
    );
    c.base(58, 13, SouthEast, &CORNER);
    c.main_ramp(36, 28, NorthWest, MIDDLE);
    c.ramp((62, 43), (59, 35), 5.0, LOW);
    c.ramp((84, 20), (76, 20), 3.0, LOW);
    c.neutral(ROCKS_6X6, 80, 20);
    // Third, north of the main.
    c.area(
        MIDDLE,
        &[(2, 50), (28, 50), (36, 58), (36, 72), (28, 78), (2, 78)],
    );
    c.base(13, 63, NorthWest, &CORNER);
    c.ramp((43, 72), (35, 68), 4.0, LOW);
    // The far side of the natural, the corner, and the two wings of the middle.
    c.base(96, 14, SouthEast, &TOP);
    c.base(121, 29, NorthEast, &CORNER);
    c.base(46, 85, NorthWest, &TOP);
    c.base(51, 56, SouthWest, &CORNER);
    c.wall(MIDDLE, &[(68, 53), (74, 64), (68, 75), (62, 64)]);
    c.neutral(WATCH_TOWER, 57, 70);
    c.finish()
}
