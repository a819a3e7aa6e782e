//! `scc learner`: one of those who train a player together (SCC App. B: trainers; SCC §6.1).
//!
//! ```text
//! Join until seated ──> meet (c10d) ──> take over the first one's state ──┐
//!      ^                                                                  v
//!      └── leave: asked to, or somebody is lost <── games from the queue, training steps, weights out, reports
//! ```
//! All learners of a group make the same updates (`learner::Replication`), each on its share of every minibatch. Before each
//! step they tell each other whether they have enough games, and whether somebody has to leave: so nobody waits for one who
//! is gone. The first (rank 0) alone gives out weights and reports to the master. A learner that comes or goes makes all of
//! them leave and meet again; what they have in memory goes on from the most advanced one. Games in their buffers are then
//! lost, as any trajectory may be.

mod state;
mod team;
mod ties;

#[cfg(test)]
mod tests;

use super::kit::Kit;
use super::member::{Member, RoleOptions, RoleSummary, refused};
use super::messages::{ClusterRole, FromMaster, SeatMessage, ToMaster};
use crate::collective::{Group, Rendezvous, Waits};
use crate::run::RunError;
use state::Kept;
use std::time::Duration;

/// Pause before a learner asks again for a seat.
const PAUSE: Duration = Duration::from_millis(250);
/// How long a group that was told to meet waits for all to come, at most: after that the master is asked again.
const MEET: Duration = Duration::from_secs(15);

/// Learns until training is over or the process is asked to stop.
///
/// # Errors
/// If the master refuses, the device is missing, or a loss is no number.
pub fn run_learner(options: &RoleOptions) -> Result<RoleSummary, RunError> {
    let member = Member::start(options, ClusterRole::Learner)?;
    let Some(kit) = member.welcome(options)? else {
        return Ok(member.summary());
    };
    let device = options
        .device
        .as_deref()
        .unwrap_or(&kit.config.train.device);
    crate::run::device::find(device)?;
    let mut kept: Option<Kept> = None;
    while !member.is_over() {
        member.tell([("waiting", 1.0)]);
        member.at("player", "");
        let Some(seat) = find_seat(&member, kept.as_ref())? else {
            break;
        };
        // Let go before another one takes its place in memory.
        kept = kept.filter(|k| k.is_of(&seat));
        let Some(met) = meet(&member, options, &kit, &seat)? else {
            std::thread::sleep(PAUSE);
            continue;
        };
        kept = match team::train(&member, &kit, options, &seat, met, kept) {
            Err(error) if error.is_passing() => {
                tracing::warn!("{} cannot be trained now, tried again: {error}", seat.name);
                std::thread::sleep(PAUSE);
                None
            }
            trained => trained?,
        };
    }
    Ok(member.summary())
}

/// Asks until there is a group to join; none if the process is to end.
fn find_seat(member: &Member, kept: Option<&Kept>) -> Result<Option<SeatMessage>, RunError> {
    loop {
        let join = ToMaster::Join {
            learner: member.id.clone(),
            holds: kept.map(Kept::held),
        };
        match member.ask(&join)? {
            Some(FromMaster::Seat(seat)) => return Ok(Some(seat)),
            Some(FromMaster::Refused(what)) => return Err(refused(what)),
            None | Some(FromMaster::Finished) => return Ok(None),
            Some(_) => std::thread::sleep(PAUSE),
        }
        if member.is_over() {
            return Ok(None);
        }
    }
}

/// A group that has met, and the place where it did, which its first keeps open.
struct Met {
    group: Group,
    _place: Option<Rendezvous>,
}

/// Meets the others; none if somebody did not come: all look for a seat again.
fn meet(
    member: &Member,
    options: &RoleOptions,
    kit: &Kit,
    seat: &SeatMessage,
) -> Result<Option<Met>, RunError> {
    let mut place = None;
    let address = match &seat.address {
        Some(address) => address.clone(),
        None => {
            let opened = Rendezvous::open(&options.host);
            let opened = opened.map_err(|e| RunError::Cluster(e.to_string()))?;
            let address = opened.address();
            place = Some(opened);
            let told = ToMaster::Rendezvous {
                learner: member.id.clone(),
                player: seat.player,
                generation: seat.generation,
                address: address.clone(),
            };
            if !matches!(member.ask(&told)?, Some(FromMaster::Taken)) {
                return Ok(None);
            }
            address
        }
    };
    let call = Duration::from_secs_f64(kit.cluster().collective_seconds);
    let meet = call.min(MEET);
    match Group::join(&address, seat.rank, seat.size, Waits { meet, call }) {
        Ok(group) => Ok(Some(Met {
            group,
            _place: place,
        })),
        Err(error) => {
            tracing::warn!(
                "the group of {} did not meet, tried again: {error}",
                seat.name
            );
            Ok(None)
        }
    }
}
