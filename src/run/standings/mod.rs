//! What a league's database says, as plain data for tables, JSON and the report: who is in it, how strong, who beats whom.

mod branch;
mod cards;
mod export;
mod plots;
mod report;

#[cfg(test)]
mod tests;

pub use branch::{BranchPlan, ZChoice, ZTried, request_branch};
pub use cards::write_cards;
pub use export::{Exported, export};
pub use report::report;

use crate::league::curves::{Curve, curves, rate};
use crate::league::elo::Rating;
use crate::league::{Condition, League, PayoffEntry, Player, PlayerId, Record, SUPERVISED_NAME};
use crate::storage::{
    BranchRequest, CheckpointRow, EventRow, Storage, StorageError, StorageUrl, StrategyRow, ZRow,
};
use serde::Serialize;

/// Half the width of a 95% interval in standard errors.
const Z95: f64 = 1.959_963_985;

/// Everything that was read of a league, at one moment.
pub struct Standings {
    at: StorageUrl,
    league: League,
    totals: Vec<PayoffEntry>,
    ratings: Vec<Rating>,
    events: Vec<EventRow>,
    requests: Vec<BranchRequest>,
    z_library: Vec<ZRow>,
    strategies: Vec<StrategyRow>,
    checkpoints: Vec<CheckpointRow>,
}

/// The document of `scc league status`.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    pub storage: String,
    pub seed: u64,
    /// Matches drawn and recorded.
    pub matches: u64,
    pub players: Vec<PlayerStatus>,
    /// Players of the config that have not joined yet.
    pub pending_starts: Vec<String>,
    pub branch_requests: Vec<BranchRequest>,
    pub events: Vec<EventRow>,
}

/// One player as `status` shows it.
#[derive(Clone, Debug, Serialize)]
pub struct PlayerStatus {
    pub id: PlayerId,
    pub name: String,
    pub role: &'static str,
    /// Whose copy it is, for a past player.
    pub of: Option<String>,
    pub parent: Option<String>,
    pub active: bool,
    pub start_step: u64,
    pub steps: u64,
    pub resets: u32,
    pub condition: Condition,
    pub checkpoint: String,
    /// Games of training and evaluation.
    pub games: u64,
    pub elo: f64,
    pub standard_error: f64,
}

/// The document of `scc league elo`.
#[derive(Clone, Debug, Serialize)]
pub struct EloTable {
    pub anchor: &'static str,
    /// The strongest first.
    pub players: Vec<EloRow>,
    /// Over training time, a curve for each player that trained (SCC Fig. 3).
    pub curves: Vec<NamedCurve>,
}

#[derive(Clone, Debug, Serialize)]
pub struct EloRow {
    pub id: PlayerId,
    pub name: String,
    pub role: &'static str,
    pub elo: f64,
    pub standard_error: f64,
    pub ci95: [f64; 2],
    pub games: u64,
}

#[derive(Clone, Debug, Serialize)]
pub struct NamedCurve {
    pub name: String,
    #[serde(flatten)]
    pub curve: Curve,
}

/// The document of `scc league payoff`.
#[derive(Clone, Debug, Serialize)]
pub struct PayoffTable {
    pub players: Vec<String>,
    /// Win rate of the row's player against the column's over all games; null where they have not met.
    pub win_rates: Vec<Vec<Option<f64>>>,
    pub pairs: Vec<PairRow>,
}

/// All games of one pair.
#[derive(Clone, Debug, Serialize)]
pub struct PairRow {
    pub player: String,
    pub opponent: String,
    pub wins: u64,
    pub draws: u64,
    pub losses: u64,
    /// Draws count half.
    pub win_rate: f64,
    pub ci95: [f64; 2],
    /// As matchmaking sees it: older games count less, those before a reset not at all. Null if none is left.
    pub recent_win_rate: Option<f64>,
}

impl Standings {
    /// Reads a league's database, which may be in use.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn read(at: &StorageUrl) -> Result<Standings, StorageError> {
        let mut storage = Storage::open_to_read(at)?;
        let league = storage.load_league()?;
        let totals = storage.pair_totals()?;
        Ok(Standings {
            at: at.clone(),
            ratings: rate(league.players(), &totals, league.payoff()),
            totals,
            events: storage.events()?,
            requests: storage.branch_requests()?,
            z_library: storage.z_library()?,
            strategies: storage.strategies()?,
            checkpoints: storage.checkpoints()?,
            league,
        })
    }

    pub fn league(&self) -> &League {
        &self.league
    }

    /// Who is in the league.
    pub fn status(&self) -> Status {
        let player = |p: &Player| {
            let rating = self.rating(p.id);
            PlayerStatus {
                id: p.id,
                name: p.name.clone(),
                role: p.role.name(),
                of: p.past_of().map(|id| self.name(id)),
                parent: p.parent.map(|id| self.name(id)),
                active: p.active,
                start_step: p.start_step,
                steps: p.steps,
                resets: p.resets,
                condition: p.condition.clone(),
                checkpoint: p.checkpoint.clone(),
                games: self.games(p.id),
                elo: rating.elo,
                standard_error: rating.standard_error,
            }
        };
        let pending = self.league.pending_starts();
        Status {
            storage: self.at.to_string(),
            seed: self.league.seed(),
            matches: self.league.matches(),
            players: self.league.players().iter().map(player).collect(),
            pending_starts: pending.iter().map(|start| start.name.clone()).collect(),
            branch_requests: self.requests.clone(),
            events: self.events.clone(),
        }
    }

    /// How strong everybody is, the supervised agent being 0.
    pub fn elo(&self) -> EloTable {
        let row = |p: &Player| {
            let Rating {
                elo,
                standard_error,
            } = self.rating(p.id);
            EloRow {
                id: p.id,
                name: p.name.clone(),
                role: p.role.name(),
                elo,
                standard_error,
                ci95: [elo - Z95 * standard_error, elo + Z95 * standard_error],
                games: self.games(p.id),
            }
        };
        let mut players: Vec<EloRow> = self.league.players().iter().map(row).collect();
        players.sort_by(|a, b| b.elo.total_cmp(&a.elo).then(a.id.cmp(&b.id)));
        let named = |curve: Curve| NamedCurve {
            name: self.name(curve.player),
            curve,
        };
        let curves = curves(self.league.players(), &self.ratings);
        EloTable {
            anchor: SUPERVISED_NAME,
            players,
            curves: curves.into_iter().map(named).collect(),
        }
    }

    /// Who beats whom.
    pub fn payoff(&self) -> PayoffTable {
        let ids: Vec<PlayerId> = self.league.players().iter().map(|p| p.id).collect();
        let rate = |a: PlayerId, b: PlayerId| {
            let record = self.total(a, b);
            (record.games() > 0.0).then(|| record.win_rate())
        };
        let line = |a: &PlayerId| ids.iter().map(|b| rate(*a, *b)).collect();
        let pair = |entry: &PayoffEntry| {
            let (record, (lo, hi)) = (entry.record, entry.record.interval95());
            let recent = self.league.payoff().get(entry.player, entry.opponent);
            PairRow {
                player: self.name(entry.player),
                opponent: self.name(entry.opponent),
                wins: record.wins as u64,
                draws: record.draws as u64,
                losses: record.losses as u64,
                win_rate: record.win_rate(),
                ci95: [lo, hi],
                recent_win_rate: (recent.games() > 0.0).then(|| recent.win_rate()),
            }
        };
        PayoffTable {
            players: ids.iter().map(|id| self.name(*id)).collect(),
            win_rates: ids.iter().map(line).collect(),
            pairs: self.totals.iter().map(pair).collect(),
        }
    }

    /// All games of `player` against `opponent`.
    fn total(&self, player: PlayerId, opponent: PlayerId) -> Record {
        let find = |a, b| {
            let found = self
                .totals
                .iter()
                .find(|e| e.player == a && e.opponent == b);
            found.map(|e| e.record).unwrap_or_default()
        };
        if player < opponent {
            find(player, opponent)
        } else {
            find(opponent, player).flipped()
        }
    }

    fn games(&self, player: PlayerId) -> u64 {
        let of = |e: &&PayoffEntry| e.player == player || e.opponent == player;
        let games = self.totals.iter().filter(of).map(|e| e.record.games());
        games.sum::<f64>() as u64
    }

    fn rating(&self, player: PlayerId) -> Rating {
        self.ratings.get(player.idx()).copied().unwrap_or_default()
    }

    /// A player's name; its number if it has none, which a consistent league rules out.
    fn name(&self, id: PlayerId) -> String {
        let player = self.league.player(id);
        player.map_or_else(|_| id.to_string(), |p| p.name.clone())
    }

    /// A z's name, or its number where the library does not have it.
    fn z_name(&self, z: u32) -> String {
        let found = self.z_library.iter().find(|row| row.id == z);
        found.map_or_else(|| format!("z {z}"), |row| row.name.clone())
    }
}
