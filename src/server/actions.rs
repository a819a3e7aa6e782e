//! `action`: each action to a command of the simulator, each answer its result.

use super::game::Game;
use super::viewer::Viewer;
use crate::game::{AbilityId, ActionResult, Command, PlayerCommand, Target, UnitTag};
use crate::sc2::encode::Area;
use crate::sc2::proto::{self, action_raw::Action, action_raw_unit_command as unit_command};
use smallvec::SmallVec;
use std::collections::BTreeSet;

/// Characters of one chat message.
const CHAT_CHARS_MAX: usize = 256;
/// Units in one command: more than a player can have.
const TAGS_MAX: usize = 1024;

/// Carries the actions out, one result for each.
pub(super) fn act(game: &mut Game, viewer: &Viewer, actions: &[proto::Action]) -> Vec<i32> {
    let results = actions
        .iter()
        .map(|action| match command(action, &viewer.area) {
            Ok(command) => game.submit(viewer.player, &command),
            Err(why) => why,
        });
    results.map(|result| i32::from(result as u16)).collect()
}

/// The command that an action means.
fn command(action: &proto::Action, area: &Area) -> Result<PlayerCommand, ActionResult> {
    if let Some(chat) = &action.action_chat {
        let text: String = chat.message().chars().take(CHAT_CHARS_MAX).collect();
        return match text.is_empty() {
            true => Err(ActionResult::Error),
            false => Ok(PlayerCommand::Chat(text)),
        };
    }
    let raw = action
        .action_raw
        .as_ref()
        .and_then(|raw| raw.action.as_ref());
    match raw.ok_or(ActionResult::NotSupported)? {
        Action::UnitCommand(order) => unit_order(order, area),
        Action::CameraMove(to) => {
            let at = to.center_world_space.ok_or(ActionResult::Error)?;
            Ok(PlayerCommand::CameraMove(area.to_map(at.x, at.y)))
        }
        Action::ToggleAutocast(toggle) => Ok(PlayerCommand::ToggleAutocast {
            ability: ability(toggle.ability_id)?,
            units: tags(&toggle.unit_tags),
        }),
    }
}

fn unit_order(
    order: &proto::ActionRawUnitCommand,
    area: &Area,
) -> Result<PlayerCommand, ActionResult> {
    let target = match &order.target {
        None => Target::None,
        Some(unit_command::Target::TargetWorldSpacePos(at)) => {
            Target::Point(area.to_map(at.x, at.y))
        }
        Some(unit_command::Target::TargetUnitTag(tag)) => Target::Unit(UnitTag(*tag)),
    };
    Ok(PlayerCommand::Unit(Command {
        ability: ability(order.ability_id)?,
        target,
        units: tags(&order.unit_tags),
        queued: order.queue_command(),
    }))
}

fn ability(id: Option<i32>) -> Result<AbilityId, ActionResult> {
    let id = id.and_then(|id| u16::try_from(id).ok());
    id.map(AbilityId).ok_or(ActionResult::NotSupported)
}

/// The same unit twice counts once.
fn tags(tags: &[u64]) -> SmallVec<[UnitTag; 8]> {
    let mut known = BTreeSet::new();
    let fresh = tags.iter().filter(|tag| known.insert(**tag));
    fresh.take(TAGS_MAX).map(|tag| UnitTag(*tag)).collect()
}
