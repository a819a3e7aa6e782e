//! The league on toy payoffs: cycles, dominated and forgotten players, promotion tables, distributions, replays.

use super::config::{BranchConfig, LeagueConfig, PromotionRule, Start, StartFrom};
use super::*;
use std::collections::BTreeMap;

pub(super) const MAIN: PlayerId = PlayerId(1);
const EXPLOITER: PlayerId = PlayerId(2);
const LEAGUE_EXPLOITER: PlayerId = PlayerId(3);

fn rule(steps_min: u64, steps_max: u64) -> PromotionRule {
    PromotionRule {
        steps_min,
        steps_max,
        win_rate: 0.7,
        games_min: 4.0,
    }
}

/// AlphaStar's shares; copies after 100 to 1000 steps.
fn config() -> LeagueConfig {
    let mut config = LeagueConfig::default();
    config.rules.main_agent = rule(100, 1000);
    config.rules.main_exploiter = rule(100, 1000);
    config.rules.league_exploiter = rule(100, 1000);
    config
}

pub(super) fn league() -> League {
    League::new(config(), 7, "supervised.safetensors").unwrap()
}

/// `player` wins `wins` of `games` against `opponent`.
pub(super) fn played(
    league: &mut League,
    player: PlayerId,
    opponent: PlayerId,
    wins: u32,
    games: u32,
) {
    for i in 0..games {
        let outcome = if i < wins {
            Outcome::Win
        } else {
            Outcome::Loss
        };
        league.record(&game(player, opponent, outcome)).unwrap();
    }
}

pub(super) fn game(player: PlayerId, opponent: PlayerId, outcome: Outcome) -> GameResult {
    GameResult {
        kind: GameKind::Training,
        player,
        opponent,
        outcome,
        player_z: None,
        opponent_z: None,
    }
}

/// Trains `player` until a copy joins by timeout; the copy.
pub(super) fn copied(league: &mut League, player: PlayerId) -> PlayerId {
    let steps = league.player(player).unwrap().steps + 1000;
    let events = league.on_progress(player, steps, "c").unwrap();
    let past = |e: &LeagueEvent| match e {
        LeagueEvent::Promoted { past, .. } => Some(*past),
        _ => None,
    };
    events.iter().find_map(past).unwrap()
}

fn share(league: &League, player: PlayerId, branch: Branch) -> f64 {
    let chances = league.chances(player).unwrap();
    let of_branch = chances.iter().filter(|c| c.branch == branch);
    of_branch.map(|c| c.probability).sum()
}

fn chance(league: &League, player: PlayerId, opponent: PlayerId) -> f64 {
    let chances = league.chances(player).unwrap();
    let of = chances.iter().filter(|c| c.opponent == opponent);
    of.map(|c| c.probability).sum()
}

fn close(got: f64, expected: f64) {
    assert!((got - expected).abs() < 1e-9, "{got}, expected {expected}");
}

#[test]
fn a_main_agent_splits_its_games_as_alphastar_does() {
    let mut league = league();
    close(share(&league, MAIN, Branch::Pfsp), 0.5);
    // Nobody is forgotten: that share is self-play too.
    close(share(&league, MAIN, Branch::SelfPlay), 0.5);
    close(chance(&league, MAIN, SUPERVISED), 0.5);
    // A past exploiter that wins 9 of 10 takes the third share whole.
    let past = copied(&mut league, EXPLOITER);
    played(&mut league, MAIN, past, 1, 10);
    close(share(&league, MAIN, Branch::SelfPlay), 0.35);
    close(share(&league, MAIN, Branch::Exploiter), 0.15);
    // Once it is beaten, self-play has the share back.
    played(&mut league, MAIN, past, 200, 200);
    close(share(&league, MAIN, Branch::SelfPlay), 0.5);
}

#[test]
fn a_dominated_player_is_hardly_met_and_the_one_that_wins_is() {
    let mut league = league();
    let weak = copied(&mut league, MAIN);
    let strong = copied(&mut league, MAIN);
    played(&mut league, MAIN, SUPERVISED, 10, 10);
    played(&mut league, MAIN, weak, 95, 100);
    played(&mut league, MAIN, strong, 20, 100);
    let pfsp = |id| {
        let chances = league.chances(MAIN).unwrap();
        let met = chances
            .iter()
            .find(|c| c.opponent == id && c.branch == Branch::Pfsp);
        met.map_or(0.0, |c| c.probability)
    };
    assert!(pfsp(weak) < 0.005 && pfsp(strong) > 0.49);
    close(pfsp(SUPERVISED), 0.0);
}

#[test]
fn a_forgotten_player_is_met_again() {
    let mut league = league();
    let copies: Vec<PlayerId> = (0..3).map(|_| copied(&mut league, MAIN)).collect();
    // The oldest is beaten most often, the newest least: nothing is forgotten.
    for (copy, wins) in copies.iter().zip([9, 8, 6]) {
        played(&mut league, MAIN, *copy, wins, 10);
    }
    close(share(&league, MAIN, Branch::Forgotten), 0.0);
    // The oldest wins again.
    played(&mut league, MAIN, copies[0], 0, 60);
    close(share(&league, MAIN, Branch::Forgotten), 0.15);
    let chances = league.chances(MAIN).unwrap();
    let forgotten: Vec<&Chance> = chances
        .iter()
        .filter(|c| c.branch == Branch::Forgotten)
        .collect();
    assert_eq!(forgotten[0].opponent, copies[0]);
    assert!(forgotten[0].probability > 0.13, "{forgotten:?}");
}

#[test]
fn rock_paper_scissors_players_are_met_alike_and_a_lost_cycle_is_not() {
    let mut league = league();
    let cycle: Vec<PlayerId> = (0..3)
        .map(|_| copied(&mut league, LEAGUE_EXPLOITER))
        .collect();
    played(&mut league, MAIN, SUPERVISED, 10, 10);
    for copy in &cycle {
        played(&mut league, MAIN, *copy, 5, 10);
    }
    let pfsp = |league: &League, id| {
        let chances = league.chances(MAIN).unwrap();
        let met = chances
            .iter()
            .find(|c| c.opponent == id && c.branch == Branch::Pfsp);
        met.map_or(0.0, |c| c.probability)
    };
    // Win rates at decay 0.99 differ in the third digit by the order of games only, which is the same for all three.
    for copy in &cycle {
        close(pfsp(&league, *copy), 0.5 / 3.0);
    }
    // The main agent turns into a rock: it beats scissors and loses to paper.
    played(&mut league, MAIN, cycle[1], 0, 200);
    played(&mut league, MAIN, cycle[2], 200, 200);
    assert!(pfsp(&league, cycle[1]) > 0.35 && pfsp(&league, cycle[2]) < 0.01);
}

#[test]
fn too_strong_a_main_agent_is_met_through_its_checkpoints() {
    let mut config = config();
    config.starts.push(Start {
        name: "second".into(),
        role: Role::MainAgent,
        after: None,
        at_steps: 0,
        from: StartFrom::Supervised,
    });
    let mut league = League::new(config, 7, "s").unwrap();
    let second = league.find("second").unwrap().id;
    let copy = copied(&mut league, MAIN);
    close(chance(&league, second, MAIN), 0.25);
    played(&mut league, second, MAIN, 0, 20);
    close(chance(&league, second, MAIN), 0.0);
    close(share(&league, second, Branch::Curriculum), 0.25);
    close(chance(&league, second, second), 0.25);
    // Main exploiters: half of the games against each main agent, the curriculum where that is hopeless.
    close(chance(&league, EXPLOITER, MAIN), 0.5);
    close(chance(&league, EXPLOITER, second), 0.5);
    played(&mut league, EXPLOITER, MAIN, 1, 40);
    played(&mut league, EXPLOITER, copy, 20, 40);
    played(&mut league, EXPLOITER, SUPERVISED, 40, 40);
    close(chance(&league, EXPLOITER, MAIN), 0.0);
    close(chance(&league, EXPLOITER, copy), 0.5);
    close(chance(&league, EXPLOITER, SUPERVISED), 0.0);
    close(share(&league, EXPLOITER, Branch::Target), 0.5);
}

#[test]
fn a_league_exploiter_meets_everybody_but_other_exploiters_in_training() {
    let mut league = league();
    let past = copied(&mut league, EXPLOITER);
    let chances = league.chances(LEAGUE_EXPLOITER).unwrap();
    let met: Vec<PlayerId> = chances.iter().map(|c| c.opponent).collect();
    assert_eq!(met, [SUPERVISED, MAIN, past]);
    assert!(matches!(
        league.chances(past),
        Err(LeagueError::NotActive { .. })
    ));
    assert!(matches!(
        league.chances(PlayerId(99)),
        Err(LeagueError::UnknownPlayer { .. })
    ));
}

#[test]
fn matches_are_drawn_with_the_stated_probabilities() {
    let mut league = league();
    let copies = [copied(&mut league, MAIN), copied(&mut league, EXPLOITER)];
    played(&mut league, MAIN, copies[0], 3, 10);
    played(&mut league, MAIN, copies[1], 1, 10);
    let chances = league.chances(MAIN).unwrap();
    let games = 20_000;
    let mut counts: BTreeMap<(Branch, PlayerId), f64> = BTreeMap::new();
    for n in 0..games {
        let opponent = league.next_match(MAIN).unwrap();
        assert_eq!(opponent.match_number, n);
        *counts.entry((opponent.branch, opponent.id)).or_default() += 1.0;
    }
    assert_eq!(counts.len(), chances.len());
    for c in &chances {
        let n = games as f64;
        let spread = (c.probability * (1.0 - c.probability) / n).sqrt();
        let seen = counts[&(c.branch, c.opponent)] / n;
        assert!((seen - c.probability).abs() < 4.5 * spread, "{c:?}: {seen}");
    }
}

#[test]
fn copies_join_by_the_table() {
    // (steps, wins of 10 against the supervised agent) -> copy, why.
    let table = [
        (99, 10, None),
        (100, 10, Some(PromotionReason::Beaten)),
        (100, 7, None),
        (999, 7, None),
        (1000, 0, Some(PromotionReason::Timeout)),
    ];
    for (steps, wins, expected) in table {
        let mut league = league();
        played(&mut league, MAIN, SUPERVISED, wins, 10);
        let events = league.on_progress(MAIN, steps, "c").unwrap();
        let reason = events.iter().find_map(|e| match e {
            LeagueEvent::Promoted { reason, .. } => Some(*reason),
            _ => None,
        });
        assert_eq!(reason, expected, "{steps} steps, {wins} wins");
    }
    // Three games are too few to call it beaten.
    let mut few = league();
    played(&mut few, MAIN, SUPERVISED, 3, 3);
    assert_eq!(few.on_progress(MAIN, 100, "c").unwrap(), []);
}

#[test]
fn a_copy_is_frozen_and_counts_from_there() {
    let mut league = league();
    let past = copied(&mut league, MAIN);
    let copy = league.player(past).unwrap();
    assert_eq!((copy.name.as_str(), copy.steps), ("main@1000", 1000));
    assert_eq!(copy.role, Role::PastPlayer { of: MAIN });
    assert_eq!((copy.active, copy.checkpoint.as_str()), (false, "c"));
    assert_eq!(league.on_progress(MAIN, 1999, "d").unwrap(), []);
    assert_eq!(league.on_progress(MAIN, 2000, "e").unwrap().len(), 1);
    assert_eq!(league.player(past).unwrap().checkpoint, "c");
    let back = league.on_progress(MAIN, 1999, "f");
    assert!(matches!(back, Err(LeagueError::StepsWentBack { .. })));
    let frozen = league.on_progress(past, 3000, "g");
    assert!(matches!(frozen, Err(LeagueError::NotActive { .. })));
}

#[test]
fn exploiters_start_anew_and_main_agents_never() {
    let mut league = league();
    let mut resets = BTreeMap::new();
    for _ in 0..400 {
        for player in [MAIN, EXPLOITER, LEAGUE_EXPLOITER] {
            copied(&mut league, player);
            *resets.entry(player).or_insert(0) = league.player(player).unwrap().resets;
        }
    }
    assert_eq!((resets[&MAIN], resets[&EXPLOITER]), (0, 400));
    // 25% of 400 with a standard deviation of 8.7.
    assert!(
        (65..=135).contains(&resets[&LEAGUE_EXPLOITER]),
        "{resets:?}"
    );
    let exploiter = league.player(EXPLOITER).unwrap();
    assert_eq!(exploiter.checkpoint, "supervised.safetensors");
}

#[test]
fn a_reset_player_is_unknown_again_but_its_copies_are_not() {
    let mut league = league();
    played(&mut league, EXPLOITER, MAIN, 9, 10);
    let past = copied(&mut league, EXPLOITER);
    played(&mut league, MAIN, past, 2, 10);
    played(&mut league, EXPLOITER, MAIN, 3, 3);
    copied(&mut league, EXPLOITER);
    close(league.payoff().get(EXPLOITER, MAIN).games(), 0.0);
    assert!(league.payoff().get(MAIN, past).games() > 9.0);
}

/// The paper's three main agents (SCC §6.3): two from the supervised agent, one by branching, at different times.
pub(super) fn three_mains() -> LeagueConfig {
    let start = |name: &str, at_steps, from| Start {
        name: name.into(),
        role: Role::MainAgent,
        after: Some("main".into()),
        at_steps,
        from,
    };
    let mut config = config();
    config.branch = BranchConfig {
        games_min: 5,
        ..BranchConfig::default()
    };
    config
        .starts
        .push(start("second", 300, StartFrom::Supervised));
    config
        .starts
        .push(start("third", 500, StartFrom::BranchAuto));
    config
}

#[test]
fn main_agents_start_at_their_times_and_a_branch_waits_for_its_z() {
    let mut league = League::new(three_mains(), 7, "s").unwrap();
    assert_eq!(league.on_progress(MAIN, 299, "a").unwrap(), []);
    let events = league.on_progress(MAIN, 300, "b").unwrap();
    let second = league.find("second").unwrap();
    assert_eq!(events, [LeagueEvent::Joined { player: second.id }]);
    assert_eq!((second.checkpoint.as_str(), second.start_step), ("s", 0));
    assert_eq!(league.on_progress(MAIN, 600, "c").unwrap(), []);
    assert_eq!(league.pending_starts().len(), 1, "no z is known yet");
    for (z, wins) in [(4, 2), (9, 4), (11, 3)] {
        for i in 0..6 {
            let outcome = if i < wins {
                Outcome::Win
            } else {
                Outcome::Loss
            };
            let mut game = game(MAIN, MAIN, outcome);
            (game.kind, game.player_z) = (GameKind::ZEvaluation, Some(z));
            league.record(&game).unwrap();
        }
    }
    assert_eq!(
        league.payoff().entries().count(),
        0,
        "z games are no matches"
    );
    let events = league.on_progress(MAIN, 700, "d").unwrap();
    let third = league.find("third").unwrap();
    let branched = LeagueEvent::Branched {
        player: third.id,
        from: MAIN,
        steps: 700,
        condition: Condition::Z(9),
    };
    assert_eq!(events, [branched]);
    assert_eq!((third.checkpoint.as_str(), third.start_step), ("d", 700));
    assert_eq!(third.parent, Some(MAIN));
    assert!(league.pending_starts().is_empty());
    let opponent = league.next_match(league.find("third").unwrap().id).unwrap();
    assert_eq!(opponent.player_z, Some(9), "it plays toward its z");
}

#[test]
fn branches_are_made_on_demand_and_refused_with_a_reason() {
    let mut league = league();
    assert!(matches!(
        league.choose_z(MAIN),
        Err(LeagueError::NoZStatistics { .. })
    ));
    league.on_progress(MAIN, 50, "m50").unwrap();
    let order = BranchOrder {
        name: "quick".into(),
        from: MAIN,
        role: Role::MainExploiter,
        condition: Condition::of(vec![3, 5]),
    };
    let event = league.branch(&order).unwrap();
    let quick = league.find("quick").unwrap().clone();
    assert!(matches!(event, LeagueEvent::Branched { player, steps: 50, .. } if player == quick.id));
    assert_eq!((quick.checkpoint.as_str(), quick.active), ("m50", true));
    let drawn: Vec<u32> = (0..60)
        .filter_map(|_| league.next_match(quick.id).unwrap().player_z)
        .collect();
    assert!(drawn.len() == 60 && drawn.contains(&3) && drawn.contains(&5));
    let refused = |league: &League, change: fn(&mut BranchOrder)| {
        let mut order = order.clone();
        order.name = "other".into();
        change(&mut order);
        league.check_branch(&order).unwrap_err().to_string()
    };
    assert!(refused(&league, |o| o.name = "quick".into()).contains("there already"));
    assert!(refused(&league, |o| o.name = "a/b".into()).contains("letters"));
    assert!(refused(&league, |o| o.from = SUPERVISED).contains("does not train"));
    assert!(refused(&league, |o| o.role = Role::Supervised).contains("does not train"));
}

#[test]
fn a_stopped_player_is_met_no_more() {
    let mut league = league();
    league.stop(EXPLOITER).unwrap();
    assert!(league.next_match(EXPLOITER).is_err());
    league.stop(MAIN).unwrap();
    assert!(
        league
            .chances(LEAGUE_EXPLOITER)
            .unwrap()
            .iter()
            .all(|c| c.opponent == SUPERVISED)
    );
}
