//! Choosing from logits: seeded and ours, so that a game can be repeated whatever libtorch's random state is.

use crate::game::Seed;
use rand::RngExt;
use rand_pcg::Pcg64Mcg;

/// How a policy chooses.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// From the distribution, its logits divided by the temperature (above 0; 1 = as trained).
    Sample { temperature: f32 },
    /// The most probable entry.
    Greedy,
}

impl Default for Choice {
    fn default() -> Choice {
        Choice::Sample { temperature: 1.0 }
    }
}

/// One game's random choices: each game has its own, so a batch's composition changes nothing.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Sampler {
    rng: Pcg64Mcg,
    choice: Choice,
}

impl Sampler {
    pub fn new(seed: Seed, choice: Choice) -> Sampler {
        Sampler {
            rng: seed.rng(),
            choice,
        }
    }

    /// An entry of `logits` for which `legal` holds, and its log-probability among the legal ones (under the
    /// temperature; greedy: under temperature 1). None if nothing is legal. NaN counts as illegal.
    pub fn choose(
        &mut self,
        logits: &[f32],
        legal: impl Fn(usize) -> bool,
    ) -> Option<(usize, f32)> {
        let (mut best, mut max) = (None, f32::NEG_INFINITY);
        for (i, &x) in logits.iter().enumerate() {
            if x > max && legal(i) {
                (best, max) = (Some(i), x);
            }
        }
        let best = best?;
        let scale = match self.choice {
            Choice::Sample { temperature } => temperature.max(1e-3).recip(),
            Choice::Greedy => 1.0,
        };
        let weight = |i: usize, x: f32| {
            if x.is_finite() && legal(i) {
                f64::from(((x - max) * scale).exp())
            } else {
                0.0
            }
        };
        let total: f64 = logits.iter().enumerate().map(|(i, &x)| weight(i, x)).sum();
        let chosen = match self.choice {
            Choice::Greedy => best,
            Choice::Sample { .. } => {
                let mut rest = self.rng.random::<f64>() * total;
                let mut found = best;
                for (i, &x) in logits.iter().enumerate() {
                    let w = weight(i, x);
                    rest -= w;
                    if w > 0.0 && rest < 0.0 {
                        found = i;
                        break;
                    }
                }
                found
            }
        };
        let log_prob = (logits[chosen] - max) * scale - total.ln() as f32;
        Some((chosen, log_prob))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequencies_follow_the_softmax_of_the_legal_entries() {
        let logits = [0.0, 1.0, 5.0, -1.0];
        let legal = |i: usize| i != 2;
        let mut sampler = Sampler::new(Seed(7), Choice::default());
        let mut counts = [0u32; 4];
        let n = 20_000;
        for _ in 0..n {
            counts[sampler.choose(&logits, legal).expect("legal").0] += 1;
        }
        let total: f64 = [0.0f64, 1.0, -1.0].iter().map(|x| x.exp()).sum();
        for (i, logit) in [(0, 0.0f64), (1, 1.0), (3, -1.0)] {
            let expected = logit.exp() / total;
            let actual = f64::from(counts[i]) / f64::from(n);
            assert!(
                (actual - expected).abs() < 0.015,
                "{i}: {actual} {expected}"
            );
        }
        assert_eq!(counts[2], 0);
    }

    #[test]
    fn greedy_takes_the_best_legal_entry_and_tells_its_probability() {
        let mut sampler = Sampler::new(Seed(1), Choice::Greedy);
        let (i, log_prob) = sampler.choose(&[1.0, 1.0, 9.0], |i| i < 2).expect("legal");
        assert_eq!(i, 0);
        assert!((log_prob - 0.5f32.ln()).abs() < 1e-6);
        assert_eq!(sampler.choose(&[1.0, 2.0], |_| false), None);
        assert_eq!(sampler.choose(&[f32::NAN, f32::NAN], |_| true), None);
    }

    #[test]
    fn a_low_temperature_sharpens() {
        let share = |temperature: f32| {
            let mut sampler = Sampler::new(Seed(3), Choice::Sample { temperature });
            (0..2000)
                .filter(|_| sampler.choose(&[0.0, 1.0], |_| true).expect("legal").0 == 1)
                .count()
        };
        assert!(share(0.2) > share(1.0) + 300);
    }
}
