//! `join_game`: what a client asks for, checked; and the ports by which the second client finds the first.

use super::envelope::{Answer, Handled, Refusal};
use super::session::{Session, Stage, Who, join_error};
use super::setup::{Setup, playable};
use super::viewer::Eyes;
use crate::game::Race;
use crate::sc2::proto::{
    InterfaceOptions, RequestJoinGame, request_join_game::Participation, response_join_game::Error,
};

/// Characters of a player's name.
const NAME_CHARS_MAX: usize = 32;

/// A client that wants to play or watch.
#[derive(Clone, Debug)]
pub(super) struct Join {
    /// None for who watches only.
    pub race: Option<Race>,
    /// What a watcher sees.
    pub eyes: Eyes,
    pub name: String,
    pub options: InterfaceOptions,
    /// Where the host listens for the other participant's process.
    pub port: Option<u16>,
}

impl Session {
    /// A client joins the created game, or (of a process that has none) the game of another process.
    pub fn join_game(&mut self, who: Who, request: &RequestJoinGame) -> Handled {
        let setup = match &self.stage {
            Stage::Created { setup, .. } => setup.clone(),
            Stage::Launched if who == Who::Local => {
                return match game_port(request) {
                    Some(port) => Ok(Answer::JoinHost(port)),
                    None => Err(Refusal::new(
                        "no game has been created here, and no server_ports name another's",
                    )),
                };
            }
            _ => return Err(Refusal::new("a game is going on already")),
        };
        match check(request, &setup) {
            Ok(join) => Ok(self.seat_down(who, join)),
            Err((error, text)) => Ok(Answer::Now(Box::new(join_error(error, text)))),
        }
    }
}

/// The port of the loopback address at which the host listens for the guest.
pub(super) fn game_port(request: &RequestJoinGame) -> Option<u16> {
    let port = request.server_ports.as_ref()?.game_port?;
    u16::try_from(port).ok().filter(|port| *port > 0)
}

fn check(request: &RequestJoinGame, setup: &Setup) -> Result<Join, (Error, String)> {
    let fail = |error, text: &str| Err((error, text.to_owned()));
    let Some(participation) = &request.participation else {
        return fail(
            Error::MissingParticipation,
            "neither a race nor an observed player",
        );
    };
    let Some(options) = request.options else {
        return fail(Error::MissingOptions, "no interface options");
    };
    if options.feature_layer.is_some() && !options.raw() {
        return fail(
            Error::FeatureUnsupported,
            "the simulator has no feature layers; ask for the raw interface",
        );
    }
    let (race, eyes) = match participation {
        Participation::Race(race) if setup.participants() == 0 => {
            let text = format!("the game has no seat for a player of race {race}");
            return Err((Error::GameFull, text));
        }
        Participation::Race(race) => match playable(Some(*race)) {
            Ok(race) => (Some(race), Eyes::Everyone),
            Err(text) => return Err((Error::LaunchError, text)),
        },
        Participation::ObservedPlayerId(_) if setup.observers == 0 => {
            return fail(
                Error::InvalidObservedPlayerId,
                "the game was set up without an observer",
            );
        }
        Participation::ObservedPlayerId(_) if setup.participants() > 0 => {
            return fail(
                Error::FeatureUnsupported,
                "the simulator lets nobody watch a game of participants",
            );
        }
        Participation::ObservedPlayerId(id) => match Eyes::watching(*id) {
            Some(eyes) => (None, eyes),
            None => {
                let text = format!("there is no player {id}");
                return Err((Error::InvalidObservedPlayerId, text));
            }
        },
    };
    let port = game_port(request);
    if setup.participants() > 1 && port.is_none() {
        return fail(
            Error::MissingPorts,
            "the game waits for a second participant: server_ports must say where",
        );
    }
    Ok(Join {
        race,
        eyes,
        name: request.player_name().chars().take(NAME_CHARS_MAX).collect(),
        options,
        port: port.filter(|_| setup.participants() > 1),
    })
}
