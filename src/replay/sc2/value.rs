//! Values as they are read: a flat list of cells, each followed by what belongs to it.

use super::names::Name;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Content {
    Null,
    Int(i64),
    Bool(bool),
    /// Bytes of the section, from and to.
    Blob(u32, u32),
    /// Bits of the section: first bit and how many.
    Bits(u32, u32),
    /// The cells after it that belong to it are its parts.
    Group,
}

#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// What the group around it calls it.
    pub name: Name,
    pub content: Content,
    /// How many of the cells after it belong to it.
    pub below: u32,
}

/// A value and, if it is a group, its parts.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    section: &'a [u8],
    cells: &'a [Cell],
}

impl<'a> Value<'a> {
    /// The first of `cells`; none of nothing.
    pub fn first(section: &'a [u8], cells: &'a [Cell]) -> Option<Value<'a>> {
        let end = cells.first()?.below as usize + 1;
        Some(Value {
            section,
            cells: cells.get(..end)?,
        })
    }

    pub fn name(&self) -> Name {
        self.cells[0].name
    }

    pub fn content(&self) -> Content {
        self.cells[0].content
    }

    pub fn parts(&self) -> Parts<'a> {
        Parts {
            section: self.section,
            rest: &self.cells[1..],
        }
    }

    /// A group's part by name; none too where it is null.
    pub fn get(&self, name: Name) -> Option<Value<'a>> {
        self.parts()
            .find(|part| part.name() == name)
            .filter(|part| part.cells[0].content != Content::Null)
    }

    /// The only part of a choice.
    pub fn chosen(&self) -> Option<Value<'a>> {
        self.parts().next()
    }

    pub fn as_int(&self) -> Option<i64> {
        match self.cells[0].content {
            Content::Int(value) => Some(value),
            Content::Bool(value) => Some(i64::from(value)),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self.cells[0].content {
            Content::Bool(value) => Some(value),
            _ => None,
        }
    }

    pub fn as_bytes(&self) -> Option<&'a [u8]> {
        match self.cells[0].content {
            Content::Blob(from, to) => self.section.get(from as usize..to as usize),
            _ => None,
        }
    }

    /// The section and which of its bits.
    pub fn as_bits(&self) -> Option<(&'a [u8], usize, usize)> {
        match self.cells[0].content {
            Content::Bits(from, n) => Some((self.section, from as usize, n as usize)),
            _ => None,
        }
    }

    pub fn int(&self, name: Name) -> Option<i64> {
        self.get(name)?.as_int()
    }

    /// A number that fits `T`; none where it is absent, null or too large.
    pub fn num<T: TryFrom<i64>>(&self, name: Name) -> Option<T> {
        T::try_from(self.int(name)?).ok()
    }

    pub fn bool(&self, name: Name) -> bool {
        self.get(name)
            .and_then(|value| value.as_bool())
            .unwrap_or(false)
    }

    /// Text; what is no UTF-8 in it is marked.
    pub fn text(&self, name: Name) -> Option<String> {
        let bytes = self.get(name)?.as_bytes()?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    }
}

/// The parts of a group, in order.
pub struct Parts<'a> {
    section: &'a [u8],
    rest: &'a [Cell],
}

impl<'a> Iterator for Parts<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        let part = Value::first(self.section, self.rest)?;
        self.rest = &self.rest[part.cells.len()..];
        Some(part)
    }
}
