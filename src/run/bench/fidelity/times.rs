//! Construction, training, research: to the loop.
//!
//! A command counts from the loop in which the game carries it out, as a replay's events do.

use std::collections::BTreeMap;

use super::super::{BenchError, Figures};
use super::ground::{Ground, SITE, get, own, row};
use super::real::{Real, Seen};
use super::{Line, unexpected};
use crate::game::data::{self, Production, ProductionKind, UnitData, unit_ids as u};
use crate::game::{AbilityId, Point, Race, Seed, Target, UnitTag, UnitTypeId};

const LIMIT: u32 = 6000;
const ORBITAL: AbilityId = AbilityId(1516);
const MULE: AbilityId = AbilityId(171);
const STIMPACK: &str = "4.9 and these replays, of 4.10.0 and 4.10.1, have 2720; the data answer of 4.10, after which the table goes, has 2240";

/// The commonest of several times, the shortest of equals.
fn commonest(times: &BTreeMap<u32, usize>) -> Seen {
    let best = times
        .iter()
        .max_by_key(|(loops, n)| (**n, std::cmp::Reverse(**loops)));
    best.map_or((0, 0), |(loops, n)| (*loops, *n))
}

fn ground(real: &Real, seed: Seed) -> Result<Ground, BenchError> {
    let fields = real
        .mining
        .first()
        .ok_or_else(|| unexpected("a recorded base"))?;
    let geysers = real
        .gas
        .first()
        .ok_or_else(|| unexpected("a recorded base"))?;
    Ground::rich(&fields.fields, &geysers.geysers, seed)
}

fn made_by(row: &UnitData, kinds: &[ProductionKind]) -> Result<&'static Production, BenchError> {
    let ways = data::unit(row.id).map_or(&[][..], |row| row.produced_by);
    ways.iter()
        .find(|way| kinds.contains(&way.kind))
        .ok_or_else(|| unexpected("a way to make it"))
}

/// `construction.NAME`: from the first to the last loop of a structure.
pub(super) fn construction(
    figures: &mut Figures,
    real: &Real,
    seed: Seed,
) -> Result<(), BenchError> {
    for (name, times) in &real.construction {
        let (loops, n) = commonest(times);
        let sim = construct(ground(real, seed)?, row(name)?)?;
        Line::exact(format!("construction.{name}"), sim, loops, n).add_to(figures);
    }
    Ok(())
}

fn construct(mut ground: Ground, kind: &UnitData) -> Result<u32, BenchError> {
    use ProductionKind::{Build, BuildAddon, BuildOnGeyser};
    let way = made_by(kind, &[Build, BuildAddon, BuildOnGeyser])?;
    let target = match way.kind {
        BuildOnGeyser => {
            let geysers = ground.sim.state().living();
            let first =
                geysers.filter(|it| it.type_id.0 == 342 && it.pos.distance(ground.home) < 12.0);
            Target::Unit(first.last().ok_or_else(|| unexpected("a geyser"))?.me.tag())
        }
        BuildAddon => Target::None,
        // Sites of an even size have their middle on the corner of four cells.
        _ if kind.footprint.0.is_multiple_of(2) => Target::Point(SITE + Point::new(0.5, 0.5)),
        _ => Target::Point(SITE),
    };
    let beside = if way.kind == BuildAddon {
        SITE
    } else {
        SITE + Point::new(-4.0, 0.0)
    };
    let maker = ground.put(way.producer, beside)?;
    ground.order(maker, way.ability, target)?;
    let id = kind.id;
    let begun = ground.until(LIMIT, |state| own(state, id).any(|it| it.build_left > 0.0))?;
    let done = ground.until(LIMIT, |state| !own(state, id).any(|it| it.build_left > 0.0))?;
    Ok(done - begun)
}

/// `first.NAME`: from the command to the unit; `training.NAME`: from there to the next of the queue.
pub(super) fn training(figures: &mut Figures, real: &Real, seed: Seed) -> Result<(), BenchError> {
    for (group, times) in [("first", &real.first), ("training", &real.training)] {
        for (name, &(loops, n)) in times {
            let (first, next) = train(ground(real, seed)?, row(name)?)?;
            let sim = if group == "first" { first } else { next };
            Line::exact(format!("{group}.{name}"), sim, loops, n).add_to(figures);
        }
    }
    Ok(())
}

fn train(mut ground: Ground, kind: &UnitData) -> Result<(u32, u32), BenchError> {
    let way = made_by(kind, &[ProductionKind::Train])?;
    let maker = ground.put(way.producer, SITE)?;
    if way.tech_lab {
        with_tech_lab(&mut ground, maker, way.producer)?;
    }
    let id = kind.id;
    let count = own(ground.sim.state(), id).count();
    ground.order(maker, way.ability, Target::None)?;
    ground.order(maker, way.ability, Target::None)?;
    let ordered = ground.sim.game_loop() + 1;
    let first = ground.until(LIMIT, |state| own(state, id).count() > count)?;
    let second = ground.until(LIMIT, |state| own(state, id).count() > count + 1)?;
    Ok((first - ordered, second - first))
}

/// Builds a tech lab at a structure; its tag.
fn with_tech_lab(
    ground: &mut Ground,
    maker: UnitTag,
    host: UnitTypeId,
) -> Result<UnitTag, BenchError> {
    let lab = data::units()
        .filter(|row| row.is_addon && row.name.ends_with("TechLab"))
        .find_map(|row| row.produced_by.iter().find(|way| way.producer == host))
        .ok_or_else(|| unexpected("a tech lab"))?;
    ground.order(maker, lab.ability, Target::None)?;
    ground.until(LIMIT, |state| {
        get(state, maker).is_some_and(|it| state.get(it.add_on).is_some_and(|lab| lab.is_done()))
    })?;
    let lab = get(ground.sim.state(), maker).map(|it| it.add_on.tag());
    lab.ok_or_else(|| unexpected("a tech lab"))
}

/// `research.NAME`: from the command to the upgrade. What Zerg research cannot be played yet: the table's time stands for it.
pub(super) fn research(figures: &mut Figures, real: &Real, seed: Seed) -> Result<(), BenchError> {
    for (name, &(loops, n)) in &real.research {
        let upgrade = data::upgrades().iter().find(|row| row.name == name);
        let upgrade = upgrade.ok_or_else(|| unexpected("an upgrade of the recorded games"))?;
        let way = upgrade
            .researched_at
            .last()
            .ok_or_else(|| unexpected("a place to research"))?;
        let sim = match data::unit(way.producer).map(|row| row.race) {
            Some(Race::Terran) => study(ground(real, seed)?, upgrade, way)?,
            _ => upgrade.research_time as u32,
        };
        let mut line = Line::exact(format!("research.{name}"), sim, loops, n);
        line.known = (name == "Stimpack").then_some(STIMPACK);
        line.add_to(figures);
    }
    Ok(())
}

fn study(
    mut ground: Ground,
    upgrade: &data::UpgradeData,
    way: &Production,
) -> Result<u32, BenchError> {
    let maker = match way.producer {
        u::BARRACKS_TECH_LAB => {
            let host = ground.put(u::BARRACKS, SITE)?;
            with_tech_lab(&mut ground, host, u::BARRACKS)?
        }
        other => ground.put(other, SITE)?,
    };
    ground.order(maker, way.ability, Target::None)?;
    let ordered = ground.sim.game_loop() + 1;
    let done = ground.until(LIMIT, |state| {
        state.players[0].upgrades.contains(&upgrade.id)
    })?;
    Ok(done - ordered)
}

/// `morph.OrbitalCommand`, from the command; `mule.life`, which spreads over five loops in recorded games.
pub(super) fn orbital(figures: &mut Figures, real: &Real, seed: Seed) -> Result<(), BenchError> {
    let mut ground = ground(real, seed)?;
    let hall = own(ground.sim.state(), u::COMMAND_CENTER)
        .next()
        .map(|hall| hall.me.tag());
    let hall = hall.ok_or_else(|| unexpected("a town hall"))?;
    ground.order(hall, ORBITAL, Target::None)?;
    let ordered = ground.sim.game_loop() + 1;
    let done = ground.until(LIMIT, |state| {
        own(state, u::ORBITAL_COMMAND).next().is_some()
    })?;
    if let Some(&(loops, n)) = real.morph.get("OrbitalCommand") {
        Line::exact("morph.OrbitalCommand".to_owned(), done - ordered, loops, n).add_to(figures);
    }
    let fields = crate::sim::economy::fields_near(ground.sim.state(), ground.home);
    let field = fields
        .first()
        .ok_or_else(|| unexpected("a mineral field"))?
        .tag();
    ground.order(hall, MULE, Target::Unit(field))?;
    let born = ground.until(LIMIT, |state| own(state, u::MULE).next().is_some())?;
    let died = ground.until(LIMIT, |state| own(state, u::MULE).next().is_none())?;
    mule_life(figures, real, f64::from(died - born));
    Ok(())
}

fn mule_life(figures: &mut Figures, real: &Real, sim: f64) {
    let n: usize = real.mule_life.values().sum();
    let sum: f64 = real
        .mule_life
        .iter()
        .map(|(loops, n)| f64::from(*loops) * *n as f64)
        .sum();
    let mean = sum / n as f64;
    let (least, most) = (
        real.mule_life.keys().next(),
        real.mule_life.keys().next_back(),
    );
    let allowed = match (least, most) {
        (Some(&least), Some(&most)) => f64::from(most - least) / 2.0,
        _ => 0.0,
    };
    Line {
        allowed,
        real: mean,
        sim,
        ..Line::exact("mule.life".to_owned(), 0, 0, n)
    }
    .add_to(figures);
}
