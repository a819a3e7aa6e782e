//! Numbers and comparisons for the tests of losses.

use tch::{Kind, Tensor};

/// Made-up numbers in -1..1, the same every time.
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Numbers {
        Numbers(seed)
    }

    pub fn take(&mut self, n: usize) -> Vec<f64> {
        (0..n)
            .map(|_| {
                // Knuth's multiplier; the low bits are poor, the high ones do.
                self.0 = self
                    .0
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                (self.0 >> 40) as f64 / f64::from(1u32 << 23) - 1.0
            })
            .collect()
    }
}

/// Every entry of `t`, in row-major order.
pub fn entries(t: &Tensor) -> Vec<f64> {
    Vec::<f64>::try_from(t.to_kind(Kind::Double).contiguous().view([-1])).expect("a vector")
}

pub fn close(t: &Tensor, expected: &[f64]) {
    let actual = entries(t);
    assert_eq!(actual.len(), expected.len());
    for (a, x) in actual.iter().zip(expected) {
        assert!((a - x).abs() < 1e-5, "{actual:?} {expected:?}");
    }
}

/// `[M, K]` f32.
pub fn matrix(rows: &[Vec<f64>]) -> Tensor {
    let flat: Vec<f32> = rows.iter().flatten().map(|&x| x as f32).collect();
    Tensor::from_slice(&flat).view([rows.len() as i64, rows[0].len() as i64])
}

/// Softmax by plain loops; entries below -1e8 are illegal and get 0.
pub fn softmax(row: &[f64]) -> Vec<f64> {
    let total: f64 = row.iter().filter(|x| **x > -1e8).map(|x| x.exp()).sum();
    row.iter()
        .map(|&x| if x > -1e8 { x.exp() / total } else { 0.0 })
        .collect()
}
