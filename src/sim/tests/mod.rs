//! The rules at work, with the figures of the tables.

mod construction;
mod economy;
mod observation;
mod phases;
mod terran;
mod units;
