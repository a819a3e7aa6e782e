//! Events one after the other: how many loops since the last one, who, what kind, what it holds.

use super::bits::Fault;
use super::layout::{Layout, Section, TypeId};
use super::names::Name;
use super::packed::Packed;
use super::tagged::Tagged;
use super::value::{Cell, Value};

/// More events than any game has (the longest known: 300,000); a damaged section must not fill the memory.
const EVENTS_MAX: usize = 2 << 20;

/// Why a section of events ends early.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("event {events}, at byte {byte}: {fault}")]
pub struct StreamError {
    /// Events read before it.
    pub events: usize,
    pub byte: usize,
    #[source]
    pub fault: Fault,
}

/// What stands before every event.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    pub game_loop: u64,
    /// Number of the user in the lobby, 16 for the game itself; none of tracker events.
    pub user: Option<u8>,
    /// The event's name in Blizzard's tables, e.g. `CmdEvent`.
    pub name: &'static str,
}

/// Either way of reading values.
trait Decoder {
    fn read(&mut self, of: TypeId, cells: &mut Vec<Cell>) -> Result<(), Fault>;
    fn skip(&mut self, of: TypeId, cells: &mut Vec<Cell>) -> Result<(), Fault>;
    fn align(&mut self);
    fn is_done(&self) -> bool;
    fn byte(&self) -> usize;
}

impl Decoder for Packed<'_> {
    fn read(&mut self, of: TypeId, cells: &mut Vec<Cell>) -> Result<(), Fault> {
        Packed::read(self, of, Name::Other, cells)
    }
    fn skip(&mut self, of: TypeId, _: &mut Vec<Cell>) -> Result<(), Fault> {
        Packed::skip(self, of)
    }
    fn align(&mut self) {
        self.bits.align();
    }
    fn is_done(&self) -> bool {
        self.bits.is_done()
    }
    fn byte(&self) -> usize {
        self.bits.position() / 8
    }
}

impl Decoder for Tagged<'_> {
    fn read(&mut self, of: TypeId, cells: &mut Vec<Cell>) -> Result<(), Fault> {
        Tagged::read(self, of, Name::Other, cells)
    }
    fn skip(&mut self, of: TypeId, cells: &mut Vec<Cell>) -> Result<(), Fault> {
        Tagged::read(self, of, Name::Other, cells)
    }
    fn align(&mut self) {}
    fn is_done(&self) -> bool {
        Tagged::is_done(self)
    }
    fn byte(&self) -> usize {
        self.position()
    }
}

/// Reads all events of a section whose values are packed. `kind` says by an event's name what `take` makes of it; what
/// it makes nothing of is read over and comes without a value.
///
/// # Errors
/// At the first event that cannot be read.
pub fn packed<K: Copy>(
    section: Section,
    bytes: &[u8],
    build: u32,
    kind: impl Fn(&str) -> Option<K>,
    take: impl FnMut(Stamp, Option<(K, Value<'_>)>),
) -> Result<(), StreamError> {
    let layout = Layout::of(section, build);
    let decoder = Packed::new(bytes, layout.types);
    run(bytes, &layout, decoder, kind, take)
}

/// As [`packed`], of a section whose values are tagged.
///
/// # Errors
/// At the first event that cannot be read.
pub fn tagged<K: Copy>(
    section: Section,
    bytes: &[u8],
    build: u32,
    kind: impl Fn(&str) -> Option<K>,
    take: impl FnMut(Stamp, Option<(K, Value<'_>)>),
) -> Result<(), StreamError> {
    let layout = Layout::of(section, build);
    let decoder = Tagged::new(bytes, layout.types);
    run(bytes, &layout, decoder, kind, take)
}

fn run<D: Decoder, K: Copy>(
    section: &[u8],
    layout: &Layout,
    mut decoder: D,
    kind: impl Fn(&str) -> Option<K>,
    mut take: impl FnMut(Stamp, Option<(K, Value<'_>)>),
) -> Result<(), StreamError> {
    let kinds: Vec<Option<K>> = (0..256)
        .map(|key| layout.event(key).and_then(|(_, name)| kind(name)))
        .collect();
    let mut cells = Vec::new();
    let mut game_loop = 0u64;
    let mut events = 0;
    while !decoder.is_done() {
        let byte = decoder.byte();
        let stopped = |fault| StreamError {
            events,
            byte,
            fault,
        };
        if events == EVENTS_MAX {
            return Err(stopped(Fault::Corrupt("it has more events than any game")));
        }
        let (user, key, delta) =
            prefix(&mut decoder, layout, section, &mut cells).map_err(stopped)?;
        game_loop = game_loop.wrapping_add(delta);
        let (of, name) = layout
            .event(key)
            .ok_or_else(|| stopped(Fault::Corrupt("an event is of no kind that this build has")))?;
        let stamp = Stamp {
            game_loop,
            user,
            name,
        };
        cells.clear();
        match kinds[key as usize & 0xff] {
            None => {
                decoder.skip(of, &mut cells).map_err(stopped)?;
                take(stamp, None);
            }
            Some(kind) => {
                decoder.read(of, &mut cells).map_err(stopped)?;
                take(
                    stamp,
                    Value::first(section, &cells).map(|value| (kind, value)),
                );
            }
        }
        decoder.align();
        events += 1;
    }
    Ok(())
}

/// Who, what kind, how many loops since the last event.
fn prefix<D: Decoder>(
    decoder: &mut D,
    layout: &Layout,
    section: &[u8],
    cells: &mut Vec<Cell>,
) -> Result<(Option<u8>, u64, u64), Fault> {
    const NONE: Fault = Fault::Corrupt("this build has no such events");
    let mut number = |of: TypeId| {
        cells.clear();
        decoder.read(of, cells)?;
        let value = Value::first(section, cells);
        // A group of one: the width that was chosen, or the only field.
        let value = value.and_then(|value| value.as_int().or_else(|| value.chosen()?.as_int()));
        Ok(value.unwrap_or(0) as u64)
    };
    let delta = number(layout.time.ok_or(NONE)?)?;
    let user = layout.user.map(&mut number).transpose()?;
    let key = number(layout.key.ok_or(NONE)?)?;
    Ok((user.map(|user| user as u8), key, delta))
}
