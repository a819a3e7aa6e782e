//! Training mode: a network over `[B, T]` steps with the actions known (teacher forcing).

use super::core::CoreState;
use super::inputs::ObsTensors;
use super::targets::{ActTensors, HeadTarget};
use super::{Encoded, Policy};
use crate::trajectory::HEADS;
use tch::Tensor;

/// One head's logits where it was asked. The loss of a choice is the cross entropy of `logits` and `target`, or, where
/// `accepted` is there, of `logits` and any of the accepted choices.
#[derive(Debug)]
pub struct HeadLogits {
    /// `[M, K]` f32; illegal entries at [`super::inputs::MASKED`].
    pub logits: Tensor,
    /// `[M]` i64
    pub target: Tensor,
    /// `[M, K]` bool: choices that come to the same as `target`. For selected units, whose order means nothing.
    pub accepted: Option<Tensor>,
    /// `[M]` i64 into the `B * T` rows. For selected units a row comes once for each step of its sequence.
    pub rows: Tensor,
}

/// What an unroll gives.
#[derive(Debug)]
pub struct Unrolled {
    /// In the order of [`HEADS`].
    pub heads: [HeadLogits; HEADS.len()],
    /// `[B, T, R]`
    pub values: Tensor,
    /// After the last step.
    pub state: CoreState,
}

impl Policy {
    /// Logits of all heads for the actions taken.
    ///
    /// `resets` `[B, T]` f32: 1 where the state is zeroed before the step. `state` has `B` games.
    ///
    /// # Panics
    /// If shapes disagree: [`ObsTensors`] and [`ActTensors`] come from one batch.
    pub fn unroll(
        &self,
        obs: &ObsTensors,
        act: &ActTensors,
        resets: &Tensor,
        state: &CoreState,
    ) -> Unrolled {
        assert_eq!(resets.size(), [obs.b, obs.t], "resets: [B, T]");
        assert_eq!(state.b(), obs.b, "state: B games");
        self.autocast(|| {
            let encoded = self.encode(obs);
            let (core, state) =
                self.core
                    .forward(&encoded.vectors, (obs.b, obs.t), state, Some(resets));
            let values = self.values.forward(&self.core_for_values(&core));
            Unrolled {
                heads: self.head_logits(obs, act, &encoded, &core),
                values: values.view([obs.b, obs.t, -1]),
                state,
            }
        })
    }

    /// The state after the last step, without what only heads and values need: for following a game that another policy
    /// plays. Shapes as in [`Policy::unroll`].
    ///
    /// # Panics
    /// If shapes disagree.
    pub fn follow(&self, obs: &ObsTensors, resets: &Tensor, state: &CoreState) -> CoreState {
        assert_eq!(resets.size(), [obs.b, obs.t], "resets: [B, T]");
        assert_eq!(state.b(), obs.b, "state: B games");
        self.autocast(|| {
            let encoded = self.encode(obs);
            let steps = (obs.b, obs.t);
            self.core
                .forward(&encoded.vectors, steps, state, Some(resets))
                .1
        })
    }

    fn head_logits(
        &self,
        obs: &ObsTensors,
        act: &ActTensors,
        encoded: &Encoded,
        core: &Tensor,
    ) -> [HeadLogits; HEADS.len()] {
        let heads = &self.heads;
        let e_a = heads.embed.forward(&act.function_all);
        let pick = |t: &Tensor, rows: &Tensor| t.index_select(0, rows);
        let logits = |target: &HeadTarget, logits: Tensor| HeadLogits {
            logits,
            target: target.target.shallow_clone(),
            accepted: None,
            rows: target.rows.shallow_clone(),
        };
        let function = heads.function.forward(
            &pick(core, &act.function.rows),
            &pick(&obs.illegal_functions, &act.function.rows),
        );
        let rows = &act.skip.rows;
        let skip = heads.skip.forward(&pick(core, rows), &pick(&e_a, rows));
        let rows = &act.queued.rows;
        let queued = heads.queued.forward(&pick(core, rows), &pick(&e_a, rows));
        let selected = self.selected_logits(act, encoded, core, &e_a);
        let summary = act.selection.summary(&encoded.units[0]);
        let rows = &act.target_unit.rows;
        let units: Vec<Tensor> = encoded.units.iter().map(|u| pick(u, rows)).collect();
        let target_unit = heads.target_unit.forward(
            &pick(core, rows),
            &pick(&e_a, rows),
            &pick(&summary, rows),
            &Tensor::cat(&units, 1),
            act.target_unit.illegal.as_ref().expect("has a mask"),
        );
        let rows = &act.target_cell.rows;
        let target_cell = heads.target_cell.forward(
            &pick(core, rows),
            &pick(&e_a, rows),
            &pick(&summary, rows),
            &pick(&encoded.stem, rows),
            &pick(&encoded.trunk, rows),
        );
        let off_map = act.target_cell.illegal.as_ref().expect("has a mask");
        let target_cell = super::heads::masked(&target_cell, off_map);
        [
            logits(&act.function, function),
            logits(&act.skip, skip),
            logits(&act.queued, queued),
            selected,
            logits(&act.target_unit, target_unit),
            logits(&act.target_cell, target_cell),
        ]
    }

    fn selected_logits(
        &self,
        act: &ActTensors,
        encoded: &Encoded,
        core: &Tensor,
        e_a: &Tensor,
    ) -> HeadLogits {
        let target = &act.selected;
        let head = &self.heads.selected;
        let mine = &encoded.units[0];
        let logits = if target.m == 0 {
            Tensor::zeros(target.illegal.size(), (tch::Kind::Float, core.device()))
        } else {
            let pointer = head.start(
                &core.index_select(0, &target.rows),
                &e_a.index_select(0, &target.rows),
                &mine.index_select(0, &target.rows),
            );
            let chosen = mine.flatten(0, 1).index_select(0, &target.chosen);
            head.unroll(pointer, &target.active, &chosen, &target.illegal)
        };
        HeadLogits {
            logits,
            target: target.target.shallow_clone(),
            accepted: Some(target.accepted.shallow_clone()),
            rows: target.step_rows.shallow_clone(),
        }
    }
}
