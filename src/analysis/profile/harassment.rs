//! Harassment: what a player did to the others' economies.
//!
//! - *Workers killed*: deaths of others' workers that this player caused.
//! - *In their mineral lines*: the worth (minerals and vespene) of everything of theirs that this player killed within
//!   [`LINE_CELLS`] of one of their town halls that stood then. It is the worth of what died, not the damage dealt: that,
//!   no replay says.
//! - *Raid*: worker kills with at most [`RAID_LOOPS`] between one and the next. A drop that kills no worker is none.

use crate::analysis::game::{Death, PlayerGame, Stage};
use crate::analysis::kinds::{self, Kind};
use serde::Serialize;

/// How near to a town hall a mineral line is, in cells: fields lie 6 to 8 from its center.
pub const LINE_CELLS: f32 = 10.0;
/// Longest pause within a raid, in loops: 20 seconds.
pub const RAID_LOOPS: u32 = 448;
/// How far a town hall that is being made may be from one that stood, to be taken for the same: landed elsewhere.
const SAME_CELLS: f32 = 2.0;

/// What a player did to the others' economies, and lost of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Harassment {
    pub workers_killed: u32,
    pub workers_lost: u32,
    /// Worth of everything killed in the others' mineral lines, workers too.
    pub value_in_lines: u32,
    pub raids: Vec<Raid>,
    /// Transports made: medivacs, warp prisms, overlords that can carry.
    pub transports: u32,
}

/// Workers killed in one go.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Raid {
    pub begin_loop: u32,
    pub end_loop: u32,
    pub workers: u32,
    /// Where the first of them died.
    pub position: [f32; 2],
}

impl Harassment {
    /// Of one player; `together` is every player's game of the same file.
    pub fn of(game: &PlayerGame, together: &[&PlayerGame]) -> Harassment {
        let others = together.iter().filter(|it| it.player != game.player);
        let mut kills: Vec<(&Death, bool)> = Vec::new();
        for other in others {
            let halls = halls(other);
            let by_me = other
                .deaths
                .iter()
                .filter(|it| it.killer == Some(game.player));
            kills.extend(by_me.map(|it| (it, is_in_line(&halls, it))));
        }
        kills.sort_by_key(|(it, _)| it.game_loop);
        let is_worker = |it: &Death| kinds::kind(&it.what) == Kind::Worker;
        let workers = || kills.iter().map(|it| it.0).filter(|it| is_worker(it));
        let value = |it: &Death| kinds::facts(&it.what).map_or(0, |it| it.value);
        let lost = game.deaths.iter().filter(|it| is_worker(it));
        let carries = |what: &str| matches!(what, "Medivac" | "WarpPrism" | "OverlordTransport");
        let made = game.makings.iter().filter(|it| it.stage != Stage::Begun);
        Harassment {
            workers_killed: workers().count() as u32,
            workers_lost: lost
                .filter(|it| it.killer.is_some_and(|by| by != game.player))
                .count() as u32,
            value_in_lines: kills.iter().filter(|it| it.1).map(|it| value(it.0)).sum(),
            raids: raids(workers()),
            transports: made.filter(|it| carries(&it.what)).count() as u32,
        }
    }
}

fn raids<'a>(workers: impl Iterator<Item = &'a Death>) -> Vec<Raid> {
    let mut raids: Vec<Raid> = Vec::new();
    for it in workers {
        match raids.last_mut() {
            Some(raid) if it.game_loop <= raid.end_loop.saturating_add(RAID_LOOPS) => {
                raid.end_loop = it.game_loop;
                raid.workers += 1;
            }
            _ => raids.push(Raid {
                begin_loop: it.game_loop,
                end_loop: it.game_loop,
                workers: 1,
                position: it.position,
            }),
        }
    }
    raids
}

/// A town hall's place, and from when to when it stood there.
struct Hall {
    position: [f32; 2],
    from: u32,
    until: u32,
}

/// All places where a player's town halls were put or landed. When one lifted off is not asked: few do, and briefly.
fn halls(game: &PlayerGame) -> Vec<Hall> {
    let new = |position, from| Hall {
        position,
        from,
        until: u32::MAX,
    };
    let mut halls: Vec<Hall> = game.start.iter().map(|at| new(*at, 0)).collect();
    for making in &game.makings {
        let Some(at) = making
            .position
            .filter(|_| kinds::kind(&making.what) == Kind::TownHall)
        else {
            continue;
        };
        let is_known = halls
            .iter()
            .any(|hall| hall.until == u32::MAX && distance(hall.position, at) < SAME_CELLS);
        if !is_known && !making.what.ends_with("Flying") {
            halls.push(new(at, making.game_loop));
        }
    }
    for death in game
        .deaths
        .iter()
        .filter(|it| kinds::kind(&it.what) == Kind::TownHall)
    {
        let here = |hall: &&mut Hall| {
            hall.from <= death.game_loop && distance(hall.position, death.position) < SAME_CELLS
        };
        if let Some(hall) = halls.iter_mut().find(here) {
            hall.until = death.game_loop;
        }
    }
    halls
}

fn is_in_line(halls: &[Hall], it: &Death) -> bool {
    halls.iter().any(|hall| {
        (hall.from..=hall.until).contains(&it.game_loop)
            && distance(hall.position, it.position) <= LINE_CELLS
    })
}

pub(super) fn distance(a: [f32; 2], b: [f32; 2]) -> f32 {
    ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)).sqrt()
}
