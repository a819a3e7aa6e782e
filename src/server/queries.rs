//! `query`: ground distances, available abilities, places for structures.

use super::game::Game;
use super::viewer::Viewer;
use crate::game::data::{self, AbilityTarget};
use crate::game::{AbilityId, Point, UnitTag};
use crate::sc2::proto::{
    self, RequestQuery, RequestQueryBuildingPlacement, RequestQueryPathing, ResponseQuery,
    request_query_pathing::Start,
};
use crate::sim::path::Pathfinder;
use crate::sim::unit::UnitRef;

/// Answers all questions, one by one, in order.
pub(super) fn answer(game: &mut Game, viewer: &Viewer, questions: &RequestQuery) -> ResponseQuery {
    let ignore = questions.ignore_resource_requirements();
    let distances = questions.pathing.iter();
    let distances = distances.map(|q| proto::ResponseQueryPathing {
        distance: distance(game, viewer, q),
    });
    let pathing = distances.collect();
    let abilities = questions.abilities.iter();
    let places = questions.placements.iter();
    ResponseQuery {
        pathing,
        abilities: abilities
            .map(|q| abilities_of(game, viewer, q.unit_tag(), ignore))
            .collect(),
        placements: places.map(|q| placement(game, viewer, q, ignore)).collect(),
    }
}

/// From the middle of a town hall, the largest structure, to what can be walked on.
const OUT_OF_A_STRUCTURE: i32 = 4;

/// Length of the way in cells; none where there is no way. Clients ask for ways from where a town hall stands: these begin
/// beside it.
fn distance(game: &mut Game, viewer: &Viewer, q: &RequestQueryPathing) -> Option<f32> {
    let end = q.end_pos?;
    let to = viewer.area.to_map(end.x, end.y);
    let (from, flies) = match q.start.as_ref()? {
        Start::StartPos(p) => (viewer.area.to_map(p.x, p.y), false),
        Start::UnitTag(tag) => {
            let state = game.sim.state();
            let unit = state.get(UnitRef::of_tag(UnitTag(*tag)))?;
            if usize::from(unit.owner) + 1 != usize::from(viewer.player.0) || unit.inside {
                return None;
            }
            (unit.pos, unit.flying)
        }
    };
    let on_map = |p: Point| {
        let (x, y) = p.cell();
        p.is_finite() && game.setup.map.pathing.contains(x, y)
    };
    if !on_map(from) || !on_map(to) {
        return None;
    }
    match flies {
        true => Some(from.distance(to)),
        false => {
            let (x, y) = from.cell();
            let ground = game.setup.map.pathing.get(x, y) == Some(true);
            let paths = game.paths();
            let out = way_out(paths, from, to).filter(|_| ground)?;
            Some(from.distance(out) + paths.distance(out, to)?)
        }
    }
}

/// Where a way from `from` begins: there, or in front of the structure that stands there.
fn way_out(paths: &Pathfinder, from: Point, to: Point) -> Option<Point> {
    let ahead = (to - from) * (1.0 / from.distance(to).max(1.0));
    (0..=OUT_OF_A_STRUCTURE)
        .find_map(|cells| paths.nearest_walkable(from + ahead * cells as f32, 0))
        .or_else(|| paths.nearest_walkable(from, OUT_OF_A_STRUCTURE))
}

fn abilities_of(
    game: &Game,
    viewer: &Viewer,
    tag: u64,
    ignore: bool,
) -> proto::ResponseQueryAvailableAbilities {
    let unit = game.sim.state().get(UnitRef::of_tag(UnitTag(tag)));
    let own = unit.filter(|it| usize::from(it.owner) + 1 == usize::from(viewer.player.0));
    let list = game.sim.abilities_of(viewer.player, UnitTag(tag), ignore);
    proto::ResponseQueryAvailableAbilities {
        abilities: list.into_iter().map(available).collect(),
        unit_tag: Some(tag),
        unit_type_id: own.map(|it| it.type_id.0.into()),
    }
}

fn available(id: AbilityId) -> proto::AvailableAbility {
    let target = data::ability(id).map(|row| row.target);
    let alone = matches!(
        target,
        None | Some(AbilityTarget::None | AbilityTarget::PointOrNone)
    );
    proto::AvailableAbility {
        ability_id: Some(id.0.into()),
        requires_point: Some(!alone),
    }
}

fn placement(
    game: &Game,
    viewer: &Viewer,
    q: &RequestQueryBuildingPlacement,
    ignore: bool,
) -> proto::ResponseQueryBuildingPlacement {
    let at = q.target_pos.unwrap_or_default();
    let at = viewer.area.to_map(at.x, at.y);
    let ability = AbilityId(u16::try_from(q.ability_id()).unwrap_or(0));
    let placing = q.placing_unit_tag.map(UnitTag);
    let fits = game.sim.fits(viewer.player, ability, at, placing, ignore);
    proto::ResponseQueryBuildingPlacement {
        result: Some(i32::from(fits as u16)),
    }
}
