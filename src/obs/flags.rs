//! Bits of [`UnitRow::flags`](super::UnitRow): what the legal masks ask of a unit.

macro_rules! flags {
    ($($(#[$doc:meta])* $name:ident = $bit:expr;)*) => {
        $($(#[$doc])* pub const $name: u32 = 1 << $bit;)*
    };
}

flags! {
    /// Construction complete.
    FINISHED = 0;
    /// In view now (own units always).
    VISIBLE = 1;
    /// Remembered structure or resource under fog.
    SNAPSHOT = 2;
    /// Has at least one order.
    BUSY = 3;
    /// Holds as many orders as its production queue takes (5; 8 with a reactor).
    QUEUE_FULL = 4;
    /// Has a tech lab that is finished.
    TECH_LAB = 5;
    /// Has a reactor that is finished.
    REACTOR = 6;
    /// Has an add-on of any kind, finished or not.
    ADD_ON = 7;
    /// Needs power and stands in none.
    UNPOWERED = 8;
    FLYING = 9;
    BURROWED = 10;
    CLOAKED = 11;
    HALLUCINATION = 12;
    /// Carries passengers.
    HAS_CARGO = 13;
    /// No room for another passenger.
    CARGO_FULL = 14;
    /// Carries minerals or vespene.
    CARRYING = 15;
    /// Below full health.
    DAMAGED = 16;
    /// Below full shields.
    SHIELD_DAMAGED = 17;
    /// First order is a construction (an SCV at work).
    CONSTRUCTING = 18;
    /// First order is a morph, training or research.
    PRODUCING = 19;
    /// Resource with contents left, or contents not known.
    HAS_CONTENTS = 20;
    STRUCTURE = 21;
    MECHANICAL = 22;
    BIOLOGICAL = 23;
    WORKER = 24;
    TOWN_HALL = 25;
    MINERALS = 26;
    /// A geyser.
    GEYSER = 27;
    /// A structure that collects vespene.
    GAS_STRUCTURE = 28;
    /// Chosen as one of the units of the last action.
    SELECTED_LAST = 29;
    /// Target unit of the last action.
    TARGETED_LAST = 30;
}
