//! Bits of [`UnitRow::flags`](super::UnitRow) (what the legal masks ask of a unit) and of the unit-type table.

macro_rules! flags {
    ($t:ty; $($(#[$doc:meta])* $name:ident = $bit:expr;)*) => {
        $($(#[$doc])* pub const $name: $t = 1 << $bit;)*
    };
}

flags! { u32;
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
    /// A worker whose first order is a construction that has begun.
    CONSTRUCTING = 18;
    /// First order is training or research.
    PRODUCING = 19;
    /// First order turns the unit itself into another, or builds an add-on.
    MORPHING = 20;
    /// A resource or gas structure with contents left, or whose contents are not known.
    HAS_CONTENTS = 21;
    /// A geyser with a gas structure on it.
    OCCUPIED = 22;
    /// An ally's unit: shown with one's own, but not one's own to order.
    ALLY = 23;
    /// Chosen as one of the units of the last action.
    SELECTED_LAST = 24;
    /// Target unit of the last action.
    TARGETED_LAST = 25;
    /// A chrono boost, supply drop or larva injection is upon it.
    BOOSTED = 26;
}

/// Bits of [`UnitTypeRow::kinds`](super::vocab::UnitTypeRow): what a unit type is.
pub mod kind {
    flags! { u16;
        /// A row of the melee unit table.
        MELEE = 0;
        STRUCTURE = 1;
        MECHANICAL = 2;
        BIOLOGICAL = 3;
        PSIONIC = 4;
        WORKER = 5;
        TOWN_HALL = 6;
        /// A structure that collects vespene.
        GAS_STRUCTURE = 7;
        AIR = 8;
        /// Has energy.
        CASTER = 9;
        MINERALS = 10;
        GEYSER = 11;
        /// Rocks and the like.
        DESTRUCTIBLE = 12;
        /// Watch towers, zones, critters.
        SCENERY = 13;
    }
}
