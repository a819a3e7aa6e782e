//! Tests of learning: see the files.
