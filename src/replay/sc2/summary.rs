//! A replay in short: one line of `scc replay info`.

use super::details::DetailsPlayer;
use super::read::Sc2Replay;
use crate::game::Race;

/// A replay in short.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// E.g. `4.10.0.75689`.
    pub version: String,
    pub base_build: u32,
    pub map: String,
    pub loops: u64,
    /// Who played, e.g. `human vs human`, and where from if not from the game's own client.
    pub kind: String,
    /// `TvP`, or `multi4`; empty of one player.
    pub matchup: String,
    pub players: Vec<SummaryPlayer>,
    /// Whose data the game was played with; empty where the file does not say.
    pub data_version: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SummaryPlayer {
    pub id: u8,
    pub name: String,
    /// The race played; none where no section says it in words that we know.
    pub race: Option<Race>,
    /// `Win`, `Loss`, `Tie` or `Undecided`.
    pub result: String,
    pub mmr: Option<i64>,
    pub apm: Option<f64>,
    pub is_ai: bool,
    pub team: i64,
}

const CONTROL_COMPUTER: i64 = 3;
const SCOPE_RACE: u32 = 3001;

/// What a replay's standing sections say.
pub fn summary(replay: &Sc2Replay) -> Summary {
    let n = replay.details.players.len();
    let players: Vec<SummaryPlayer> = (0..n).map(|idx| player(replay, idx)).collect();
    let letters: Vec<char> = players
        .iter()
        .map(|player| player.race.map_or('?', letter))
        .collect();
    Summary {
        version: replay.header.version_text(),
        base_build: replay.header.base_build,
        map: replay.details.title.clone(),
        loops: replay.header.elapsed_game_loops,
        kind: kind(replay, &players).to_owned(),
        matchup: match letters.as_slice() {
            [a, b] => format!("{a}v{b}"),
            [] | [_] => String::new(),
            more => format!("multi{}", more.len()),
        },
        players,
        data_version: data_version(replay).unwrap_or_default().to_owned(),
    }
}

fn data_version(replay: &Sc2Replay) -> Option<&str> {
    replay.metadata.as_ref()?.all.get("DataVersion")?.as_str()
}

/// The client leaves attributes; the API does not. Blizzard's packs have been cleared of names, and of the details
/// that hold them.
fn kind(replay: &Sc2Replay, players: &[SummaryPlayer]) -> &'static str {
    let has_ai = players.iter().any(|player| player.is_ai);
    let has_attributes = replay
        .attributes
        .as_ref()
        .is_some_and(|a| !a.entries.is_empty());
    if players.len() > 2 {
        return "more than two players";
    }
    if replay.details_from.ends_with(".backup") {
        return "Blizzard replay pack (scrubbed)";
    }
    match (has_attributes, has_ai) {
        (true, false) => "human vs human",
        (true, true) => "human vs built-in AI",
        (false, false) => "api: agent vs agent",
        (false, true) => "api: agent vs built-in AI",
    }
}

fn player(replay: &Sc2Replay, idx: usize) -> SummaryPlayer {
    let it = &replay.details.players[idx];
    let id = idx as i64 + 1;
    let metadata = replay.metadata.as_ref();
    let told = metadata.and_then(|m| m.players.iter().find(|player| player.id == id));
    let result = match told.map(|told| told.result.as_str()) {
        Some(result) if !result.is_empty() => result,
        _ => match it.result {
            1 => "Win",
            2 => "Loss",
            3 => "Tie",
            _ => "Undecided",
        },
    };
    let assigned = told.and_then(|told| race_of(&told.assigned_race));
    SummaryPlayer {
        id: id as u8,
        name: plain(&it.name),
        race: assigned
            .or_else(|| race_of(&it.race_text))
            .or_else(|| race_chosen(replay, idx)),
        result: result.to_owned(),
        mmr: told
            .and_then(|told| told.mmr)
            .map(|mmr| mmr as i64)
            .or_else(|| rating(replay, it))
            .filter(|mmr| *mmr > 0),
        apm: told.and_then(|told| told.apm),
        is_ai: it.control == CONTROL_COMPUTER,
        team: it.team_id,
    }
}

/// A name as people write it: the clan in brackets, not in markup.
fn plain(name: &str) -> String {
    name.replace("<sp/>", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// The rating of the user in a player's slot.
fn rating(replay: &Sc2Replay, player: &DetailsPlayer) -> Option<i64> {
    let lobby = replay.lobby.as_ref()?;
    let place = player.working_set_slot_id?;
    let slot = lobby
        .slots
        .iter()
        .find(|slot| slot.working_set_slot_id == Some(place))?;
    let user = lobby.users.get(usize::try_from(slot.user_id?).ok()?)?;
    user.scaled_rating
}

/// The race that a player's attributes name.
fn race_chosen(replay: &Sc2Replay, idx: usize) -> Option<Race> {
    let attributes = replay.attributes.as_ref()?;
    let entry = attributes
        .entries
        .iter()
        .find(|entry| usize::from(entry.scope) == idx + 1 && entry.id == SCOPE_RACE)?;
    race_of(&entry.text())
}

/// A race by the game's short names, or its name in the languages of the game.
fn race_of(text: &str) -> Option<Race> {
    const NAMES: [(Race, &[&str]); 3] = [
        (
            Race::Terran,
            &[
                "terr",
                "terran",
                "terraner",
                "terrano",
                "terranie",
                "terrani",
                "терраны",
                "терран",
                "테란",
                "人类",
                "人類",
                "人族",
            ],
        ),
        (
            Race::Zerg,
            &[
                "zerg",
                "zergi",
                "zergowie",
                "зерги",
                "зерг",
                "저그",
                "异虫",
                "蟲族",
                "虫族",
            ],
        ),
        (
            Race::Protoss,
            &[
                "prot",
                "protoss",
                "protosi",
                "protossi",
                "протоссы",
                "протосс",
                "프로토스",
                "星灵",
                "神族",
            ],
        ),
    ];
    let text = text.to_lowercase();
    let mut known = NAMES.iter();
    known
        .find(|(_, names)| names.contains(&text.as_str()))
        .map(|(race, _)| *race)
}

fn letter(race: Race) -> char {
    match race {
        Race::Terran => 'T',
        Race::Zerg => 'Z',
        Race::Protoss => 'P',
        Race::Random => 'R',
    }
}
