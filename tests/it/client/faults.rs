//! A game that is slow, silent, talks nonsense or dies.
