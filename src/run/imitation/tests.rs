//! The whole pipeline, very small.
