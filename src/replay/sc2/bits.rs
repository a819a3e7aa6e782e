//! A cursor over packed bits: least significant bit of a byte first, but earlier bits of a number count more.

/// Why a section cannot be read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("it ends in the middle")]
    Truncated,
    #[error("{0}")]
    Corrupt(&'static str),
}

/// Reads a section bit by bit; every read is checked against its end.
#[derive(Clone, Copy)]
pub struct Bits<'a> {
    bytes: &'a [u8],
    /// In bits.
    at: usize,
}

impl<'a> Bits<'a> {
    pub fn new(bytes: &'a [u8]) -> Bits<'a> {
        Bits { bytes, at: 0 }
    }

    /// Where the cursor stands, in bits.
    pub fn position(&self) -> usize {
        self.at
    }

    pub fn is_done(&self) -> bool {
        self.at >= self.bytes.len() * 8
    }

    /// On to the next whole byte.
    pub fn align(&mut self) {
        self.at = self.at.next_multiple_of(8);
    }

    /// The next `n` (at most 64) bits as one number.
    #[inline]
    pub fn read(&mut self, n: usize) -> Result<u64, Fault> {
        let (byte, shift) = (self.at / 8, self.at % 8);
        let end = self.at + n;
        if end > self.bytes.len() * 8 {
            return Err(Fault::Truncated);
        }
        if n == 0 {
            return Ok(0);
        }
        self.at = end;
        let first = u64::from(self.bytes[byte]) >> shift;
        let taken = 8 - shift;
        if n <= taken {
            return Ok(first & ((1 << n) - 1));
        }
        let (whole, tail) = ((n - taken) / 8, (n - taken) % 8);
        let middle = &self.bytes[byte + 1..byte + 1 + whole];
        let value = middle.iter().fold(first, |v, b| v << 8 | u64::from(*b));
        if tail == 0 {
            return Ok(value);
        }
        let last = u64::from(self.bytes[byte + 1 + whole]) & ((1 << tail) - 1);
        Ok(value << tail | last)
    }

    /// Passes over `n` bits.
    pub fn skip(&mut self, n: usize) -> Result<(), Fault> {
        let end = self.at.checked_add(n).ok_or(Fault::Truncated)?;
        if end > self.bytes.len() * 8 {
            return Err(Fault::Truncated);
        }
        self.at = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_put_together_as_the_format_does() {
        // 0xb4 = 1011_0100: its low three bits are 100, the next five 10110; of 0x5a the low four are 1010.
        let mut bits = Bits::new(&[0xb4, 0x5a, 0xff]);
        assert_eq!(bits.read(3), Ok(0b100));
        assert_eq!(bits.read(9), Ok(0b1_0110_1010));
        bits.align();
        assert_eq!(bits.position(), 16);
        assert_eq!(bits.read(9), Err(Fault::Truncated));
        assert_eq!(bits.read(8), Ok(0xff));
        assert_eq!(bits.read(0), Ok(0));
        assert!(bits.is_done());
        assert_eq!(Bits::new(&[1, 2, 3, 4]).read(32), Ok(0x0102_0304));
        assert_eq!(Bits::new(&[]).skip(1), Err(Fault::Truncated));
    }
}
