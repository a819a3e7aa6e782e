//! Which games are to be played beside training: a player against the past, each z against the main agent. Lists alone; who
//! plays them is another's business (`matches` here, evaluators of a cluster).

use super::office::Office;
use super::{Context, RunError};
use crate::game::Seed;
use crate::league::{GameKind, League, Player, PlayerId, SUPERVISED};

/// One side of a game: frozen weights, and the z it is conditioned on.
#[derive(Clone, Debug)]
pub struct Seated {
    pub player: PlayerId,
    /// Its weights in the run folder.
    pub checkpoint: String,
    pub z: Option<u32>,
    /// Agent steps behind the weights.
    pub version: u64,
}

/// One game to play.
#[derive(Clone, Debug)]
pub struct Pairing {
    pub kind: GameKind,
    pub sides: [Seated; 2],
    pub seed: Seed,
}

fn seated(player: &Player) -> Seated {
    Seated {
        player: player.id,
        checkpoint: player.checkpoint.clone(),
        z: player.condition.ids().first().copied(),
        version: player.start_step + player.steps,
    }
}

/// A player, as its last checkpoint is, against the supervised agent and the latest past players.
///
/// # Errors
/// If there is no such player.
pub fn against_the_past(
    context: &Context,
    league: &League,
    player: PlayerId,
) -> Result<Vec<Pairing>, RunError> {
    let config = &context.config.payoff;
    let players = league.players();
    let us = seated(league.player(player)?);
    let past = players.iter().rev();
    let past = past.filter(|p| p.is_past() && p.id != player && p.id != SUPERVISED);
    let supervised = league.player(SUPERVISED)?;
    let others = past.take(config.opponents_max).chain([supervised]);
    let seed = Seed(context.config.seed)
        .fork("evaluation", u64::from(player.0))
        .fork("version", us.version);
    let pairing = |(p, n): (&Player, u32)| Pairing {
        kind: GameKind::Evaluation,
        sides: [us.clone(), seated(p)],
        seed: seed
            .fork("against", u64::from(p.id.0))
            .fork("game", n.into()),
    };
    let others = others.filter(|p| p.id != player);
    Ok(others
        .flat_map(|p| (0..config.games).map(move |n| (p, n)))
        .map(pairing)
        .collect())
}

/// As [`for_z`]; what the league knew of the z's before is forgotten.
///
/// # Errors
/// If there is no z to try, or the database cannot be written.
pub fn of_each_z(
    context: &Context,
    office: &mut Office,
    main: PlayerId,
) -> Result<Vec<Pairing>, RunError> {
    let pairings = for_z(context, &office.league, main)?;
    office.league.forget_z(main);
    office.storage.forget_z(main)?;
    Ok(pairings)
}

/// The main agent conditioned on each z against itself without one.
///
/// # Errors
/// If there is no z to try, or no such player.
pub fn for_z(context: &Context, league: &League, main: PlayerId) -> Result<Vec<Pairing>, RunError> {
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
    let n = match config.z_max {
        0 => entries.len(),
        most => most.min(entries.len()),
    };
    let tried = (0..n).map(|i| entries[i * entries.len() / n] as u32);
    // With fewer, no z would ever be known well enough to be chosen.
    let games = config.z_games.max(league.config().branch.games_min);
    let us = seated(league.player(main)?);
    let them = Seated {
        z: None,
        ..us.clone()
    };
    let seed = Seed(context.config.seed).fork("z evaluation", us.version);
    let pairing = |(z, n): (u32, u32)| Pairing {
        kind: GameKind::ZEvaluation,
        sides: [
            Seated {
                z: Some(z),
                ..us.clone()
            },
            them.clone(),
        ],
        seed: seed.fork("z", z.into()).fork("game", n.into()),
    };
    Ok(tried
        .flat_map(|z| (0..games).map(move |n| (z, n)))
        .map(pairing)
        .collect())
}
