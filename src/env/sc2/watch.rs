//! Replays on StarCraft II: started, watched through one player's eyes, one process after the other.

use super::games::GAMES_PER_PROCESS_MAX;
use crate::env::EnvError;
use crate::game::{GameInfo, PlayerCommand, PlayerId, RawObservation};
use crate::sc2::client::{
    Answered, ClientError, Installation, Instance, Launch, Limits, Ports, requests,
};
use crate::sc2::proto::{
    RequestGameInfo, RequestObservation, RequestStep, ResponseGameInfo, ResponseObservation,
    Status, request::Request as Q, response::Response as Body,
};
use crate::sc2::{convert, import};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// Watches replays one after the other, on a process of the version that each needs. One of these a thread.
pub struct Sc2Watcher<'a> {
    installation: &'a Installation,
    ports: Arc<Ports>,
    limits: Limits,
    stop: &'a AtomicBool,
    /// The process of the last replay, which may do for the next.
    idle: Option<(Launch, Instance)>,
}

impl<'a> Sc2Watcher<'a> {
    /// Starts nothing yet. `ports` are shared by everybody who starts processes; set `stop` from outside to have whatever
    /// waits for the game give up.
    pub fn new(
        installation: &'a Installation,
        ports: Arc<Ports>,
        limits: Limits,
        stop: &'a AtomicBool,
    ) -> Sc2Watcher<'a> {
        Sc2Watcher {
            installation,
            ports,
            limits,
            stop,
            idle: None,
        }
    }

    /// What is installed.
    pub fn installation(&self) -> &'a Installation {
        self.installation
    }

    /// Begins to watch a replay (the bytes of its file) on a process that `launch` starts.
    ///
    /// # Errors
    /// [`EnvError::Refused`] if the game will not show it, [`EnvError::Lost`] if another try may go well.
    pub fn open(
        &mut self,
        replay: &[u8],
        launch: &Launch,
        player: PlayerId,
    ) -> Result<Sc2Watch<'_>, EnvError> {
        let mut instance = self.take(launch)?;
        let begin = requests::start_replay(replay, player);
        let begun = match instance.ask(begin, self.limits.begin, self.stop) {
            Err(ClientError::Refused { doing, text }) => {
                self.idle = Some((launch.clone(), instance));
                return Err(EnvError::Refused(format!("{doing}: {text}")));
            }
            begun => begun?,
        };
        if let Some(why) = requests::start_replay_refusal(&begun.body)? {
            self.idle = Some((launch.clone(), instance));
            return Err(EnvError::Refused(format!("cannot show the replay: {why}")));
        }
        let mut screen = Screen {
            instance,
            limits: self.limits,
            stop: self.stop,
            status: begun.status,
        };
        let Body::GameInfo(message) = screen.ask(Q::GameInfo(RequestGameInfo {}))? else {
            return Err(requests::other("game_info").into());
        };
        let first = screen.look()?;
        let info = match info_of(&message, &first, player) {
            Ok(info) => info,
            Err(why) => {
                self.idle = Some((launch.clone(), screen.instance));
                return Err(why);
            }
        };
        Ok(Sc2Watch {
            size: (info.map.width(), info.map.height_cells()),
            is_old_format: convert::is_old_format(&message),
            info,
            game_loop: loop_of(&first).unwrap_or(0),
            first: Some(first),
            screen: Some(screen),
            launch: launch.clone(),
            home: &mut self.idle,
        })
    }

    /// The process of the last replay, if it is of the version that is needed; else a fresh one, and that one ends.
    fn take(&mut self, launch: &Launch) -> Result<Instance, EnvError> {
        if let Some((last, mut instance)) = self.idle.take() {
            let is_fit = last == *launch && instance.games < GAMES_PER_PROCESS_MAX;
            if is_fit && instance.is_alive() {
                return Ok(instance);
            }
        }
        let started = Instance::start(launch, &self.ports, &self.limits, self.stop);
        Ok(started?)
    }
}

/// What the player knew: that is, not which race a random opponent drew, though a replay tells.
fn info_of(
    message: &ResponseGameInfo,
    first: &ResponseObservation,
    player: PlayerId,
) -> Result<GameInfo, EnvError> {
    let imported = import::import(message, first)
        .map_err(|why| EnvError::Refused(format!("its map cannot be used: {}", words(&why))))?;
    let map = Arc::new(imported.map);
    let start = map.start_locations.first().copied().unwrap_or_default();
    let mut info = convert::game_info(message, map, player, start);
    for other in info.players.iter_mut().filter(|p| p.id != player) {
        other.race_actual = None;
    }
    Ok(info)
}

fn words(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", words(cause)),
        None => error.to_string(),
    }
}

fn loop_of(look: &ResponseObservation) -> Option<u32> {
    look.observation.as_ref()?.game_loop
}

/// A process that shows a replay.
struct Screen<'a> {
    instance: Instance,
    limits: Limits,
    stop: &'a AtomicBool,
    status: Status,
}

impl Screen<'_> {
    fn ask(&mut self, request: Q) -> Result<Body, EnvError> {
        self.ask_for(request, self.limits.request)
    }

    fn ask_for(&mut self, request: Q, limit: Duration) -> Result<Body, EnvError> {
        match self.instance.ask(request, limit, self.stop) {
            Ok(Answered { body, status }) => {
                self.status = status;
                Ok(body)
            }
            // It will not go on with this replay; nothing is wrong with the process.
            Err(ClientError::Refused { doing, text }) => {
                Err(EnvError::Refused(format!("{doing}: {text}")))
            }
            Err(why) => Err(why.into()),
        }
    }

    fn look(&mut self) -> Result<ResponseObservation, EnvError> {
        match self.ask(Q::Observation(RequestObservation::default()))? {
            Body::Observation(look) => Ok(look),
            _ => Err(requests::other("observation").into()),
        }
    }
}

/// A replay being watched. Dropped, it leaves its process to the next one.
pub struct Sc2Watch<'w> {
    info: GameInfo,
    size: (usize, usize),
    is_old_format: bool,
    game_loop: u32,
    /// The look that the map was made of, for whoever looks first: what has happened is told once.
    first: Option<ResponseObservation>,
    /// None once the replay is lost: its process has ended with it.
    screen: Option<Screen<'w>>,
    launch: Launch,
    home: &'w mut Option<(Launch, Instance)>,
}

impl<'w> Sc2Watch<'w> {
    /// What the player knew of the game as a whole; the map is made of the first look.
    pub fn game_info(&self) -> &GameInfo {
        &self.info
    }

    /// Loops shown so far.
    pub fn game_loop(&self) -> u32 {
        self.game_loop
    }

    /// The system's number of the process; none once it is lost.
    pub fn process_id(&self) -> Option<u32> {
        Some(self.screen.as_ref()?.instance.process_id())
    }

    /// There is nothing more to show.
    pub fn is_over(&self) -> bool {
        let screen = self.screen.as_ref();
        screen.is_none_or(|s| s.status == Status::Ended)
    }

    /// What the player saw.
    ///
    /// # Errors
    /// [`EnvError::Lost`] if another try may go well, [`EnvError::Interrupted`].
    pub fn observe(&mut self, raw: &mut RawObservation) -> Result<(), EnvError> {
        let look = self.look()?;
        let read = convert::observation(&look, self.size, self.is_old_format, raw);
        let read = read.map_err(|why| ClientError::nonsense("observation", why));
        self.with_screen(|_| read.map_err(EnvError::from))
    }

    /// The player's orders, told since the last look, with the loops in which they were carried out.
    ///
    /// # Errors
    /// As [`Sc2Watch::observe`].
    pub fn carried_out(&mut self) -> Result<Vec<(u32, PlayerCommand)>, EnvError> {
        Ok(convert::orders(&self.look()?))
    }

    /// Shows so many loops more, or fewer if the replay ends.
    ///
    /// # Errors
    /// As [`Sc2Watch::observe`]; [`EnvError::Refused`] if the replay is of another game than it says.
    pub fn step(&mut self, loops: u32) -> Result<(), EnvError> {
        self.first = None;
        let reached = self.with_screen(|screen| {
            let limit = screen.limits.step(loops);
            let count = Some(loops);
            match screen.ask_for(Q::Step(RequestStep { count }), limit)? {
                Body::Step(step) => Ok(step.simulation_loop),
                _ => Err(requests::other("step").into()),
            }
        })?;
        self.game_loop = reached.unwrap_or(self.game_loop + loops);
        Ok(())
    }

    fn look(&mut self) -> Result<ResponseObservation, EnvError> {
        match self.first.take() {
            Some(look) => Ok(look),
            None => self.with_screen(Screen::look),
        }
    }

    /// Whatever goes wrong, the process goes with it.
    fn with_screen<T>(
        &mut self,
        ask: impl FnOnce(&mut Screen<'w>) -> Result<T, EnvError>,
    ) -> Result<T, EnvError> {
        let Some(screen) = &mut self.screen else {
            return Err(EnvError::Lost("its process has ended".into()));
        };
        let answered = ask(screen);
        if matches!(answered, Err(EnvError::Lost(_) | EnvError::Interrupted)) {
            self.screen = None;
        }
        answered
    }
}

impl Drop for Sc2Watch<'_> {
    fn drop(&mut self) {
        if let Some(mut screen) = self.screen.take() {
            screen.instance.games += 1;
            *self.home = Some((self.launch.clone(), screen.instance));
        }
    }
}
