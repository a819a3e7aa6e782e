//! Every map that a capture makes, held against the capture itself, read here byte by byte: starts, resources, bases, ramps.
//! And games on them.

use crate::captures::{FIRST_OBSERVATIONS, ROOT, captures, data_answer};
use scc::game::data::neutral;
use scc::game::{GameResult, MapData, Point, Race, Seed};
use scc::sc2::capture;
use scc::sc2::import::import_files;
use scc::sc2::proto::{ImageData, ResponseData, ResponseGameInfo, Unit};
use scc::sim::{AiBuild, Difficulty, Seat, Sim, SimConfig};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A captured first observation, raw, and what was made of it.
struct Capture {
    name: String,
    info: ResponseGameInfo,
    units: Vec<Unit>,
    map: MapData,
}

fn all() -> impl Iterator<Item = Capture> {
    let files = FIRST_OBSERVATIONS.iter().flat_map(|f| captures(f));
    files.map(|(name, info, observation)| Capture {
        map: import_files(&info, &observation).unwrap().map,
        info: capture::read_game_info(&info).unwrap(),
        units: capture::read_observation(&observation)
            .unwrap()
            .observation
            .and_then(|o| o.raw_data)
            .unwrap()
            .units,
        name,
    })
}

/// The data answer of each capture, by the capture's name as in index.tsv.
fn answers() -> BTreeMap<String, ResponseData> {
    let index = std::fs::read_to_string(format!("{ROOT}/index.tsv")).unwrap_or_default();
    let rows = index.lines().skip(1).map(|line| line.split('\t'));
    let hashes: Vec<(String, String)> = rows
        .filter_map(|mut row| {
            let name = row.next()?.to_owned();
            let hash = row.nth(1)?.to_owned();
            Some((name, hash))
        })
        .collect();
    let read: BTreeMap<&str, ResponseData> = hashes
        .iter()
        .map(|(_, hash)| hash.as_str())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .filter_map(|hash| Some((hash, data_answer(hash)?)))
        .collect();
    let answers = hashes.iter();
    answers
        .filter_map(|(name, hash)| Some((name.clone(), read.get(hash.as_str())?.clone())))
        .collect()
}

fn place(unit: &Unit) -> Point {
    let at = unit.pos.as_ref().unwrap();
    Point::new(at.x(), at.y())
}

/// In half cells, to compare and sort.
fn halves(p: Point) -> (i32, i32) {
    ((p.x * 2.0).round() as i32, (p.y * 2.0).round() as i32)
}

#[test]
fn starts_and_resources_are_the_captures() {
    let answers = answers();
    let mut n = 0;
    for Capture {
        name,
        info,
        units,
        map,
    } in all()
    {
        let answer = &answers[name.strip_prefix("./").unwrap_or(&name)];
        let row = |unit: &Unit| {
            answer
                .units
                .iter()
                .find(|row| row.unit_id == unit.unit_type)
        };
        let own = |unit: &&Unit| unit.alliance == Some(1) && unit.radius() == 2.75;
        let told = info.start_raw.iter().flat_map(|raw| &raw.start_locations);
        let starts: BTreeSet<_> = (units.iter().filter(own).map(place))
            .chain(told.map(|p| Point::new(p.x(), p.y())))
            .map(halves)
            .collect();
        let ours: BTreeSet<_> = map.start_locations.iter().map(|p| halves(*p)).collect();
        assert_eq!(ours, starts, "{name}");

        let is_resource = |unit: &&Unit| {
            unit.alliance == Some(3)
                && row(unit).is_some_and(|r| r.has_minerals() || r.has_vespene())
        };
        let theirs: Vec<&Unit> = units.iter().filter(is_resource).collect();
        assert_eq!(map.resources.len(), theirs.len(), "{name}");
        for unit in theirs {
            let found = map
                .resources
                .iter()
                .find(|r| halves(r.pos) == halves(place(unit)));
            let found = found.unwrap_or_else(|| panic!("{name}: {:?}", place(unit)));
            assert_eq!(u32::from(found.unit_type.0), unit.unit_type(), "{name}");
            // A snapshot tells no contents: then they are the type's, and those are what units in view of it hold.
            let seen = unit.mineral_contents().max(unit.vespene_contents());
            if seen > 0 {
                assert_eq!(found.contents, seen as u32, "{name}");
            }
            assert_eq!(
                neutral::find(found.unit_type).unwrap().kind.is_minerals(),
                row(unit).unwrap().has_minerals(),
                "{name}"
            );
        }
        n += 1;
    }
    assert!(n == 59 || n == 0, "{n} captures");
}

/// Where a town hall belongs by the rule that clients of the game use, worked out afresh: the place with the least way to a
/// group's resources, among the buildable ones at least 6 cells from each field and 7 from each geyser, near the middle.
fn best_places(map: &MapData, group: &[(Point, bool)]) -> Vec<Point> {
    let n = group.len() as f32;
    let middle = group.iter().fold(Point::default(), |s, r| s + r.0) * (1.0 / n);
    let (cx, cy) = middle.cell();
    let mut found: Vec<(f32, Point)> = Vec::new();
    for (x, y) in (-8..=8).flat_map(|x| (-8..=8).map(move |y| (cx + x, cy + y))) {
        let p = Point::new(x as f32 + 0.5, y as f32 + 0.5);
        let clear = |r: &(Point, bool)| r.0.distance(p) >= if r.1 { 6.0 } else { 7.0 };
        let apart = (x - cx).pow(2) + (y - cy).pow(2);
        let near = (17..=64).contains(&apart) && map.placement.get(x, y) == Some(true);
        if near && group.iter().all(clear) {
            found.push((group.iter().map(|r| r.0.distance(p)).sum(), p));
        }
    }
    let least = found.iter().map(|f| f.0).fold(f32::MAX, f32::min);
    let best = found.iter().filter(|f| f.0 < least + 0.01);
    best.map(|f| f.1).collect()
}

/// Resources that belong together: each is within 9 cells of another one of them. Fields that only bar a path are left out.
fn groups(map: &MapData) -> Vec<Vec<(Point, bool)>> {
    let minerals = |id| neutral::find(id).is_some_and(|n| n.kind.is_minerals());
    let real = map.resources.iter().filter(|r| r.contents >= 100);
    let mut left: Vec<(Point, bool)> = real.map(|r| (r.pos, minerals(r.unit_type))).collect();
    let mut groups = Vec::new();
    while let Some(first) = left.pop() {
        let mut group = vec![first];
        let mut i = 0;
        while i < group.len() {
            let at = group[i].0;
            let (near, far): (Vec<_>, Vec<_>) =
                left.into_iter().partition(|r| r.0.distance(at) <= 9.0);
            group.extend(near);
            left = far;
            i += 1;
        }
        groups.push(group);
    }
    groups.retain(|g| g.len() >= 5);
    groups
}

#[test]
fn bases_are_where_the_resources_say() {
    for Capture { name, map, .. } in all() {
        // The game itself tells the starts.
        for start in &map.start_locations {
            assert!(
                map.expansions.contains(start),
                "{name}: start {start:?} is no base"
            );
        }
        let places = groups(&map)
            .iter()
            .map(|g| best_places(&map, g))
            .collect::<Vec<_>>();
        let places: Vec<_> = places.iter().filter(|best| !best.is_empty()).collect();
        let unlike: Vec<_> = (places.iter())
            .filter(|best| !best.iter().any(|p| map.expansions.contains(p)))
            .collect();
        assert!(
            unlike.is_empty() && places.len() == map.expansions.len(),
            "{name}: {} places, {} bases, not among them {unlike:?}",
            places.len(),
            map.expansions.len()
        );
    }
}

/// Town halls that recorded players put up on the captured maps: where the import says that a base is.
#[test]
fn recorded_players_expand_to_the_bases() {
    let maps: BTreeMap<String, MapData> = all().map(|c| (c.map.name.clone(), c.map)).collect();
    let replays = std::fs::read_dir(format!("{ROOT}/../replays"));
    let mut halls = 0;
    for entry in replays.into_iter().flatten().flatten() {
        if !entry
            .path()
            .to_string_lossy()
            .ends_with(".reference.json.gz")
        {
            continue;
        }
        let packed = std::fs::File::open(entry.path()).unwrap();
        let game: serde_json::Value =
            serde_json::from_reader(flate2::read::GzDecoder::new(packed)).unwrap();
        let Some(map) = maps.get(game["details"]["title"].as_str().unwrap_or("")) else {
            continue;
        };
        for event in game["unit_events_first_300"].as_array().unwrap() {
            let kind = event["unit_type"].as_str().unwrap_or("");
            if event["kind"] != "UnitInit"
                || !["CommandCenter", "Nexus", "Hatchery"].contains(&kind)
            {
                continue;
            }
            // The events have the cell; halls stand on its middle.
            let middle = |key: &str| event[key].as_f64().unwrap() as f32 + 0.5;
            let at = Point::new(middle("x"), middle("y"));
            let nearest = |a: &&Point, b: &&Point| a.distance(at).total_cmp(&b.distance(at));
            let base = map.expansions.iter().min_by(nearest).unwrap();
            // One hatchery of these was put up in the enemy's base, away from any place for one.
            if base.distance(at) < 10.0 {
                assert_eq!(*base, at, "{:?}: {kind}", entry.path());
                halls += 1;
            }
        }
    }
    assert!(halls == 16 || maps.is_empty(), "{halls} town halls");
}

/// A cell of a grid as the message has it, y up.
fn cell(image: &ImageData, old_format: bool, x: i32, y: i32) -> u8 {
    let size = image.size.as_ref().unwrap();
    let (w, h) = (size.x(), size.y());
    let row = if old_format { h - 1 - y } else { y };
    let at = (row * w + x) as usize;
    let data = image.data();
    match image.bits_per_pixel() {
        1 => (data[at / 8] >> (7 - at % 8)) & 1,
        _ => data[at],
    }
}

/// Cells one can walk on but not build on, in one piece, over more than one height: ramps.
fn ramps(
    w: i32,
    h: i32,
    is: impl Fn(i32, i32) -> bool,
    height: impl Fn(i32, i32) -> u8,
) -> Vec<BTreeSet<(i32, i32)>> {
    let mut left: BTreeSet<(i32, i32)> = (0..h)
        .flat_map(|y| (0..w).map(move |x| (x, y)))
        .filter(|&(x, y)| is(x, y))
        .collect();
    let mut found = Vec::new();
    while let Some(first) = left.pop_first() {
        let mut ramp = BTreeSet::from([first]);
        let mut open = vec![first];
        while let Some((x, y)) = open.pop() {
            for next in [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)] {
                if left.remove(&next) {
                    ramp.insert(next);
                    open.push(next);
                }
            }
        }
        let heights = || ramp.iter().map(|&(x, y)| height(x, y));
        // 16 bytes are a level; a ramp climbs most of one.
        if ramp.len() >= 8 && heights().max().unwrap() - heights().min().unwrap() >= 10 {
            found.push(ramp);
        }
    }
    found
}

#[test]
fn terrain_and_ramps_are_the_captures() {
    for Capture {
        name,
        info,
        units,
        map,
    } in all()
    {
        let raw = info.start_raw.as_ref().unwrap();
        let (pathing, placement, height) = (
            raw.pathing_grid.as_ref().unwrap(),
            raw.placement_grid.as_ref().unwrap(),
            raw.terrain_height.as_ref().unwrap(),
        );
        let old = pathing.bits_per_pixel() == 8;
        let (w, h) = (map.width() as i32, map.height_cells() as i32);
        let walks = |x, y| (cell(pathing, old, x, y) != 0) != old;
        let builds = |x, y| cell(placement, old, x, y) != 0;
        let z = |x: i32, y: i32| match cell(height, old, x, y) {
            // Before 4.8 a byte spans -100..100 cells, from then on -16..16.
            byte if old => {
                let z = -100.0 + 200.0 * f32::from(byte) / 255.0;
                ((z + 16.0) * 255.0 / 32.0).round().clamp(0.0, 255.0) as u8
            }
            byte => byte,
        };
        for (x, y) in (0..h).flat_map(|y| (0..w).map(move |x| (x, y))) {
            assert_eq!(
                map.placement.get(x, y),
                Some(builds(x, y)),
                "{name}: {x}, {y}"
            );
            assert_eq!(map.height.get(x, y), Some(z(x, y)), "{name}: {x}, {y}");
            let ours = map.pathing.get(x, y).unwrap();
            // What stands there at the start blocks the captured grid, not the map's ground.
            let center = Point::new(x as f32 + 0.5, y as f32 + 0.5);
            let covered = || {
                let stands = units.iter().filter(|u| u.alliance != Some(4)).map(place);
                let mut near = stands.chain(map.start_locations.iter().copied());
                near.any(|p| (p.x - center.x).abs().max((p.y - center.y).abs()) <= 5.5)
            };
            assert!(
                ours == walks(x, y) || (ours && covered()),
                "{name}: {x}, {y}"
            );
        }
        let theirs = ramps(w, h, |x, y| walks(x, y) && !builds(x, y), z);
        let kept =
            |x, y| map.pathing.get(x, y) == Some(true) && map.placement.get(x, y) == Some(false);
        let ours = ramps(w, h, kept, |x, y| map.height.get(x, y).unwrap());
        assert!(theirs.len() >= 4, "{name}: {} ramps", theirs.len());
        for ramp in &theirs {
            let same = ours.iter().any(|o| ramp.is_subset(o));
            assert!(
                same,
                "{name}: a ramp of {} cells at {:?}",
                ramp.len(),
                ramp.first()
            );
        }
    }
}

/// Set to play on every distinct captured map, and not on a few only; the results stand in docs/SIMULATOR.md.
const ALL_MAPS: &str = "SCC_ALL_MAPS";
/// The longest games of the built-in players on our own maps end well before.
const LOOPS_MAX: u32 = 60_000;

/// Games on one map until one has a winner.
const SEEDS_MAX: u64 = 3;

/// Loops and winner of a game between two VeryHard players.
fn play(map: &MapData, seed: u64) -> (u32, Option<u8>) {
    let seat = || Seat::Computer {
        race: Race::Terran,
        level: Difficulty::VeryHard,
        build: AiBuild::RandomBuild,
    };
    let config = SimConfig {
        map: Arc::new(map.clone()),
        seats: [seat(), seat()],
        seed: Seed(seed),
        disable_fog: false,
    };
    let mut sim = Sim::new(config).unwrap();
    while sim.results().is_empty() && sim.game_loop() < LOOPS_MAX {
        sim.step(1000);
    }
    let won = |r: &&scc::game::PlayerResult| r.result == GameResult::Victory;
    let winner = sim.results().iter().find(won).map(|r| r.player.0);
    (sim.game_loop(), winner)
}

#[test]
fn two_built_in_players_finish_a_game() {
    let few = ["v4.8-8bit", "v4.12"];
    let everywhere = std::env::var_os(ALL_MAPS).is_some();
    let mut played = BTreeSet::new();
    let mut unfinished = Vec::new();
    for Capture { name, map, .. } in all() {
        let wanted = everywhere || few.iter().any(|f| name.starts_with(f));
        if !wanted || !played.insert(map.hash()) {
            continue;
        }
        // Two players may both run out of everything; then another game has to do.
        let finished = (1..=SEEDS_MAX).any(|seed| {
            let (loops, winner) = play(&map, seed);
            println!("{name}, seed {seed}: {loops} loops, winner {winner:?}");
            winner.is_some()
        });
        if !finished {
            unfinished.push(name);
        }
    }
    println!("{} maps", played.len());
    assert!(
        unfinished.is_empty(),
        "games that did not end: {unfinished:?}"
    );
}
