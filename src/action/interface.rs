//! Everything between the game and a policy, for one player in one game: what actors and dataset builders share.

use super::codec::{Codec, CodecCounts, DecodeError};
use super::functions::function;
use super::legal::fill_legal_functions;
use super::spec::{ActionConfig, ActionConfigError, ActionSpec, obs_spec};
use super::types::Action;
use crate::game::{GameInfo, MapData, PlayerCommand, RawObservation, Target};
use crate::obs::{
    Conditioning, LastAction, ObsConfig, ObsConfigError, ObsEncoder, ObsSpec, Observation,
    UnitGroup,
};
use std::sync::Arc;

/// Why a pair of configs makes no interface.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum InterfaceError {
    #[error("observation: {0}")]
    Obs(#[from] ObsConfigError),
    #[error("action: {0}")]
    Action(#[from] ActionConfigError),
}

/// Both specs: all that a network and a dataset need to know of the game.
#[derive(Clone, Debug, PartialEq)]
pub struct Specs {
    pub obs: Arc<ObsSpec>,
    pub action: Arc<ActionSpec>,
}

impl Specs {
    /// # Errors
    /// If a config is out of range.
    pub fn new(obs: ObsConfig, action: ActionConfig) -> Result<Specs, InterfaceError> {
        let target_grid = obs.target_grid;
        Ok(Specs {
            obs: Arc::new(obs_spec(obs)?),
            action: Arc::new(ActionSpec::new(action, target_grid)?),
        })
    }

    /// One number that two parties compare to know that they mean the same arrays.
    pub fn hash(&self) -> u64 {
        self.obs.hash ^ self.action.hash.rotate_left(32)
    }
}

impl Default for Specs {
    fn default() -> Specs {
        Specs::new(ObsConfig::default(), ActionConfig::default())
            .expect("the defaults are in range")
    }
}

/// One player's side of one game, between raw observations and commands.
///
/// ```text
/// raw --observe--> Observation --policy--> Action --decode--> PlayerCommand
///                       ^                     |
///                       +------- record ------+   (the next observation shows the last action)
/// ```
#[derive(Clone, Debug)]
pub struct Interface {
    specs: Specs,
    map: Arc<MapData>,
    encoder: ObsEncoder,
    codec: Codec,
    counts: CodecCounts,
}

impl Interface {
    pub fn new(specs: &Specs, info: &GameInfo, conditioning: Conditioning) -> Interface {
        let encoder = ObsEncoder::new(&specs.obs, info, conditioning);
        Interface {
            specs: specs.clone(),
            map: info.map.clone(),
            codec: Codec {
                space: *encoder.space(),
                config: specs.action.config.clone(),
            },
            encoder,
            counts: CodecCounts::default(),
        }
    }

    pub fn specs(&self) -> &Specs {
        &self.specs
    }

    pub fn codec(&self) -> &Codec {
        &self.codec
    }

    /// What became of the commands given to [`Interface::encode`].
    pub fn counts(&self) -> &CodecCounts {
        &self.counts
    }

    /// Encodes the next observation, legal functions included; `out`'s buffers are reused.
    pub fn observe(&mut self, raw: &RawObservation, out: &mut Observation) {
        self.encoder.encode(raw, out);
        fill_legal_functions(out);
    }

    /// The command that an action stands for, under the observation that it was chosen from.
    ///
    /// # Errors
    /// If the action does not fit the observation.
    pub fn decode(
        &self,
        action: &Action,
        obs: &Observation,
        raw: &RawObservation,
    ) -> Result<Option<PlayerCommand>, DecodeError> {
        self.codec.decode(action, obs, raw, &self.map)
    }

    /// The action that stands for a command; none (and counted) where there is none.
    pub fn encode(
        &mut self,
        command: &PlayerCommand,
        skip_loops: u32,
        obs: &Observation,
    ) -> Option<Action> {
        self.codec
            .encode_counted(command, skip_loops, obs, &mut self.counts)
    }

    /// Notes the action taken on `obs`, so that the next observation tells of it. Dataset builders call it as well.
    pub fn record(&mut self, action: &Action, obs: &Observation) {
        let mine = &obs.units[UnitGroup::Mine as usize];
        let args = function(action.function)
            .map(|f| f.args())
            .unwrap_or_default();
        let target = match (action.target_unit, action.target_cell) {
            (Some(idx), _) if args.target_unit => {
                obs.unit_at(idx.into()).map_or(Target::None, |(g, row)| {
                    Target::Unit(obs.units[g as usize][row].tag)
                })
            }
            (_, Some(cell)) if args.target_cell => {
                Target::Point(self.codec.space.target_point(cell))
            }
            _ => Target::None,
        };
        self.encoder.note_action(LastAction {
            game_loop: obs.game_loop,
            function: action.function,
            skip_loops: action.skip_loops,
            queued: action.queued,
            units: action
                .selected
                .iter()
                .filter_map(|&i| mine.get(usize::from(i)))
                .map(|r| r.tag)
                .collect(),
            target,
        });
    }

    pub fn encoder(&self) -> &ObsEncoder {
        &self.encoder
    }
}
