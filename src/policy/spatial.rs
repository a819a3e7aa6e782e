//! Spatial encoder (SCC App. A): six 64x64 planes, concatenated with the unit maps (encoded unit vectors scattered to
//! the units' cells), a ResNet, flatten and FC.
//!
//! The first convolution is 4x4 with stride 4, so it is a matrix product over patches; planes and maps are laid out
//! patch by patch from the start, which makes the scatter write where the product reads. All convolutions run at
//! 16x16 and 8x8, channels last. Widths of the stages are ours: the paper gives none.

use super::config::SpatialConfig;
use super::inputs::ObsTensors;
use super::layers::{Conv3, Linear};
use super::params::Scope;
use crate::obs::{MINIMAP, ObsSpec};
use tch::{Kind, Tensor};

/// Side of a patch of the first convolution, in minimap cells.
pub const PATCH: i64 = 4;
/// Side of the stem's grid.
pub const STEM: i64 = MINIMAP as i64 / PATCH;
/// Side of the trunk's grid.
pub const TRUNK: i64 = STEM / 2;
const CELLS: i64 = (MINIMAP * MINIMAP) as i64;

/// A residual block: two 3x3 convolutions.
#[derive(Debug)]
pub struct ResBlock {
    first: Conv3,
    second: Conv3,
}

impl ResBlock {
    pub fn new(mut scope: Scope<'_>, channels: i64) -> ResBlock {
        ResBlock {
            first: Conv3::new(scope.sub("first"), channels, channels, 1),
            second: Conv3::zero(scope.sub("second"), channels, channels),
        }
    }

    /// `[M, C, Y, X]` to the same.
    pub fn forward(&self, x: &Tensor) -> Tensor {
        (x + self.second.forward(&self.first.forward(x).relu_())).relu_()
    }
}

/// What the encoder gives.
#[derive(Debug)]
pub struct SpatialOut {
    /// `[R, out]`
    pub vector: Tensor,
    /// `[R, C_stem, 16, 16]`: for the target-position head.
    pub stem: Tensor,
    /// `[R, C, 8, 8]`: for the target-position head.
    pub trunk: Tensor,
}

/// See the module.
#[derive(Debug)]
pub struct SpatialEncoder {
    map: [Linear; 3],
    planes: Linear,
    unit_maps: Linear,
    stem_blocks: Vec<ResBlock>,
    down: Conv3,
    blocks: Vec<ResBlock>,
    out: Linear,
    map_channels: i64,
    stem_channels: i64,
    channels: i64,
    layout: Vec<(u8, bool)>,
}

/// Channels that the planes take: a class each (class 0 is "all zero"), or one for an amount.
fn plane_channels(spec: &ObsSpec) -> i64 {
    spec.planes
        .iter()
        .map(|p| if p.categories { i64::from(p.max) } else { 1 })
        .sum()
}

impl SpatialEncoder {
    pub fn new(
        mut scope: Scope<'_>,
        config: &SpatialConfig,
        spec: &ObsSpec,
        dim: i64,
    ) -> SpatialEncoder {
        let (m, s, c) = (config.map_channels, config.stem_channels, config.channels);
        let patch = PATCH * PATCH;
        SpatialEncoder {
            map: ["mine", "enemy", "neutral"]
                .map(|name| Linear::relu(scope.sub("map").sub(name), dim, m)),
            planes: Linear::relu(scope.sub("planes"), patch * plane_channels(spec), s),
            unit_maps: Linear::no_bias(scope.sub("unit_maps"), patch * m, s),
            stem_blocks: (0..config.stem_blocks)
                .map(|i| ResBlock::new(scope.idx("stem_block", i), s))
                .collect(),
            down: Conv3::new(scope.sub("down"), s, c, 2),
            blocks: (0..config.blocks)
                .map(|i| ResBlock::new(scope.idx("block", i), c))
                .collect(),
            out: Linear::relu(scope.sub("out"), TRUNK * TRUNK * c, config.out),
            map_channels: m,
            stem_channels: s,
            channels: c,
            layout: spec.planes.iter().map(|p| (p.max, p.categories)).collect(),
        }
    }

    /// `units`: per group `[R, N_g, D]`.
    pub fn forward(&self, obs: &ObsTensors, units: &[Tensor; 3]) -> SpatialOut {
        let rows = obs.rows();
        let stem = self.planes.forward(&self.plane_patches(obs))
            + self.unit_maps.forward(&self.scatter(obs, units));
        // Patches are rows of the grid: channels last.
        let mut stem = stem
            .relu()
            .view([rows, STEM, STEM, self.stem_channels])
            .permute([0, 3, 1, 2]);
        for block in &self.stem_blocks {
            stem = block.forward(&stem);
        }
        let mut trunk = self.down.forward(&stem).relu_();
        for block in &self.blocks {
            trunk = block.forward(&trunk);
        }
        let flat = trunk
            .permute([0, 2, 3, 1])
            .reshape([rows, TRUNK * TRUNK * self.channels]);
        SpatialOut {
            vector: self.out.forward_relu(&flat),
            stem,
            trunk,
        }
    }

    /// Planes as channels, patch by patch: `[R * 256, C * 16]`.
    fn plane_patches(&self, obs: &ObsTensors) -> Tensor {
        let rows = obs.rows();
        let mut channels = Vec::new();
        for (i, &(max, categories)) in self.layout.iter().enumerate() {
            let plane = obs.planes.select(1, i as i64);
            if categories {
                for class in 1..=i64::from(max) {
                    channels.push(plane.eq(class).to_kind(Kind::Float));
                }
            } else {
                channels.push(plane.to_kind(Kind::Float) * (1.0 / f64::from(max.max(1))));
            }
        }
        let n = channels.len() as i64;
        // [R, C, 16, 4, 16, 4] -> [R, 16, 16, C, 4, 4]
        Tensor::stack(&channels, 1)
            .view([rows, n, STEM, PATCH, STEM, PATCH])
            .permute([0, 2, 4, 1, 3, 5])
            .reshape([rows * STEM * STEM, n * PATCH * PATCH])
    }

    /// Unit maps, patch by patch: `[R * 256, 16 * map_channels]`.
    fn scatter(&self, obs: &ObsTensors, units: &[Tensor; 3]) -> Tensor {
        let rows = obs.rows();
        let vectors: [Tensor; 3] = std::array::from_fn(|g| {
            self.map[g]
                .forward_relu(&units[g])
                .view([-1, self.map_channels])
        });
        let index = Tensor::cat(
            &[0, 1, 2].map(|g| obs.units[g].map_index.shallow_clone()),
            0,
        );
        // One cell more than the maps have: padding goes there.
        Tensor::zeros(
            [rows * CELLS + 1, self.map_channels],
            (vectors[0].kind(), vectors[0].device()),
        )
        .index_add(0, &index, &Tensor::cat(&vectors, 0))
        .narrow(0, 0, rows * CELLS)
        .reshape([rows * STEM * STEM, PATCH * PATCH * self.map_channels])
    }

    /// Multiply-adds of one row with `n` units.
    pub fn macs(config: &SpatialConfig, spec: &ObsSpec, dim: i64, n: i64) -> i64 {
        let (m, s, c) = (config.map_channels, config.stem_channels, config.channels);
        let (stem, trunk) = (STEM * STEM, TRUNK * TRUNK);
        n * dim * m
            + stem * PATCH * PATCH * (plane_channels(spec) + m) * s
            + config.stem_blocks as i64 * stem * 18 * s * s
            + trunk * 9 * s * c
            + config.blocks as i64 * trunk * 18 * c * c
            + trunk * c * config.out
    }
}
