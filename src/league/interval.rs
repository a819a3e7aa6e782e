//! How sure a win rate is.

/// 97.5% quantile of the normal distribution: two-sided 95%.
const Z95: f64 = 1.959_963_985;

/// Wilson's 95% interval of a win rate after `games`, of which `wins` were won. `(0, 1)` without games.
///
/// Wilson (1927); chosen over the plain normal interval because it stays sensible at 0 and 100%.
pub fn wilson95(wins: u32, games: u32) -> (f64, f64) {
    wilson(f64::from(wins), f64::from(games))
}

/// As [`wilson95`], for counts that may be fractional: ties as half a win, older games that count less.
pub fn wilson(score: f64, games: f64) -> (f64, f64) {
    if games <= 0.0 {
        return (0.0, 1.0);
    }
    let n = games;
    let p = score / n;
    let z2 = Z95 * Z95;
    let center = p + z2 / (2.0 * n);
    let spread = Z95 * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    (
        ((center - spread) / scale).max(0.0),
        ((center + spread) / scale).min(1.0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_agrees_with_published_values() {
        // statsmodels.stats.proportion.proportion_confint(k, n, method="wilson")
        let table = [
            ((95, 100), (0.888_250, 0.978_457)),
            ((0, 30), (0.0, 0.113_513)),
            ((5, 10), (0.236_593, 0.763_407)),
        ];
        for ((wins, games), (lo, hi)) in table {
            let got = wilson95(wins, games);
            assert!(
                (got.0 - lo).abs() < 1e-4 && (got.1 - hi).abs() < 1e-4,
                "{wins}/{games}: {got:?}"
            );
        }
        assert_eq!(wilson95(0, 0), (0.0, 1.0));
        assert!(wilson95(30, 30).1 <= 1.0);
    }
}
