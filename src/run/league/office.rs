//! The league and its database behind one lock: draws games for the actors, keeps their results.

use crate::actor::{Job, Jobs, Played};
use crate::evaluator::EvaluatorError;
use crate::game::{GameResult as Ending, Seed};
use crate::league::{
    GameKind, GameResult, League, LeagueError, LeagueEvent, Opponent, Outcome, PlayerId,
};
use crate::run::rl::{Games, Matchup, Networks, Side};
use crate::storage::{GameRow, Storage, StorageError, now_ms};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A game under way.
#[derive(Clone, Debug)]
pub struct Match {
    pub player: PlayerId,
    pub opponent: Opponent,
    pub matchup: Matchup,
    /// Agent steps behind either side's weights when it began.
    pub versions: [u64; 2],
}

/// See the module.
pub struct Office {
    pub league: League,
    pub storage: Storage,
    under_way: BTreeMap<u64, Match>,
    /// Games begun for each player in this process: who has begun the fewest is next.
    begun: BTreeMap<PlayerId, u64>,
    run: PathBuf,
    map: String,
}

/// The office as several threads see it.
#[derive(Clone)]
pub struct Shared(Arc<Mutex<Office>>);

impl Shared {
    pub fn new(office: Office) -> Shared {
        Shared(Arc::new(Mutex::new(office)))
    }

    pub fn lock(&self) -> MutexGuard<'_, Office> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Office {
    pub fn new(league: League, storage: Storage, run: PathBuf, map: String) -> Office {
        Office {
            league,
            storage,
            under_way: BTreeMap::new(),
            begun: BTreeMap::new(),
            run,
            map,
        }
    }

    /// Draws the next game: its number, and who plays.
    ///
    /// # Errors
    /// If no player trains, or one has nobody to play.
    pub fn next_match(&mut self) -> Result<Matchup, LeagueError> {
        let drawn = self.draw(|_| true)?;
        let matchup = drawn.matchup.clone();
        self.under_way.insert(matchup.number, drawn);
        Ok(matchup)
    }

    /// Draws a game for one of the players that train and may.
    ///
    /// # Errors
    /// As [`Office::next_match`].
    pub fn draw(&mut self, may: impl Fn(PlayerId) -> bool) -> Result<Match, LeagueError> {
        let player = self.whose_turn(may)?;
        let opponent = self.league.next_match(player)?;
        let [us, them] = [player, opponent.id].map(|id| self.league.player(id).cloned());
        let (us, them) = (us?, them?);
        let matchup = Matchup {
            number: opponent.match_number,
            seed: Seed(opponent.seed),
            seat: (opponent.match_number % 2) as usize,
            names: [us.name.clone(), them.name.clone()],
            both: player == opponent.id,
            opponent: if them.active {
                Side::Live(them.name.clone())
            } else {
                Side::Frozen(self.run.join(&them.checkpoint))
            },
            z: [opponent.player_z, opponent.opponent_z],
        };
        let versions = [&us, &them].map(|p| p.start_step + p.steps);
        Ok(Match {
            player,
            opponent,
            matchup,
            versions,
        })
    }

    /// Of those who train, whoever has begun the fewest games; a newcomer does not have to catch up.
    fn whose_turn(&mut self, may: impl Fn(PlayerId) -> bool) -> Result<PlayerId, LeagueError> {
        let active = self.league.players().iter().filter(|p| p.active);
        let active: Vec<PlayerId> = active.map(|p| p.id).collect();
        self.begun.retain(|id, _| active.contains(id));
        let fewest = self.begun.values().min().copied().unwrap_or(0);
        for id in &active {
            self.begun.entry(*id).or_insert(fewest);
        }
        let next = active
            .into_iter()
            .filter(|id| may(*id))
            .min_by_key(|id| (self.begun[id], *id));
        let next = next.ok_or_else(|| LeagueError::Inconsistent {
            what: "no player trains".to_owned(),
        })?;
        *self.begun.entry(next).or_default() += 1;
        Ok(next)
    }

    /// Keeps a finished game; the match it was.
    ///
    /// # Errors
    /// If it cannot be kept, or was never drawn.
    pub fn take(&mut self, played: &Played) -> Result<Match, StorageError> {
        let found = self.under_way.remove(&played.id);
        let found = found.ok_or_else(|| LeagueError::Inconsistent {
            what: format!("match {} was never drawn", played.id),
        })?;
        let ended = outcome(played.outcome.result(found.matchup.seat));
        let row = self.training_row(
            found.player,
            &found.opponent,
            found.versions,
            ended,
            played.outcome.game_loops,
        );
        self.keep(std::slice::from_ref(&row))?;
        if let Some(experience) = &played.experience[found.matchup.seat] {
            let made = experience.stats.made.iter();
            let made: Vec<(&str, f64)> = made.map(|(name, n)| (*name, f64::from(*n))).collect();
            self.storage.add_strategy(found.player, &made)?;
        }
        Ok(found)
    }

    /// The row of a game of [`Office::draw`].
    pub fn training_row(
        &self,
        player: PlayerId,
        opponent: &Opponent,
        versions: [u64; 2],
        outcome: Outcome,
        loops: u32,
    ) -> GameRow {
        let result = GameResult {
            kind: GameKind::Training,
            player,
            opponent: opponent.id,
            outcome,
            player_z: opponent.player_z,
            opponent_z: opponent.opponent_z,
        };
        GameRow {
            match_number: Some(opponent.match_number),
            branch: Some(opponent.branch),
            ..self.row(result, versions, Seed(opponent.seed), loops)
        }
    }

    /// Keeps games that were played for the payoff or for the z's.
    ///
    /// # Errors
    /// If they cannot be kept.
    pub fn keep(&mut self, rows: &[GameRow]) -> Result<(), StorageError> {
        // A game against oneself says nothing of strength; the database counts it, the payoff does not.
        self.storage.record_games(rows)?;
        for row in rows {
            self.league.record(&row.result)?;
        }
        Ok(())
    }

    /// A player's new checkpoint, and what follows from it.
    ///
    /// # Errors
    /// If it cannot be kept.
    pub fn progress(
        &mut self,
        player: PlayerId,
        steps: u64,
        checkpoint: &str,
    ) -> Result<Vec<LeagueEvent>, StorageError> {
        let events = self.league.on_progress(player, steps, checkpoint)?;
        self.storage.save_progress(&self.league, player, &events)?;
        Ok(events)
    }

    /// Carries out branches that were asked for from outside (`scc league branch`).
    ///
    /// # Errors
    /// If the database cannot be read or written; a request that cannot be is answered so.
    pub fn requested(&mut self) -> Result<Vec<LeagueEvent>, StorageError> {
        use crate::storage::RequestStatus::Waiting;
        let mut events = Vec::new();
        for request in self.storage.branch_requests()? {
            if request.status != Waiting {
                continue;
            }
            let made = self.league.branch(&request.order);
            self.storage
                .answer_branch(request.id, &self.league, made.as_ref())?;
            events.extend(made);
        }
        Ok(events)
    }

    pub fn row(&self, result: GameResult, versions: [u64; 2], seed: Seed, loops: u32) -> GameRow {
        GameRow {
            result,
            match_number: None,
            branch: None,
            player_version: versions[0],
            opponent_version: versions[1],
            map: self.map.clone(),
            seed: seed.0,
            loops,
            ended_ms: now_ms(),
        }
    }
}

pub fn outcome(ending: Ending) -> Outcome {
    match ending {
        Ending::Victory => Outcome::Win,
        Ending::Defeat => Outcome::Loss,
        Ending::Tie | Ending::Undecided => Outcome::Draw,
    }
}

/// The league's games, for the actors.
pub struct LeagueJobs {
    pub office: Shared,
    pub games: Arc<Games>,
    pub networks: Arc<Networks>,
}

impl Jobs for LeagueJobs {
    fn next(&self) -> Result<Job, EvaluatorError> {
        let drawn = self.office.lock().next_match();
        let matchup = drawn.map_err(|e| EvaluatorError::Agent {
            spec: "league".to_owned(),
            source: Box::new(e),
        })?;
        let opponent = self.networks.line(&matchup.opponent)?;
        let player = self.networks.live(&matchup.names[0])?;
        self.games.job(&matchup, player, opponent)
    }
}
