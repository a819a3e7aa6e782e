//! `RawObservation` to `ResponseObservation`.

use super::Area;
use super::grids::{bits, bytes};
use super::score::score;
use super::units::unit;
use crate::game::raw_obs::{ActionError, ExecutedCommand, PowerSource, RawEffect};
use crate::game::{PlayerCommon, PlayerResult, RawObservation, Target};
use crate::sc2::proto::{self, ResponseObservation, action_raw, action_raw_unit_command};

/// Which parts the client has asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObservationParts {
    pub raw: bool,
    pub score: bool,
}

/// What the client is told of the game now.
pub fn observation(
    raw: &RawObservation,
    area: &Area,
    parts: ObservationParts,
) -> ResponseObservation {
    ResponseObservation {
        actions: raw.executed.iter().map(|e| executed(e, area)).collect(),
        action_errors: raw.action_errors.iter().map(action_error).collect(),
        observation: Some(proto::Observation {
            game_loop: Some(raw.game_loop),
            player_common: Some(common(&raw.player)),
            alerts: raw.alerts.iter().map(|a| i32::from(*a as u8)).collect(),
            score: parts.score.then(|| score(&raw.score)),
            raw_data: parts.raw.then(|| raw_data(raw, area)),
            ..proto::Observation::default()
        }),
        player_result: raw.results.iter().map(result).collect(),
        chat: raw
            .chat
            .iter()
            .map(|(player, text)| proto::ChatReceived {
                player_id: Some(player.0.into()),
                message: Some(text.clone()),
            })
            .collect(),
    }
}

fn result(it: &PlayerResult) -> proto::PlayerResult {
    proto::PlayerResult {
        player_id: Some(it.player.0.into()),
        result: Some(it.result as i32),
    }
}

fn common(c: &PlayerCommon) -> proto::PlayerCommon {
    proto::PlayerCommon {
        player_id: Some(c.player_id.into()),
        minerals: Some(c.minerals),
        vespene: Some(c.vespene),
        food_cap: Some(c.food_cap),
        food_used: Some(c.food_used),
        food_army: Some(c.food_army),
        food_workers: Some(c.food_workers),
        idle_worker_count: Some(c.idle_worker_count),
        army_count: Some(c.army_count),
        warp_gate_count: Some(c.warp_gate_count),
        larva_count: Some(c.larva_count),
    }
}

fn raw_data(raw: &RawObservation, area: &Area) -> proto::ObservationRaw {
    let dead: Vec<u64> = raw.dead_units.iter().map(|t| t.0).collect();
    proto::ObservationRaw {
        player: Some(proto::PlayerRaw {
            power_sources: raw.power_sources.iter().map(|s| power(s, area)).collect(),
            camera: Some(area.point(raw.camera, 0.0)),
            upgrade_ids: raw.upgrades.iter().map(|u| u.0.into()).collect(),
        }),
        units: raw
            .units
            .iter()
            .map(|u| unit(u, &raw.units, area))
            .collect(),
        map_state: Some(proto::MapState {
            visibility: Some(bytes(&raw.visibility, area)),
            creep: Some(bits(&raw.creep, area)),
        }),
        event: (!dead.is_empty()).then_some(proto::Event { dead_units: dead }),
        effects: raw.effects.iter().map(|e| effect(e, area)).collect(),
        radar: radar(raw, area),
    }
}

fn power(source: &PowerSource, area: &Area) -> proto::PowerSource {
    proto::PowerSource {
        pos: Some(area.point(source.pos, 0.0)),
        radius: Some(source.radius),
        tag: Some(source.tag.0),
    }
}

fn effect(effect: &RawEffect, area: &Area) -> proto::Effect {
    proto::Effect {
        effect_id: Some(effect.effect.0.into()),
        pos: effect.pos.iter().map(|&p| area.point2d(p)).collect(),
        alliance: Some(effect.alliance as i32),
        owner: Some(effect.owner.0.into()),
        radius: Some(effect.radius),
    }
}

/// Rings of one's own sensor towers.
fn radar(raw: &RawObservation, area: &Area) -> Vec<proto::RadarRing> {
    let towers = raw
        .units
        .iter()
        .filter(|u| u.radar_range > 0.0 && u.owner.0 == raw.player.player_id);
    towers
        .map(|u| proto::RadarRing {
            pos: Some(area.point(u.pos, u.z)),
            radius: Some(u.radar_range),
        })
        .collect()
}

fn executed(it: &ExecutedCommand, area: &Area) -> proto::Action {
    use action_raw_unit_command::Target as To;
    let command = &it.command;
    let order = proto::ActionRawUnitCommand {
        ability_id: Some(command.ability.0.into()),
        target: match command.target {
            Target::None => None,
            Target::Point(at) => Some(To::TargetWorldSpacePos(area.point2d(at))),
            Target::Unit(tag) => Some(To::TargetUnitTag(tag.0)),
        },
        unit_tags: command.units.iter().map(|t| t.0).collect(),
        queue_command: Some(command.queued),
    };
    proto::Action {
        action_raw: Some(proto::ActionRaw {
            action: Some(action_raw::Action::UnitCommand(order)),
        }),
        game_loop: Some(it.game_loop),
        ..proto::Action::default()
    }
}

fn action_error(it: &ActionError) -> proto::ActionError {
    proto::ActionError {
        unit_tag: Some(it.unit.0),
        ability_id: Some(it.ability.0.into()),
        result: Some(i32::from(it.result as u16)),
    }
}
