//! Commands in the order of their importance, and the money they may use.

use super::view::View;
use crate::game::data;
use crate::game::{AbilityId, Command, Target, UnitTag, UnitTypeId};
use smallvec::SmallVec;

/// Collects commands, most important first; who plays one command a look sets the limit to 1.
#[derive(Clone, Debug, Default)]
pub struct Orders {
    pub list: Vec<Command>,
    /// Units that shall get no command this look.
    held: Vec<UnitTag>,
    limit: usize,
}

impl Orders {
    pub fn new(limit: usize) -> Orders {
        Orders {
            list: Vec::new(),
            held: Vec::new(),
            limit,
        }
    }

    /// True once nothing more is wanted: callers may stop thinking.
    pub fn is_full(&self) -> bool {
        self.list.len() >= self.limit
    }

    pub fn clear(&mut self) {
        self.list.clear();
        self.held.clear();
    }

    /// Keeps a unit from getting a command this look.
    pub fn hold(&mut self, unit: UnitTag) {
        self.held.push(unit);
    }

    /// Appends a command unless the limit is reached. True if it was taken.
    pub fn push(&mut self, command: Command) -> bool {
        if self.is_full() || command.units.is_empty() {
            return false;
        }
        self.list.push(command);
        true
    }

    /// One unit's command.
    pub fn one(&mut self, ability: AbilityId, unit: UnitTag, target: Target) -> bool {
        self.push(Command {
            ability,
            target,
            units: SmallVec::from_slice(&[unit]),
            queued: false,
        })
    }

    /// The same for a group of units.
    pub fn group(&mut self, ability: AbilityId, units: &[UnitTag], target: Target) -> bool {
        self.push(Command {
            ability,
            target,
            units: SmallVec::from_slice(units),
            queued: false,
        })
    }

    /// True if a command of this look already moves the unit, or it is to be left alone.
    pub fn uses(&self, unit: UnitTag) -> bool {
        self.held.contains(&unit) || self.list.iter().any(|c| c.units.contains(&unit))
    }
}

/// What may still be spent this look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    pub minerals: i32,
    pub vespene: i32,
    /// In halves, so that a zergling costs 1.
    pub supply: i32,
}

impl Budget {
    /// The player's bank less what builders on their way will take.
    pub fn of(view: &View) -> Budget {
        let p = &view.obs.player;
        let mut budget = Budget {
            minerals: p.minerals as i32,
            vespene: p.vespene as i32,
            supply: 2 * (p.food_cap as i32 - p.food_used as i32),
        };
        for (t, _) in &view.ix.planned {
            budget.take(cost(*t));
        }
        budget
    }

    pub fn affords(&self, price: Price) -> bool {
        self.minerals >= price.minerals
            && (price.vespene == 0 || self.vespene >= price.vespene)
            && (price.supply == 0 || self.supply >= price.supply)
    }

    pub fn take(&mut self, price: Price) {
        self.minerals -= price.minerals;
        self.vespene -= price.vespene;
        self.supply -= price.supply;
    }
}

/// What something costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    pub minerals: i32,
    pub vespene: i32,
    /// In halves.
    pub supply: i32,
}

/// What is paid for a unit at the moment of its order.
pub fn cost(t: UnitTypeId) -> Price {
    data::unit(t).map_or(Price::default(), |d| Price {
        minerals: d.minerals as i32,
        vespene: d.vespene as i32,
        supply: if d.is_structure {
            0
        } else {
            (2.0 * d.supply_used) as i32
        },
    })
}
