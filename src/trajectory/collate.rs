//! Unrolls to a padded [`Batch`].

use super::batch::{ActionBatch, Batch, LstmBatch, ObsBatch, RlBatch};
use super::step::{LstmState, Step, Unroll};
use crate::action::{Action, SKIP_LOOPS_MIN, Specs, function, selectable, targetable};
use crate::obs::{BUILD_ORDER_LEN, MINIMAP, ORDER_COLUMNS, Observation, PLANES, UnitGroup};

const PLANE_BYTES: usize = PLANES * MINIMAP * MINIMAP;

/// How a batch is put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateOptions {
    /// Steps of each row; shorter unrolls are padded.
    pub t: usize,
    /// Zero the network's state at the start of every row, not only where a game starts.
    pub reset_rows: bool,
}

/// Makes a batch of `unrolls.len()` rows. Steps beyond `options.t` are left out.
///
/// Masks of the choices taken are forced on where demonstrations break our rules (counted in `Batch::forced`), so that
/// no target ever has probability zero.
pub fn collate(unrolls: &[&Unroll], specs: &Specs, options: CollateOptions) -> Batch {
    let mut batch = Batch::default();
    collate_into(&mut batch, unrolls, specs, options);
    batch
}

/// [`collate`] into a batch whose buffers are reused.
pub fn collate_into(
    batch: &mut Batch,
    unrolls: &[&Unroll],
    specs: &Specs,
    options: CollateOptions,
) {
    let t = options.t;
    let steps: Vec<Option<&Step>> = unrolls
        .iter()
        .flat_map(|u| (0..t).map(|i| u.steps.get(i)))
        .collect();
    let observations: Vec<Option<&Observation>> = steps.iter().map(|s| s.map(|s| &s.obs)).collect();
    collate_observations(&mut batch.obs, &observations, unrolls.len(), t, specs);
    batch.forced = [0; 3];
    collate_actions(batch, &steps, specs);
    batch.resets.clear();
    batch.resets.extend(steps.iter().enumerate().map(|(i, s)| {
        u8::from((options.reset_rows && i % t.max(1) == 0) || s.is_some_and(|s| s.reset))
    }));
    batch.valid.clear();
    batch
        .valid
        .extend(steps.iter().map(|s| f32::from(u8::from(s.is_some()))));
    collate_rl(&mut batch.rl, unrolls, &steps, t);
}

/// Observations alone, `[B, T]` row by row; none = padding. Acting calls it with `t = 1`.
///
/// # Panics
/// If there are not `b * t` observations, or one does not have the shapes of the specs.
pub fn collate_observations(
    out: &mut ObsBatch,
    observations: &[Option<&Observation>],
    b: usize,
    t: usize,
    specs: &Specs,
) {
    assert_eq!(observations.len(), b * t, "one observation for each [B, T]");
    let spec = &specs.obs;
    let rows = b * t;
    let of_group = |g: usize| {
        observations
            .iter()
            .flatten()
            .map(|o| o.units[g].len())
            .max()
            .unwrap_or(0)
    };
    (out.b, out.t) = (b, t);
    out.n = std::array::from_fn(|g| of_group(g).max(1));
    let (s, a) = (spec.scalar_dim(), spec.n_functions);
    reset(&mut out.scalars, rows * s);
    reset(&mut out.last_function, rows);
    reset(&mut out.build_items, rows * BUILD_ORDER_LEN);
    reset(&mut out.build_cells, rows * BUILD_ORDER_LEN);
    reset(&mut out.planes, rows * PLANE_BYTES);
    reset(&mut out.legal_functions, rows * a);
    out.target_cells.clear();
    out.target_cells.resize(rows * 2, 1);
    reset(&mut out.unit_orders, rows * out.n[0] * ORDER_COLUMNS);
    for g in 0..3 {
        reset(&mut out.unit_types[g], rows * out.n[g]);
        reset(&mut out.unit_cells[g], rows * out.n[g]);
        reset(&mut out.unit_valid[g], rows * out.n[g]);
        reset(
            &mut out.unit_features[g],
            rows * out.n[g] * spec.unit_dim(g),
        );
    }
    for (i, obs) in observations.iter().enumerate() {
        let legal = &mut out.legal_functions[i * a..(i + 1) * a];
        let Some(obs) = obs else {
            // A padded step still needs one legal function, or its softmax has nothing to normalize.
            legal[0] = 1;
            continue;
        };
        for (f, slot) in legal.iter_mut().enumerate() {
            *slot = u8::from(obs.is_legal(f as u16));
        }
        out.scalars[i * s..(i + 1) * s].copy_from_slice(&obs.scalars);
        out.last_function[i] = obs.last_function.into();
        out.target_cells[i * 2] = obs.target_cells.0.into();
        out.target_cells[i * 2 + 1] = obs.target_cells.1.into();
        out.planes[i * PLANE_BYTES..(i + 1) * PLANE_BYTES].copy_from_slice(&obs.planes);
        for (k, item) in obs.build_order.iter().enumerate() {
            out.build_items[i * BUILD_ORDER_LEN + k] = item.item.into();
            out.build_cells[i * BUILD_ORDER_LEN + k] = item.cell.into();
        }
        for g in 0..3 {
            put_units(out, obs, i, g, spec.unit_dim(g));
        }
    }
}

fn put_units(out: &mut ObsBatch, obs: &Observation, i: usize, g: usize, dim: usize) {
    let start = i * out.n[g];
    for (k, row) in obs.units[g].iter().enumerate() {
        out.unit_types[g][start + k] = row.type_idx.into();
        out.unit_cells[g][start + k] =
            i64::from(row.cell.1) * MINIMAP as i64 + i64::from(row.cell.0);
        out.unit_valid[g][start + k] = 1;
        if g == UnitGroup::Mine as usize {
            for (c, &order) in row.orders.iter().enumerate() {
                out.unit_orders[(start + k) * ORDER_COLUMNS + c] = order.into();
            }
        }
    }
    let features = &obs.features[g];
    out.unit_features[g][start * dim..][..features.len()].copy_from_slice(features);
}

fn reset<V: Copy + Default>(v: &mut Vec<V>, len: usize) {
    v.clear();
    v.resize(len, V::default());
}

/// Index into the padded concatenation of an index into the unpadded one.
fn padded(idx: usize, obs: &Observation, n: &[usize; 3]) -> usize {
    obs.unit_at(idx)
        .map_or(0, |(g, row)| n[..g as usize].iter().sum::<usize>() + row)
}

fn collate_actions(batch: &mut Batch, steps: &[Option<&Step>], specs: &Specs) {
    let rows = steps.len();
    let n = batch.obs.n;
    let all = n.iter().sum::<usize>();
    let selected_max = specs.action.config.selected_max;
    let longest = steps
        .iter()
        .flatten()
        .map(|s| (s.action.selected.len() + 1).min(selected_max));
    let act = &mut batch.act;
    act.s = longest.max().unwrap_or(1).max(1);
    for v in [
        &mut act.function,
        &mut act.skip,
        &mut act.queued,
        &mut act.target_unit,
        &mut act.target_cell,
    ] {
        reset(v, rows);
    }
    act.selected.clear();
    act.selected.resize(rows * act.s, n[0] as i64);
    reset(&mut act.selected_mask, rows * act.s);
    reset(&mut act.head_mask, rows * 6);
    reset(&mut act.selectable, rows * n[0]);
    reset(&mut act.targetable, rows * all);
    let (mut mine, mut targets) = (Vec::new(), Vec::new());
    for (i, step) in steps.iter().enumerate() {
        let Some(step) = step else { continue };
        let legal = &mut batch.obs.legal_functions[i * specs.obs.n_functions..];
        batch.forced[0] += force(&mut legal[usize::from(step.action.function)]);
        selectable(&step.obs, step.action.function, &mut mine);
        targetable(&step.obs, step.action.function, &mut targets);
        act.selectable[i * n[0]..][..mine.len()].copy_from_slice(&mine);
        for (k, &allowed) in targets.iter().enumerate().filter(|(_, a)| **a == 1) {
            act.targetable[i * all + padded(k, &step.obs, &n)] = allowed;
        }
        put_action(act, step, i, &n, selected_max, &mut batch.forced);
    }
}

/// Sets a mask bit; 1 if it was not set before.
fn force(bit: &mut u8) -> u32 {
    let was = *bit;
    *bit = 1;
    u32::from(was == 0)
}

fn put_action(
    act: &mut ActionBatch,
    step: &Step,
    i: usize,
    n: &[usize; 3],
    selected_max: usize,
    forced: &mut [u32; 3],
) {
    let a: &Action = &step.action;
    let args = function(a.function).map(|f| f.args()).unwrap_or_default();
    let all = n.iter().sum::<usize>();
    act.function[i] = a.function.into();
    act.skip[i] = i64::from(a.skip_loops.max(SKIP_LOOPS_MIN) - SKIP_LOOPS_MIN);
    act.queued[i] = a.queued.into();
    let mut mask = [1.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    let on = |b: bool| f32::from(u8::from(b));
    mask[2] = on(args.queued);
    mask[3] = on(args.units && !a.selected.is_empty());
    if args.units {
        let chosen = a.selected.len().min(selected_max);
        for (k, &unit) in a.selected.iter().take(chosen).enumerate() {
            act.selected[i * act.s + k] = unit.into();
            forced[1] += force(&mut act.selectable[i * n[0] + usize::from(unit)]);
        }
        let asked = if mask[3] == 0.0 {
            0
        } else {
            (chosen + 1).min(act.s)
        };
        act.selected_mask[i * act.s..][..asked].fill(1.0);
    }
    if let Some(target) = a.target_unit.filter(|_| args.target_unit) {
        let at = padded(target.into(), &step.obs, n);
        act.target_unit[i] = at as i64;
        forced[2] += force(&mut act.targetable[i * all + at]);
        mask[4] = 1.0;
    }
    if let Some(cell) = a.target_cell.filter(|_| args.target_cell) {
        act.target_cell[i] = cell.into();
        mask[5] = 1.0;
    }
    act.head_mask[i * 6..(i + 1) * 6].copy_from_slice(&mask);
}

fn collate_rl(rl: &mut RlBatch, unrolls: &[&Unroll], steps: &[Option<&Step>], t: usize) {
    *rl = RlBatch::default();
    let first = steps.iter().flatten().find_map(|s| s.behavior.as_ref());
    let Some(first) = first else { return };
    let r = first.values.len();
    rl.r = r;
    for step in steps {
        let Some(b) = step.and_then(|s| s.behavior.as_ref()) else {
            rl.log_probs.extend([0.0; 6]);
            rl.values.extend(std::iter::repeat_n(0.0, r));
            rl.rewards.extend(std::iter::repeat_n(0.0, r));
            rl.discounts.push(0.0);
            rl.loops.push(0.0);
            continue;
        };
        rl.loops
            .push(step.map_or(0.0, |s| s.action.skip_loops.max(SKIP_LOOPS_MIN).into()));
        rl.log_probs.extend(b.log_probs);
        let fit = |v: &[f32]| {
            (0..r)
                .map(|k| v.get(k).copied().unwrap_or(0.0))
                .collect::<Vec<_>>()
        };
        rl.values.extend(fit(&b.values));
        rl.rewards.extend(fit(&b.rewards));
        rl.discounts.push(if b.terminated { 0.0 } else { 1.0 });
    }
    for (i, unroll) in unrolls.iter().enumerate() {
        let kinds =
            |v: &[f32]| -> Vec<f32> { (0..r).map(|k| v.get(k).copied().unwrap_or(0.0)).collect() };
        rl.bootstrap.extend(kinds(&unroll.bootstrap));
        rl.return_bootstrap
            .extend(kinds(match unroll.return_bootstrap.as_slice() {
                [] => &unroll.bootstrap,
                own => own,
            }));
        let version = steps[i * t..(i + 1) * t]
            .iter()
            .flatten()
            .find_map(|s| s.behavior.as_ref());
        rl.policy_version
            .push(version.map_or(0, |b| b.policy_version as i64));
    }
    rl.lstm = collate_lstm(unrolls.iter().map(|u| u.lstm.as_ref()));
    rl.supervised_lstm = collate_lstm(
        unrolls
            .iter()
            .map(|u| u.supervised_lstm.as_ref().or(u.lstm.as_ref())),
    );
}

/// States as rows of the widest; a row without one, or with one of another width, is zero.
fn collate_lstm<'a>(states: impl Iterator<Item = Option<&'a LstmState>> + Clone) -> LstmBatch {
    let width = states.clone().flatten().map(|s| s.hidden.len()).max();
    let width = width.unwrap_or(0);
    let mut out = LstmBatch {
        width,
        ..LstmBatch::default()
    };
    if width == 0 {
        return out;
    }
    for state in states {
        let fits = state.filter(|s| s.hidden.len() == width && s.cell.len() == width);
        for (all, part) in [
            (&mut out.hidden, fits.map(|s| &s.hidden)),
            (&mut out.cell, fits.map(|s| &s.cell)),
        ] {
            match part {
                Some(values) => all.extend_from_slice(values),
                None => all.resize(all.len() + width, 0.0),
            }
        }
    }
    out
}
