//! A game that has begun, and the clients that sit at it. Whatever goes wrong, they and their processes go with it.

use super::Sc2Games;
use crate::env::{EnvError, PLAYERS, Seat};
use crate::game::{PlayerId, Seed};
use crate::sc2::client::requests::{self, Joined, Part};
use crate::sc2::client::{Answered, ClientError, Instance, PortLease};
use crate::sc2::proto::{
    self, LocalMap, RequestLeaveGame, ResponseGameInfo, Status, request::Request as Q,
    response::Response as Body,
};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// Leaving a game takes no longer, or its process is not used again.
const LEAVE_TIME: Duration = Duration::from_secs(5);

/// One client in the game.
pub(super) struct Client {
    pub instance: Instance,
    /// Whose view it has: a participant's, or (of a game of two computers) player 1's.
    pub player: PlayerId,
    pub info: ResponseGameInfo,
    /// What the last answer said the game is at.
    pub status: Status,
}

/// Clients of one game, and what they need until its end.
pub(super) struct Table<'a> {
    pub games: &'a Sc2Games,
    pub stop: &'a AtomicBool,
    /// In the order of their players; the first hosts.
    pub clients: Vec<Client>,
    /// Something went wrong: no process of this game is used again.
    pub is_lost: bool,
    /// Of a game of two clients.
    _ports: Option<PortLease>,
}

impl<'a> Table<'a> {
    /// Creates the game and has everybody join.
    ///
    /// # Errors
    /// [`EnvError::Refused`] if the game will not have it so, [`EnvError::Lost`] if another try may go well.
    pub fn begin(
        games: &'a Sc2Games,
        map: LocalMap,
        seats: &[Seat; 2],
        seed: Seed,
        stop: &'a AtomicBool,
    ) -> Result<Table<'a>, EnvError> {
        let parts = parts(seats);
        let mut instances = games.take(parts.len(), stop)?;
        let limit = games.limits.begin;
        let create = requests::create_game(map, seats, seed);
        let created = instances[0].ask(create, limit, stop)?;
        if let Some(why) = requests::create_refusal(&created.body)? {
            games.give_back(instances);
            return Err(EnvError::Refused(format!("cannot create the game: {why}")));
        }
        let ports = match parts.len() {
            2 => Some(games.ports.lease(4)?),
            _ => None,
        };
        let numbers = ports.as_ref().map(|lease| {
            let n = &lease.numbers;
            [n[0], n[1], n[2], n[3]]
        });
        let clients = join(instances, &parts, numbers, limit, stop)?;
        let mut table = Table {
            games,
            stop,
            clients,
            is_lost: false,
            _ports: ports,
        };
        for i in 0..table.clients.len() {
            let body = table.ask(i, Q::GameInfo(proto::RequestGameInfo {}))?;
            let Body::GameInfo(info) = body else {
                return Err(table.lost(requests::other("game_info")));
            };
            table.clients[i].info = info;
        }
        Ok(table)
    }

    /// The client who sees what this player sees.
    pub fn client_of(&self, player: PlayerId) -> Result<usize, EnvError> {
        let found = self.clients.iter().position(|c| c.player == player);
        found.ok_or_else(|| EnvError::Refused(format!("nobody plays for player {}", player.0)))
    }

    /// Asks one client's game; any error ends all of it.
    pub fn ask(&mut self, client: usize, request: Q) -> Result<Body, EnvError> {
        let limit = self.games.limits.request;
        self.clients[client]
            .instance
            .send(request)
            .map_err(|why| self.lost(why))?;
        self.receive(client, limit)
    }

    /// Asks all clients' games at once: what must wait for all of them is not waited for one after the other.
    pub fn ask_all(
        &mut self,
        request: impl Fn() -> Q,
        limit: Duration,
    ) -> Result<Vec<Body>, EnvError> {
        for i in 0..self.clients.len() {
            let sent = self.clients[i].instance.send(request());
            sent.map_err(|why| self.lost(why))?;
        }
        let all = 0..self.clients.len();
        all.map(|i| self.receive(i, limit)).collect()
    }

    fn receive(&mut self, client: usize, limit: Duration) -> Result<Body, EnvError> {
        let seat = &mut self.clients[client];
        match seat.instance.receive(limit, self.stop) {
            Ok(Answered { body, status }) => {
                seat.status = status;
                Ok(body)
            }
            Err(why) => Err(self.lost(why)),
        }
    }

    /// Marks the game as lost.
    pub fn lost(&mut self, why: impl Into<EnvError>) -> EnvError {
        self.is_lost = true;
        why.into()
    }

    /// True once a client has been told that the game is over.
    pub fn is_over(&self) -> bool {
        self.clients.iter().any(|c| c.status == Status::Ended)
    }
}

/// Everybody joins. Nobody's request is answered before all have asked.
fn join(
    mut instances: Vec<Instance>,
    parts: &[(PlayerId, Part)],
    ports: Option<[u16; 4]>,
    limit: Duration,
    stop: &AtomicBool,
) -> Result<Vec<Client>, EnvError> {
    for (instance, (_, part)) in instances.iter_mut().zip(parts) {
        instance.send(requests::join_game(*part, ports))?;
    }
    let mut clients = Vec::new();
    for (mut instance, (player, part)) in instances.into_iter().zip(parts) {
        let answer = instance.receive(limit, stop)?;
        seated(&answer, *player, part)?;
        clients.push(Client {
            instance,
            player: *player,
            info: ResponseGameInfo::default(),
            status: answer.status,
        });
    }
    Ok(clients)
}

/// Who takes part by a client: each participant, or one who watches two computers.
fn parts(seats: &[Seat; 2]) -> Vec<(PlayerId, Part<'_>)> {
    let mut parts = Vec::new();
    for (player, seat) in PLAYERS.into_iter().zip(seats) {
        if let Seat::Participant { race, name } = seat {
            parts.push((player, Part::Play { race: *race, name }));
        }
    }
    if parts.is_empty() {
        parts.push((PLAYERS[0], Part::Watch));
    }
    parts
}

/// Checks the answer to joining.
fn seated(answer: &Answered, player: PlayerId, part: &Part) -> Result<(), EnvError> {
    match requests::joined(&answer.body)? {
        Joined::Refused(why) => Err(EnvError::Refused(format!("cannot join the game: {why}"))),
        Joined::TryAgain(why) => Err(ClientError::Refused {
            doing: "join_game",
            text: why,
        }
        .into()),
        Joined::As(id) if matches!(part, Part::Play { .. }) && id != player.0 => {
            let text = format!("player {} was given seat {id}", player.0);
            Err(ClientError::nonsense("join_game", text).into())
        }
        Joined::As(_) => Ok(()),
    }
}

impl Drop for Table<'_> {
    fn drop(&mut self) {
        let clients = std::mem::take(&mut self.clients);
        if self.is_lost {
            return;
        }
        // Left all at once: who stays behind would be told of a victory first.
        let mut leaving = Vec::new();
        for mut client in clients {
            if client
                .instance
                .send(Q::LeaveGame(RequestLeaveGame {}))
                .is_ok()
            {
                leaving.push(client.instance);
            }
        }
        let mut left = Vec::new();
        for mut instance in leaving {
            if instance.receive(LEAVE_TIME, self.stop).is_ok() {
                instance.games += 1;
                left.push(instance);
            }
        }
        self.games.give_back(left);
    }
}
