//! The metadata: what the game wrote down about itself as JSON (from version 3.7 or so on).

use serde::Deserialize;

/// The parts that we use; [`Metadata::all`] is the whole.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Metadata {
    pub title: String,
    /// Seconds of 16 loops.
    pub duration: f64,
    pub players: Vec<MetadataPlayer>,
    #[serde(skip)]
    pub all: serde_json::Value,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct MetadataPlayer {
    #[serde(rename = "PlayerID")]
    pub id: i64,
    #[serde(rename = "APM")]
    pub apm: Option<f64>,
    /// Below zero where there is none.
    #[serde(rename = "MMR")]
    pub mmr: Option<f64>,
    /// `Win`, `Loss`, `Tie`, `Undecided`.
    #[serde(rename = "Result")]
    pub result: String,
    #[serde(rename = "SelectedRace")]
    pub selected_race: String,
    /// `Terr`, `Zerg`, `Prot`.
    #[serde(rename = "AssignedRace")]
    pub assigned_race: String,
}

impl Metadata {
    /// # Errors
    /// It is no JSON of this shape.
    pub fn read(bytes: &[u8]) -> Result<Metadata, serde_json::Error> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let all: serde_json::Value = serde_json::from_slice(bytes)?;
        let metadata: Metadata = serde_json::from_value(all.clone())?;
        Ok(Metadata { all, ..metadata })
    }
}
