use super::kinds::ability;
use super::plan::{Goal, Plan, want};
use super::production::{self, Limits};
use super::testing::{info, opening, ordered, unit};
use super::{Budget, Index, Knowledge, Orders, View, army, economy, micro};
use crate::game::data::{unit_ids as u, upgrade_ids as up};
use crate::game::{AbilityId, Alliance, DisplayType, Point, RawObservation, Target, UnitTag};

const GOALS: &[Goal] = &[want(u::BARRACKS, 1), want(u::REFINERY, 1)];
const PLAN: Plan = Plan {
    name: "test",
    goals: GOALS,
    army: &[(u::MARINE, 2), (u::MARAUDER, 2)],
    workers_max: 30,
    gas_workers: 3,
    supply_slack: 2,
    proxy: None,
};

/// Runs `f` with a view of the observation and an order list without limit; returns the orders.
fn look(obs: &RawObservation, f: impl FnOnce(&View, &mut Budget, &mut Orders)) -> Orders {
    let know = Knowledge::new(&info());
    let mut index = Index::default();
    index.refill(obs, &know);
    let view = View {
        obs,
        ix: &index,
        know: &know,
    };
    let mut out = Orders::new(usize::MAX);
    f(&view, &mut Budget::of(&view), &mut out);
    out
}

#[test]
fn bases_come_in_the_order_to_take_them_and_ways_lead_to_the_enemy() {
    let info = info();
    let know = Knowledge::new(&info);
    assert_eq!(know.bases[0].pos, info.own_start);
    assert_eq!(
        know.bases[1].pos,
        Point::new(60.5, 26.5),
        "the natural is next"
    );
    assert_eq!(
        know.bases[3].pos, info.enemy_starts[0],
        "the enemy's start is last"
    );
    assert_eq!(know.bases[0].geysers.len(), 2);
    let (mut p, mut steps) = (info.own_start, know.steps_to_enemy(info.own_start));
    while steps > 8 {
        p = know.on_the_way(p, 8);
        let now = know.steps_to_enemy(p);
        assert!(now < steps, "each stretch leads nearer: {now} at {p:?}");
        steps = now;
    }
    assert!(p.distance(info.enemy_starts[0]) < 14.0);
}

#[test]
fn building_places_are_disjoint_and_clear_of_the_mineral_line() {
    let info = info();
    let know = Knowledge::new(&info);
    let places = &know.places[0];
    assert!(places.production.len() >= 8, "{}", places.production.len());
    assert!(places.depot.len() >= 12 && places.tech.len() >= 4);
    let mut taken = vec![0u8; 120 * 120];
    let mut cover = |p: Point, w: i32, h: i32, right: i32| {
        let (x0, y0) = ((p.x - w as f32 / 2.0) as i32, (p.y - h as f32 / 2.0) as i32);
        for y in y0..y0 + h {
            for x in x0..x0 + w + right {
                assert_eq!(info.map.placement.get(x, y), Some(true), "{p:?}");
                taken[(y * 120 + x) as usize] += 1;
            }
        }
    };
    places.production.iter().for_each(|p| cover(*p, 3, 3, 2));
    places.tech.iter().for_each(|p| cover(*p, 3, 3, 0));
    places.depot.iter().for_each(|p| cover(*p, 2, 2, 0));
    places.turret.iter().for_each(|p| cover(*p, 2, 2, 0));
    assert!(taken.iter().all(|n| *n <= 1), "no two places share a cell");
    for p in places
        .production
        .iter()
        .chain(&places.tech)
        .chain(&places.depot)
    {
        for r in info
            .map
            .resources
            .iter()
            .filter(|r| r.pos.distance(info.own_start) < 12.0)
        {
            let middle = info.own_start + (r.pos - info.own_start) * 0.5;
            assert!(
                p.distance(r.pos) > 2.5 && p.distance(middle) > 1.5,
                "{p:?} stands in the mineral line"
            );
        }
    }
}

#[test]
fn the_opening_trains_a_worker_and_waits_with_the_depot() {
    let obs = opening(&info());
    let out = look(&obs, |v, budget, out| {
        economy::supply(v, 2, budget, out);
        economy::train_workers(v, 30, false, budget, out);
    });
    assert_eq!(out.list.len(), 1, "{:?}", out.list);
    assert_eq!(out.list[0].ability, AbilityId(524));
}

#[test]
fn a_depot_comes_before_the_block_and_only_once() {
    let mut obs = opening(&info());
    obs.player.minerals = 100;
    obs.player.food_used = 14;
    let out = look(&obs, |v, budget, out| economy::supply(v, 2, budget, out));
    assert_eq!(out.list.len(), 1);
    assert_eq!(out.list[0].ability, AbilityId(319));
    let Target::Point(at) = out.list[0].target else {
        panic!("a depot is aimed at a point")
    };
    // The chosen worker is on its way: neither a second depot nor the money for it is there any more.
    let worker = obs
        .units
        .iter_mut()
        .find(|x| x.tag == out.list[0].units[0])
        .unwrap();
    *worker = ordered(worker.clone(), 319, Target::Point(at));
    obs.player.minerals = 150;
    let out = look(&obs, |v, budget, out| {
        assert_eq!(v.total(u::SUPPLY_DEPOT), 1);
        assert_eq!(v.done(u::SUPPLY_DEPOT), 0);
        assert_eq!(budget.minerals, 50);
        economy::supply(v, 2, budget, out);
    });
    assert!(out.list.is_empty(), "{:?}", out.list);
}

#[test]
fn goals_come_in_order_and_money_is_kept_for_them() {
    let mut obs = opening(&info());
    obs.player.minerals = 120;
    let depot = unit(
        500,
        u::SUPPLY_DEPOT_LOWERED,
        Alliance::Own,
        Point::new(40.0, 40.0),
    );
    obs.units.push(depot);
    let out = look(&obs, |v, budget, out| {
        production::goals(v, &PLAN, budget, out);
        assert!(budget.minerals < 0, "the barracks' money is kept");
    });
    assert!(
        out.list.is_empty(),
        "the refinery does not jump the queue: {:?}",
        out.list
    );
    obs.player.minerals = 230;
    let out = look(&obs, |v, budget, out| {
        production::goals(v, &PLAN, budget, out)
    });
    let abilities: Vec<u16> = out.list.iter().map(|c| c.ability.0).collect();
    assert_eq!(abilities, [321, 320]);
    assert_ne!(out.list[0].units, out.list[1].units, "two workers");
}

#[test]
fn units_are_trained_in_proportion_where_they_can_be() {
    let mut obs = opening(&info());
    obs.player.minerals = 1000;
    obs.player.vespene = 1000;
    obs.player.food_cap = 100;
    let mut with_lab = unit(501, u::BARRACKS, Alliance::Own, Point::new(40.5, 40.5));
    with_lab.add_on = UnitTag(502);
    let plain = unit(503, u::BARRACKS, Alliance::Own, Point::new(40.5, 46.5));
    obs.units.extend([with_lab, plain]);
    obs.units.push(unit(
        502,
        u::BARRACKS_TECH_LAB,
        Alliance::Own,
        Point::new(43.0, 40.0),
    ));
    let shares = PLAN.army;
    let out = look(&obs, |v, budget, out| {
        production::units(v, shares, &Limits::NONE, budget, out)
    });
    let made: Vec<(u64, u16)> = out
        .list
        .iter()
        .map(|c| (c.units[0].0, c.ability.0))
        .collect();
    assert_eq!(made.len(), 2, "one each: {made:?}");
    assert!(
        made.contains(&(503, 560)),
        "the plain barracks can make marines only: {made:?}"
    );
    let poor = Limits {
        army_minerals: 40,
        ..Limits::NONE
    };
    let out = look(&obs, |v, budget, out| {
        production::units(v, shares, &poor, budget, out)
    });
    assert_eq!(
        out.list.len(),
        1,
        "the pace holds production back: {:?}",
        out.list
    );
}

#[test]
fn a_threat_is_seen_and_met_and_a_far_enemy_is_none() {
    let mut obs = opening(&info());
    obs.units
        .push(unit(600, u::MARINE, Alliance::Own, Point::new(40.0, 40.0)));
    obs.units.push(unit(
        700,
        u::MARINE,
        Alliance::Enemy,
        Point::new(100.0, 100.0),
    ));
    look(&obs, |v, _, _| assert_eq!(army::threat(v, 14.0), None));
    obs.units.push(unit(
        701,
        u::MARINE,
        Alliance::Enemy,
        Point::new(30.0, 30.0),
    ));
    let out = look(&obs, |v, _, out| {
        let t = army::threat(v, 14.0).expect("one marine is at the gate");
        assert_eq!(t.pos, Point::new(30.0, 30.0));
        army::attack_move(v.army(), t.pos, 4.0, out);
    });
    assert_eq!(out.list.len(), 1);
    assert_eq!(out.list[0].ability, ability::ATTACK);
    let at = obs
        .units
        .iter()
        .position(|x| x.tag == UnitTag(600))
        .unwrap();
    obs.units[at] = ordered(
        obs.units[at].clone(),
        23,
        Target::Point(Point::new(31.0, 30.0)),
    );
    let out = look(&obs, |v, _, out| {
        army::attack_move(v.army(), Point::new(30.0, 30.0), 4.0, out)
    });
    assert!(out.list.is_empty(), "who obeys is not ordered again");
}

#[test]
fn a_search_visits_every_hunting_ground() {
    let info = info();
    let know = Knowledge::new(&info);
    let mut obs = opening(&info);
    let (x, y) = info.enemy_starts[0].cell();
    obs.visibility.set(x, y, 2);
    let (mut at, mut visited) = (info.enemy_starts[0], 0);
    let mut heading = None;
    let open = |p: &&Point| info.map.pathing.get(p.cell().0, p.cell().1) == Some(true);
    let all = know.hunt.iter().filter(open).count();
    for _ in 0..2 * all {
        let mut index = Index::default();
        index.refill(&obs, &know);
        let view = View {
            obs: &obs,
            ix: &index,
            know: &know,
        };
        let to = army::target(&view, at, heading, true);
        let (x, y) = to.cell();
        if obs.visibility.get(x, y) == Some(0) {
            visited += 1;
        }
        // The army arrives and sees the place; what it left is under fog again.
        for cell in obs.visibility.as_mut_slice() {
            *cell = (*cell).min(1);
        }
        obs.visibility.set(x, y, 2);
        (at, heading) = (to, Some(to));
    }
    assert!(visited + 1 >= all, "{visited} of {all}");
}

#[test]
fn stim_and_siege_are_used_in_a_fight_only() {
    let mut obs = opening(&info());
    obs.upgrades = vec![up::STIMPACK];
    obs.units
        .push(unit(600, u::MARINE, Alliance::Own, Point::new(60.0, 60.0)));
    obs.units.push(unit(
        601,
        u::SIEGE_TANK,
        Alliance::Own,
        Point::new(60.0, 58.0),
    ));
    let fight = |v: &View, _: &mut Budget, out: &mut Orders| {
        micro::stim(v, 1, out);
        micro::siege(v, true, out);
    };
    assert!(look(&obs, fight).list.is_empty());
    obs.units.push(unit(
        700,
        u::MARAUDER,
        Alliance::Enemy,
        Point::new(60.0, 66.0),
    ));
    let abilities: Vec<AbilityId> = look(&obs, fight).list.iter().map(|c| c.ability).collect();
    assert_eq!(abilities, [ability::STIM, ability::SIEGE]);
}

#[test]
fn who_searches_spreads_out_and_goes_on_where_he_was() {
    let info = info();
    let mut obs = opening(&info);
    obs.visibility.as_mut_slice().fill(1);
    let crowd = Point::new(60.5, 50.5);
    for tag in 200..230 {
        obs.units.push(unit(tag, u::MARINE, Alliance::Own, crowd));
    }
    let scatter = |obs: &RawObservation| {
        look(obs, |v, _, out| {
            assert!(army::is_searching(v, true));
            army::scatter(v, v.army(), out);
        })
    };
    let sent = scatter(&obs).list;
    let mut goals: Vec<_> = sent.iter().map(|c| format!("{:?}", c.target)).collect();
    goals.sort_unstable();
    goals.dedup();
    assert_eq!(goals.len(), 30, "everybody looks somewhere else");
    // Under way nobody is sent anew; who has seen his place goes to another that nobody goes to.
    for (unit, command) in obs
        .units
        .iter_mut()
        .filter(|x| x.unit_type == u::MARINE)
        .zip(&sent)
    {
        *unit = ordered(unit.clone(), 23, command.target);
    }
    assert!(scatter(&obs).list.is_empty());
    let Target::Point(seen) = sent[0].target else {
        panic!("a search goes to points");
    };
    let (x, y) = seen.cell();
    obs.visibility.set(x, y, 2);
    let next = scatter(&obs).list;
    assert_eq!(next.len(), 1);
    assert_eq!(next[0].units[0], sent[0].units[0]);
    assert!(!goals.contains(&format!("{:?}", next[0].target)));
}

#[test]
fn tanks_do_not_dig_in_for_what_they_only_remember() {
    let mut obs = opening(&info());
    let tank = Point::new(60.5, 50.5);
    obs.units
        .push(unit(200, u::SIEGE_TANK, Alliance::Own, tank));
    let foe = Point::new(tank.x + 9.0, tank.y);
    let mut bunker = unit(300, u::BUNKER, Alliance::Enemy, foe);
    obs.units.push(bunker.clone());
    let orders = |obs: &RawObservation| look(obs, |v, _, out| micro::siege(v, true, out)).list;
    assert_eq!(orders(&obs).len(), 1, "a bunker in view");
    bunker.display = DisplayType::Snapshot;
    *obs.units.last_mut().unwrap() = bunker;
    assert!(orders(&obs).is_empty(), "a bunker that is only remembered");
}

#[test]
fn workers_of_mined_out_bases_stay_at_their_refineries() {
    let mut obs = opening(&info());
    let places = [Point::new(17.5, 25.5), Point::new(31.5, 25.5)];
    for (i, at) in places.into_iter().enumerate() {
        let mut refinery = unit(200 + i as u64, u::REFINERY, Alliance::Own, at);
        (refinery.ideal_harvesters, refinery.assigned_harvesters) = (3, 2);
        obs.units.push(refinery);
    }
    // All workers are on gas already.
    for (i, scv) in obs
        .units
        .iter_mut()
        .filter(|x| x.unit_type == u::SCV)
        .enumerate()
    {
        *scv = ordered(scv.clone(), 295, Target::Unit(UnitTag(200 + i as u64 % 2)));
    }
    let orders = look(&obs, |v, _, out| economy::gas(v, 3, out));
    assert!(orders.list.is_empty(), "{:?}", orders.list);
}
