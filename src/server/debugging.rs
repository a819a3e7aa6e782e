//! `debug`: the commands of the API that change a game from outside its rules.

use super::envelope::Refusal;
use super::game::{Game, PLAYERS};
use super::viewer::Viewer;
use crate::game::{PlayerId, UnitTag, UnitTypeId};
use crate::sc2::proto::{self, DebugGameState, debug_command::Command, debug_end_game::EndResult};
use crate::sim::Vital;

/// What one gift of resources adds.
const GIFT: u32 = 5000;
/// Tags in one `kill_unit`, at most.
const TAGS_MAX: usize = 4096;

/// Carries the commands out in order; the first that cannot be is the answer, those before it stay done.
pub(super) fn debug(
    game: &mut Game,
    viewer: &Viewer,
    commands: &[proto::DebugCommand],
) -> Result<(), Refusal> {
    for command in commands.iter().filter_map(|c| c.command.as_ref()) {
        if game.is_over() {
            return Ok(());
        }
        one(game, viewer, command)?;
        game.is_altered |= !matches!(command, Command::Draw(_));
    }
    Ok(())
}

fn one(game: &mut Game, viewer: &Viewer, command: &Command) -> Result<(), Refusal> {
    match command {
        // There is no picture to draw on.
        Command::Draw(_) => Ok(()),
        Command::CreateUnit(it) => {
            let at = it.pos.unwrap_or_default();
            let at = viewer.area.to_map(at.x, at.y);
            let id = UnitTypeId(u16::try_from(it.unit_type()).unwrap_or(0));
            let n = it.quantity.unwrap_or(1);
            game.sim
                .debug_create(id, it.owner(), at, n)
                .map_err(|why| Refusal(format!("debug create_unit: {why}")))
        }
        Command::KillUnit(it) => {
            for tag in it.tag.iter().take(TAGS_MAX) {
                game.sim.debug_kill(UnitTag(*tag));
            }
            Ok(())
        }
        Command::UnitValue(it) => {
            let vital = match it.unit_value {
                Some(1) => Vital::Energy,
                Some(2) => Vital::Life,
                Some(3) => Vital::Shields,
                _ => return Err(Refusal::new("debug unit_value: there is no such value")),
            };
            let tag = UnitTag(it.unit_tag());
            game.sim.debug_set(tag, vital, it.value());
            Ok(())
        }
        Command::EndGame(it) => {
            let wins = it.end_result == Some(EndResult::DeclareVictory as i32);
            game.sim.debug_end(match wins {
                true => other(viewer.player),
                false => viewer.player,
            });
            Ok(())
        }
        Command::GameState(state) => game_state(game, viewer.player, *state),
        Command::Score(_) => Err(Refusal::new(
            "debug score: the simulator has no curriculum score",
        )),
        Command::TestProcess(_) => Err(Refusal::new(
            "debug test_process: this server does not hang or crash on request",
        )),
    }
}

fn other(player: PlayerId) -> PlayerId {
    PLAYERS[usize::from(player.0 == 1)]
}

fn game_state(game: &mut Game, player: PlayerId, state: i32) -> Result<(), Refusal> {
    use DebugGameState as S;
    match S::try_from(state) {
        Ok(S::ShowMap) => game.sim.debug_show_map(player),
        Ok(S::AllResources) => game.sim.debug_give(player, GIFT, GIFT),
        Ok(S::Minerals) => game.sim.debug_give(player, GIFT, 0),
        Ok(S::Gas) => game.sim.debug_give(player, 0, GIFT),
        Ok(other) => {
            let name = other.as_str_name();
            let text = format!("debug game_state {name}: the simulator does not support it");
            return Err(Refusal(text));
        }
        Err(_) => return Err(Refusal(format!("debug game_state: there is no {state}"))),
    }
    Ok(())
}
