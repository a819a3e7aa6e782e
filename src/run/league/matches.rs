//! Games beside training: a new past player against others, for the payoff and the ratings; each z against the main agent,
//! for branches.

use super::office::{Shared, outcome};
use super::{Context, RunError};
use crate::evaluator::{GAME_TRIES_MAX, GameOptions, GamePlan, SeatPlayer, play_game};
use crate::game::{Race, Seed};
use crate::league::{GameKind, GameResult, Player, PlayerId, SUPERVISED};
use crate::policy::Choice;
use crate::predictor::{AgentOptions, PolicyAgent};
use crate::reward::ZTask;
use crate::run::rl::Networks;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One side of a game: frozen weights, and the z it is conditioned on.
#[derive(Clone, Debug)]
struct Seated {
    player: PlayerId,
    path: PathBuf,
    z: Option<u32>,
    version: u64,
}

/// One game to play.
struct Pairing {
    kind: GameKind,
    sides: [Seated; 2],
    seed: Seed,
}

fn seated(context: &Context, player: &Player) -> Seated {
    Seated {
        player: player.id,
        path: context.options.out.join(&player.checkpoint),
        z: player.condition.ids().first().copied(),
        version: player.start_step + player.steps,
    }
}

/// Plays a player, as its last checkpoint is, against the supervised agent and the latest past players.
///
/// # Errors
/// If a game cannot be played or kept, or the run is stopped.
pub fn against_the_past(
    context: &Context,
    office: &Shared,
    networks: &Networks,
    player: PlayerId,
) -> Result<(), RunError> {
    let config = &context.config.payoff;
    let pairings: Vec<Pairing> = {
        let office = office.lock();
        let players = office.league.players();
        let us = seated(context, office.league.player(player)?);
        let past = players.iter().rev();
        let past = past.filter(|p| p.is_past() && p.id != player && p.id != SUPERVISED);
        let supervised = office.league.player(SUPERVISED)?;
        let others = past.take(config.opponents_max).chain([supervised]);
        let seed = Seed(context.config.seed)
            .fork("evaluation", u64::from(player.0))
            .fork("version", us.version);
        others
            .filter(|p| p.id != player)
            .flat_map(|p| (0..config.games).map(move |n| (p, n)))
            .map(|(p, n)| Pairing {
                kind: GameKind::Evaluation,
                sides: [us.clone(), seated(context, p)],
                seed: seed
                    .fork("against", u64::from(p.id.0))
                    .fork("game", n.into()),
            })
            .collect()
    };
    play(context, office, networks, &pairings, "payoff")
}

/// Plays the main agent conditioned on each z against itself without one (SCC §6.2: win rates by z ranged from 35% to 65%).
///
/// # Errors
/// As [`against_the_past`], and if there is no z to try.
pub fn of_each_z(
    context: &Context,
    office: &Shared,
    networks: &Networks,
    main: PlayerId,
) -> Result<(), RunError> {
    let config = &context.config.payoff;
    let (_, entries) = context.rewards.library();
    if entries.is_empty() {
        return Err(RunError::Folder {
            path: context.options.out.clone(),
            what: "a branch is to choose its z by itself, but rewards.library names no z library: make one with \
                   `scc replay z`"
                .to_owned(),
        });
    }
    let n = entries.len().min(config.z_max);
    let tried = (0..n).map(|i| entries[i * entries.len() / n] as u32);
    let pairings: Vec<Pairing> = {
        let mut office = office.lock();
        office.league.forget_z(main);
        office.storage.forget_z(main)?;
        let us = seated(context, office.league.player(main)?);
        let them = Seated {
            z: None,
            ..us.clone()
        };
        let seed = Seed(context.config.seed).fork("z evaluation", us.version);
        tried
            .flat_map(|z| (0..config.z_games).map(move |n| (z, n)))
            .map(|(z, n)| Pairing {
                kind: GameKind::ZEvaluation,
                sides: [
                    Seated {
                        z: Some(z),
                        ..us.clone()
                    },
                    them.clone(),
                ],
                seed: seed.fork("z", z.into()).fork("game", n.into()),
            })
            .collect()
    };
    play(context, office, networks, &pairings, "z's")
}

/// Plays all, many at once, and keeps each as it ends.
fn play(
    context: &Context,
    office: &Shared,
    networks: &Networks,
    pairings: &[Pairing],
    phase: &str,
) -> Result<(), RunError> {
    if pairings.is_empty() {
        return Ok(());
    }
    let progress = context.options.progress;
    progress.begin(phase, pairings.len() as u64);
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let failed: Mutex<Option<RunError>> = Mutex::new(None);
    let work = || {
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(pairing) = pairings.get(i) else {
                return;
            };
            if let Err(error) = play_until_done(context, office, networks, pairing, i % 2) {
                next.store(pairings.len(), Ordering::Relaxed);
                let mut slot = failed.lock().unwrap_or_else(|e| e.into_inner());
                slot.get_or_insert(error);
                return;
            }
            let n = done.fetch_add(1, Ordering::Relaxed) + 1;
            progress.at(n as u64, "games");
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..context.config.games.at_once.min(pairings.len()) {
            scope.spawn(work);
        }
    });
    progress.end(&format!("{} games", done.load(Ordering::Relaxed)));
    forget_passing(office, networks, pairings);
    match failed.into_inner().unwrap_or_else(|e| e.into_inner()) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// Weights of players that train are of no more use: the next report replaces them.
fn forget_passing(office: &Shared, networks: &Networks, pairings: &[Pairing]) {
    let office = office.lock();
    for side in pairings.iter().flat_map(|p| &p.sides) {
        let trains = office.league.player(side.player).is_ok_and(|p| p.active);
        if trains {
            networks.forget(&side.path);
        }
    }
}

/// A game that is lost (its process died or hung) is played again, with the same seed.
fn play_until_done(
    context: &Context,
    office: &Shared,
    networks: &Networks,
    pairing: &Pairing,
    seat: usize,
) -> Result<(), RunError> {
    for _ in 1..GAME_TRIES_MAX {
        match play_one(context, office, networks, pairing, seat) {
            Err(error) if error.is_lost_game() => {
                tracing::warn!("a game is lost and played again: {error:?}");
            }
            done => return done,
        }
    }
    play_one(context, office, networks, pairing, seat)
}

fn play_one(
    context: &Context,
    office: &Shared,
    networks: &Networks,
    pairing: &Pairing,
    seat: usize,
) -> Result<(), RunError> {
    let mut players = Vec::new();
    for side in &pairing.sides {
        players.push(player_of(context, networks, side, pairing.seed)?);
    }
    let mut names = [0, 1].map(|i| format!("player {}", pairing.sides[i].player));
    if seat == 1 {
        players.reverse();
        names.reverse();
    }
    let plan = GamePlan {
        map: context.map.clone(),
        seed: pairing.seed,
        names,
        ratings: [None, None],
    };
    let options = GameOptions {
        loops_max: context.config.games.loops_max,
        record: false,
        stop: context.options.stop,
        arena: &context.options.arena,
    };
    let [a, b] =
        <[SeatPlayer; 2]>::try_from(players).unwrap_or_else(|_| unreachable!("a player a side"));
    let played = play_game(&plan, [a, b], options)?;
    let result = GameResult {
        kind: pairing.kind,
        player: pairing.sides[0].player,
        opponent: pairing.sides[1].player,
        outcome: outcome(played.result(seat)),
        player_z: pairing.sides[0].z,
        opponent_z: pairing.sides[1].z,
    };
    let versions = [0, 1].map(|i| pairing.sides[i].version);
    let mut office = office.lock();
    let row = office.row(result, versions, pairing.seed, played.game_loops);
    office.keep(std::slice::from_ref(&row))?;
    Ok(())
}

fn player_of(
    context: &Context,
    networks: &Networks,
    side: &Seated,
    seed: Seed,
) -> Result<SeatPlayer, RunError> {
    let (line, specs) = networks.frozen(&side.path)?;
    let task = match side.z {
        Some(z) => context.rewards.task(seed, Some(z)),
        None => ZTask::default(),
    };
    let options = AgentOptions {
        choice: Choice::Sample {
            temperature: context.config.evaluation.temperature as f32,
        },
        conditioning: task.conditioning(None),
    };
    let name = format!("player {}", side.player);
    Ok(SeatPlayer::Agent {
        race: Race::Terran,
        agent: Box::new(PolicyAgent::with_line(&name, line, specs, options)),
    })
}
