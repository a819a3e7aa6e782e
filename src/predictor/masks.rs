//! Legal arguments of a function, for [`Policy::act`](crate::policy::Policy::act).

use crate::action::{function, selectable, targetable};
use crate::obs::{Observation, Space};
use crate::policy::ArgMasks;

/// What `function_idx` asks for under this observation, and what is legal. `cells`: see [`cells_inside`].
pub fn arg_masks(obs: &Observation, function_idx: u16, cells: (usize, usize)) -> ArgMasks {
    let args = function(function_idx).map(|f| f.args()).unwrap_or_default();
    let mask = |asked: bool, fill: fn(&Observation, u16, &mut Vec<u8>)| {
        asked.then(|| {
            let mut out = Vec::new();
            fill(obs, function_idx, &mut out);
            out
        })
    };
    ArgMasks {
        queued: args.queued,
        selectable: mask(args.units, selectable),
        targetable: mask(args.target_unit, targetable),
        cells: args.target_cell.then_some(cells),
    }
}

/// Columns and rows of the target grid that lie on the map.
pub fn cells_inside(space: &Space) -> (usize, usize) {
    let n = space.target_grid;
    let columns = (0..n).take_while(|&x| space.is_inside(x as u32)).count();
    let rows = (0..n)
        .take_while(|&y| space.is_inside((y * n) as u32))
        .count();
    (columns, rows)
}
