//! Plain arrays for tensors: what a batch of steps looks like once padded.

/// Heads of the policy, in the order of every `[.., 6]` array (SCC App. A.4).
pub const HEADS: [&str; 6] = [
    "function",
    "skip",
    "queued",
    "selected",
    "target_unit",
    "target_cell",
];

/// Observations of `b * t` steps, batch first (`[B, T, ...]`, T fastest of the two). Acting has `t = 1`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObsBatch {
    pub b: usize,
    pub t: usize,
    /// Padded units per group: the batch maximum, at least 1.
    pub n: [usize; 3],
    /// `[B, T, S]`
    pub scalars: Vec<f32>,
    /// `[B, T]`
    pub last_function: Vec<i64>,
    /// `[B, T, 20]` rows of the build-item table, 0 = none.
    pub build_items: Vec<i64>,
    /// `[B, T, 20]` minimap cells.
    pub build_cells: Vec<i64>,
    /// `[B, T, 6, 64, 64]`
    pub planes: Vec<u8>,
    /// Per group `[B, T, N_g]`, 0 in padding.
    pub unit_types: [Vec<i64>; 3],
    /// `[B, T, N_mine, 2]` rows of the order table, 0 = none. Mine only.
    pub unit_orders: Vec<i64>,
    /// Per group `[B, T, N_g]` minimap cell `row * 64 + column`, 0 in padding.
    pub unit_cells: [Vec<i64>; 3],
    /// Per group `[B, T, N_g, D_g]`, 0 in padding.
    pub unit_features: [Vec<f32>; 3],
    /// Per group `[B, T, N_g]`: 1 = a real unit.
    pub unit_valid: [Vec<u8>; 3],
    /// `[B, T, A]`: 1 = legal.
    pub legal_functions: Vec<u8>,
    /// `[B, T, 2]` columns and rows of the target grid that lie on the map (1, 1 in padding): cell `y * grid + x` is a
    /// possible target where `x < columns` and `y < rows`.
    pub target_cells: Vec<i64>,
}

/// The actions taken, as targets for the heads. `target_unit` counts in the *padded* concatenation
/// (`N_mine + N_enemy + N_neutral`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ActionBatch {
    /// Padded length of the selected-unit sequences, end token included; at least 1.
    pub s: usize,
    /// `[B, T]`
    pub function: Vec<i64>,
    /// `[B, T]`: `skip_loops - SKIP_LOOPS_MIN`.
    pub skip: Vec<i64>,
    /// `[B, T]`: 0 or 1.
    pub queued: Vec<i64>,
    /// `[B, T, S]`: rows of mine in the order chosen, then the end token `N_mine`, repeated as padding. A sequence of
    /// `selected_max` units has no end token.
    pub selected: Vec<i64>,
    /// `[B, T, S]`: 1 up to and with the end token; all 0 where the function takes no units.
    pub selected_mask: Vec<f32>,
    /// `[B, T]`
    pub target_unit: Vec<i64>,
    /// `[B, T]`
    pub target_cell: Vec<i64>,
    /// `[B, T, 6]`, heads as in [`HEADS`]: 1 where the head's loss counts (step real, function takes the argument).
    pub head_mask: Vec<f32>,
    /// `[B, T, N_mine]`: 1 = may carry out the function taken.
    pub selectable: Vec<u8>,
    /// `[B, T, N_mine + N_enemy + N_neutral]`: 1 = the function taken accepts it as target.
    pub targetable: Vec<u8>,
}

/// What reinforcement learning needs beside the actions; all empty in imitation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RlBatch {
    /// Reward kinds, `R`.
    pub r: usize,
    /// `[B, T, 6]` log-probability of each head's choice under the behavior policy; 0 where the head was not asked.
    pub log_probs: Vec<f32>,
    /// `[B, T, R]` values at acting time.
    pub values: Vec<f32>,
    /// `[B, T, R]` rewards that followed the step.
    pub rewards: Vec<f32>,
    /// `[B, T]` 0 where the game terminated with the step, else 1.
    pub discounts: Vec<f32>,
    /// `[B, T]` game loops that the step lasted; 0 in padding.
    pub loops: Vec<f32>,
    /// `[B, R]` values after the last step.
    pub bootstrap: Vec<f32>,
    /// `[B, R]` the same for the value heads' returns.
    pub return_bootstrap: Vec<f32>,
    /// `[B]` version of the behavior policy in the row's first step.
    pub policy_version: Vec<i64>,
    /// The behavior policy's state before the first step.
    pub lstm: LstmBatch,
    /// The supervised policy's state before the first step; where an unroll carries none, the behavior policy's.
    pub supervised_lstm: LstmBatch,
}

/// LSTM states of `B` rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LstmBatch {
    /// Values of a row, `L * H`; 0 = every row starts from zero, and the arrays are empty.
    pub width: usize,
    /// `[B, L * H]`
    pub hidden: Vec<f32>,
    /// `[B, L * H]`
    pub cell: Vec<f32>,
}

/// One training batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    pub obs: ObsBatch,
    pub act: ActionBatch,
    pub rl: RlBatch,
    /// `[B, T]`: 1 = the core's state is zeroed before this step.
    pub resets: Vec<u8>,
    /// `[B, T]`: 1 = a real step, 0 = padding.
    pub valid: Vec<f32>,
    /// Choices in the data that our masks forbid and that were allowed after all: function, selected, target unit.
    pub forced: [u32; 3],
}
