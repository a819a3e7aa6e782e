//! `Action` to `PlayerCommand` and back.

use super::functions::{FunctionKind, find, function, general_of};
use super::placement::{Placement, snap};
use super::spec::ActionConfig;
use super::types::{Action, SKIP_LOOPS_MAX, SKIP_LOOPS_MIN};
use crate::game::data::{self, unit_ids as u};
use crate::game::{
    AbilityId, Command, MapData, PlayerCommand, Point, RawObservation, Target, UnitTag, UnitTypeId,
};
use crate::obs::{Observation, Space, UnitGroup, vocab};
use smallvec::SmallVec;

/// Why an action cannot be turned into a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("function {0} is not in the table")]
    Function(u16),
    #[error("unit index {0} is beyond the observation")]
    Unit(u16),
    #[error("the function takes units and none is selected")]
    NoUnits,
    #[error("the function takes a target and none is given")]
    NoTarget,
    #[error("target cell {0} is outside the grid")]
    Cell(u32),
}

/// Why a command cannot be written as an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Unrepresentable {
    #[error("camera moves, chat and leaving are not in the action space")]
    NotAnOrder,
    #[error("no function stands for the ability")]
    Ability,
    #[error("the ability has no function with this kind of target")]
    TargetKind,
    #[error("none of the units is in the observation")]
    NoUnits,
    #[error("the target unit is not in the observation")]
    TargetUnit,
    #[error("the target point lies outside the playable area")]
    TargetPoint,
}

impl Unrepresentable {
    /// All reasons, in the order that [`CodecCounts::reasons`] counts them.
    pub const ALL: [Unrepresentable; 6] = [
        Unrepresentable::NotAnOrder,
        Unrepresentable::Ability,
        Unrepresentable::TargetKind,
        Unrepresentable::NoUnits,
        Unrepresentable::TargetUnit,
        Unrepresentable::TargetPoint,
    ];
}

/// What became of the commands that were turned into actions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CodecCounts {
    pub represented: u64,
    /// Represented without some of the units (not in the observation, or beyond `selected_max`).
    pub units_dropped: u64,
    /// Not represented, by [`Unrepresentable::ALL`].
    pub reasons: [u64; 6],
}

/// Translates between actions and commands on one map.
#[derive(Clone, Debug)]
pub struct Codec {
    pub space: Space,
    pub config: ActionConfig,
}

impl Codec {
    /// The command that an action stands for; none for no-op.
    ///
    /// # Errors
    /// If the action does not fit the observation. Actions sampled under the masks always do.
    pub fn decode(
        &self,
        action: &Action,
        obs: &Observation,
        raw: &RawObservation,
        map: &MapData,
    ) -> Result<Option<PlayerCommand>, DecodeError> {
        let f = function(action.function).ok_or(DecodeError::Function(action.function))?;
        if f.kind == FunctionKind::NoOp {
            return Ok(None);
        }
        let units = selected_tags(action, obs)?;
        if f.kind == FunctionKind::Autocast {
            return Ok(Some(PlayerCommand::ToggleAutocast {
                ability: f.ability,
                units,
            }));
        }
        let target = match f.kind {
            FunctionKind::Unit => Target::Unit(target_tag(action, obs)?),
            FunctionKind::Point => {
                let cell = action.target_cell.ok_or(DecodeError::NoTarget)?;
                if !self.space.is_inside(cell) {
                    return Err(DecodeError::Cell(cell));
                }
                let aimed = self.space.target_point(cell);
                let footprint = f.builds.or_else(|| lands(f.ability, raw, units[0]));
                Target::Point(footprint.map_or(aimed, |id| {
                    self.settle(id, f.ability, aimed, units[0], raw, map)
                }))
            }
            _ => Target::None,
        };
        Ok(Some(PlayerCommand::Unit(Command {
            ability: f.ability,
            target,
            units,
            queued: action.queued,
        })))
    }

    /// The place on the building grid that a build action aimed at `aimed` means.
    fn settle(
        &self,
        id: UnitTypeId,
        ability: AbilityId,
        aimed: Point,
        unit: UnitTag,
        raw: &RawObservation,
        map: &MapData,
    ) -> Point {
        let Some(d) = data::unit(id).filter(|d| d.footprint.0 > 0) else {
            return aimed;
        };
        let center = snap(aimed, d.footprint);
        let ignore = LANDING.contains(&ability.0).then_some(unit);
        let placement = Placement::new(map, raw, ignore);
        placement
            .nearest(d, center, self.config.placement_radius)
            .unwrap_or(center)
    }

    /// The action that stands for a command, and how many of its units had to be left out.
    ///
    /// `skip_loops` is clamped to the head's range. Selected units come in the observation's order: the game does not
    /// care for their order, and a network learns a fixed one more easily.
    ///
    /// # Errors
    /// The reason why no action stands for it.
    pub fn encode(
        &self,
        command: &PlayerCommand,
        skip_loops: u32,
        obs: &Observation,
    ) -> Result<(Action, usize), Unrepresentable> {
        let mut action = Action {
            skip_loops: skip_loops.clamp(SKIP_LOOPS_MIN.into(), SKIP_LOOPS_MAX.into()) as u16,
            ..Action::default()
        };
        let (ability, tags, kind) = match command {
            PlayerCommand::Unit(c) => (c.ability, &c.units, kind_of(c.target)),
            PlayerCommand::ToggleAutocast { ability, units } => {
                (*ability, units, FunctionKind::Autocast)
            }
            _ => return Err(Unrepresentable::NotAnOrder),
        };
        let general = general_of(ability).ok_or(Unrepresentable::Ability)?;
        action.function = find(general, kind).ok_or(Unrepresentable::TargetKind)?;
        let dropped = self.select(tags, obs, &mut action)?;
        if let PlayerCommand::Unit(c) = command {
            action.queued = c.queued;
            match c.target {
                Target::None => {}
                Target::Unit(tag) => {
                    let idx = obs.find(tag).ok_or(Unrepresentable::TargetUnit)?;
                    action.target_unit = Some(idx as u16);
                }
                Target::Point(p) => {
                    let cell = self.space.target_idx(p);
                    action.target_cell = Some(cell.ok_or(Unrepresentable::TargetPoint)?);
                }
            }
        }
        Ok((action, dropped))
    }

    /// [`Codec::encode`], with its outcome counted.
    pub fn encode_counted(
        &self,
        command: &PlayerCommand,
        skip_loops: u32,
        obs: &Observation,
        counts: &mut CodecCounts,
    ) -> Option<Action> {
        match self.encode(command, skip_loops, obs) {
            Ok((action, dropped)) => {
                counts.represented += 1;
                counts.units_dropped += u64::from(dropped > 0);
                Some(action)
            }
            Err(reason) => {
                counts.reasons[reason as usize] += 1;
                None
            }
        }
    }

    fn select(
        &self,
        tags: &[UnitTag],
        obs: &Observation,
        action: &mut Action,
    ) -> Result<usize, Unrepresentable> {
        let mine = &obs.units[UnitGroup::Mine as usize];
        action.selected = mine
            .iter()
            .enumerate()
            .filter(|(_, row)| tags.contains(&row.tag))
            .map(|(i, _)| i as u16)
            .take(self.config.selected_max)
            .collect();
        if action.selected.is_empty() {
            return Err(Unrepresentable::NoUnits);
        }
        Ok(tags.len().saturating_sub(action.selected.len()))
    }
}

/// General abilities whose point is where the structure itself goes: land, root, add-on elsewhere.
const LANDING: &[u16] = &[3678, 3680, 3682, 3683];

/// The landed type of a unit that lands or takes root.
fn lands(ability: AbilityId, raw: &RawObservation, tag: UnitTag) -> Option<UnitTypeId> {
    if !LANDING.contains(&ability.0) {
        return None;
    }
    let unit = raw.units.iter().find(|unit| unit.tag == tag)?;
    let alias = data::unit(unit.unit_type)?.unit_alias;
    Some(match unit.unit_type {
        u::ORBITAL_COMMAND_FLYING => u::ORBITAL_COMMAND,
        other if alias.0 == 0 => other,
        _ => alias,
    })
}

fn kind_of(target: Target) -> FunctionKind {
    match target {
        Target::None => FunctionKind::Quick,
        Target::Point(_) => FunctionKind::Point,
        Target::Unit(_) => FunctionKind::Unit,
    }
}

fn selected_tags(
    action: &Action,
    obs: &Observation,
) -> Result<SmallVec<[UnitTag; 8]>, DecodeError> {
    if action.selected.is_empty() {
        return Err(DecodeError::NoUnits);
    }
    let mine = &obs.units[UnitGroup::Mine as usize];
    action
        .selected
        .iter()
        .map(|&i| {
            mine.get(usize::from(i))
                .map(|r| r.tag)
                .ok_or(DecodeError::Unit(i))
        })
        .collect()
}

fn target_tag(action: &Action, obs: &Observation) -> Result<UnitTag, DecodeError> {
    let idx = action.target_unit.ok_or(DecodeError::NoTarget)?;
    let (group, row) = obs
        .unit_at(usize::from(idx))
        .ok_or(DecodeError::Unit(idx))?;
    Ok(obs.units[group as usize][row].tag)
}

/// Name of the unit type in a row, for logs.
pub fn type_name(obs: &Observation, group: UnitGroup, row: usize) -> &'static str {
    obs.units[group as usize]
        .get(row)
        .map_or("?", |r| vocab().type_row(r.type_idx).name)
}
