//! Acting mode: one step of `B` games, with the LSTM's state in and out, sampling head by head under legal masks.
//!
//! The masks of the arguments depend on the function chosen, so a callback supplies them in between.

use super::core::CoreState;
use super::heads::Selection;
use super::inputs::ObsTensors;
use super::sample::Sampler;
use super::{Encoded, Policy, PolicyError};
use crate::action::{Action, SKIP_LOOPS_MIN};
use crate::trajectory::{HEADS, ObsBatch};
use tch::{Kind, Tensor};

/// What a function asks for in one row, and what is legal there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArgMasks {
    pub queued: bool,
    /// `[N_mine]` (the row's real units): 1 = may be selected. None, or nothing legal: no units are selected.
    pub selectable: Option<Vec<u8>>,
    /// `[N_mine + N_enemy + N_neutral]` (real units): 1 = may be the target. None, or nothing legal: no target.
    pub targetable: Option<Vec<u8>>,
    /// Columns and rows of the target grid that lie on the map. None: the function takes no position.
    pub cells: Option<(usize, usize)>,
}

/// One row's step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ActStep {
    pub action: Action,
    /// Of each head's choice, in the order of [`HEADS`]; 0 where the head was not asked.
    pub log_probs: [f32; HEADS.len()],
    /// `[R]` values.
    pub values: Vec<f32>,
}

/// The rows of a batch that a head is asked in, with their part of a tensor.
struct Asked {
    rows: Vec<usize>,
    index: Option<Tensor>,
}

impl Asked {
    fn new(rows: Vec<usize>, b: usize, device: tch::Device) -> Asked {
        let index = (rows.len() < b).then(|| {
            let rows: Vec<i64> = rows.iter().map(|&r| r as i64).collect();
            Tensor::from_slice(&rows).to_device(device)
        });
        Asked { rows, index }
    }

    fn pick(&self, t: &Tensor) -> Tensor {
        match &self.index {
            Some(index) => t.index_select(0, index),
            None => t.shallow_clone(),
        }
    }
}

/// What all heads read, once the functions are known.
struct Context<'a> {
    policy: &'a Policy,
    obs: &'a ObsTensors,
    encoded: &'a Encoded,
    core: &'a Tensor,
    e_a: Tensor,
    masks: &'a [ArgMasks],
    counts: &'a [[usize; 3]],
}

impl Policy {
    /// One step of `batch.b` games (`batch.t` must be 1).
    ///
    /// `samplers`: one a game. `masks`: called once a row with the function chosen there. Returns a step a row and the
    /// next state.
    ///
    /// # Errors
    /// [`PolicyError::Shape`] if arrays, samplers or state do not fit; [`PolicyError::NothingLegal`] if a row's function
    /// mask allows nothing or its logits are not finite.
    pub fn act(
        &self,
        batch: &ObsBatch,
        state: &CoreState,
        samplers: &mut [&mut Sampler],
        masks: &mut dyn FnMut(usize, u16) -> ArgMasks,
    ) -> Result<(Vec<ActStep>, CoreState), PolicyError> {
        let fits = [
            ("steps", batch.t, 1),
            ("samplers", samplers.len(), batch.b),
            ("games of the state", state.b() as usize, batch.b),
        ];
        for (what, actual, expected) in fits {
            if actual != expected {
                return Err(PolicyError::Shape {
                    part: "act",
                    what,
                    expected: expected.to_string(),
                    actual: actual.to_string(),
                });
            }
        }
        let obs = ObsTensors::new(batch, &self.spec.obs, self.device())?;
        tch::no_grad(|| self.autocast(|| self.act_tensors(batch, &obs, state, samplers, masks)))
    }

    fn act_tensors(
        &self,
        batch: &ObsBatch,
        obs: &ObsTensors,
        state: &CoreState,
        samplers: &mut [&mut Sampler],
        masks: &mut dyn FnMut(usize, u16) -> ArgMasks,
    ) -> Result<(Vec<ActStep>, CoreState), PolicyError> {
        let b = batch.b;
        let encoded = self.encode(obs);
        let (core, state) = self
            .core
            .forward(&encoded.vectors, (b as i64, 1), state, None);
        let values = to_rows(&self.values.forward(&core), b);
        let logits = to_rows(
            &self.heads.function.forward(&core, &obs.illegal_functions),
            b,
        );
        let a = self.spec.action.n_functions;
        let mut steps = Vec::with_capacity(b);
        for (row, values) in values.into_iter().enumerate() {
            let legal = &batch.legal_functions[row * a..(row + 1) * a];
            let (function, log_prob) = samplers[row]
                .choose(&logits[row], |i| legal[i] == 1)
                .ok_or(PolicyError::NothingLegal {
                    head: HEADS[0],
                    row,
                })?;
            let mut step = ActStep {
                values,
                ..ActStep::default()
            };
            step.action.function = function as u16;
            step.log_probs[0] = log_prob;
            steps.push(step);
        }
        let counts = real_counts(batch);
        let masks = arg_masks(&steps, &counts, masks)?;
        let functions: Vec<i64> = steps.iter().map(|s| s.action.function.into()).collect();
        let functions = Tensor::from_slice(&functions).to_device(self.device());
        let context = Context {
            policy: self,
            obs,
            encoded: &encoded,
            core: &core,
            e_a: self.heads.embed.forward(&functions),
            masks: &masks,
            counts: &counts,
        };
        context.skip_and_queued(&mut steps, samplers);
        context.selected(&mut steps, samplers);
        context.targets(&mut steps, samplers);
        Ok((steps, state))
    }
}

impl Context<'_> {
    fn asked(&self, wants: impl Fn(&ArgMasks) -> bool) -> Option<Asked> {
        let rows: Vec<usize> = (0..self.masks.len())
            .filter(|&r| wants(&self.masks[r]))
            .collect();
        (!rows.is_empty()).then(|| Asked::new(rows, self.masks.len(), self.core.device()))
    }

    fn skip_and_queued(&self, steps: &mut [ActStep], samplers: &mut [&mut Sampler]) {
        let heads = &self.policy.heads;
        let logits = to_rows(&heads.skip.forward(self.core, &self.e_a), steps.len());
        for (row, logits) in logits.iter().enumerate() {
            if let Some((skip, log_prob)) = samplers[row].choose(logits, |_| true) {
                steps[row].action.skip_loops = SKIP_LOOPS_MIN + skip as u16;
                steps[row].log_probs[1] = log_prob;
            }
        }
        let Some(asked) = self.asked(|m| m.queued) else {
            return;
        };
        let logits = heads
            .queued
            .forward(&asked.pick(self.core), &asked.pick(&self.e_a));
        for (logits, &row) in to_rows(&logits, asked.rows.len()).iter().zip(&asked.rows) {
            if let Some((queued, log_prob)) = samplers[row].choose(logits, |_| true) {
                steps[row].action.queued = queued == 1;
                steps[row].log_probs[2] = log_prob;
            }
        }
    }

    /// The pointer network, until every row has chosen its end token or as many units as it may.
    fn selected(&self, steps: &mut [ActStep], samplers: &mut [&mut Sampler]) {
        let Some(asked) = self.asked(|m| m.selectable.is_some()) else {
            return;
        };
        let head = &self.policy.heads.selected;
        let n = self.obs.n[0] as usize;
        let m = asked.rows.len();
        let mine = asked.pick(&self.encoded.units[0]);
        let flat = mine.flatten(0, 1);
        let mut pointer = head.start(&asked.pick(self.core), &asked.pick(&self.e_a), &mine);
        let mut legal: Vec<Vec<u8>> = asked
            .rows
            .iter()
            .map(|&r| {
                let mut legal = self.masks[r].selectable.clone().unwrap_or_default();
                legal.resize(n + 1, 0);
                legal
            })
            .collect();
        let mut open = vec![true; m];
        let mut last = vec![0i64; m];
        let selected_max = self.policy.spec.action.config.selected_max;
        for s in 0..selected_max {
            let chosen = (s > 0)
                .then(|| flat.index_select(0, &Tensor::from_slice(&last).to_device(flat.device())));
            let scores = to_rows(&head.step(&mut pointer, chosen.as_ref()), m);
            for i in (0..m).filter(|&i| open[i]).collect::<Vec<_>>() {
                let row = asked.rows[i];
                let choice = samplers[row].choose(&scores[i], |k| legal[i][k] == 1);
                let Some((unit, log_prob)) = choice else {
                    open[i] = false;
                    continue;
                };
                steps[row].log_probs[3] += log_prob;
                if unit == n {
                    open[i] = false;
                    continue;
                }
                steps[row].action.selected.push(unit as u16);
                legal[i][unit] = 0;
                legal[i][n] = 1;
                last[i] = (i * n + unit) as i64;
            }
            if !open.contains(&true) {
                break;
            }
        }
    }

    /// Both target heads, conditioned on the units just selected.
    fn targets(&self, steps: &mut [ActStep], samplers: &mut [&mut Sampler]) {
        let unit = self.asked(|m| m.targetable.is_some());
        let cell = self.asked(|m| m.cells.is_some());
        if unit.is_none() && cell.is_none() {
            return;
        }
        let lists: Vec<(usize, Vec<usize>)> = steps
            .iter()
            .map(|s| s.action.selected.iter().map(|&u| u.into()).collect())
            .enumerate()
            .filter(|(_, units): &(usize, Vec<usize>)| !units.is_empty())
            .collect();
        let selection = Selection::new(&lists, self.obs.n[0] as usize, self.core.device());
        let summary = selection.summary(&self.encoded.units[0]);
        if let Some(asked) = unit {
            self.target_unit(&asked, &summary, steps, samplers);
        }
        if let Some(asked) = cell {
            self.target_cell(&asked, &summary, steps, samplers);
        }
    }

    fn target_unit(
        &self,
        asked: &Asked,
        summary: &Tensor,
        steps: &mut [ActStep],
        samplers: &mut [&mut Sampler],
    ) {
        let n = self.obs.n.map(|n| n as usize);
        let legal: Vec<Vec<u8>> = asked
            .rows
            .iter()
            .map(|&r| {
                let mask = self.masks[r].targetable.as_deref().unwrap_or_default();
                padded(mask, self.counts[r], n)
            })
            .collect();
        let units: Vec<Tensor> = self.encoded.units.iter().map(|u| asked.pick(u)).collect();
        let illegal = Tensor::from_slice(&legal.concat())
            .view([legal.len() as i64, self.obs.n_all()])
            .to_device(self.core.device())
            .eq(0);
        let logits = self.policy.heads.target_unit.forward(
            &asked.pick(self.core),
            &asked.pick(&self.e_a),
            &asked.pick(summary),
            &Tensor::cat(&units, 1),
            &illegal,
        );
        let logits = to_rows(&logits, asked.rows.len());
        for (i, &row) in asked.rows.iter().enumerate() {
            let choice = samplers[row].choose(&logits[i], |k| legal[i][k] == 1);
            if let Some((target, log_prob)) = choice {
                steps[row].action.target_unit = Some(unpadded(target, self.counts[row], n));
                steps[row].log_probs[4] = log_prob;
            }
        }
    }

    fn target_cell(
        &self,
        asked: &Asked,
        summary: &Tensor,
        steps: &mut [ActStep],
        samplers: &mut [&mut Sampler],
    ) {
        let logits = self.policy.heads.target_cell.forward(
            &asked.pick(self.core),
            &asked.pick(&self.e_a),
            &asked.pick(summary),
            &asked.pick(&self.encoded.stem),
            &asked.pick(&self.encoded.trunk),
        );
        let grid = self.policy.spec.action.target_grid;
        let logits = to_rows(&logits, asked.rows.len());
        for (logits, &row) in logits.iter().zip(&asked.rows) {
            let (columns, rows) = self.masks[row].cells.unwrap_or_default();
            let choice = samplers[row].choose(logits, |k| k % grid < columns && k / grid < rows);
            if let Some((cell, log_prob)) = choice {
                steps[row].action.target_cell = Some(cell as u32);
                steps[row].log_probs[5] = log_prob;
            }
        }
    }
}

/// The callback's masks, checked; a mask that allows nothing becomes none.
fn arg_masks(
    steps: &[ActStep],
    counts: &[[usize; 3]],
    masks: &mut dyn FnMut(usize, u16) -> ArgMasks,
) -> Result<Vec<ArgMasks>, PolicyError> {
    let check = |what: &'static str, mask: &Option<Vec<u8>>, expected: usize| match mask {
        Some(mask) if mask.len() != expected => Err(PolicyError::Shape {
            part: "act",
            what,
            expected: expected.to_string(),
            actual: mask.len().to_string(),
        }),
        _ => Ok(()),
    };
    let mut all = Vec::with_capacity(steps.len());
    for (row, step) in steps.iter().enumerate() {
        let mut m = masks(row, step.action.function);
        check("selectable units", &m.selectable, counts[row][0])?;
        let n: usize = counts[row].iter().sum();
        check("targetable units", &m.targetable, n)?;
        m.selectable = m.selectable.filter(|mask| mask.contains(&1));
        m.targetable = m.targetable.filter(|mask| mask.contains(&1));
        all.push(m);
    }
    Ok(all)
}

/// Real units of each row, by group.
fn real_counts(batch: &ObsBatch) -> Vec<[usize; 3]> {
    (0..batch.b)
        .map(|r| {
            [0, 1, 2].map(|g| {
                let n = batch.n[g];
                let valid = &batch.unit_valid[g][r * n..(r + 1) * n];
                valid.iter().filter(|&&v| v == 1).count()
            })
        })
        .collect()
}

/// A mask over a row's real units to one over its padded units.
fn padded(mask: &[u8], counts: [usize; 3], n: [usize; 3]) -> Vec<u8> {
    let mut out = Vec::with_capacity(n.iter().sum());
    let mut at = 0;
    for g in 0..3 {
        let end = out.len() + n[g];
        out.extend(mask.iter().skip(at).take(counts[g]));
        out.resize(end, 0);
        at += counts[g];
    }
    out
}

/// Index among a row's padded units to one among its real units.
fn unpadded(mut idx: usize, counts: [usize; 3], n: [usize; 3]) -> u16 {
    let mut before = 0;
    for g in 0..3 {
        if idx < n[g] {
            break;
        }
        idx -= n[g];
        before += counts[g];
    }
    (before + idx) as u16
}

/// `[M, K]` to `M` vectors of f32.
fn to_rows(t: &Tensor, m: usize) -> Vec<Vec<f32>> {
    let flat = t
        .to_kind(Kind::Float)
        .contiguous()
        .to_device(tch::Device::Cpu);
    let mut data = vec![0f32; flat.numel()];
    flat.copy_data(&mut data, flat.numel());
    let k = data.len() / m.max(1);
    data.chunks(k.max(1)).map(<[f32]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padded_and_unpadded_indices_agree() {
        let (counts, n) = ([2, 0, 3], [4, 1, 3]);
        let mask = [1, 0, 0, 1, 1];
        assert_eq!(padded(&mask, counts, n), [1, 0, 0, 0, 0, 0, 1, 1]);
        assert_eq!(unpadded(1, counts, n), 1);
        assert_eq!(unpadded(6, counts, n), 3);
    }
}
