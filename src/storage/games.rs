//! Games taken in: a row each, and what follows from it (payoff, z statistics), in the same transaction.

use super::error::Fault;
use super::rows::{Cells, GameRow, int};
use super::{Storage, StorageError};
use crate::league::{
    GameKind, LeagueError, Outcome, Payoff, PayoffEntry, PlayerId, Record, ZRecord,
};
use sqlx::AnyConnection;
use sqlx::Row;

impl Storage {
    /// Keeps a game and what follows from it; on the disk when this returns.
    ///
    /// # Errors
    /// [`StorageError`]; nothing of the game is kept then.
    pub fn record_game(&mut self, game: &GameRow) -> Result<(), StorageError> {
        self.record_games(std::slice::from_ref(game))
    }

    /// Keeps several games, all or none: much faster than one by one.
    ///
    /// # Errors
    /// [`StorageError`]; none of the games is kept then.
    pub fn record_games(&mut self, games: &[GameRow]) -> Result<(), StorageError> {
        let decay = self.league_config()?.payoff_decay;
        self.link.write("record a game", async |c| {
            let largest = "SELECT MAX(id) FROM games";
            let mut id = next_id(c, largest).await?;
            for game in games {
                insert(c, id, game).await?;
                follow(c, game, decay).await?;
                id += 1;
            }
            Ok(())
        })
    }

    /// All games in the order in which they were recorded.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn games(&mut self) -> Result<Vec<GameRow>, StorageError> {
        self.link.read("read the games", async |c| {
            let rows = sqlx::query("SELECT * FROM games ORDER BY id");
            let rows = rows.fetch_all(c).await?;
            let table = "games";
            rows.iter()
                .map(|row| Cells { table, row }.as_game())
                .collect()
        })
    }

    /// Numbers of the matches that games were kept of.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn match_numbers(&mut self) -> Result<Vec<u64>, StorageError> {
        self.link.read("read the matches' numbers", async |c| {
            let rows = sqlx::query("SELECT match_number FROM games WHERE match_number IS NOT NULL");
            let rows = rows.fetch_all(c).await?;
            let table = "games";
            rows.iter()
                .map(|row| Cells { table, row }.count("match_number"))
                .collect()
        })
    }

    /// All training and evaluation games of each pair, none of them faded: what ratings of players that never change
    /// are made of.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn pair_totals(&mut self) -> Result<Vec<PayoffEntry>, StorageError> {
        self.link.read("count the games", async |c| {
            let sql = "SELECT player, opponent, outcome, COUNT(*) AS n FROM games \
                WHERE purpose <> 'z_evaluation' AND player <> opponent \
                GROUP BY player, opponent, outcome ORDER BY player, opponent, outcome";
            let mut totals = Payoff::default();
            for row in &sqlx::query(sql).fetch_all(c).await? {
                let cells = Cells {
                    table: "games",
                    row,
                };
                let (player, opponent) = (cells.player("player")?, cells.player("opponent")?);
                let outcome = cells.word("outcome", Outcome::from_name)?;
                let mut record = totals.get(player, opponent);
                let n = cells.int("n")? as f64;
                match outcome {
                    Outcome::Win => record.wins += n,
                    Outcome::Draw => record.draws += n,
                    Outcome::Loss => record.losses += n,
                }
                totals.set(player, opponent, record);
            }
            Ok(totals.entries().collect())
        })
    }
}

/// One more than the largest number in a table: `largest` selects that.
pub(super) async fn next_id(c: &mut AnyConnection, largest: &'static str) -> Result<i64, Fault> {
    let row = sqlx::query(largest).fetch_one(c).await?;
    Ok(row.try_get::<Option<i64>, _>(0)?.map_or(0, |id| id + 1))
}

async fn insert(c: &mut AnyConnection, id: i64, game: &GameRow) -> Result<(), Fault> {
    let sql = "INSERT INTO games (id, purpose, match_number, branch, player, opponent, player_version, \
        opponent_version, player_z, opponent_z, outcome, map, seed, loops, ended_ms) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let result = &game.result;
    sqlx::query(sql)
        .bind(id)
        .bind(result.kind.name())
        .bind(game.match_number.map(int).transpose()?)
        .bind(game.branch.map(|b| b.name()))
        .bind(i64::from(result.player.0))
        .bind(i64::from(result.opponent.0))
        .bind(int(game.player_version)?)
        .bind(int(game.opponent_version)?)
        .bind(result.player_z.map(i64::from))
        .bind(result.opponent_z.map(i64::from))
        .bind(result.outcome.name())
        .bind(&game.map)
        // The same 64 bits, read as a signed number.
        .bind(game.seed as i64)
        .bind(i64::from(game.loops))
        .bind(int(game.ended_ms)?)
        .execute(c)
        .await?;
    Ok(())
}

/// What `League::record` does, on the database's copy: the same sums in the same order, so that both stay equal.
async fn follow(c: &mut AnyConnection, game: &GameRow, decay: f64) -> Result<(), Fault> {
    let result = &game.result;
    match (result.kind, result.player_z) {
        (GameKind::ZEvaluation, Some(z)) => add_z(c, z, result.opponent, result.outcome).await,
        (GameKind::ZEvaluation, None) => Err(LeagueError::Inconsistent {
            what: "a z evaluation names no z".to_owned(),
        }
        .into()),
        (GameKind::Training | GameKind::Evaluation, _) => {
            if result.player == result.opponent {
                return Ok(());
            }
            let low = result.player.min(result.opponent);
            let high = result.player.max(result.opponent);
            let mut payoff: Payoff = payoff_of(c, low, high).await?.into();
            payoff.record(result.player, result.opponent, result.outcome, decay);
            set_payoff(c, low, high, payoff.get(low, high)).await
        }
    }
}

async fn payoff_of(
    c: &mut AnyConnection,
    low: PlayerId,
    high: PlayerId,
) -> Result<Vec<PayoffEntry>, Fault> {
    let sql = "SELECT * FROM payoff WHERE player = ? AND opponent = ?";
    let query = sqlx::query(sql)
        .bind(i64::from(low.0))
        .bind(i64::from(high.0));
    let rows = query.fetch_all(c).await?;
    rows.iter().map(as_payoff).collect()
}

pub(super) fn as_payoff(row: &sqlx::any::AnyRow) -> Result<PayoffEntry, Fault> {
    let cells = Cells {
        table: "payoff",
        row,
    };
    Ok(PayoffEntry {
        player: cells.player("player")?,
        opponent: cells.player("opponent")?,
        record: Record {
            wins: cells.real("wins")?,
            draws: cells.real("draws")?,
            losses: cells.real("losses")?,
        },
    })
}

/// Replaces a pair's record; `low` is the smaller number.
pub(super) async fn set_payoff(
    c: &mut AnyConnection,
    low: PlayerId,
    high: PlayerId,
    record: Record,
) -> Result<(), Fault> {
    let update =
        "UPDATE payoff SET wins = ?, draws = ?, losses = ? WHERE player = ? AND opponent = ?";
    let insert =
        "INSERT INTO payoff (wins, draws, losses, player, opponent) VALUES (?, ?, ?, ?, ?)";
    for sql in [update, insert] {
        let done = sqlx::query(sql)
            .bind(record.wins)
            .bind(record.draws)
            .bind(record.losses)
            .bind(i64::from(low.0))
            .bind(i64::from(high.0))
            .execute(&mut *c)
            .await?;
        if done.rows_affected() > 0 {
            break;
        }
    }
    Ok(())
}

async fn add_z(
    c: &mut AnyConnection,
    z: u32,
    against: PlayerId,
    outcome: Outcome,
) -> Result<(), Fault> {
    let one = |of| i64::from(outcome == of);
    let update = "UPDATE z_statistics SET wins = wins + ?, draws = draws + ?, losses = losses + ? \
        WHERE against = ? AND z = ?";
    let insert =
        "INSERT INTO z_statistics (wins, draws, losses, against, z) VALUES (?, ?, ?, ?, ?)";
    for sql in [update, insert] {
        let done = sqlx::query(sql)
            .bind(one(Outcome::Win))
            .bind(one(Outcome::Draw))
            .bind(one(Outcome::Loss))
            .bind(i64::from(against.0))
            .bind(i64::from(z))
            .execute(&mut *c)
            .await?;
        if done.rows_affected() > 0 {
            break;
        }
    }
    Ok(())
}

pub(super) fn as_z_record(row: &sqlx::any::AnyRow) -> Result<ZRecord, Fault> {
    let table = "z_statistics";
    let cells = Cells { table, row };
    Ok(ZRecord {
        z: cells.count("z")?,
        against: cells.player("against")?,
        record: Record {
            wins: f64::from(cells.count::<u32>("wins")?),
            draws: f64::from(cells.count::<u32>("draws")?),
            losses: f64::from(cells.count::<u32>("losses")?),
        },
    })
}
