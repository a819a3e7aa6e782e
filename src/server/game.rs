//! One game on the simulator: run by loops, its commands kept for the replay, or fed from one.

use super::setup::{SeatSetup, Setup};
use crate::game::{
    ActionResult, GameResult, LOOPS_PER_SECOND, PlayerCommand, PlayerId, PlayerResult,
};
use crate::replay::{Replay, TimedCommand};
use crate::sim::path::Pathfinder;
use crate::sim::{Seat, Sim, SimConfig, SimError};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Both players' ids.
pub(super) const PLAYERS: [PlayerId; 2] = [PlayerId(1), PlayerId(2)];
/// A realtime game that falls behind by more than this gives up catching up.
const BEHIND_LOOPS_MAX: u32 = 22;

/// A game, or a replay being watched.
pub(super) struct Game {
    pub sim: Sim,
    pub setup: Arc<Setup>,
    seats: [Seat; 2],
    /// Accepted commands so far, in the order submitted.
    pub commands: Vec<TimedCommand>,
    /// Debug commands have changed what the commands alone do not say.
    pub is_altered: bool,
    feed: Option<Feed>,
    clock: Option<Clock>,
    paths: Option<(u32, Pathfinder)>,
    restarts: u64,
}

/// Where the commands of a replay come from.
struct Feed {
    replay: Arc<Replay>,
    next: usize,
    /// The game did not take a recorded command.
    fault: Option<String>,
}

/// When the loops of a realtime game are due.
struct Clock {
    since: Instant,
    from: u32,
}

impl Game {
    /// Sets a game up at loop 0.
    pub fn new(setup: Arc<Setup>, seats: [Seat; 2]) -> Result<Game, SimError> {
        let sim = Sim::new(config(&setup, &seats, 0))?;
        let clock = setup.realtime.then(|| Clock::start(0));
        Ok(Game {
            sim,
            setup,
            seats,
            commands: Vec::new(),
            is_altered: false,
            feed: None,
            clock,
            paths: None,
            restarts: 0,
        })
    }

    /// A replay at loop 0.
    pub fn watch(
        setup: Arc<Setup>,
        seats: [Seat; 2],
        replay: Arc<Replay>,
    ) -> Result<Game, SimError> {
        let mut game = Game::new(setup, seats)?;
        game.feed = Some(Feed {
            replay,
            next: 0,
            fault: None,
        });
        Ok(game)
    }

    /// The same players on the same map from loop 0, with another seed.
    pub fn restart(&mut self) -> Result<(), SimError> {
        let restarts = self.restarts + 1;
        let mut fresh = Game::new(self.setup.clone(), self.seats.clone())?;
        fresh.sim = Sim::new(config(&self.setup, &self.seats, restarts))?;
        fresh.restarts = restarts;
        *self = fresh;
        Ok(())
    }

    /// The game as it stood after the first `n_commands` commands at `game_loop`, played again up to there.
    pub fn rewound(&self, game_loop: u32, n_commands: usize) -> Result<Game, SimError> {
        let mut game = Game::new(self.setup.clone(), self.seats.clone())?;
        game.sim = Sim::new(config(&self.setup, &self.seats, self.restarts))?;
        game.restarts = self.restarts;
        for due in &self.commands[..n_commands.min(self.commands.len())] {
            let now = game.game_loop();
            game.sim
                .step(due.game_loop.min(game_loop).saturating_sub(now));
            game.submit(due.player, &due.command);
        }
        let now = game.game_loop();
        game.sim.step(game_loop.saturating_sub(now));
        if game.clock.is_some() {
            game.clock = Some(Clock::start(game_loop));
        }
        Ok(game)
    }

    pub fn seats(&self) -> &[Seat; 2] {
        &self.seats
    }

    pub fn seed(&self) -> crate::game::Seed {
        self.sim.config().seed
    }

    pub fn game_loop(&self) -> u32 {
        self.sim.game_loop()
    }

    pub fn is_replay(&self) -> bool {
        self.feed.is_some()
    }

    pub fn is_realtime(&self) -> bool {
        self.clock.is_some()
    }

    pub fn is_over(&self) -> bool {
        let recorded_end = self.feed.as_ref().map(|f| f.replay.header.game_loops);
        !self.sim.results().is_empty() || recorded_end.is_some_and(|end| self.game_loop() >= end)
    }

    /// Why the replay cannot be watched any further.
    pub fn fault(&self) -> Option<&str> {
        self.feed.as_ref()?.fault.as_deref()
    }

    /// Both players' results by id; empty while the game runs.
    pub fn results(&self) -> Vec<PlayerResult> {
        if !self.sim.results().is_empty() {
            return self.sim.results().to_vec();
        }
        match &self.feed {
            Some(feed) if self.is_over() => {
                let recorded = &feed.replay.header.results;
                let result = |player| {
                    let own = recorded.iter().find(|r| r.player == player);
                    PlayerResult {
                        player,
                        result: own.map_or(GameResult::Undecided, |r| r.result),
                    }
                };
                PLAYERS.map(result).to_vec()
            }
            _ => Vec::new(),
        }
    }

    /// Checks a command and keeps it for the next loop.
    pub fn submit(&mut self, player: PlayerId, command: &PlayerCommand) -> ActionResult {
        let answer = self.sim.submit(player, command);
        if answer == ActionResult::Success {
            self.commands.push(TimedCommand {
                game_loop: self.game_loop(),
                player,
                command: command.clone(),
            });
        }
        answer
    }

    /// A player gives up; the game is over when this returns.
    pub fn leave(&mut self, player: PlayerId) {
        if !self.is_over() && !self.is_replay() {
            self.submit(player, &PlayerCommand::Leave);
            self.sim.step(1);
        }
    }

    /// Runs up to loop `until` or the end, `loops_max` loops at most.
    pub fn run(&mut self, until: u32, loops_max: u32) {
        let stop = until.min(self.game_loop().saturating_add(loops_max));
        while self.game_loop() < stop && !self.is_over() && self.fault().is_none() {
            let next = self.feed_due();
            let loops = stop.min(next) - self.game_loop();
            self.sim.step(loops.max(1));
        }
    }

    /// Submits a replay's commands of the present loop; the loop of the next one.
    fn feed_due(&mut self) -> u32 {
        let now = self.sim.game_loop();
        let Some(feed) = &mut self.feed else {
            return u32::MAX;
        };
        while let Some(due) = feed.replay.commands.get(feed.next) {
            if due.game_loop > now {
                return due.game_loop.min(feed.replay.header.game_loops);
            }
            let answer = self.sim.submit(due.player, &due.command);
            if answer != ActionResult::Success && feed.fault.is_none() {
                feed.fault = Some(format!(
                    "the replay is of another game: at loop {now} a recorded command of player {} is refused ({answer:?})",
                    due.player.0
                ));
            }
            feed.next += 1;
        }
        feed.replay.header.game_loops
    }

    /// The loop that a realtime game should have reached by now.
    pub fn due_loop(&mut self) -> Option<u32> {
        let now = self.sim.game_loop();
        let clock = self.clock.as_mut()?;
        let passed = clock.since.elapsed().as_secs_f64() * LOOPS_PER_SECOND;
        let due = clock.from.saturating_add(passed as u32);
        if due > now + BEHIND_LOOPS_MAX {
            *clock = Clock::start(now);
            return Some(now + 1);
        }
        Some(due)
    }

    /// How long a realtime game can wait until its next loop.
    pub fn until_next_loop(&self) -> Option<Duration> {
        let clock = self.clock.as_ref()?;
        let next = f64::from(self.game_loop() + 1 - clock.from) / LOOPS_PER_SECOND;
        let at = clock.since + Duration::from_secs_f64(next);
        Some(at.saturating_duration_since(Instant::now()))
    }

    /// Stops a realtime game's clock until it is looked at again: nobody is there.
    pub fn hold(&mut self) {
        let now = self.game_loop();
        if let Some(clock) = &mut self.clock {
            *clock = Clock::start(now);
        }
    }

    /// A path search of its own for questions from outside.
    pub fn paths(&mut self) -> &mut Pathfinder {
        let version = self.sim.path_version();
        match &self.paths {
            Some((known, _)) if *known == version => {}
            _ => self.paths = Some((version, self.sim.path_search())),
        }
        &mut self.paths.as_mut().expect("just made").1
    }
}

impl Clock {
    fn start(from: u32) -> Clock {
        Clock {
            since: Instant::now(),
            from,
        }
    }
}

fn config(setup: &Setup, seats: &[Seat; 2], restarts: u64) -> SimConfig {
    SimConfig {
        map: setup.map.clone(),
        seats: seats.clone(),
        seed: match restarts {
            0 => setup.seed,
            n => setup.seed.fork("restart", n),
        },
        disable_fog: setup.disable_fog,
    }
}

/// The simulator's seats for a setup and its participants, in order.
pub(super) fn seats_of(setup: &Setup, participants: &[Seat]) -> [Seat; 2] {
    let mut waiting = participants.iter();
    setup.seats.map(|seat| match seat {
        SeatSetup::Computer { race, level, build } => Seat::Computer { race, level, build },
        SeatSetup::Participant => waiting.next().cloned().unwrap_or(Seat::Participant {
            race: crate::game::Race::Terran,
            name: String::new(),
        }),
    })
}
