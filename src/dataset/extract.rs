//! An own replay, played again in the simulator: the steps of each of its players.

use super::shard::{Counts, Episode, Subject};
use super::watcher::Watcher;
use crate::action::Specs;
use crate::env::{EnvError, PLAYERS, Playback};
use crate::game::{GameResult, PlayerCommand, PlayerId};
use crate::replay::{Controller, Replay, TimedCommand};
use crate::trajectory::Step;

/// One player's part of a replay.
#[derive(Clone, Debug)]
pub struct Extracted {
    /// Without blocks: they are the shard's business.
    pub episode: Episode,
    pub steps: Vec<Step>,
    pub counts: Counts,
}

/// Re-plays a game and gives every participant's steps; the built-in AI's seats give none.
///
/// # Errors
/// If the game does not re-play to its recorded end.
pub fn extract(
    replay: &Replay,
    file: &str,
    specs: &Specs,
    no_op_loops: u16,
) -> Result<Vec<Extracted>, EnvError> {
    let mut playback = Playback::new(replay)?;
    let mut watchers: Vec<(PlayerId, Watcher)> = PLAYERS
        .into_iter()
        .filter(|p| is_participant(replay, *p))
        .map(|p| {
            let info = playback.env().game_info(p);
            (p, Watcher::new(&info, specs, no_op_loops))
        })
        .collect();
    while !playback.is_over() {
        let now = playback.env().game_loop();
        let due = playback.due();
        let mut next = replay.header.game_loops;
        for (player, watcher) in &mut watchers {
            let own = commands_of(due, *player);
            watcher.look(now, &own, |raw| {
                playback.observe(*player, raw);
                Ok(())
            })?;
            next = next.min(watcher.next_no_op());
        }
        let upcoming = replay.commands[playback.n_submitted() + due.len()..]
            .first()
            .map_or(next, |c| c.game_loop);
        playback.advance(next.min(upcoming).max(now + 1))?;
    }
    playback.finish()?;
    let extracted = watchers
        .into_iter()
        .map(|(player, watcher)| finish(watcher, player, replay, file));
    Ok(extracted.collect())
}

fn is_participant(replay: &Replay, player: PlayerId) -> bool {
    let seat = &replay.header.seats[usize::from(player.0) - 1];
    matches!(seat.controller, Controller::Participant)
}

fn commands_of(due: &[TimedCommand], player: PlayerId) -> Vec<&PlayerCommand> {
    let own = due.iter().filter(|c| c.player == player);
    own.map(|c| &c.command).collect()
}

fn finish(watcher: Watcher, player: PlayerId, replay: &Replay, file: &str) -> Extracted {
    let header = &replay.header;
    let followed = watcher.finish(header.game_loops);
    let seat = usize::from(player.0) - 1;
    let result = header.results.iter().find(|r| r.player == player);
    Extracted {
        episode: Episode {
            subject: Subject {
                replay: file.to_owned(),
                player: player.0,
                agent: header.seats[seat].name.clone(),
                opponent: header.seats[1 - seat].name.clone(),
                map: header.map_name.clone(),
                rating: header.seats[seat].rating,
                result: result.map_or(GameResult::Undecided, |r| r.result),
                game_loops: header.game_loops,
            },
            blocks: Vec::new(),
            z: Some(followed.z),
        },
        steps: followed.steps,
        counts: followed.counts,
    }
}
