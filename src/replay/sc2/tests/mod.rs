//! Tests of the decoder: against the reference decodings, on replays made here, and on damaged ones.

mod decoding;
mod fuzz;
mod hostile;
mod made;
mod reference;
