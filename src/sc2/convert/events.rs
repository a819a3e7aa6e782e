//! What happened since the last observation: own commands, failed orders, chat, results.

use super::{point, signed_id16};
use crate::game::raw_obs::{ActionError, ExecutedCommand};
use crate::game::{
    AbilityId, ActionResult, Command, GameResult, PlayerId, PlayerResult, Target, UnitTag,
};
use crate::sc2::proto::{self, action_raw, action_raw_unit_command};

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
