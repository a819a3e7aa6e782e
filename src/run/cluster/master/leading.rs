//! Of several runs that meet on one bus, one has it: whose master came first, for as long as it keeps asking.

use super::passing;
use crate::bus::{Bus, LEAD_LASTS, Lead};
use crate::run::RunError;
use crate::run::cluster::messages::MASTER;
use std::sync::Arc;
use std::time::Instant;

/// A run's lead on the bus, given up when this is dropped. Masters of one run have the same: the run's database tells them
/// apart, and one that is started again need not wait.
pub struct Leading {
    bus: Arc<dyn Bus>,
    run: String,
    /// Before the call that took or kept it last.
    since: Instant,
}

impl Leading {
    /// Takes the lead for a run.
    ///
    /// # Errors
    /// If another run has it, or the bus cannot be asked.
    pub fn take(bus: Arc<dyn Bus>, run: &str) -> Result<Leading, RunError> {
        let since = Instant::now();
        match bus.lead(MASTER, run)? {
            Lead::Ours => Ok(Leading {
                bus,
                run: run.to_owned(),
                since,
            }),
            Lead::Of(other) => Err(RunError::Cluster(format!(
                "run {other} leads the league on this bus: end its master and wait {} seconds, or give this run a name of its own there (--run NAME)",
                LEAD_LASTS.as_secs()
            ))),
        }
    }

    /// Keeps it for another while. An error that passes is borne: [`Leading::is_sure`] says how long.
    ///
    /// # Errors
    /// If another run has it by now, or the bus cannot be asked for good.
    pub fn keep(&mut self) -> Result<(), RunError> {
        let before = Instant::now();
        match passing(self.bus.lead(MASTER, &self.run))? {
            Some(Lead::Ours) => self.since = before,
            Some(Lead::Of(other)) => {
                return Err(RunError::Cluster(format!(
                    "run {other} leads the league on this bus now, which this master could not reach for {} seconds or more: what was acknowledged is kept; end that run's master before this one is resumed, or give one of them a name of its own there (--run NAME)",
                    LEAD_LASTS.as_secs()
                )));
            }
            None => {}
        }
        Ok(())
    }

    /// Nobody else can have it yet.
    pub fn is_sure(&self) -> bool {
        self.since.elapsed() < LEAD_LASTS
    }

    /// Id of the run that leads.
    pub fn run(&self) -> &str {
        &self.run
    }
}

impl Drop for Leading {
    fn drop(&mut self) {
        // A bus that is away forgets it by itself.
        let _ = self.bus.resign(MASTER, &self.run);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::LocalBus;

    #[test]
    fn a_lead_is_of_one_run_until_it_is_given_up() {
        let bus: Arc<dyn Bus> = Arc::new(LocalBus::new());
        let take = |run: &str| Leading::take(bus.clone(), run);
        let mut first = take("first").expect("free");
        first.keep().expect("its own");
        let Err(error) = take("second") else {
            panic!("the first has it");
        };
        let told = error.to_string();
        assert!(
            told.contains("run first leads") && told.contains("--run"),
            "{told}"
        );
        // Killed, and started again.
        std::mem::forget(first);
        let first = take("first").expect("without a wait");
        drop(first);
        take("second").expect("given up");
    }

    #[test]
    fn a_lead_that_another_run_took_is_lost_and_not_given_up_for_it() {
        let bus: Arc<dyn Bus> = Arc::new(LocalBus::new());
        let mut first = Leading::take(bus.clone(), "first").expect("free");
        assert!(first.is_sure());
        // As if it had not been kept for too long.
        first.since = Instant::now()
            .checked_sub(LEAD_LASTS)
            .expect("a clock of some age");
        assert!(!first.is_sure());
        bus.resign(MASTER, "first").expect("there");
        let second = Leading::take(bus.clone(), "second").expect("free");
        let error = first.keep().expect_err("lost");
        assert!(error.to_string().contains("run second leads"), "{error}");
        drop(first);
        let has = bus.lead(MASTER, "third").expect("there");
        assert_eq!(has, Lead::Of(second.run().to_owned()));
    }
}
