//! Buffs that matter to play, gathered into classes.

use crate::game::BuffId;
use std::sync::LazyLock;

/// Name and buff ids (4.10) of each class; a class is one column of the unit features.
pub const BUFFS: &[(&str, &[u16])] = &[
    ("carries_minerals", &[271, 272]),
    ("carries_vespene", &[273, 274, 275]),
    ("stimpack", &[24, 27]),
    ("boosted_production", &[20, 281]),
    ("larva_injected", &[11]),
    ("supply_dropped", &[25]),
    ("concussed", &[33]),
    ("fungal_growth", &[17, 284]),
    ("neural_parasite", &[22, 23]),
    ("emp", &[16]),
    ("psi_storm", &[28]),
    ("graviton_beam", &[5]),
    ("guardian_shield", &[18]),
    ("charging", &[30]),
    ("revelation", &[49]),
    ("blinding_cloud", &[38, 83]),
    ("afterburners", &[89]),
    ("locked_on", &[116]),
    ("snipe_channel", &[145]),
    ("purification_nova", &[111, 140]),
    ("barrier", &[102]),
    ("pulsar_beam", &[99]),
    ("time_warp", &[121, 289]),
    ("prismatic_alignment", &[122]),
    ("parasitic_bomb", &[132, 133]),
    ("stasis", &[71, 72, 129]),
    ("interference_matrix", &[277]),
    ("anti_armor", &[142, 143, 144, 278, 280]),
    ("transfusion", &[288]),
    ("contaminated", &[36]),
    ("hold_fire", &[12, 13, 136, 137]),
    ("caustic_spray", &[10, 69]),
];

/// Class of buffs that makes a worker count as carrying.
pub const CARRY_BITS: u32 = 0b11;
/// Classes that say a structure has been boosted already.
pub const BOOST_BITS: u32 = 0b11_1000;

/// Bit set of the classes that the buffs fall into.
#[inline]
pub fn buff_bits(buffs: &[BuffId]) -> u32 {
    static CLASS: LazyLock<[u8; 512]> = LazyLock::new(|| {
        let mut table = [u8::MAX; 512];
        for (class, (_, ids)) in BUFFS.iter().enumerate() {
            for &id in *ids {
                table[usize::from(id)] = class as u8;
            }
        }
        table
    });
    buffs
        .iter()
        .fold(0, |bits, b| match CLASS.get(usize::from(b.0)) {
            Some(&class) if class != u8::MAX => bits | 1 << class,
            _ => bits,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_fit_their_bit_set_and_named_masks_hold() {
        assert!(BUFFS.len() <= 32);
        assert_eq!(buff_bits(&[BuffId(272)]) & CARRY_BITS, 1);
        assert_eq!(buff_bits(&[BuffId(274)]) & CARRY_BITS, 2);
        for id in [281, 11, 25] {
            assert_ne!(buff_bits(&[BuffId(id)]) & BOOST_BITS, 0);
        }
        assert_eq!(buff_bits(&[BuffId(511), BuffId(9999)]), 0);
    }
}
