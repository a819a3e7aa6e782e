//! Sizes of the network. SCC gives the structure (App. A) and few widths; the rest is chosen here.

use super::error::PolicyError;
use serde::{Deserialize, Serialize};

/// Widths and depths of every part. Part of every checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyConfig {
    pub scalar: ScalarConfig,
    pub units: UnitsConfig,
    pub pooling: PoolingConfig,
    pub spatial: SpatialConfig,
    pub core: CoreConfig,
    pub heads: HeadsConfig,
    pub value: ValueConfig,
}

/// Scalar encoder (SCC App. A, Fig. 4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScalarConfig {
    /// Width of the last function's embedding.
    pub function_dim: i64,
    /// Width of an entry of z's build order.
    pub build_dim: i64,
    pub hidden: i64,
    pub out: i64,
}

/// Unit encoder and group transformer (SCC App. A.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitsConfig {
    /// Width of a unit vector, `D`.
    pub dim: i64,
    /// Group-transformer layers (SCC: 3).
    pub layers: usize,
    /// Heads of each attention (SCC: 2).
    pub heads: i64,
    /// Width of a head (SCC: 32).
    pub head_dim: i64,
    /// Hidden width of the feed-forward half of a layer; 0 leaves that half out.
    pub ff: i64,
}

/// Attention pooling (SCC App. A.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolingConfig {
    /// Trainable query vectors per group.
    pub queries: i64,
    pub heads: i64,
    pub head_dim: i64,
}

/// Spatial encoder (SCC App. A): planes and unit maps, ResNet, flatten, FC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpatialConfig {
    /// Channels of a scattered unit vector.
    pub map_channels: i64,
    /// Channels at 16x16, after the 4x4 patch convolution over the 64x64 planes and unit maps.
    pub stem_channels: i64,
    /// Residual blocks at 16x16.
    pub stem_blocks: usize,
    /// Channels at 8x8.
    pub channels: i64,
    /// Residual blocks at 8x8.
    pub blocks: usize,
    pub out: i64,
}

/// Aggregator and residual LSTM (SCC App. A, Fig. 4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoreConfig {
    pub hidden: i64,
    pub layers: i64,
}

/// Action heads (SCC App. A.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadsConfig {
    /// Width of the function's embedding, which is also the width of the conditioned concat-attention.
    pub action_dim: i64,
    /// Width of the conditioning layer of every head.
    pub hidden: i64,
    /// Width of the pointer network's LSTM.
    pub pointer_hidden: i64,
    /// FiLM residual blocks of the target-position head, at 8x8.
    pub cell_blocks: usize,
    /// Channels per cell that the conditioning adds to the 8x8 map.
    pub cell_context: i64,
    /// Channels at the target grid's resolution, before the last 1x1 convolution.
    pub cell_channels: i64,
}

/// Value heads (SCC §6.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueConfig {
    /// Reward kinds, `R`: one head each.
    pub kinds: i64,
    pub hidden: i64,
}

impl PolicyConfig {
    /// For tests: every part there, under 0.3M parameters.
    pub fn tiny() -> PolicyConfig {
        PolicyConfig {
            scalar: ScalarConfig {
                function_dim: 4,
                build_dim: 4,
                hidden: 16,
                out: 16,
            },
            units: UnitsConfig {
                dim: 16,
                layers: 2,
                heads: 2,
                head_dim: 4,
                ff: 8,
            },
            pooling: PoolingConfig {
                queries: 2,
                heads: 2,
                head_dim: 4,
            },
            spatial: SpatialConfig {
                map_channels: 4,
                stem_channels: 8,
                stem_blocks: 1,
                channels: 8,
                blocks: 1,
                out: 16,
            },
            core: CoreConfig {
                hidden: 32,
                layers: 2,
            },
            heads: HeadsConfig {
                action_dim: 8,
                hidden: 16,
                pointer_hidden: 8,
                cell_blocks: 1,
                cell_context: 2,
                cell_channels: 2,
            },
            value: ValueConfig {
                kinds: 2,
                hidden: 8,
            },
        }
    }

    /// For a laptop's CPU: 1M to 4M parameters, at most 20 MFLOP a forward pass at 150 units.
    pub fn small() -> PolicyConfig {
        PolicyConfig {
            scalar: ScalarConfig {
                function_dim: 16,
                build_dim: 8,
                hidden: 128,
                out: 128,
            },
            units: UnitsConfig {
                dim: 32,
                layers: 3,
                heads: 2,
                head_dim: 8,
                ff: 0,
            },
            pooling: PoolingConfig {
                queries: 4,
                heads: 2,
                head_dim: 16,
            },
            spatial: SpatialConfig {
                map_channels: 6,
                stem_channels: 12,
                stem_blocks: 0,
                channels: 20,
                blocks: 1,
                out: 128,
            },
            core: CoreConfig {
                hidden: 256,
                layers: 1,
            },
            heads: HeadsConfig {
                action_dim: 32,
                hidden: 128,
                pointer_hidden: 64,
                cell_blocks: 1,
                cell_context: 4,
                cell_channels: 2,
            },
            value: ValueConfig {
                kinds: 2,
                hidden: 64,
            },
        }
    }

    /// The paper's: 49M parameters (SCC §3), 3 transformer layers of 2 heads of size 32 (App. A.2).
    pub fn paper() -> PolicyConfig {
        PolicyConfig {
            scalar: ScalarConfig {
                function_dim: 64,
                build_dim: 32,
                hidden: 512,
                out: 512,
            },
            units: UnitsConfig {
                dim: 128,
                layers: 3,
                heads: 2,
                head_dim: 32,
                ff: 128,
            },
            pooling: PoolingConfig {
                queries: 8,
                heads: 2,
                head_dim: 32,
            },
            spatial: SpatialConfig {
                map_channels: 16,
                stem_channels: 48,
                stem_blocks: 1,
                channels: 96,
                blocks: 2,
                out: 1024,
            },
            core: CoreConfig {
                hidden: 1024,
                layers: 3,
            },
            heads: HeadsConfig {
                action_dim: 128,
                hidden: 1024,
                pointer_hidden: 256,
                cell_blocks: 2,
                cell_context: 16,
                cell_channels: 8,
            },
            value: ValueConfig {
                kinds: 2,
                hidden: 512,
            },
        }
    }

    /// A preset by name: `tiny`, `small` or `paper`.
    ///
    /// # Errors
    /// [`PolicyError::Config`] for any other name.
    pub fn preset(name: &str) -> Result<PolicyConfig, PolicyError> {
        match name {
            "tiny" => Ok(PolicyConfig::tiny()),
            "small" => Ok(PolicyConfig::small()),
            "paper" => Ok(PolicyConfig::paper()),
            _ => Err(PolicyError::Config(format!(
                "unknown network size `{name}`: tiny, small or paper"
            ))),
        }
    }

    /// Checks ranges.
    ///
    /// # Errors
    /// [`PolicyError::Config`] naming the first key out of range.
    pub fn validate(&self) -> Result<(), PolicyError> {
        let widths = [
            ("scalar.function_dim", self.scalar.function_dim),
            ("scalar.build_dim", self.scalar.build_dim),
            ("scalar.hidden", self.scalar.hidden),
            ("scalar.out", self.scalar.out),
            ("units.dim", self.units.dim),
            ("units.heads", self.units.heads),
            ("units.head_dim", self.units.head_dim),
            ("pooling.queries", self.pooling.queries),
            ("pooling.heads", self.pooling.heads),
            ("pooling.head_dim", self.pooling.head_dim),
            ("spatial.map_channels", self.spatial.map_channels),
            ("spatial.stem_channels", self.spatial.stem_channels),
            ("spatial.channels", self.spatial.channels),
            ("spatial.out", self.spatial.out),
            ("core.hidden", self.core.hidden),
            ("core.layers", self.core.layers),
            ("heads.action_dim", self.heads.action_dim),
            ("heads.hidden", self.heads.hidden),
            ("heads.pointer_hidden", self.heads.pointer_hidden),
            ("heads.cell_context", self.heads.cell_context),
            ("heads.cell_channels", self.heads.cell_channels),
            ("value.kinds", self.value.kinds),
            ("value.hidden", self.value.hidden),
        ];
        for (key, width) in widths {
            if !(1..=8192).contains(&width) {
                return Err(PolicyError::Config(format!(
                    "network size `{key}` is {width}, must be 1 to 8192"
                )));
            }
        }
        let depths = [
            ("units.layers", self.units.layers),
            ("spatial.stem_blocks", self.spatial.stem_blocks),
            ("spatial.blocks", self.spatial.blocks),
            ("heads.cell_blocks", self.heads.cell_blocks),
        ];
        for (key, depth) in depths {
            if depth > 64 {
                return Err(PolicyError::Config(format!(
                    "network depth `{key}` is {depth}, must be at most 64"
                )));
            }
        }
        if !(0..=8192).contains(&self.units.ff) {
            return Err(PolicyError::Config(format!(
                "network size `units.ff` is {}, must be 0 to 8192",
                self.units.ff
            )));
        }
        Ok(())
    }
}
