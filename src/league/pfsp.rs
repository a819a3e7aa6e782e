//! Prioritized fictitious self-play: how likely each opponent is, by the player's win rate against it (AlphaStar,
//! Methods).

use serde::{Deserialize, Serialize};

/// What makes an opponent worth playing, as a function of the probability p of beating it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weighting {
    /// `(1 - p)^power`: whom one loses to. Power 1 and 2 are AlphaStar's linear and squared.
    Hard { power: f64 },
    /// `p (1 - p)`: whom one is even with.
    Variance,
    /// `min(1/2, 1 - p)`: everybody that one does not clearly beat, alike.
    LinearCapped,
}

impl Weighting {
    /// The weight, not normalized, of an opponent that is beaten with probability `win_rate`.
    pub fn weight(self, win_rate: f64) -> f64 {
        let p = win_rate.clamp(0.0, 1.0);
        match self {
            Weighting::Hard { power } => (1.0 - p).powf(power),
            Weighting::Variance => p * (1.0 - p),
            Weighting::LinearCapped => (1.0 - p).min(0.5),
        }
    }
}

/// Total weight below which nobody is worth more than anybody else.
const WEIGHT_MIN: f64 = 1e-10;

/// Probabilities of playing each opponent, given the win rates against them: they sum to 1, and are uniform where no
/// opponent has any weight. Empty for no opponents.
pub fn probabilities(win_rates: &[f64], weighting: Weighting) -> Vec<f64> {
    let weights: Vec<f64> = win_rates.iter().map(|p| weighting.weight(*p)).collect();
    let total: f64 = weights.iter().sum();
    if total < WEIGHT_MIN {
        return vec![1.0 / win_rates.len() as f64; win_rates.len()];
    }
    weights.iter().map(|w| w / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HARD: Weighting = Weighting::Hard { power: 2.0 };

    fn close(got: &[f64], expected: &[f64]) {
        assert!(
            got.len() == expected.len()
                && got.iter().zip(expected).all(|(g, e)| (g - e).abs() < 1e-9),
            "{got:?}, expected {expected:?}"
        );
    }

    #[test]
    fn weightings_by_hand() {
        let rates = [0.0, 0.5, 1.0];
        close(&probabilities(&rates, HARD), &[0.8, 0.2, 0.0]);
        close(
            &probabilities(&rates, Weighting::Hard { power: 1.0 }),
            &[2.0 / 3.0, 1.0 / 3.0, 0.0],
        );
        close(
            &probabilities(&rates, Weighting::Variance),
            &[0.0, 1.0, 0.0],
        );
        close(
            &probabilities(&rates, Weighting::LinearCapped),
            &[0.5, 0.5, 0.0],
        );
    }

    #[test]
    fn a_dominated_opponent_is_rare_and_a_beaten_one_absent() {
        // Beaten in 95 of 100, against an even one and one that is lost to.
        let rates = [0.95, 0.5, 0.2];
        assert!(probabilities(&rates, HARD)[0] < 0.01);
        assert_eq!(probabilities(&[1.0, 0.5], Weighting::Variance)[0], 0.0);
    }

    #[test]
    fn nobody_worth_playing_means_everybody_alike() {
        close(&probabilities(&[1.0, 1.0], HARD), &[0.5, 0.5]);
        close(
            &probabilities(&[0.0, 1.0], Weighting::Variance),
            &[0.5, 0.5],
        );
        close(&probabilities(&[], HARD), &[]);
    }

    /// Rock, paper and scissors as past players: training against the mixture moves whoever leans to one of them back.
    #[test]
    fn a_cycle_is_pulled_toward_equal_shares() {
        // Win rate of row against column.
        let beats = [[0.5, 0.0, 1.0], [1.0, 0.5, 0.0], [0.0, 1.0, 0.5]];
        let mut mix = [0.8, 0.15, 0.05];
        let rates = |mix: &[f64; 3]| -> Vec<f64> {
            let against = |column: usize| (0..3).map(|row| mix[row] * beats[row][column]).sum();
            (0..3).map(against).collect()
        };
        let lost_to = probabilities(&rates(&mix), HARD);
        assert!(lost_to[1] > 0.75, "a rock player meets paper: {lost_to:?}");
        let mut average = mix;
        for round in 1..4000 {
            // Fictitious play's best answer to the opponents that PFSP picks.
            let opponents = probabilities(&rates(&average), HARD);
            let value =
                |row: &[f64; 3]| -> f64 { row.iter().zip(&opponents).map(|(b, o)| b * o).sum() };
            let best = (0..3)
                .max_by(|&a, &b| value(&beats[a]).total_cmp(&value(&beats[b])))
                .unwrap();
            mix = [0.0; 3];
            mix[best] = 1.0;
            for (a, m) in average.iter_mut().zip(mix) {
                *a += (m - *a) / f64::from(round + 1);
            }
        }
        assert!(
            average.iter().all(|share| (share - 1.0 / 3.0).abs() < 0.02),
            "{average:?}"
        );
        close(&probabilities(&[0.5; 3], HARD), &[1.0 / 3.0; 3]);
    }

    proptest! {
        #[test]
        fn probabilities_sum_to_one(rates in prop::collection::vec(0.0f64..=1.0, 1..30), power in 0.5f64..4.0) {
            for weighting in [Weighting::Hard { power }, Weighting::Variance, Weighting::LinearCapped] {
                let p = probabilities(&rates, weighting);
                prop_assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-9);
                prop_assert!(p.iter().all(|p| (0.0..=1.0).contains(p)));
            }
        }

        #[test]
        fn hard_weighting_never_prefers_the_weaker(a in 0.0f64..=1.0, b in 0.0f64..=1.0) {
            let p = probabilities(&[a, b], HARD);
            prop_assert!((a - b) * (p[0] - p[1]) <= 0.0);
        }
    }
}
