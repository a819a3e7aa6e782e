//! Feature values to the integer codes of their quantization grids, and back.

use crate::obs::feature::Quant;

/// The columns of one feature vector.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    quants: Vec<Quant>,
    bytes: usize,
}

impl Columns {
    pub(super) fn new(quants: Vec<Quant>) -> Columns {
        let bytes = quants.iter().map(|q| q.bytes()).sum();
        Columns { quants, bytes }
    }

    /// Columns of a vector.
    pub(super) fn len(&self) -> usize {
        self.quants.len()
    }

    /// Bytes of a vector's codes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// # Panics
    /// If `values` has another width.
    pub(super) fn write(&self, values: &[f32], out: &mut Vec<u8>) {
        assert_eq!(values.len(), self.quants.len(), "feature width");
        for (q, &v) in self.quants.iter().zip(values) {
            let code = q.code(v);
            match q.bytes() {
                2 => out.extend((code as u16).to_le_bytes()),
                _ => out.push(code as u8),
            }
        }
    }

    /// Appends the values; `bytes` has [`Columns::bytes`] bytes.
    pub(super) fn read(&self, bytes: &[u8], out: &mut Vec<f32>) {
        let mut at = 0;
        for q in &self.quants {
            let code = match q {
                Quant::U16(_) => i32::from(u16::from_le_bytes([bytes[at], bytes[at + 1]])),
                Quant::I8(_) => i32::from(bytes[at] as i8),
                _ => i32::from(bytes[at]),
            };
            out.push(q.value(code));
            at += q.bytes();
        }
    }
}
