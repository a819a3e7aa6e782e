//! Tests of the learner: that it sees what the actors did (`likelihood`), what an update may and may not change
//! (`updates`), and that it learns (`toys`, on the smallest network).

mod likelihood;
mod play;
mod toy;
mod toys;
mod updates;
