//! Selected units (SCC App. A.4): a pointer network. An LSTM reads the units chosen so far; its output is the query of
//! a conditioned concat-attention over own units and an end token.
//!
//! Keys are computed once. The LSTM's input is the conditioning (the same in every step, so its share of the gates is
//! computed once) and the vector of the unit chosen last. With a known sequence nothing in the LSTM depends on the
//! attention, so steps run over as many rows as are still choosing: rows come sorted by falling length.

use super::{ConcatAttention, Condition, masked};
use crate::policy::config::PolicyConfig;
use crate::policy::layers::{Linear, LstmCell};
use crate::policy::params::{Init, Scope};
use tch::{Kind, Tensor};

/// See the module.
#[derive(Debug)]
pub struct SelectedHead {
    condition: Condition,
    lstm: LstmCell,
    previous: Linear,
    attention: ConcatAttention,
    /// `[1, 1, A]`: the end token's share of the attention.
    end: Tensor,
    hidden: i64,
}

/// A pointer sequence under way: rows `M`.
#[derive(Debug)]
pub struct Pointer {
    /// `[M, N + 1, A]`: own units, then the end token.
    keys: Tensor,
    e_a: Tensor,
    gates: Tensor,
    h: Tensor,
    c: Tensor,
}

impl SelectedHead {
    pub fn new(mut scope: Scope<'_>, config: &PolicyConfig) -> SelectedHead {
        let heads = &config.heads;
        let (p, a) = (heads.pointer_hidden, heads.action_dim);
        SelectedHead {
            condition: Condition::on_function(scope.sub("condition"), config),
            lstm: LstmCell::new(scope.sub("lstm"), heads.hidden, p),
            previous: Linear::no_bias(scope.sub("previous"), config.units.dim, 4 * p),
            attention: ConcatAttention::new(scope.sub("attention"), p, config.units.dim, a),
            end: scope.add("end", &[1, 1, a], Init::Uniform(1.0)),
            hidden: p,
        }
    }

    /// `core` `[M, H]`, `e_a` `[M, A]`, `mine` `[M, N, D]`.
    pub fn start(&self, core: &Tensor, e_a: &Tensor, mine: &Tensor) -> Pointer {
        let m = core.size()[0];
        let keys = self.attention.keys(mine);
        let end = self
            .end
            .to_kind(keys.kind())
            .expand([m, 1, self.end.size()[2]], false);
        let zeros = Tensor::zeros([m, self.hidden], (Kind::Float, core.device()));
        Pointer {
            keys: Tensor::cat(&[keys, end], 1),
            e_a: e_a.shallow_clone(),
            gates: self.lstm.gates(&self.condition.forward(core, e_a, None)),
            h: zeros.shallow_clone(),
            c: zeros,
        }
    }

    /// One step. `chosen` `[M, D]`: vectors of the units chosen in the step before; none in the first step. Returns
    /// scores `[M, N + 1]`, not masked.
    pub fn step(&self, p: &mut Pointer, chosen: Option<&Tensor>) -> Tensor {
        (p.h, p.c) = match chosen {
            Some(units) => {
                let gates = &p.gates + self.previous.forward(units);
                self.lstm.step(&gates, &p.h, &p.c)
            }
            None => self.lstm.step(&p.gates, &p.h, &p.c),
        };
        let query = self.attention.queries(&p.h);
        self.attention.scores(&p.keys, &query, &p.e_a)
    }

    /// A known sequence. Rows are sorted by falling length; `active[s]` rows take part in step `s`. `chosen`
    /// `[P - M, D]`: the units that precede steps 1.., step by step; `illegal` `[P, N + 1]` bool. Returns logits
    /// `[P, N + 1]`, step by step.
    pub fn unroll(
        &self,
        mut p: Pointer,
        active: &[i64],
        chosen: &Tensor,
        illegal: &Tensor,
    ) -> Tensor {
        let mut scores = Vec::with_capacity(active.len());
        let mut at = 0;
        for (s, &k) in active.iter().enumerate() {
            if s > 0 && k < active[s - 1] {
                p.narrow(k);
            }
            if s == 0 {
                scores.push(self.step(&mut p, None));
            } else {
                scores.push(self.step(&mut p, Some(&chosen.narrow(0, at, k))));
                at += k;
            }
        }
        masked(&Tensor::cat(&scores, 0), illegal)
    }

    /// Multiply-adds of one row with `n` own units and `steps` steps.
    pub fn macs(config: &PolicyConfig, n: i64, steps: i64) -> i64 {
        let heads = &config.heads;
        let (p, a, d) = (heads.pointer_hidden, heads.action_dim, config.units.dim);
        let step = 4 * p * (d + p) + p * a + (n + 1) * a;
        Condition::macs(config, false) + 4 * p * heads.hidden + n * d * a + steps * step
    }
}

impl Pointer {
    /// Keeps the first `k` rows.
    fn narrow(&mut self, k: i64) {
        for t in [
            &mut self.keys,
            &mut self.e_a,
            &mut self.gates,
            &mut self.h,
            &mut self.c,
        ] {
            *t = t.narrow(0, 0, k);
        }
    }
}
