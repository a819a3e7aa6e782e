//! Made-up batches that fit a spec: for tests and benchmarks.
//!
//! Values are random, shapes and index ranges are right, and the shares of steps that ask each head are like a game's.

use super::PolicySpec;
use crate::game::Seed;
use crate::obs::{BUILD_ORDER_LEN, MINIMAP, ORDER_COLUMNS, PLANES};
use crate::trajectory::{ActionBatch, Batch, HEADS, ObsBatch, RlBatch};
use rand::RngExt;
use rand_pcg::Pcg64Mcg;

/// What a made-up batch looks like.
#[derive(Clone, Copy, Debug)]
pub struct DummyShape {
    pub b: usize,
    pub t: usize,
    /// Padded units per group.
    pub n: [usize; 3],
    /// Real units per group at least; every row draws its own number up to `n`.
    pub n_min: [usize; 3],
    /// Units of a selection at most.
    pub selected_max: usize,
}

impl DummyShape {
    /// `units` units in every row, split among the groups like a game's middle: 2/5 mine, 1/5 enemy, 2/5 neutral.
    pub fn full(b: usize, t: usize, units: usize) -> DummyShape {
        let n = [units * 2 / 5, units / 5, units - units * 2 / 5 - units / 5];
        DummyShape {
            b,
            t,
            n,
            n_min: n,
            selected_max: 8,
        }
    }
}

/// A batch: observations, actions (selections of 1 to `selected_max` units; every third step asks for a target unit,
/// every third for a position) and resets in the first step of each second sequence.
pub fn batch(spec: &PolicySpec, shape: &DummyShape, seed: Seed) -> Batch {
    let mut rng = seed.fork("dummy", 0).rng();
    let obs = observations(spec, shape, &mut rng);
    let act = actions(spec, shape, &obs, &mut rng);
    let rows = shape.b * shape.t;
    let resets = (0..rows)
        .map(|r| u8::from(r % shape.t == 0 && (r / shape.t).is_multiple_of(2)))
        .collect();
    Batch {
        obs,
        act,
        rl: RlBatch::default(),
        forced: [0; 3],
        resets,
        valid: vec![1.0; rows],
    }
}

fn observations(spec: &PolicySpec, shape: &DummyShape, rng: &mut Pcg64Mcg) -> ObsBatch {
    let rows = shape.b * shape.t;
    let s = &spec.obs;
    let cells = MINIMAP * MINIMAP;
    let mut out = ObsBatch {
        b: shape.b,
        t: shape.t,
        n: shape.n,
        scalars: floats(rng, rows * s.scalar_dim()),
        last_function: ints(rng, rows, s.n_functions),
        build_items: ints(rng, rows * BUILD_ORDER_LEN, s.n_build_items),
        build_cells: ints(rng, rows * BUILD_ORDER_LEN, cells),
        target_cells: vec![spec.action.target_grid as i64; rows * 2],
        ..ObsBatch::default()
    };
    for _ in 0..rows {
        for plane in 0..PLANES {
            let max = s.planes[plane].max;
            out.planes
                .extend((0..cells).map(|_| rng.random_range(0..=max)));
        }
        out.legal_functions
            .extend((0..s.n_functions).map(|f| u8::from(f == 0 || rng.random_bool(0.3))));
    }
    for g in 0..3 {
        let (n, d) = (shape.n[g], s.unit_dim(g));
        for _ in 0..rows {
            let real = rng.random_range(shape.n_min[g]..=n);
            let pad = n - real;
            let groups = &mut out;
            groups.unit_types[g].extend(ints(rng, real, s.n_unit_types));
            groups.unit_types[g].extend(vec![0; pad]);
            groups.unit_cells[g].extend(ints(rng, real, cells));
            groups.unit_cells[g].extend(vec![0; pad]);
            groups.unit_features[g].extend(floats(rng, real * d));
            groups.unit_features[g].extend(vec![0.0; pad * d]);
            groups.unit_valid[g].extend(vec![1; real]);
            groups.unit_valid[g].extend(vec![0; pad]);
            if g == 0 {
                groups
                    .unit_orders
                    .extend(ints(rng, real * ORDER_COLUMNS, s.n_orders));
                groups.unit_orders.extend(vec![0; pad * ORDER_COLUMNS]);
            }
        }
    }
    out
}

fn actions(
    spec: &PolicySpec,
    shape: &DummyShape,
    obs: &ObsBatch,
    rng: &mut Pcg64Mcg,
) -> ActionBatch {
    let rows = shape.b * shape.t;
    let n = shape.n;
    let all: usize = n.iter().sum();
    let a = spec.action.n_functions;
    let mut out = ActionBatch {
        s: shape.selected_max + 1,
        skip: ints(rng, rows, spec.action.n_skips),
        queued: ints(rng, rows, 2),
        target_cell: ints(rng, rows, spec.action.target_grid * spec.action.target_grid),
        ..ActionBatch::default()
    };
    for r in 0..rows {
        let legal: Vec<usize> = (0..a)
            .filter(|f| obs.legal_functions[r * a + f] == 1)
            .collect();
        out.function
            .push(legal[rng.random_range(0..legal.len())] as i64);
        let valid: Vec<u8> = (0..3)
            .flat_map(|g| obs.unit_valid[g][r * n[g]..(r + 1) * n[g]].to_vec())
            .collect();
        let own = valid[..n[0]].iter().filter(|&&v| v == 1).count();
        let mut units: Vec<i64> = (0..own as i64).collect();
        let count = rng.random_range(1..=shape.selected_max).min(own);
        for i in 0..count {
            let j = rng.random_range(i..own);
            units.swap(i, j);
        }
        units.truncate(count);
        units.resize(out.s, n[0] as i64);
        let length = if count == 0 { 0 } else { count + 1 };
        out.selected.extend(units);
        out.selected_mask
            .extend((0..out.s).map(|s| if s < length { 1.0 } else { 0.0 }));
        let real: Vec<i64> = (0..all as i64)
            .filter(|&i| valid[i as usize] == 1)
            .collect();
        let target = if real.is_empty() {
            0
        } else {
            real[rng.random_range(0..real.len())]
        };
        out.target_unit.push(target);
        out.selectable.extend_from_slice(&valid[..n[0]]);
        out.targetable.extend_from_slice(&valid);
        let asks = [
            true,
            true,
            true,
            count > 0,
            r % 3 == 0 && !real.is_empty(),
            r % 3 == 1,
        ];
        debug_assert_eq!(asks.len(), HEADS.len());
        out.head_mask
            .extend(asks.map(|a| if a { 1.0 } else { 0.0 }));
    }
    out
}

fn floats(rng: &mut Pcg64Mcg, n: usize) -> Vec<f32> {
    (0..n).map(|_| rng.random_range(-1.0..1.0)).collect()
}

fn ints(rng: &mut Pcg64Mcg, n: usize, below: usize) -> Vec<i64> {
    (0..n).map(|_| rng.random_range(0..below as i64)).collect()
}
