//! `scc evaluator`: plays checkpoints against each other, for the payoff and for branches' z's (SCC App. B: Evaluator).

use super::kit::Kit;
use super::member::{Member, RoleOptions, RoleSummary};
use super::messages::{
    ClusterRole, EvaluatedMessage, EvaluationMessage, FromMaster, SideMessage, ToMaster,
};
use crate::evaluator::{GameOptions, GamePlan, SeatPlayer, play_game};
use crate::game::{Race, Seed};
use crate::policy::Choice;
use crate::predictor::{AgentOptions, PolicyAgent, ServiceConfig};
use crate::reward::ZTask;
use crate::run::league::outcome;
use crate::run::rl::Networks;
use crate::run::{RunError, device};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Pause before the master is asked again for a game when it has none.
const PAUSE: Duration = Duration::from_secs(1);

/// Plays until training is over or the process is asked to stop.
///
/// # Errors
/// If the master refuses, or games cannot be played here.
pub fn run_evaluator(options: &RoleOptions) -> Result<RoleSummary, RunError> {
    let member = Member::start(options, ClusterRole::Evaluator)?;
    let Some(kit) = member.welcome(options)? else {
        return Ok(member.summary());
    };
    let p = &kit.config.predictor;
    let service = ServiceConfig {
        batch_max: p.batch_max,
        wait_us: p.wait_us,
        workers: p.workers,
    };
    let device = device::find(options.device.as_deref().unwrap_or(&p.device))?;
    let court = Court {
        networks: Networks::new(device, &service),
        member: &member,
        kit: &kit,
        games: AtomicU64::new(0),
        failed: Mutex::default(),
    };
    let at_once = options.at_once.unwrap_or(kit.config.games.at_once);
    std::thread::scope(|scope| {
        for _ in 0..at_once.max(1) {
            scope.spawn(|| court.work());
        }
    });
    match court
        .failed
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
    {
        Some(error) => Err(error),
        None => Ok(member.summary()),
    }
}

/// What the threads share.
struct Court<'a> {
    networks: Networks,
    member: &'a Member,
    kit: &'a Kit,
    games: AtomicU64,
    failed: Mutex<Option<RunError>>,
}

impl Court<'_> {
    fn work(&self) {
        while !self.member.is_over() && !self.has_failed() {
            match self.next() {
                Ok(true) => {}
                Ok(false) => std::thread::sleep(PAUSE),
                Err(error) if error.is_interruption() => return,
                Err(error) if error.is_lost_game() || error.is_passing() => {
                    tracing::warn!(
                        "a game is lost; it is given out again when its time is over: {error:?}"
                    );
                    std::thread::sleep(PAUSE);
                }
                Err(error) => {
                    let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
                    failed.get_or_insert(error);
                    return;
                }
            }
        }
    }

    fn has_failed(&self) -> bool {
        self.failed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some()
    }

    /// Plays a game, if there is one to play.
    fn next(&self) -> Result<bool, RunError> {
        let game = match self.member.ask(&ToMaster::Evaluation)? {
            Some(FromMaster::Evaluation(game)) => *game,
            Some(FromMaster::Refused(what)) => return Err(super::member::refused(what)),
            _ => return Ok(false),
        };
        let Some(played) = self.play(&game)? else {
            return Ok(false);
        };
        if let Some(FromMaster::Refused(what)) =
            self.member.hand_over(&ToMaster::Evaluated(played))?
        {
            tracing::warn!("the master takes no result of this game: {what}");
        }
        let games = self.games.fetch_add(1, Ordering::Relaxed) + 1;
        self.member.tell([("games", games as f64)]);
        Ok(true)
    }

    fn play(&self, game: &EvaluationMessage) -> Result<Option<EvaluatedMessage>, RunError> {
        let mut players = Vec::new();
        for side in &game.sides {
            match self.player(side)? {
                Some(player) => players.push(player),
                None => return Ok(None),
            }
        }
        let mut names = [0, 1].map(|i| format!("player {}", game.sides[i].player));
        if game.seat == 1 {
            players.reverse();
            names.reverse();
        }
        let plan = GamePlan {
            map: self.kit.map.clone(),
            seed: Seed(game.seed),
            names,
            ratings: [None, None],
        };
        let stop = self.member.stop_flag();
        let options = GameOptions {
            loops_max: self.kit.config.games.loops_max,
            record: false,
            stop: &stop,
            arena: &self.kit.arena,
        };
        let players = <[SeatPlayer; 2]>::try_from(players);
        let players = players.unwrap_or_else(|_| unreachable!("a player a side"));
        let played = play_game(&plan, players, options)?;
        Ok(Some(EvaluatedMessage {
            id: game.id,
            outcome: outcome(played.result(game.seat)),
            loops: played.game_loops,
        }))
    }

    fn player(&self, side: &SideMessage) -> Result<Option<SeatPlayer>, RunError> {
        let Some(path) = self.kit.checkpoint(self.member, &side.path)? else {
            return Ok(None);
        };
        let (line, specs) = self.networks.frozen(&path)?;
        let task = side
            .z
            .as_ref()
            .map_or_else(ZTask::default, |(number, z)| ZTask {
                entry: Some(*number as usize),
                ..ZTask::of(z.clone())
            });
        let options = AgentOptions {
            choice: Choice::Sample {
                temperature: self.kit.config.evaluation.temperature as f32,
            },
            conditioning: self.kit.rewards.conditioning(&task),
        };
        let name = format!("player {}", side.player);
        let agent: Box<PolicyAgent> = Box::new(PolicyAgent::with_line(&name, line, specs, options));
        Ok(Some(SeatPlayer::Agent {
            race: Race::Terran,
            agent,
        }))
    }
}
