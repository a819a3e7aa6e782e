//! The embedded simulator of StarCraft II's melee rules (patch 4.10).
