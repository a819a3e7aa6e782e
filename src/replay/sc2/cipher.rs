//! The MPQ format's name hashes and the cipher of its tables.

/// Hash kinds: where a name stands in the hash table, the two checks, keys of tables.
pub(crate) const AT: u32 = 0;
pub(crate) const CHECK_A: u32 = 1;
pub(crate) const CHECK_B: u32 = 2;
pub(crate) const KEY: u32 = 3;

/// The format's table of pseudo-random words.
fn noise() -> &'static [u32; 0x500] {
    static NOISE: std::sync::LazyLock<[u32; 0x500]> = std::sync::LazyLock::new(|| {
        let mut table = [0u32; 0x500];
        let mut seed = 0x0010_0001u32;
        let mut draw = || {
            seed = (seed * 125 + 3) % 0x002a_aaab;
            seed & 0xffff
        };
        for i in 0..0x100 {
            for k in 0..5 {
                table[i + k * 0x100] = draw() << 16 | draw();
            }
        }
        table
    });
    &NOISE
}

/// A name's hash of one kind; letter case does not count.
pub(crate) fn hash(name: &str, kind: u32) -> u32 {
    let (mut a, mut b) = (0x7fed_7fedu32, 0xeeee_eeeeu32);
    for byte in name.bytes().map(|byte| byte.to_ascii_uppercase()) {
        let word = noise()[(kind * 0x100) as usize + usize::from(byte)];
        a = word ^ a.wrapping_add(b);
        b = u32::from(byte)
            .wrapping_add(a)
            .wrapping_add(b)
            .wrapping_add(b << 5)
            .wrapping_add(3);
    }
    a
}

/// Encrypts or decrypts a table in place.
pub(crate) fn crypt(words: &mut [u32], key: u32, encrypts: bool) {
    let (mut key, mut seed) = (key, 0xeeee_eeeeu32);
    for word in words {
        seed = seed.wrapping_add(noise()[0x400 + (key & 0xff) as usize]);
        let given = *word;
        *word ^= key.wrapping_add(seed);
        let plain = if encrypts { given } else { *word };
        key = (!key << 0x15).wrapping_add(0x1111_1111) | key >> 0x0b;
        seed = plain
            .wrapping_add(seed)
            .wrapping_add(seed << 5)
            .wrapping_add(3);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_and_keys_are_those_of_the_format() {
        // Published with the format: the keys of the two tables.
        assert_eq!(hash("(hash table)", KEY), 0xc3af_3770);
        assert_eq!(hash("(block table)", KEY), 0xec83_b3a3);
        assert_eq!(hash("(HASH table)", KEY), hash("(hash table)", KEY));
    }
}
