//! Actions taken, as targets: for every head the rows that were asked, the choice made there and what was illegal.
//!
//! Heads only compute rows they were asked in: a step without a target position costs no deconvolution. The choice made
//! counts as legal whatever the mask says, since the game took it.

use super::error::PolicyError;
use super::heads::Selection;
use super::inputs::{check, ints};
use crate::action::ActionSpec;
use crate::trajectory::{ActionBatch, HEADS, ObsBatch};
use tch::{Device, Tensor};

/// Targets of all heads over `R = B * T` rows.
#[derive(Debug)]
pub struct ActTensors {
    /// `[R]` i64: the function of every row (0 in padding).
    pub function_all: Tensor,
    /// Target `[M]`; the legal mask comes with the observation.
    pub function: HeadTarget,
    pub skip: HeadTarget,
    pub queued: HeadTarget,
    pub selected: PointerTarget,
    pub target_unit: HeadTarget,
    pub target_cell: HeadTarget,
    /// Selected units of the rows that have a target.
    pub selection: Selection,
}

/// Rows of one head.
#[derive(Debug)]
pub struct HeadTarget {
    /// `[M]` i64 into the `R` rows.
    pub rows: Tensor,
    /// `[M]` i64
    pub target: Tensor,
    /// `[M, K]` bool, where the head has a mask of its own.
    pub illegal: Option<Tensor>,
    pub m: i64,
}

/// Rows of the pointer network, sorted by falling length, and their sequences step by step.
#[derive(Debug)]
pub struct PointerTarget {
    /// `[M]` i64 into the `R` rows.
    pub rows: Tensor,
    pub m: i64,
    /// Rows that take part in step `s`; their sum is `P`.
    pub active: Vec<i64>,
    /// `[P - M]` i64 into `[R * N_mine]`: the unit chosen before.
    pub chosen: Tensor,
    /// `[P]` i64 in `0..=N_mine`.
    pub target: Tensor,
    /// `[P, N_mine + 1]` bool
    pub illegal: Tensor,
    /// `[P, N_mine + 1]` bool: every choice that leads to the same set of units, `target` among them.
    pub accepted: Tensor,
    /// `[P]` i64 into the `R` rows.
    pub step_rows: Tensor,
}

impl ActTensors {
    /// Checks lengths and ranges, and moves all to `device`.
    ///
    /// # Errors
    /// [`PolicyError::Shape`] for an array of the wrong length or an index out of range.
    pub fn new(
        act: &ActionBatch,
        obs: &ObsBatch,
        spec: &ActionSpec,
        device: Device,
    ) -> Result<ActTensors, PolicyError> {
        let rows = obs.b * obs.t;
        let all = obs.n.iter().sum::<usize>();
        check("function", act.function.len(), rows)?;
        check("skip", act.skip.len(), rows)?;
        check("queued", act.queued.len(), rows)?;
        check("selected", act.selected.len(), rows * act.s)?;
        check("selected_mask", act.selected_mask.len(), rows * act.s)?;
        check("target_unit", act.target_unit.len(), rows)?;
        check("target_cell", act.target_cell.len(), rows)?;
        check("head_mask", act.head_mask.len(), rows * HEADS.len())?;
        check("selectable", act.selectable.len(), rows * obs.n[0])?;
        check("targetable", act.targetable.len(), rows * all)?;
        check("target_cells", obs.target_cells.len(), rows * 2)?;
        in_range("function", &act.function, spec.n_functions)?;
        let asked = |head: usize| -> Vec<usize> {
            (0..rows)
                .filter(|r| act.head_mask[r * HEADS.len() + head] > 0.0)
                .collect()
        };
        let head = |head: usize, target: &[i64], limit: usize, mask: Option<(&[u8], usize)>| {
            HeadTarget::new(HEADS[head], &asked(head), target, limit, mask, device)
        };
        let cells = spec.target_grid * spec.target_grid;
        let selections = selections(act, obs.n[0], &asked(4), &asked(5));
        Ok(ActTensors {
            function_all: ints(&act.function, &[rows as i64], device),
            function: head(0, &act.function, spec.n_functions, None)?,
            skip: head(1, &act.skip, spec.n_skips, None)?,
            queued: head(2, &act.queued, 2, None)?,
            selected: PointerTarget::new(act, obs.n[0], &asked(3), device)?,
            target_unit: head(4, &act.target_unit, all, Some((&act.targetable, all)))?,
            target_cell: head(5, &act.target_cell, cells, None)?.within(
                &asked(5),
                &obs.target_cells,
                spec.target_grid as i64,
                device,
            ),
            selection: Selection::new(&selections, obs.n[0], device),
        })
    }
}

impl HeadTarget {
    /// Forbids cells off the map, as acting does. `bounds`: `[R, 2]` columns and rows of the target grid on the map.
    fn within(mut self, rows: &[usize], bounds: &[i64], grid: i64, device: Device) -> HeadTarget {
        let side = |k: usize| {
            let list: Vec<i64> = rows.iter().map(|&r| bounds[r * 2 + k]).collect();
            ints(&list, &[self.m, 1], device)
        };
        let cells = Tensor::arange(grid * grid, (tch::Kind::Int64, device)).view([1, -1]);
        let row = cells.divide_scalar_mode(grid, "floor");
        let off_right = cells.remainder(grid).ge_tensor(&side(0));
        let illegal = off_right.logical_or(&row.ge_tensor(&side(1)));
        // What a demonstration did aim at is never impossible.
        let illegal = illegal.scatter_value(1, &self.target.view([-1, 1]), 0);
        self.illegal = Some(illegal);
        self
    }

    fn new(
        name: &'static str,
        rows: &[usize],
        target: &[i64],
        limit: usize,
        mask: Option<(&[u8], usize)>,
        device: Device,
    ) -> Result<HeadTarget, PolicyError> {
        let target: Vec<i64> = rows.iter().map(|&r| target[r]).collect();
        in_range(name, &target, limit)?;
        let m = rows.len() as i64;
        let illegal = mask.map(|(legal, k)| {
            let mut illegal: Vec<u8> = rows
                .iter()
                .flat_map(|&r| legal[r * k..(r + 1) * k].iter().map(|&l| u8::from(l == 0)))
                .collect();
            for (i, &t) in target.iter().enumerate() {
                illegal[i * k + t as usize] = 0;
            }
            bools(&illegal, &[m, k as i64], device)
        });
        let rows: Vec<i64> = rows.iter().map(|&r| r as i64).collect();
        Ok(HeadTarget {
            rows: ints(&rows, &[m], device),
            target: ints(&target, &[m], device),
            illegal,
            m,
        })
    }
}

impl PointerTarget {
    fn new(
        act: &ActionBatch,
        n: usize,
        asked: &[usize],
        device: Device,
    ) -> Result<PointerTarget, PolicyError> {
        let s = act.s;
        let mut rows: Vec<(usize, usize)> = asked
            .iter()
            .map(|&r| {
                let mask = &act.selected_mask[r * s..(r + 1) * s];
                (mask.iter().take_while(|&&m| m > 0.0).count(), r)
            })
            .filter(|&(length, _)| length > 0)
            .collect();
        rows.sort_by_key(|&(length, r)| (std::cmp::Reverse(length), r));
        let steps = rows.first().map_or(0, |&(length, _)| length);
        let mut legal: Vec<Vec<u8>> = rows
            .iter()
            .map(|&(_, r)| {
                let mut legal = act.selectable[r * n..(r + 1) * n].to_vec();
                legal.push(0); // The first choice is a unit, never the end.
                legal
            })
            .collect();
        let (mut active, mut chosen, mut target) = (Vec::new(), Vec::new(), Vec::new());
        let (mut illegal, mut accepted, mut step_rows) = (Vec::new(), Vec::new(), Vec::new());
        for step in 0..steps {
            let k = rows
                .iter()
                .take_while(|&&(length, _)| length > step)
                .count();
            active.push(k as i64);
            for (&(_, r), legal) in rows.iter().zip(&mut legal).take(k) {
                let choice = act.selected[r * s + step];
                in_range("selected", &[choice], n + 1)?;
                if step > 0 {
                    let before = act.selected[r * s + step - 1] as usize;
                    chosen.push((r * n + before.min(n - 1)) as i64);
                    legal[before.min(n - 1)] = 0;
                    legal[n] = 1;
                }
                let at = illegal.len() + choice as usize;
                illegal.extend(legal.iter().map(|&l| u8::from(l == 0)));
                illegal[at] = 0;
                // The units still to come are as good a choice as the one that happens to be next.
                let first = accepted.len();
                accepted.resize(first + n + 1, 0);
                accepted[first + choice as usize] = 1;
                if (choice as usize) < n {
                    let rest = &act.selected[r * s + step..(r + 1) * s];
                    for &unit in rest.iter().take_while(|&&u| (u as usize) < n) {
                        accepted[first + unit as usize] = 1;
                        illegal[first + unit as usize] = 0;
                    }
                }
                target.push(choice);
                step_rows.push(r as i64);
            }
        }
        let p = target.len() as i64;
        let rows: Vec<i64> = rows.iter().map(|&(_, r)| r as i64).collect();
        Ok(PointerTarget {
            m: rows.len() as i64,
            rows: ints(&rows, &[rows.len() as i64], device),
            chosen: ints(&chosen, &[chosen.len() as i64], device),
            target: ints(&target, &[p], device),
            illegal: bools(&illegal, &[p, n as i64 + 1], device),
            accepted: bools(&accepted, &[p, n as i64 + 1], device),
            step_rows: ints(&step_rows, &[p], device),
            active,
        })
    }
}

/// Rows that either target head is asked in, where units are selected, and these units.
fn selections(
    act: &ActionBatch,
    n: usize,
    unit: &[usize],
    cell: &[usize],
) -> Vec<(usize, Vec<usize>)> {
    let mut rows: Vec<usize> = unit.iter().chain(cell).copied().collect();
    rows.sort_unstable();
    rows.dedup();
    rows.into_iter()
        .map(|r| {
            let span = r * act.s..(r + 1) * act.s;
            let units = act.selected[span.clone()]
                .iter()
                .zip(&act.selected_mask[span])
                .filter(|&(&choice, &counts)| counts > 0.0 && (choice as usize) < n)
                .map(|(&choice, _)| choice as usize)
                .collect();
            (r, units)
        })
        .filter(|(_, units): &(usize, Vec<usize>)| !units.is_empty())
        .collect()
}

fn bools(data: &[u8], shape: &[i64], device: Device) -> Tensor {
    Tensor::from_slice(data).view(shape).to_device(device).ne(0)
}

fn in_range(what: &'static str, values: &[i64], limit: usize) -> Result<(), PolicyError> {
    match values.iter().find(|&&v| v < 0 || v >= limit as i64) {
        None => Ok(()),
        Some(v) => Err(PolicyError::Shape {
            part: "targets",
            what,
            expected: format!("an index below {limit}"),
            actual: v.to_string(),
        }),
    }
}
