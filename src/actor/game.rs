//! One game that is recorded.

use super::recorder::{Experience, Recorder, RecorderOptions, Scorer};
use crate::agent::{Agent, AgentStep, Recordable};
use crate::evaluator::{EvaluatorError, GameOptions, GameOutcome, GamePlan, SeatPlayer, play_game};
use crate::game::{GameInfo, Race, RawObservation, Seed};
use std::sync::{Arc, Mutex, PoisonError};

/// A player that somebody learns from.
pub struct Learnable {
    pub race: Race,
    pub agent: Box<dyn Recordable>,
    pub scorer: Box<dyn Scorer>,
}

/// Who sits in a seat.
pub enum JobSeat {
    /// Its steps are recorded.
    Recorded(Learnable),
    /// It only plays.
    Other(SeatPlayer),
}

/// A game to play.
pub struct Job {
    pub plan: GamePlan,
    pub seats: [JobSeat; 2],
    /// What the one who gave the job wants to know it by.
    pub id: u64,
}

/// A game that was played.
#[derive(Debug)]
pub struct Played {
    pub id: u64,
    pub outcome: GameOutcome,
    /// Of the recorded seats.
    pub experience: [Option<Experience>; 2],
}

/// An agent whose looks and steps are written down as it plays. The record outlives it: a game drops its agents.
struct Recorded {
    agent: Box<dyn Recordable>,
    recorder: Arc<Mutex<Recorder>>,
}

impl Agent for Recorded {
    fn name(&self) -> &str {
        self.agent.name()
    }

    fn begin(&mut self, info: &GameInfo, seed: Seed) {
        self.agent.begin(info, seed);
    }

    fn act(&mut self, raw: &RawObservation) -> AgentStep {
        let mut recorder = self.recorder.lock().unwrap_or_else(PoisonError::into_inner);
        recorder.look(raw);
        let step = self.agent.act(raw);
        recorder.take(self.agent.taken());
        step
    }
}

/// Plays a job's game to its end.
///
/// # Errors
/// As [`play_game`]; what was recorded until then is lost with the game.
pub fn play_job(
    job: Job,
    recorder: &RecorderOptions,
    options: GameOptions,
) -> Result<Played, EvaluatorError> {
    let mut records: [Option<Arc<Mutex<Recorder>>>; 2] = [None, None];
    let mut at = 0;
    let players = job.seats.map(|seat| {
        let record = &mut records[at];
        at += 1;
        match seat {
            JobSeat::Other(player) => player,
            JobSeat::Recorded(l) => {
                let shared = Arc::new(Mutex::new(Recorder::new(recorder.clone(), l.scorer)));
                *record = Some(shared.clone());
                SeatPlayer::Agent {
                    race: l.race,
                    agent: Box::new(Recorded {
                        agent: l.agent,
                        recorder: shared,
                    }),
                }
            }
        }
    });
    let outcome = play_game(&job.plan, players, options)?;
    let mut seat = 0;
    let experience = records.map(|record| {
        let result = outcome.result(seat);
        seat += 1;
        // The game has dropped its agents: this is the last hold on the record.
        let recorder = Arc::into_inner(record?)?;
        let recorder = recorder
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        Some(recorder.end(result)).filter(|e| e.steps() > 0)
    });
    Ok(Played {
        id: job.id,
        outcome,
        experience,
    })
}
