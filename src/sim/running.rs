//! A running game: the public face, and the phases of a game loop.

use super::phase::{Phase, PhaseWatch};
use super::setup::{self, LOOPS_MAX, Seat, SimConfig};
use super::state::State;
use super::{
    SimError, ai, casts, combat, command, economy, observe, orders, production, stalemate, steer,
    vision,
};
use crate::game::{
    ActionResult, GameInfo, GameResult, PlayerCommand, PlayerId, PlayerInfo, PlayerResult,
    RawObservation,
};

/// One game, from loop 0 to its end.
pub struct Sim {
    state: State,
    config: SimConfig,
    minds: [Option<Box<ai::BuiltinAi>>; 2],
    /// The built-in AIs' views.
    looks: [observe::AiLook; 2],
    thoughts: Vec<PlayerCommand>,
    results: Vec<PlayerResult>,
}

impl Sim {
    /// Sets a game up at loop 0.
    ///
    /// # Errors
    /// If the map lacks what a game needs, or a race cannot be played.
    pub fn new(config: SimConfig) -> Result<Sim, SimError> {
        let state = setup::build(&config)?;
        let mut sim = Sim {
            state,
            minds: [None, None],
            looks: Default::default(),
            thoughts: Vec::new(),
            results: Vec::new(),
            config,
        };
        for p in 0..2 {
            if let Seat::Computer { level, build, .. } = sim.config.seats[p] {
                let info = sim.game_info(PlayerId(p as u8 + 1));
                let seed = sim.config.seed.fork("ai", p as u64);
                let race = sim.state.players[p].race;
                let mind = ai::BuiltinAi::new(level, build, race, &info, seed);
                sim.minds[p] = Some(Box::new(mind));
            }
        }
        Ok(sim)
    }

    pub fn config(&self) -> &SimConfig {
        &self.config
    }

    /// Read access to everything, for tests, tools and replays; never for agents.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Write access, for scenarios in tests and for the API's debug commands.
    pub fn state_mut(&mut self) -> &mut State {
        &mut self.state
    }

    pub fn game_loop(&self) -> u32 {
        self.state.game_loop
    }

    /// Both players' results, sorted by id; empty while the game runs.
    pub fn results(&self) -> &[PlayerResult] {
        &self.results
    }

    /// Hash of all state that matters to how the game goes on.
    pub fn state_hash(&self) -> u64 {
        super::hash::state_hash(&self.state)
    }

    /// What `player` knows of the game as a whole. An id that is no player's is taken for player 1.
    pub fn game_info(&self, player: PlayerId) -> GameInfo {
        let me = index(player).unwrap_or(0);
        let players = [0, 1].map(|i| {
            let it = &self.state.players[i];
            PlayerInfo {
                id: it.id,
                race_requested: it.race_requested,
                race_actual: (i == me).then_some(it.race),
                name: it.name.clone(),
                is_computer: it.is_computer,
            }
        });
        let own_start = self.state.players[me].start;
        let starts = self.state.map.start_locations.iter();
        GameInfo {
            map: self.state.map.clone(),
            player: self.state.players[me].id,
            players: players.into(),
            own_start,
            enemy_starts: starts.copied().filter(|&s| s != own_start).collect(),
        }
    }

    /// Checks a command against the state of the last loop and, if it is good, keeps it for the next one.
    pub fn submit(&mut self, player: PlayerId, command: &PlayerCommand) -> ActionResult {
        let Some(p) = index(player) else {
            return ActionResult::Error;
        };
        if !self.results.is_empty() {
            return ActionResult::Error;
        }
        command::submit(&mut self.state, p, command)
    }

    /// Runs `loops` game loops, or fewer if the game ends.
    pub fn step(&mut self, loops: u32) {
        self.step_watched(loops, &mut ());
    }

    /// The same, while `watch` is told of each phase that ends: how `scc bench sim` finds out where time goes.
    pub fn step_watched(&mut self, loops: u32, watch: &mut impl PhaseWatch) {
        for _ in 0..loops {
            if !self.results.is_empty() {
                return;
            }
            self.think(watch);
            run_loop(&mut self.state, watch);
            self.check_end();
        }
    }

    /// Fills `obs` with what `player` sees; what accumulates since the last observation is handed over. An id that is no
    /// player's leaves `obs` as it is.
    pub fn observe_into(&mut self, player: PlayerId, obs: &mut RawObservation) {
        if let Some(p) = index(player) {
            observe::observe(&mut self.state, p, obs);
            obs.results.clear();
            obs.results.extend_from_slice(&self.results);
        }
    }

    fn think(&mut self, watch: &mut impl PhaseWatch) {
        for p in 0..2 {
            let Some(mind) = &mut self.minds[p] else {
                continue;
            };
            // The two players' looks fall on different loops, to spread the work.
            let turn = (self.state.game_loop + p as u32 * ai::THINK_LOOPS / 2)
                .is_multiple_of(ai::THINK_LOOPS);
            if !turn || !mind.wants_look(self.state.game_loop) {
                continue;
            }
            let look = &mut self.looks[p];
            look.refill(&mut self.state, p);
            watch.ended(Phase::Observation);
            self.thoughts.clear();
            mind.think(&look.obs, &mut self.thoughts);
            for thought in &self.thoughts {
                command::submit(&mut self.state, p, thought);
            }
            watch.ended(Phase::Ai);
        }
    }

    /// A player without structures, or who left, is defeated; both at once, too long a game, or a stalemate, is a tie.
    pub(super) fn check_end(&mut self) {
        let out = [0, 1].map(|p| {
            let player = &self.state.players[p];
            player.left || player.structures == 0
        });
        let too_long = self.state.game_loop >= LOOPS_MAX || stalemate::is_reached(&self.state);
        if !(out[0] || out[1] || too_long) || !self.results.is_empty() {
            return;
        }
        let result = |p: usize| match (out[p], out[1 - p]) {
            (true, true) | (false, false) => GameResult::Tie,
            (true, false) => GameResult::Defeat,
            (false, true) => GameResult::Victory,
        };
        self.state.over = true;
        for p in 0..2 {
            let player = self.state.players[p].id;
            self.state.players[p].result = Some(result(p));
            self.results.push(PlayerResult {
                player,
                result: result(p),
            });
        }
    }
}

fn index(player: PlayerId) -> Option<usize> {
    match player.0 {
        1 => Some(0),
        2 => Some(1),
        _ => None,
    }
}

/// One game loop. The order of the phases is part of the rules: a change alters every replay.
fn run_loop(state: &mut State, watch: &mut impl PhaseWatch) {
    state.game_loop += 1;
    command::run(state);
    watch.ended(Phase::Commands);
    orders::run(state);
    watch.ended(Phase::Orders);
    combat::run(state);
    casts::run(state);
    watch.ended(Phase::Combat);
    steer::run(state);
    watch.ended(Phase::Movement);
    economy::run(state);
    production::run(state);
    state.bury();
    watch.ended(Phase::Economy);
    vision::run(state);
    watch.ended(Phase::Vision);
}
