//! The encoder: one player's [`RawObservation`]s, in order, to [`Observation`]s.

use super::conditioning::Conditioning;
use super::planes::Planes;
use super::rows::{RowContext, encode_group};
use super::scalars::{ScalarCtx, encode_scalars};
use super::select::{Scratch, gather};
use super::space::Space;
use super::spec::ObsSpec;
use super::types::{Facts, MINIMAP, Observation, PLANES, UnitGroup};
use super::vocab::vocab;
use crate::game::{
    Alliance, GameInfo, Point, Race, RawObservation, RawUnit, Target, UnitTag, data,
};
use smallvec::SmallVec;
use std::sync::Arc;

/// The agent's last action, as far as later observations tell of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LastAction {
    pub game_loop: u32,
    pub function: u16,
    pub skip_loops: u16,
    pub queued: bool,
    pub units: SmallVec<[UnitTag; 16]>,
    pub target: Target,
}

/// What the encoder remembers between observations; actors and dataset builders carry exactly this.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EncoderState {
    pub conditioning: Conditioning,
    pub last: LastAction,
    /// The opponent's race: requested, known, or seen.
    pub enemy_race: Option<Race>,
    /// Own units at the last observation, by tag: life left (health and shields), minimap cell.
    pub(super) vitals: Vec<(UnitTag, f32, (u8, u8))>,
}

impl EncoderState {
    /// Loops since the last action, at most 255; 255 before the first.
    pub(super) fn delay(&self, game_loop: u32) -> u32 {
        if self.last.skip_loops == 0 {
            return 255;
        }
        game_loop.saturating_sub(self.last.game_loop).min(255)
    }

    pub(super) fn last_target_column(&self) -> usize {
        match self.last.target {
            Target::Point(_) => 0,
            Target::Unit(_) => 1,
            Target::None => 2,
        }
    }

    pub(super) fn last_target_pos(&self, space: &Space) -> [f32; 2] {
        match self.last.target {
            Target::Point(p) => {
                let r = space.relative(p);
                [r.x / 128.0, r.y / 128.0]
            }
            _ => [0.0; 2],
        }
    }
}

/// What does not change during a game.
#[derive(Clone, Debug)]
pub(super) struct Fixed {
    pub space: Space,
    pub own_race: Option<Race>,
    pub own_start: Point,
    pub enemy_start: Point,
}

/// Encodes one player's game. Buffers are reused: after the first few calls nothing is allocated.
#[derive(Clone, Debug)]
pub struct ObsEncoder {
    spec: Arc<ObsSpec>,
    fixed: Fixed,
    planes: Planes,
    state: EncoderState,
    scratch: Scratch,
}

impl ObsEncoder {
    pub fn new(spec: &Arc<ObsSpec>, info: &GameInfo, conditioning: Conditioning) -> ObsEncoder {
        let space = Space::new(&info.map, spec.config.target_grid);
        let race_of = |own: bool| {
            let p = info.players.iter().find(|p| (p.id == info.player) == own)?;
            p.race_actual
                .or(Some(p.race_requested).filter(|&r| r != Race::Random))
        };
        ObsEncoder {
            spec: spec.clone(),
            fixed: Fixed {
                space,
                own_race: race_of(true),
                own_start: space.relative(info.own_start),
                enemy_start: info
                    .enemy_starts
                    .first()
                    .map_or(Point::default(), |&p| space.relative(p)),
            },
            planes: Planes::new(&info.map, &space),
            state: EncoderState {
                conditioning,
                enemy_race: race_of(false),
                ..EncoderState::default()
            },
            scratch: Scratch::default(),
        }
    }

    pub fn spec(&self) -> &Arc<ObsSpec> {
        &self.spec
    }

    /// The grids of this game's map.
    pub fn space(&self) -> &Space {
        &self.fixed.space
    }

    pub fn state(&self) -> &EncoderState {
        &self.state
    }

    /// Tells the encoder what the agent just did.
    pub fn note_action(&mut self, last: LastAction) {
        self.state.last = last;
    }

    /// Encodes the next observation into `out`, whose buffers are reused. Leaves `out.legal_functions` alone
    /// (`action::Interface` fills it).
    pub fn encode(&mut self, raw: &RawObservation, out: &mut Observation) {
        self.see_race(raw);
        let scratch = &mut self.scratch;
        gather(
            raw,
            &self.spec.config.units_max,
            self.fixed.own_start_map(),
            scratch,
        );
        out.game_loop = raw.game_loop;
        out.last_function = self.state.last.function;
        out.build_order = self.state.conditioning.build_order;
        out.target_cells = self.fixed.space.target_cells();
        out.facts = facts(raw, &self.state, scratch);
        let rows = RowContext {
            space: &self.fixed.space,
            last: &self.state.last,
            scratch,
        };
        encode_group::<0>(raw, &self.spec, &rows, out);
        encode_group::<1>(raw, &self.spec, &rows, out);
        encode_group::<2>(raw, &self.spec, &rows, out);
        for group in UnitGroup::ALL {
            let g = group as usize;
            out.totals[g] = scratch.totals[g];
            out.overflow[g] = scratch.totals[g] - scratch.kept[g].len() as u32;
        }
        out.planes.resize(PLANES * MINIMAP * MINIMAP, 0);
        self.planes.encode(
            raw,
            &self.fixed.space,
            &mut self.state.vitals,
            &mut out.planes,
        );
        out.scalars.clear();
        out.scalars.resize(self.spec.scalar_dim(), 0.0);
        let ctx = ScalarCtx {
            raw,
            fixed: &self.fixed,
            state: &self.state,
            facts: &out.facts,
            own_counts: &self.scratch.own_counts,
            enemy_counts: &self.scratch.enemy_counts,
            own_unfinished: &self.scratch.own_unfinished,
            own_orders: &self.scratch.own_orders,
        };
        let written = encode_scalars::<0>(&ctx, &mut out.scalars);
        debug_assert_eq!(written, out.scalars.len());
    }

    fn see_race(&mut self, raw: &RawObservation) {
        if self.state.enemy_race.is_none() {
            self.state.enemy_race = raw
                .units
                .iter()
                .filter(|u| u.alliance == Alliance::Enemy)
                .find_map(|u| data::unit(u.unit_type))
                .map(|d| d.race);
        }
    }
}

impl Fixed {
    fn own_start_map(&self) -> Point {
        Point::new(
            self.own_start.x + self.space.playable.x0 as f32,
            self.own_start.y + self.space.playable.y0 as f32,
        )
    }
}

/// True for units that make up the group "mine": one's own and allies'.
pub(super) fn is_mine(u: &RawUnit) -> bool {
    matches!(u.alliance, Alliance::Own | Alliance::Ally)
}

fn facts(raw: &RawObservation, _: &EncoderState, scratch: &Scratch) -> Facts {
    let upgrades = data::upgrades();
    let mut bits = 0u128;
    for id in &raw.upgrades {
        if let Ok(row) = upgrades.binary_search_by_key(id, |u| u.id) {
            bits |= 1 << row;
        }
    }
    let mut finished = [0u64; 4];
    let v = vocab();
    for u in raw.units.iter().filter(|u| u.alliance == Alliance::Own) {
        if u.build_progress >= 1.0 {
            let idx = usize::from(v.type_idx(u.unit_type));
            finished[idx / 64] |= 1 << (idx % 64);
        }
    }
    Facts {
        player: raw.player,
        upgrades: bits,
        researching: scratch.researching,
        finished,
    }
}
