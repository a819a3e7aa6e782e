//! The phases of a game loop, and who may watch them pass.
//!
//! Invariant: a watcher sees which phase has ended and nothing else, so no clock gets into the rules.

/// One part of a game loop's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// What players sent is applied.
    Commands,
    /// Units' first orders become goals, stances and progress.
    Orders,
    /// Targets are picked, damage is dealt, spells take effect.
    Combat,
    /// Paths are found and units move.
    Movement,
    /// Harvests, queues, morphs, energy, buffs; the dead are buried.
    Economy,
    /// The fog of war is drawn.
    Vision,
    /// The built-in AIs' views are filled.
    Observation,
    /// The built-in AIs decide.
    Ai,
}

impl Phase {
    /// All phases.
    pub const ALL: [Phase; 8] = [
        Phase::Observation,
        Phase::Ai,
        Phase::Commands,
        Phase::Orders,
        Phase::Combat,
        Phase::Movement,
        Phase::Economy,
        Phase::Vision,
    ];

    /// Its name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Commands => "commands",
            Phase::Orders => "orders",
            Phase::Combat => "combat",
            Phase::Movement => "movement",
            Phase::Economy => "economy",
            Phase::Vision => "vision",
            Phase::Observation => "observation",
            Phase::Ai => "ai",
        }
    }
}

/// Told whenever a phase has ended; `()` does not care, and costs nothing.
pub trait PhaseWatch {
    fn ended(&mut self, phase: Phase);
}

impl PhaseWatch for () {
    fn ended(&mut self, _: Phase) {}
}
