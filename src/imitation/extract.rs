//! A replay's players as steps: what each saw at each of its commands, and the command as an action.
//!
//! A step stands at each loop at which the player gave a command; `skip_loops` is the way to the next one. Where that is
//! longer than `no_op_loops` (at most what the head can say), no-ops stand in between, and at loop 0 one does, because an
//! agent looks there first. They also teach when there is nothing to do: without them an agent that looks too early has
//! never seen such a moment, and does something.
//! Of several commands in one loop the first counts. Commands outside the action space are left out and counted.

use super::shard::{Counts, Episode};
use crate::action::{Action, Interface, SKIP_LOOPS_MAX, SKIP_LOOPS_MIN, Specs, Unrepresentable};
use crate::env::{EnvError, PLAYERS, Playback};
use crate::game::{GameResult, PlayerId, RawObservation};
use crate::obs::{Conditioning, Observation, Space};
use crate::replay::{Controller, Replay, TimedCommand};
use crate::trajectory::{Step, ZTracker};

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
    let no_op_loops = no_op_loops.clamp(SKIP_LOOPS_MIN, SKIP_LOOPS_MAX);
    let mut playback = Playback::new(replay)?;
    let mut watchers: Vec<Watcher> = PLAYERS
        .into_iter()
        .filter(|p| is_participant(replay, *p))
        .map(|p| Watcher::new(&playback, p, specs, no_op_loops))
        .collect();
    while !playback.is_over() {
        let now = playback.env().game_loop();
        let due = playback.due();
        let mut next = replay.header.game_loops;
        for watcher in &mut watchers {
            watcher.look(&mut playback, due);
            next = next.min(watcher.next_no_op());
        }
        let upcoming = replay.commands[playback.n_submitted() + due.len()..]
            .first()
            .map_or(next, |c| c.game_loop);
        playback.advance(next.min(upcoming).max(now + 1))?;
    }
    playback.finish()?;
    Ok(watchers
        .into_iter()
        .map(|w| w.finish(replay, file))
        .collect())
}

fn is_participant(replay: &Replay, player: PlayerId) -> bool {
    let seat = &replay.header.seats[usize::from(player.0) - 1];
    matches!(seat.controller, Controller::Participant)
}

/// Follows one player.
struct Watcher {
    player: PlayerId,
    no_op_loops: u32,
    interface: Interface,
    raw: RawObservation,
    /// What the player built, as seen at its steps: what a reward for it would count too.
    built: ZTracker,
    steps: Vec<Step>,
    /// Loops of the steps.
    looked: Vec<u32>,
    counts: Counts,
}

impl Watcher {
    fn new(playback: &Playback, player: PlayerId, specs: &Specs, no_op_loops: u16) -> Watcher {
        let info = playback.env().game_info(player);
        Watcher {
            player,
            no_op_loops: u32::from(no_op_loops),
            interface: Interface::new(specs, &info, Conditioning::default()),
            raw: RawObservation::default(),
            built: ZTracker::new(Space::new(&info.map, specs.action.target_grid)),
            steps: Vec::new(),
            looked: Vec::new(),
            counts: Counts::default(),
        }
    }

    /// The loop at which a no-op becomes due unless a command comes before.
    fn next_no_op(&self) -> u32 {
        self.looked.last().map_or(0, |l| l + self.no_op_loops)
    }

    /// Makes a step of the present loop if the player gave a command in it, or a no-op is due.
    fn look(&mut self, playback: &mut Playback, due: &[TimedCommand]) {
        let now = playback.env().game_loop();
        let own: Vec<&TimedCommand> = due.iter().filter(|c| c.player == self.player).collect();
        let no_op_due = now >= self.next_no_op();
        if own.is_empty() && !no_op_due {
            return;
        }
        if self.is_too_soon(now) && !own.is_empty() {
            self.take_back_no_op();
        }
        if self.is_too_soon(now) {
            self.leave_out("sooner than the action space can look again", own.len());
            return;
        }
        self.close_last(now);
        let mut obs = Observation::default();
        playback.observe(self.player, &mut self.raw);
        self.interface.observe(&self.raw, &mut obs);
        self.built.observe(&self.raw);
        let action = self.choose(&own, &obs);
        if action.is_none() && !no_op_due {
            return;
        }
        self.counts.no_ops += u64::from(action.is_none());
        for (sum, n) in self.counts.overflow.iter_mut().zip(obs.overflow) {
            *sum += u64::from(n);
        }
        self.looked.push(now);
        self.steps.push(Step {
            reset: self.steps.is_empty(),
            obs,
            action: action.unwrap_or_default(),
            behavior: None,
        });
    }

    /// True if the action space cannot look again so soon after the last step.
    fn is_too_soon(&self, now: u32) -> bool {
        let last = self.looked.last();
        last.is_some_and(|&l| now < l + u32::from(SKIP_LOOPS_MIN))
    }

    /// A no-op is ours, the command right behind it the player's: the no-op gives way, so that the command is kept.
    fn take_back_no_op(&mut self) {
        if self.steps.last().is_some_and(|s| s.action.function == 0) {
            self.steps.pop();
            self.looked.pop();
            self.counts.no_ops -= 1;
        }
    }

    /// The first command of a loop that the action space can say.
    fn choose(&mut self, own: &[&TimedCommand], obs: &Observation) -> Option<Action> {
        let mut action = None;
        for due in own {
            if action.is_some() {
                self.leave_out("second command in a loop", 1);
                continue;
            }
            match self
                .interface
                .codec()
                .encode(&due.command, SKIP_LOOPS_MIN.into(), obs)
            {
                Ok((found, dropped)) => {
                    self.leave_out("some units of a command", usize::from(dropped > 0));
                    action = Some(found);
                }
                // Cameras and chat are no decisions about the game.
                Err(Unrepresentable::NotAnOrder) => {}
                Err(reason) => self.leave_out(&reason.to_string(), 1),
            }
        }
        action
    }

    fn leave_out(&mut self, reason: &str, n: usize) {
        if n > 0 {
            *self.counts.left_out.entry(reason.to_owned()).or_default() += n as u64;
        }
    }

    /// Fills in how long the last step waited, and tells the encoder of it as an agent tells its own.
    fn close_last(&mut self, now: u32) {
        let (Some(step), Some(&at)) = (self.steps.last_mut(), self.looked.last()) else {
            return;
        };
        let bounds = u32::from(SKIP_LOOPS_MIN)..=u32::from(SKIP_LOOPS_MAX);
        step.action.skip_loops = (now - at).clamp(*bounds.start(), *bounds.end()) as u16;
        self.interface.record(&step.action, &step.obs);
    }

    fn finish(mut self, replay: &Replay, file: &str) -> Extracted {
        let header = &replay.header;
        self.close_last(header.game_loops);
        self.counts.steps = self.steps.len() as u64;
        let seat = usize::from(self.player.0) - 1;
        let result = header.results.iter().find(|r| r.player == self.player);
        Extracted {
            episode: Episode {
                replay: file.to_owned(),
                player: self.player.0,
                agent: header.seats[seat].name.clone(),
                opponent: header.seats[1 - seat].name.clone(),
                map: header.map_name.clone(),
                rating: header.seats[seat].rating,
                result: result.map_or(GameResult::Undecided, |r| r.result),
                game_loops: header.game_loops,
                blocks: Vec::new(),
                z: Some(self.built.z().clone()),
            },
            steps: self.steps,
            counts: self.counts,
        }
    }
}
