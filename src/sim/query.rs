//! Questions about the present state that change nothing: what a unit may do, where a structure fits, what a player
//! knows to be in the way, what stands hidden. For servers of the game's API.

use super::ability::{self, Act, Offer};
use super::grid;
use super::legal;
use super::neutral::{self, NeutralKind};
use super::order::Aim;
use super::path::Pathfinder;
use super::placement;
use super::running::Sim;
use super::state::State;
use super::unit::{NEUTRAL, Unit, UnitRef};
use crate::game::data::{self, AbilityTarget, ProductionKind, UnitData, unit_ids as u};
use crate::game::{
    AbilityId, ActionResult, Alliance, CloakState, DisplayType, PlayerId, Point, Race, RawUnit,
    UnitTag, UnitTypeId,
};
use ActionResult as R;

/// Which units that a player does not see are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// Cloaked ones that stand in view.
    Cloaked,
    /// All, wherever they are.
    All,
}

/// Height of flying units above the ground, in cells.
const FLIGHT_HEIGHT: f32 = 3.75;

impl Sim {
    /// The exact abilities that a player's own unit could be ordered to use now, by id; empty for everybody else's.
    /// With `ignore_resources` also those that there is no money or supply for.
    pub fn abilities_of(
        &self,
        player: PlayerId,
        tag: UnitTag,
        ignore_resources: bool,
    ) -> Vec<AbilityId> {
        let (state, p) = (self.state(), seat(player));
        let Some(unit) = state.get(UnitRef::of_tag(tag)) else {
            return Vec::new();
        };
        if usize::from(unit.owner) != p || unit.inside {
            return Vec::new();
        }
        let offers = ability::offers(unit.type_id);
        let usable = offers
            .iter()
            .filter(|o| is_usable(state, p, unit, o, ignore_resources));
        usable.map(|o| o.exact).collect()
    }

    /// Whether the structure that `ability` (exact or general) puts up or lands would fit at `at`, as far as the player
    /// knows. For an add-on, `at` is the place of its host.
    pub fn fits(
        &self,
        player: PlayerId,
        ability: AbilityId,
        at: Point,
        placing: Option<UnitTag>,
        ignore_resources: bool,
    ) -> ActionResult {
        let (state, p) = (self.state(), seat(player));
        let on_map = at.is_finite() && state.map.height.contains(at.cell().0, at.cell().1);
        let Some(row) = structure_of(ability) else {
            return R::NotSupported;
        };
        if !on_map {
            return R::CantBuildLocationInvalid;
        }
        if row.race != Race::Terran {
            return R::NotSupported;
        }
        let price = (row.minerals, row.vespene);
        let is_new = row.creation_ability == ability
            || data::ability(row.creation_ability).is_some_and(|a| a.general == ability);
        if !ignore_resources && is_new {
            match legal::afford(state, p, price, 0) {
                R::Success => {}
                why => return why,
            }
        }
        let me = placing.map_or(UnitRef::NONE, UnitRef::of_tag);
        if row.needs_geyser {
            geyser_at(state, at).map_or(R::CantBuildLocationInvalid, |geyser| {
                placement::check_geyser(state, geyser)
            })
        } else if row.is_addon {
            placement::check_add_on(state, p, at, me)
        } else {
            placement::check_known(state, p, row.id, at, me)
        }
    }

    /// A copy of the path search, up to date: asking the game's own would fill its memory of ways, and who then takes
    /// which way would depend on who asked.
    pub fn path_search(&self) -> Pathfinder {
        let state = self.state();
        let mut paths = state.paths.clone();
        paths.sync(state.blocked.walk.as_slice(), state.blocked.version);
        paths
    }

    /// Version of what stands in the way: while it stays, so do the answers of [`Sim::path_search`].
    pub fn path_version(&self) -> u32 {
        self.state().blocked.version
    }

    /// Cells that a player knows to be blocked: own structures, enemy ones as seen or remembered, rocks, resources in
    /// view. A cell may come more than once.
    pub fn known_blocked(&self, player: PlayerId) -> Vec<(i32, i32)> {
        let (state, p) = (self.state(), seat(player));
        let mut cells = Vec::with_capacity(512);
        for unit in state.living().filter(|it| !it.flying && !it.inside) {
            let in_view = unit.seen_by & Unit::bit(p) != 0;
            let known = match unit.owner {
                NEUTRAL => neutral::kind(unit.type_id) == NeutralKind::Other || in_view,
                owner => usize::from(owner) == p || in_view,
            };
            if known {
                blocked_by(unit.type_id, unit.owner, unit.pos, unit.radius, &mut cells);
            }
        }
        let remembered = state.players[p].sight.snapshots.iter();
        for s in remembered.filter(|s| s.owner != NEUTRAL && !s.flying) {
            blocked_by(s.type_id, s.owner, s.pos, s.radius, &mut cells);
        }
        cells
    }

    /// The opponent's units that stand where the player cannot see them, as the game shows such units if it is told to.
    pub fn unseen(&self, player: PlayerId, which: Unseen) -> Vec<RawUnit> {
        let (state, p) = (self.state(), seat(player));
        let bit = Unit::bit(p);
        let others = state
            .players_units()
            .filter(|it| usize::from(it.owner) != p && !it.inside);
        let hidden = others.filter(|it| {
            let in_view = it.seen_by & bit != 0;
            let cloaked = it.cloaked && it.detected_by & bit == 0;
            match which {
                Unseen::Cloaked => in_view && cloaked,
                Unseen::All => !in_view || cloaked,
            }
        });
        hidden.map(|unit| hidden_unit(state, unit, which)).collect()
    }
}

fn seat(player: PlayerId) -> usize {
    usize::from(player.0 == 2)
}

fn hidden_unit(state: &State, unit: &Unit, which: Unseen) -> RawUnit {
    let lift = if unit.flying { FLIGHT_HEIGHT } else { 0.0 };
    let mut raw = RawUnit {
        tag: unit.me.tag(),
        unit_type: unit.type_id,
        owner: PlayerId(unit.owner + 1),
        alliance: Alliance::Enemy,
        display: DisplayType::Hidden,
        cloak: match which {
            Unseen::Cloaked => CloakState::Cloaked,
            Unseen::All => CloakState::Unknown,
        },
        pos: unit.pos,
        z: state.map.z(unit.pos) + lift,
        facing: unit.facing,
        radius: unit.radius,
        build_progress: unit.progress(),
        is_flying: unit.flying,
        ..RawUnit::default()
    };
    if which == Unseen::All {
        (raw.health, raw.health_max) = (unit.life, unit.life_max);
        (raw.energy, raw.energy_max) = (unit.energy, unit.energy_max);
    }
    raw
}

/// What the walk over a structure, field or rock is barred by; see `grid::Occupancy`.
fn blocked_by(id: UnitTypeId, owner: u8, pos: Point, radius: f32, cells: &mut Vec<(i32, i32)>) {
    if let Some(row) = data::neutral::find(id).filter(|_| owner == NEUTRAL) {
        if row.kind != data::neutral::NeutralKind::Plate {
            cells.extend(row.footprint.cells(pos));
        }
        return;
    }
    let row = data::unit(id).unwrap_or_else(|| neutral::row(id));
    let (mut w, mut h) = row.footprint;
    if owner == NEUTRAL && w == 0 && radius > 0.5 {
        let side = ((radius - 0.1) * 2.0).floor().max(1.0) as u8;
        (w, h) = (side, side);
    }
    if w == 0 || id == u::SUPPLY_DEPOT_LOWERED {
        return;
    }
    let rect = grid::footprint_at((w, h), pos);
    let round = w == 5 && h == 5 && row.is_townhall;
    for y in rect.y0..rect.y1 {
        for x in rect.x0..rect.x1 {
            let (dx, dy) = (x as f32 + 0.5 - pos.x, y as f32 + 0.5 - pos.y);
            if !(round && dx.abs() > 1.5 && dy.abs() > 1.5) {
                cells.push((x, y));
            }
        }
    }
}

/// The structure that an ability puts up, or lands.
fn structure_of(ability: AbilityId) -> Option<&'static UnitData> {
    use ProductionKind as K;
    let means = |id: AbilityId| {
        id == ability || data::ability(id).is_some_and(|a| a.general == ability && a.general != id)
    };
    data::units()
        .filter(|row| row.is_structure && !row.is_flying)
        .find(|row| {
            row.produced_by.iter().any(|way| {
                let placed = match way.kind {
                    K::Build | K::BuildOnGeyser | K::BuildAddon => true,
                    K::ModeChange => data::unit(way.producer).is_some_and(|from| from.is_flying),
                    _ => false,
                };
                placed && means(way.ability)
            })
        })
}

fn geyser_at(state: &State, at: Point) -> Option<UnitRef> {
    let is_geyser = |it: &&Unit| {
        it.owner == NEUTRAL
            && matches!(
                neutral::kind(it.type_id),
                NeutralKind::Geyser | NeutralKind::RichGeyser
            )
    };
    let found = state.living().filter(is_geyser);
    found
        .filter(|it| it.pos.distance_squared(at) < 1.0)
        .map(|it| it.me)
        .next()
}

fn is_usable(state: &State, p: usize, unit: &Unit, offer: &Offer, ignore_resources: bool) -> bool {
    let offered = |act: Act| ability::offers(unit.type_id).iter().any(|o| o.act == act);
    let aim = match offer.act {
        Act::Smart => return false,
        Act::ScanMove if offered(Act::Attack) => return false,
        Act::AddOn(_) if unit.flying => Aim::Point(unit.pos),
        _ => aim_for(unit, offer.exact),
    };
    let answer = legal::check(state, p, unit, offer, aim, false);
    let is_add_on = matches!(offer.act, Act::AddOn(_)) && !unit.flying;
    match answer {
        R::Success => true,
        R::NotEnoughMinerals | R::NotEnoughVespene | R::NotEnoughFood => ignore_resources,
        why => is_about_target(why) && !is_add_on,
    }
}

/// Something to aim at, of the kind that an ability asks for: the unit itself or its place.
fn aim_for(unit: &Unit, exact: AbilityId) -> Aim {
    match data::ability(exact).map(|row| row.target) {
        Some(AbilityTarget::Point | AbilityTarget::PointOrUnit) => Aim::Point(unit.pos),
        Some(AbilityTarget::Unit) => Aim::Unit(unit.me),
        _ => Aim::None,
    }
}

/// Refusals that a better target would have spared.
fn is_about_target(why: ActionResult) -> bool {
    matches!(
        why,
        R::CantTargetThatUnit
            | R::CantFindPlacementLocation
            | R::CantBuildOnThat
            | R::CantBuildTooCloseToDropOff
            | R::CantBuildLocationInvalid
            | R::CantSeeBuildLocation
            | R::CantBuildTooCloseToResources
            | R::CantLandLocationInvalid
            | R::CantSeeLandLocation
            | R::CantLandTooCloseToResources
            | R::MustBuildRefineryFirst
            | R::CantUnloadOntoTerrain
            | R::MustTargetUnit
            | R::MustTargetStructures
            | R::MustTargetVisibleUnit
            | R::MustTargetResources
            | R::CantTargetAirUnits
            | R::CantTargetGroundUnits
            | R::CantTargetStructures
            | R::CantAttackThatTarget
            | R::OutOfRange
            | R::CantRallyToThat
    )
}
