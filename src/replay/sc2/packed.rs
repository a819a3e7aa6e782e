//! Values packed bit by bit: the initial data, game events and messages.

use super::bits::{Bits, Fault};
use super::layout::{Bound, Type, TypeId};
use super::names::Name;
use super::value::{Cell, Content};

/// Values of one event or section have no more cells; also holds what a damaged length could ask for.
pub const CELLS_MAX: usize = 1 << 20;

/// Reads packed values into cells.
pub struct Packed<'a> {
    pub bits: Bits<'a>,
    types: &'static [Type],
}

impl<'a> Packed<'a> {
    pub fn new(section: &'a [u8], types: &'static [Type]) -> Packed<'a> {
        Packed {
            bits: Bits::new(section),
            types,
        }
    }

    fn type_of(&self, of: TypeId) -> &'static Type {
        &self.types[usize::from(of)]
    }

    fn int(&mut self, bound: Bound) -> Result<i64, Fault> {
        let raw = self.bits.read(usize::from(bound.bits))?;
        Ok((raw as i64).wrapping_add(bound.min))
    }

    fn length(&mut self, bound: Bound) -> Result<usize, Fault> {
        usize::try_from(self.int(bound)?).map_err(|_| Fault::Corrupt("a length is negative"))
    }

    /// Reads a value and all of it that somebody asks for.
    pub fn read(&mut self, of: TypeId, name: Name, cells: &mut Vec<Cell>) -> Result<(), Fault> {
        if cells.len() >= CELLS_MAX {
            return Err(Fault::Corrupt("it has more parts than any game's"));
        }
        let content = match self.type_of(of) {
            Type::Int(bound) => Content::Int(self.int(*bound)?),
            Type::Bool => Content::Bool(self.bits.read(1)? != 0),
            Type::Blob(bound) => self.blob(*bound)?,
            Type::BitString(bound) => {
                let n = self.length(*bound)?;
                let from = self.bits.position();
                self.bits.skip(n)?;
                Content::Bits(from as u32, n as u32)
            }
            Type::Code => Content::Int(self.bits.read(32)? as i64),
            Type::Null => Content::Null,
            Type::Real32 => Content::Int(self.bits.read(32)? as i64),
            Type::Real64 => Content::Int(self.bits.read(64)? as i64),
            Type::Option(inner) => {
                if self.bits.read(1)? != 0 {
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
                for field in fields {
                    match field.name {
                        Name::Other => self.skip(field.of)?,
                        name => self.read(field.of, name, cells)?,
                    }
                }
            }
            Type::Array(bound, of) => {
                for _ in 0..self.length(*bound)? {
                    self.read(*of, Name::Other, cells)?;
                }
            }
            Type::Choice(bound, ways) => {
                let tag = self.int(*bound)?;
                let way = ways.iter().find(|way| way.tag == tag);
                let way = way.ok_or(Fault::Corrupt("a choice is none of its ways"))?;
                self.read(way.of, way.name, cells)?;
            }
            _ => {}
        }
        cells[at].below = (cells.len() - at - 1) as u32;
        Ok(())
    }

    fn blob(&mut self, bound: Bound) -> Result<Content, Fault> {
        let n = self.length(bound)?;
        self.bits.align();
        let from = self.bits.position() / 8;
        self.bits.skip(n * 8)?;
        Ok(Content::Blob(from as u32, (from + n) as u32))
    }

    /// Reads over a value.
    pub fn skip(&mut self, of: TypeId) -> Result<(), Fault> {
        match self.type_of(of) {
            Type::Int(bound) => self.bits.skip(usize::from(bound.bits)),
            Type::Bool => self.bits.skip(1),
            Type::Blob(bound) => self.blob(*bound).map(|_| ()),
            Type::BitString(bound) => {
                let n = self.length(*bound)?;
                self.bits.skip(n)
            }
            Type::Code | Type::Real32 => self.bits.skip(32),
            Type::Null => Ok(()),
            Type::Real64 => self.bits.skip(64),
            Type::Option(inner) => match self.bits.read(1)? {
                0 => Ok(()),
                _ => self.skip(*inner),
            },
            Type::Array(bound, of) => {
                let n = self.length(*bound)?;
                if let Type::Int(each) = self.type_of(*of) {
                    return self.bits.skip(n.saturating_mul(usize::from(each.bits)));
                }
                (0..n).try_for_each(|_| self.skip(*of))
            }
            Type::Struct(fields) => fields.iter().try_for_each(|field| self.skip(field.of)),
            Type::Choice(bound, ways) => {
                let tag = self.int(*bound)?;
                let way = ways.iter().find(|way| way.tag == tag);
                let way = way.ok_or(Fault::Corrupt("a choice is none of its ways"))?;
                self.skip(way.of)
            }
        }
    }
}
