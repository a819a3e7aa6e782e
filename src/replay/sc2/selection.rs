//! Which units a command goes to: selections and control groups followed through a game.

use std::collections::BTreeMap;

use super::game::{Action, Command, ControlGroup, GameEvent, Mask, SelectionDelta};
use super::tracker::UnitTag;

/// The selection among a user's groups; 0 to 9 are control groups.
const SELECTION: u8 = 10;
/// Also with units taken from the other groups: these lose them by changes of their own.
const SET: [i64; 2] = [0, 4];
const ADD: [i64; 2] = [1, 5];
const RECALL: i64 = 2;
const CLEAR: i64 = 3;

/// What every user has selected and in which control groups.
#[derive(Clone, Debug, Default)]
pub struct Selections {
    /// By user and group: units in the order of their tags, as masks count them.
    groups: BTreeMap<(u8, u8), Vec<u32>>,
}

impl Selections {
    /// What a user has selected.
    pub fn selected(&self, user: u8) -> impl Iterator<Item = UnitTag> + '_ {
        self.group(user, SELECTION)
    }

    /// The units of a control group, 0 to 9.
    pub fn group(&self, user: u8, group: u8) -> impl Iterator<Item = UnitTag> + '_ {
        let units = self
            .groups
            .get(&(user, group))
            .map_or(&[][..], Vec::as_slice);
        units.iter().map(|tag| UnitTag::of_event(*tag))
    }

    /// Takes in one event; those that change no selection are passed over.
    pub fn apply(&mut self, event: &GameEvent) {
        let user = event.user.unwrap_or_default();
        match &event.action {
            Action::Selection(delta) => self.change(user, delta),
            Action::ControlGroup(update) => self.update(user, update),
            _ => {}
        }
    }

    fn change(&mut self, user: u8, delta: &SelectionDelta) {
        let units = self.groups.entry((user, delta.group)).or_default();
        remove(units, &delta.remove);
        units.extend(&delta.add_tags);
        units.sort_unstable();
        units.dedup();
    }

    fn update(&mut self, user: u8, update: &ControlGroup) {
        let selected = self
            .groups
            .get(&(user, SELECTION))
            .cloned()
            .unwrap_or_default();
        let group = self.groups.entry((user, update.index)).or_default();
        match update.update {
            kind if SET.contains(&kind) => *group = selected,
            kind if ADD.contains(&kind) => {
                // The mask takes out what is gone; unless units are added, they keep their places.
                remove(group, &update.mask);
                group.extend(selected);
                group.sort_unstable();
                group.dedup();
            }
            RECALL => {
                // The mask leaves out what is in the group but cannot be selected now.
                let mut recalled = group.clone();
                remove(&mut recalled, &update.mask);
                self.groups.insert((user, SELECTION), recalled);
            }
            CLEAR => group.clear(),
            _ => {}
        }
    }
}

fn remove(units: &mut Vec<u32>, mask: &Mask) {
    let mut place = 0usize;
    let mut keep = |keeps: &dyn Fn(usize) -> bool| {
        units.retain(|_| {
            place += 1;
            keeps(place - 1)
        });
    };
    let among =
        |places: &[i64], place: usize| places.iter().any(|it| usize::try_from(*it) == Ok(place));
    match mask {
        Mask::None => {}
        Mask::Bits(bits) => keep(&|place| !bits.get(place)),
        Mask::One(places) => keep(&|place| !among(places, place)),
        Mask::Zero(places) => keep(&|place| among(places, place)),
    }
}

/// A command with the units it went to.
#[derive(Clone, Debug, PartialEq)]
pub struct Order<'a> {
    pub game_loop: u64,
    pub user: u8,
    pub command: &'a Command,
    /// What the user had selected; of a unit that has died since, only the tracker events tell.
    pub units: Vec<UnitTag>,
}

/// All commands of a game with their units.
pub fn orders(events: &[GameEvent]) -> Vec<Order<'_>> {
    let mut selections = Selections::default();
    let mut orders = Vec::new();
    for event in events {
        selections.apply(event);
        if let Action::Command(command) = &event.action {
            let user = event.user.unwrap_or_default();
            orders.push(Order {
                game_loop: event.game_loop,
                user,
                command,
                units: selections.selected(user).collect(),
            });
        }
    }
    orders
}
