//! `--game sim|sc2`: what is played on, found and started before any work.

use std::sync::atomic::{AtomicBool, Ordering};

use scc::env::Arena;
use scc::run::arena;
use scc::run::config::{GameConfig, GameKind as Kind};
use scc::sc2::client::{Places, Platform};

use super::args::{Game, GameKind};
use super::error::CliError;

/// What the arguments say, over what the config says.
pub fn chosen(args: &Game, config: &GameConfig) -> Result<GameConfig, CliError> {
    let mut game = config.clone();
    if let Some(kind) = args.game {
        game.kind = match kind {
            GameKind::Sim => Kind::Sim,
            GameKind::Sc2 => Kind::Sc2,
        };
    }
    if game.kind == Kind::Sim {
        let told = [
            ("--game-version", args.game_version.is_some()),
            ("--game-timeout", args.game_timeout.is_some()),
        ];
        if let Some((flag, _)) = told.iter().find(|(_, given)| *given) {
            return Err(CliError::Usage(format!("{flag} goes with --game sc2")));
        }
        game.version.clear();
    }
    if let Some(version) = &args.game_version {
        game.version.clone_from(version);
    }
    if let Some(seconds) = args.game_timeout {
        game.timeout_seconds = f64::from(seconds);
    }
    Ok(game)
}

/// What the arguments say, as changes of a config.
#[cfg(feature = "torch")]
pub fn assignments(args: &Game) -> Vec<(String, String)> {
    let set = |key: &str, value: String| (format!("game.{key}"), value);
    let kind = args.game.map(|kind| match kind {
        GameKind::Sim => "\"sim\"",
        GameKind::Sc2 => "\"sc2\"",
    });
    let kind = kind.map(|kind| set("kind", kind.into()));
    // A version in a file is of no use to the simulator, and must not forbid it.
    let none = (args.game == Some(GameKind::Sim)).then(String::new);
    let version = args.game_version.as_ref().or(none.as_ref());
    let version = version.map(|version| set("version", format!("{version:?}")));
    let timeout = args.game_timeout;
    let timeout = timeout.map(|seconds| set("timeout_seconds", format!("{seconds}.0")));
    kind.into_iter().chain(version).chain(timeout).collect()
}

/// Finds and starts it.
pub fn open(game: &GameConfig, doing: &str, stop: &AtomicBool) -> Result<Arena, CliError> {
    arena::open(game, &places(), stop).map_err(|why| {
        // Whoever stops the program while the game starts has not met a fault.
        if stop.load(Ordering::Relaxed) {
            CliError::FellShort("stopped before any game was played".into())
        } else {
            CliError::library(doing, why)
        }
    })
}

/// What of the environment says where StarCraft II is.
pub fn places() -> Places {
    let platform = Platform::current();
    let home = match platform {
        Platform::Windows => "USERPROFILE",
        _ => "HOME",
    };
    Places {
        platform,
        sc2path: std::env::var_os("SC2PATH")
            .filter(|path| !path.is_empty())
            .map(Into::into),
        home: std::env::var_os(home).map(Into::into),
    }
}
