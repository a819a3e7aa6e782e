//! A small Terran bot of rust-sc2, as its users write them, that uses much of what the library offers.
//!
//! `rust-bot MAP`: plays the built-in AI on the map to the end and saves the replay, then another game with the same client,
//! which it ends by a debug command. The last line of output says how it went.

use rust_sc2::prelude::*;
use std::cell::RefCell;

/// Marines that go together.
const ARMY: usize = 16;
/// Loops of the second game.
const SHORT: u32 = 400;

#[bot]
#[derive(Default)]
struct Rush {
    created: u32,
    completed: u32,
    destroyed: u32,
    /// The second game: it wins by a debug command.
    short: bool,
    ended: RefCell<Option<GameResult>>,
}

impl Player for Rush {
    fn get_player_settings(&self) -> PlayerSettings<'_> {
        PlayerSettings::new(Race::Terran).with_name("Rush")
    }

    fn on_start(&mut self) -> SC2Result<()> {
        assert!(
            self.expansions.len() >= 2,
            "{} expansions",
            self.expansions.len()
        );
        assert!(self.units.my.workers.len() == 12 && !self.units.mineral_fields.is_empty());
        let worker = self.units.my.workers.first().expect("a worker").clone();
        assert!(
            worker.has_ability(AbilityId::HarvestGatherSCV),
            "{:?}",
            worker.abilities()
        );
        let beside = self.enemy_start.towards(self.game_info.map_center, 6.0);
        let ways = self.query_pathing(vec![(Target::Tag(worker.tag()), beside)])?;
        assert!(ways[0].is_some_and(|way| way > 10.0), "{ways:?}");
        assert!(self.get_enemy_expansion().is_some());
        self.chat("(glhf)");
        for worker in &self.units.my.workers {
            if let Some(mineral) = self.units.mineral_fields.closest(worker) {
                worker.gather(mineral.tag(), false);
            }
        }
        self.set_game_step(8);
        Ok(())
    }

    fn on_step(&mut self, _iteration: usize) -> SC2Result<()> {
        if self.short && self.state.observation.game_loop() >= SHORT {
            self.debug.win_game();
        }
        self.mine();
        self.train();
        self.build();
        self.fight();
        let text = format!("{} marines", self.counter().count(UnitTypeId::Marine));
        self.debug
            .draw_text_screen(&text, Some((0.1, 0.1)), None, None);
        Ok(())
    }

    fn on_event(&mut self, event: Event) -> SC2Result<()> {
        match event {
            Event::UnitCreated(_) => self.created += 1,
            Event::ConstructionComplete(_) => self.completed += 1,
            Event::UnitDestroyed(..) => self.destroyed += 1,
            _ => {}
        }
        Ok(())
    }

    fn on_end(&self, result: GameResult) -> SC2Result<()> {
        *self.ended.borrow_mut() = Some(result);
        Ok(())
    }
}

impl Rush {
    fn mine(&self) {
        for worker in &self.units.my.workers.idle() {
            if let Some(mineral) = self.units.mineral_fields.closest(self.start_location) {
                worker.gather(mineral.tag(), false);
            }
        }
    }

    fn train(&mut self) {
        let halls = self.units.my.townhalls.ready();
        let barracks = self
            .units
            .my
            .structures
            .of_type(UnitTypeId::Barracks)
            .ready();
        if let Some(hall) = halls.iter().find(|hall| hall.is_almost_idle()) {
            if self.supply_workers < 20 && self.can_afford(UnitTypeId::SCV, true) {
                hall.train(UnitTypeId::SCV, false);
                self.subtract_resources(UnitTypeId::SCV, true);
            }
        }
        for barracks in barracks.iter().filter(|barracks| barracks.is_almost_idle()) {
            if self.can_afford(UnitTypeId::Marine, true) {
                barracks.train(UnitTypeId::Marine, false);
                self.subtract_resources(UnitTypeId::Marine, true);
            }
        }
    }

    fn build(&mut self) {
        let (depots, barracks) = {
            let depots = self.counter().ordered().count(UnitTypeId::SupplyDepot);
            (depots, self.counter().all().count(UnitTypeId::Barracks))
        };
        for depot in &self
            .units
            .my
            .structures
            .of_type(UnitTypeId::SupplyDepot)
            .ready()
        {
            depot.use_ability(AbilityId::MorphSupplyDepotLower, false);
        }
        if self.supply_left < 6 && depots < 2 {
            self.put_up(UnitTypeId::SupplyDepot, 2);
        }
        let has_depot = self.counter().tech().count(UnitTypeId::SupplyDepot) > 0;
        if has_depot && barracks < 5 {
            self.put_up(UnitTypeId::Barracks, 4);
        }
    }

    fn put_up(&mut self, kind: UnitTypeId, step: usize) {
        if !self.can_afford(kind, false) {
            return;
        }
        let near = self.start_location.towards(self.game_info.map_center, 8.0);
        let options = PlacementOptions {
            step: step as isize,
            ..Default::default()
        };
        let Some(place) = self.find_placement(kind, near, options) else {
            return;
        };
        let workers = &self.units.my.workers;
        let free = workers
            .iter()
            .filter(|w| !w.is_constructing() && !w.is_carrying_resource());
        if let Some(worker) = free.closest(place) {
            worker.build(kind, place, false);
            self.subtract_resources(kind, false);
        }
    }

    fn fight(&self) {
        let marines = self.units.my.units.of_type(UnitTypeId::Marine);
        let structures = &self.units.enemy.structures;
        if marines.len() < ARMY && (structures.is_empty() || marines.len() < ARMY / 2) {
            return;
        }
        let seen_empty = structures.is_empty() && self.is_visible(self.enemy_start);
        let round = self.state.observation.game_loop() as usize / 800;
        let target = match structures.closest(self.start_location) {
            Some(structure) => structure.position(),
            None if seen_empty => self.expansions[round % self.expansions.len()].loc,
            None => self.enemy_start,
        };
        for marine in &marines {
            let near = self.units.enemy.all.closer(8.0, marine);
            match near.closest(marine) {
                Some(enemy) => marine.attack(Target::Pos(enemy.position()), false),
                None => marine.attack(Target::Pos(target), false),
            }
        }
    }
}

fn main() -> SC2Result<()> {
    let map = std::env::args().nth(1).expect("a map");
    let mut bot = Rush::default();
    let computer = Computer::new(Race::Terran, Difficulty::VeryEasy, None);
    let mut runner = RunnerSingle::new(&mut bot, computer, &map, Some("4.10"));
    runner.save_replay_as = Some("game.SC2Replay");
    runner.launch()?;
    runner.run_game()?;
    runner.save_replay_as = None;
    runner.close();
    drop(runner);
    let first = bot.ended.take();
    let loops = bot.state.observation.game_loop();
    println!(
        "{} made, {} built, {} died, {loops} loops",
        bot.created, bot.completed, bot.destroyed
    );
    assert!(bot.created > 20 && bot.completed > 4 && bot.destroyed > 4);
    let mut bot = Rush {
        short: true,
        ..Rush::default()
    };
    let computer = Computer::new(Race::Terran, Difficulty::Hard, None);
    let mut runner = RunnerSingle::new(&mut bot, computer, &map, None);
    runner.launch()?;
    runner.run_game()?;
    runner.close();
    drop(runner);
    println!("{first:?} {:?}", bot.ended.take());
    Ok(())
}
