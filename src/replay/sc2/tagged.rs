//! Values that carry their own shape, byte by byte: the header, the details and tracker events.
//!
//! A byte says what follows, numbers are of variable length, structures name their fields by tag. What our layout does
//! not know is read over, so that a newer game's additions do no harm.

use super::bits::Fault;
use super::layout::{Type, TypeId};
use super::names::Name;
use super::packed::CELLS_MAX;
use super::value::{Cell, Content};

const ARRAY: u8 = 0;
const BIT_STRING: u8 = 1;
const BLOB: u8 = 2;
const CHOICE: u8 = 3;
const OPTION: u8 = 4;
const STRUCT: u8 = 5;
const ONE_BYTE: u8 = 6;
const FOUR_BYTES: u8 = 7;
const EIGHT_BYTES: u8 = 8;
const NUMBER: u8 = 9;

/// What is read over may be nested this deep; replays nest under ten.
const DEPTH_MAX: usize = 64;

/// Reads tagged values into cells.
pub struct Tagged<'a> {
    bytes: &'a [u8],
    at: usize,
    types: &'static [Type],
}

impl<'a> Tagged<'a> {
    pub fn new(section: &'a [u8], types: &'static [Type]) -> Tagged<'a> {
        Tagged {
            bytes: section,
            at: 0,
            types,
        }
    }

    pub fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// In bytes.
    pub fn position(&self) -> usize {
        self.at
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        let byte = *self.bytes.get(self.at).ok_or(Fault::Truncated)?;
        self.at += 1;
        Ok(byte)
    }

    fn pass(&mut self, n: usize) -> Result<(u32, u32), Fault> {
        let from = self.at;
        let to = from.checked_add(n).filter(|to| *to <= self.bytes.len());
        self.at = to.ok_or(Fault::Truncated)?;
        Ok((from as u32, self.at as u32))
    }

    fn expect(&mut self, shape: u8) -> Result<(), Fault> {
        match self.byte()? {
            found if found == shape => Ok(()),
            _ => Err(Fault::Corrupt("a value has another shape than its place")),
        }
    }

    /// Sign in the lowest bit, seven bits a byte after the first six.
    fn number(&mut self) -> Result<i64, Fault> {
        let first = self.byte()?;
        let mut value = u64::from(first >> 1 & 0x3f);
        let (mut shift, mut more) = (6, first & 0x80 != 0);
        while more {
            let byte = self.byte()?;
            if shift > 62 {
                return Err(Fault::Corrupt("a number is longer than any"));
            }
            value |= u64::from(byte & 0x7f) << shift;
            (shift, more) = (shift + 7, byte & 0x80 != 0);
        }
        let value = value as i64;
        Ok(if first & 1 != 0 {
            value.wrapping_neg()
        } else {
            value
        })
    }

    fn length(&mut self) -> Result<usize, Fault> {
        usize::try_from(self.number()?).map_err(|_| Fault::Corrupt("a length is negative"))
    }

    /// Reads a value and all of it that somebody asks for.
    pub fn read(&mut self, of: TypeId, name: Name, cells: &mut Vec<Cell>) -> Result<(), Fault> {
        if cells.len() >= CELLS_MAX {
            return Err(Fault::Corrupt("it has more parts than any game's"));
        }
        let content = match &self.types[usize::from(of)] {
            Type::Int(_) => {
                self.expect(NUMBER)?;
                Content::Int(self.number()?)
            }
            Type::Bool => {
                self.expect(ONE_BYTE)?;
                Content::Bool(self.byte()? != 0)
            }
            Type::Blob(_) => {
                self.expect(BLOB)?;
                let n = self.length()?;
                let (from, to) = self.pass(n)?;
                Content::Blob(from, to)
            }
            Type::BitString(_) => {
                self.expect(BIT_STRING)?;
                let n = self.length()?;
                let (from, _) = self.pass(n.div_ceil(8))?;
                Content::Bits(from * 8, n as u32)
            }
            Type::Code | Type::Real32 => {
                self.expect(FOUR_BYTES)?;
                let (from, to) = self.pass(4)?;
                Content::Blob(from, to)
            }
            Type::Real64 => {
                self.expect(EIGHT_BYTES)?;
                let (from, to) = self.pass(8)?;
                Content::Blob(from, to)
            }
            Type::Null => Content::Null,
            Type::Option(inner) => {
                self.expect(OPTION)?;
                if self.byte()? != 0 {
                    return self.read(*inner, name, cells);
                }
                Content::Null
            }
            group => return self.group(group, name, cells),
        };
        cells.push(Cell {
            name,
            content,
            below: 0,
        });
        Ok(())
    }

    fn group(
        &mut self,
        group: &'static Type,
        name: Name,
        cells: &mut Vec<Cell>,
    ) -> Result<(), Fault> {
        let at = cells.len();
        cells.push(Cell {
            name,
            content: Content::Group,
            below: 0,
        });
        match group {
            Type::Struct(fields) => {
                self.expect(STRUCT)?;
                for _ in 0..self.length()? {
                    let tag = self.number()?;
                    match fields.iter().find(|field| field.tag == tag) {
                        Some(field) if field.name != Name::Other => {
                            self.read(field.of, field.name, cells)?;
                        }
                        _ => self.skip(0)?,
                    }
                }
            }
            Type::Array(_, of) => {
                self.expect(ARRAY)?;
                for _ in 0..self.length()? {
                    self.read(*of, Name::Other, cells)?;
                }
            }
            Type::Choice(_, ways) => {
                self.expect(CHOICE)?;
                let tag = self.number()?;
                match ways.iter().find(|way| way.tag == tag) {
                    Some(way) => self.read(way.of, way.name, cells)?,
                    None => self.skip(0)?,
                }
            }
            _ => {}
        }
        cells[at].below = (cells.len() - at - 1) as u32;
        Ok(())
    }

    /// Reads over a value by the shape that it says it has. Every part takes a byte at least, so no length makes it
    /// longer than the section.
    fn skip(&mut self, depth: usize) -> Result<(), Fault> {
        if depth > DEPTH_MAX {
            return Err(Fault::Corrupt("its parts are nested too deep"));
        }
        match self.byte()? {
            ARRAY => {
                let n = self.length()?;
                (0..n).try_for_each(|_| self.skip(depth + 1))
            }
            BIT_STRING => {
                let n = self.length()?;
                self.pass(n.div_ceil(8)).map(|_| ())
            }
            BLOB => {
                let n = self.length()?;
                self.pass(n).map(|_| ())
            }
            CHOICE => {
                self.number()?;
                self.skip(depth + 1)
            }
            OPTION => match self.byte()? {
                0 => Ok(()),
                _ => self.skip(depth + 1),
            },
            STRUCT => {
                let n = self.length()?;
                (0..n).try_for_each(|_| self.number().and_then(|_| self.skip(depth + 1)))
            }
            ONE_BYTE => self.pass(1).map(|_| ()),
            FOUR_BYTES => self.pass(4).map(|_| ()),
            EIGHT_BYTES => self.pass(8).map(|_| ()),
            NUMBER => self.number().map(|_| ()),
            _ => Err(Fault::Corrupt("a value has no known shape")),
        }
    }
}
