//! One player's steps out of looks and commands, wherever these come from.
//!
//! A step stands at each loop at which the player gave a command; `skip_loops` is the way to the next one. Where that is
//! longer than `no_op_loops` (at most what the head can say), no-ops stand in between, and at loop 0 one does, because an
//! agent looks there first. They also teach when there is nothing to do: without them an agent that looks too early has
//! never seen such a moment, and does something.
//! Of several commands in one loop the first counts. Commands outside the action space are left out and counted.

use super::shard::Counts;
use crate::action::{Action, Interface, SKIP_LOOPS_MAX, SKIP_LOOPS_MIN, Specs, Unrepresentable};
use crate::env::EnvError;
use crate::game::{GameInfo, PlayerCommand, RawObservation};
use crate::obs::{Conditioning, Observation, Space};
use crate::trajectory::{Step, Z, ZTracker};

/// Follows one player.
pub(super) struct Watcher {
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

/// What became of it.
pub(super) struct Followed {
    pub steps: Vec<Step>,
    pub counts: Counts,
    pub z: Z,
}

impl Watcher {
    pub fn new(info: &GameInfo, specs: &Specs, no_op_loops: u16) -> Watcher {
        Watcher {
            no_op_loops: no_op_loops.clamp(SKIP_LOOPS_MIN, SKIP_LOOPS_MAX).into(),
            interface: Interface::new(specs, info, Conditioning::default()),
            raw: RawObservation::default(),
            built: ZTracker::new(Space::new(&info.map, specs.action.target_grid)),
            steps: Vec::new(),
            looked: Vec::new(),
            counts: Counts::default(),
        }
    }

    /// The loop at which a no-op becomes due unless a command comes before.
    pub fn next_no_op(&self) -> u32 {
        self.looked.last().map_or(0, |l| l + self.no_op_loops)
    }

    /// Makes a step of the loop `now` if the player gave commands (`own`) in it, or a no-op is due; only then `observe` is
    /// called.
    ///
    /// # Errors
    /// Those of `observe`.
    pub fn look(
        &mut self,
        now: u32,
        own: &[&PlayerCommand],
        observe: impl FnOnce(&mut RawObservation) -> Result<(), EnvError>,
    ) -> Result<(), EnvError> {
        let no_op_due = now >= self.next_no_op();
        if own.is_empty() && !no_op_due {
            return Ok(());
        }
        if self.is_too_soon(now) && !own.is_empty() {
            self.take_back_no_op();
        }
        if self.is_too_soon(now) {
            self.leave_out("sooner than the action space can look again", own.len());
            return Ok(());
        }
        self.close_last(now);
        let mut obs = Observation::default();
        observe(&mut self.raw)?;
        self.interface.observe(&self.raw, &mut obs);
        self.built.observe(&self.raw);
        let action = self.choose(own, &obs);
        if action.is_none() && !no_op_due {
            return Ok(());
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
        Ok(())
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
    fn choose(&mut self, own: &[&PlayerCommand], obs: &Observation) -> Option<Action> {
        let mut action = None;
        for command in own {
            if action.is_some() {
                self.leave_out("second command in a loop", 1);
                continue;
            }
            let codec = self.interface.codec();
            match codec.encode(command, SKIP_LOOPS_MIN.into(), obs) {
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

    /// All steps of a game that ended at `game_loops`.
    pub fn finish(mut self, game_loops: u32) -> Followed {
        self.close_last(game_loops);
        self.counts.steps = self.steps.len() as u64;
        Followed {
            z: self.built.z().clone(),
            steps: self.steps,
            counts: self.counts,
        }
    }
}
