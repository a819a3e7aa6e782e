//! What a server is doing, as a state machine: requests in, answers out, no sockets. `requests` has the table of who may
//! ask what when.

use super::envelope::{Answer, Body, Refusal};
use super::folders::Folders;
use super::game::{Game, PLAYERS, seats_of};
use super::joining::Join;
use super::setup::{SeatSetup, Setup};
use super::viewer::{Eyes, Parked, Viewer};
use crate::game::Seed;
use crate::sc2::proto::{ResponseJoinGame, ResponseStep, Status, response_join_game};
use crate::sim::Seat;
use std::sync::Arc;
use std::time::Duration;

/// Who asks: the client of this process, or the other process's, whose requests come over the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Local,
    Guest,
}

impl Who {
    pub const BOTH: [Who; 2] = [Who::Local, Who::Guest];
}

/// What the process is at.
pub(super) enum Stage {
    Launched,
    Created {
        setup: Arc<Setup>,
        /// Who has asked to join so far, while another participant is waited for.
        joins: Box<[Option<Join>; 2]>,
    },
    Playing(Box<Table>),
}

/// A game and who sits at it. [`Who`] indexes the viewers.
pub(super) struct Table {
    pub game: Game,
    pub viewers: [Option<Viewer>; 2],
    /// More than one client plays.
    pub is_shared: bool,
    /// The other process has been told how the game ended.
    pub is_told: bool,
    /// `quick_save`: loop and number of commands.
    pub saved: Option<(u32, usize)>,
}

/// Everything a server knows.
pub(super) struct Session {
    pub folders: Folders,
    entropy: Seed,
    games: u64,
    pub stage: Stage,
    pub has_quit: bool,
    /// Answers to requests that had to wait.
    answers: Vec<(Who, Result<Body, Refusal>)>,
}

impl Session {
    pub fn new(folders: Folders, entropy: Seed) -> Session {
        Session {
            folders,
            entropy,
            games: 0,
            stage: Stage::Launched,
            has_quit: false,
            answers: Vec::new(),
        }
    }

    /// A seed for a game that names none.
    pub fn next_seed(&mut self) -> Seed {
        self.games += 1;
        self.entropy.fork("game", self.games)
    }

    pub fn status(&self, who: Who) -> Status {
        if self.has_quit {
            return Status::Quit;
        }
        match (&self.stage, who) {
            (Stage::Launched, Who::Local) => Status::Launched,
            (Stage::Created { .. }, Who::Local) => Status::InitGame,
            (Stage::Playing(table), _) if table.game.is_over() => Status::Ended,
            (Stage::Playing(table), _) if table.game.is_replay() => Status::InReplay,
            (Stage::Playing(_), _) => Status::InGame,
            (_, Who::Guest) => Status::Ended,
        }
    }

    /// Answers that have become ready.
    pub fn take_answers(&mut self) -> Vec<(Who, Result<Body, Refusal>)> {
        std::mem::take(&mut self.answers)
    }

    /// Somebody whose request waits is gone, or a whole client: nothing waits for them any more.
    pub fn gone(&mut self, who: Who) {
        match &mut self.stage {
            Stage::Created { joins, .. } => {
                joins[who as usize] = None;
            }
            Stage::Playing(table) if table.is_shared => self.leave(who),
            Stage::Playing(table) => {
                if let Some(viewer) = &mut table.viewers[who as usize] {
                    viewer.parked = None;
                }
            }
            Stage::Launched => {}
        }
    }

    /// A participant leaves: a defeat if the game still runs. The local client's leaving ends the table.
    pub fn leave(&mut self, who: Who) {
        if let Stage::Playing(table) = &mut self.stage {
            if let Some(viewer) = table.viewers[who as usize].take()
                && !viewer.is_observer
            {
                table.game.leave(viewer.player);
            }
            self.settle();
        }
        if who == Who::Local && !self.must_tell() {
            self.stage = Stage::Launched;
        }
    }

    /// The other process has to be told first how its game ended.
    pub fn must_tell(&self) -> bool {
        match &self.stage {
            Stage::Playing(table) => {
                table.game.is_over()
                    && table.viewers[Who::Guest as usize].is_some()
                    && !table.is_told
            }
            _ => false,
        }
    }

    /// What the other process needs to answer its client when this one is gone: the last look.
    pub fn farewell(&mut self) -> Option<crate::sc2::proto::ResponseObservation> {
        let Stage::Playing(table) = &mut self.stage else {
            return None;
        };
        let viewer = table.viewers[Who::Guest as usize].as_mut()?;
        table.is_told = true;
        let look = viewer.look(&mut table.game, false);
        if table.viewers[Who::Local as usize].is_none() {
            self.stage = Stage::Launched;
        }
        Some(look)
    }

    /// Whether loops can be run now without anybody asking for more.
    pub fn can_run(&self) -> bool {
        match &self.stage {
            Stage::Playing(table) => !table.game.is_over() && table.next_target().is_some(),
            _ => false,
        }
    }

    /// How long nothing will be due: until a realtime game's next loop.
    pub fn idle_time(&self) -> Option<Duration> {
        match &self.stage {
            Stage::Playing(table) if !table.game.is_over() => table.game.until_next_loop(),
            _ => None,
        }
    }

    /// Runs the game on as far as everybody allows, `loops_max` loops at most, and answers who has waited for it.
    pub fn advance(&mut self, loops_max: u32) {
        let Stage::Playing(table) = &mut self.stage else {
            return;
        };
        let until = match table.game.due_loop() {
            Some(due) => Some(due),
            None => table.next_target(),
        };
        if let Some(until) = until {
            table.game.run(until, loops_max);
        }
        self.settle();
    }

    /// Nobody is connected: a realtime game waits.
    pub fn hold(&mut self) {
        if let Stage::Playing(table) = &mut self.stage {
            table.game.hold();
        }
    }

    /// Answers those whose wait is over.
    fn settle(&mut self) {
        let Stage::Playing(table) = &mut self.stage else {
            return;
        };
        for who in Who::BOTH {
            if let Some(answer) = table.settled(who) {
                self.answers.push((who, answer));
            }
        }
    }

    /// Somebody joins a created game; it begins when all participants have.
    pub fn seat_down(&mut self, who: Who, join: Join) -> Answer {
        let Stage::Created { setup, joins } = &mut self.stage else {
            let text = "no game waits for players".to_owned();
            let error = response_join_game::Error::OtherError;
            return Answer::Now(Box::new(join_error(error, text)));
        };
        joins[who as usize] = Some(join);
        let waiting = joins.iter().flatten().count();
        if waiting < setup.participants() {
            return Answer::Later;
        }
        let (setup, joins) = (setup.clone(), joins.clone());
        match begin(setup.clone(), &joins) {
            Ok(table) => {
                for (i, who) in Who::BOTH.into_iter().enumerate() {
                    if let Some(viewer) = &table.viewers[i] {
                        self.answers.push((who, Ok(joined(viewer))));
                    }
                }
                self.stage = Stage::Playing(Box::new(table));
            }
            Err(text) => {
                for (i, who) in Who::BOTH.into_iter().enumerate() {
                    if joins[i].is_some() {
                        let body = join_error(response_join_game::Error::LaunchError, text.clone());
                        self.answers.push((who, Ok(body)));
                    }
                }
                self.stage = Stage::Created {
                    setup,
                    joins: Box::new([None, None]),
                };
            }
        }
        Answer::Later
    }
}

impl Table {
    /// A table with the local client alone.
    pub fn alone(game: Game, viewer: Viewer) -> Table {
        Table {
            game,
            viewers: [Some(viewer), None],
            is_shared: false,
            is_told: false,
            saved: None,
        }
    }

    /// The loop up to which everybody who plays has asked to run: none while one has not.
    fn next_target(&self) -> Option<u32> {
        if self.game.is_realtime() {
            return None;
        }
        let targets = self.viewers.iter().flatten().map(|v| match v.parked {
            Some(Parked::Step(until)) => Some(until),
            _ => None,
        });
        let targets: Option<Vec<u32>> = targets.collect();
        targets?.into_iter().min()
    }

    /// The answer to a parked request that need not wait any longer.
    fn settled(&mut self, who: Who) -> Option<Result<Body, Refusal>> {
        let viewer = self.viewers[who as usize].as_mut()?;
        let (now, over) = (self.game.game_loop(), self.game.is_over());
        let fault = self.game.fault().map(str::to_owned);
        match viewer.parked? {
            Parked::Step(until) | Parked::Observation { at: until, .. }
                if now < until && !over && fault.is_none() =>
            {
                None
            }
            Parked::Step(_) => {
                viewer.parked = None;
                viewer.knows_end |= over;
                Some(match fault {
                    Some(text) => Err(Refusal(text)),
                    None => Ok(Body::Step(ResponseStep {
                        simulation_loop: Some(now),
                    })),
                })
            }
            Parked::Observation { disable_fog, .. } => {
                viewer.parked = None;
                viewer.knows_end |= over;
                let look = viewer.look(&mut self.game, disable_fog);
                Some(Ok(Body::Observation(look)))
            }
        }
    }
}

fn joined(viewer: &Viewer) -> Body {
    Body::JoinGame(ResponseJoinGame {
        player_id: Some(viewer.player.0.into()),
        error: None,
        error_details: None,
    })
}

pub(super) fn join_error(error: response_join_game::Error, details: String) -> Body {
    Body::JoinGame(ResponseJoinGame {
        player_id: None,
        error: Some(error as i32),
        error_details: Some(details),
    })
}

/// Sets the game up with those who have joined: the host is the first participant, the guest the second.
fn begin(setup: Arc<Setup>, joins: &[Option<Join>; 2]) -> Result<Table, String> {
    let participants: Vec<Seat> = joins
        .iter()
        .flatten()
        .filter_map(|join| join.race.map(|race| (race, join)))
        .map(|(race, join)| Seat::Participant {
            race,
            name: join.name.clone(),
        })
        .collect();
    let seats = seats_of(&setup, &participants);
    let game = Game::new(setup.clone(), seats).map_err(|why| why.to_string())?;
    let mut free = setup
        .seats
        .iter()
        .zip(PLAYERS)
        .filter(|(seat, _)| **seat == SeatSetup::Participant)
        .map(|(_, player)| player);
    let mut viewers = [None, None];
    for (slot, join) in viewers.iter_mut().zip(joins) {
        if let Some(join) = join {
            let eyes = match join.race {
                Some(_) => Eyes::Player(free.next().ok_or("the game is full")?),
                None => join.eyes,
            };
            *slot = Some(Viewer::new(&game, eyes, &join.options));
        }
    }
    let is_shared = viewers.iter().flatten().count() > 1;
    Ok(Table {
        game,
        viewers,
        is_shared,
        is_told: false,
        saved: None,
    })
}

impl Session {
    /// Whether somebody of another process plays, or waits to.
    pub fn has_guest(&self) -> bool {
        let guest = Who::Guest as usize;
        match &self.stage {
            Stage::Launched => false,
            Stage::Created { joins, .. } => joins[guest].is_some(),
            Stage::Playing(table) => table.viewers[guest].is_some(),
        }
    }

    /// The port at which the other participant's process is waited for, if it is.
    pub fn guest_port(&self) -> Option<u16> {
        match &self.stage {
            Stage::Created { joins, .. } => joins[Who::Local as usize].as_ref()?.port,
            _ => None,
        }
    }
}
