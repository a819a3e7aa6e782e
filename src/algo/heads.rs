//! The heads' distributions, and from entries of a head to steps.

use tch::{Kind, Tensor};

/// Logits below this are illegal choices.
pub const ILLEGAL_BELOW: f64 = -1e8;

/// One head where it was asked.
#[derive(Debug)]
pub struct HeadChoice<'a> {
    /// `[M, K]` f32; illegal entries below [`ILLEGAL_BELOW`], but finite.
    pub logits: &'a Tensor,
    /// `[M]` i64: the choice made. Of a sequence (selected units) the choices in the order in which they were made: only
    /// then is their product the likelihood of what the behavior policy did.
    pub target: &'a Tensor,
    /// `[M]` i64: the step (of `N`) that each entry belongs to. A sequence's entries share a step.
    pub rows: &'a Tensor,
}

/// A head's log-probabilities, computed once for all losses.
#[derive(Debug)]
pub struct HeadDist {
    /// `[M, K]` f32
    pub log_probs: Tensor,
    /// `[M, K]` bool
    pub legal: Tensor,
    /// `[M]` f32: of the choices made.
    pub taken: Tensor,
    /// `[M]` i64
    pub rows: Tensor,
}

impl HeadDist {
    /// # Panics
    /// If shapes disagree.
    pub fn new(head: &HeadChoice<'_>) -> HeadDist {
        let (m, _) = head.logits.size2().expect("logits: [M, K]");
        assert_eq!(head.target.size(), [m], "target: [M]");
        assert_eq!(head.rows.size(), [m], "rows: [M]");
        let log_probs = head.logits.log_softmax(-1, Kind::Float);
        let taken = log_probs.gather(1, &head.target.unsqueeze(1), false);
        HeadDist {
            taken: taken.squeeze_dim(1),
            legal: head.logits.detach().gt(ILLEGAL_BELOW),
            log_probs,
            rows: head.rows.shallow_clone(),
        }
    }

    /// Entries.
    pub fn m(&self) -> i64 {
        self.rows.size()[0]
    }

    /// Log-probability of each step's choice (the product over a sequence), `[N]`; 0 where the head was not asked.
    pub fn taken_per_step(&self, n: i64) -> Tensor {
        sum_per_step(&self.taken, &self.rows, n)
    }
}

/// Sums the entries of each step: `values` `[M]` f32, `rows` `[M]`; returns `[N]`, 0 for steps without entries.
pub fn sum_per_step(values: &Tensor, rows: &Tensor, n: i64) -> Tensor {
    assert_eq!(values.size(), rows.size(), "values, rows: [M]");
    Tensor::zeros([n], (Kind::Float, values.device())).index_add(0, rows, values)
}

/// As [`sum_per_step`], the mean.
pub fn mean_per_step(values: &Tensor, rows: &Tensor, n: i64) -> Tensor {
    let counts = sum_per_step(&values.detach().ones_like(), rows, n);
    sum_per_step(values, rows, n) / counts.clamp_min(1.0)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, matrix, softmax};
    use super::*;

    #[test]
    fn a_sequence_is_the_product_of_its_choices() {
        let logits = vec![
            vec![0.5, -1e9, 1.0],
            vec![0.0, 2.0, -1.0],
            vec![1.0, 1.0, -1e9],
        ];
        let l = matrix(&logits);
        let dist = HeadDist::new(&HeadChoice {
            logits: &l,
            target: &Tensor::from_slice(&[2i64, 1, 0]),
            rows: &Tensor::from_slice(&[3i64, 1, 3]),
        });
        let p: Vec<Vec<f64>> = logits.iter().map(|r| softmax(r)).collect();
        close(
            &dist.taken_per_step(4),
            &[0.0, p[1][1].ln(), 0.0, (p[0][2] * p[2][0]).ln()],
        );
        close(
            &dist.legal.to_kind(Kind::Float),
            &[1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0],
        );
        let values = Tensor::from_slice(&[1.0f32, 5.0, 2.0]);
        close(&sum_per_step(&values, &dist.rows, 4), &[0.0, 5.0, 0.0, 3.0]);
        close(
            &mean_per_step(&values, &dist.rows, 4),
            &[0.0, 5.0, 0.0, 1.5],
        );
    }
}
