//! One look: a [`RawObservation`] sorted by what units are for.
//!
//! An [`Index`] is kept between looks and refilled, so that a look allocates nothing once its buffers have grown.

use super::kinds::{Kind, Product, TYPES_MAX, ability, kind, product};
use super::knowledge::{Knowledge, is_geyser};
use crate::game::data::{self, ProductionKind, unit_ids as u};
use crate::game::{
    Alliance, Point, RawObservation, RawOrder, RawUnit, Target, UnitTag, UnitTypeId, UpgradeId,
};
use smallvec::SmallVec;

/// Indices into [`RawObservation::units`] by purpose, and counts by type.
#[derive(Clone, Debug, Default)]
pub struct Index {
    pub workers: Vec<u16>,
    /// Own town halls that stand on the ground, unfinished ones included.
    pub halls: Vec<u16>,
    /// All own structures, town halls and add-ons included.
    pub structures: Vec<u16>,
    pub army: Vec<u16>,
    /// Enemies in view or remembered.
    pub enemy_army: Vec<u16>,
    pub enemy_workers: Vec<u16>,
    pub enemy_structures: Vec<u16>,
    pub minerals: Vec<u16>,
    pub geysers: Vec<u16>,
    done: Vec<u16>,
    total: Vec<u16>,
    /// Own finished structures on the ground: canonical type and index, by type, then as observed.
    standing: Vec<(UnitTypeId, u16)>,
    /// Own finished add-ons.
    add_ons: Vec<u16>,
    /// Own town halls of all kinds, flying and unfinished ones included.
    townhalls: u16,
    /// Types that own finished structures stand for beside their own.
    aliases: SmallVec<[UnitTypeId; 32]>,
    /// Upgrades being researched.
    pub researching: SmallVec<[UpgradeId; 4]>,
    /// Structures ordered but not yet begun: type and where.
    pub planned: SmallVec<[(UnitTypeId, Point); 8]>,
}

impl Index {
    /// Refills the index from one observation.
    pub fn refill(&mut self, obs: &RawObservation, know: &Knowledge) {
        self.clear();
        for (i, unit) in obs.units.iter().enumerate() {
            let i = i as u16;
            match unit.alliance {
                Alliance::Own => self.own(i, unit),
                Alliance::Enemy => self.enemy(i, unit),
                Alliance::Neutral if is_geyser(unit.unit_type) => self.geysers.push(i),
                Alliance::Neutral if know.is_mineral(unit.unit_type) => self.minerals.push(i),
                _ => {}
            }
        }
        // Stable, so that structures of a type stay in the order of the observation.
        self.standing.sort_by_key(|s| s.0);
        for at in 0..self.workers.len() {
            self.plans_of(&obs.units[usize::from(self.workers[at])], obs);
        }
    }

    fn clear(&mut self) {
        for list in [
            &mut self.workers,
            &mut self.halls,
            &mut self.structures,
            &mut self.army,
            &mut self.enemy_army,
            &mut self.enemy_workers,
            &mut self.enemy_structures,
            &mut self.minerals,
            &mut self.geysers,
            &mut self.add_ons,
        ] {
            list.clear();
        }
        for counts in [&mut self.done, &mut self.total] {
            counts.clear();
            counts.resize(TYPES_MAX, 0);
        }
        self.standing.clear();
        self.townhalls = 0;
        self.aliases.clear();
        self.researching.clear();
        self.planned.clear();
    }

    fn own(&mut self, i: u16, unit: &RawUnit) {
        let k = kind(unit.unit_type);
        let c = usize::from(k.canonical.0);
        self.total[c] += 1;
        if unit.build_progress >= 1.0 {
            self.done[c] += 1;
        }
        if k.is_structure {
            self.structures.push(i);
            self.townhalls += u16::from(k.is_townhall);
            if k.is_townhall && !unit.is_flying {
                self.halls.push(i);
            }
            if unit.build_progress >= 1.0 {
                self.finished(i, unit, k);
            }
            for order in &unit.orders {
                self.in_production(order);
            }
        } else if k.is_worker {
            self.workers.push(i);
        } else if k.is_army {
            self.army.push(i);
        }
    }

    fn finished(&mut self, i: u16, unit: &RawUnit, k: &Kind) {
        if !unit.is_flying {
            self.standing.push((k.canonical, i));
        }
        if k.is_addon {
            self.add_ons.push(i);
        }
        let stands_for = data::unit(unit.unit_type).map_or(&[][..], |d| d.tech_alias);
        for t in stands_for {
            if !self.aliases.contains(t) {
                self.aliases.push(*t);
            }
        }
    }

    fn in_production(&mut self, order: &RawOrder) {
        match product(order.ability) {
            Some((Product::Unit(t), ProductionKind::Train | ProductionKind::Morph)) => {
                self.total[usize::from(kind(t).canonical.0)] += 1;
            }
            Some((Product::Upgrade(up), _)) => self.researching.push(up),
            _ => {}
        }
    }

    fn enemy(&mut self, i: u16, unit: &RawUnit) {
        let k = kind(unit.unit_type);
        if k.is_structure {
            self.enemy_structures.push(i);
        } else if k.is_worker || unit.unit_type == u::MULE {
            self.enemy_workers.push(i);
        } else if k.is_army {
            self.enemy_army.push(i);
        }
    }

    /// Counts structures a worker has been told to build and has not begun.
    fn plans_of(&mut self, worker: &RawUnit, obs: &RawObservation) {
        for order in &worker.orders {
            let Some((Product::Unit(t), ProductionKind::Build | ProductionKind::BuildOnGeyser)) =
                product(order.ability)
            else {
                continue;
            };
            let at = match order.target {
                Target::Point(p) => p,
                Target::Unit(tag) => match obs.units.iter().find(|n| n.tag == tag) {
                    Some(n) => n.pos,
                    None => continue,
                },
                Target::None => continue,
            };
            let begun = self.structures.iter().any(|s| {
                let s = &obs.units[usize::from(*s)];
                s.pos.distance_squared(at) < 2.0 && kind(s.unit_type).canonical == t
            });
            let known = self.planned.iter().any(|(kt, kp)| *kt == t && *kp == at);
            if !begun && !known {
                self.planned.push((t, at));
                self.total[usize::from(t.0)] += 1;
            }
        }
    }
}

/// One look at the game: the observation, its index, the map.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub obs: &'a RawObservation,
    pub ix: &'a Index,
    pub know: &'a Knowledge,
}

impl<'a> View<'a> {
    pub fn unit(&self, i: u16) -> &'a RawUnit {
        &self.obs.units[usize::from(i)]
    }

    /// The units of a list of the index.
    pub fn units(&self, list: &'a [u16]) -> impl Iterator<Item = &'a RawUnit> + Clone {
        let units = &self.obs.units;
        list.iter().map(move |i| &units[usize::from(*i)])
    }

    pub fn by_tag(&self, tag: UnitTag) -> Option<&'a RawUnit> {
        self.obs.units.iter().find(|x| x.tag == tag)
    }

    pub fn workers(&self) -> impl Iterator<Item = &'a RawUnit> + Clone {
        self.units(&self.ix.workers)
    }

    pub fn army(&self) -> impl Iterator<Item = &'a RawUnit> + Clone {
        self.units(&self.ix.army)
    }

    pub fn structures(&self) -> impl Iterator<Item = &'a RawUnit> + Clone {
        self.units(&self.ix.structures)
    }

    /// Own finished structures of a canonical type that stand on the ground.
    pub fn standing(&self, t: UnitTypeId) -> impl Iterator<Item = &'a RawUnit> + Clone {
        let (standing, units) = (&self.ix.standing, &self.obs.units);
        let first = standing.partition_point(|s| s.0 < t);
        let of_type = standing[first..].iter().take_while(move |s| s.0 == t);
        of_type.map(move |s| &units[usize::from(s.1)])
    }

    pub fn halls(&self) -> impl Iterator<Item = &'a RawUnit> + Clone {
        self.units(&self.ix.halls)
    }

    pub fn enemy_army(&self) -> impl Iterator<Item = &'a RawUnit> + Clone {
        self.units(&self.ix.enemy_army)
    }

    pub fn enemy_structures(&self) -> impl Iterator<Item = &'a RawUnit> + Clone {
        self.units(&self.ix.enemy_structures)
    }

    /// Own finished units and structures of a canonical type.
    pub fn done(&self, t: UnitTypeId) -> u16 {
        self.ix.done[usize::from(t.0)]
    }

    /// The same with what is being built, trained or walked to. Town halls of all kinds count as command centers,
    /// add-ons of all kinds under their own and not under the bare types.
    pub fn total(&self, t: UnitTypeId) -> u16 {
        let own = self.ix.total[usize::from(t.0)];
        match t {
            // A morph in progress is counted by its order and by the command center itself.
            u::COMMAND_CENTER => {
                let planned = self.ix.planned.iter().filter(|p| p.0 == t).count();
                self.ix.townhalls + planned as u16
            }
            _ => own,
        }
    }

    /// True if a requirement "structure of this type stands" is met; aliases count.
    pub fn has(&self, t: UnitTypeId) -> bool {
        self.done(t) > 0 || self.ix.aliases.contains(&t)
    }

    pub fn has_upgrade(&self, id: UpgradeId) -> bool {
        self.obs.upgrades.contains(&id)
    }

    /// The add-on's own type, or none.
    pub fn add_on(&self, structure: &RawUnit) -> Option<UnitTypeId> {
        if !structure.add_on.is_some() {
            return None;
        }
        self.units(&self.ix.add_ons)
            .find(|s| s.tag == structure.add_on)
            .map(|s| s.unit_type)
    }

    /// Minerals the army cost, units in production not counted.
    pub fn army_minerals(&self) -> u32 {
        self.army()
            .map(|a| u32::from(kind(a.unit_type).minerals))
            .sum()
    }

    /// Supply of the army, in halves.
    pub fn army_supply(&self) -> f32 {
        self.army().map(|a| kind(a.unit_type).supply).sum()
    }

    /// 0 never seen, 1 seen before, 2 in view.
    pub fn visibility(&self, p: Point) -> u8 {
        let (x, y) = p.cell();
        self.obs.visibility.get(x, y).unwrap_or(2)
    }

    /// Distance to the nearest own town hall; a big number if there is none.
    pub fn home_distance(&self, p: Point) -> f32 {
        self.halls()
            .map(|h| h.pos.distance_squared(p))
            .fold(1e9, f32::min)
            .sqrt()
    }
}

/// True for "tech lab" of any structure.
pub fn is_tech_lab(t: UnitTypeId) -> bool {
    matches!(
        t,
        u::TECH_LAB | u::BARRACKS_TECH_LAB | u::FACTORY_TECH_LAB | u::STARPORT_TECH_LAB
    )
}

/// True for "reactor" of any structure.
pub fn is_reactor(t: UnitTypeId) -> bool {
    matches!(
        t,
        u::REACTOR | u::BARRACKS_REACTOR | u::FACTORY_REACTOR | u::STARPORT_REACTOR
    )
}

/// True if the unit's first order is to harvest or to bring home what it harvested.
pub fn is_harvesting(unit: &RawUnit) -> bool {
    unit.orders.first().is_some_and(|o| {
        o.ability == ability::GATHER_SCV_EXACT
            || o.ability == ability::RETURN_SCV_EXACT
            || o.ability == ability::GATHER
            || o.ability == ability::RETURN
    })
}

/// True if one of the unit's orders is to build a structure.
pub fn is_building(unit: &RawUnit) -> bool {
    unit.orders.iter().any(|o| {
        matches!(
            product(o.ability),
            Some((_, ProductionKind::Build | ProductionKind::BuildOnGeyser))
        )
    })
}

/// Where an order to attack (or to walk attacking) leads, if the unit's first order is one.
pub fn attack_target(unit: &RawUnit) -> Option<Target> {
    let order = unit.orders.first()?;
    let attacks = matches!(
        order.ability,
        ability::ATTACK_EXACT
            | ability::SCAN_MOVE_EXACT
            | ability::ATTACK_BATTLECRUISER
            | ability::ATTACK
    );
    attacks.then_some(order.target)
}
