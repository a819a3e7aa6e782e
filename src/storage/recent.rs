//! What happened lately, for whoever only looks: the newest games, and which schedules there are.

use super::rows::{Cells, GameRow, int};
use super::schedule::{ScheduledGame, as_game};
use super::{Storage, StorageError};
use sqlx::Row;

impl Storage {
    /// At most `n` games of the league, the newest first.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn recent_games(&mut self, n: u64) -> Result<Vec<GameRow>, StorageError> {
        let n = int(n)?;
        self.link.read("read the newest games", async |c| {
            let sql = "SELECT * FROM games ORDER BY id DESC LIMIT ?";
            let rows = sqlx::query(sql).bind(n).fetch_all(c).await?;
            let table = "games";
            rows.iter()
                .map(|row| Cells { table, row }.as_game())
                .collect()
        })
    }

    /// Names of all schedules with a run, ascending; none in a database of before there were schedules.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn schedules(&mut self) -> Result<Vec<String>, StorageError> {
        match self.needs_schedules() {
            Err(StorageError::NoSchedule { .. }) => return Ok(Vec::new()),
            other => other?,
        }
        self.link.read("read the schedules", async |c| {
            let sql = "SELECT DISTINCT schedule FROM schedule_runs ORDER BY schedule";
            let rows = sqlx::query(sql).fetch_all(c).await?;
            let name = |row| Ok(Row::try_get::<String, _>(row, 0)?);
            rows.iter().map(name).collect()
        })
    }

    /// At most `n` games of all schedules, the newest first.
    ///
    /// # Errors
    /// As [`Storage::runs`].
    pub fn recent_scheduled_games(&mut self, n: u64) -> Result<Vec<ScheduledGame>, StorageError> {
        self.needs_schedules()?;
        let n = int(n)?;
        self.link.read("read the newest games", async |c| {
            let sql = "SELECT * FROM schedule_games ORDER BY ended_ms DESC, game DESC LIMIT ?";
            let rows = sqlx::query(sql).bind(n).fetch_all(c).await?;
            rows.iter().map(as_game).collect()
        })
    }
}
