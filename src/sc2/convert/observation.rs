//! `ResponseObservation` to `RawObservation`.

use super::grids::{FirstRow, equals, same_size, unpack};
use super::score::score;
use super::units::{alliance, unit_into};
use super::{ConvertError, byte, events, finite, id16, point, point3};
use crate::game::raw_obs::{Alert, PowerSource, RawEffect};
use crate::game::{
    Alliance, EffectId, Grid, PlayerCommon, PlayerId, PlayerResult, RawObservation, RawUnit,
    UnitTag, UpgradeId,
};
use crate::sc2::proto::{self, ResponseObservation};

/// Fills `raw` from an observation of a map with `size` (width, height) cells; its buffers are reused.
///
/// `is_old_format` is [`super::Terrain::is_old_format`]: it says which way up the map-state grids are.
///
/// # Errors
/// If the message carries no raw data, or a grid's bytes or size make no sense.
pub fn observation(
    message: &ResponseObservation,
    size: (usize, usize),
    is_old_format: bool,
    raw: &mut RawObservation,
) -> Result<(), ConvertError> {
    let missing = |field| ConvertError::Missing { field };
    let seen = message
        .observation
        .as_ref()
        .ok_or_else(|| missing("observation"))?;
    let data = seen.raw_data.as_ref().ok_or_else(|| missing("raw_data"))?;
    raw.game_loop = seen.game_loop.unwrap_or(0);
    raw.player = player(seen.player_common.as_ref());
    raw.score = seen.score.as_ref().map(score).unwrap_or_default();
    player_raw_into(data.player.as_ref(), raw);
    units_into(&data.units, &mut raw.units);
    map_state_into(data.map_state.as_ref(), size, is_old_format, raw)?;
    raw.effects.clear();
    raw.effects.extend(data.effects.iter().map(effect));
    refill(
        &mut raw.alerts,
        seen.alerts.iter().filter_map(|a| Alert::from_number(*a)),
    );
    let dead = data.event.iter().flat_map(|e| &e.dead_units);
    refill(&mut raw.dead_units, dead.map(|t| UnitTag(*t)));
    refill(
        &mut raw.executed,
        message.actions.iter().filter_map(events::executed),
    );
    refill(
        &mut raw.action_errors,
        message.action_errors.iter().map(events::action_error),
    );
    refill(&mut raw.chat, message.chat.iter().map(events::chat));
    refill(&mut raw.results, results(message).into_iter());
    Ok(())
}

/// All players' results, sorted by id; empty while the game runs.
pub fn results(message: &ResponseObservation) -> Vec<PlayerResult> {
    let results = message.player_result.iter().filter_map(events::result);
    let mut results: Vec<PlayerResult> = results.collect();
    results.sort_by_key(|r| r.player);
    results
}

fn refill<T>(list: &mut Vec<T>, with: impl Iterator<Item = T>) {
    list.clear();
    list.extend(with);
}

fn player(message: Option<&proto::PlayerCommon>) -> PlayerCommon {
    let m = message.copied().unwrap_or_default();
    PlayerCommon {
        player_id: m
            .player_id
            .and_then(|id| u8::try_from(id).ok())
            .unwrap_or(0),
        minerals: m.minerals(),
        vespene: m.vespene(),
        food_cap: m.food_cap(),
        food_used: m.food_used(),
        food_army: m.food_army(),
        food_workers: m.food_workers(),
        idle_worker_count: m.idle_worker_count(),
        army_count: m.army_count(),
        warp_gate_count: m.warp_gate_count(),
        larva_count: m.larva_count(),
    }
}

fn player_raw_into(message: Option<&proto::PlayerRaw>, raw: &mut RawObservation) {
    raw.camera = message.map_or_else(Default::default, |p| point3(p.camera.as_ref()));
    let upgrades = message.iter().flat_map(|p| &p.upgrade_ids);
    refill(
        &mut raw.upgrades,
        upgrades.map(|u| UpgradeId(id16(Some(*u)))),
    );
    raw.upgrades.sort();
    let sources = message.iter().flat_map(|p| &p.power_sources);
    refill(
        &mut raw.power_sources,
        sources.map(|s| PowerSource {
            pos: point3(s.pos.as_ref()),
            radius: finite(s.radius),
            tag: UnitTag(s.tag.unwrap_or(0)),
        }),
    );
}

/// Own units first, each part in the game's order.
fn units_into(messages: &[proto::Unit], units: &mut Vec<RawUnit>) {
    units.resize_with(messages.len(), RawUnit::default);
    let is_own = |m: &&proto::Unit| alliance(m.alliance) == Alliance::Own;
    let own = messages.iter().filter(is_own);
    let others = messages.iter().filter(|m| !is_own(m));
    for (unit, message) in units.iter_mut().zip(own.chain(others)) {
        unit_into(message, unit);
    }
}

fn map_state_into(
    message: Option<&proto::MapState>,
    size: (usize, usize),
    is_old_format: bool,
    raw: &mut RawObservation,
) -> Result<(), ConvertError> {
    raw.visibility = Grid::new(size.0, size.1, 0);
    raw.creep = Grid::new(size.0, size.1, false);
    let Some(state) = message else {
        return Ok(());
    };
    // The map state was turned the other way up one version after the terrain, when creep came down to one bit.
    let creep_bits = state.creep.as_ref().and_then(|c| c.bits_per_pixel);
    let first_row = match creep_bits.map_or(is_old_format, |bits| bits == 8) {
        true => FirstRow::Top,
        false => FirstRow::Bottom,
    };
    if state.visibility.is_some() {
        raw.visibility = unpack("visibility", state.visibility.as_ref(), first_row)?;
        same_size("visibility", &raw.visibility, size)?;
        for value in raw.visibility.as_mut_slice() {
            // 3 is "hidden for good": nothing the player has seen.
            *value = if *value > 2 { 0 } else { *value };
        }
    }
    if state.creep.is_some() {
        let creep = unpack("creep", state.creep.as_ref(), first_row)?;
        raw.creep = equals(&creep, |v| v != 0);
        same_size("creep", &raw.creep, size)?;
    }
    Ok(())
}

fn effect(message: &proto::Effect) -> RawEffect {
    RawEffect {
        effect: EffectId(id16(message.effect_id)),
        pos: message.pos.iter().map(|p| point(p.x, p.y)).collect(),
        alliance: alliance(message.alliance),
        owner: PlayerId(byte(message.owner)),
        radius: finite(message.radius),
    }
}
