//! The built-in AI: the API's levels, played from the seat's own [`RawObservation`] and nothing else.
//!
//! Invariant: its commands are a function of seed, game info and the observations it was given. It sees through fog
//! only where the simulator hands it an observation without fog (the cheating levels, [`Difficulty::sees_all`]).
//!
//! The simulator asks [`BuiltinAi::wants_look`] every [`THINK_LOOPS`] loops; if so, [`BuiltinAi::think`] gets the
//! seat's observation and answers with commands, which are submitted like a player's:
//! `profile` (how much, how well) + `plans` and `builds` (what) + `tactics` (how) → economy, production; `general` → army, by
//! what `enemies` knows and, for levels that see all, `sight` makes of it; `errands` → scouts and drops; `militia`.
//!
//! Leaves out: races other than Terran (their seats stand still), and chat.

mod builds;
mod enemies;
mod errands;
mod general;
mod level;
mod militia;
mod plans;
mod profile;
mod sight;

pub use level::{AiBuild, Difficulty, UnknownName};

use crate::game::data::unit_ids as u;
use crate::game::{GameInfo, PlayerCommand, Race, RawObservation, Seed};
use crate::tactics::orders::cost;
use crate::tactics::plan::{Goal, Share};
use crate::tactics::production::{self, Limits, Spot};
use crate::tactics::{Budget, Index, Knowledge, Orders, Plan, View, economy};
use errands::Errands;
use general::General;
use profile::Profile;
use rand::RngExt;
use smallvec::SmallVec;

/// Loops between two chances of the built-in AI to look.
pub const THINK_LOOPS: u32 = 8;
/// Before this the build order goes first, whatever the pace says.
const OPENING_LOOPS: u32 = 3900;
/// An army that is this many times the enemy's, in minerals, is safe at home.
const SAFE_SHARE: f32 = 1.2;
/// Workers beyond those that the bases have room for: the next base's first.
const SPARE_WORKERS: u16 = 8;
/// Commands one look may give.
const COMMANDS_MAX: usize = 64;

/// One computer seat's player.
#[derive(Clone, Debug)]
pub struct BuiltinAi {
    level: Difficulty,
    /// The build it plays, drawn if none was asked for.
    build: AiBuild,
    race: Race,
    profile: Profile,
    plan: Plan,
    know: Knowledge,
    index: Index,
    orders: Orders,
    general: General,
    errands: Errands,
    next_look: u32,
}

impl BuiltinAi {
    /// A player for the seat that `info` describes.
    pub fn new(
        level: Difficulty,
        build: AiBuild,
        race: Race,
        info: &GameInfo,
        seed: Seed,
    ) -> BuiltinAi {
        let mut rng = seed.rng();
        let build = plans::draw(level, build, seed.fork("build", 0).rng().random());
        let mut profile = Profile::new(level, build);
        let plan = plans::plan(level, build, rng.random());
        // Games differ a little in pace and in when the first wave comes.
        let mood: f32 = rng.random_range(0.97..1.03);
        for p in &mut profile.pace {
            p.army *= mood;
        }
        let jitter = rng.random_range(-6.0..18.0);
        BuiltinAi {
            level,
            build,
            race,
            general: General::new(&profile, jitter),
            errands: Errands::new(seed.fork("errands", 0)),
            profile,
            plan,
            know: Knowledge::new(info),
            index: Index::default(),
            orders: Orders::new(COMMANDS_MAX),
            next_look: rng.random_range(0..8),
        }
    }

    /// The level it plays.
    pub fn level(&self) -> Difficulty {
        self.level
    }

    /// The build it plays: never RandomBuild.
    pub fn build(&self) -> AiBuild {
        self.build
    }

    /// The name of its army plan.
    pub fn plan(&self) -> &'static str {
        self.plan.name
    }

    /// Attacks it has begun so far.
    pub fn waves(&self) -> u32 {
        self.general.waves
    }

    /// True if it wants to see the game at this loop; if not, the observation need not be made.
    pub fn wants_look(&self, game_loop: u32) -> bool {
        self.race == Race::Terran && game_loop >= self.next_look
    }

    /// Looks at its own view of the game and appends what it orders.
    pub fn think(&mut self, obs: &RawObservation, commands: &mut Vec<PlayerCommand>) {
        if self.race != Race::Terran {
            return;
        }
        self.index.refill(obs, &self.know);
        let v = View {
            obs,
            ix: &self.index,
            know: &self.know,
        };
        self.orders.clear();
        let out = &mut self.orders;
        self.errands.run(&v, &self.profile, out);
        self.general.detach(self.errands.away());
        self.general.command(&v, &self.profile, out);
        if self.profile.repairs {
            militia::call(&v, out);
        }
        let army = if self.profile.adapts {
            self.general
                .enemies
                .answer(self.plan.army, self.profile.sees_all)
        } else {
            SmallVec::from_slice(self.plan.army)
        };
        let wishes = Wishes {
            plan: &self.plan,
            army: &army,
            surplus: if self.level.has_bonus() {
                builds::surplus(self.level, self.build)
            } else {
                &[]
            },
            turrets: self.profile.adapts && self.general.enemies.air_share() > 0.1,
            army_min: if self.profile.sees_all {
                SAFE_SHARE * self.general.enemies.minerals()
            } else {
                0.0
            },
        };
        run_economy(&v, &wishes, &self.profile, out);
        let fighting = self.general.is_fighting(&v);
        self.next_look = obs.game_loop
            + if fighting {
                self.profile.fight_loops
            } else {
                self.profile.look_loops
            };
        commands.extend(out.list.drain(..).map(PlayerCommand::Unit));
    }
}

/// What the economy is to work at.
struct Wishes<'a> {
    plan: &'a Plan,
    /// The plan's army as the enemy's has bent it.
    army: &'a [Share],
    /// Steps for money that is left.
    surplus: &'static [Goal],
    /// Missile turrets at every base.
    turrets: bool,
    /// Minerals that the army must be worth whatever the pace says: the enemy is known to have as much.
    army_min: f32,
}

fn run_economy(v: &View, wishes: &Wishes, profile: &Profile, out: &mut Orders) {
    let plan = wishes.plan;
    let mut pace = profile.at(v.obs.game_loop as f32 / 22.4);
    pace.army = pace.army.max(wishes.army_min);
    let mut budget = Budget::of(v);
    economy::resume_construction(v, out);
    economy::supply(v, plan.supply_slack, &mut budget, out);
    let room = economy::harvesters_wanted(v) + SPARE_WORKERS;
    let workers = (pace.workers as u16).min(plan.workers_max).min(room);
    let hold = production::morph_is_due(v, plan);
    economy::train_workers(v, workers, hold, &mut budget, out);
    economy::mules(v, out);
    economy::gas(v, plan.gas_workers, out);
    economy::idle_workers(v, out);
    economy::transfer(v, out);
    economy::lower_depots(v, out);
    let bank = budget.minerals;
    let limits = Limits {
        army_minerals: pace.army as u32,
        queue_extra: 0,
    };
    if !wishes.surplus.is_empty() {
        let more = Plan {
            goals: wishes.surplus,
            ..*plan
        };
        production::goals(v, &more, &mut budget, out);
    }
    // An army that has fallen behind comes before buildings, as long as there is somewhere to make it: behind the pace, or,
    // where money is no limit, behind the enemy's.
    let floor = if wishes.surplus.is_empty() {
        pace.army
    } else {
        wishes.army_min
    };
    let behind = (production::army_minerals_with_queued(v) as f32) < 0.84 * floor;
    if behind && (v.obs.game_loop > OPENING_LOOPS || profile.sees_all) {
        production::units(v, wishes.army, &limits, &mut budget, out);
    }
    if wishes.turrets && v.has(u::ENGINEERING_BAY) {
        let wanted = (2 * v.total(u::COMMAND_CENTER)).min(6);
        if v.total(u::MISSILE_TURRET) < wanted && budget.affords(cost(u::MISSILE_TURRET)) {
            production::build(v, u::MISSILE_TURRET, Spot::Home, &mut budget, out);
        }
    }
    production::goals(v, plan, &mut budget, out);
    production::units(v, wishes.army, &limits, &mut budget, out);
    if profile.repairs && bank > 100 {
        economy::repair(v, 3, &budget, out);
    }
}
