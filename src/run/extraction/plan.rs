//! Which files become parts, of which players, and in which way.

use super::{ExtractOptions, Failure, RunError, Watching};
use crate::dataset::DatasetError;
use crate::dataset::parts::Parts;
use crate::files::read_limited;
use crate::replay::{self, ReplayInfo, wrapped};
use crate::sc2::client::{Launch, LocateError, versions};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// No replay is larger.
pub(super) const FILE_BYTES_MAX: u64 = 64 << 20;
/// Players of a game that a policy can play.
const PLAYERS: usize = 2;

/// One file to be extracted.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub path: PathBuf,
    pub info: ReplayInfo,
    /// Numbers of the players who are meant.
    pub players: Vec<u8>,
    pub way: Way,
    /// Names the part.
    pub plan: u64,
}

/// How a file is extracted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// A replay of ours, played again.
    Simulator,
    /// Watched on the game that this starts.
    Watched(Launch),
}

impl Way {
    /// What of it a part's content depends on.
    fn name(&self) -> String {
        match self {
            Way::Simulator => "simulator".to_owned(),
            Way::Watched(launch) => format!(
                "watched {} {}",
                launch.base_build,
                launch.data_version.as_deref().unwrap_or_default()
            ),
        }
    }
}

/// All jobs, and the files that come to none.
pub(super) struct Planned {
    pub jobs: Vec<Job>,
    pub failures: Vec<(PathBuf, Failure)>,
}

/// Reads what every file is, and chooses. Files of one content come to one job.
pub(super) fn plan(
    files: &[PathBuf],
    parts: &Parts,
    options: &ExtractOptions,
) -> Result<Planned, RunError> {
    let infos = replay::scan(files, options.threads, options.stop, &|_| {});
    let mut planned = Planned {
        jobs: Vec::new(),
        failures: Vec::new(),
    };
    let mut seen = BTreeSet::new();
    for (path, info) in files.iter().zip(infos) {
        let Some(info) = info else {
            return Err(DatasetError::Interrupted.into());
        };
        let job = info
            .map_err(|error| Failure::of_file(&error))
            .and_then(|info| job(path, info, parts, options));
        match job {
            Ok(Some(job)) if seen.insert(job.plan) => planned.jobs.push(job),
            Ok(_) => {}
            Err(failure) => planned.failures.push((path.clone(), failure)),
        }
    }
    Ok(planned)
}

/// None if nobody in it is meant.
fn job(
    path: &Path,
    info: ReplayInfo,
    parts: &Parts,
    options: &ExtractOptions,
) -> Result<Option<Job>, Failure> {
    let Some(chosen) = options.filter.choose(&info) else {
        return Ok(None);
    };
    let is_human = |id: &u8| info.players.iter().any(|p| p.id == *id && !p.is_ai);
    let players: Vec<u8> = chosen.players.into_iter().filter(is_human).collect();
    if players.is_empty() {
        return Ok(None);
    }
    if info.players.len() != PLAYERS {
        let n = info.players.len();
        return Err(Failure {
            reason: format!("it is a game of {n} players, not of two"),
            tried_again: false,
        });
    }
    let bytes = read_limited(path, FILE_BYTES_MAX).map_err(|_| Failure {
        reason: "the file cannot be read".to_owned(),
        tried_again: false,
    })?;
    let way = way(&bytes, &info, options.watching)?;
    // A game of ours is the same in its archive and without.
    let record = wrapped::unwrap(&bytes).filter(|_| way == Way::Simulator);
    let content = record.map_or(bytes.as_slice(), |it| it.record);
    Ok(Some(Job {
        plan: parts.plan(content, &players, &way.name()),
        path: path.to_owned(),
        info,
        players,
        way,
    }))
}

fn way(bytes: &[u8], info: &ReplayInfo, watching: Result<&Watching, &str>) -> Result<Way, Failure> {
    if bytes.starts_with(b"SCREPLAY") {
        return Ok(Way::Simulator);
    }
    let is_wrapped = wrapped::unwrap(bytes).is_some();
    if is_wrapped && !watching.is_ok_and(|w| w.all) {
        return Ok(Way::Simulator);
    }
    let watching = watching.map_err(|why| Failure::of_game(why.to_owned()))?;
    let launch = launch(watching, info);
    let launch = launch.map_err(|why| Failure::of_game(missing(&why)))?;
    Ok(Way::Watched(launch))
}

/// Why a replay's version cannot be had, in words about the replay.
fn missing(why: &LocateError) -> String {
    match why {
        LocateError::NoSuchVersion {
            wanted,
            root,
            installed,
        } => format!(
            "it is of version {wanted}, which is not installed: {} has {installed}",
            root.display()
        ),
        other => other.to_string(),
    }
}

/// What shows this replay: the version wished, or its own.
fn launch(watching: &Watching, info: &ReplayInfo) -> Result<Launch, LocateError> {
    let installation = &watching.installation;
    if let Some(wanted) = &watching.version {
        return installation.launch(Some(wanted));
    }
    if !info.data_version.is_empty() {
        return installation.for_replay(info.base_build, &info.data_version);
    }
    // Old files do not name their data; the version's last number does.
    let version = versions::named(&info.version).filter(|v| v.base_build == info.base_build);
    installation.for_replay(info.base_build, version.map_or("", |v| v.data_version))
}
