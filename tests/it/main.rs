//! One integration binary; a line of purpose per module.

mod analysis; // players' games of real and own replays against reference decodings and the simulator itself
mod behavior; // what the built-in levels do: expand, scout, upgrade, drop, defend, retreat, attack
mod builds; // what a build makes of a game, and what the cheating levels make of their sight
mod bus; // the bus: one suite in one process and over a real nats-server; outages, the real binary
mod captured_maps; // maps of captures: starts, resources, bases, ramps as captured; games on them
mod captures; // captures of the real game: conversion, map import, bad input
mod cli; // the real binary: help, JSON, exit codes, bad input
mod client; // the API client against the simulator's server: equal looks, faults, the real binary
#[cfg(feature = "torch")]
mod cluster; // a league of real processes over a real nats-server: to its end; killed at random; cut off
mod dashboard; // the page of runs and leagues, over HTTP: every endpoint, refusals, a run beside it
mod data_tables; // our data tables against their sources, field by field
mod fidelity; // the simulator against recorded games: the table of theirs, and ours held against it
mod kept; // replays/ and agents/: listed, replayed, loaded
mod loopback; // who reaches our servers when nothing is said of it: this machine alone
#[cfg_attr(not(feature = "torch"), allow(dead_code))]
mod observation; // observations, actions and trajectories of simulated games
mod players; // the built-in AI and the scripts in whole games
mod schedule; // scheduled matches: due, killed, locked, told
mod server; // the SC2 API server through real sockets: states, errors, games, real clients
mod servers; // nats-server and MariaDB of a test's own
mod setup; // scripts/, the Makefile, what the binary links to
mod sim_invariants; // random orders against the simulator: books, determinism
mod storage; // the league's database: a writer that is killed loses nothing
mod terran; // the simulator's Terran against the tables and the action space
mod tidy; // house rules, checked on the sources
#[cfg(feature = "torch")]
mod train; // training with the real binary: killed, resumed, two runs on one folder
