//! Build orders and production plans as data.

use crate::game::{UnitTypeId, UpgradeId};

/// What a goal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// That many of a type (finished, in work or on the way): structures, add-ons, morphs; units too.
    Unit(UnitTypeId, u16),
    Upgrade(UpgradeId),
}

/// One step of a plan. Steps are looked at in order at every look; the first whose conditions hold and that is not met
/// is worked at, and money is kept for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    pub item: Item,
    /// Not before this much supply is used.
    pub supply: u16,
    /// Not any more once this much supply is used; 0 = no end.
    pub before: u16,
    /// Not before this many finished structures or units of a type stand.
    pub after: Option<(UnitTypeId, u16)>,
    /// Not before the bank holds this many minerals.
    pub bank: u16,
    /// Not before this game second.
    pub second: u16,
    /// Keep money for it even at the cost of units.
    pub saves: bool,
}

/// A goal for structures, add-ons or morphs.
pub const fn want(t: UnitTypeId, count: u16) -> Goal {
    Goal::of(Item::Unit(t, count))
}

/// A goal for an upgrade.
pub const fn research(id: UpgradeId) -> Goal {
    Goal::of(Item::Upgrade(id))
}

impl Goal {
    const fn of(item: Item) -> Goal {
        Goal {
            item,
            supply: 0,
            before: 0,
            after: None,
            bank: 0,
            second: 0,
            saves: true,
        }
    }

    /// Not before `supply` is used.
    pub const fn at(mut self, supply: u16) -> Goal {
        self.supply = supply;
        self
    }

    /// Not any more once `supply` is used.
    pub const fn before(mut self, supply: u16) -> Goal {
        self.before = supply;
        self
    }

    /// Not before `count` of `t` are finished.
    pub const fn after(mut self, t: UnitTypeId, count: u16) -> Goal {
        self.after = Some((t, count));
        self
    }

    /// Not before the bank holds `minerals`.
    pub const fn bank(mut self, minerals: u16) -> Goal {
        self.bank = minerals;
        self
    }

    /// Not before this second of the game.
    pub const fn second(mut self, second: u16) -> Goal {
        self.second = second;
        self
    }

    /// Only when there is money to spare; units come first.
    pub const fn spare(mut self) -> Goal {
        self.saves = false;
        self
    }
}

/// A share of the army: the type and its weight in supply.
pub type Share = (UnitTypeId, u16);

/// A strategy's economy and production.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub name: &'static str,
    /// Build order, then steady state; earlier goals come first.
    pub goals: &'static [Goal],
    /// What production structures make, in proportion of supply; earlier wins a tie.
    pub army: &'static [Share],
    /// Workers to stop at.
    pub workers_max: u16,
    /// Workers in a refinery; fewer than 3 saves minerals.
    pub gas_workers: u16,
    /// Free supply to keep beyond what production structures use up while a depot is built.
    pub supply_slack: u16,
    /// Production structures beyond this many stand near the enemy; none: all at home.
    pub proxy: Option<u16>,
}
