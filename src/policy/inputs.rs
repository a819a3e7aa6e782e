//! Observations as tensors: the collated arrays, checked, on the network's device, with the masks and indices that
//! several parts need.

use super::error::PolicyError;
use super::spatial::PATCH;
use crate::obs::{BUILD_ORDER_LEN, MINIMAP, ORDER_COLUMNS, ObsSpec, PLANES};
use crate::trajectory::ObsBatch;
use tch::{Device, Kind, Tensor};

/// Added to an attention score that must not count: finite, so that a row without any legal entry stays finite.
pub const MASKED: f64 = -1e9;

/// Observations of `R = B * T` rows (T fastest), padded to `N_g` units per group.
#[derive(Debug)]
pub struct ObsTensors {
    pub b: i64,
    pub t: i64,
    /// Padded units per group.
    pub n: [i64; 3],
    /// `[R, S]` f32
    pub scalars: Tensor,
    /// `[R]` i64
    pub last_function: Tensor,
    /// `[R, 20]` i64
    pub build_items: Tensor,
    /// `[R, 20, 2]` f32: column and row of the place, 0..1.
    pub build_places: Tensor,
    /// `[R, 6, 64, 64]` u8
    pub planes: Tensor,
    pub units: [GroupTensors; 3],
    /// `[R, A]` bool, true where the function is illegal.
    pub illegal_functions: Tensor,
    /// `[R, A]` f32, 1 where the function is legal: an input of the scalar encoder.
    pub available: Tensor,
}

/// One unit group of all rows.
#[derive(Debug)]
pub struct GroupTensors {
    /// `[R, N]` i64
    pub types: Tensor,
    /// `[R, N, 2]` i64; own units only.
    pub orders: Option<Tensor>,
    /// `[R, N, D_g]` f32
    pub features: Tensor,
    /// `[R, N, 1]` f32, 1 for a real unit.
    pub valid: Tensor,
    /// `[R, 1, 1, N]` f32, [`MASKED`] in padding, else 0.
    pub key_mask: Tensor,
    /// `[R * N]` i64: place in the scattered unit map (see `spatial`); padding points at one cell beyond its end.
    pub map_index: Tensor,
}

impl ObsTensors {
    /// Checks every array's length against the batch's shape and the spec, and moves all to `device`.
    ///
    /// # Errors
    /// [`PolicyError::Shape`] for an array of the wrong length.
    pub fn new(
        batch: &ObsBatch,
        spec: &ObsSpec,
        device: Device,
    ) -> Result<ObsTensors, PolicyError> {
        let rows = batch.b * batch.t;
        let r = rows as i64;
        let n = batch.n.map(|n| n as i64);
        let cells = MINIMAP * MINIMAP;
        check("scalars", batch.scalars.len(), rows * spec.scalar_dim())?;
        check("last_function", batch.last_function.len(), rows)?;
        check(
            "build_items",
            batch.build_items.len(),
            rows * BUILD_ORDER_LEN,
        )?;
        check(
            "build_cells",
            batch.build_cells.len(),
            rows * BUILD_ORDER_LEN,
        )?;
        check("planes", batch.planes.len(), rows * PLANES * cells)?;
        check(
            "legal_functions",
            batch.legal_functions.len(),
            rows * spec.n_functions,
        )?;
        let places: Vec<f32> = batch
            .build_cells
            .iter()
            .flat_map(|&cell| {
                let side = MINIMAP as i64;
                [(cell % side) as f32, (cell / side) as f32].map(|x| x / side as f32)
            })
            .collect();
        let legal = Tensor::from_slice(&batch.legal_functions)
            .view([r, spec.n_functions as i64])
            .to_device(device);
        let build = BUILD_ORDER_LEN as i64;
        let side = MINIMAP as i64;
        Ok(ObsTensors {
            b: batch.b as i64,
            t: batch.t as i64,
            n,
            scalars: floats(&batch.scalars, &[r, spec.scalar_dim() as i64], device),
            last_function: ints(&batch.last_function, &[r], device),
            build_items: ints(&batch.build_items, &[r, build], device),
            build_places: floats(&places, &[r, build, 2], device),
            planes: Tensor::from_slice(&batch.planes)
                .view([r, PLANES as i64, side, side])
                .to_device(device),
            units: [
                GroupTensors::new(batch, spec, 0, device)?,
                GroupTensors::new(batch, spec, 1, device)?,
                GroupTensors::new(batch, spec, 2, device)?,
            ],
            illegal_functions: legal.eq(0),
            available: legal.to_kind(Kind::Float),
        })
    }

    /// Rows, `R = B * T`.
    pub fn rows(&self) -> i64 {
        self.b * self.t
    }

    /// Units of all groups, padded.
    pub fn n_all(&self) -> i64 {
        self.n.iter().sum()
    }
}

impl GroupTensors {
    fn new(
        batch: &ObsBatch,
        spec: &ObsSpec,
        group: usize,
        device: Device,
    ) -> Result<GroupTensors, PolicyError> {
        let rows = batch.b * batch.t;
        let n = batch.n[group];
        let (r, ni, d) = (rows as i64, n as i64, spec.unit_dim(group));
        if n == 0 {
            return Err(PolicyError::Shape {
                part: "inputs",
                what: "padded units of a group",
                expected: "at least 1".into(),
                actual: "0".into(),
            });
        }
        let cells = &batch.unit_cells[group];
        let valid = &batch.unit_valid[group];
        check("unit_types", batch.unit_types[group].len(), rows * n)?;
        check("unit_cells", cells.len(), rows * n)?;
        check("unit_valid", valid.len(), rows * n)?;
        check(
            "unit_features",
            batch.unit_features[group].len(),
            rows * n * d,
        )?;
        let orders = if group == 0 {
            check(
                "unit_orders",
                batch.unit_orders.len(),
                rows * n * ORDER_COLUMNS,
            )?;
            Some(ints(
                &batch.unit_orders,
                &[r, ni, ORDER_COLUMNS as i64],
                device,
            ))
        } else {
            None
        };
        let beyond = (rows * MINIMAP * MINIMAP) as i64;
        let index: Vec<i64> = cells
            .iter()
            .zip(valid)
            .enumerate()
            .map(|(i, (&cell, &real))| {
                if real == 1 {
                    (i / n * MINIMAP * MINIMAP) as i64 + patch_order(cell)
                } else {
                    beyond
                }
            })
            .collect();
        let valid = Tensor::from_slice(valid)
            .view([r, ni, 1])
            .to_device(device)
            .to_kind(Kind::Float);
        Ok(GroupTensors {
            types: ints(&batch.unit_types[group], &[r, ni], device),
            orders,
            features: floats(
                &batch.unit_features[group],
                &[r, ni, spec.unit_dim(group) as i64],
                device,
            ),
            key_mask: ((&valid - 1.0) * -MASKED).view([r, 1, 1, ni]),
            valid,
            map_index: ints(&index, &[r * ni], device),
        })
    }
}

/// Minimap cell `row * 64 + column` to its place when cells are ordered patch by patch.
pub fn patch_order(cell: i64) -> i64 {
    let side = MINIMAP as i64;
    let (y, x) = (cell / side, cell % side);
    let patches = side / PATCH;
    ((y / PATCH * patches + x / PATCH) * PATCH + y % PATCH) * PATCH + x % PATCH
}

pub(super) fn floats(data: &[f32], shape: &[i64], device: Device) -> Tensor {
    Tensor::from_slice(data).view(shape).to_device(device)
}

pub(super) fn ints(data: &[i64], shape: &[i64], device: Device) -> Tensor {
    Tensor::from_slice(data).view(shape).to_device(device)
}

pub(super) fn check(what: &'static str, actual: usize, expected: usize) -> Result<(), PolicyError> {
    if actual == expected {
        return Ok(());
    }
    Err(PolicyError::Shape {
        part: "inputs",
        what,
        expected: format!("{expected} values"),
        actual: format!("{actual} values"),
    })
}
