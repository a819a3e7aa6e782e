//! The network as a whole: acting equals training, what must change nothing changes nothing, gradients reach every
//! parameter, shapes follow the spec.

use super::dummy::{DummyShape, batch};
use super::*;
use crate::action::ActionConfig;
use crate::game::Seed;
use crate::obs::{ObsConfig, PLANES, PlaneSpec, Slice};
use crate::trajectory::{Batch, ObsBatch};
use tch::Kind;

/// A spec of small widths, independent of the game's tables.
pub(super) fn tiny_spec() -> PolicySpec {
    let slice = |len: usize| {
        vec![Slice {
            name: "all".into(),
            start: 0,
            len,
        }]
    };
    let maxima = [255, 3, 4, 1, 1, 1];
    PolicySpec {
        config: PolicyConfig::tiny(),
        obs: ObsSpec {
            config: ObsConfig::default(),
            scalars: slice(11),
            unit_features: [slice(7), slice(5), slice(4)],
            planes: (0..PLANES)
                .map(|i| PlaneSpec {
                    name: format!("plane{i}"),
                    max: maxima[i],
                    categories: i > 0,
                })
                .collect(),
            n_unit_types: 9,
            n_orders: 6,
            n_build_items: 5,
            n_functions: 12,
            hash: 1,
        },
        action: ActionSpec {
            config: ActionConfig {
                selected_max: 8,
                ..ActionConfig::default()
            },
            n_functions: 12,
            n_skips: 127,
            target_grid: 128,
            hash: 2,
        },
    }
}

pub(super) fn tiny(seed: u64) -> Policy {
    Policy::new(&tiny_spec(), Seed(seed), Device::Cpu).expect("tiny is valid")
}

/// A tiny network for the game's own tables.
pub(super) fn tiny_game(seed: u64) -> Policy {
    let spec = PolicySpec::new(PolicyConfig::tiny(), &crate::action::Specs::default());
    Policy::new(&spec, Seed(seed), Device::Cpu).expect("tiny is valid")
}

pub(super) fn same_params(x: &Policy, y: &Policy) -> bool {
    x.params()
        .entries()
        .iter()
        .zip(y.params().entries())
        .all(|((n, s), (m, t))| n == m && s.equal(t))
}

fn shape(b: usize, t: usize) -> DummyShape {
    DummyShape {
        b,
        t,
        n: [9, 5, 6],
        n_min: [3, 0, 1],
        selected_max: 4,
    }
}

struct Tensors {
    obs: ObsTensors,
    act: ActTensors,
    resets: Tensor,
}

fn tensors(policy: &Policy, batch: &Batch) -> Tensors {
    let (o, device) = (&batch.obs, Device::Cpu);
    let resets = Tensor::from_slice(&batch.resets)
        .view([o.b as i64, o.t as i64])
        .to_kind(Kind::Float);
    Tensors {
        obs: ObsTensors::new(o, &policy.spec().obs, device).expect("fits"),
        act: ActTensors::new(&batch.act, o, &policy.spec().action, device).expect("fits"),
        resets,
    }
}

fn unroll(policy: &Policy, batch: &Batch) -> Unrolled {
    let t = tensors(policy, batch);
    let state = policy.initial_state(batch.obs.b as i64);
    policy.unroll(&t.obs, &t.act, &t.resets, &state)
}

/// Row `rows` of each head's log-probabilities of its targets, summed per row: `[heads, R]`.
fn log_probs(out: &Unrolled, rows: i64) -> Vec<Vec<f64>> {
    out.heads
        .iter()
        .map(|h| {
            let picked = h
                .logits
                .log_softmax(-1, Kind::Float)
                .gather(1, &h.target.unsqueeze(1), false)
                .squeeze_dim(1);
            let sum =
                Tensor::zeros([rows], (Kind::Float, Device::Cpu)).index_add(0, &h.rows, &picked);
            Vec::<f64>::try_from(sum.to_kind(Kind::Double)).expect("a vector")
        })
        .collect()
}

fn assert_close(a: &[f64], b: &[f64], what: &str) {
    assert_eq!(a.len(), b.len(), "{what}");
    for (x, y) in a.iter().zip(b) {
        assert!((x - y).abs() < 2e-4, "{what}: {a:?} {b:?}");
    }
}

/// One row of observations, padded to `n`.
fn row_of(obs: &ObsBatch, spec: &ObsSpec, r: usize, n: [usize; 3]) -> ObsBatch {
    let part = |v: &[f32], k: usize| v[r * k..(r + 1) * k].to_vec();
    let part_i = |v: &[i64], k: usize| v[r * k..(r + 1) * k].to_vec();
    let part_u = |v: &[u8], k: usize| v[r * k..(r + 1) * k].to_vec();
    let grow = |mut v: Vec<i64>, k: usize| {
        v.resize(k, 0);
        v
    };
    let mut out = ObsBatch {
        b: 1,
        t: 1,
        n,
        scalars: part(&obs.scalars, spec.scalar_dim()),
        last_function: part_i(&obs.last_function, 1),
        build_items: part_i(&obs.build_items, 20),
        build_cells: part_i(&obs.build_cells, 20),
        planes: part_u(&obs.planes, PLANES * 64 * 64),
        legal_functions: part_u(&obs.legal_functions, spec.n_functions),
        ..ObsBatch::default()
    };
    for (g, &padded) in n.iter().enumerate() {
        let (k, d) = (obs.n[g], spec.unit_dim(g));
        out.unit_types[g] = grow(part_i(&obs.unit_types[g], k), padded);
        out.unit_cells[g] = grow(part_i(&obs.unit_cells[g], k), padded);
        out.unit_features[g] = part(&obs.unit_features[g], k * d);
        out.unit_features[g].resize(padded * d, 0.0);
        out.unit_valid[g] = part_u(&obs.unit_valid[g], k);
        out.unit_valid[g].resize(padded, 0);
    }
    out.unit_orders = grow(part_i(&obs.unit_orders, obs.n[0] * 2), n[0] * 2);
    out
}

/// Masks that let a known action of the batch be asked in the same heads.
fn masks_like(batch: &Batch, r: usize) -> ArgMasks {
    let asked = |h: usize| batch.act.head_mask[r * 6 + h] > 0.0;
    let mut real = Vec::new();
    let mut own = Vec::new();
    for g in 0..3 {
        let n = batch.obs.n[g];
        let valid = &batch.obs.unit_valid[g][r * n..(r + 1) * n];
        real.extend(valid.iter().filter(|&&v| v == 1));
        if g == 0 {
            own = real.clone();
        }
    }
    ArgMasks {
        queued: asked(2),
        selectable: asked(3).then_some(own),
        targetable: asked(4).then_some(real),
        cells: asked(5).then_some((128, 128)),
    }
}

/// Puts the actions of `steps` into the batch as targets.
fn teach(batch: &mut Batch, r: usize, step: &ActStep) {
    let (n, s) = (batch.obs.n, batch.act.s);
    let counts = [0, 1, 2].map(|g| {
        let valid = &batch.obs.unit_valid[g][r * n[g]..(r + 1) * n[g]];
        valid.iter().filter(|&&v| v == 1).count()
    });
    let a = &step.action;
    batch.act.function[r] = a.function.into();
    batch.act.skip[r] = i64::from(a.skip_loops) - 2;
    batch.act.queued[r] = a.queued.into();
    let mut selected: Vec<i64> = a.selected.iter().map(|&u| u.into()).collect();
    let length = if selected.is_empty() {
        0
    } else {
        (selected.len() + 1).min(8)
    };
    selected.resize(s, n[0] as i64);
    batch.act.selected.splice(r * s..(r + 1) * s, selected);
    for i in 0..s {
        batch.act.selected_mask[r * s + i] = if i < length { 1.0 } else { 0.0 };
    }
    if let Some(target) = a.target_unit {
        let mut idx = usize::from(target);
        let mut at = 0;
        for g in 0..3 {
            if idx < counts[g] {
                break;
            }
            idx -= counts[g];
            at += n[g];
        }
        batch.act.target_unit[r] = (at + idx) as i64;
    }
    if let Some(cell) = a.target_cell {
        batch.act.target_cell[r] = cell.into();
    }
}

#[test]
fn acting_and_unrolling_agree() {
    let policy = tiny(1);
    let (b, t) = (3usize, 5usize);
    let mut sh = shape(b, t);
    sh.selected_max = 8;
    let mut data = batch(policy.spec(), &sh, Seed(5));
    let mut values = vec![Vec::new(); b * t];
    let mut acted = vec![[0f32; 6]; b * t];
    for seq in 0..b {
        let mut state = policy.initial_state(1);
        let mut sampler = Sampler::new(Seed(seq as u64), Choice::default());
        for step in 0..t {
            let r = seq * t + step;
            if data.resets[r] == 1 {
                state = policy.initial_state(1);
            }
            let obs = row_of(&data.obs, &policy.spec().obs, r, data.obs.n);
            let masks = masks_like(&data, r);
            let (steps, next) = policy
                .act(&obs, &state, &mut [&mut sampler], &mut |_, _| masks.clone())
                .expect("acts");
            state = next;
            values[r] = steps[0].values.clone();
            acted[r] = steps[0].log_probs;
            teach(&mut data, r, &steps[0]);
        }
    }
    let out = unroll(&policy, &data);
    let unrolled = log_probs(&out, (b * t) as i64);
    for (r, acted) in acted.iter().enumerate() {
        for head in 0..6 {
            let (x, y) = (f64::from(acted[head]), unrolled[head][r]);
            assert!((x - y).abs() < 2e-4, "row {r} head {head}: {x} {y}");
        }
        for (kind, value) in values[r].iter().enumerate() {
            let idx = [(r / t) as i64, (r % t) as i64, kind as i64];
            assert!((out.values.double_value(&idx) - f64::from(*value)).abs() < 1e-4);
        }
    }
    assert!(acted.iter().any(|a| a[3] != 0.0 && a[5] != 0.0));
}

#[test]
fn padding_and_the_rest_of_the_batch_change_nothing() {
    let policy = tiny(2);
    let data = batch(policy.spec(), &shape(4, 1), Seed(9));
    let act = |obs: &ObsBatch, rows: &[usize]| {
        let state = policy.initial_state(rows.len() as i64);
        let mut samplers: Vec<Sampler> = rows
            .iter()
            .map(|&r| Sampler::new(Seed(100 + r as u64), Choice::default()))
            .collect();
        let mut samplers: Vec<&mut Sampler> = samplers.iter_mut().collect();
        policy
            .act(obs, &state, &mut samplers, &mut |i, _| {
                masks_like(&data, rows[i])
            })
            .expect("acts")
            .0
    };
    let together = act(&data.obs, &[0, 1, 2, 3]);
    for (r, expected) in together.iter().enumerate() {
        let wide = row_of(&data.obs, &policy.spec().obs, r, [30, 7, 11]);
        let alone = &act(&wide, &[r])[0];
        assert_eq!(alone.action, expected.action, "row {r}");
        let f = |s: &ActStep| -> Vec<f64> {
            let probs = s.log_probs.iter().chain(&s.values);
            probs.map(|&x| x.into()).collect()
        };
        assert_close(&f(alone), &f(expected), "log-probabilities and values");
    }
}

/// The batch with the units of every group in reverse order, targets following.
fn reversed(batch: &Batch, spec: &ObsSpec) -> Batch {
    let mut out = batch.clone();
    let rows = batch.obs.b * batch.obs.t;
    let n = batch.obs.n;
    let starts = [0, n[0], n[0] + n[1]];
    let all = n[0] + n[1] + n[2];
    for g in 0..3 {
        let d = spec.unit_dim(g);
        let o = &mut out.obs;
        for r in 0..rows {
            o.unit_types[g][r * n[g]..(r + 1) * n[g]].reverse();
            o.unit_cells[g][r * n[g]..(r + 1) * n[g]].reverse();
            o.unit_valid[g][r * n[g]..(r + 1) * n[g]].reverse();
            for i in 0..n[g] {
                let (to, from) = ((r * n[g] + i) * d, (r * n[g] + n[g] - 1 - i) * d);
                let source = &batch.obs.unit_features[g][from..from + d];
                o.unit_features[g][to..to + d].copy_from_slice(source);
                if g == 0 {
                    let (to, from) = ((r * n[0] + i) * 2, (r * n[0] + n[0] - 1 - i) * 2);
                    let source = &batch.obs.unit_orders[from..from + 2];
                    o.unit_orders[to..to + 2].copy_from_slice(source);
                }
            }
            out.act.targetable[r * all + starts[g]..r * all + starts[g] + n[g]].reverse();
        }
    }
    for r in 0..rows {
        out.act.selectable[r * n[0]..(r + 1) * n[0]].reverse();
        for s in 0..batch.act.s {
            let unit = &mut out.act.selected[r * batch.act.s + s];
            if (*unit as usize) < n[0] {
                *unit = n[0] as i64 - 1 - *unit;
            }
        }
        let target = batch.act.target_unit[r] as usize;
        let g = (0..3)
            .rev()
            .find(|&g| target >= starts[g])
            .expect("a group");
        out.act.target_unit[r] = (starts[g] + n[g] - 1 - (target - starts[g])) as i64;
    }
    out
}

#[test]
fn permuting_units_permutes_outputs() {
    let policy = tiny(3);
    let data = batch(policy.spec(), &shape(2, 3), Seed(11));
    let a = unroll(&policy, &data);
    let b = unroll(&policy, &reversed(&data, &policy.spec().obs));
    let (pa, pb) = (log_probs(&a, 6), log_probs(&b, 6));
    for head in 0..6 {
        assert_close(&pa[head], &pb[head], crate::trajectory::HEADS[head]);
    }
    assert!(a.values.allclose(&b.values, 1e-4, 1e-4, false));
    // All of a step's target logits, not only the target's, in the other order.
    let (n, m) = (data.obs.n, a.heads[4].logits.size()[0]);
    let parts = [n[0], n[1], n[2]].map(|n| n as i64);
    let flipped: Vec<Tensor> = b.heads[4]
        .logits
        .split_with_sizes(parts, 1)
        .iter()
        .map(|p| p.flip([1]))
        .collect();
    assert!(m > 0);
    assert!(Tensor::cat(&flipped, 1).allclose(&a.heads[4].logits, 1e-4, 1e-4, false));
}

#[test]
fn every_parameter_gets_a_gradient() {
    let policy = tiny(4);
    let data = batch(policy.spec(), &shape(4, 6), Seed(13));
    let out = unroll(&policy, &data);
    let mut loss = out.values.square().sum(Kind::Float);
    for h in &out.heads {
        let nll = h
            .logits
            .log_softmax(-1, Kind::Float)
            .gather(1, &h.target.unsqueeze(1), false);
        loss = loss.g_sub(&nll.sum(Kind::Float));
    }
    loss.backward();
    for (name, t) in policy.params().entries() {
        let grad = t.grad();
        assert!(grad.defined(), "{name} has no gradient");
        let size = grad.abs().max().double_value(&[]);
        assert!(size > 0.0 && size.is_finite(), "{name}: {size}");
    }
}

/// The value heads' own gradient stays, what they share with the policy gets the share asked for.
#[test]
fn the_values_gradient_reaches_the_rest_as_told() {
    let gradient = |share: f64, name: &str| {
        let mut policy = tiny(4);
        policy.set_value_gradient(share);
        let data = batch(policy.spec(), &shape(4, 6), Seed(13));
        unroll(&policy, &data)
            .values
            .square()
            .sum(Kind::Float)
            .backward();
        let entries = policy.params().entries();
        let of_name = entries.iter().filter(|(n, _)| n.starts_with(name));
        let sums = of_name.map(|(_, t)| match t.grad() {
            grad if grad.defined() => grad.abs().sum(Kind::Double).double_value(&[]),
            _ => 0.0,
        });
        sums.sum::<f64>()
    };
    let (core, value) = (gradient(1.0, "core."), gradient(1.0, "value."));
    assert!(core > 0.0 && value > 0.0);
    assert_eq!(gradient(0.0, "core."), 0.0);
    assert!((gradient(0.25, "core.") / core - 0.25).abs() < 1e-4);
    for share in [0.0, 0.25] {
        assert!((gradient(share, "value.") / value - 1.0).abs() < 1e-4);
    }
}

#[test]
fn resets_forget() {
    let policy = tiny(5);
    let mut data = batch(policy.spec(), &shape(1, 4), Seed(17));
    data.resets = vec![0, 0, 1, 0];
    let t = tensors(&policy, &data);
    let state = policy.initial_state(1);
    let other = CoreState {
        hidden: state.hidden.ones_like(),
        cell: state.cell.ones_like(),
    };
    let a = policy.unroll(&t.obs, &t.act, &t.resets, &state);
    let b = policy.unroll(&t.obs, &t.act, &t.resets, &other);
    let differ = |x: &Tensor, y: &Tensor| !x.allclose(y, 1e-6, 1e-6, false);
    assert!(differ(&a.values.narrow(1, 0, 2), &b.values.narrow(1, 0, 2)));
    assert!(!differ(
        &a.values.narrow(1, 2, 2),
        &b.values.narrow(1, 2, 2)
    ));
    assert!(!differ(&a.state.cell, &b.state.cell));
    assert!(
        differ(&other.hidden, &state.hidden),
        "the caller's state is not touched"
    );
    assert_eq!(other.hidden.min().double_value(&[]), 1.0);
}

#[test]
fn the_same_seed_makes_the_same_network() {
    let (a, b, c) = (tiny(6), tiny(6), tiny(7));
    assert!(same_params(&a, &b));
    assert!(!same_params(&a, &c));
}

#[test]
fn sizes_are_as_promised() {
    let specs = crate::action::Specs::default();
    let spec = |config| PolicySpec::new(config, &specs);
    let tiny = count(&spec(PolicyConfig::tiny()), [60, 30, 60]).expect("valid");
    let small = count(&spec(PolicyConfig::small()), [60, 30, 60]).expect("valid");
    let paper = count(&spec(PolicyConfig::paper()), [100, 50, 100]).expect("valid");
    for (name, c) in [("tiny", &tiny), ("small", &small), ("paper", &paper)] {
        println!(
            "{name}: {} parameters, {} FLOP, largest {:?}",
            c.params(),
            c.flops(),
            c.largest
        );
        for p in &c.parts {
            println!("  {:20} {:>10} {:>12}", p.part, p.params, p.flops);
        }
    }
    assert!(tiny.params() < 300_000);
    assert!((1_000_000..=4_000_000).contains(&small.params()));
    assert!(small.flops() <= 20_000_000, "{}", small.flops());
    let off = (paper.params() as f64 / 49e6 - 1.0).abs();
    assert!(off <= 0.05, "{}", paper.params());
    assert!(paper.largest.1 * 4 <= paper.params());
}

#[test]
fn wrong_shapes_are_errors() {
    let policy = tiny(8);
    let mut data = batch(policy.spec(), &shape(1, 1), Seed(19));
    data.obs.scalars.pop();
    assert!(matches!(
        ObsTensors::new(&data.obs, &policy.spec().obs, Device::Cpu),
        Err(PolicyError::Shape {
            what: "scalars",
            ..
        })
    ));
    data.act.target_cell[0] = 128 * 128;
    data.act.head_mask[5] = 1.0;
    assert!(matches!(
        ActTensors::new(&data.act, &data.obs, &policy.spec().action, Device::Cpu),
        Err(PolicyError::Shape {
            what: "target_cell",
            ..
        })
    ));
}

#[test]
fn a_shared_handle_sees_values_and_gradients() {
    let mut policy = tiny(9);
    let other = policy.share();
    let data = batch(policy.spec(), &shape(1, 2), Seed(21));
    unroll(&other, &data).values.sum(Kind::Float).backward();
    let (name, t) = &policy.params().entries()[0];
    assert!(t.grad().defined(), "{name}");
    policy.params_mut().zero_grad();
    policy
        .params()
        .set_weights(&tiny(10).params().weights())
        .expect("same sizes");
    assert!(same_params(&other, &tiny(10)));
    assert!(
        policy
            .params()
            .set_weights(&tiny_game(1).params().weights())
            .is_err()
    );
}

#[test]
fn more_value_heads_leave_everything_else_as_it_was() {
    let old = tiny(12);
    let new = old.with_value_kinds(3, Seed(1)).expect("valid");
    assert_eq!(new.spec().config.value.kinds, 3);
    let theirs = old.params().entries();
    let mut fresh = Vec::new();
    for (name, t) in new.params().entries() {
        match theirs.iter().find(|(n, _)| n == name) {
            Some((_, o)) => assert!(t.equal(o), "{name}"),
            None => fresh.push(name.as_str()),
        }
    }
    assert!(fresh.iter().all(|n| n.starts_with("value.kind.2.")));
    assert_eq!(fresh.len(), 4);
    let data = batch(old.spec(), &shape(2, 3), Seed(1));
    let (a, b) = (unroll(&old, &data), unroll(&new, &data));
    assert!(
        b.values
            .narrow(2, 0, 2)
            .allclose(&a.values, 1e-6, 1e-6, false)
    );
}
