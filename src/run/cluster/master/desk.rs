//! What the master answers to each request.

use super::Master;
use super::groups::Place;
use super::scheduler::assign;
use crate::league::{Player, PlayerId};
use crate::run::RunError;
use crate::run::cluster::messages::{
    ClusterRole, EvaluationMessage, FromMaster, Held, JobMessage, SeatMessage, ServeMessage,
    SideMessage, Then, ToMaster, UNANSWERED,
};
use crate::run::league::{Match, Pairing, Seated};
use crate::trajectory::Z;
use std::collections::{BTreeMap, BTreeSet};

/// A frozen player is answered for this long after it was last drawn or asked, in seconds.
const FROZEN_SECONDS: f64 = 1800.0;

impl Master<'_> {
    pub(super) fn handle(&mut self, request: ToMaster) -> Result<FromMaster, RunError> {
        if self.closing.is_some() {
            return self.handle_at_the_end(request);
        }
        match request {
            ToMaster::Hello => Ok(self.welcome()),
            ToMaster::Job => Ok(self.job()),
            ToMaster::Result(result) => self.take_result(*result),
            ToMaster::Evaluation => Ok(self.evaluation()),
            ToMaster::Evaluated(message) => self.take_evaluated(message),
            ToMaster::Join { learner, holds } => self.join(&learner, holds),
            ToMaster::Rendezvous {
                learner,
                player,
                generation,
                address,
            } => Ok(self.rendezvous(&learner, player, generation, &address)),
            ToMaster::Here { player, generation } => {
                let now = self.now();
                let leaves = self.groups.is_to_leave(player, generation, now);
                Ok(self.directive(if leaves { Then::Regroup } else { Then::GoOn }))
            }
            ToMaster::Progress(message) => self.take_progress(&message),
            ToMaster::Plan {
                predictor,
                rates,
                busy,
            } => Ok(self.plan(&predictor, rates, busy)),
            ToMaster::Provide { path } => self.provide(&path),
            ToMaster::Status => Ok(FromMaster::Status(self.status())),
        }
    }

    /// Training is over: results are still taken, open games between checkpoints still played.
    fn handle_at_the_end(&mut self, request: ToMaster) -> Result<FromMaster, RunError> {
        match request {
            ToMaster::Result(result) => self.take_result(*result),
            ToMaster::Evaluated(message) => self.take_evaluated(message),
            ToMaster::Evaluation if self.evaluations.open() > 0 => Ok(self.evaluation()),
            ToMaster::Provide { path } => self.provide(&path),
            ToMaster::Status => Ok(FromMaster::Status(self.status())),
            ToMaster::Progress(message) => {
                self.take_progress(&message)?;
                Ok(FromMaster::Finished)
            }
            _ => Ok(FromMaster::Finished),
        }
    }

    fn rendezvous(
        &mut self,
        learner: &str,
        player: PlayerId,
        generation: u64,
        at: &str,
    ) -> FromMaster {
        if self.groups.rendezvous(learner, player, generation, at) {
            FromMaster::Taken
        } else {
            FromMaster::Refused("there is no such group any more".to_owned())
        }
    }

    /// A game for one of the players that somebody learns for.
    fn job(&mut self) -> FromMaster {
        let now = self.now();
        let trained = self.groups.trained(now);
        if trained.is_empty() {
            return FromMaster::Wait;
        }
        match self.office.draw(|player| trained.contains(&player)) {
            Ok(drawn) => {
                if let Ok(opponent) = self.office.league.player(drawn.opponent.id)
                    && !opponent.active
                {
                    self.frozen.insert(opponent.id, now);
                }
                FromMaster::Job(Box::new(self.job_message(drawn)))
            }
            Err(error) => {
                tracing::warn!("no match can be drawn: {error}");
                FromMaster::Wait
            }
        }
    }

    fn job_message(&self, drawn: Match) -> JobMessage {
        let z = [drawn.opponent.player_z, drawn.opponent.opponent_z];
        JobMessage {
            player: drawn.player,
            opponent: drawn.opponent,
            names: drawn.matchup.names,
            versions: drawn.versions,
            z: z.map(|number| self.z(number?)),
        }
    }

    fn z(&self, number: u32) -> Option<Z> {
        self.context.rewards.numbered(number)
    }

    fn evaluation(&mut self) -> FromMaster {
        let lease = self.context.config.cluster.lease_seconds;
        let Some((id, pairing)) = self.evaluations.give(self.now(), lease) else {
            return FromMaster::Wait;
        };
        FromMaster::Evaluation(Box::new(self.evaluation_message(id, &pairing)))
    }

    fn evaluation_message(&self, id: u64, pairing: &Pairing) -> EvaluationMessage {
        let side = |side: &Seated| SideMessage {
            player: side.player,
            path: side.checkpoint.clone(),
            z: side.z.and_then(|number| Some((number, self.z(number)?))),
        };
        EvaluationMessage {
            id,
            kind: pairing.kind,
            sides: pairing.sides.each_ref().map(side),
            seed: pairing.seed.0,
            seat: (id % 2) as usize,
        }
    }

    fn join(&mut self, learner: &str, holds: Option<Held>) -> Result<FromMaster, RunError> {
        let now = self.now();
        let Place::Seat {
            player,
            generation,
            rank,
            size,
            address,
        } = self.groups.join(learner, holds, now)
        else {
            return Ok(FromMaster::Wait);
        };
        let known = self.office.league.player(player)?.clone();
        let trained = self.players.get(&player);
        let step_min = trained.map_or(0, |t| t.version.max(t.step));
        let seconds = trained.map_or(0.0, |t| t.seconds);
        if rank == 0 {
            let note = format!("{}: {size} learner(s), led by {learner}", known.name);
            self.context.options.progress.note(&note);
        }
        Ok(FromMaster::Seat(SeatMessage {
            player,
            name: known.name,
            generation,
            rank,
            size,
            address,
            checkpoint: known.checkpoint,
            resets: known.resets,
            step_min,
            samples: known.steps,
            seconds,
            share: self.share(),
        }))
    }

    /// Whom this predictor is to answer for, all others considered.
    fn plan(&mut self, predictor: &str, rates: BTreeMap<String, f64>, busy: f64) -> FromMaster {
        let alive = self.alive_predictors(predictor);
        self.plan.retain(|id, _| alive.contains(id));
        self.hear_whom_it_serves(predictor, &rates);
        self.rates.retain(|id, _| alive.contains(id));
        self.busy.retain(|id, _| alive.contains(id));
        self.rates.insert(predictor.to_owned(), rates);
        self.busy.insert(predictor.to_owned(), busy);
        for id in alive {
            self.plan.entry(id).or_default();
        }
        let demand = self.demand();
        self.plan = assign(&demand, &self.plan);
        let own = self.plan.get(predictor).into_iter().flatten();
        FromMaster::Plan(own.cloned().collect())
    }

    /// Frozen players in games under way: those that predictors are asked for, and all that a predictor answers for when this
    /// master first hears of it, for an earlier master drew them. It goes on answering.
    fn hear_whom_it_serves(&mut self, predictor: &str, rates: &BTreeMap<String, f64>) {
        let (now, is_new) = (self.now(), !self.rates.contains_key(predictor));
        for (name, rate) in rates {
            let Ok(player) = self.office.league.find(name) else {
                continue;
            };
            if !player.active && (is_new || *rate > 0.0) {
                self.frozen.insert(player.id, now);
            }
            if is_new {
                let plan = self.plan.entry(predictor.to_owned()).or_default();
                plan.insert(served(player));
            }
        }
    }

    /// A frozen player whom nobody answers for, though games under way ask it: an earlier master drew these, and whoever answered
    /// for it then is gone, too. The next plan has it.
    pub(super) fn hear_who_is_asked_in_vain(&mut self, subject: &str) {
        let now = self.now();
        let name = subject.strip_prefix(UNANSWERED).unwrap_or_default();
        if let Ok(player) = self.office.league.find(name)
            && !player.active
        {
            self.frozen.insert(player.id, now);
        }
    }

    fn alive_predictors(&self, asks: &str) -> BTreeSet<String> {
        let alive = self.living(ClusterRole::Predictor);
        let alive = alive.map(|seen| seen.beat.id.clone());
        alive.chain([asks.to_owned()]).collect()
    }

    /// Questions a second for everybody who may be asked: those who train, and frozen ones drawn or asked of late.
    fn demand(&mut self) -> BTreeMap<ServeMessage, f64> {
        let now = self.now();
        self.frozen.retain(|_, at| now - *at <= FROZEN_SECONDS);
        let league = &self.office.league;
        let active = league.players().iter().filter(|p| p.active);
        let frozen = self.frozen.keys().filter_map(|id| league.player(*id).ok());
        let asked = |name: &str| -> f64 {
            let of_all = self.rates.values();
            of_all.filter_map(|rates| rates.get(name)).sum()
        };
        active
            .chain(frozen)
            .map(|p| (served(p), asked(&p.name)))
            .collect()
    }
}

/// What a predictor is told of a player: weights that change are found by its name, others in a file.
fn served(player: &Player) -> ServeMessage {
    ServeMessage {
        name: player.name.clone(),
        path: (!player.active).then(|| player.checkpoint.clone()),
    }
}
