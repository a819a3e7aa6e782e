//! The plane in which a race's games are drawn: their first two principal components.

use nalgebra::{DMatrix, SymmetricEigen};

/// Games in the plane.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// By position.
    pub points: Vec<[f32; 2]>,
    /// Share of the variance along each axis, 0..1.
    pub shares: [f32; 2],
}

/// The plane through the vectors' mean along the directions in which those `drawn` vary most. An axis points to where its
/// greatest coefficient is positive, so that the picture does not flip.
pub fn plane(vectors: &[Vec<f32>], drawn: &[usize]) -> Plane {
    let width = vectors.first().map_or(0, Vec::len);
    let none = Plane {
        points: vec![[0.0; 2]; vectors.len()],
        shares: [0.0; 2],
    };
    if width < 2 || drawn.len() < 2 {
        return none;
    }
    let mean: Vec<f64> = (0..width)
        .map(|c| {
            drawn
                .iter()
                .map(|at| f64::from(vectors[*at][c]))
                .sum::<f64>()
                / drawn.len() as f64
        })
        .collect();
    let centered = |vector: &[f32]| -> Vec<f64> {
        vector
            .iter()
            .zip(&mean)
            .map(|(value, mean)| f64::from(*value) - mean)
            .collect()
    };
    let covariance = covariance(width, drawn.iter().map(|at| centered(&vectors[*at])));
    let total = covariance.trace();
    if total.is_nan() || total <= 1e-12 {
        return none;
    }
    let eigen = SymmetricEigen::new(covariance);
    let mut order: Vec<usize> = (0..width).collect();
    order.sort_by(|a, b| eigen.eigenvalues[*b].total_cmp(&eigen.eigenvalues[*a]));
    let axes = [0, 1].map(|n| axis(&eigen, order[n]));
    let along = |centered: &[f64], axis: &[f64]| {
        centered
            .iter()
            .zip(axis)
            .map(|(value, part)| value * part)
            .sum::<f64>() as f32
    };
    let point = |vector: &Vec<f32>| {
        let centered = centered(vector);
        [0, 1].map(|n| along(&centered, &axes[n]))
    };
    Plane {
        points: vectors.iter().map(point).collect(),
        shares: [0, 1].map(|n| (eigen.eigenvalues[order[n]].max(0.0) / total) as f32),
    }
}

fn covariance(width: usize, rows: impl Iterator<Item = Vec<f64>>) -> DMatrix<f64> {
    let mut sums = DMatrix::zeros(width, width);
    let mut n = 0.0_f64;
    for row in rows {
        n += 1.0;
        for a in 0..width {
            for b in 0..=a {
                sums[(a, b)] += row[a] * row[b];
            }
        }
    }
    for a in 0..width {
        for b in 0..=a {
            let value = sums[(a, b)] / n.max(1.0);
            sums[(a, b)] = value;
            sums[(b, a)] = value;
        }
    }
    sums
}

fn axis(eigen: &SymmetricEigen<f64, nalgebra::Dyn>, at: usize) -> Vec<f64> {
    let column: Vec<f64> = eigen.eigenvectors.column(at).iter().copied().collect();
    let greatest = column.iter().fold(0.0_f64, |best, part| {
        if part.abs() > best.abs() + 1e-9 {
            *part
        } else {
            best
        }
    });
    let sign = if greatest < 0.0 { -1.0 } else { 1.0 };
    column.iter().map(|part| sign * part).collect()
}
