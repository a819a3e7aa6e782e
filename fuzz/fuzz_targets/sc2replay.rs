//! Any bytes as a `.SC2Replay` file, or as a part of one: a replay or an error, in bounded memory and time.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| scc_fuzz::decode(input));
