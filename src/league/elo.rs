//! Elo ratings by maximum likelihood (SCC §6.3: the supervised agent stands at 0).

/// Points of Elo that make the odds ten to one.
const ELO_SCALE: f64 = 400.0;
/// Games against an imaginary equal, half won: keeps ratings finite where somebody never lost.
const PRIOR_GAMES: f64 = 1.0;
/// Newton steps at most; it takes fewer than 20 on any payoff seen.
const STEPS_MAX: usize = 200;

/// Results between two players. Ties count half a win for each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairResult {
    pub player: usize,
    pub opponent: usize,
    /// Wins of `player` plus half its ties.
    pub score: f64,
    pub games: f64,
}

/// A player's rating.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rating {
    pub elo: f64,
    /// Standard error in points; the anchor's is 0.
    pub standard_error: f64,
}

/// Probability that a player rated `difference` points above its opponent scores.
pub fn expected_score(difference: f64) -> f64 {
    1.0 / (1.0 + 10f64.powf(-difference / ELO_SCALE))
}

/// Ratings of `n_players` from all pairs' results, with player `anchor` at 0.
///
/// Maximizes the Bradley-Terry likelihood, plus one imaginary tied game of everybody against a player at the mean,
/// by Newton's method; standard errors come from the inverse of the information matrix, relative to the anchor.
///
/// # Panics
/// If a player index is not below `n_players`: a bug in the caller.
pub fn ratings(n_players: usize, results: &[PairResult], anchor: usize) -> Vec<Rating> {
    assert!(anchor < n_players && results.iter().all(|r| r.player.max(r.opponent) < n_players));
    // Natural-log strengths; the prior ties them to 0, so the information matrix is never singular.
    let mut strength = vec![0.0; n_players];
    for _ in 0..STEPS_MAX {
        let (gradient, information) = derivatives(&strength, results);
        let step = solve(information, gradient);
        let largest = step.iter().fold(0.0f64, |m, s| m.max(s.abs()));
        // A step of more than 2 (about 350 points) overshoots from a start far away.
        let scale = if largest > 2.0 { 2.0 / largest } else { 1.0 };
        strength
            .iter_mut()
            .zip(&step)
            .for_each(|(s, d)| *s += scale * d);
        if largest < 1e-10 {
            break;
        }
    }
    let (_, information) = derivatives(&strength, results);
    let points = ELO_SCALE / std::f64::consts::LN_10;
    (0..n_players)
        .map(|i| {
            let mut contrast = vec![0.0; n_players];
            contrast[i] += 1.0;
            contrast[anchor] -= 1.0;
            let solved = solve(information.clone(), contrast.clone());
            let variance: f64 = contrast.iter().zip(&solved).map(|(c, s)| c * s).sum();
            Rating {
                elo: (strength[i] - strength[anchor]) * points,
                standard_error: variance.max(0.0).sqrt() * points,
            }
        })
        .collect()
}

/// Gradient of the log likelihood and its information matrix, `[n]` and `[n, n]`.
fn derivatives(strength: &[f64], results: &[PairResult]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let n = strength.len();
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    let mut gradient = vec![0.0; n];
    let mut information = vec![vec![0.0; n]; n];
    for (i, s) in strength.iter().enumerate() {
        let p = logistic(*s);
        gradient[i] += PRIOR_GAMES * (0.5 - p);
        information[i][i] += PRIOR_GAMES * p * (1.0 - p);
    }
    for r in results
        .iter()
        .filter(|r| r.games > 0.0 && r.player != r.opponent)
    {
        let (a, b) = (r.player, r.opponent);
        let p = logistic(strength[a] - strength[b]);
        let (slope, curve) = (r.score - r.games * p, r.games * p * (1.0 - p));
        gradient[a] += slope;
        gradient[b] -= slope;
        information[a][a] += curve;
        information[b][b] += curve;
        information[a][b] -= curve;
        information[b][a] -= curve;
    }
    (gradient, information)
}

/// Solves `matrix x = rhs` for a symmetric positive definite matrix, by elimination with pivoting.
fn solve(mut matrix: Vec<Vec<f64>>, mut rhs: Vec<f64>) -> Vec<f64> {
    let n = rhs.len();
    for col in 0..n {
        let pivot = (col..n)
            .max_by(|&a, &b| matrix[a][col].abs().total_cmp(&matrix[b][col].abs()))
            .unwrap_or(col);
        matrix.swap(col, pivot);
        rhs.swap(col, pivot);
        let (upper, lower) = matrix.split_at_mut(col + 1);
        let row = &upper[col];
        for (below, target) in lower.iter_mut().zip(col + 1..) {
            let factor = below[col] / row[col];
            if factor != 0.0 {
                below[col..]
                    .iter_mut()
                    .zip(&row[col..])
                    .for_each(|(b, r)| *b -= factor * r);
                rhs[target] -= factor * rhs[col];
            }
        }
    }
    for col in (0..n).rev() {
        let known: f64 = (col + 1..n).map(|k| matrix[col][k] * rhs[k]).sum();
        rhs[col] = (rhs[col] - known) / matrix[col][col];
    }
    rhs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(player: usize, opponent: usize, score: f64, games: f64) -> PairResult {
        PairResult {
            player,
            opponent,
            score,
            games,
        }
    }

    #[test]
    fn many_games_give_the_textbook_difference() {
        // Winning 10 of 11 is odds of ten to one: 400 points.
        let got = ratings(2, &[pair(0, 1, 100_000.0, 110_000.0)], 1);
        assert!((got[0].elo - 400.0).abs() < 0.5, "{got:?}");
        assert_eq!(got[1], Rating::default());
        assert!((expected_score(400.0) - 10.0 / 11.0).abs() < 1e-12);
    }

    #[test]
    fn ratings_are_transitive_and_errors_shrink_with_games() {
        let few = ratings(3, &[pair(0, 1, 15.0, 20.0), pair(1, 2, 15.0, 20.0)], 1);
        let many = ratings(
            3,
            &[pair(0, 1, 1500.0, 2000.0), pair(1, 2, 1500.0, 2000.0)],
            1,
        );
        assert!(
            (many[0].elo + many[2].elo).abs() < 1e-6,
            "symmetric about the anchor"
        );
        assert!(
            (many[0].elo - 190.8).abs() < 1.0,
            "75% is 191 points: {many:?}"
        );
        assert!(many[0].standard_error < few[0].standard_error / 5.0);
        // Information of 2000 games at p = 3/4 is 375: 1 / sqrt(375) in log odds, 8.97 points.
        assert!((many[0].standard_error - 8.97).abs() < 0.1, "{many:?}");
    }

    #[test]
    fn a_player_that_never_lost_has_a_finite_rating() {
        let got = ratings(2, &[pair(0, 1, 30.0, 30.0)], 1);
        assert!(got[0].elo > 400.0 && got[0].elo < 2000.0 && got[0].standard_error > 100.0);
        assert_eq!(ratings(3, &[], 0)[2].elo, 0.0, "no games, no difference");
    }
}
