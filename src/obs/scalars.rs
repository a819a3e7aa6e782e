//! The scalar features: table and encoding.

use super::encoder::{EncoderState, Fixed};
use super::feature::{Bits, Counts, Feature, OneHot, Quant, Width, feature_table};
use super::types::Facts;
use crate::game::math::sin_cos;
use crate::game::{Race, RawObservation};
use std::f32::consts::TAU;

/// Everything the scalar features are computed from.
pub(super) struct ScalarCtx<'a> {
    pub raw: &'a RawObservation,
    pub fixed: &'a Fixed,
    pub state: &'a EncoderState,
    pub facts: &'a Facts,
    pub own_counts: &'a [u16],
    pub enemy_counts: &'a [u16],
    pub own_unfinished: &'a [u16],
    pub own_orders: &'a [u16],
}

/// Game loops in a minute of speed-Faster time.
const MINUTE_LOOPS: f32 = 1344.0;

/// A count's square root, so that the first few matter most and nothing saturates.
fn root(n: u32, scale: f32) -> f32 {
    (n as f32).sqrt() / scale
}

/// Sine and cosine of game time with periods of 0.5 to 32 minutes (after AlphaStar's transformer-style encoding).
fn clock(game_loop: u32) -> [f32; 14] {
    let mut out = [0.0; 14];
    let mut period = (MINUTE_LOOPS / 2.0) as u32;
    for pair in out.chunks_exact_mut(2) {
        // The remainder is exact in integers; a float angle would lose precision late in a game.
        let phase = (game_loop % period) as f32 / period as f32;
        let (s, c) = sin_cos(phase * TAU);
        (pair[0], pair[1]) = (s, c);
        period *= 2;
    }
    out
}

fn race_column(race: Option<Race>) -> usize {
    match race {
        Some(Race::Terran) => 0,
        Some(Race::Zerg) => 1,
        Some(Race::Protoss) => 2,
        _ => 3,
    }
}

use Width::Fixed as F;

feature_table! {
    /// Scalar features (SCC Fig. 4, filled up from AlphaStar's scalar list).
    SCALAR_FEATURES, encode_scalars, ScalarCtx<'_>;
    "minerals", 1, F(2), Quant::U16(2000.0), "PlayerCommon.minerals: / 2000; square root / 50", |c| [c.raw.player.minerals as f32 / 2000.0, root(c.raw.player.minerals, 50.0)];
    "vespene", 1, F(2), Quant::U16(2000.0), "PlayerCommon.vespene: / 2000; square root / 50", |c| [c.raw.player.vespene as f32 / 2000.0, root(c.raw.player.vespene, 50.0)];
    "food_cap", 1, F(1), Quant::U8(200.0), "PlayerCommon.food_cap / 200", |c| c.raw.player.food_cap as f32 / 200.0;
    "food_used", 1, F(1), Quant::U8(200.0), "PlayerCommon.food_used / 200", |c| c.raw.player.food_used as f32 / 200.0;
    "food_army", 1, F(1), Quant::U8(200.0), "PlayerCommon.food_army / 200", |c| c.raw.player.food_army as f32 / 200.0;
    "food_workers", 1, F(1), Quant::U8(200.0), "PlayerCommon.food_workers / 200", |c| c.raw.player.food_workers as f32 / 200.0;
    "food_free", 1, F(1), Quant::I8(16.0), "food_cap - food_used, / 16, at least -8 and at most 7.9", |c| (c.raw.player.food_cap as f32 - c.raw.player.food_used as f32) / 16.0;
    "idle_workers", 1, F(1), Quant::U8(16.0), "PlayerCommon.idle_worker_count / 16", |c| c.raw.player.idle_worker_count as f32 / 16.0;
    "army_count", 1, F(1), Quant::U8(16.0), "PlayerCommon.army_count: square root / 4", |c| root(c.raw.player.army_count, 4.0);
    "warp_gates", 1, F(1), Quant::U8(16.0), "PlayerCommon.warp_gate_count / 16", |c| c.raw.player.warp_gate_count as f32 / 16.0;
    "larva", 1, F(1), Quant::U8(16.0), "PlayerCommon.larva_count / 16", |c| c.raw.player.larva_count as f32 / 16.0;
    "time", 1, F(2), Quant::U16(1344.0), "game_loop / 20 minutes, at most 48; 1 / (1 + game_loop / 1 minute)", |c| [c.raw.game_loop as f32 / (20.0 * MINUTE_LOOPS), 1.0 / (1.0 + c.raw.game_loop as f32 / MINUTE_LOOPS)];
    "clock", 1, F(14), Quant::I8(127.0), "sine and cosine of game time, periods of 0.5, 1, 2, 4, 8, 16, 32 minutes", |c| clock(c.raw.game_loop);
    "own_race", 1, F(3), Quant::Bit, "own race: Terran, Zerg, Protoss", |c| OneHot(race_column(c.fixed.own_race));
    "enemy_race", 1, F(4), Quant::Bit, "opponent's race as requested or seen: Terran, Zerg, Protoss, not known", |c| OneHot(race_column(c.state.enemy_race));
    "mmr", 1, F(2), Quant::U8(32.0), "own rating / 1000, and 1 if one is given (AlphaStar conditions on it)", |c| c.state.conditioning.mmr_columns();
    "own_start", 1, F(2), Quant::U16(2048.0), "own start location from the playable area's corner, / 128", |c| [c.fixed.own_start.x / 128.0, c.fixed.own_start.y / 128.0];
    "enemy_start", 1, F(2), Quant::U16(2048.0), "the opponent's first possible start location, / 128", |c| [c.fixed.enemy_start.x / 128.0, c.fixed.enemy_start.y / 128.0];
    "playable", 1, F(2), Quant::U16(2048.0), "width and height of the playable area, / 128", |c| [c.fixed.space.playable.width() as f32 / 128.0, c.fixed.space.playable.height() as f32 / 128.0];
    "last_skip", 1, F(2), Quant::U8(128.0), "skip_loops of the last action: / 128; square root / 11.3", |c| [f32::from(c.state.last.skip_loops) / 128.0, root(u32::from(c.state.last.skip_loops), 11.3)];
    "last_delay", 1, F(2), Quant::U8(128.0), "loops since the last action, at most 255: / 128; square root / 11.3", |c| { let d = c.state.delay(c.raw.game_loop); [d as f32 / 128.0, root(d, 11.3)] };
    "last_queued", 1, F(1), Quant::Bit, "queued of the last action", |c| c.state.last.queued;
    "last_selected", 1, F(1), Quant::U8(32.0), "units of the last action: square root / 8", |c| root(c.state.last.units.len() as u32, 8.0);
    "last_target", 1, F(2), Quant::Bit, "last action aimed at: a point, a unit", |c| OneHot(c.state.last_target_column());
    "last_target_pos", 1, F(2), Quant::U16(2048.0), "target point of the last action from the playable area's corner, / 128", |c| c.state.last_target_pos(&c.fixed.space);
    "last_failed", 1, F(1), Quant::U8(16.0), "orders of one's own that failed since the last observation, / 16", |c| c.raw.action_errors.len() as f32 / 16.0;
    "alerts", 1, F(22), Quant::Bit, "alerts since the last observation, by the API's numbers 1 to 22", |c| Bits(c.raw.alerts.iter().fold(0, |bits, &a| bits | 1 << (a as u8 - 1)));
    "upgrades", 1, Width::Upgrades, Quant::Bit, "finished upgrades", |c| Bits(c.facts.upgrades);
    "own_counts", 1, Width::Counted, Quant::U8(16.0), "own units by type, / 16 (unit-count bag of words; unfinished ones included)", |c| Counts(c.own_counts);
    "own_unfinished", 1, Width::Counted, Quant::U8(16.0), "of these, the ones still being built, / 16", |c| Counts(c.own_unfinished);
    "own_orders", 1, Width::Orders, Quant::U8(16.0), "orders of own units by general ability, queues included, / 16: what is under way", |c| Counts(c.own_orders);
    "enemy_counts", 1, Width::Counted, Quant::U8(16.0), "enemy units seen now (snapshots included) by type, / 16", |c| Counts(c.enemy_counts);
    "z_counts", 1, Width::Counted, Quant::U8(16.0), "unit counts of the strategy statistic z that is to be followed, / 16", |c| Counts(&c.state.conditioning.counts);
    "z_given", 1, F(2), Quant::Bit, "conditioned on: z's build order, z's counts", |c| c.state.conditioning.given();
}
