//! One game between two players.

use super::EvaluatorError;
use crate::agent::Agent;
use crate::env::{AiBuild, Arena, Difficulty, Env, GameSettings, PLAYERS, Seat, maps};
use crate::game::{
    ActionResult, GameResult, MapData, PlayerCommand, PlayerResult, Race, RawObservation, Seed,
};
use crate::replay::{Controller, Header, Replay, SeatRecord, TimedCommand};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use xxhash_rust::xxh3::Xxh3;

/// Who sits in a seat.
pub enum SeatPlayer {
    Agent {
        race: Race,
        agent: Box<dyn Agent>,
    },
    Computer {
        race: Race,
        level: Difficulty,
        build: AiBuild,
    },
}

/// What decides a game, the players apart.
#[derive(Clone, Debug)]
pub struct GamePlan {
    pub map: Arc<MapData>,
    pub seed: Seed,
    /// Names for the replay, seats 1 and 2.
    pub names: [String; 2],
    /// Ratings for the replay.
    pub ratings: [Option<f32>; 2],
}

impl GamePlan {
    /// The seed that the game itself gets: the API has room for 32 bits, and a seed must mean the same game everywhere.
    pub fn game_seed(&self) -> Seed {
        game_seed(self.seed)
    }
}

/// As [`GamePlan::game_seed`], of the plan's seed.
pub fn game_seed(seed: Seed) -> Seed {
    Seed(seed.0 & u64::from(u32::MAX))
}

/// How to run it.
#[derive(Clone, Copy, Debug)]
pub struct GameOptions<'a> {
    /// Loops after which the game is a tie.
    pub loops_max: u32,
    /// Keep a replay.
    pub record: bool,
    /// Set from outside to give up.
    pub stop: &'a AtomicBool,
    /// Where it is played.
    pub arena: &'a Arena,
}

/// How a game went.
#[derive(Clone, Debug, PartialEq)]
pub struct GameOutcome {
    /// Both players' results, sorted by id.
    pub results: Vec<PlayerResult>,
    pub game_loops: u32,
    /// Of the final state; `view_hash` where only the game itself knows that ([`Env::state_hash`]).
    pub state_hash: u64,
    /// Of the results and of what the agents saw at the end: the same game has the same one in any arena.
    pub view_hash: u64,
    /// The game was cut off at `loops_max` (a tie).
    pub truncated: bool,
    /// Looks per player; 0 for a computer.
    pub steps: [u32; 2],
    /// The game as a replay of ours: of games on the embedded simulator.
    pub replay: Option<Replay>,
    /// The game as a replay of StarCraft II's: of games over its API.
    pub sc2_replay: Option<Vec<u8>>,
}

impl GameOutcome {
    /// The result of seat 0 or 1.
    pub fn result(&self, seat: usize) -> GameResult {
        self.results
            .iter()
            .find(|r| r.player == PLAYERS[seat])
            .map_or(GameResult::Undecided, |r| r.result)
    }
}

/// Looks of one seat.
struct Looker {
    agent: Box<dyn Agent>,
    next_look: u32,
    steps: u32,
}

/// Plays one game to its end or to the limit.
///
/// Both players look at the same state of a loop; player 1's commands are submitted first, which changes nothing
/// (the game applies both in the next loop).
///
/// # Errors
/// If the game cannot be set up or is lost, or `stop` was set.
pub fn play_game(
    plan: &GamePlan,
    players: [SeatPlayer; 2],
    options: GameOptions,
) -> Result<GameOutcome, EvaluatorError> {
    let seats = [0, 1].map(|i| seat(&players[i], &plan.names[i]));
    let settings = GameSettings {
        map: plan.map.clone(),
        seats: seats.clone(),
        seed: plan.game_seed(),
    };
    let mut env = options.arena.open(&settings, options.stop)?;
    let mut commands = Vec::new();
    let mut outcome = play_on(&mut *env, players, plan.seed, options, &mut commands)?;
    if options.record {
        match env.state_hash() {
            Some(_) => outcome.replay = Some(record(plan, &seats, &outcome, commands)),
            None => outcome.sc2_replay = env.save_replay()?,
        }
    }
    Ok(outcome)
}

/// Plays the game of `env`, which has just begun, to its end or to the limit. Accepted commands are added to `commands`
/// if a replay is asked for.
///
/// # Errors
/// If the game is lost, or `stop` was set.
pub fn play_on(
    env: &mut dyn Env,
    players: [SeatPlayer; 2],
    seed: Seed,
    options: GameOptions,
    commands: &mut Vec<TimedCommand>,
) -> Result<GameOutcome, EvaluatorError> {
    let mut lookers = begin(players, env, seed);
    let mut obs = RawObservation::default();
    while env.results().is_empty() && env.game_loop() < options.loops_max {
        if options.stop.load(Ordering::Relaxed) {
            return Err(EvaluatorError::Interrupted);
        }
        look(env, &mut lookers, &mut obs, commands, options.record)?;
        let next = lookers.iter().flatten().map(|l| l.next_look).min();
        let next = next.unwrap_or(u32::MAX).min(options.loops_max);
        let loops = next.saturating_sub(env.game_loop()).clamp(1, 512);
        env.step(loops)?;
    }
    let truncated = env.results().is_empty();
    let results = if truncated {
        tie()
    } else {
        env.results().to_vec()
    };
    let view_hash = view_hash(env, &results, &lookers, &mut obs)?;
    Ok(GameOutcome {
        results,
        game_loops: env.game_loop(),
        state_hash: env.state_hash().unwrap_or(view_hash),
        view_hash,
        truncated,
        steps: [0, 1].map(|i| lookers[i].as_ref().map_or(0, |l| l.steps)),
        replay: None,
        sc2_replay: None,
    })
}

/// Over the results and the last look of every agent.
fn view_hash(
    env: &mut dyn Env,
    results: &[PlayerResult],
    lookers: &[Option<Looker>; 2],
    obs: &mut RawObservation,
) -> Result<u64, EvaluatorError> {
    let mut hasher = Xxh3::new();
    hasher.update(&env.game_loop().to_le_bytes());
    for result in results {
        hasher.update(&[result.player.0, result.result as u8]);
    }
    for (player, _) in PLAYERS
        .into_iter()
        .zip(lookers)
        .filter(|(_, l)| l.is_some())
    {
        env.observe(player, obs)?;
        let bytes = postcard::to_stdvec(obs).expect("an observation always serializes");
        hasher.update(&bytes);
    }
    Ok(hasher.digest())
}

fn tie() -> Vec<PlayerResult> {
    PLAYERS
        .map(|player| PlayerResult {
            player,
            result: GameResult::Tie,
        })
        .to_vec()
}

fn seat(player: &SeatPlayer, name: &str) -> Seat {
    match *player {
        SeatPlayer::Agent { race, .. } => Seat::Participant {
            race,
            name: name.to_owned(),
        },
        SeatPlayer::Computer { race, level, build } => Seat::Computer { race, level, build },
    }
}

fn begin(players: [SeatPlayer; 2], env: &dyn Env, seed: Seed) -> [Option<Looker>; 2] {
    let mut at = 0;
    players.map(|player| {
        let seat = at;
        at += 1;
        match player {
            SeatPlayer::Computer { .. } => None,
            SeatPlayer::Agent { mut agent, .. } => {
                agent.begin(
                    &env.game_info(PLAYERS[seat]),
                    seed.fork("agent", seat as u64),
                );
                Some(Looker {
                    agent,
                    next_look: 0,
                    steps: 0,
                })
            }
        }
    })
}

/// Every player whose time has come looks and orders.
fn look(
    env: &mut dyn Env,
    lookers: &mut [Option<Looker>; 2],
    obs: &mut RawObservation,
    commands: &mut Vec<TimedCommand>,
    record: bool,
) -> Result<(), EvaluatorError> {
    let now = env.game_loop();
    for (player, looker) in PLAYERS.into_iter().zip(lookers) {
        let Some(looker) = looker.as_mut().filter(|l| l.next_look <= now) else {
            continue;
        };
        env.observe(player, obs)?;
        let step = looker.agent.act(obs);
        looker.steps += 1;
        looker.next_look = now + u32::from(step.skip_loops.max(1));
        if step.commands.is_empty() {
            continue;
        }
        let answers = env.submit(player, &step.commands)?;
        for (command, answer) in step.commands.into_iter().zip(answers) {
            if answer == ActionResult::Success && record {
                commands.push(TimedCommand {
                    game_loop: now,
                    player,
                    command,
                });
            }
        }
    }
    Ok(())
}

fn record(
    plan: &GamePlan,
    seats: &[Seat; 2],
    outcome: &GameOutcome,
    commands: Vec<TimedCommand>,
) -> Replay {
    let counted =
        |command: &&TimedCommand| !matches!(command.command, PlayerCommand::CameraMove(_));
    let n_commands = PLAYERS.map(|player| {
        let own = commands.iter().filter(|c| c.player == player);
        own.filter(counted).count() as u32
    });
    let map_hash = plan.map.hash();
    let built_in = maps::by_name(&plan.map.name).is_some_and(|m| m.hash() == map_hash);
    Replay {
        header: Header {
            program: concat!("scc ", env!("CARGO_PKG_VERSION")).to_owned(),
            map_name: plan.map.name.clone(),
            map_hash,
            seed: plan.game_seed(),
            seats: [0, 1].map(|i| seat_record(&seats[i], &plan.names[i], plan.ratings[i])),
            results: outcome.results.clone(),
            game_loops: outcome.game_loops,
            state_hash: outcome.state_hash,
            n_commands,
        },
        map: (!built_in).then(|| (*plan.map).clone()),
        commands,
    }
}

fn seat_record(seat: &Seat, name: &str, rating: Option<f32>) -> SeatRecord {
    let (race, controller) = match *seat {
        Seat::Participant { race, .. } => (race, Controller::Participant),
        Seat::Computer { race, level, build } => (
            race,
            Controller::Computer {
                level: level as u8,
                build: build as u8,
            },
        ),
    };
    SeatRecord {
        name: name.to_owned(),
        race,
        controller,
        rating,
    }
}
