//! `scc league branch`: a request for a new agent that starts from a running one (SCC §6.2), left in the database.

use crate::files::read_limited;
use crate::league::{BranchOrder, Condition, League, LeagueError, PlayerId, Role, ZRecord};
use crate::run::RunError;
use crate::storage::{BranchRequest, Storage, StorageUrl, ZRow};
use crate::trajectory::z::Z;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What the new agent is rewarded for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ZChoice {
    /// The z's that do best against the agent that it starts from.
    Auto,
    /// Winning alone.
    Unconditional,
    /// The z's in these files, each a JSON text of one z.
    Files(Vec<PathBuf>),
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchPlan {
    /// Name or number of the agent that it starts from.
    pub from: String,
    /// Its own name; one is made if none is given.
    pub name: Option<String>,
    pub role: Role,
    pub z: ZChoice,
}

/// How an agent that is told a z did against itself without one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ZTried {
    /// Its number and name in the league's z library.
    pub z: u32,
    pub name: String,
    pub wins: u64,
    pub draws: u64,
    pub losses: u64,
    /// Draws count half.
    pub win_rate: f64,
    pub ci95: [f64; 2],
}

impl ZTried {
    pub fn of(measured: &ZRecord, library: &[ZRow]) -> ZTried {
        let record = measured.record;
        let row = library.iter().find(|row| row.id == measured.z);
        let (lo, hi) = record.interval95();
        ZTried {
            z: measured.z,
            name: row.map_or_else(String::new, |row| row.name.clone()),
            wins: record.wins as u64,
            draws: record.draws as u64,
            losses: record.losses as u64,
            win_rate: record.win_rate(),
            ci95: [lo, hi],
        }
    }
}

/// A z as a file is small.
const Z_BYTES_MAX: u64 = 1 << 20;

/// Leaves the request in the database; the league that runs on it, or resumes on it, carries it out. `auto` says which z's do
/// best, for [`ZChoice::Auto`]; it may take its time, so it is asked after agent and name are known to be right.
///
/// # Errors
/// An unknown agent, one that does not train, a name that is taken, a file that holds no z; an error of `auto`.
pub fn request_branch(
    at: &StorageUrl,
    plan: &BranchPlan,
    auto: impl FnOnce(&League, PlayerId) -> Result<Condition, RunError>,
) -> Result<BranchRequest, RunError> {
    // Files first: a bad one must leave nothing in the database.
    let contents = match &plan.z {
        ZChoice::Files(files) => files
            .iter()
            .map(|f| read_z(f))
            .collect::<Result<Vec<_>, _>>()?,
        ZChoice::Auto | ZChoice::Unconditional => Vec::new(),
    };
    let mut storage = Storage::open(at)?;
    let league = storage.load_league().map_err(RunError::from)?;
    let from = league.find(&plan.from)?;
    let mut order = BranchOrder {
        name: match &plan.name {
            Some(name) => name.clone(),
            None => free_name(&mut storage, &from.name)?,
        },
        from: from.id,
        role: plan.role,
        condition: Condition::Unconditional,
    };
    league.check_branch(&order)?;
    order.condition = match &plan.z {
        ZChoice::Auto => auto(&league, from.id)?,
        ZChoice::Unconditional => Condition::Unconditional,
        ZChoice::Files(_) => {
            let mut ids = Vec::new();
            for (name, content) in &contents {
                ids.push(storage.add_z(name, content)?);
            }
            Condition::of(ids)
        }
    };
    let id = storage.request_branch(&order)?;
    let asked = storage.branch_requests()?.into_iter().find(|r| r.id == id);
    asked.ok_or_else(|| {
        let what = format!("request {id} is gone");
        RunError::League(LeagueError::Inconsistent { what })
    })
}

/// `main-branch-1`, or the first number that nobody has or asked for.
fn free_name(storage: &mut Storage, from: &str) -> Result<String, RunError> {
    let league = storage.load_league()?;
    let requests = storage.branch_requests()?;
    let taken = |name: &String| {
        league.players().iter().any(|p| p.name == *name)
            || league.config().starts.iter().any(|s| s.name == *name)
            || requests.iter().any(|r| r.order.name == *name)
    };
    let names = (1..).map(|n: u32| format!("{from}-branch-{n}"));
    let free = names.into_iter().find(|name| !taken(name));
    Ok(free.unwrap_or_else(|| format!("{from}-branch")))
}

/// Name and content of a z file.
fn read_z(path: &Path) -> Result<(String, String), RunError> {
    let fail = |what: String| RunError::Folder {
        path: path.to_owned(),
        what,
    };
    let bytes = read_limited(path, Z_BYTES_MAX)?;
    let z: Z = serde_json::from_slice(&bytes)
        .map_err(|e| fail(format!("is no strategy statistic (JSON of one z): {e}")))?;
    if !z.is_known() {
        return Err(fail(
            "names what this program's tables do not have".to_owned(),
        ));
    }
    let content = serde_json::to_string(&z).map_err(|e| fail(e.to_string()))?;
    let stem = path.file_stem().map(|s| s.to_string_lossy());
    let name = stem.unwrap_or_default().chars().take(100).collect();
    Ok((name, content))
}
