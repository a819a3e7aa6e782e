//! Grids to the game's images: row 0 at the bottom, 1-bit cells packed high bit first without padding between rows.

use super::Area;
use crate::game::{BitGrid, Grid};
use crate::sc2::proto::ImageData;

/// A grid of booleans as an image of one bit a cell.
pub fn bits(grid: &BitGrid, area: &Area) -> ImageData {
    let mut data = vec![0u8; (area.width * area.height).div_ceil(8)];
    if area.width == grid.width() && area.height == grid.height() {
        for (byte, cells) in data.iter_mut().zip(grid.as_slice().chunks(8)) {
            let set = cells.iter().enumerate().filter(|(_, cell)| **cell);
            *byte = set.fold(0, |byte, (i, _)| byte | 0x80 >> i);
        }
    } else {
        for (i, cell) in cropped(grid, area).enumerate() {
            data[i / 8] |= u8::from(cell) << (7 - i % 8);
        }
    }
    image(1, area, data)
}

/// A grid of bytes as an image of 8 bits a cell.
pub fn bytes(grid: &Grid<u8>, area: &Area) -> ImageData {
    let whole = area.width == grid.width() && area.height == grid.height();
    let data = match whole {
        true => grid.as_slice().to_vec(),
        false => cropped(grid, area).collect(),
    };
    image(8, area, data)
}

fn cropped<T: Copy + Default>(grid: &Grid<T>, area: &Area) -> impl Iterator<Item = T> {
    let (rows, columns) = (
        area.y0..area.y0 + area.height,
        area.x0..area.x0 + area.width,
    );
    rows.flat_map(move |y| {
        let columns = columns.clone();
        columns.map(move |x| grid.get(x as i32, y as i32).unwrap_or_default())
    })
}

pub(super) fn image(bits_per_pixel: i32, area: &Area, data: Vec<u8>) -> ImageData {
    ImageData {
        bits_per_pixel: Some(bits_per_pixel),
        size: Some(area.size()),
        data: Some(data.into()),
    }
}
