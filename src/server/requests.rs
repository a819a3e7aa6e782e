//! Requests one by one: what each needs the server to be at, and who carries it out.

use super::actions;
use super::debugging;
use super::envelope::{
    Answer, Body, ENDED, Handled, NOT_AFTER_END, NOT_IN_GAME, NOT_STARTED, Refusal,
};
use super::queries;
use super::session::{Session, Stage, Table, Who};
use super::setup;
use super::viewer::Parked;
use super::{BUILD, DATA_VERSION, GAME_VERSION};
use crate::files;
use crate::sc2::encode::{DataWanted, data};
use crate::sc2::proto::{self, Request, request::Request as Q, response_save_map};

impl Session {
    /// Carries a request out.
    pub fn handle(&mut self, who: Who, request: Request) -> Handled {
        let answer = self.carry_out(who, request);
        // The answer's status says whether the game is over.
        if let Stage::Playing(table) = &mut self.stage {
            let is_over = table.game.is_over();
            if let Some(viewer) = &mut table.viewers[who as usize] {
                viewer.knows_end = is_over && !matches!(answer, Ok(Answer::Later));
            }
        }
        answer
    }

    fn carry_out(&mut self, who: Who, request: Request) -> Handled {
        let Some(request) = request.request else {
            return Err(Refusal::new("the request is empty"));
        };
        if who == Who::Guest && !is_of_a_guest(&request) {
            return Err(Refusal::new(
                "only the host of a game of two can ask for this",
            ));
        }
        match request {
            Q::CreateGame(m) => self.create_game(&m),
            Q::JoinGame(m) => self.join_game(who, &m),
            Q::RestartGame(_) => self.restart_game(),
            Q::StartReplay(m) => self.start_replay(&m),
            Q::LeaveGame(_) => self.leave_game(who),
            Q::QuickSave(_) => self.quick_save(),
            Q::QuickLoad(_) => self.quick_load(),
            Q::Quit(_) => {
                self.leave(Who::Local);
                self.has_quit = true;
                now(Body::Quit(proto::ResponseQuit {}))
            }
            Q::GameInfo(_) => {
                let (table, i) = self.seated(who)?;
                let viewer = table.viewers[i].as_ref().ok_or_else(not_in_game)?;
                now(Body::GameInfo(viewer.info(&table.game)))
            }
            Q::Observation(m) => self.observation(who, &m),
            Q::Step(m) => self.step(who, &m),
            Q::Action(m) => self.action(who, &m),
            Q::ObsAction(_) => self.obs_action(who),
            Q::Query(m) => self.query(who, &m),
            Q::Data(m) => self.data(who, &m),
            Q::Debug(m) => self.debug(who, &m),
            Q::SaveReplay(_) => self.save_replay(),
            Q::ReplayInfo(m) => now(Body::ReplayInfo(self.replay_info(&m))),
            Q::AvailableMaps(_) => now(Body::AvailableMaps(proto::ResponseAvailableMaps {
                local_map_paths: self.folders.map_list(),
                battlenet_map_names: Vec::new(),
            })),
            Q::SaveMap(m) => now(Body::SaveMap(self.save_map(&m))),
            Q::MapCommand(_) => Err(Refusal::new(
                "map_command: maps of the simulator have no triggers",
            )),
            Q::Ping(_) => now(Body::Ping(proto::ResponsePing {
                game_version: Some(GAME_VERSION.to_owned()),
                data_version: Some(DATA_VERSION.to_owned()),
                data_build: Some(BUILD),
                base_build: Some(BUILD),
            })),
        }
    }

    /// The game somebody is in, running or ended, and their place at it.
    fn seated(&mut self, who: Who) -> Result<(&mut Table, usize), Refusal> {
        match &mut self.stage {
            Stage::Playing(table) if table.viewers[who as usize].is_some() => {
                Ok((&mut **table, who as usize))
            }
            Stage::Playing(_) => Err(not_in_game()),
            Stage::Launched | Stage::Created { .. } => Err(Refusal::new(NOT_STARTED)),
        }
    }

    /// The same while it runs, as far as the client knows: the other player may have ended it meanwhile, and that is told
    /// by a status, not by an error. `ended` is the text for afterwards.
    fn running(&mut self, who: Who, ended: &str) -> Result<(&mut Table, usize), Refusal> {
        let (table, i) = self.seated(who)?;
        let knows_end = table.viewers[i].as_ref().is_some_and(|v| v.knows_end);
        match knows_end {
            true => Err(Refusal::new(ended)),
            false => Ok((table, i)),
        }
    }

    /// The same for who plays, not watches.
    fn playing(&mut self, who: Who) -> Result<(&mut Table, usize), Refusal> {
        let (table, i) = self.running(who, NOT_AFTER_END)?;
        let watches = table.viewers[i].as_ref().is_some_and(|v| v.is_observer);
        match watches {
            true => Err(Refusal::new("Not supported for who watches")),
            false => Ok((table, i)),
        }
    }

    fn create_game(&mut self, request: &proto::RequestCreateGame) -> Handled {
        if let Stage::Playing(table) = &self.stage
            && table.is_shared
            && !table.game.is_over()
        {
            return Err(Refusal::new(
                "a game with another player is going on: leave it first",
            ));
        }
        let seed = self.next_seed();
        let body = match setup::setup(request, &self.folders, seed) {
            Ok(setup) => {
                self.leave(Who::Local);
                self.stage = Stage::Created {
                    setup: setup.into(),
                    joins: Box::new([None, None]),
                };
                proto::ResponseCreateGame::default()
            }
            Err(fault) => fault.response(),
        };
        now(Body::CreateGame(body))
    }

    fn restart_game(&mut self) -> Handled {
        let (table, i) = self.seated(Who::Local)?;
        if table.is_shared || table.game.is_replay() {
            return Err(Refusal::new("restart_game: games of one player only"));
        }
        let mut body = proto::ResponseRestartGame::default();
        match table.game.restart() {
            Ok(()) => table.saved = None,
            Err(why) => {
                body.error = Some(proto::response_restart_game::Error::LaunchError as i32);
                body.error_details = Some(why.to_string());
            }
        }
        if let Some(viewer) = &mut table.viewers[i] {
            viewer.parked = None;
        }
        now(Body::RestartGame(body))
    }

    fn leave_game(&mut self, who: Who) -> Handled {
        if matches!(self.stage, Stage::Launched) && who == Who::Local {
            return Err(Refusal::new(NOT_IN_GAME));
        }
        self.leave(who);
        now(Body::LeaveGame(proto::ResponseLeaveGame {}))
    }

    fn quick_save(&mut self) -> Handled {
        let (table, _) = self.playing(Who::Local)?;
        alone_and_unaltered(table)?;
        table.saved = Some((table.game.game_loop(), table.game.commands.len()));
        now(Body::QuickSave(proto::ResponseQuickSave {}))
    }

    /// Goes back to the saved moment by playing the game again up to there.
    fn quick_load(&mut self) -> Handled {
        let (table, _) = self.seated(Who::Local)?;
        alone_and_unaltered(table)?;
        let Some((game_loop, n_commands)) = table.saved else {
            return Err(Refusal::new("quick_load: nothing has been saved"));
        };
        let rewound = table.game.rewound(game_loop, n_commands);
        table.game = rewound.map_err(|why| Refusal(format!("quick_load: {why}")))?;
        now(Body::QuickLoad(proto::ResponseQuickLoad {}))
    }

    fn observation(&mut self, who: Who, request: &proto::RequestObservation) -> Handled {
        let (table, i) = self.seated(who)?;
        let (at, disable_fog) = (request.game_loop(), request.disable_fog());
        let waits = table.game.is_realtime() && at > table.game.game_loop();
        let viewer = table.viewers[i].as_mut().ok_or_else(not_in_game)?;
        if waits && !table.game.is_over() {
            viewer.parked = Some(Parked::Observation { at, disable_fog });
            return Ok(Answer::Later);
        }
        now(Body::Observation(viewer.look(&mut table.game, disable_fog)))
    }

    fn step(&mut self, who: Who, request: &proto::RequestStep) -> Handled {
        let (table, i) = self.running(who, ENDED)?;
        if table.game.is_realtime() {
            return Err(Refusal::new("step: the game runs in real time"));
        }
        let until = table
            .game
            .game_loop()
            .saturating_add(request.count().max(1));
        let viewer = table.viewers[i].as_mut().ok_or_else(not_in_game)?;
        viewer.parked = Some(Parked::Step(until));
        Ok(Answer::Later)
    }

    fn action(&mut self, who: Who, request: &proto::RequestAction) -> Handled {
        let (table, i) = self.playing(who)?;
        let viewer = table.viewers[i].as_ref().ok_or_else(not_in_game)?;
        let result = actions::act(&mut table.game, viewer, &request.actions);
        now(Body::Action(proto::ResponseAction { result }))
    }

    /// There is no picture whose camera could be moved: accepted, without effect.
    fn obs_action(&mut self, who: Who) -> Handled {
        let (table, i) = self.running(who, NOT_AFTER_END)?;
        match table.viewers[i].as_ref().is_some_and(|v| v.is_observer) {
            true => now(Body::ObsAction(proto::ResponseObserverAction {})),
            false => Err(Refusal::new("obs_action: for who watches only")),
        }
    }

    fn query(&mut self, who: Who, request: &proto::RequestQuery) -> Handled {
        let (table, i) = self.running(who, NOT_AFTER_END)?;
        let viewer = table.viewers[i].as_ref().ok_or_else(not_in_game)?;
        now(Body::Query(queries::answer(
            &mut table.game,
            viewer,
            request,
        )))
    }

    fn data(&mut self, who: Who, request: &proto::RequestData) -> Handled {
        self.seated(who)?;
        now(Body::Data(data(DataWanted {
            abilities: request.ability_id(),
            units: request.unit_type_id(),
            upgrades: request.upgrade_id(),
            buffs: request.buff_id(),
            effects: request.effect_id(),
        })))
    }

    fn debug(&mut self, who: Who, request: &proto::RequestDebug) -> Handled {
        let (table, i) = self.playing(who)?;
        let viewer = table.viewers[i].as_ref().ok_or_else(not_in_game)?;
        debugging::debug(&mut table.game, viewer, &request.debug)?;
        now(Body::Debug(proto::ResponseDebug {}))
    }

    fn save_map(&self, request: &proto::RequestSaveMap) -> proto::ResponseSaveMap {
        let path = request.map_path();
        let data = request.map_data.as_deref().unwrap_or_default();
        let file = self.folders.temp_file(path);
        let is_map = setup::decode(data, path.as_ref()).is_ok();
        let saved = is_map && file.is_some_and(|file| files::write_atomic(&file, data).is_ok());
        proto::ResponseSaveMap {
            error: (!saved).then_some(response_save_map::Error::InvalidMapData as i32),
        }
    }
}

pub(super) fn now(body: Body) -> Handled {
    Ok(Answer::Now(Box::new(body)))
}

fn not_in_game() -> Refusal {
    Refusal::new(NOT_IN_GAME)
}

fn alone_and_unaltered(table: &Table) -> Result<(), Refusal> {
    if table.is_shared || table.game.is_replay() {
        return Err(Refusal::new(
            "quick_save and quick_load: games of one player only",
        ));
    }
    match table.game.is_altered {
        true => Err(Refusal::new(
            "quick_save and quick_load: not after debug commands, which cannot be played again",
        )),
        false => Ok(()),
    }
}

/// What a guest's process does not answer itself.
fn is_of_a_guest(request: &Q) -> bool {
    matches!(
        request,
        Q::JoinGame(_)
            | Q::LeaveGame(_)
            | Q::GameInfo(_)
            | Q::Observation(_)
            | Q::Step(_)
            | Q::Action(_)
            | Q::Query(_)
            | Q::Data(_)
            | Q::Debug(_)
            | Q::SaveReplay(_)
    )
}
