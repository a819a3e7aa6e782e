//! What a row of the feature table is, and how a value gets onto its quantization grid.

/// Grid that a feature's values lie on. Encoders round to it, so the wire's integers lose nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Quant {
    /// 0 or 1.
    Bit,
    /// `code / n`, code in 0..=255.
    U8(f32),
    /// `code / n`, code in -128..=127.
    I8(f32),
    /// `code / n`, code in 0..=65535.
    U16(f32),
}

impl Quant {
    /// Bytes of a code on the wire.
    pub const fn bytes(self) -> usize {
        match self {
            Quant::U16(_) => 2,
            _ => 1,
        }
    }

    /// The nearest code; out-of-range values saturate, NaN is 0.
    #[inline(always)]
    pub fn code(self, v: f32) -> i32 {
        match self {
            Quant::Bit => i32::from(v > 0.5),
            Quant::U8(n) => ((v * n + 0.5) as i32).clamp(0, 255),
            Quant::U16(n) => ((v * n + 0.5) as i32).clamp(0, 65535),
            Quant::I8(n) => {
                let scaled = v * n;
                ((if scaled < 0.0 {
                    scaled - 0.5
                } else {
                    scaled + 0.5
                }) as i32)
                    .clamp(-128, 127)
            }
        }
    }

    /// The value of a code.
    #[inline(always)]
    pub fn value(self, code: i32) -> f32 {
        match self {
            Quant::Bit => code as f32,
            Quant::U8(n) | Quant::U16(n) | Quant::I8(n) => code as f32 * (1.0 / n),
        }
    }

    /// A value brought onto the grid.
    #[inline(always)]
    pub fn snap(self, v: f32) -> f32 {
        self.value(self.code(v))
    }

    /// Smallest and largest value.
    pub fn range(self) -> (f32, f32) {
        match self {
            Quant::Bit => (0.0, 1.0),
            Quant::U8(_) => (0.0, self.value(255)),
            Quant::U16(_) => (0.0, self.value(65535)),
            Quant::I8(_) => (self.value(-128), self.value(127)),
        }
    }
}

/// Columns a feature takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    Fixed(usize),
    /// One per counted unit type (`Vocab::counted`).
    Counted,
    /// One per row of the order table (`Vocab::orders`).
    Orders,
    /// One per upgrade of the data tables.
    Upgrades,
    /// One per buff class (`buffs::BUFFS`).
    Buffs,
}

impl Width {
    #[inline(always)]
    pub fn get(self) -> usize {
        match self {
            Width::Fixed(n) => n,
            Width::Counted => super::vocab::vocab().counted().len(),
            Width::Orders => super::vocab::vocab().orders().len(),
            Width::Upgrades => crate::game::data::upgrades().len(),
            Width::Buffs => super::buffs::BUFFS.len(),
        }
    }
}

/// One row of the feature table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Feature {
    pub name: &'static str,
    /// Bit g: group g has the feature (mine 1, enemy 2, neutral 4). Scalars have 1.
    pub groups: u8,
    pub width: Width,
    pub quant: Quant,
    /// Where it comes from and how it is encoded, for the docs.
    pub source: &'static str,
}

/// A value as a feature's closure returns it.
pub(super) trait Emit {
    /// Writes into `out` (zeroed, as long as the feature is wide).
    fn emit(self, quant: Quant, out: &mut [f32]);
}

impl Emit for f32 {
    #[inline(always)]
    fn emit(self, quant: Quant, out: &mut [f32]) {
        out[0] = quant.snap(self);
    }
}

impl Emit for bool {
    #[inline(always)]
    fn emit(self, _: Quant, out: &mut [f32]) {
        out[0] = if self { 1.0 } else { 0.0 };
    }
}

/// One column set to 1; an index beyond the width sets none.
pub(super) struct OneHot(pub usize);

impl Emit for OneHot {
    #[inline(always)]
    fn emit(self, _: Quant, out: &mut [f32]) {
        if let Some(slot) = out.get_mut(self.0) {
            *slot = 1.0;
        }
    }
}

/// Column i is bit i.
pub(super) struct Bits(pub u128);

impl Emit for Bits {
    #[inline(always)]
    fn emit(self, _: Quant, out: &mut [f32]) {
        let mut rest = self.0;
        while rest != 0 {
            let i = rest.trailing_zeros() as usize;
            if let Some(slot) = out.get_mut(i) {
                *slot = 1.0;
            }
            rest &= rest - 1;
        }
    }
}

/// Counts, divided by 16.
pub(super) struct Counts<'a>(pub &'a [u16]);

impl Emit for Counts<'_> {
    #[inline(always)]
    fn emit(self, quant: Quant, out: &mut [f32]) {
        for (slot, &n) in out.iter_mut().zip(self.0) {
            if n != 0 {
                *slot = quant.snap(f32::from(n) / 16.0);
            }
        }
    }
}

impl<const N: usize> Emit for [f32; N] {
    #[inline(always)]
    fn emit(self, quant: Quant, out: &mut [f32]) {
        for (slot, v) in out.iter_mut().zip(self) {
            *slot = quant.snap(v);
        }
    }
}

/// Declares a feature table and the function that encodes it, so that neither can leave the other behind.
macro_rules! feature_table {
    ($(#[$doc:meta])* $table:ident, $encode:ident, $ctx:ty;
     $($name:literal, $groups:expr, $width:expr, $quant:expr, $source:literal, |$c:ident| $body:expr;)*) => {
        $(#[$doc])*
        pub const $table: &[Feature] = &[
            $(Feature { name: $name, groups: $groups, width: $width, quant: $quant, source: $source },)*
        ];

        /// Encodes the features that group `G` has, in table order; returns the columns written.
        #[inline]
        pub(super) fn $encode<const G: usize>(ctx: &$ctx, out: &mut [f32]) -> usize {
            let mut at = 0;
            $(if $groups & (1u8 << G) != 0 {
                let $c = ctx;
                let width = $width.get();
                $crate::obs::feature::Emit::emit($body, $quant, &mut out[at..at + width]);
                at += width;
            })*
            at
        }
    };
}
pub(super) use feature_table;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn snapped_values_survive_their_code(v in -1e6f32..1e6, n in 1.0f32..5000.0) {
            for q in [Quant::Bit, Quant::U8(n), Quant::I8(n), Quant::U16(n)] {
                let s = q.snap(v);
                prop_assert_eq!(q.value(q.code(s)).to_bits(), s.to_bits());
                let (lo, hi) = q.range();
                prop_assert!(s >= lo && s <= hi);
                if v > lo && v < hi && q != Quant::Bit {
                    prop_assert!((s - v).abs() <= 0.5 / n + v.abs() * 1e-5);
                }
            }
        }
    }

    #[test]
    fn not_a_number_is_zero() {
        for q in [Quant::Bit, Quant::U8(4.0), Quant::I8(4.0), Quant::U16(4.0)] {
            assert_eq!(q.snap(f32::NAN), 0.0);
        }
    }
}
