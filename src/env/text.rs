//! A game as readable text: the clock, orders in words, what was completed and what died, a score line a minute.

use super::{EnvError, PLAYERS, Playback};
use crate::game::{
    AbilityId, Alliance, Command, GameLoop, PlayerCommand, RawObservation, RawUnit, Target,
    UnitTag, UnitTypeId, data,
};
use crate::replay::Replay;
use std::collections::BTreeMap;
use std::io::Write;

/// Loops between two looks for completions and deaths.
const LOOK_LOOPS: u32 = 16;
/// Loops between two score lines: a minute at speed Faster.
const SCORE_LOOPS: u32 = 1344;

/// Why a game could not be printed.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    #[error(transparent)]
    Env(#[from] EnvError),
    #[error("cannot write the text")]
    Write(#[from] std::io::Error),
}

/// Re-plays a game and prints it, then checks that it ended as recorded.
///
/// # Errors
/// If the replay does not re-play, or `out` does not take the text.
pub fn play_text(replay: &Replay, out: &mut dyn Write) -> Result<(), TextError> {
    let header = &replay.header;
    let mut playback = Playback::new(replay)?;
    writeln!(
        out,
        "{} on {}, seed {}",
        header
            .seats
            .each_ref()
            .map(|s| s.name.as_str())
            .join(" against "),
        header.map_name,
        header.seed.0
    )?;
    let mut views = [View::default(), View::default()];
    let mut look_at = 0;
    let mut score_at = 0;
    loop {
        let now = playback.env().game_loop();
        if now >= look_at || playback.is_over() {
            for (view, player) in views.iter_mut().zip(PLAYERS) {
                playback.observe(player, &mut view.obs);
                view.report_changes(player.0, out)?;
            }
            look_at = now + LOOK_LOOPS;
        }
        if now >= score_at || playback.is_over() {
            for (view, player) in views.iter().zip(PLAYERS) {
                writeln!(
                    out,
                    "{} P{} {}",
                    GameLoop(now),
                    player.0,
                    score_line(&view.obs)
                )?;
            }
            score_at = now + SCORE_LOOPS;
        }
        if playback.is_over() {
            break;
        }
        for due in playback.due() {
            let view = &views[usize::from(due.player.0.clamp(1, 2)) - 1];
            let words = command_words(&due.command, view);
            writeln!(out, "{} P{} {words}", GameLoop(now), due.player.0)?;
        }
        let next = playback.next_command_loop().filter(|&l| l > now);
        playback.advance(next.unwrap_or(look_at).min(look_at).max(now + 1))?;
    }
    for result in &header.results {
        writeln!(
            out,
            "{} P{} {:?}",
            GameLoop(header.game_loops),
            result.player.0,
            result.result
        )?;
    }
    playback.finish()?;
    Ok(())
}

/// One player's last look, and what was known of its units at the one before.
#[derive(Default)]
struct View {
    obs: RawObservation,
    own: BTreeMap<UnitTag, (UnitTypeId, bool)>,
    started: bool,
}

impl View {
    fn report_changes(&mut self, player: u8, out: &mut dyn Write) -> std::io::Result<()> {
        let clock = GameLoop(self.obs.game_loop);
        let mut now = BTreeMap::new();
        let mut held = Vec::new();
        for unit in self
            .obs
            .units
            .iter()
            .filter(|u| u.alliance == Alliance::Own)
        {
            now.insert(unit.tag, (unit.unit_type, unit.build_progress >= 1.0));
            held.extend(unit.passengers.iter().map(|p| (p.tag, (p.unit_type, true))));
        }
        now.extend(held);
        if self.started {
            for (tag, &(kind, done)) in &now {
                let was_done = self.own.get(tag).is_some_and(|&(_, d)| d);
                if done && !was_done {
                    writeln!(out, "{clock} P{player}   + {}", unit_name(kind))?;
                }
            }
            let gone = self.own.iter().filter(|(tag, _)| !now.contains_key(tag));
            let mut inside = Vec::new();
            for (tag, &(kind, done)) in gone {
                // A worker in a refinery is nowhere to be seen, and comes out again.
                if !self.obs.dead_units.contains(tag) {
                    inside.push((*tag, (kind, done)));
                    continue;
                }
                let what = if done { "lost" } else { "lost, unfinished" };
                writeln!(out, "{clock} P{player}   - {} ({what})", unit_name(kind))?;
            }
            now.extend(inside);
        }
        self.own = now;
        self.started = true;
        Ok(())
    }

    fn unit(&self, tag: UnitTag) -> Option<&RawUnit> {
        self.obs.units.iter().find(|u| u.tag == tag)
    }
}

fn score_line(obs: &RawObservation) -> String {
    let p = &obs.player;
    format!(
        "== minerals {} vespene {} supply {}/{} workers {} army {} | mined {:.0}/{:.0} killed {:.0} lost {:.0}",
        p.minerals,
        p.vespene,
        p.food_used,
        p.food_cap,
        p.food_workers,
        p.food_army,
        obs.score.collected_minerals,
        obs.score.collected_vespene,
        obs.score.killed_value_units + obs.score.killed_value_structures,
        obs.score.lost_minerals.army
            + obs.score.lost_minerals.economy
            + obs.score.lost_minerals.technology,
    )
}

fn command_words(command: &PlayerCommand, view: &View) -> String {
    match command {
        PlayerCommand::Unit(command) => unit_command_words(command, view),
        PlayerCommand::ToggleAutocast { ability, units } => {
            format!("toggle {} of {} units", ability_name(*ability), units.len())
        }
        PlayerCommand::Chat(text) => format!("says {text:?}"),
        PlayerCommand::CameraMove(p) => format!("looks at {:.0},{:.0}", p.x, p.y),
        PlayerCommand::Leave => "leaves the game".to_owned(),
    }
}

fn unit_command_words(command: &Command, view: &View) -> String {
    let mut kinds: BTreeMap<UnitTypeId, u32> = BTreeMap::new();
    for tag in &command.units {
        let kind = view.unit(*tag).map_or(UnitTypeId(0), |u| u.unit_type);
        *kinds.entry(kind).or_default() += 1;
    }
    let who: Vec<String> = kinds
        .into_iter()
        .map(|(kind, n)| match n {
            1 => unit_name(kind),
            n => format!("{n} {}", unit_name(kind)),
        })
        .collect();
    let at = match command.target {
        Target::None => String::new(),
        Target::Point(p) => format!(" at {:.1},{:.1}", p.x, p.y),
        Target::Unit(tag) => match view.unit(tag) {
            Some(u) => format!(
                " on {} at {:.0},{:.0}",
                unit_name(u.unit_type),
                u.pos.x,
                u.pos.y
            ),
            None => " on a unit out of view".to_owned(),
        },
    };
    let queued = if command.queued { ", queued" } else { "" };
    format!(
        "{}: {}{at}{queued}",
        who.join(", "),
        ability_name(command.ability)
    )
}

fn unit_name(kind: UnitTypeId) -> String {
    data::unit(kind).map_or_else(|| format!("unit {}", kind.0), |u| u.name.to_owned())
}

fn ability_name(ability: AbilityId) -> String {
    data::ability(ability)
        .map(|a| {
            if a.friendly.is_empty() {
                a.link
            } else {
                a.friendly
            }
        })
        .filter(|name| !name.is_empty())
        .map_or_else(|| format!("ability {}", ability.0), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::RawUnit;
    use crate::game::data::unit_ids;

    fn told(view: &mut View, units: &[UnitTag], dead: &[UnitTag]) -> String {
        view.obs.units = units
            .iter()
            .map(|&tag| RawUnit {
                tag,
                unit_type: unit_ids::SCV,
                alliance: Alliance::Own,
                build_progress: 1.0,
                ..RawUnit::default()
            })
            .collect();
        view.obs.dead_units = dead.to_vec();
        let mut out = Vec::new();
        view.report_changes(1, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_worker_in_a_refinery_is_neither_lost_nor_new() {
        let (one, two) = (UnitTag(1), UnitTag(2));
        let mut view = View::default();
        told(&mut view, &[one, two], &[]);
        assert_eq!(told(&mut view, &[one], &[]), "", "inside");
        assert_eq!(told(&mut view, &[one, two], &[]), "", "out again");
        assert!(told(&mut view, &[two], &[one]).contains("- SCV (lost)"));
    }
}
