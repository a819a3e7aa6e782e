//! Agent cards, `agents/NAME/agent.toml`: what an agent is, where it comes from, how strong it is, where its weights are.

use crate::files::{FileError, read_limited, write_atomic};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Name of a card's file in an agent's folder.
pub const CARD_FILE: &str = "agent.toml";
/// No card is larger.
const CARD_BYTES_MAX: u64 = 1 << 20;

/// Why a card cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{path} is no agent card: {what}")]
    Syntax { path: PathBuf, what: String },
    #[error(
        "the agent card {path} names no checkpoint: add `weights = \"FILE\"`, relative to the card"
    )]
    NoCheckpoint { path: PathBuf },
    #[error("the agent card {path} names the checkpoint {weights}, which is not there")]
    MissingCheckpoint { path: PathBuf, weights: PathBuf },
}

/// A card. Every key but `name`, `race`, `role` and `date` may be missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentCard {
    pub name: String,
    /// `Terran`, `Zerg` or `Protoss`.
    pub race: String,
    /// `supervised`, or a role of the league: `main_agent`, `main_exploiter`, `league_exploiter`, `past_player`.
    pub role: String,
    /// Whose weights it started from, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<String>,
    /// `sha256:` or `xxh3:` of the config that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config_hash: Option<String>,
    /// The run that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Year-month-day.
    pub date: String,
    /// The checkpoint, relative to the card's folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<PathBuf>,
    /// The map that it was trained on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<String>,
    /// How freely it chose in its results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Agent steps behind its weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elo: Option<CardElo>,
    /// Matches by opponent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub results: BTreeMap<String, CardResult>,
}

/// A rating with its 95% interval; `anchor` stands at 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardElo {
    pub elo: f64,
    pub ci95: [f64; 2],
    pub anchor: String,
}

/// Games against one opponent, with Wilson's 95% interval of the win rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardResult {
    pub wins: u32,
    pub losses: u32,
    pub ties: u32,
    pub ci95: [f64; 2],
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_hash: Option<String>,
}

impl AgentCard {
    /// Reads the card at `path`: a card, or an agent's folder.
    ///
    /// # Errors
    /// If it cannot be read or is no card.
    pub fn read(path: &Path) -> Result<AgentCard, CardError> {
        let path = card_path(path);
        let bytes = read_limited(&path, CARD_BYTES_MAX)?;
        let fail = |what: String| CardError::Syntax {
            path: path.clone(),
            what,
        };
        let text = String::from_utf8(bytes).map_err(|_| fail("it is not UTF-8".to_owned()))?;
        toml::from_str(&text).map_err(|e| fail(e.to_string().trim().to_owned()))
    }

    /// Writes the card into an agent's folder, which is made if it is not there.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), CardError> {
        let path = folder.join(CARD_FILE);
        let text = toml::to_string_pretty(self).map_err(|e| CardError::Syntax {
            path: path.clone(),
            what: e.to_string(),
        })?;
        Ok(write_atomic(&path, text.as_bytes())?)
    }
}

/// Whether `path` means an agent by its card: a folder, or a card's file.
pub fn is_card(path: &Path) -> bool {
    path.is_dir() || path.file_name().is_some_and(|name| name == CARD_FILE)
}

/// The checkpoint of an agent given by its card or folder.
///
/// # Errors
/// As [`AgentCard::read`], and if the card names no checkpoint or one that is not there.
pub fn checkpoint_of(path: &Path) -> Result<PathBuf, CardError> {
    let card = AgentCard::read(path)?;
    let path = card_path(path);
    let Some(weights) = card.weights.filter(|w| !w.as_os_str().is_empty()) else {
        return Err(CardError::NoCheckpoint { path });
    };
    let weights = path.parent().unwrap_or(Path::new(".")).join(weights);
    if !weights.is_file() {
        return Err(CardError::MissingCheckpoint { path, weights });
    }
    Ok(weights)
}

fn card_path(path: &Path) -> PathBuf {
    if path.is_dir() {
        path.join(CARD_FILE)
    } else {
        path.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card() -> AgentCard {
        AgentCard {
            name: "main".into(),
            race: "Terran".into(),
            role: "main_agent".into(),
            date: "2026-11-26".into(),
            elo: Some(CardElo {
                elo: 120.5,
                ci95: [80.0, 161.0],
                anchor: "supervised".into(),
            }),
            ..AgentCard::default()
        }
    }

    #[test]
    fn a_card_is_written_and_read() {
        let folder = tempfile::tempdir().unwrap();
        let mut card = card();
        card.weights = Some("w.safetensors".into());
        card.results.insert(
            "builtin:Easy:terran".into(),
            CardResult {
                wins: 9,
                losses: 1,
                ties: 0,
                ci95: [0.596, 0.982],
                state_hash: None,
            },
        );
        card.write(&folder.path().join("main")).unwrap();
        let path = folder.path().join("main");
        assert_eq!(AgentCard::read(&path).unwrap(), card);
        assert_eq!(AgentCard::read(&path.join(CARD_FILE)).unwrap(), card);
        assert!(
            is_card(&path) && is_card(Path::new("x/agent.toml")) && !is_card(Path::new("w.bin"))
        );
        let missing = checkpoint_of(&path).unwrap_err();
        assert!(matches!(missing, CardError::MissingCheckpoint { .. }));
        std::fs::write(path.join("w.safetensors"), "").unwrap();
        assert_eq!(checkpoint_of(&path).unwrap(), path.join("w.safetensors"));
    }

    #[test]
    fn a_card_without_a_checkpoint_or_with_a_typing_error_says_so() {
        let folder = tempfile::tempdir().unwrap();
        card().write(folder.path()).unwrap();
        let error = checkpoint_of(folder.path()).unwrap_err().to_string();
        assert!(error.contains("names no checkpoint"), "{error}");
        std::fs::write(folder.path().join(CARD_FILE), "name = 'x'\nweigths = 'y'").unwrap();
        let error = checkpoint_of(folder.path()).unwrap_err().to_string();
        assert!(
            error.contains("no agent card") && error.contains("weigths"),
            "{error}"
        );
        let error = checkpoint_of(&folder.path().join("nothing")).unwrap_err();
        assert!(matches!(error, CardError::File(_)));
    }

    #[test]
    fn the_published_agents_have_cards() {
        let agents = Path::new(env!("CARGO_MANIFEST_DIR")).join("agents");
        for entry in std::fs::read_dir(agents).unwrap().flatten() {
            if entry.path().is_dir() {
                let card = AgentCard::read(&entry.path()).unwrap();
                assert_eq!(card.name, entry.file_name().to_string_lossy());
                assert!(checkpoint_of(&entry.path()).is_ok());
            }
        }
    }
}
