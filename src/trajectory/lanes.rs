//! Lanes of a batch, taken apart for threads: each part is padded to its own units only.

use super::batch::{ActionBatch, Batch, HEADS, LstmBatch, ObsBatch, RlBatch};

/// Lanes in parts of about the same size, a list for each of `threads` threads. Lanes with many units go together, so
/// that the others are not padded to their size, and each thread gets as much as the others.
///
/// A thread works on one part after the other: with `accumulate` parts each or more (as far as there are lanes), no more
/// than a part is in memory at once.
pub fn schedule(batch: &Batch, threads: usize, accumulate: usize) -> Vec<Vec<Vec<usize>>> {
    let b = batch.obs.b;
    let mut lanes: Vec<usize> = (0..b).collect();
    let (threads, accumulate) = (threads.max(1), accumulate.max(1));
    if threads * accumulate < 2 || b < 2 {
        return vec![vec![lanes]];
    }
    lanes.sort_by_key(|&lane| (std::cmp::Reverse(units(batch, lane)), lane));
    // Two parts a thread where each has at least two lanes: a large one and a small one.
    let usual = if threads > 1 && b >= 4 * threads {
        2 * threads
    } else {
        threads
    };
    let parts = usual.max(threads * accumulate).min(b);
    let mut of_thread = vec![Vec::new(); threads.min(parts)];
    let n = of_thread.len();
    for part in 0..parts {
        let lanes = lanes[b * part / parts..b * (part + 1) / parts].to_vec();
        // There and back again: 0 1 1 0.
        let thread = if part / n % 2 == 0 {
            part % n
        } else {
            n - 1 - part % n
        };
        of_thread[thread].push(lanes);
    }
    of_thread
}

/// The most units that a step of the lane shows.
fn units(batch: &Batch, lane: usize) -> usize {
    let t = batch.obs.t;
    (lane * t..(lane + 1) * t)
        .map(|row| (0..3).map(|g| real(&batch.obs, row, g)).sum())
        .max()
        .unwrap_or(0)
}

fn real(obs: &ObsBatch, row: usize, g: usize) -> usize {
    let n = obs.n[g];
    obs.unit_valid[g][row * n..(row + 1) * n]
        .iter()
        .filter(|&&v| v == 1)
        .count()
}

/// The given lanes alone, padded to their own units.
pub fn take(batch: &Batch, lanes: &[usize]) -> Batch {
    let t = batch.obs.t;
    let rows: Vec<usize> = lanes
        .iter()
        .flat_map(|&lane| lane * t..(lane + 1) * t)
        .collect();
    let n = std::array::from_fn(|g| {
        let most = rows.iter().map(|&r| real(&batch.obs, r, g)).max();
        most.unwrap_or(0).max(1)
    });
    Batch {
        obs: observations(&batch.obs, &rows, lanes.len(), n),
        act: actions(&batch.act, &batch.obs, &rows, n),
        rl: learning(&batch.rl, &rows, lanes),
        resets: pick(&batch.resets, &rows, 1, 1),
        valid: pick(&batch.valid, &rows, 1, 1),
        forced: batch.forced,
    }
}

/// The first `keep` of the `k` values of each row.
fn pick<V: Copy>(values: &[V], rows: &[usize], k: usize, keep: usize) -> Vec<V> {
    let mut out = Vec::with_capacity(rows.len() * keep);
    for &r in rows {
        out.extend_from_slice(&values[r * k..r * k + keep]);
    }
    out
}

fn observations(o: &ObsBatch, rows: &[usize], b: usize, n: [usize; 3]) -> ObsBatch {
    let all = o.b * o.t;
    let whole_f = |v: &[f32]| pick(v, rows, v.len() / all, v.len() / all);
    let whole_i = |v: &[i64]| pick(v, rows, v.len() / all, v.len() / all);
    let whole_u = |v: &[u8]| pick(v, rows, v.len() / all, v.len() / all);
    // Values a unit, of arrays with one block a unit.
    let trim = |len: usize, g: usize| len / (all * o.n[g]);
    let units_i = |v: &[i64], g: usize| {
        let d = trim(v.len(), g);
        pick(v, rows, o.n[g] * d, n[g] * d)
    };
    ObsBatch {
        b,
        t: o.t,
        n,
        scalars: whole_f(&o.scalars),
        last_function: whole_i(&o.last_function),
        build_items: whole_i(&o.build_items),
        build_cells: whole_i(&o.build_cells),
        planes: whole_u(&o.planes),
        unit_types: std::array::from_fn(|g| units_i(&o.unit_types[g], g)),
        unit_orders: units_i(&o.unit_orders, 0),
        unit_cells: std::array::from_fn(|g| units_i(&o.unit_cells[g], g)),
        unit_features: std::array::from_fn(|g| {
            let d = trim(o.unit_features[g].len(), g);
            pick(&o.unit_features[g], rows, o.n[g] * d, n[g] * d)
        }),
        unit_valid: std::array::from_fn(|g| pick(&o.unit_valid[g], rows, o.n[g], n[g])),
        legal_functions: whole_u(&o.legal_functions),
        target_cells: whole_i(&o.target_cells),
    }
}

fn actions(a: &ActionBatch, o: &ObsBatch, rows: &[usize], n: [usize; 3]) -> ActionBatch {
    let heads = HEADS.len();
    let end = o.n[0] as i64;
    let mut selected = pick(&a.selected, rows, a.s, a.s);
    for unit in &mut selected {
        *unit = if *unit == end {
            n[0] as i64
        } else {
            (*unit).min(n[0] as i64)
        };
    }
    let target_unit = rows
        .iter()
        .map(|&r| moved(a.target_unit[r], o.n, n))
        .collect();
    let all: usize = o.n.iter().sum();
    let mut targetable = Vec::with_capacity(rows.len() * n.iter().sum::<usize>());
    for &r in rows {
        let mut at = r * all;
        for (keep, whole) in n.iter().zip(o.n) {
            targetable.extend_from_slice(&a.targetable[at..at + keep]);
            at += whole;
        }
    }
    ActionBatch {
        s: a.s,
        function: pick(&a.function, rows, 1, 1),
        skip: pick(&a.skip, rows, 1, 1),
        queued: pick(&a.queued, rows, 1, 1),
        selected,
        selected_mask: pick(&a.selected_mask, rows, a.s, a.s),
        target_unit,
        target_cell: pick(&a.target_cell, rows, 1, 1),
        head_mask: pick(&a.head_mask, rows, heads, heads),
        selectable: pick(&a.selectable, rows, o.n[0], n[0]),
        targetable,
    }
}

fn learning(rl: &RlBatch, rows: &[usize], lanes: &[usize]) -> RlBatch {
    if rl.r == 0 {
        return RlBatch::default();
    }
    let states = |s: &LstmBatch| LstmBatch {
        width: s.width,
        hidden: pick(&s.hidden, lanes, s.width, s.width),
        cell: pick(&s.cell, lanes, s.width, s.width),
    };
    let heads = HEADS.len();
    RlBatch {
        r: rl.r,
        log_probs: pick(&rl.log_probs, rows, heads, heads),
        values: pick(&rl.values, rows, rl.r, rl.r),
        rewards: pick(&rl.rewards, rows, rl.r, rl.r),
        discounts: pick(&rl.discounts, rows, 1, 1),
        loops: pick(&rl.loops, rows, 1, 1),
        bootstrap: pick(&rl.bootstrap, lanes, rl.r, rl.r),
        return_bootstrap: pick(&rl.return_bootstrap, lanes, rl.r, rl.r),
        policy_version: pick(&rl.policy_version, lanes, 1, 1),
        lstm: states(&rl.lstm),
        supervised_lstm: states(&rl.supervised_lstm),
    }
}

/// A padded unit index under other padding.
fn moved(idx: i64, from: [usize; 3], to: [usize; 3]) -> i64 {
    let (mut rest, mut start) = (idx.max(0) as usize, 0);
    for g in 0..3 {
        if rest < from[g] {
            return (start + rest.min(to[g] - 1)) as i64;
        }
        rest -= from[g];
        start += to[g];
    }
    0
}

#[cfg(all(test, feature = "torch"))]
mod tests {
    use super::*;
    use crate::action::Specs;
    use crate::game::Seed;
    use crate::policy::dummy::{DummyShape, batch};
    use crate::policy::{PolicyConfig, PolicySpec};

    #[test]
    fn every_lane_is_in_one_part() {
        let spec = PolicySpec::new(PolicyConfig::tiny(), &Specs::default());
        for (b, threads) in [(1, 2), (3, 2), (8, 2), (9, 2), (16, 3), (7, 1)] {
            let shape = DummyShape {
                b,
                t: 2,
                n: [7, 4, 5],
                n_min: [1, 0, 1],
                selected_max: 3,
            };
            let data = batch(&spec, &shape, Seed(b as u64));
            for accumulate in [1, 2, 5] {
                let parts = schedule(&data, threads, accumulate);
                assert!(parts.len() <= threads && parts.iter().all(|p| !p.is_empty()));
                let most = b.div_ceil(threads * accumulate);
                let largest = parts.iter().flatten().map(Vec::len).max();
                assert!(
                    largest <= Some(most),
                    "{b} {threads} {accumulate}: {parts:?}"
                );
                let mut lanes: Vec<usize> = parts.concat().concat();
                lanes.sort_unstable();
                assert_eq!(lanes, (0..b).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn all_lanes_in_order_are_the_batch_up_to_padding() {
        let spec = PolicySpec::new(PolicyConfig::tiny(), &Specs::default());
        let mut data = batch(&spec, &DummyShape::full(3, 2, 20), Seed(4));
        assert_eq!(take(&data, &[0, 1, 2]), data);
        // The neutral group's last unit of every row turns into padding, and goes.
        for row in 0..6 {
            data.obs.unit_valid[2][row * 8 + 7] = 0;
        }
        let part = take(&data, &[2, 0]);
        assert_eq!((part.obs.b, part.obs.n), (2, [8, 4, 7]));
        assert_eq!(part.act.function[..2], data.act.function[4..]);
        assert_eq!(moved(12, [8, 4, 8], [5, 2, 7]), 7);
    }
}
