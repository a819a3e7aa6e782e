//! One client's eyes: whose view it has, what it has asked to be told, and the messages made of it.

use super::game::Game;
use super::setup::SeatSetup;
use crate::game::{
    Alliance, CloakState, DisplayType, GameInfo, PlayerId, RawObservation, RawUnit, UnitTag,
};
use crate::sc2::encode::{self, Area, ObservationParts, StaticGrids};
use crate::sc2::proto::{self, InterfaceOptions, ResponseGameInfo, ResponseObservation};
use crate::sim::Unseen;
use std::collections::BTreeSet;

/// A request that waits for the game.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parked {
    /// A step up to this loop.
    Step(u32),
    /// A realtime observation of this loop.
    Observation { at: u32, disable_fog: bool },
}

/// A client in a game.
pub(super) struct Viewer {
    pub player: PlayerId,
    /// Watches only: may not order.
    pub is_observer: bool,
    pub parked: Option<Parked>,
    pub options: InterfaceOptions,
    pub area: Area,
    grids: StaticGrids,
    raw: RawObservation,
    /// The client has been told that the game is over.
    pub knows_end: bool,
    /// Sees both players' units, as nobody's.
    sees_everyone: bool,
}

/// Whose view a client has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Eyes {
    /// Plays.
    Player(PlayerId),
    /// Watches one player.
    Over(PlayerId),
    /// Watches everyone.
    Everyone,
}

impl Eyes {
    /// A watcher's, by the API's number: 0 is everyone.
    pub fn watching(observed: u32) -> Option<Eyes> {
        match observed {
            0 => Some(Eyes::Everyone),
            1 | 2 => Some(Eyes::Over(PlayerId(observed as u8))),
            _ => None,
        }
    }
}

impl Viewer {
    pub fn new(game: &Game, eyes: Eyes, options: &InterfaceOptions) -> Viewer {
        let player = match eyes {
            Eyes::Player(player) | Eyes::Over(player) => player,
            Eyes::Everyone => PlayerId(1),
        };
        let map = &game.setup.map;
        let area = Area::of(map, options.raw_crop_to_playable_area());
        Viewer {
            player,
            is_observer: !matches!(eyes, Eyes::Player(_)),
            parked: None,
            options: honoured(options),
            area,
            grids: StaticGrids::new(map, area),
            raw: RawObservation::default(),
            knows_end: false,
            sees_everyone: eyes == Eyes::Everyone,
        }
    }

    /// What the client is told now; what accumulates is told once.
    pub fn look(&mut self, game: &mut Game, disable_fog: bool) -> ResponseObservation {
        let raw = &mut self.raw;
        game.sim.observe_into(self.player, raw);
        raw.results = game.results();
        if self.sees_everyone {
            show_all(raw, game.sim.unseen(self.player, Unseen::All));
        } else if disable_fog {
            let hidden = game.sim.unseen(self.player, Unseen::All);
            forget(raw, &hidden);
            raw.units.extend(hidden);
        } else if self.options.show_cloaked() {
            raw.units
                .extend(game.sim.unseen(self.player, Unseen::Cloaked));
        }
        let parts = ObservationParts {
            raw: self.options.raw(),
            score: self.options.score(),
        };
        encode::observation(raw, &self.area, parts)
    }

    /// The map as the client knows it now, and the players.
    pub fn info(&self, game: &Game) -> ResponseGameInfo {
        let info = game.sim.game_info(self.player);
        let raw = self.options.raw().then(|| {
            let blocked = game.sim.known_blocked(self.player);
            let pathing = self.grids.pathing_without(blocked.into_iter());
            encode::start_raw(&self.grids, pathing, &info.enemy_starts)
        });
        ResponseGameInfo {
            map_name: Some(info.map.name.clone()),
            mod_names: Vec::new(),
            local_map_path: Some(game.setup.map_path.clone()),
            player_info: self.players(game, &info),
            start_raw: raw,
            options: Some(self.options),
        }
    }

    fn players(&self, game: &Game, info: &GameInfo) -> Vec<proto::PlayerInfo> {
        let seats = info.players.iter().zip(&game.setup.seats);
        seats
            .map(|(player, seat)| {
                let mut message = encode::player_info(player);
                if self.is_observer {
                    let theirs = game.sim.game_info(player.id);
                    let own = theirs.players.iter().find(|p| p.id == player.id);
                    message.race_actual = own.and_then(|p| p.race_actual).map(|r| r as i32);
                }
                if let SeatSetup::Computer { level, build, .. } = seat {
                    message.difficulty = Some(*level as i32);
                    message.ai_build = Some(*build as i32);
                }
                message
            })
            .collect()
    }
}

/// Takes the memories out of which there is something newer.
fn forget(raw: &mut RawObservation, newer: &[RawUnit]) {
    let tags: BTreeSet<UnitTag> = newer.iter().map(|unit| unit.tag).collect();
    raw.units.retain(|unit| !tags.contains(&unit.tag));
}

/// One player's view and the units it lacks, as who belongs to nobody sees them: all in view, nobody's own or enemy.
fn show_all(raw: &mut RawObservation, mut others: Vec<RawUnit>) {
    forget(raw, &others);
    for unit in &mut others {
        unit.display = DisplayType::Visible;
        unit.cloak = CloakState::NotCloaked;
    }
    raw.units.append(&mut others);
    let players = raw.units.iter_mut();
    for unit in players.filter(|u| u.alliance != Alliance::Neutral) {
        unit.alliance = Alliance::Ally;
    }
    raw.player.player_id = 0;
    raw.visibility.as_mut_slice().fill(2);
}

/// The options that are kept: pictures are not made.
fn honoured(options: &InterfaceOptions) -> InterfaceOptions {
    InterfaceOptions {
        feature_layer: None,
        render: None,
        show_placeholders: None,
        raw_affects_selection: None,
        show_burrowed_shadows: None,
        ..*options
    }
}
