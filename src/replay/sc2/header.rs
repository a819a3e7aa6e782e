//! The header: version, builds, length.

use super::bits::Fault;
use super::layout::{self, Layout, Section};
use super::names::Name;
use super::tagged::Tagged;
use super::value::Value;

/// What stands in front of the archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Major, minor, revision, build; written `4.10.0.75689`.
    pub version: [u32; 4],
    pub flags: i64,
    /// Says how everything else is laid out.
    pub base_build: u32,
    /// Whose data the game was played with.
    pub data_build: u32,
    pub elapsed_game_loops: u64,
    /// Whether loops are counted at the speed played; older games had no such thing.
    pub use_scaled_time: bool,
    pub kind: i64,
}

impl Header {
    /// Reads the header; its fields are tagged, so the newest layout serves for all builds.
    ///
    /// # Errors
    /// It is cut off or no header.
    pub fn read(bytes: &[u8]) -> Result<Header, Fault> {
        let newest = layout::builds().last().copied().unwrap_or_default();
        let layout = Layout::of(Section::Header, newest);
        let mut cells = Vec::new();
        let root = layout.root.ok_or(Fault::Corrupt("it has no layout"))?;
        Tagged::new(bytes, layout.types).read(root, Name::Other, &mut cells)?;
        let value = Value::first(bytes, &cells).ok_or(Fault::Truncated)?;
        let version = value
            .get(Name::Version)
            .ok_or(Fault::Corrupt("it has no version"))?;
        let part = |name| version.num::<u32>(name).unwrap_or(0);
        let build = part(Name::Build);
        Ok(Header {
            version: [
                part(Name::Major),
                part(Name::Minor),
                part(Name::Revision),
                build,
            ],
            flags: version.int(Name::Flags).unwrap_or(0),
            base_build: version.num(Name::BaseBuild).unwrap_or(build),
            data_build: value.num(Name::DataBuildNum).unwrap_or(build),
            elapsed_game_loops: value.num(Name::ElapsedGameLoops).unwrap_or(0),
            use_scaled_time: value.bool(Name::UseScaledTime),
            kind: value.int(Name::Type).unwrap_or(0),
        })
    }

    /// As the game writes it, e.g. `4.10.0.75689`.
    pub fn version_text(&self) -> String {
        self.version.map(|part| part.to_string()).join(".")
    }
}
