//! A league's players as agents: a card each, as `agents/NAME/agent.toml` of a published agent.

use super::Standings;
use crate::league::{Player, SUPERVISED_NAME};
use crate::run::RunError;
use crate::run::card::{AgentCard, CardElo, CardResult};
use crate::storage::StorageUrl;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Writes `folder/NAME/agent.toml` for every player; how many.
///
/// # Errors
/// If a file cannot be written.
pub fn write_cards(standings: &Standings, folder: &Path) -> Result<usize, RunError> {
    let players = standings.league().players();
    for player in players {
        card(standings, player).write(&folder.join(&player.name))?;
    }
    Ok(players.len())
}

/// What is known of a player, as its card. The project plays Terran (SCC §3).
fn card(standings: &Standings, player: &Player) -> AgentCard {
    let elo = standings.elo();
    let rating = elo.players.iter().find(|row| row.id == player.id);
    let config = serde_json::to_vec(standings.league().config()).unwrap_or_default();
    AgentCard {
        name: player.name.clone(),
        race: "Terran".to_owned(),
        role: player.role.name().to_owned(),
        parent: player.parent.map(|id| standings.name(id)),
        config: None,
        config_hash: Some(format!("xxh3:{:016x}", xxhash_rust::xxh3::xxh3_64(&config))),
        run: Some(run_name(&standings.at)),
        date: date(standings, player),
        weights: weights(&standings.at, &player.checkpoint),
        map: None,
        temperature: None,
        steps: Some(player.start_step + player.steps),
        elo: rating.map(|row| CardElo {
            elo: row.elo,
            ci95: row.ci95,
            anchor: SUPERVISED_NAME.to_owned(),
        }),
        results: results(standings, player),
    }
}

/// Games against each other player of the league.
fn results(standings: &Standings, player: &Player) -> BTreeMap<String, CardResult> {
    let against = |opponent: &Player| {
        let record = standings.total(player.id, opponent.id);
        let (lo, hi) = record.interval95();
        let result = CardResult {
            wins: record.wins as u32,
            losses: record.losses as u32,
            ties: record.draws as u32,
            ci95: [lo, hi],
            state_hash: None,
        };
        (record.games() > 0.0).then(|| (format!("league:{}", opponent.name), result))
    };
    let players = standings.league().players().iter();
    players.filter_map(against).collect()
}

/// The run folder's name, or the server.
fn run_name(at: &StorageUrl) -> String {
    let folder = match at {
        StorageUrl::Sqlite(file) => file.parent().and_then(Path::file_name),
        StorageUrl::Mysql(_) => None,
    };
    folder.map_or_else(
        || at.to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// Where the weights are, from anywhere; as the league says where that cannot be found out.
fn weights(at: &StorageUrl, checkpoint: &str) -> Option<PathBuf> {
    let path = match at {
        StorageUrl::Sqlite(file) => file.parent().unwrap_or(Path::new(".")).join(checkpoint),
        StorageUrl::Mysql(_) => PathBuf::from(checkpoint),
    };
    (!checkpoint.is_empty()).then(|| path.canonicalize().unwrap_or(path))
}

/// The day on which its latest weights were saved; today for those that the league did not save.
fn date(standings: &Standings, player: &Player) -> String {
    let own = |c: &&crate::storage::CheckpointRow| c.player == player.id;
    let saved = standings
        .checkpoints
        .iter()
        .filter(own)
        .map(|c| c.saved_ms)
        .max();
    let now = || {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |d| d.as_millis() as u64)
    };
    let (year, month, day) = civil(saved.unwrap_or_else(now) / DAY_MS);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The date of a day counted from 1970-01-01, in the Gregorian calendar.
fn civil(mut day: u64) -> (u64, u64, u64) {
    let is_leap = |y: u64| (y.is_multiple_of(4) && !y.is_multiple_of(100)) || y.is_multiple_of(400);
    let mut year = 1970;
    while day >= 365 + u64::from(is_leap(year)) {
        day -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + u64::from(is_leap(year));
    let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while day >= months[month] {
        day -= months[month];
        month += 1;
    }
    (year, month as u64 + 1, day + 1)
}

#[cfg(test)]
mod tests {
    use super::civil;

    #[test]
    fn days_are_dates() {
        // date -d @$((DAY * 86400)) +%F
        for (day, date) in [
            (0, (1970, 1, 1)),
            (11_016, (2000, 2, 29)),
            (11_017, (2000, 3, 1)),
            (20_783, (2026, 11, 26)),
            (20_818, (2026, 12, 31)),
            (20_819, (2027, 1, 1)),
        ] {
            assert_eq!(civil(day), date);
        }
    }
}
