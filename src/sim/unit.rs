//! One unit: everything the rules know of a marine, a barracks, a mineral field.

use super::combat::weapons::Weapon;
use super::combat::{Arms, Motion};
use super::order::{Job, Morph, Order};
use super::steer::Nav;
use crate::game::data::{UnitData, unit_ids as u};
use crate::game::{AbilityId, BuffId, Point, Target, UnitTag, UnitTypeId};
use smallvec::SmallVec;

/// Owner index of resources, rocks and towers; players are 0 and 1.
pub const NEUTRAL: u8 = 2;

/// A unit that may have died since: slot (14 bits) and generation (18 bits, from 1). 0 is no unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitRef(pub u32);

impl UnitRef {
    pub const NONE: UnitRef = UnitRef(0);

    pub fn new(slot: usize, generation: u32) -> UnitRef {
        debug_assert!(slot < 1 << 14 && generation < 1 << 18);
        UnitRef((slot as u32) << 18 | generation)
    }

    /// Index into `State::units`.
    pub fn slot(self) -> usize {
        (self.0 >> 18) as usize
    }

    pub fn generation(self) -> u32 {
        self.0 & 0x3_ffff
    }

    pub fn is_some(self) -> bool {
        self.0 != 0
    }

    /// The API's tag: `(0x4000 + slot) << 18 | generation`.
    pub fn tag(self) -> UnitTag {
        if self.is_some() {
            UnitTag((1 << 32) + u64::from(self.0))
        } else {
            UnitTag::NONE
        }
    }

    /// The unit a tag names; [`UnitRef::NONE`] for a tag this simulator never gave out.
    pub fn of_tag(tag: UnitTag) -> UnitRef {
        match tag.0.checked_sub(1 << 32) {
            Some(low) if low < 1 << 32 => UnitRef(low as u32),
            _ => UnitRef::NONE,
        }
    }
}

/// What a unit does about enemies. Orders set it each loop, combat reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stance {
    /// Does not fight: a move order, a worker at work, a unit that casts or is being built.
    #[default]
    Passive,
    /// Idle: shoots what comes into range, chases what it acquires, returns to where it stood.
    Guard,
    /// Attack-move and patrol: acquires and chases on the way, then goes on to `goal`.
    Advance,
    /// Shoots what is in range, never moves.
    Hold,
    /// Attacks `Unit::target`, set by the order, and nothing else.
    Focus,
}

/// Where a unit wants to be; movement's input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goal {
    pub at: Point,
    /// Center distance at which the unit has arrived, cells.
    pub reach: f32,
}

/// What a worker carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cargo {
    #[default]
    None,
    Minerals,
    RichMinerals,
    Gas,
}

/// A buff on a unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Buff {
    pub id: BuffId,
    /// Game loop from which it no longer holds; `u32::MAX` = until taken away.
    pub until: u32,
    /// Loops it was given for.
    pub loops: u32,
}

/// What only casters and their kind have. Stands at its default for everybody else.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Special {
    /// Game loops from which its first and its second ability with a cooldown may be used again.
    pub ready: [u32; 2],
    /// Center of a liberator's defender zone.
    pub zone: Point,
    /// Whom a cyclone has locked on.
    pub lock: UnitRef,
    /// Nuclear missiles in store.
    pub nukes: u8,
}

/// A unit in its slot. A dead slot keeps its fields until it is used again; look at `alive` first.
///
/// Every phase of a loop passes over all units and reads little of each: what they all read stands first, in two cache
/// lines, then what some read, then what is seldom looked at.
#[derive(Clone)]
#[repr(C, align(64))]
pub struct Unit {
    // --- identity
    pub me: UnitRef,
    pub type_id: UnitTypeId,
    /// 0, 1 or [`NEUTRAL`].
    pub owner: u8,
    pub alive: bool,
    /// In a transport, bunker or gas structure: not on the map, cannot be seen, hit or moved.
    pub inside: bool,
    /// In the air now (differs from `data.is_flying` while it lifts off or lands).
    pub flying: bool,
    pub cloaked: bool,
    pub stance: Stance,
    // Vision owns both. Bit p = player p.
    /// On a cell that the player has in view (own units always); and [`Unit::SHELTERED`].
    pub seen_by: u8,
    /// Within a detector's range of the player; matters only while `cloaked`.
    pub detected_by: u8,
    /// Passes through other units (workers at mining), not through structures.
    pub phasing: bool,
    /// Movement reached `goal` (center distance <= reach).
    pub arrived: bool,
    /// The table's row; neutrals have rows of their own (`neutral.rs`).
    pub data: &'static UnitData,

    // --- space; movement owns pos, velocity, facing, arrived, stuck, nav
    pub pos: Point,
    /// Cells a game loop, as moved in the last loop.
    pub velocity: Point,
    /// Game loop until which it stands and does nothing: a worker that mines or is about to set off.
    pub asleep: u32,
    pub radius: f32,
    /// Cells a game loop it can make now, upgrades and buffs included; 0 = cannot move.
    pub speed: f32,
    /// Game loops of construction still to do; 0 = finished.
    pub build_left: f32,
    /// Loops until the next shot; combat owns it.
    pub cooldown: f32,
    /// Movement gave up on `goal`: as near as it can get.
    pub stuck: bool,
    /// Repair of SCVs and MULEs, heal of medivacs.
    pub autocast: bool,
    /// Weapon and armor upgrade levels, 0..3.
    pub weapon_level: u8,
    pub armor_level: u8,

    // --- the second line
    /// Set through [`Unit::set_goal`] by orders; none = stand (idle units may be pushed).
    pub goal: Option<Goal>,
    /// Whom it shoots at; combat's but for `Stance::Focus`.
    pub target: UnitRef,
    /// Radians, `[0, TAU)`.
    pub facing: f32,
    /// The weapons of its type.
    pub weapons: &'static [Weapon],
    /// Game loop at which it dies by itself (MULE); `u32::MAX` = never.
    pub expires: u32,
    pub energy_max: f32,
    pub energy: f32,
    pub life: f32,
    /// Last position at which it stood without orders; guards return there.
    pub post: Point,

    // --- doing
    /// Combat's own.
    pub arms: Arms,
    pub morph: Option<Morph>,
    /// Training, research and add-on jobs; the first one (two with a reactor) make progress.
    pub queue: Vec<Job>,
    pub buffs: SmallVec<[Buff; 2]>,
    pub orders: SmallVec<[Order; 1]>,
    pub nav: Nav,

    // --- workers
    /// A worker's resource, remembered across trips; also a MULE's.
    pub mine: UnitRef,
    pub cargo: Cargo,
    pub cargo_amount: u8,

    // --- resources and those who gather them
    /// Workers whose gather order names this field or gas structure, or its fields (town halls); kept up every 16 loops.
    pub harvesters: u16,
    pub harvesters_ideal: u16,
    /// Minerals or vespene left (a gas structure keeps its geyser's in the geyser).
    pub contents: u32,
    /// Worker that mines it right now.
    pub occupant: UnitRef,
    /// A gas structure's geyser; a geyser's gas structure; a field's nearest town hall is found by search.
    pub geyser: UnitRef,

    // --- vitals
    /// Game loop at which it came into being.
    pub born: u32,
    pub life_max: f32,
    pub shields: f32,
    pub shields_max: f32,
    /// Game loop of the last damage taken.
    pub hurt_loop: u32,
    /// Loop of the last attack alert raised for it.
    pub alert_loop: u32,

    // --- structures
    pub build_total: f32,
    /// SCV at work on this structure.
    pub builder: UnitRef,
    pub add_on: UnitRef,
    /// The structure this add-on belongs to.
    pub host: UnitRef,
    pub rally: Option<Target>,
    /// Supply drops have raised this depot.
    pub extra_supply: bool,

    // --- transports and gas structures
    pub passengers: Vec<UnitRef>,
    /// What it is inside of.
    pub container: UnitRef,
    /// Loop from which afterburners may be lit again.
    pub boost_at: u32,
    /// Loop from which the next passenger may leave.
    pub unload_at: u32,

    // --- casters
    pub special: Special,
}

impl Unit {
    /// Bit of `seen_by`: nobody can aim at it and nothing hurts it (a ship that jumps, a charge that ticks). It stands there
    /// because whoever looks for targets reads that byte anyway.
    pub const SHELTERED: u8 = 1 << 7;

    pub fn is_sheltered(&self) -> bool {
        self.seen_by & Unit::SHELTERED != 0
    }

    /// Under the ground: units walk over it, and it is hidden unless something gives it away.
    pub fn is_burrowed(&self) -> bool {
        self.type_id == u::WIDOW_MINE_BURROWED
    }

    /// Finished and on the map or inside something, alive.
    pub fn is_done(&self) -> bool {
        self.alive && self.build_left <= 0.0
    }

    pub fn is_structure(&self) -> bool {
        self.data.is_structure
    }

    /// 0..1 while under construction, exactly 1 afterwards.
    pub fn progress(&self) -> f32 {
        if self.build_left <= 0.0 || self.build_total <= 0.0 {
            return 1.0;
        }
        (1.0 - self.build_left / self.build_total).clamp(0.0, 0.999_999)
    }

    /// Gives movement a new goal; an equal one changes nothing, so that paths are kept.
    pub fn set_goal(&mut self, at: Point, reach: f32) {
        let goal = Some(Goal { at, reach });
        if self.goal != goal {
            self.goal = goal;
            self.arrived = false;
            self.stuck = false;
        }
    }

    pub fn clear_goal(&mut self) {
        self.goal = None;
        self.arrived = false;
        self.stuck = false;
    }

    /// Lets the unit stand and do nothing until a game loop, or until its orders change.
    pub fn sleep(&mut self, until: u32) {
        self.clear_goal();
        self.velocity = Point::default();
        self.target = UnitRef::NONE;
        self.arms.motion = Motion::Orders;
        self.arms.windup = 0.0;
        self.asleep = until;
    }

    pub fn has_buff(&self, id: BuffId) -> bool {
        self.buffs.iter().any(|b| b.id == id)
    }

    /// Ability of the current order, or none.
    pub fn current_ability(&self) -> Option<AbilityId> {
        self.orders.first().map(|o| o.ability)
    }

    /// The player's bit in `seen_by` and `detected_by`.
    pub fn bit(player: usize) -> u8 {
        1 << player
    }
}
