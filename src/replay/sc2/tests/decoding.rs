//! What is read of replays made by hand: every expected value is what was written.

use std::collections::HashMap;

use super::super::game::{Action, Mask, Target};
use super::super::selection::Selections;
use super::super::tracker::{Tracked, UnitTag};
use super::super::{Sc2Replay, decode, decode_summary, game_events, nearest, orders, summary};
use super::made::{self, BUILD};
use super::reference::replays;
use crate::game::Race;

fn replay(build: u32) -> Sc2Replay {
    decode(&made::replay(build)).unwrap()
}

#[test]
fn a_made_replay_reads_back() {
    let it = replay(BUILD);
    assert_eq!(it.header.version_text(), "4.10.0.75689");
    assert_eq!(
        (it.header.base_build, it.header.elapsed_game_loops),
        (BUILD, 4480)
    );
    assert!(it.header.use_scaled_time && it.is_protocol_exact() && it.warnings.is_empty());
    assert_eq!(it.details.title, "Made Map");
    assert_eq!(it.details.time_utc, 132_901_789_711_449_892);
    assert_eq!(it.details.players[0].color, [255, 180, 20, 30]);
    assert_eq!(it.details.players[0].account, [2, 0, 4_123_456_789]);
    let marine = UnitTag {
        index: 190,
        recycle: 1,
    };
    let Tracked::Born(born) = &it.tracker[0].content else {
        panic!("{:?}", it.tracker[0]);
    };
    assert_eq!((born.unit, born.unit_type.as_str()), (marine, "Marine"));
    assert_eq!((born.x, born.y), (60, 119));
    let creator = born.creator.as_ref().unwrap();
    assert_eq!(creator.ability.as_deref(), Some("BarracksTrain"));
    let Tracked::Died(died) = &it.tracker[1].content else {
        panic!("{:?}", it.tracker[1]);
    };
    assert_eq!(
        (it.tracker[1].game_loop, died.killer_player),
        (40_000, Some(2))
    );
    let upgrade = Tracked::Upgrade {
        player: 1,
        upgrade: "TerranInfantryWeaponsLevel1".into(),
        count: -1,
    };
    assert_eq!(it.tracker.len(), 2 + made::UPGRADES);
    assert_eq!(it.tracker.last().unwrap().content, upgrade);
    assert_eq!(
        it.tracker.last().unwrap().game_loop,
        40_000 + made::UPGRADES as u64
    );
    assert_eq!(it.files.len(), 3);
}

#[test]
fn commands_come_with_the_units_that_were_selected() {
    let it = replay(BUILD);
    let loops: Vec<u64> = it.game.iter().map(|event| event.game_loop).collect();
    assert_eq!(loops, [5, 6, 16, 36]);
    let orders = orders(&it.game);
    assert_eq!(orders.len(), 1);
    let order = &orders[0];
    assert_eq!((order.game_loop, order.user), (16, 3));
    let units: Vec<u32> = order.units.iter().map(|unit| unit.index).collect();
    assert_eq!(units, [190, 192], "the mask takes out the second of three");
    assert!(order.command.is_queued());
    let ability = order.command.ability.unwrap();
    assert_eq!((ability.link, ability.index, ability.data), (42, 1, None));
    let Target::Point(point) = order.command.target else {
        panic!("{:?}", order.command.target);
    };
    // In 1/4096: 10.5 and 20.
    assert_eq!((point.x, point.y, point.z), (43_008, 81_920, 0));
    assert_eq!(order.command.sequence, Some(1));
    assert_eq!(it.game[3].action, Action::Leave { reason: Some(0) });
}

#[test]
fn a_summary_says_who_played_in_any_language() {
    let short = summary(&decode_summary(&made::replay(BUILD)).unwrap());
    assert_eq!(
        (short.matchup.as_str(), short.map.as_str()),
        ("TvZ", "Made Map")
    );
    assert_eq!(
        (short.loops, short.kind.as_str()),
        (4480, "api: agent vs built-in AI")
    );
    let ann = &short.players[0];
    assert_eq!(
        (ann.name.as_str(), ann.race),
        ("<ab> Ann", Some(Race::Terran))
    );
    assert_eq!(
        (ann.result.as_str(), ann.mmr, ann.is_ai),
        ("Win", None, false)
    );
    assert!(short.players[1].is_ai);
}

#[test]
fn an_unknown_build_is_read_as_the_nearest_older_one() {
    // From the list of builds: 75689, then 75800.
    assert_eq!(nearest(75_700), 75_689);
    assert_eq!(nearest(75_800), 75_800);
    assert_eq!(nearest(1), 15_405);
    let it = replay(75_700);
    assert!(!it.is_protocol_exact());
    assert!(it.warnings[0].contains("75700") && it.warnings[0].contains("75689"));
    assert_eq!(it.game.len(), 4);
    // Newer than all: as the newest, from the list.
    let newest = decode_summary(&made::replay(u32::MAX)).unwrap();
    assert_eq!(
        (newest.protocol, newest.header.base_build),
        (98_310, u32::MAX)
    );
}

/// Not one of them, however old, is beyond the tables.
#[test]
fn every_real_replay_is_read_whole() {
    let mut wrong = Vec::new();
    for path in replays() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let it = match decode(&std::fs::read(&path).unwrap()) {
            Ok(it) => it,
            Err(error) => {
                wrong.push(format!("{name}: {}", error.reason()));
                continue;
            }
        };
        let last = it.game.last().map_or(0, |event| event.game_loop);
        // The API saves up to 60 loops after the last event.
        let end = it.header.elapsed_game_loops;
        if last > end || last + 60 < end {
            wrong.push(format!("{name}: {last} of {end} loops"));
        }
        let short = summary(&it);
        if !name.contains(&short.matchup) {
            wrong.push(format!("{name}: {}", short.matchup));
        }
        // An unknown build is one; the list of files is enciphered in one that another program has saved.
        let is_known =
            |warning: &&String| warning.starts_with("build") || warning.contains("(listfile)");
        if let Some(warning) = it.warnings.iter().find(|warning| !is_known(warning)) {
            wrong.push(format!("{name}: {warning}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How selections of games fit their deltas.
#[derive(Default)]
struct Fit {
    deltas: usize,
    /// Deltas that name places beyond the selection.
    beyond: usize,
    masks: usize,
    /// Masks whose last bit is set, as it is where they are no longer than they must be.
    ended: usize,
    units: usize,
    /// Units with a command that were dead for some time.
    dead: usize,
}

impl Fit {
    fn add_selections(&mut self, it: &Sc2Replay) {
        let mut selections = Selections::default();
        for event in &it.game {
            if let Action::Selection(delta) = &event.action {
                let user = event.user.unwrap_or_default();
                let n = selections.group(user, delta.group).count();
                let end = match &delta.remove {
                    Mask::None => 0,
                    Mask::Bits(bits) => {
                        self.masks += 1;
                        self.ended += usize::from(!bits.is_empty() && bits.get(bits.len() - 1));
                        bits.len()
                    }
                    Mask::One(places) | Mask::Zero(places) => {
                        places.iter().max().map_or(0, |last| *last as usize + 1)
                    }
                };
                self.deltas += 1;
                self.beyond += usize::from(end > n);
            }
            selections.apply(event);
        }
    }

    fn add_orders(&mut self, it: &Sc2Replay) {
        let deaths = it.tracker.iter().filter_map(|event| match &event.content {
            Tracked::Died(death) => Some((death.unit, event.game_loop)),
            _ => None,
        });
        let died: HashMap<UnitTag, u64> = deaths.collect();
        for order in orders(&it.game) {
            let is_dead =
                |unit: &&UnitTag| died.get(unit).is_some_and(|at| at + 32 < order.game_loop);
            self.units += order.units.len();
            self.dead += order.units.iter().filter(is_dead).count();
        }
    }
}

/// Places fit the selections that we follow, and units that get commands are alive.
#[test]
fn real_selections_are_consistent() {
    let (mut fit, mut older) = (Fit::default(), Fit::default());
    for path in replays() {
        let it = decode(&std::fs::read(&path).unwrap()).unwrap();
        let fit = match it.header.version[0] {
            // The first games' masks are as long as the selection.
            0..=2 => continue,
            3 => &mut older,
            _ => &mut fit,
        };
        fit.add_selections(&it);
        fit.add_orders(&it);
    }
    // Of the older games some masks are of another kind.
    for (fit, beyond_of_1000, dead_of_1000) in [(fit, 0, 1), (older, 10, 50)] {
        let Fit {
            deltas,
            beyond,
            masks,
            ended,
            units,
            dead,
        } = fit;
        assert!(
            beyond * 1000 <= deltas * beyond_of_1000,
            "{beyond} of {deltas} deltas name places beyond the selection"
        );
        assert!(
            ended * 100 >= masks * 99,
            "{ended} of {masks} masks end with a set bit"
        );
        assert!(
            dead * 1000 <= units * dead_of_1000,
            "{dead} of {units} units with a command are dead"
        );
    }
}

/// A mask of 37 bits, taken from a real game, where the game's own words of 32 matter: beyond them Blizzard's decoder, whose
/// number reports print, puts bits in other places.
#[test]
fn long_masks_are_read_in_words() {
    // Of 37 units, all but these places were taken out; the next event adds the 31 others.
    let kept = [6, 16, 17, 20, 32, 33];
    let mut to = made::Packer::default();
    to.event(5, 3, 28).put(10, 4).put(0, 9).put(1, 2).put(37, 9);
    for word in [(0..32), (32..37)] {
        let places: Vec<usize> = word.collect();
        let number = places.chunks(8).fold(0, |number, byte| {
            let bit = |i: usize| u64::from(!kept.contains(&byte[i])) << i;
            number << byte.len() | (0..byte.len()).map(bit).sum::<u64>()
        });
        to.put(number, places.len());
    }
    to.put(0, 9).put(0, 9);
    let events = game_events(&to.finish(), BUILD).unwrap();
    let Action::Selection(delta) = &events[0].action else {
        panic!("{events:?}");
    };
    let Mask::Bits(bits) = &delta.remove else {
        panic!("{delta:?}");
    };
    let zeros: Vec<usize> = (0..37).filter(|place| !bits.get(*place)).collect();
    assert_eq!(zeros, kept);
    assert_eq!(
        bits.to_decimal(),
        "103079059422",
        "as in that game's reference"
    );
}
