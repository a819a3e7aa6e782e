//! What must not be lost: results of games and learners' checkpoints, kept before they are acknowledged.

use super::{Master, Trained, passing};
use crate::bus::read;
use crate::files::write_atomic;
use crate::league::{GameResult, LeagueEvent, Player, PlayerId};
use crate::policy::Checkpoint;
use crate::replay;
use crate::run::RunError;
use crate::run::cluster::messages::{
    Directive, EvaluatedMessage, FromMaster, ProgressMessage, ResultMessage, Then, WeightsMessage,
    state, weights,
};
use crate::run::league::{
    against_the_past, number_z, of_each_z, player_folder, waits_for_z, words,
};
use std::path::{Path, PathBuf};

impl Master<'_> {
    /// A game's result; one that is kept already is not kept again.
    pub(super) fn take_result(&mut self, message: ResultMessage) -> Result<FromMaster, RunError> {
        let number = message.job.opponent.match_number;
        if self.taken.contains(&number) && !self.doubt {
            return Ok(FromMaster::Taken);
        }
        let kept = self.with_office(|master| {
            if master.taken.contains(&number) {
                return Ok(());
            }
            let job = &message.job;
            let office = &mut master.office;
            let row = office.training_row(
                job.player,
                &job.opponent,
                job.versions,
                message.outcome,
                message.loops,
            );
            office.keep(std::slice::from_ref(&row))?;
            master.taken.insert(number);
            let made = message.made.iter();
            let made: Vec<(&str, f64)> = made.map(|(name, n)| (name.as_str(), *n)).collect();
            if !made.is_empty() {
                master.office.storage.add_strategy(job.player, &made)?;
            }
            Ok(())
        })?;
        if kept.is_some() {
            self.keep_replay(number, &message.replay);
        }
        Ok(kept.map_or(FromMaster::Wait, |()| FromMaster::Taken))
    }

    /// A replay that cannot be read or kept is no reason to lose a result.
    fn keep_replay(&self, number: u64, bytes: &[u8]) {
        let Some(kept) = self.replays.as_ref().filter(|_| !bytes.is_empty()) else {
            return;
        };
        match replay::decode(bytes, Path::new("the actor's replay")) {
            Ok(replay) => kept.keep(number, replay),
            Err(error) => tracing::warn!("the replay of game {number} is not kept: {error}"),
        }
    }

    /// The result of a game between checkpoints; the second one of the same game counts for nothing.
    pub(super) fn take_evaluated(
        &mut self,
        message: EvaluatedMessage,
    ) -> Result<FromMaster, RunError> {
        let Some(pairing) = self.evaluations.find(message.id).cloned() else {
            return Ok(FromMaster::Taken);
        };
        let kept = self.with_office(|master| {
            let result = GameResult {
                kind: pairing.kind,
                player: pairing.sides[0].player,
                opponent: pairing.sides[1].player,
                outcome: message.outcome,
                player_z: pairing.sides[0].z,
                opponent_z: pairing.sides[1].z,
            };
            let versions = [0, 1].map(|i| pairing.sides[i].version);
            let row = master
                .office
                .row(result, versions, pairing.seed, message.loops);
            master.office.keep(std::slice::from_ref(&row))
        })?;
        if kept.is_none() {
            return Ok(FromMaster::Wait);
        }
        if let Some(player) = self.evaluations.done(message.id) {
            // All its z's are tried: a branch that waited for that is due.
            let known = self.office.league.player(player)?.clone();
            self.progress(&known, known.steps, &known.checkpoint)?;
        }
        Ok(FromMaster::Taken)
    }

    /// A learner's checkpoint: onto the disk, into the database; what follows from it.
    pub(super) fn take_progress(
        &mut self,
        message: &ProgressMessage,
    ) -> Result<FromMaster, RunError> {
        let Ok(player) = self.office.league.player(message.player).cloned() else {
            return Ok(FromMaster::Refused("there is no such player".to_owned()));
        };
        if !player.active {
            return Ok(self.directive(Then::Regroup));
        }
        if player.resets != message.resets {
            let resets = player.resets;
            return Ok(self.directive(Then::Reset { resets }));
        }
        if message.samples < player.steps {
            return Ok(FromMaster::Refused(format!(
                "{} has {} agent steps by the database, and {} by its learner",
                player.name, player.steps, message.samples
            )));
        }
        let Some(path) = self.keep_checkpoint(&player, message)? else {
            return Ok(FromMaster::Wait);
        };
        let Some(resets) = self.progress(&player, message.samples, &path)? else {
            return Ok(FromMaster::Wait);
        };
        let trained = self.players.entry(player.id).or_default();
        trained.step = message.step;
        trained.samples = message.samples;
        trained.seconds = message.seconds;
        self.say(&player, message);
        let now = self.now();
        let leaves = self.groups.is_to_leave(player.id, message.generation, now);
        Ok(self.directive(match resets == player.resets {
            false => Then::Reset { resets },
            true if leaves => Then::Regroup,
            true => Then::GoOn,
        }))
    }

    pub(super) fn directive(&self, then: Then) -> FromMaster {
        let share = self.share();
        FromMaster::Directive(Directive { then, share })
    }

    fn say(&self, player: &Player, message: &ProgressMessage) {
        let words = format!(
            "{}: step {}, {} agent steps",
            player.name, message.step, message.samples
        );
        self.context
            .options
            .progress
            .at(self.totals().steps, &words);
    }

    /// Writes what the learner put into the object store; the weights' path in the run folder. None if it is not all there
    /// yet.
    fn keep_checkpoint(
        &mut self,
        player: &Player,
        message: &ProgressMessage,
    ) -> Result<Option<String>, RunError> {
        let name = &player.name;
        let (whole, newest) = (
            passing(self.bus.get(&state(name)))?.flatten(),
            passing(self.bus.get(&weights(name)))?.flatten(),
        );
        let (Some(whole), Some(newest)) = (whole, newest) else {
            return Ok(None);
        };
        let Some(newest) = read::<WeightsMessage>(&weights(name), &newest) else {
            return Ok(None);
        };
        if newest.version != message.step {
            return Ok(None);
        }
        let run = &self.context.options.out;
        let own = player_folder(name);
        // Read before it is kept: a damaged one must not take a good one's place.
        Checkpoint::from_bytes(&own.join("latest.safetensors"), whole.clone())?;
        let path = own.join(format!("{:010}.safetensors", message.samples));
        write_atomic(&run.join(&path), &newest.checkpoint)?;
        write_atomic(&run.join(&own).join("latest.safetensors"), &whole)?;
        self.replace_passing(player.id, path.clone());
        Ok(Some(path.to_string_lossy().into_owned()))
    }

    fn replace_passing(&mut self, player: PlayerId, path: PathBuf) {
        let trained = self.players.entry(player).or_default();
        if let Some(before) = trained.passing.replace(path.clone())
            && before != path
        {
            // One more file does no harm.
            let _ = std::fs::remove_file(self.context.options.out.join(before));
        }
    }

    /// Tells the league of a checkpoint, and does what follows from it; how often the player was reset by then. None if the
    /// database does not answer.
    fn progress(
        &mut self,
        player: &Player,
        steps: u64,
        path: &str,
    ) -> Result<Option<u32>, RunError> {
        let events = self.with_office(|master| master.office.progress(player.id, steps, path))?;
        let Some(events) = events else {
            return Ok(None);
        };
        self.follow(&events)?;
        let id = player.id;
        if waits_for_z(&self.office.league, id) && !self.evaluations.tries_z(id) {
            let context = self.context;
            let pairings = of_each_z(context, &mut self.office, id)?;
            self.keep_passing(id);
            self.evaluations.add(pairings, Some(id));
        }
        Ok(Some(self.office.league.player(id)?.resets))
    }

    /// Does what the league's events say.
    pub(super) fn follow(&mut self, events: &[LeagueEvent]) -> Result<(), RunError> {
        for event in events {
            let note = words(&self.office.league, event);
            self.context.options.progress.note(&note);
            match event {
                LeagueEvent::Promoted { player, past, .. } => {
                    self.keep_passing(*player);
                    let context = self.context;
                    let pairings = against_the_past(context, &self.office.league, *past)?;
                    self.evaluations.add(pairings, None);
                }
                LeagueEvent::Branched { from, .. } => self.keep_passing(*from),
                LeagueEvent::Reset { player, .. } => self.forget_state(*player)?,
                LeagueEvent::Joined { .. } | LeagueEvent::Stopped { .. } => {}
            }
        }
        if !events.is_empty() {
            self.seat_players()?;
        }
        Ok(())
    }

    /// The weights saved last are a past player's from now on, or another's beginning: they stay.
    fn keep_passing(&mut self, player: PlayerId) {
        if let Some(trained) = self.players.get_mut(&player) {
            trained.passing = None;
        }
    }

    /// Branches that were asked for from outside.
    pub(super) fn requests(&mut self) -> Result<(), RunError> {
        let events = self.with_office(|master| master.office.requested())?;
        let Some(events) = events.filter(|e| !e.is_empty()) else {
            return Ok(());
        };
        number_z(self.context, &mut self.office.storage)?;
        self.follow(&events)
    }

    /// What the run folder says of a player.
    pub(super) fn known_of(&self, id: PlayerId) -> Result<Trained, RunError> {
        let player = self.office.league.player(id)?;
        let run = &self.context.options.out;
        let latest = run
            .join(player_folder(&player.name))
            .join("latest.safetensors");
        let mut known = Trained::default();
        if latest.exists() {
            let file = Checkpoint::open(&latest)?;
            let note = |key: &str| file.meta().notes.get(key)?.parse::<f64>().ok();
            known.step = note("training_step").unwrap_or(0.0) as u64;
            known.samples = note("agent_steps").unwrap_or(0.0) as u64;
            known.seconds = note("seconds").unwrap_or(0.0);
            known.version = known.step;
        }
        Ok(known)
    }
}
