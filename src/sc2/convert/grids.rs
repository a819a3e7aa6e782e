//! The game's images to grids: 1 or 8 bits a cell, either way up.

use super::ConvertError;
use crate::game::{BitGrid, Grid};
use crate::sc2::proto::ImageData;

/// Cells; the game's largest maps are 256x256.
const SIDE_MAX: i32 = 512;

/// Where row 0 of an image lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstRow {
    /// Raw grids of game versions from 4.8 on.
    Bottom,
    /// Raw grids of older ones, and all feature layers.
    Top,
}

/// Unpacks an image of 1 or 8 bits a cell: its values as bytes (0 or 1 for a 1-bit image), row 0 at the bottom.
///
/// # Errors
/// If there is none, its size is none a map has, or its bytes do not match its size.
pub fn unpack(
    grid: &'static str,
    image: Option<&ImageData>,
    first_row: FirstRow,
) -> Result<Grid<u8>, ConvertError> {
    let image = image.ok_or(ConvertError::Missing { field: grid })?;
    let size = image.size.unwrap_or_default();
    let (width, height) = (size.x.unwrap_or(0), size.y.unwrap_or(0));
    let bits = image.bits_per_pixel.unwrap_or(0);
    let sides = 1..=SIDE_MAX;
    if !sides.contains(&width) || !sides.contains(&height) || (bits != 1 && bits != 8) {
        return Err(ConvertError::GridShape {
            grid,
            width,
            height,
            bits,
        });
    }
    let (w, h) = (width as usize, height as usize);
    let data = image.data.as_deref().unwrap_or_default();
    let expected = (w * h * bits as usize).div_ceil(8);
    if data.len() != expected {
        return Err(ConvertError::GridBytes {
            grid,
            expected,
            actual: data.len(),
        });
    }
    let mut cells = match bits {
        8 => data.to_vec(),
        // High bit first, rows follow each other without padding.
        _ => (0..w * h).map(|i| data[i / 8] >> (7 - i % 8) & 1).collect(),
    };
    if first_row == FirstRow::Top {
        flip(&mut cells, w, h);
    }
    Ok(Grid::from_vec(w, h, cells))
}

fn flip(cells: &mut [u8], width: usize, height: usize) {
    for y in 0..height / 2 {
        let (low, high) = cells.split_at_mut((height - 1 - y) * width);
        low[y * width..][..width].swap_with_slice(&mut high[..width]);
    }
}

/// True where a cell holds `set`.
pub fn equals(image: &Grid<u8>, set: impl Fn(u8) -> bool) -> BitGrid {
    let cells = image.as_slice().iter().map(|v| set(*v)).collect();
    Grid::from_vec(image.width(), image.height(), cells)
}

/// # Errors
/// If a grid does not have the map's size.
pub fn same_size<T: Copy>(
    grid: &'static str,
    cells: &Grid<T>,
    size: (usize, usize),
) -> Result<(), ConvertError> {
    let (width, height) = (cells.width(), cells.height());
    if (width, height) == size {
        return Ok(());
    }
    Err(ConvertError::GridSize {
        grid,
        width,
        height,
    })
}
