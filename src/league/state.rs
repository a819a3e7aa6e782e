//! The league itself: players, payoff, z statistics and settings; matches drawn and games taken in.

use super::branch::{self, ZRecord};
use super::config::LeagueConfig;
use super::error::LeagueError;
use super::game::{GameKind, GameResult, Opponent};
use super::matchmaking::{Chance, View, draw};
use super::payoff::Payoff;
use super::player::{Condition, Player, PlayerId, Role, SUPERVISED};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Name of the first player of every league.
pub const SUPERVISED_NAME: &str = "supervised";

/// All state of a league. A pure value: the same calls in the same order give the same league, everywhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct League {
    pub(super) config: LeagueConfig,
    pub(super) seed: u64,
    /// Matches drawn so far.
    pub(super) matches: u64,
    pub(super) players: Vec<Player>,
    pub(super) payoff: Payoff,
    pub(super) z_statistics: Vec<ZRecord>,
}

impl League {
    /// A league of the supervised agent, whose weights are at `supervised`, and everybody who joins at once.
    ///
    /// # Errors
    /// [`LeagueError::Config`].
    pub fn new(config: LeagueConfig, seed: u64, supervised: &str) -> Result<League, LeagueError> {
        config.validate()?;
        let mut league = League {
            config,
            seed,
            matches: 0,
            players: Vec::new(),
            payoff: Payoff::default(),
            z_statistics: Vec::new(),
        };
        league.players.push(Player {
            id: SUPERVISED,
            name: SUPERVISED_NAME.to_owned(),
            role: Role::Supervised,
            parent: None,
            start_step: 0,
            steps: 0,
            promoted_step: 0,
            resets: 0,
            condition: Condition::Unconditional,
            checkpoint: supervised.to_owned(),
            active: false,
        });
        let starts = league.config.starts.clone();
        for start in starts.iter().filter(|s| s.after.is_none()) {
            league.join(
                &start.name,
                start.role,
                SUPERVISED,
                Condition::Unconditional,
            );
        }
        Ok(league)
    }

    /// A league put together again from what was saved of it. `matches` is one more than the largest match number.
    ///
    /// # Errors
    /// [`LeagueError::Inconsistent`] if the parts do not fit together, [`LeagueError::Config`].
    pub fn from_parts(
        config: LeagueConfig,
        seed: u64,
        matches: u64,
        players: Vec<Player>,
        payoff: Payoff,
        z_statistics: Vec<ZRecord>,
    ) -> Result<League, LeagueError> {
        config.validate()?;
        let league = League {
            config,
            seed,
            matches,
            players,
            payoff,
            z_statistics,
        };
        league.check()?;
        Ok(league)
    }

    fn check(&self) -> Result<(), LeagueError> {
        let fail = |what: String| Err(LeagueError::Inconsistent { what });
        if self.players.first().map(|p| p.role) != Some(Role::Supervised) {
            return fail("its first player is not the supervised agent".to_owned());
        }
        let known = |id: PlayerId| id.idx() < self.players.len();
        for (i, player) in self.players.iter().enumerate() {
            if player.id.idx() != i {
                return fail(format!("player {} stands in place {i}", player.id));
            }
            let refers_to = [player.parent, player.past_of()];
            if let Some(missing) = refers_to.into_iter().flatten().find(|id| !known(*id)) {
                return fail(format!(
                    "{} refers to player {missing}, who is missing",
                    player.name
                ));
            }
            if self.players[..i].iter().any(|p| p.name == player.name) {
                return fail(format!("there are two players {:?}", player.name));
            }
        }
        let in_payoff = self.payoff.entries().flat_map(|e| [e.player, e.opponent]);
        let in_z = self.z_statistics.iter().map(|s| s.against);
        if let Some(missing) = in_payoff.chain(in_z).find(|id| !known(*id)) {
            return fail(format!(
                "there are games of player {missing}, who is missing"
            ));
        }
        Ok(())
    }

    pub fn config(&self) -> &LeagueConfig {
        &self.config
    }

    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Matches drawn so far: one more than the largest match number.
    pub fn matches(&self) -> u64 {
        self.matches
    }

    /// Matches are numbered from here on at least: those that another process drew and has not told of keep their numbers.
    pub fn skip_to(&mut self, matches: u64) {
        self.matches = self.matches.max(matches);
    }

    /// All players in the order in which they joined.
    pub fn players(&self) -> &[Player] {
        &self.players
    }

    pub fn payoff(&self) -> &Payoff {
        &self.payoff
    }

    /// Sorted by `(against, z)`.
    pub fn z_statistics(&self) -> &[ZRecord] {
        &self.z_statistics
    }

    /// # Errors
    /// [`LeagueError::UnknownPlayer`].
    pub fn player(&self, id: PlayerId) -> Result<&Player, LeagueError> {
        let unknown = || self.unknown(&id.to_string());
        self.players.get(id.idx()).ok_or_else(unknown)
    }

    /// The player of this name or number.
    ///
    /// # Errors
    /// [`LeagueError::UnknownPlayer`].
    pub fn find(&self, name: &str) -> Result<&Player, LeagueError> {
        let by_name = self.players.iter().find(|p| p.name == name);
        let by_number = || self.players.get(name.parse::<usize>().ok()?);
        by_name.or_else(by_number).ok_or_else(|| self.unknown(name))
    }

    fn unknown(&self, name: &str) -> LeagueError {
        const NAMES_MAX: usize = 20;
        let names: Vec<&str> = self.players.iter().map(|p| p.name.as_str()).collect();
        let mut known = names[..names.len().min(NAMES_MAX)].join(", ");
        if names.len() > NAMES_MAX {
            known.push_str(", ...");
        }
        let name = name.chars().take(100).collect();
        LeagueError::UnknownPlayer { name, known }
    }

    pub(super) fn active(&self, id: PlayerId) -> Result<&Player, LeagueError> {
        let player = self.player(id)?;
        if player.active {
            return Ok(player);
        }
        let name = player.name.clone();
        Err(LeagueError::NotActive { name })
    }

    /// All possible opponents of a player with their probabilities, as things stand.
    ///
    /// # Errors
    /// [`LeagueError::NotActive`], [`LeagueError::NobodyToPlay`], [`LeagueError::UnknownPlayer`].
    pub fn chances(&self, player: PlayerId) -> Result<Vec<Chance>, LeagueError> {
        let player = self.active(player)?;
        let view = View {
            players: &self.players,
            payoff: &self.payoff,
            config: &self.config.matchmaking,
        };
        let chances = view.chances(player);
        if chances.is_empty() {
            let name = player.name.clone();
            return Err(LeagueError::NobodyToPlay { name });
        }
        Ok(chances)
    }

    /// Whom `player` meets next.
    ///
    /// # Errors
    /// As [`League::chances`].
    pub fn next_match(&mut self, player: PlayerId) -> Result<Opponent, LeagueError> {
        let chances = self.chances(player)?;
        let number = self.matches;
        let chance = draw(&chances, self.uniform("match", number, 0));
        let chance = chance.ok_or_else(|| self.unknown(&player.to_string()))?;
        let z = |id: PlayerId, side| {
            let ids = self.players[id.idx()].condition.ids();
            let at = self.uniform("z", number, side) * ids.len() as f64;
            ids.get(at as usize).copied()
        };
        let opponent = Opponent {
            id: chance.opponent,
            branch: chance.branch,
            match_number: number,
            seed: self.hash("game", number, 0),
            player_z: z(player, 0),
            opponent_z: z(chance.opponent, 1),
        };
        self.matches += 1;
        Ok(opponent)
    }

    /// Takes in a game that is over: into the payoff, or into the z statistics.
    ///
    /// # Errors
    /// [`LeagueError::UnknownPlayer`]; [`LeagueError::Inconsistent`] for a z evaluation that names no z.
    pub fn record(&mut self, game: &GameResult) -> Result<(), LeagueError> {
        self.player(game.player)?;
        self.player(game.opponent)?;
        match (game.kind, game.player_z) {
            (GameKind::ZEvaluation, Some(z)) => {
                branch::record_z(&mut self.z_statistics, z, game.opponent, game.outcome);
            }
            (GameKind::ZEvaluation, None) => {
                let what = "a z evaluation names no z".to_owned();
                return Err(LeagueError::Inconsistent { what });
            }
            (GameKind::Training | GameKind::Evaluation, _) => {
                let decay = self.config.payoff_decay;
                self.payoff
                    .record(game.player, game.opponent, game.outcome, decay);
            }
        }
        Ok(())
    }

    /// Drops the z statistics against a player, before they are taken anew: it plays differently by now.
    pub fn forget_z(&mut self, against: PlayerId) {
        self.z_statistics.retain(|s| s.against != against);
    }

    /// A number of 64 random bits, the same for the same league seed, purpose and numbers.
    fn hash(&self, purpose: &str, a: u64, b: u64) -> u64 {
        let mut bytes = purpose.as_bytes().to_vec();
        bytes.extend(a.to_le_bytes());
        bytes.extend(b.to_le_bytes());
        xxh3_64_with_seed(&bytes, self.seed)
    }

    /// As [`League::hash`], a number in 0..1.
    pub(super) fn uniform(&self, purpose: &str, a: u64, b: u64) -> f64 {
        (self.hash(purpose, a, b) >> 11) as f64 / (1u64 << 53) as f64
    }
}
