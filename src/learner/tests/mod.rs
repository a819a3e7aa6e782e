//! Tests of the learner: that it sees what the actors did (`likelihood`), what an update may and may not change
//! (`updates`), that several make one update (`replicas`), and that it learns, on the smallest network: each head and the
//! core (`toys`), and an equilibrium, which takes a league (`equilibrium`).

mod equilibrium;
mod likelihood;
mod matrix;
mod play;
mod replicas;
mod toy;
mod toys;
mod updates;
