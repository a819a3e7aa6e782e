//! The league as a value: settings, saves, replays of the same calls, ratings.

use super::config::{LeagueConfig, StartFrom};
use super::tests::{MAIN, copied, game, league, played, three_mains};
use super::*;
use proptest::prelude::*;

#[test]
fn settings_that_make_no_sense_are_refused_by_name() {
    let refused = |change: fn(&mut LeagueConfig)| {
        let mut config = LeagueConfig::default();
        change(&mut config);
        config.validate().unwrap_err().to_string()
    };
    assert_eq!(LeagueConfig::default().validate(), Ok(()));
    assert!(refused(|c| c.matchmaking.pfsp = 0.6).contains("must be 1"));
    assert!(refused(|c| c.payoff_decay = 1.5).contains("league.payoff_decay"));
    assert!(refused(|c| c.rules.main_agent.steps_min = u64::MAX).contains("steps_min"));
    assert!(refused(|c| c.starts.clear()).contains("main agent"));
    assert!(refused(|c| c.starts[1].name = "main".into()).contains("twice"));
    assert!(refused(|c| c.starts[1].name = "supervised".into()).contains("starts[1].name"));
    assert!(refused(|c| c.starts[1].after = Some("nobody".into())).contains("nobody"));
    assert!(refused(|c| c.starts[1].from = StartFrom::BranchAuto).contains("after"));
    assert!(refused(|c| c.starts[0].role = Role::Supervised).contains("role"));
    assert!(refused(|c| c.branch.set_size = 0).contains("set_size"));
}

#[test]
fn settings_are_toml_with_every_key_optional_and_none_unknown() {
    let text = toml::to_string_pretty(&three_mains()).unwrap();
    assert_eq!(
        toml::from_str::<LeagueConfig>(&text).unwrap(),
        three_mains()
    );
    assert_eq!(
        toml::from_str::<LeagueConfig>("").unwrap(),
        LeagueConfig::default()
    );
    let started = "[[starts]]\nname = 'm'\nrole = 'main_agent'\n[[starts]]\nname = 'b'\nrole = 'main_agent'\n\
        after = 'm'\nat_steps = 5\nfrom = { branch = [1, 2] }";
    let config: LeagueConfig = toml::from_str(started).unwrap();
    assert_eq!(config.starts[1].from, StartFrom::Branch(vec![1, 2]));
    assert!(toml::from_str::<LeagueConfig>("payof_decay = 1").is_err());
}

/// One call on a league, drawn by proptest.
#[derive(Clone, Debug)]
enum Call {
    Match(usize),
    Progress(usize, u64),
    Z(u32, bool),
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let call = prop_oneof![
        4 => (0usize..9).prop_map(Call::Match),
        2 => (0usize..9, 1u64..600).prop_map(|(p, s)| Call::Progress(p, s)),
        1 => (0u32..4, any::<bool>()).prop_map(|(z, won)| Call::Z(z, won)),
    ];
    prop::collection::vec(call, 1..120)
}

/// Runs calls on whoever trains; games are won by the higher number, with draws between.
fn run(league: &mut League, calls: &[Call]) -> Vec<Opponent> {
    let mut drawn = Vec::new();
    for call in calls {
        let active: Vec<PlayerId> = league
            .players()
            .iter()
            .filter(|p| p.active)
            .map(|p| p.id)
            .collect();
        match call {
            Call::Match(n) => {
                let player = active[n % active.len()];
                let opponent = league.next_match(player).unwrap();
                let outcome = match player.0.cmp(&opponent.id.0) {
                    std::cmp::Ordering::Less => Outcome::Loss,
                    std::cmp::Ordering::Equal => Outcome::Draw,
                    std::cmp::Ordering::Greater => Outcome::Win,
                };
                league.record(&game(player, opponent.id, outcome)).unwrap();
                drawn.push(opponent);
            }
            Call::Progress(n, steps) => {
                let player = active[n % active.len()];
                let steps = league.player(player).unwrap().steps + steps;
                league.on_progress(player, steps, "c").unwrap();
            }
            Call::Z(z, won) => {
                let outcome = if *won { Outcome::Win } else { Outcome::Loss };
                let mut game = game(MAIN, MAIN, outcome);
                (game.kind, game.player_z) = (GameKind::ZEvaluation, Some(*z));
                league.record(&game).unwrap();
            }
        }
    }
    drawn
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn chances_always_sum_to_one_and_leave_out_who_is_excluded(calls in calls(), seed in any::<u64>()) {
        let mut league = League::new(three_mains(), seed, "s").unwrap();
        run(&mut league, &calls);
        for player in league.players().iter().filter(|p| p.active) {
            let chances = league.chances(player.id).unwrap();
            let sum: f64 = chances.iter().map(|c| c.probability).sum();
            prop_assert!((sum - 1.0).abs() < 1e-9);
            for c in &chances {
                let opponent = league.player(c.opponent).unwrap();
                prop_assert!(c.probability > 0.0);
                prop_assert!(opponent.is_past() || opponent.is_current_main());
                prop_assert!(c.opponent != player.id || c.branch == Branch::SelfPlay);
            }
        }
    }

    #[test]
    fn the_same_calls_give_the_same_league_through_any_save(calls in calls(), seed in any::<u64>(), cut in 0usize..120) {
        let mut whole = League::new(three_mains(), seed, "s").unwrap();
        let drawn = run(&mut whole, &calls);
        let (before, after) = calls.split_at(cut.min(calls.len()));
        let mut first = League::new(three_mains(), seed, "s").unwrap();
        let mut again = run(&mut first, before);
        let text = serde_json::to_string(&first).unwrap();
        let mut second: League = serde_json::from_str(&text).unwrap();
        again.extend(run(&mut second, after));
        prop_assert_eq!(&second, &whole);
        prop_assert_eq!(again, drawn);
        let parts = League::from_parts(
            whole.config().clone(),
            seed,
            whole.matches(),
            whole.players().to_vec(),
            whole.payoff().clone(),
            whole.z_statistics().to_vec(),
        );
        prop_assert_eq!(parts, Ok(whole));
    }
}

#[test]
fn parts_that_contradict_each_other_are_refused() {
    let league = league();
    let build = |players: Vec<Player>, payoff: Payoff| {
        League::from_parts(league.config().clone(), 7, 0, players, payoff, Vec::new())
    };
    let players = league.players().to_vec();
    assert!(build(players.clone(), Payoff::default()).is_ok());
    assert!(build(players[1..].to_vec(), Payoff::default()).is_err());
    let mut twice = players.clone();
    twice[2].name = "main".into();
    assert!(build(twice, Payoff::default()).is_err());
    let mut orphan = players.clone();
    orphan[2].parent = Some(PlayerId(50));
    assert!(build(orphan, Payoff::default()).is_err());
    let mut payoff = Payoff::default();
    payoff.record(PlayerId(0), PlayerId(77), Outcome::Win, 1.0);
    assert!(build(players, payoff).is_err());
}

#[test]
fn curves_have_the_supervised_agent_at_zero_and_rise_with_wins() {
    let mut league = league();
    let copies: Vec<PlayerId> = (0..2).map(|_| copied(&mut league, MAIN)).collect();
    let entry = |player, opponent, wins: f64, losses: f64| PayoffEntry {
        player,
        opponent,
        record: Record {
            wins,
            draws: 0.0,
            losses,
        },
    };
    // 400 games each: 75% against the supervised agent, then 75% against that copy.
    let totals = [
        entry(SUPERVISED, copies[0], 100.0, 300.0),
        entry(copies[0], copies[1], 100.0, 300.0),
        // Of a player that still trains the totals say nothing.
        entry(SUPERVISED, MAIN, 4000.0, 0.0),
    ];
    played(&mut league, MAIN, copies[1], 5, 10);
    let ratings = curves::rate(league.players(), &totals, league.payoff());
    let curves = curves::curves(league.players(), &ratings);
    assert_eq!(ratings[0].elo, 0.0);
    let points = &curves[0].points;
    let elos: Vec<f64> = points.iter().map(|p| p.elo).collect();
    let steps: Vec<u64> = points.iter().map(|p| p.steps).collect();
    assert_eq!(steps, [1000, 2000, 2000]);
    assert!(
        (elos[0] - 190.8).abs() < 8.0 && (elos[1] - 381.7).abs() < 12.0,
        "{elos:?}"
    );
    assert!(
        (elos[2] - elos[1]).abs() < 40.0,
        "even with its last copy, but for the imaginary game with ten real ones: {elos:?}"
    );
    assert!(points[2].standard_error > points[0].standard_error);
}
