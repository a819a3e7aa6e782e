//! A running game of StarCraft II.

use super::table::Table;
use crate::env::{Env, EnvError};
use crate::game::{
    ActionResult, GameInfo, MapData, PlayerCommand, PlayerId, PlayerResult, RawObservation,
};
use crate::sc2::client::{ClientError, requests};
use crate::sc2::convert;
use crate::sc2::proto::{
    RequestAction, RequestObservation, RequestSaveReplay, RequestStep, ResponseObservation,
    request::Request as Q, response::Response as Body,
};
use std::sync::Arc;

/// A game over the API. Both clients step together: the game waits for the slower one.
pub struct Sc2Env<'a> {
    table: Table<'a>,
    map: Arc<MapData>,
    game_loop: u32,
    results: Vec<PlayerResult>,
    /// Looks that were taken to learn the results, for whoever looks next: what has happened is told once.
    last_looks: Vec<Option<ResponseObservation>>,
    /// The game writes grids as it did before 4.8.
    is_old_format: bool,
}

impl<'a> Sc2Env<'a> {
    pub(super) fn new(table: Table<'a>, map: Arc<MapData>) -> Sc2Env<'a> {
        let old = |c: &super::table::Client| convert::is_old_format(&c.info);
        Sc2Env {
            is_old_format: table.clients.iter().any(old),
            last_looks: vec![None; table.clients.len()],
            game_loop: 0,
            results: Vec::new(),
            map,
            table,
        }
    }

    /// The system's numbers of this game's processes.
    pub fn process_ids(&self) -> Vec<u32> {
        let clients = self.table.clients.iter();
        clients.map(|c| c.instance.process_id()).collect()
    }

    fn look(&mut self, client: usize) -> Result<ResponseObservation, EnvError> {
        match self
            .table
            .ask(client, Q::Observation(RequestObservation::default()))?
        {
            Body::Observation(look) => Ok(look),
            _ => Err(self.table.lost(requests::other("observation"))),
        }
    }

    /// Everybody's last look, which says how the game ended.
    fn learn_results(&mut self) -> Result<(), EnvError> {
        for i in 0..self.last_looks.len() {
            let look = self.look(i)?;
            if self.results.is_empty() {
                self.results = convert::results(&look);
            }
            if let Some(loops) = look.observation.as_ref().and_then(|o| o.game_loop) {
                self.game_loop = loops;
            }
            self.last_looks[i] = Some(look);
        }
        match self.results.is_empty() {
            true => {
                let why = ClientError::nonsense("observation", "the game is over without a result");
                Err(self.table.lost(why))
            }
            false => Ok(()),
        }
    }

    fn act(
        &mut self,
        client: usize,
        commands: &[PlayerCommand],
    ) -> Result<Vec<ActionResult>, EnvError> {
        let actions = commands.iter().filter_map(requests::action).collect();
        let body = self
            .table
            .ask(client, Q::Action(RequestAction { actions }))?;
        let Body::Action(answer) = body else {
            return Err(self.table.lost(requests::other("action")));
        };
        if answer.result.len() != commands.len() {
            let text = format!(
                "{} results for {} actions",
                answer.result.len(),
                commands.len()
            );
            return Err(self.table.lost(ClientError::nonsense("action", text)));
        }
        let results = answer.result.into_iter();
        Ok(results.map(ActionResult::from_number).collect())
    }
}

impl Env for Sc2Env<'_> {
    fn game_info(&self, player: PlayerId) -> GameInfo {
        let client = self.table.client_of(player).unwrap_or(0);
        let map = self.map.clone();
        let start = map.start_locations.first().copied().unwrap_or_default();
        convert::game_info(&self.table.clients[client].info, map, player, start)
    }

    fn observe(&mut self, player: PlayerId, obs: &mut RawObservation) -> Result<(), EnvError> {
        let client = self.table.client_of(player)?;
        let look = match self.last_looks[client].take() {
            Some(look) => look,
            None => self.look(client)?,
        };
        let size = (self.map.width(), self.map.height_cells());
        let read = convert::observation(&look, size, self.is_old_format, obs);
        read.map_err(|why| self.table.lost(ClientError::nonsense("observation", why)))
    }

    fn submit(
        &mut self,
        player: PlayerId,
        commands: &[PlayerCommand],
    ) -> Result<Vec<ActionResult>, EnvError> {
        let client = self.table.client_of(player)?;
        if self.table.is_over() {
            return Ok(vec![ActionResult::Error; commands.len()]);
        }
        let leaves = |c: &PlayerCommand| *c == PlayerCommand::Leave;
        let Some(at) = commands.iter().position(leaves) else {
            return self.act(client, commands);
        };
        // Giving up ends the game: what comes after it is of no use.
        let mut answers = match at {
            0 => Vec::new(),
            _ => self.act(client, &commands[..at])?,
        };
        self.table.ask(client, requests::surrender())?;
        answers.push(ActionResult::Success);
        answers.resize(commands.len(), ActionResult::Error);
        Ok(answers)
    }

    fn step(&mut self, loops: u32) -> Result<(), EnvError> {
        if !self.results.is_empty() {
            return Ok(());
        }
        if !self.table.is_over() {
            let count = Some(loops);
            let limit = self.table.games.limits.step(loops);
            let bodies = self
                .table
                .ask_all(|| Q::Step(RequestStep { count }), limit)?;
            let reached = match &bodies[0] {
                Body::Step(step) => step.simulation_loop,
                _ => return Err(self.table.lost(requests::other("step"))),
            };
            self.game_loop = reached.unwrap_or(self.game_loop + loops);
        }
        match self.table.is_over() {
            true => self.learn_results(),
            false => Ok(()),
        }
    }

    fn game_loop(&self) -> u32 {
        self.game_loop
    }

    fn results(&self) -> &[PlayerResult] {
        &self.results
    }

    fn state_hash(&self) -> Option<u64> {
        None
    }

    fn save_replay(&mut self) -> Result<Option<Vec<u8>>, EnvError> {
        let body = self.table.ask(0, Q::SaveReplay(RequestSaveReplay {}))?;
        match body {
            Body::SaveReplay(saved) => Ok(saved.data.map(|data| data.to_vec())),
            _ => Err(self.table.lost(requests::other("save_replay"))),
        }
    }
}
