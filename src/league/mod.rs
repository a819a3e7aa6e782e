//! Ratings and intervals over game results; later the league's players, payoff, PFSP and branching.
//!
//! Invariant: imports no other module, does no I/O, and is deterministic: plain data in, plain data out.
//!
//! ```text
//! game results -> payoff counts -> elo (maximum likelihood, with standard errors)
//!                              \-> wilson (win rate with a 95% interval)
//! ```

pub mod elo;
pub mod interval;
