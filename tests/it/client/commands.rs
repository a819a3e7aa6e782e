//! The real binary with `--game sc2`.
