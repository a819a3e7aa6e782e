//! `scc league branch`: a request for a branch; with `--z auto` after games that say which z does best.

use scc::league::{Condition, Role};
use scc::run::RunError;
use scc::run::standings::{BranchPlan, ZChoice, ZTried, request_branch};
use scc::storage::BranchRequest;
use serde::Serialize;

use super::args::{Branch, BranchRole, Global};
use super::error::CliError;
use super::league::{at, percent};
use super::output::{Output, table};

/// The document of `scc league branch`.
#[derive(Serialize)]
struct Asked {
    #[serde(flatten)]
    request: BranchRequest,
    /// What `--z auto` measured.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tried: Vec<ZTried>,
}

pub fn run(args: &Branch, global: &Global, output: &mut Output) -> Result<(), CliError> {
    let plan = plan(args)?;
    let asked = match plan.z {
        ZChoice::Auto => auto(args, &plan, global)?,
        ZChoice::Unconditional | ZChoice::Files(_) => Asked {
            request: ask(args, &plan, |league, from| Ok(league.choose_z(from)?))?,
            tried: Vec::new(),
        },
    };
    output.result(&asked, || text(&asked))
}

fn plan(args: &Branch) -> Result<BranchPlan, CliError> {
    let words: Vec<&str> = args.z.iter().map(String::as_str).collect();
    let z = match words[..] {
        ["auto"] => ZChoice::Auto,
        ["none"] => ZChoice::Unconditional,
        _ if words.iter().any(|w| matches!(*w, "auto" | "none")) => {
            return Err(CliError::Usage(
                "--z takes auto, none or files, not several of these".into(),
            ));
        }
        _ => ZChoice::Files(args.z.iter().map(Into::into).collect()),
    };
    Ok(BranchPlan {
        from: args.from.clone(),
        name: args.name.clone(),
        role: match args.role {
            BranchRole::MainAgent => Role::MainAgent,
            BranchRole::MainExploiter => Role::MainExploiter,
            BranchRole::LeagueExploiter => Role::LeagueExploiter,
        },
        z,
    })
}

fn ask(
    args: &Branch,
    plan: &BranchPlan,
    auto: impl FnOnce(&scc::league::League, scc::league::PlayerId) -> Result<Condition, RunError>,
) -> Result<BranchRequest, CliError> {
    request_branch(&at(&args.league)?, plan, auto).map_err(|source| {
        if source.is_interruption() {
            return CliError::FellShort("interrupted".to_owned());
        }
        CliError::library("cannot ask for a branch", source)
    })
}

/// Plays every z, by the config of the run folder, and asks for a branch with the best.
#[cfg(feature = "torch")]
fn auto(args: &Branch, plan: &BranchPlan, global: &Global) -> Result<Asked, CliError> {
    use super::{game, stop, train};
    use scc::run::config::{self, LeagueRunConfig};
    use scc::run::league::measure_z;

    let Some(run) = &args.league.run else {
        return Err(CliError::Usage(
            "--z auto plays games, by the config and weights in the league's run folder: name it, too".into(),
        ));
    };
    if let Some((key, _)) = global.set.iter().find(|(key, _)| !may_be_set(key)) {
        return Err(CliError::Usage(format!(
            "{key} is the league's own: --set changes payoff.*, predictor.* and games.at_once here"
        )));
    }
    // Every z, whatever bounds those that training stops for.
    let mut set = vec![("payoff.z_max".to_owned(), "0".to_owned())];
    set.extend(global.set.iter().cloned());
    let doing = "cannot measure z's";
    let config: LeagueRunConfig = config::load(&run.join("config.toml"), &set)
        .map_err(|source| CliError::library(doing, source))?;
    let stop = stop::on_interrupt()?;
    let progress = train::progress();
    let options = scc::run::RunOptions {
        out: run.clone(),
        init: None,
        resume: true,
        threads: global.threads_or_all(),
        stop,
        arena: game::open(&config.game, doing, stop)?,
        progress: progress.as_ref(),
    };
    let mut tried = Vec::new();
    let request = ask(args, plan, |_, from| {
        let measured = measure_z(&config, &options, args.league.storage.clone(), from)?;
        tried = measured.tried;
        Ok(measured.best)
    })?;
    Ok(Asked { request, tried })
}

/// What says how games are played for the z's, and not what they are played for.
#[cfg(feature = "torch")]
fn may_be_set(key: &str) -> bool {
    key.starts_with("payoff.") || key.starts_with("predictor.") || key == "games.at_once"
}

#[cfg(not(feature = "torch"))]
fn auto(_: &Branch, _: &BranchPlan, _: &Global) -> Result<Asked, CliError> {
    Err(CliError::Usage(
        "--z auto plays games, and this program was built without libtorch (feature `torch`): give files with z's".into(),
    ))
}

fn text(asked: &Asked) -> String {
    let request = &asked.request;
    format!(
        "{}request {}: {} {} from player {}, rewarded for z {:?}; the league makes it when it next looks, or resumes",
        tried_text(&asked.tried),
        request.id,
        request.order.role.name(),
        request.order.name,
        request.order.from,
        request.order.condition.ids(),
    )
}

/// A table and an empty line; nothing where nothing was tried.
fn tried_text(tried: &[ZTried]) -> String {
    if tried.is_empty() {
        return String::new();
    }
    let header = [
        "z",
        "name",
        "wins",
        "draws",
        "losses",
        "win rate",
        "95% interval",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend(tried.iter().map(|z| {
        vec![
            z.z.to_string(),
            z.name.clone(),
            z.wins.to_string(),
            z.draws.to_string(),
            z.losses.to_string(),
            percent(z.win_rate),
            format!("{} to {}", percent(z.ci95[0]), percent(z.ci95[1])),
        ]
    }));
    format!("{}\n", table(&rows))
}
