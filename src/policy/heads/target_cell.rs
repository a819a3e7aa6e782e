//! Target position (SCC App. A.4): a ResNet with FiLM conditioning (Perez et al. 2018) on the function and the selected
//! units, deconvolution to the map, a 1x1 convolution, softmax over cells.
//!
//! The ResNet works on the spatial encoder's 8x8 trunk with the conditioning laid over it as a few channels (as
//! AlphaStar reshapes its embedding). Deconvolutions have stride = kernel, so they are matrix products: 8x8 to 16x16,
//! where the encoder's stem is added, then to the grid. The ReLU and the 1x1 convolution do not care for the order of
//! cells, so that only the finished logits are put in order.

use super::Condition;
use crate::policy::config::PolicyConfig;
use crate::policy::layers::{Conv3, Linear};
use crate::policy::params::Scope;
use crate::policy::spatial::{STEM, TRUNK};
use tch::{Kind, Tensor};

/// See the module.
#[derive(Debug)]
pub struct TargetCellHead {
    condition: Condition,
    context: Linear,
    mix: Linear,
    blocks: Vec<FilmBlock>,
    up: Linear,
    skip: Linear,
    to_grid: Linear,
    out: Linear,
    sizes: Sizes,
}

#[derive(Clone, Copy, Debug)]
struct Sizes {
    channels: i64,
    stem: i64,
    context: i64,
    cell: i64,
    /// Cells of the target grid per cell of the 16x16 map, along a side.
    factor: i64,
}

#[derive(Debug)]
struct FilmBlock {
    first: Conv3,
    second: Conv3,
    film: Linear,
}

impl FilmBlock {
    fn new(mut scope: Scope<'_>, channels: i64, condition: i64) -> FilmBlock {
        FilmBlock {
            first: Conv3::new(scope.sub("first"), channels, channels, 1),
            second: Conv3::new(scope.sub("second"), channels, channels, 1),
            film: Linear::scaled(scope.sub("film"), condition, 2 * channels, 0.3),
        }
    }

    /// `x` `[M, C, 8, 8]`, `condition` `[M, hidden]`.
    fn forward(&self, x: &Tensor, condition: &Tensor) -> Tensor {
        let film = self.film.forward(condition).unsqueeze(-1).unsqueeze(-1);
        let parts = film.chunk(2, 1);
        let y = self.second.forward(&self.first.forward(x).relu_());
        let mut y = &y + &y * &parts[0] + &parts[1];
        x + y.relu_()
    }
}

impl TargetCellHead {
    pub fn new(mut scope: Scope<'_>, config: &PolicyConfig, grid: i64) -> TargetCellHead {
        let sizes = Sizes::new(config, grid);
        let (hidden, c) = (config.heads.hidden, sizes.channels);
        let upper = sizes.factor * sizes.factor * sizes.cell;
        TargetCellHead {
            condition: Condition::on_units(scope.sub("condition"), config),
            context: Linear::relu(scope.sub("context"), hidden, TRUNK * TRUNK * sizes.context),
            mix: Linear::relu(scope.sub("mix"), c + sizes.context, c),
            blocks: (0..config.heads.cell_blocks)
                .map(|i| FilmBlock::new(scope.idx("block", i), c, hidden))
                .collect(),
            up: Linear::relu(scope.sub("up"), c, 4 * sizes.stem),
            skip: Linear::no_bias(scope.sub("skip"), sizes.stem, sizes.stem),
            to_grid: Linear::relu(scope.sub("to_grid"), sizes.stem, upper),
            out: Linear::plain(scope.sub("out"), sizes.cell, 1),
            sizes,
        }
    }

    /// `core` `[M, H]`, `e_a` `[M, A]`, `selected` `[M, 2 D]`, `stem` `[M, C_s, 16, 16]`, `trunk` `[M, C, 8, 8]`;
    /// returns logits `[M, grid * grid]`, row by row.
    pub fn forward(
        &self,
        core: &Tensor,
        e_a: &Tensor,
        selected: &Tensor,
        stem: &Tensor,
        trunk: &Tensor,
    ) -> Tensor {
        let s = &self.sizes;
        let m = core.size()[0];
        let condition = self.condition.forward(core, e_a, Some(selected));
        let context = self
            .context
            .forward_relu(&condition)
            .view([m, TRUNK, TRUNK, s.context]);
        // Channels last from here: [M, 8, 8, C].
        let x = Tensor::cat(&[trunk.permute([0, 2, 3, 1]), context], 3);
        let mut x = self.mix.forward_relu(&x).permute([0, 3, 1, 2]);
        for block in &self.blocks {
            x = block.forward(&x, &condition);
        }
        // Deconvolution 2x2: [M, 8, 8, 2, 2, C_s] -> [M, 8, 2, 8, 2, C_s]
        let x = self
            .up
            .forward(&x.permute([0, 2, 3, 1]))
            .view([m, TRUNK, TRUNK, 2, 2, s.stem])
            .permute([0, 1, 3, 2, 4, 5])
            .reshape([m, STEM, STEM, s.stem]);
        let x = (x + self.skip.forward(&stem.permute([0, 2, 3, 1]))).relu_();
        // Deconvolution to the grid: [M, 16, 16, f, f, C] -> [M, 16, f, 16, f]
        let f = s.factor;
        let x = self
            .to_grid
            .forward_relu(&x)
            .view([m, STEM, STEM, f, f, s.cell]);
        self.out
            .forward(&x)
            .view([m, STEM, STEM, f, f])
            .permute([0, 1, 3, 2, 4])
            .reshape([m, STEM * f * STEM * f])
            .to_kind(Kind::Float)
    }

    /// Multiply-adds of one row.
    pub fn macs(config: &PolicyConfig, grid: i64) -> i64 {
        let s = Sizes::new(config, grid);
        let (hidden, c) = (config.heads.hidden, s.channels);
        let (stem, trunk) = (STEM * STEM, TRUNK * TRUNK);
        let cells = s.factor * s.factor * s.cell;
        Condition::macs(config, true)
            + hidden * trunk * s.context
            + trunk * (c + s.context) * c
            + config.heads.cell_blocks as i64 * (trunk * 18 * c * c + 2 * hidden * c)
            + trunk * c * 4 * s.stem
            + stem * s.stem * s.stem
            + stem * s.stem * cells
            + stem * cells
    }
}

impl Sizes {
    fn new(config: &PolicyConfig, grid: i64) -> Sizes {
        Sizes {
            channels: config.spatial.channels,
            stem: config.spatial.stem_channels,
            context: config.heads.cell_context,
            cell: config.heads.cell_channels,
            factor: grid / STEM,
        }
    }
}
