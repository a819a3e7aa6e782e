//! The attributes: what each player chose in the lobby, by number.

use super::bits::Fault;

/// All attributes of a game.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    pub source: u8,
    pub map_namespace: u32,
    pub entries: Vec<Attribute>,
}

/// One choice of one player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The player's number; 16 is the game.
    pub scope: u8,
    /// E.g. 500 who controls, 3001 race, 3004 difficulty.
    pub id: u32,
    /// Four letters, padded with zeros.
    value: [u8; 4],
}

impl Attribute {
    /// E.g. `Terr`, `Comp`, `VyEy`.
    pub fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.value);
        text.trim_matches('\0').to_owned()
    }
}

const ENTRY_BYTES: usize = 13;
/// Older builds name neither a source nor the map's namespace.
const FIRST_BUILD_WITH_NAMESPACE: u32 = 17_326;

impl Attributes {
    /// # Errors
    /// The section is cut off.
    pub fn read(bytes: &[u8], build: u32) -> Result<Attributes, Fault> {
        let has_namespace = build >= FIRST_BUILD_WITH_NAMESPACE;
        let head_bytes = if has_namespace { 9 } else { 8 };
        let (head, rest) = bytes.split_at_checked(head_bytes).ok_or(Fault::Truncated)?;
        let word = |four: &[u8]| u32::from_le_bytes([four[0], four[1], four[2], four[3]]);
        if rest.len() % ENTRY_BYTES != 0 {
            return Err(Fault::Truncated);
        }
        let entries = rest.chunks_exact(ENTRY_BYTES).map(|entry| Attribute {
            scope: entry[8],
            id: word(&entry[4..8]),
            value: [entry[12], entry[11], entry[10], entry[9]],
        });
        Ok(Attributes {
            source: if has_namespace { head[0] } else { 0 },
            map_namespace: if has_namespace { word(&head[1..5]) } else { 0 },
            entries: entries.collect(),
        })
    }
}
