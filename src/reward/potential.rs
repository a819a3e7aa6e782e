//! How far a game has come toward a z: a number for each of its two parts, 0 when nothing is built and 1 when all is as in z.

use crate::trajectory::Z;

/// Worst value of a potential.
const POTENTIAL_MIN: f32 = -1.0;

/// `1 - gap / n`, with `n` the length of z's build order and `gap` the edit distance of all of it to what was executed, in
/// -1..=1: each right thing in its turn adds `1 / n`, wrong or surplus things add nothing and take a turn away, a right
/// thing in a wrong place adds up to `place_weight / n` less. 0 for an empty build order.
///
/// Paper: AlphaStar Methods (edit distance of build orders). Deviation: the distance is to the whole order, not to as many
/// entries as were executed: under that, doing nothing is the best one can do.
pub fn build_order_potential(target: &Z, executed: &Z, place_weight: f32) -> f32 {
    let n = target.build_order.len();
    if n == 0 {
        return 0.0;
    }
    let gap = target.build_order_gap(executed, place_weight);
    (1.0 - gap / n as f32).max(POTENTIAL_MIN)
}

/// `1 - (hamming / hamming0 + l1 / l1_0) / 2` in -1..=1, with `hamming` the number of unit types and upgrades that exactly
/// one side has, `l1` the differences in numbers of the types in z, each cut to z's number, and `..0` the same for a game
/// in which nothing was built. 0 for an empty z.
///
/// Paper: AlphaStar Methods (Hamming distance of cumulative statistics). Deviation: numbers count as well, since a game with
/// one marine is not a marine game; cut, so that a long game is not punished for everything beyond z's.
pub fn unit_counts_potential(target: &Z, executed: &Z) -> f32 {
    let nothing = Z::default();
    let hamming_0 = target.hamming(&nothing);
    if hamming_0 == 0 {
        return 0.0;
    }
    let hamming = target.hamming(executed) as f32 / hamming_0 as f32;
    let l1_0 = missing(target, &nothing);
    let l1 = if l1_0 == 0.0 {
        // Upgrades only.
        hamming
    } else {
        missing(target, executed) / l1_0
    };
    (1.0 - (hamming + l1) / 2.0).max(POTENTIAL_MIN)
}

/// Differences in numbers over the types of `target`, each cut to the target's number.
fn missing(target: &Z, executed: &Z) -> f32 {
    let of = |z: &Z, i: usize| z.counts.get(i).copied().unwrap_or(0);
    (0..target.counts.len())
        .map(|i| {
            let wanted = of(target, i);
            f32::from(wanted.abs_diff(of(executed, i)).min(wanted))
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::obs::BuildItem;

    fn order(items: &[u16]) -> Z {
        Z {
            build_order: items
                .iter()
                .map(|&item| BuildItem { item, cell: 0 })
                .collect(),
            ..Z::default()
        }
    }

    fn counts(counts: &[u16], upgrades: u128) -> Z {
        Z {
            counts: counts.to_vec(),
            upgrades,
            ..Z::default()
        }
    }

    #[test]
    fn build_orders_have_known_potentials() {
        let z = order(&[1, 2, 3, 4]);
        for (executed, expected) in [
            (&[][..], 0.0),
            (&[1], 0.25),
            (&[1, 2, 3, 4], 1.0),
            (&[9], 0.0),          // Takes a turn: a substitution and three insertions.
            (&[9, 1], 0.0), // As many steps from z as nothing at all: one too many, three missing.
            (&[1, 2, 9, 3], 0.5), // Three in order, one between them, the last missing.
            (&[9, 9, 9, 9], 0.0),
            (&[1, 2, 3, 4, 9, 9], 1.0), // What comes behind the order is free.
        ] {
            let p = build_order_potential(&z, &order(executed), 0.0);
            assert_eq!(p, expected, "{executed:?}");
        }
        assert_eq!(build_order_potential(&order(&[]), &z, 0.0), 0.0);
    }

    #[test]
    fn places_count_by_their_weight() {
        let mut z = order(&[1, 2]);
        z.build_order[0].cell = 40;
        let far = order(&[1, 2]);
        assert_eq!(build_order_potential(&z, &far, 0.0), 1.0);
        assert_eq!(build_order_potential(&z, &far, 0.5), 0.75);
    }

    #[test]
    fn unit_counts_have_known_potentials() {
        // Ten of one type, two of another, one upgrade.
        let z = counts(&[10, 2, 0, 0], 0b1);
        let of = |c: &[u16], u| unit_counts_potential(&z, &counts(c, u));
        assert_eq!(of(&[], 0), 0.0);
        assert_eq!(of(&[10, 2], 0b1), 1.0);
        // Hamming 2 of 3 left, 7 of 12 units missing.
        let expected = 1.0 - (2.0 / 3.0 + 7.0 / 12.0) / 2.0;
        assert!((of(&[5, 0], 0) - expected).abs() < 1e-6);
        // Foreign types and upgrades cost, numbers beyond z's cost z's number at most.
        assert!((of(&[10, 2, 7], 0b11) - (1.0 - (2.0 / 3.0) / 2.0)).abs() < 1e-6);
        assert!((of(&[900, 2], 0b1) - (1.0 - (10.0 / 12.0) / 2.0)).abs() < 1e-6);
        assert_eq!(of(&[0; 100], u128::MAX), -1.0, "the worst");
        assert_eq!(unit_counts_potential(&Z::default(), &z), 0.0);
        assert_eq!(
            unit_counts_potential(&counts(&[0], 0b1), &counts(&[0], 0b1)),
            1.0
        );
    }
}
