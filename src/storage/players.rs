//! The league itself: made once, its players kept as they change, read back whole.

use super::error::{Fault, bad_row};
use super::games::{as_payoff, as_z_record, next_id, set_payoff};
use super::rows::{BranchRequest, Cells, CheckpointRow, EventRow, RequestStatus, int, z_ids};
use super::{Storage, StorageError, now_ms};
use crate::league::{
    BranchOrder, League, LeagueConfig, LeagueEvent, Payoff, Player, PlayerId, ZRecord,
};
use sqlx::AnyConnection;
use sqlx::Row;

impl Storage {
    /// Keeps a new league.
    ///
    /// # Errors
    /// [`StorageError::LeagueExists`] if there is one already.
    pub fn create_league(&mut self, league: &League) -> Result<(), StorageError> {
        let at = self.link.at().clone();
        let config = to_json(league.config())?;
        let seed = league.seed().to_string();
        self.link.write("keep the league", async |c| {
            if meta(c, "config").await?.is_some() {
                return Err(StorageError::LeagueExists { at }.into());
            }
            for (name, value) in [("config", &config), ("seed", &seed)] {
                let sql = "INSERT INTO meta (name, value) VALUES (?, ?)";
                sqlx::query(sql)
                    .bind(name)
                    .bind(value)
                    .execute(&mut *c)
                    .await?;
            }
            for player in league.players() {
                set_player(c, player).await?;
            }
            for entry in league.payoff().entries() {
                set_payoff(c, entry.player, entry.opponent, entry.record).await?;
            }
            Ok(())
        })?;
        self.config = Some(league.config().clone());
        Ok(())
    }

    /// The league as it was when the last call returned.
    ///
    /// # Errors
    /// [`StorageError::NoLeague`] before [`Storage::create_league`].
    pub fn load_league(&mut self) -> Result<League, StorageError> {
        let config = self.league_config()?;
        let parts = async |c: &mut AnyConnection| {
            let seed = meta(c, "seed").await?.and_then(|s| s.parse::<u64>().ok());
            let seed = seed.ok_or_else(|| bad_row("meta", "no seed"))?;
            let matches = next_id(c, "SELECT MAX(match_number) FROM games").await? as u64;
            let rows = sqlx::query("SELECT * FROM players ORDER BY id");
            let rows = rows.fetch_all(&mut *c).await?;
            let table = "players";
            let players = rows.iter().map(|row| Cells { table, row }.as_player());
            let players = players.collect::<Result<Vec<Player>, Fault>>()?;
            let rows = sqlx::query("SELECT * FROM payoff ORDER BY player, opponent");
            let rows = rows.fetch_all(&mut *c).await?;
            let payoff = rows
                .iter()
                .map(as_payoff)
                .collect::<Result<Vec<_>, Fault>>()?;
            let rows = sqlx::query("SELECT * FROM z_statistics ORDER BY against, z");
            let rows = rows.fetch_all(&mut *c).await?;
            let z = rows
                .iter()
                .map(as_z_record)
                .collect::<Result<Vec<ZRecord>, Fault>>()?;
            Ok(League::from_parts(
                config,
                seed,
                matches,
                players,
                Payoff::from(payoff),
                z,
            )?)
        };
        self.link.read("read the league", parts)
    }

    /// Keeps what [`League::on_progress`] (or [`League::stop`]) changed: the player, its checkpoint, and whoever the
    /// events are about.
    ///
    /// # Errors
    /// [`StorageError`]; nothing of it is kept then.
    pub fn save_progress(
        &mut self,
        league: &League,
        player: PlayerId,
        events: &[LeagueEvent],
    ) -> Result<(), StorageError> {
        self.link.write("keep a player's progress", async |c| {
            let player = league.player(player)?;
            set_player(c, player).await?;
            // After a reset the weights are the supervised agent's, which were not saved here.
            if player.steps > 0 && !is_reset(events, player.id) {
                set_checkpoint(c, player).await?;
            }
            for event in events {
                keep_event(c, league, event).await?;
            }
            Ok(())
        })
    }

    /// Asks for a branch, which the league carries out when it next looks; the request's number.
    ///
    /// # Errors
    /// [`StorageError::League`] if the league, as it is now, would refuse it, or another request has the name.
    pub fn request_branch(&mut self, order: &BranchOrder) -> Result<u64, StorageError> {
        self.load_league()?.check_branch(order)?;
        let taken =
            |r: &BranchRequest| r.order.name == order.name && r.status == RequestStatus::Waiting;
        if self.branch_requests()?.iter().any(taken) {
            return Err(crate::league::LeagueError::Name {
                name: order.name.clone(),
                what: "is asked for already".to_owned(),
            }
            .into());
        }
        let sql = "INSERT INTO branch_requests (id, name, from_player, role, z_ids, status, detail, asked_ms) \
            VALUES (?, ?, ?, ?, ?, 'waiting', '', ?)";
        self.link.write("ask for a branch", async |c| {
            let id = next_id(c, "SELECT MAX(id) FROM branch_requests").await?;
            sqlx::query(sql)
                .bind(id)
                .bind(&order.name)
                .bind(i64::from(order.from.0))
                .bind(order.role.name())
                .bind(z_ids(&order.condition))
                .bind(int(now_ms())?)
                .execute(c)
                .await?;
            Ok(id as u64)
        })
    }

    /// All requests for branches, the oldest first; those that wait have [`RequestStatus::Waiting`].
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn branch_requests(&mut self) -> Result<Vec<BranchRequest>, StorageError> {
        self.link.read("read the requested branches", async |c| {
            let rows = sqlx::query("SELECT * FROM branch_requests ORDER BY id");
            let rows = rows.fetch_all(c).await?;
            let table = "branch_requests";
            rows.iter()
                .map(|row| Cells { table, row }.as_request())
                .collect()
        })
    }

    /// Keeps the answer to a request: what [`League::branch`] gave, the new player included.
    ///
    /// # Errors
    /// [`StorageError`]; the request then still waits.
    pub fn answer_branch(
        &mut self,
        request: u64,
        league: &League,
        answer: Result<&LeagueEvent, &crate::league::LeagueError>,
    ) -> Result<(), StorageError> {
        let (status, detail) = match answer {
            Ok(_) => (RequestStatus::Done, String::new()),
            Err(error) => (RequestStatus::Failed, error.to_string()),
        };
        self.link.write("answer a request", async |c| {
            let sql = "UPDATE branch_requests SET status = ?, detail = ? WHERE id = ?";
            sqlx::query(sql)
                .bind(status.name())
                .bind(detail)
                .bind(int(request)?)
                .execute(&mut *c)
                .await?;
            match answer {
                Ok(event) => keep_event(c, league, event).await,
                Err(_) => Ok(()),
            }
        })
    }

    /// What happened, in order.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn events(&mut self) -> Result<Vec<EventRow>, StorageError> {
        self.link.read("read the events", async |c| {
            let rows = sqlx::query("SELECT * FROM events ORDER BY id");
            let rows = rows.fetch_all(c).await?;
            let table = "events";
            rows.iter()
                .map(|row| Cells { table, row }.as_event())
                .collect()
        })
    }

    /// All checkpoints ever reported, by player and steps.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn checkpoints(&mut self) -> Result<Vec<CheckpointRow>, StorageError> {
        let row = |row: &sqlx::any::AnyRow| {
            let table = "checkpoints";
            let cells = Cells { table, row };
            Ok(CheckpointRow {
                player: cells.player("player")?,
                steps: cells.count("steps")?,
                path: cells.text("path")?,
                saved_ms: cells.count("saved_ms")?,
            })
        };
        self.link.read("read the checkpoints", async |c| {
            let rows = sqlx::query("SELECT * FROM checkpoints ORDER BY player, steps");
            rows.fetch_all(c).await?.iter().map(row).collect()
        })
    }

    /// The league's settings, read once.
    pub(super) fn league_config(&mut self) -> Result<LeagueConfig, StorageError> {
        if let Some(config) = &self.config {
            return Ok(config.clone());
        }
        let read = async |c: &mut AnyConnection| meta(c, "config").await;
        let text = self.link.read("read the settings", read)?;
        let at = self.link.at().clone();
        let text = text.ok_or(StorageError::NoLeague { at })?;
        let config: LeagueConfig = serde_json::from_str(&text)
            .map_err(|e| bad_row("meta", format!("settings with {e}")))?;
        self.config = Some(config.clone());
        Ok(config)
    }
}

fn to_json(value: &impl serde::Serialize) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|e| bad_row("(none)", e))
}

fn is_reset(events: &[LeagueEvent], id: PlayerId) -> bool {
    let reset = |e: &LeagueEvent| matches!(e, LeagueEvent::Reset { player, .. } if *player == id);
    events.iter().any(reset)
}

/// What `meta` says under a name.
pub(super) async fn meta(c: &mut AnyConnection, name: &str) -> Result<Option<String>, Fault> {
    let query = sqlx::query("SELECT value FROM meta WHERE name = ?").bind(name.to_owned());
    let row = query.fetch_all(c).await?;
    Ok(row
        .first()
        .map(|row| row.try_get::<String, _>(0))
        .transpose()?)
}

/// The event's row, and the players that it changed or made.
async fn keep_event(
    c: &mut AnyConnection,
    league: &League,
    event: &LeagueEvent,
) -> Result<(), Fault> {
    set_player(c, league.player(event.player())?).await?;
    match event {
        LeagueEvent::Promoted { past, .. } => {
            let past = league.player(*past)?;
            set_player(c, past).await?;
            set_checkpoint(c, past).await?;
        }
        LeagueEvent::Reset { player, .. } => {
            let sql = "DELETE FROM payoff WHERE player = ? OR opponent = ?";
            let id = i64::from(player.0);
            sqlx::query(sql).bind(id).bind(id).execute(&mut *c).await?;
        }
        LeagueEvent::Joined { .. } | LeagueEvent::Branched { .. } | LeagueEvent::Stopped { .. } => {
        }
    }
    let id = next_id(c, "SELECT MAX(id) FROM events").await?;
    let sql = "INSERT INTO events (id, event, player, steps, detail, happened_ms) VALUES (?, ?, ?, ?, ?, ?)";
    sqlx::query(sql)
        .bind(id)
        .bind(event.name())
        .bind(i64::from(event.player().0))
        .bind(int(event.steps())?)
        .bind(to_json(event)?)
        .bind(int(now_ms())?)
        .execute(c)
        .await?;
    Ok(())
}

async fn set_player(c: &mut AnyConnection, player: &Player) -> Result<(), Fault> {
    let update = "UPDATE players SET steps = ?, promoted_step = ?, resets = ?, checkpoint = ?, active = ? WHERE id = ?";
    let done = sqlx::query(update)
        .bind(int(player.steps)?)
        .bind(int(player.promoted_step)?)
        .bind(i64::from(player.resets))
        .bind(&player.checkpoint)
        .bind(i64::from(player.active))
        .bind(i64::from(player.id.0))
        .execute(&mut *c)
        .await?;
    if done.rows_affected() > 0 {
        return Ok(());
    }
    let insert = "INSERT INTO players (id, name, role, past_of, parent, start_step, steps, promoted_step, resets, \
        z_ids, checkpoint, active, joined_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    sqlx::query(insert)
        .bind(i64::from(player.id.0))
        .bind(&player.name)
        .bind(player.role.name())
        .bind(player.past_of().map(|id| i64::from(id.0)))
        .bind(player.parent.map(|id| i64::from(id.0)))
        .bind(int(player.start_step)?)
        .bind(int(player.steps)?)
        .bind(int(player.promoted_step)?)
        .bind(i64::from(player.resets))
        .bind(z_ids(&player.condition))
        .bind(&player.checkpoint)
        .bind(i64::from(player.active))
        .bind(int(now_ms())?)
        .execute(c)
        .await?;
    Ok(())
}

async fn set_checkpoint(c: &mut AnyConnection, player: &Player) -> Result<(), Fault> {
    let update = "UPDATE checkpoints SET path = ?, saved_ms = ? WHERE player = ? AND steps = ?";
    let insert = "INSERT INTO checkpoints (path, saved_ms, player, steps) VALUES (?, ?, ?, ?)";
    for sql in [update, insert] {
        let done = sqlx::query(sql)
            .bind(&player.checkpoint)
            .bind(int(now_ms())?)
            .bind(i64::from(player.id.0))
            .bind(int(player.steps)?)
            .execute(&mut *c)
            .await?;
        if done.rows_affected() > 0 {
            break;
        }
    }
    Ok(())
}
