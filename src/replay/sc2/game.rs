//! Game events: what the players did.

use smallvec::SmallVec;

use super::layout::Section;
use super::names::Name;
use super::stream::{self, StreamError};
use super::value::Value;

/// Something a user did, or the game in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct GameEvent {
    pub game_loop: u64,
    /// Number in the lobby; 16 for the game itself.
    pub user: Option<u8>,
    /// E.g. `CmdEvent`.
    pub name: &'static str,
    pub action: Action,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Command(Box<Command>),
    /// The target of the command before it moved.
    TargetPoint(Point),
    TargetUnit(Box<TargetUnit>),
    Selection(Box<SelectionDelta>),
    ControlGroup(Box<ControlGroup>),
    Camera(Camera),
    /// The command was accepted (1) or not; `sequence` counts the user's commands.
    CommandState {
        state: i64,
        sequence: Option<i64>,
    },
    Leave {
        reason: Option<i64>,
    },
    Other,
}

/// A command to what is selected.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    pub flags: u32,
    /// None where the game chooses by what is clicked on (a right click).
    pub ability: Option<Ability>,
    pub target: Target,
    pub sequence: Option<i64>,
    pub other_unit: Option<u32>,
    pub unit_group: Option<u32>,
}

/// Room that is made before anything is read.
const EVENTS_AT_ONCE: usize = 1 << 16;
const FLAG_QUEUED: u32 = 2;

impl Command {
    /// Whether it goes behind the orders that the units have.
    pub fn is_queued(&self) -> bool {
        self.flags & FLAG_QUEUED != 0
    }
}

/// An ability by the number that the build's data gives it, and which of its commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ability {
    pub link: u32,
    pub index: u32,
    pub data: Option<i64>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    None,
    Point(Point),
    Unit(Box<TargetUnit>),
    Data(i64),
}

/// A place, in 1/4096 cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point {
    pub x: i64,
    pub y: i64,
    pub z: i64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TargetUnit {
    pub flags: i64,
    pub timer: i64,
    /// As [`super::UnitTag::of_event`] reads it.
    pub tag: u32,
    /// What the player saw there: the unit type's number in the build's data.
    pub link: i64,
    pub control_player: Option<i64>,
    pub upkeep_player: Option<i64>,
    pub point: Point,
}

/// A change of a selection or of a control group.
#[derive(Clone, Debug, PartialEq)]
pub struct SelectionDelta {
    /// 10 is the selection itself, below it are control groups.
    pub group: u8,
    pub subgroup_index: i64,
    pub remove: Mask,
    pub add: Vec<Subgroup>,
    /// As [`super::UnitTag::of_event`] reads them.
    pub add_tags: Vec<u32>,
}

/// Units of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subgroup {
    pub link: i64,
    /// Absent in the oldest builds.
    pub priority: Option<i64>,
    pub intra_priority: i64,
    pub count: i64,
}

/// Which units of a selection are meant, by their place in it.
#[derive(Clone, Debug, PartialEq)]
pub enum Mask {
    None,
    Bits(BitString),
    /// These.
    One(Vec<i64>),
    /// All but these.
    Zero(Vec<i64>),
}

/// Bits of a section, as many as a selection has places. The game writes them in words of 32 and takes each word for one
/// number, whose uppermost eight bits are the first eight places, lowest bit first, and so on. Blizzard's own decoder takes
/// the whole for one number instead, which beyond 32 bits is another one: that is what reports print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BitString {
    /// By words: eight places a byte.
    places: SmallVec<[u8; 16]>,
    /// As one number, uppermost eight bits first; empty where that is the same.
    whole: SmallVec<[u8; 8]>,
    len: u16,
}

/// Bits that the game writes at once.
const WORD_BITS: usize = 32;

impl BitString {
    fn cut(section: &[u8], from: usize, len: usize) -> BitString {
        let mut places = SmallVec::new();
        for word in (0..len).step_by(WORD_BITS) {
            let bits = WORD_BITS.min(len - word);
            places.extend(number(section, from + word, bits));
        }
        BitString {
            places,
            whole: match len > WORD_BITS {
                true => number(section, from, len).collect(),
                false => SmallVec::new(),
            },
            len: len as u16,
        }
    }

    pub fn len(&self) -> usize {
        usize::from(self.len)
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bit of a place in the selection.
    pub fn get(&self, place: usize) -> bool {
        place < self.len() && self.places[place / 8] >> (place % 8) & 1 != 0
    }

    /// The whole as the one number that it is, in decimal, whatever the length.
    pub fn to_decimal(&self) -> String {
        // Digits of nine, the lowest first.
        let mut digits: Vec<u64> = vec![0];
        let bytes = match self.whole.is_empty() {
            true => self.places.as_slice(),
            false => self.whole.as_slice(),
        };
        for (idx, byte) in bytes.iter().enumerate() {
            let n = (self.len() - idx * 8).min(8);
            let mut carry = u64::from(*byte);
            for digit in &mut digits {
                let value = (*digit << n) + carry;
                (*digit, carry) = (value % 1_000_000_000, value / 1_000_000_000);
            }
            if carry > 0 {
                digits.push(carry);
            }
        }
        let mut text = digits.pop().unwrap_or(0).to_string();
        for digit in digits.iter().rev() {
            text.push_str(&format!("{digit:09}"));
        }
        text
    }
}

/// Some bits of a section as one number, uppermost eight bits first, what is left last. Parts of bytes come in the order
/// of the bytes, the earlier counting more.
fn number(section: &[u8], from: usize, len: usize) -> impl Iterator<Item = u8> + '_ {
    let (mut at, end) = (from, from + len);
    let (mut held, mut n_held) = (0u32, 0);
    std::iter::from_fn(move || {
        while at < end && n_held < 8 {
            let n = (8 - at % 8).min(end - at);
            let part = u32::from(section[at / 8]) >> (at % 8) & ((1 << n) - 1);
            (held, n_held) = (held << n | part, n_held + n);
            at += n;
        }
        let n = n_held.min(8);
        n_held -= n;
        let byte = (held >> n_held) as u8;
        held &= (1 << n_held) - 1;
        (n > 0).then_some(byte)
    })
}

#[derive(Clone, Debug, PartialEq)]
pub struct ControlGroup {
    /// 0 to 9.
    pub index: u8,
    /// 0 set, 1 add, 2 recall, 3 clear; 4 and 5 are 0 and 1 that also take the units from the other groups, of which the game
    /// then tells by itself.
    pub update: i64,
    /// Units of the group that are gone or cannot be had: not recalled, and out of the group when others are added.
    pub mask: Mask,
}

/// Where a player looks; what did not change is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Camera {
    /// The middle of the view, in 1/256 cells.
    pub target: Option<(i32, i32)>,
    pub distance: Option<i32>,
    pub pitch: Option<i32>,
    pub yaw: Option<i32>,
    pub reason: Option<i8>,
    pub follow: bool,
}

#[derive(Clone, Copy)]
enum Kind {
    Command,
    TargetPoint,
    TargetUnit,
    Selection,
    ControlGroup,
    Camera,
    CommandState,
    Leave,
}

fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "CmdEvent" => Kind::Command,
        "CmdUpdateTargetPointEvent" => Kind::TargetPoint,
        "CmdUpdateTargetUnitEvent" => Kind::TargetUnit,
        "SelectionDeltaEvent" => Kind::Selection,
        "ControlGroupUpdateEvent" => Kind::ControlGroup,
        "CameraUpdateEvent" => Kind::Camera,
        "CommandManagerStateEvent" => Kind::CommandState,
        "GameUserLeaveEvent" => Kind::Leave,
        _ => return None,
    })
}

/// All game events.
///
/// # Errors
/// At the first that cannot be read.
pub fn game_events(bytes: &[u8], build: u32) -> Result<Vec<GameEvent>, StreamError> {
    // Most events take 9 bytes and more.
    let mut all = Vec::with_capacity((bytes.len() / 9).min(EVENTS_AT_ONCE));
    stream::packed(Section::Game, bytes, build, kind, |stamp, held| {
        all.push(GameEvent {
            game_loop: stamp.game_loop,
            user: stamp.user,
            name: stamp.name,
            action: held.map_or(Action::Other, |(kind, it)| action(kind, it)),
        });
    })?;
    Ok(all)
}

fn action(kind: Kind, it: Value<'_>) -> Action {
    match kind {
        Kind::Command => Action::Command(Box::new(command(it))),
        Kind::TargetPoint => {
            Action::TargetPoint(it.get(Name::Target).map(point).unwrap_or_default())
        }
        Kind::TargetUnit => match it.get(Name::Target) {
            Some(target) => Action::TargetUnit(Box::new(target_unit(target))),
            None => Action::Other,
        },
        Kind::Selection => {
            selection(it).map_or(Action::Other, |delta| Action::Selection(Box::new(delta)))
        }
        Kind::ControlGroup => Action::ControlGroup(Box::new(ControlGroup {
            index: it.num(Name::ControlGroupIndex).unwrap_or(0),
            update: it.int(Name::ControlGroupUpdate).unwrap_or(0),
            mask: mask(it.get(Name::Mask)),
        })),
        Kind::Camera => Action::Camera(camera(it)),
        Kind::CommandState => Action::CommandState {
            state: it.int(Name::State).unwrap_or(0),
            sequence: it.int(Name::Sequence),
        },
        Kind::Leave => Action::Leave {
            reason: it.int(Name::LeaveReason),
        },
    }
}

fn camera(it: Value<'_>) -> Camera {
    let target = it.get(Name::Target);
    let at = |target: Value<'_>| Some((target.num(Name::X)?, target.num(Name::Y)?));
    Camera {
        target: target.and_then(at),
        distance: it.num(Name::Distance),
        pitch: it.num(Name::Pitch),
        yaw: it.num(Name::Yaw),
        reason: it.num(Name::Reason),
        follow: it.bool(Name::Follow),
    }
}

fn point(it: Value<'_>) -> Point {
    let at = |name| it.int(name).unwrap_or(0);
    Point {
        x: at(Name::X),
        y: at(Name::Y),
        z: at(Name::Z),
    }
}

fn target_unit(it: Value<'_>) -> TargetUnit {
    let player = it.int(Name::SnapshotPlayerId);
    TargetUnit {
        flags: it.int(Name::TargetUnitFlags).unwrap_or(0),
        timer: it.int(Name::Timer).unwrap_or(0),
        tag: it.num(Name::Tag).unwrap_or(0),
        link: it.int(Name::SnapshotUnitLink).unwrap_or(0),
        control_player: it.int(Name::SnapshotControlPlayerId).or(player),
        upkeep_player: it.int(Name::SnapshotUpkeepPlayerId).or(player),
        point: it.get(Name::SnapshotPoint).map(point).unwrap_or_default(),
    }
}

fn command(it: Value<'_>) -> Command {
    let is_flat = it.get(Name::AbilLink).is_some();
    let ability = if is_flat {
        Some(it)
    } else {
        it.get(Name::Abil)
    };
    Command {
        flags: it.num(Name::CmdFlags).unwrap_or(0),
        ability: ability.map(|abil| Ability {
            link: abil.num(Name::AbilLink).unwrap_or(0),
            index: abil.num(Name::AbilCmdIndex).unwrap_or(0),
            data: abil.int(Name::AbilCmdData),
        }),
        target: if is_flat {
            flat_target(it)
        } else {
            target(it.get(Name::Data))
        },
        sequence: it.int(Name::Sequence),
        other_unit: it.num(Name::OtherUnit),
        unit_group: it.num(Name::UnitGroup),
    }
}

fn target(data: Option<Value<'_>>) -> Target {
    match data.and_then(|data| data.chosen()) {
        Some(it) if it.name() == Name::TargetPoint => Target::Point(point(it)),
        Some(it) if it.name() == Name::TargetUnit => Target::Unit(Box::new(target_unit(it))),
        Some(it) if it.name() == Name::DataWay => Target::Data(it.as_int().unwrap_or(0)),
        _ => Target::None,
    }
}

/// Of the first builds, which keep unit and place whether there is one or not.
fn flat_target(it: Value<'_>) -> Target {
    let place = it.get(Name::TargetPointFlat).map(point).unwrap_or_default();
    match it.num(Name::TargetUnitTag).unwrap_or(0) {
        0 if place == Point::default() => Target::None,
        0 => Target::Point(place),
        tag => Target::Unit(Box::new(TargetUnit {
            flags: it.int(Name::TargetUnitFlags).unwrap_or(0),
            timer: it.int(Name::TargetUnitTimer).unwrap_or(0),
            tag,
            link: it.int(Name::TargetUnitSnapshotUnitLink).unwrap_or(0),
            control_player: None,
            upkeep_player: None,
            point: place,
        })),
    }
}

fn selection(it: Value<'_>) -> Option<SelectionDelta> {
    let delta = it.get(Name::Delta)?;
    let parts = |name| delta.get(name).into_iter().flat_map(|group| group.parts());
    Some(SelectionDelta {
        group: it.num(Name::ControlGroupId).unwrap_or(0),
        subgroup_index: delta.int(Name::SubgroupIndex).unwrap_or(0),
        remove: mask(delta.get(Name::RemoveMask)),
        add: parts(Name::AddSubgroups)
            .map(|group| Subgroup {
                link: group.int(Name::UnitLink).unwrap_or(0),
                priority: group.int(Name::SubgroupPriority),
                intra_priority: group.int(Name::IntraSubgroupPriority).unwrap_or(0),
                count: group.int(Name::Count).unwrap_or(0),
            })
            .collect(),
        add_tags: parts(Name::AddUnitTags)
            .map(|tag| {
                tag.as_int()
                    .and_then(|tag| u32::try_from(tag).ok())
                    .unwrap_or(0)
            })
            .collect(),
    })
}

fn mask(it: Option<Value<'_>>) -> Mask {
    let Some(it) = it else {
        return Mask::None;
    };
    // The first builds have the bits alone, later ones a choice.
    let way = it.chosen().unwrap_or(it);
    let places = || {
        way.parts()
            .map(|place| place.as_int().unwrap_or(0))
            .collect()
    };
    match (way.as_bits(), way.name()) {
        (Some((section, from, len)), _) => Mask::Bits(BitString::cut(section, from, len)),
        (None, Name::OneIndices) => Mask::One(places()),
        (None, Name::ZeroIndices) => Mask::Zero(places()),
        _ => Mask::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bit_strings_are_the_formats_numbers_at_any_length() {
        // From bit 3 of 0xb4: 10110, then the low four of 0x5a, 1010, as in `bits`. The uppermost eight are 0xb5.
        let short = BitString::cut(&[0xb4, 0x5a], 3, 9);
        assert_eq!(short.to_decimal(), 0b1_0110_1010.to_string());
        let places = (0..10).filter(|place| short.get(*place));
        assert_eq!(places.collect::<Vec<_>>(), [0, 2, 4, 5, 7]);
        // 1160 of twelve bits, taken from a real game: 0x48 and 8, so the fourth, the seventh and the last.
        let mask = BitString::cut(&[0x48, 0x08], 0, 12);
        assert_eq!(mask.to_decimal(), "1160");
        let places = (0..12).filter(|place| mask.get(*place));
        assert_eq!(places.collect::<Vec<_>>(), [3, 6, 11]);
        // Seventeen bytes of ones are 2^136 - 1.
        let long = BitString::cut(&[0xff; 17], 0, 136);
        assert_eq!(
            long.to_decimal(),
            "87112285931760246646623899502532662132735"
        );
        assert_eq!(BitString::cut(&[], 0, 0).to_decimal(), "0");
    }
}
