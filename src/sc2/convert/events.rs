//! What happened since the last observation: own commands, failed orders, chat, results.

use super::{point, signed_id16};
use crate::game::raw_obs::{ActionError, ExecutedCommand};
use crate::game::{
    AbilityId, ActionResult, Command, GameResult, PlayerCommand, PlayerId, PlayerResult, Target,
    UnitTag,
};
use crate::sc2::proto::{self, ResponseObservation, action_raw, action_raw_unit_command};

/// An own unit command that was carried out; none for camera moves, chat and actions of other interfaces.
pub fn executed(message: &proto::Action) -> Option<ExecutedCommand> {
    let raw = message.action_raw.as_ref()?;
    let Some(action_raw::Action::UnitCommand(order)) = &raw.action else {
        return None;
    };
    let target = match &order.target {
        None => Target::None,
        Some(action_raw_unit_command::Target::TargetWorldSpacePos(p)) => {
            Target::Point(point(p.x, p.y))
        }
        Some(action_raw_unit_command::Target::TargetUnitTag(tag)) => Target::Unit(UnitTag(*tag)),
    };
    Some(ExecutedCommand {
        game_loop: message.game_loop.unwrap_or(0),
        command: Command {
            ability: AbilityId(signed_id16(order.ability_id)),
            target,
            units: order.unit_tags.iter().map(|t| UnitTag(*t)).collect(),
            queued: order.queue_command.unwrap_or(false),
        },
    })
}

/// All orders of the observing player that a look tells of, each with the loop in which it was carried out; cameras, chat
/// and actions of other interfaces are none.
pub fn orders(message: &ResponseObservation) -> Vec<(u32, PlayerCommand)> {
    let order = |action: &proto::Action| {
        if let Some(done) = executed(action) {
            return Some((done.game_loop, PlayerCommand::Unit(done.command)));
        }
        match action.action_raw.as_ref()?.action.as_ref()? {
            action_raw::Action::ToggleAutocast(toggle) => Some((
                action.game_loop.unwrap_or(0),
                PlayerCommand::ToggleAutocast {
                    ability: AbilityId(signed_id16(toggle.ability_id)),
                    units: toggle.unit_tags.iter().map(|t| UnitTag(*t)).collect(),
                },
            )),
            _ => None,
        }
    };
    message.actions.iter().filter_map(order).collect()
}

pub fn action_error(message: &proto::ActionError) -> ActionError {
    let ability = message.ability_id.and_then(|id| u16::try_from(id).ok());
    ActionError {
        unit: UnitTag(message.unit_tag.unwrap_or(0)),
        ability: AbilityId(ability.unwrap_or(0)),
        result: ActionResult::from_number(message.result.unwrap_or(0)),
    }
}

pub fn chat(message: &proto::ChatReceived) -> (PlayerId, String) {
    let player = message.player_id.and_then(|id| u8::try_from(id).ok());
    (
        PlayerId(player.unwrap_or(0)),
        message.message.clone().unwrap_or_default(),
    )
}

/// A player's result; none if the message names no player or result.
pub fn result(message: &proto::PlayerResult) -> Option<PlayerResult> {
    let result = match message.result? {
        1 => GameResult::Victory,
        2 => GameResult::Defeat,
        3 => GameResult::Tie,
        4 => GameResult::Undecided,
        _ => return None,
    };
    Some(PlayerResult {
        player: PlayerId(u8::try_from(message.player_id?).ok()?),
        result,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(action: action_raw::Action, game_loop: u32) -> proto::Action {
        proto::Action {
            action_raw: Some(proto::ActionRaw {
                action: Some(action),
            }),
            game_loop: Some(game_loop),
            ..proto::Action::default()
        }
    }

    #[test]
    fn orders_are_commands_and_autocasts_with_their_loops() {
        let toggle = proto::ActionRawToggleAutocast {
            ability_id: Some(3685),
            unit_tags: vec![7],
        };
        let order = proto::ActionRawUnitCommand {
            ability_id: Some(524),
            unit_tags: vec![9],
            ..proto::ActionRawUnitCommand::default()
        };
        let message = ResponseObservation {
            actions: vec![
                raw(action_raw::Action::CameraMove(Default::default()), 3),
                raw(action_raw::Action::ToggleAutocast(toggle), 4),
                proto::Action::default(),
                raw(action_raw::Action::UnitCommand(order), 6),
            ],
            ..ResponseObservation::default()
        };
        let found = orders(&message);
        let loops: Vec<u32> = found.iter().map(|(at, _)| *at).collect();
        assert_eq!(loops, [4, 6]);
        let PlayerCommand::ToggleAutocast { ability, units } = &found[0].1 else {
            panic!("{found:?}");
        };
        assert_eq!((ability.0, units.as_slice()), (3685, &[UnitTag(7)][..]));
        assert!(matches!(&found[1].1, PlayerCommand::Unit(it) if it.ability.0 == 524));
    }
}
