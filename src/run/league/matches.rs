//! Games beside training: a new past player against others, for the payoff and the ratings; each z against the main agent,
//! for branches.

use super::office::{Shared, outcome};
use super::pairings::{self, Pairing, Seated};
use super::{Context, RunError};
use crate::evaluator::{GAME_TRIES_MAX, GameOptions, GamePlan, SeatPlayer, play_game};
use crate::game::{Race, Seed};
use crate::league::{GameResult, PlayerId};
use crate::policy::Choice;
use crate::predictor::{AgentOptions, PolicyAgent};
use crate::reward::ZTask;
use crate::run::rl::Networks;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

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
    let pairings = pairings::against_the_past(context, &office.lock().league, player)?;
    play_for(office, context, networks, &pairings, "payoff")
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
    let pairings = pairings::of_each_z(context, &mut office.lock(), main)?;
    play_for(office, context, networks, &pairings, "z's")
}

/// Plays all and keeps each in the league's database as it ends.
fn play_for(
    office: &Shared,
    context: &Context,
    networks: &Networks,
    pairings: &[Pairing],
    phase: &str,
) -> Result<(), RunError> {
    let keep = |pairing: &Pairing, result, loops| {
        let versions = [0, 1].map(|i| pairing.sides[i].version);
        let mut office = office.lock();
        let row = office.row(result, versions, pairing.seed, loops);
        Ok(office.keep(std::slice::from_ref(&row))?)
    };
    let played = play(context, networks, pairings, phase, &keep);
    forget_passing(context, office, networks, pairings);
    played
}

/// Takes a game that is over, and its length in game loops.
pub type Keep<'a> = dyn Fn(&Pairing, GameResult, u32) -> Result<(), RunError> + Sync + 'a;

/// Plays all, many at once, and gives each to `keep` as it ends.
///
/// # Errors
/// If a game cannot be played or kept, or the run is stopped.
pub fn play(
    context: &Context,
    networks: &Networks,
    pairings: &[Pairing],
    phase: &str,
    keep: &Keep,
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
            if let Err(error) = play_until_done(context, networks, pairing, i % 2, keep) {
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
    match failed.into_inner().unwrap_or_else(|e| e.into_inner()) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// Weights of players that train are of no more use: the next report replaces them.
fn forget_passing(context: &Context, office: &Shared, networks: &Networks, pairings: &[Pairing]) {
    let office = office.lock();
    for side in pairings.iter().flat_map(|p| &p.sides) {
        let trains = office.league.player(side.player).is_ok_and(|p| p.active);
        if trains {
            networks.forget(&path_of(context, side));
        }
    }
}

/// A game that is lost (its process died or hung) is played again, with the same seed.
fn play_until_done(
    context: &Context,
    networks: &Networks,
    pairing: &Pairing,
    seat: usize,
    keep: &Keep,
) -> Result<(), RunError> {
    for _ in 1..GAME_TRIES_MAX {
        match play_one(context, networks, pairing, seat, keep) {
            Err(error) if error.is_lost_game() => {
                tracing::warn!("a game is lost and played again: {error:?}");
            }
            done => return done,
        }
    }
    play_one(context, networks, pairing, seat, keep)
}

fn play_one(
    context: &Context,
    networks: &Networks,
    pairing: &Pairing,
    seat: usize,
    keep: &Keep,
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
    keep(pairing, result, played.game_loops)
}

fn player_of(
    context: &Context,
    networks: &Networks,
    side: &Seated,
    seed: Seed,
) -> Result<SeatPlayer, RunError> {
    let (line, specs) = networks.frozen(&path_of(context, side))?;
    let task = match side.z {
        Some(z) => context.rewards.task(seed, Some(z)),
        None => ZTask::default(),
    };
    let options = AgentOptions {
        choice: Choice::Sample {
            temperature: context.config.evaluation.temperature as f32,
        },
        conditioning: context.rewards.conditioning(&task),
    };
    let name = format!("player {}", side.player);
    Ok(SeatPlayer::Agent {
        race: Race::Terran,
        agent: Box::new(PolicyAgent::with_line(&name, line, specs, options)),
    })
}

fn path_of(context: &Context, side: &Seated) -> PathBuf {
    context.options.out.join(&side.checkpoint)
}
