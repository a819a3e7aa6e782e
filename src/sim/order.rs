//! Orders, production jobs and morphs: what units are doing, as plain data.

use super::unit::UnitRef;
use crate::game::data::Spell;
use crate::game::{AbilityId, Point, UnitTypeId, UpgradeId};

/// Where an order is aimed, inside the simulator.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Aim {
    #[default]
    None,
    Point(Point),
    Unit(UnitRef),
}

/// What an order makes its unit do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderKind {
    /// To a point, or after a unit.
    Move,
    Patrol,
    Hold,
    /// Attack-move, or one unit.
    Attack,
    /// Move of the unarmed, under the attack button.
    ScanMove,
    Gather,
    Return,
    /// Walk to the site (paid already), then put up `Order::unit_type`.
    Build,
    Repair,
    Heal,
    /// Take the aimed-at unit aboard.
    Load,
    /// Walk to a transport or bunker and enter it.
    Board,
    /// Fly to a point and let everybody out.
    UnloadAt,
    /// Let everybody out here.
    Unload,
    Land,
    /// Put up an add-on; from the air: land first.
    AddOn,
    /// Become `Order::unit_type` (siege, lift, orbital); paid when it begins.
    Morph,
    /// Carry out a spell; `casts::order` says what the stages mean.
    Cast(Spell),
}

/// One order in a unit's queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Order {
    pub kind: OrderKind,
    /// Exact ability, as observations show it.
    pub ability: AbilityId,
    pub aim: Aim,
    /// Step within the order; each kind's code says what the numbers mean.
    pub stage: u8,
    /// Loops of waiting within the stage, or the loop something is due.
    pub timer: u32,
    /// Structure or add-on to be built.
    pub unit_type: UnitTypeId,
    /// Build orders: the structure at work on. Patrol: unused.
    pub site: UnitRef,
    /// Patrol: the other end. Attack-move: where it began.
    pub origin: Point,
    /// Already paid: minerals and vespene come back if it is dropped before the work begins.
    pub paid: (u16, u16),
}

impl Order {
    pub fn new(kind: OrderKind, ability: AbilityId, aim: Aim) -> Order {
        Order {
            kind,
            ability,
            aim,
            stage: 0,
            timer: 0,
            unit_type: UnitTypeId(0),
            site: UnitRef::NONE,
            origin: Point::default(),
            paid: (0, 0),
        }
    }
}

/// What a production job makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    Unit(UnitTypeId),
    Upgrade(UpgradeId),
}

/// One entry of a production queue. Paid when queued.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Job {
    pub ability: AbilityId,
    pub product: Product,
    /// Game loops.
    pub left: f32,
    pub total: f32,
    /// Supply is taken when the job starts, not when it is queued.
    pub started: bool,
    /// Ordered in this very loop: its time begins with the next.
    pub fresh: bool,
    /// Minerals and vespene, for the refund.
    pub paid: (u16, u16),
}

/// A unit that becomes another type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Morph {
    pub to: UnitTypeId,
    pub ability: AbilityId,
    /// Game loops.
    pub left: f32,
    pub total: f32,
    pub paid: (u16, u16),
}
