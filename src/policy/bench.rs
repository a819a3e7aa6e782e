//! How long the network takes, as a whole and by part. The caller picks threads and sizes.

use super::dummy::{DummyShape, batch};
use super::inputs::ObsTensors;
use super::{ArgMasks, Choice, Policy, PolicyError, Sampler};
use crate::game::Seed;
use std::time::Instant;
use tch::Tensor;

/// Units that a head may choose from at most in the benchmark's selections.
const SELECTED: usize = 8;

/// Milliseconds of `runs` acting steps of `b` games with `units` units, all heads asked, up to [`SELECTED`] units
/// selected; a step counts from collated arrays to actions. The first step, which warms up, is left out.
///
/// # Errors
/// As [`Policy::act`].
pub fn act_ms(
    policy: &Policy,
    b: usize,
    units: usize,
    runs: usize,
) -> Result<Vec<f64>, PolicyError> {
    let shape = DummyShape::full(b, 1, units);
    let data = batch(policy.spec(), &shape, Seed(1));
    let masks = ArgMasks {
        queued: true,
        // Exactly as many as are counted, so that the end token ends every selection.
        selectable: Some((0..shape.n[0]).map(|i| u8::from(i < SELECTED)).collect()),
        targetable: Some(vec![1; units]),
        cells: Some((
            policy.spec().action.target_grid,
            policy.spec().action.target_grid,
        )),
    };
    let mut samplers: Vec<Sampler> = (0..b as u64)
        .map(|i| Sampler::new(Seed(i), Choice::default()))
        .collect();
    let mut samplers: Vec<&mut Sampler> = samplers.iter_mut().collect();
    let mut state = policy.initial_state(b as i64);
    let mut times = Vec::with_capacity(runs);
    for run in 0..=runs {
        let start = Instant::now();
        state = policy
            .act(&data.obs, &state, &mut samplers, &mut |_, _| masks.clone())?
            .1;
        if run > 0 {
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    Ok(times)
}

/// Median milliseconds of each part of a forward pass of `b` rows, heads aside, without gradients.
///
/// # Errors
/// As [`ObsTensors::new`].
pub fn parts_ms(
    policy: &Policy,
    b: usize,
    units: usize,
    runs: usize,
) -> Result<Vec<(&'static str, f64)>, PolicyError> {
    let data = batch(policy.spec(), &DummyShape::full(b, 1, units), Seed(1));
    let time = |f: &mut dyn FnMut()| {
        let mut times: Vec<f64> = (0..=runs)
            .map(|_| {
                let start = Instant::now();
                f();
                start.elapsed().as_secs_f64() * 1e3
            })
            .skip(1)
            .collect();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let _guard = tch::no_grad_guard();
    let obs = ObsTensors::new(&data.obs, &policy.spec().obs, policy.device())?;
    let inputs = time(&mut || {
        let _ = ObsTensors::new(&data.obs, &policy.spec().obs, policy.device());
    });
    let scalar = time(&mut || drop(policy.scalar.forward(&obs)));
    let encode = |obs: &ObsTensors| [0, 1, 2].map(|g| policy.units[g].forward(&obs.units[g]));
    let units_ms = time(&mut || drop(encode(&obs)));
    let clone = |x: &[Tensor; 3]| [0, 1, 2].map(|g| x[g].shallow_clone());
    let raw = encode(&obs);
    let transformer = time(&mut || drop(policy.transformer.forward(clone(&raw), &obs)));
    let x = policy.transformer.forward(clone(&raw), &obs);
    let pooling = time(&mut || {
        for ((pooling, x), units) in policy.pooling.iter().zip(&x).zip(&obs.units) {
            drop(pooling.forward(x, &units.key_mask));
        }
    });
    let spatial = time(&mut || drop(policy.spatial.forward(&obs, &x)));
    let encoded = policy.encode(&obs);
    let state = policy.initial_state(b as i64);
    let core = time(&mut || {
        drop(
            policy
                .core
                .forward(&encoded.vectors, (b as i64, 1), &state, None),
        );
    });
    Ok(vec![
        ("inputs", inputs),
        ("scalar", scalar),
        ("units", units_ms),
        ("transformer", transformer),
        ("pooling", pooling),
        ("spatial", spatial),
        ("core", core),
    ])
}
