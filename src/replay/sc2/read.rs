//! A whole replay: which files of the archive are read, by which build's layout, and what is done where it does not fit.

use std::path::{Path, PathBuf};

use super::archive::{Archive, ArchiveError};
use super::attributes::Attributes;
use super::bits::Fault;
use super::details::Details;
use super::game::{self, GameEvent};
use super::header::Header;
use super::layout;
use super::lobby::Lobby;
use super::message::{self, Message};
use super::metadata::Metadata;
use super::stream::StreamError;
use super::tracker::{self, TrackerEvent};
use crate::files::{FileError, read_limited};

/// File name extension, without the dot.
pub const EXTENSION: &str = "SC2Replay";
/// No replay is larger; the longest known have 2 MB.
const FILE_BYTES_MAX: u64 = 64 << 20;

const DETAILS: [&str; 2] = ["replay.details", "replay.details.backup"];
const INIT: [&str; 2] = ["replay.initData", "replay.initData.backup"];
const METADATA: &str = "replay.gamemetadata.json";
const ATTRIBUTES: &str = "replay.attributes.events";
const TRACKER: &str = "replay.tracker.events";
const GAME: &str = "replay.game.events";
const MESSAGES: &str = "replay.message.events";

/// Why a file is no replay that can be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("{path}")]
    In {
        path: PathBuf,
        #[source]
        source: Box<ReadError>,
    },
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error("its {section} cannot be read")]
    Value {
        section: &'static str,
        #[source]
        source: Fault,
    },
    #[error("its {section} cannot be read beyond {source}")]
    Events {
        section: &'static str,
        #[source]
        source: StreamError,
    },
    #[error("its metadata cannot be read")]
    Metadata(#[source] serde_json::Error),
}

impl ReadError {
    /// In few words that many files share, for counts.
    pub fn reason(&self) -> String {
        match self {
            ReadError::In { source, .. } => source.reason(),
            ReadError::File(_) => "the file cannot be read".to_owned(),
            ReadError::Archive(ArchiveError::File(name, why)) => format!("{name}: {why}"),
            ReadError::Archive(error) => error.to_string(),
            ReadError::Value { section, source } => format!("{section}: {source}"),
            ReadError::Events { section, source } => format!("{section}: {}", source.fault),
            ReadError::Metadata(_) => "metadata: no JSON of its shape".to_owned(),
        }
    }
}

/// A replay. Sections that the file does not have are `None` or empty.
#[derive(Clone, Debug, Default)]
pub struct Sc2Replay {
    pub header: Header,
    /// The build whose layouts were used, the header's or the nearest older one.
    pub protocol: u32,
    pub details: Details,
    /// Which file the details are from; Blizzard's replay packs have the backup alone.
    pub details_from: &'static str,
    pub lobby: Option<Lobby>,
    pub metadata: Option<Metadata>,
    pub attributes: Option<Attributes>,
    pub tracker: Vec<TrackerEvent>,
    pub game: Vec<GameEvent>,
    pub messages: Vec<Message>,
    /// Names and unpacked sizes of the archive's files.
    pub files: Vec<(String, usize)>,
    /// What was read otherwise than its build says.
    pub warnings: Vec<String>,
}

impl Sc2Replay {
    /// Whether the layouts of the very build are known.
    pub fn is_protocol_exact(&self) -> bool {
        self.protocol == self.header.base_build
    }
}

/// Reads a whole replay.
///
/// # Errors
/// The file cannot be read, is no replay, or a section of it is damaged.
pub fn read(path: &Path) -> Result<Sc2Replay, ReadError> {
    with_path(path, decode)
}

/// As [`read`], without events and messages: many times faster.
///
/// # Errors
/// As [`read`].
pub fn read_summary(path: &Path) -> Result<Sc2Replay, ReadError> {
    with_path(path, decode_summary)
}

fn with_path(
    path: &Path,
    decode: impl Fn(&[u8]) -> Result<Sc2Replay, ReadError>,
) -> Result<Sc2Replay, ReadError> {
    let bytes = read_limited(path, FILE_BYTES_MAX)?;
    decode(&bytes).map_err(|source| ReadError::In {
        path: path.to_owned(),
        source: Box::new(source),
    })
}

/// The replay in a file's bytes.
///
/// # Errors
/// As [`read`].
pub fn decode(bytes: &[u8]) -> Result<Sc2Replay, ReadError> {
    let reading = Reading::start(bytes)?;
    let mut replay = reading.standing()?;
    let warnings = &mut replay.warnings;
    let events = |section| move |source| ReadError::Events { section, source };
    let (tracked, games) = (tracker::tracker_events, game::game_events);
    if let Some(all) = reading.by_build(TRACKER, warnings, tracked, events("tracker events"))? {
        replay.tracker = all;
    }
    if let Some(all) = reading.by_build(GAME, warnings, games, events("game events"))? {
        replay.game = all;
    }
    let told = events("messages");
    if let Some(all) = reading.by_build(MESSAGES, warnings, message::messages, told)? {
        replay.messages = all;
    }
    Ok(replay)
}

/// As [`decode`], without events and messages.
///
/// # Errors
/// As [`read`].
pub fn decode_summary(bytes: &[u8]) -> Result<Sc2Replay, ReadError> {
    Reading::start(bytes)?.standing()
}

struct Reading<'a> {
    archive: Archive<'a>,
    header: Header,
    protocol: u32,
}

impl<'a> Reading<'a> {
    fn start(bytes: &'a [u8]) -> Result<Reading<'a>, ReadError> {
        let archive = Archive::open(bytes)?;
        let header = Header::read(archive.user_data()).map_err(|source| ReadError::Value {
            section: "header",
            source,
        })?;
        let protocol = layout::nearest(header.base_build);
        Ok(Reading {
            archive,
            header,
            protocol,
        })
    }

    /// Everything but events and messages.
    fn standing(&self) -> Result<Sc2Replay, ReadError> {
        let mut replay = Sc2Replay {
            header: self.header.clone(),
            protocol: self.protocol,
            details_from: DETAILS[0],
            ..Sc2Replay::default()
        };
        if !replay.is_protocol_exact() {
            replay.warnings.push(format!(
                "build {} is unknown; read as {}",
                self.header.base_build, self.protocol
            ));
        }
        let value = |section| move |source| ReadError::Value { section, source };
        for name in DETAILS {
            let read =
                self.by_build(name, &mut replay.warnings, Details::read, value("details"))?;
            if let Some(details) = read {
                (replay.details, replay.details_from) = (details, name);
                break;
            }
        }
        for name in INIT {
            let read = self.by_build(
                name,
                &mut replay.warnings,
                Lobby::read,
                value("initial data"),
            );
            match read {
                // Of an unknown build it is the section most likely to have changed, and the one least needed.
                Err(error) if !replay.is_protocol_exact() => {
                    replay
                        .warnings
                        .push(format!("left out: {}", error.reason()));
                }
                read => replay.lobby = read?,
            }
            if replay.lobby.is_some() {
                break;
            }
        }
        if let Some(bytes) = self.archive.file(METADATA)? {
            replay.metadata = Some(Metadata::read(&bytes).map_err(ReadError::Metadata)?);
        }
        if let Some(bytes) = self.archive.file(ATTRIBUTES)? {
            let read = Attributes::read(&bytes, self.protocol).map_err(value("attributes"));
            replay.attributes = Some(read?);
        }
        // It says how large sections are, and nothing is read by it; old files of other programs have it enciphered.
        let names = self.archive.names().unwrap_or_else(|error| {
            replay.warnings.push(format!("left out: {error}"));
            Vec::new()
        });
        for name in names {
            if let Some(size) = self.archive.size(&name) {
                replay.files.push((name, size));
            }
        }
        Ok(replay)
    }

    /// Reads a file by the layouts of the nearest older build; where those do not fit a build that is unknown, by the
    /// next newer one's.
    fn by_build<T, E>(
        &self,
        name: &str,
        warnings: &mut Vec<String>,
        read: impl Fn(&[u8], u32) -> Result<T, E>,
        error: impl Fn(E) -> ReadError,
    ) -> Result<Option<T>, ReadError> {
        let Some(bytes) = self.archive.file(name)? else {
            return Ok(None);
        };
        let is_exact = self.protocol == self.header.base_build;
        let newer = layout::next_above(self.header.base_build).filter(|_| !is_exact);
        let first = match (read(&bytes, self.protocol), newer) {
            (Err(first), Some(newer)) => match read(&bytes, newer) {
                Ok(found) => {
                    warnings.push(format!("{name} is laid out as in build {newer}"));
                    Ok(found)
                }
                Err(_) => Err(first),
            },
            (first, _) => first,
        };
        first.map(Some).map_err(error)
    }
}
