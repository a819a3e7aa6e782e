//! What casting has set going and will take effect at a later loop.
//!
//! Events are few; a loop without any costs one look at an empty list.

use super::{burn, cloak, kd8, lock_on, mine, missile, nuke, orbital, zone};
use crate::game::Point;
use crate::sim::order::Aim;
use crate::sim::state::State;
use crate::sim::unit::UnitRef;
use xxhash_rust::xxh3::Xxh3;

/// What will happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A battlecruiser's shell hits.
    Yamato,
    Emp,
    Matrix,
    AntiArmor,
    /// A widow mine's missile hits.
    Sentinel,
    /// A widow mine has loaded its next missile.
    Rearmed,
    /// A lock goes on: loops that it has held so far.
    Lock(u16),
    /// A KD8 charge goes off.
    Charge,
    /// Somebody is thrown back: loops that are left of it.
    Throw(u8),
    /// A nuclear missile comes down.
    NukeFalls,
    /// A structure burns: which of three steps is next.
    Burn(u8),
    /// A supply pod comes down.
    Pod,
    /// A liberator's defender zone is set up.
    ZoneStands,
}

/// Something that is due at a loop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    pub what: What,
    /// Game loop at which it takes effect.
    pub due: u32,
    /// Who set it going; may be dead by then.
    pub from: UnitRef,
    /// 0 or 1.
    pub owner: u8,
    /// Whom it is meant for, if anybody.
    pub to: UnitRef,
    /// Where it is meant to be; for a throw, the step of a loop.
    pub at: Point,
}

impl Event {
    /// Feeds everything into a hash of the game's state.
    pub fn hash_into(&self, h: &mut Xxh3) {
        let (kind, more) = match self.what {
            What::Yamato => (1, 0),
            What::Emp => (2, 0),
            What::Matrix => (3, 0),
            What::AntiArmor => (4, 0),
            What::Sentinel => (5, 0),
            What::Rearmed => (6, 0),
            What::Lock(held) => (7, u32::from(held)),
            What::Charge => (8, 0),
            What::Throw(left) => (9, u32::from(left)),
            What::NukeFalls => (10, 0),
            What::Pod => (11, 0),
            What::ZoneStands => (12, 0),
            What::Burn(step) => (13, u32::from(step)),
        };
        let words = [
            kind | u32::from(self.owner) << 8,
            more,
            self.due,
            self.from.0,
            self.to.0,
            self.at.x.to_bits(),
            self.at.y.to_bits(),
        ];
        for w in words {
            h.update(&w.to_le_bytes());
        }
    }
}

/// Sets something going that takes effect in `loops`.
pub(super) fn send(state: &mut State, what: What, loops: u32, from: UnitRef, aim: Aim) {
    let owner = state.units[from.slot()].owner;
    let (to, at) = match aim {
        Aim::Unit(it) => (it, state.get(it).map_or(Point::default(), |t| t.pos)),
        Aim::Point(at) => (UnitRef::NONE, at),
        Aim::None => (UnitRef::NONE, Point::default()),
    };
    state.events.push(Event {
        what,
        due: state.game_loop + loops,
        from,
        owner,
        to,
        at,
    });
}

/// Lets take effect what is due in this loop. Runs after combat, whose index of places it uses.
pub(in crate::sim) fn run(state: &mut State) {
    if !state.effects.is_empty() {
        let now = state.game_loop;
        state.effects.retain(|e| now < e.until);
    }
    if state.events.is_empty() {
        return;
    }
    let now = state.game_loop;
    let all = std::mem::take(&mut state.events);
    let mut waiting = Vec::with_capacity(all.len());
    let mut due = Vec::new();
    for event in all {
        if event.due <= now {
            due.push(event);
        } else {
            waiting.push(event);
        }
    }
    state.events = waiting;
    for event in due {
        happen(state, &event);
    }
}

fn happen(state: &mut State, event: &Event) {
    match event.what {
        What::Yamato => missile::yamato(state, event),
        What::Emp => missile::emp(state, event),
        What::Matrix => missile::matrix(state, event),
        What::AntiArmor => missile::anti_armor(state, event),
        What::Sentinel => mine::explode(state, event),
        What::Rearmed => {
            if state.get(event.from).is_some() {
                cloak::refresh(state, event.from.slot());
            }
        }
        What::Lock(held) => lock_on::hold(state, event, held),
        What::Charge => kd8::explode(state, event),
        What::Throw(left) => kd8::throw(state, event, left),
        What::NukeFalls => nuke::fall(state, event),
        What::Burn(step) => burn::burn(state, event, step),
        What::Pod => orbital::land_pod(state, event.to),
        What::ZoneStands => zone::stand(state, event),
    }
}
