//! What a group tells: numbers of every step, weights, checkpoints; and what the master answers.

use super::Team;
use crate::bus::encode;
use crate::learner::Round;
use crate::run::cluster::learner::state::{publish, save};
use crate::run::cluster::messages::{
    FromMaster, MetricsMessage, ProgressMessage, Then, ToMaster, metrics,
};
use crate::run::metrics::MetricsRow;
use std::time::{Duration, Instant};

/// A group that waits for games asks the master this often whether it is to go on: a new master knows of no group, and
/// draws games only for players that one trains.
const ASK_EVERY: Duration = Duration::from_secs(2);

impl Team<'_> {
    /// Each of a group asks, now and then: the master may not hear the first. A master that is away is no reason to leave.
    pub(super) fn ask_whether_to_go_on(&mut self) {
        if self.asked.elapsed() < ASK_EVERY {
            return;
        }
        self.asked = Instant::now();
        let here = ToMaster::Here {
            player: self.seat.player,
            generation: self.seat.generation,
        };
        if let Ok(FromMaster::Directive(directive)) = self.member.try_ask(&here) {
            self.share = directive.share;
            self.leaves |= directive.then != Then::GoOn;
        }
    }

    pub(super) fn tell(
        &mut self,
        round: &Round,
        (seconds, waiting, rate, alike): (f64, f64, f64, bool),
    ) {
        let samples = self.counts.samples;
        let mut values = self.trainee.metrics(round, seconds, rate, samples);
        for (name, value) in [
            ("learners", self.seat.size as f64),
            ("learner_waiting", waiting),
            ("replicas_differ", f64::from(u8::from(!alike))),
        ] {
            values.insert(name.to_owned(), value);
        }
        let of = |key: &str| values.get(key).copied().unwrap_or(0.0);
        self.member.tell([
            ("step", self.counts.step as f64),
            ("samples", self.counts.samples as f64),
            ("samples_per_second", of("agent_steps_per_second")),
            ("policy_lag", of("policy_lag")),
            ("unrolls_stale", of("unrolls_stale")),
            ("waiting", waiting),
        ]);
        if self.seat.rank > 0 {
            return;
        }
        let message = MetricsMessage {
            player: self.seat.player,
            row: MetricsRow {
                step: self.counts.step,
                train_seconds: self.counts.seconds,
                values,
            },
        };
        // A row that is lost is missing in a chart.
        if let Err(error) = self
            .member
            .bus
            .publish(&metrics(&self.seat.name), &encode(&message))
        {
            tracing::debug!(%error, "metrics are lost");
        }
    }

    /// Predictors go on with older weights where these do not get out.
    pub(super) fn publish(&self) {
        let what = (self.seat, self.counts);
        if let Err(error) = publish(self.member, self.kit, &self.trainee, what) {
            tracing::warn!("weights of {} do not get out: {error}", self.seat.name);
        }
    }

    /// Saves the state and tells the master; what does not get there now is told after the next step.
    pub(super) fn report(&mut self) {
        let what = (self.seat, self.counts);
        if let Err(error) = save(self.member, self.kit, &self.trainee, what) {
            tracing::warn!("{}'s state does not get out: {error}", self.seat.name);
            return;
        }
        let message = ToMaster::Progress(ProgressMessage {
            learner: self.member.id.clone(),
            player: self.seat.player,
            generation: self.seat.generation,
            resets: self.seat.resets,
            step: self.counts.step,
            samples: self.counts.samples,
            seconds: self.counts.seconds,
        });
        match self.member.try_ask(&message) {
            Ok(FromMaster::Directive(directive)) => {
                self.reported = self.counts.step;
                self.share = directive.share;
                match directive.then {
                    Then::GoOn => {}
                    Then::Regroup => self.leaves = true,
                    Then::Reset { .. } => (self.leaves, self.reset) = (true, true),
                }
            }
            Ok(FromMaster::Refused(what)) => {
                tracing::error!("the master refuses {}'s checkpoint: {what}", self.seat.name);
                (self.leaves, self.reset) = (true, true);
            }
            Ok(_) => {}
            Err(error) => tracing::warn!("the master did not hear of {}: {error}", self.seat.name),
        }
    }
}
