//! Whom a player meets next (AlphaStar, Methods and pseudocode; SCC §6.2): first the exact probabilities of all
//! opponents, as plain data, then one draw from them.

use super::config::MatchmakingConfig;
use super::payoff::Payoff;
use super::pfsp::{Weighting, probabilities};
use super::player::{Player, PlayerId, Role};
use serde::{Deserialize, Serialize};

/// Why an opponent was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Branch {
    /// A current main agent, perhaps the player itself.
    SelfPlay,
    /// A main agent's checkpoint, because the main agent itself is too strong yet.
    Curriculum,
    /// A past player, the hardest most often.
    Pfsp,
    /// A past player that was beaten once and no more.
    Forgotten,
    /// A past exploiter that is not beaten yet.
    Exploiter,
    /// The current main agent that a main exploiter exploits.
    Target,
}

impl Branch {
    const ALL: [Branch; 6] = [
        Branch::SelfPlay,
        Branch::Curriculum,
        Branch::Pfsp,
        Branch::Forgotten,
        Branch::Exploiter,
        Branch::Target,
    ];

    /// `self_play`, `curriculum`, `pfsp`, `forgotten`, `exploiter` or `target`.
    pub fn name(self) -> &'static str {
        match self {
            Branch::SelfPlay => "self_play",
            Branch::Curriculum => "curriculum",
            Branch::Pfsp => "pfsp",
            Branch::Forgotten => "forgotten",
            Branch::Exploiter => "exploiter",
            Branch::Target => "target",
        }
    }

    /// The branch of this name.
    pub fn from_name(name: &str) -> Option<Branch> {
        Branch::ALL.into_iter().find(|branch| branch.name() == name)
    }
}

/// One possible opponent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chance {
    pub opponent: PlayerId,
    pub branch: Branch,
    pub probability: f64,
}

/// What matchmaking looks at.
pub(super) struct View<'a> {
    pub players: &'a [Player],
    pub payoff: &'a Payoff,
    pub config: &'a MatchmakingConfig,
}

impl View<'_> {
    /// All chances of `player`, each (opponent, branch) once, none of zero, summing to 1; empty for a frozen player or
    /// where there is nobody to play.
    pub fn chances(&self, player: &Player) -> Vec<Chance> {
        let mut mix = Mix::default();
        match player.role {
            _ if !player.active => {}
            Role::MainAgent => self.main_agent(player.id, &mut mix),
            Role::MainExploiter => self.main_exploiter(player.id, &mut mix),
            Role::LeagueExploiter => self.league_exploiter(player.id, &mut mix),
            Role::Supervised | Role::PastPlayer { .. } => {}
        }
        mix.finish()
    }

    /// Past players by PFSP; for a main agent drawn evenly, what it is forgotten by and exploited by, or itself.
    fn main_agent(&self, player: PlayerId, mix: &mut Mix) {
        let config = self.config;
        let past = self.ids(Player::is_past);
        let mains = self.ids(Player::is_current_main);
        // Without past players their share is self-play.
        let self_play = if past.is_empty() {
            config.self_play + config.pfsp
        } else {
            self.pfsp(player, &past, self.hard(), Branch::Pfsp, config.pfsp, mix);
            config.self_play
        };
        let each = 1.0 / mains.len() as f64;
        for &main in &mains {
            if !self.verification(player, main, each * config.forgotten, mix) {
                self.self_play(player, main, each * config.forgotten, mix);
            }
            self.self_play(player, main, each * self_play, mix);
        }
    }

    /// The main agent itself, unless it is too strong: then its checkpoints that are even with `player`.
    fn self_play(&self, player: PlayerId, main: PlayerId, share: f64, mix: &mut Mix) {
        let too_strong = |rate| rate <= self.config.self_play_win_rate_min;
        self.main_or_checkpoints(player, main, too_strong, Branch::SelfPlay, share, mix);
    }

    /// Past main exploiters if one of them is not beaten, else past copies of `main` that are forgotten; false if
    /// there are neither.
    fn verification(&self, player: PlayerId, main: PlayerId, share: f64, mix: &mut Mix) -> bool {
        let is_exploiter = |id: PlayerId| {
            let of = self.players.get(id.idx());
            of.is_some_and(|p| p.role == Role::MainExploiter)
        };
        let exploiters = self.ids(|p| p.past_of().is_some_and(is_exploiter));
        let rates = self.payoff.win_rates(player, &exploiters);
        if rates
            .iter()
            .any(|r| *r < self.config.exploiter_win_rate_min)
        {
            self.pfsp(
                player,
                &exploiters,
                self.hard(),
                Branch::Exploiter,
                share,
                mix,
            );
            return true;
        }
        let copies = self.ids(|p| p.past_of() == Some(main));
        let rates = self.payoff.win_rates(player, &copies);
        let forgotten = &copies[..forgotten_prefix(&rates)];
        let is_lost = |r: &f64| *r < self.config.forgotten_win_rate_max;
        if rates[..forgotten.len()].iter().any(is_lost) {
            self.pfsp(
                player,
                forgotten,
                self.hard(),
                Branch::Forgotten,
                share,
                mix,
            );
            return true;
        }
        false
    }

    /// Current main agents, each alike; the checkpoints of one that is hardly ever beaten.
    fn main_exploiter(&self, player: PlayerId, mix: &mut Mix) {
        let mains = self.ids(Player::is_current_main);
        let each = 1.0 / mains.len() as f64;
        let too_strong = |rate| rate < self.config.exploiter_curriculum_below;
        for &main in &mains {
            self.main_or_checkpoints(player, main, too_strong, Branch::Target, each, mix);
        }
    }

    /// All past players and current main agents by PFSP.
    fn league_exploiter(&self, player: PlayerId, mix: &mut Mix) {
        let pool = self.ids(|p| p.id != player && (p.is_past() || p.is_current_main()));
        self.pfsp(player, &pool, self.hard(), Branch::Pfsp, 1.0, mix);
    }

    fn main_or_checkpoints(
        &self,
        player: PlayerId,
        main: PlayerId,
        too_strong: impl Fn(f64) -> bool,
        branch: Branch,
        share: f64,
        mix: &mut Mix,
    ) {
        // The supervised agent is everybody's first checkpoint.
        let copies = self.ids(|p| p.past_of() == Some(main) || p.role == Role::Supervised);
        let is_hopeless = too_strong(self.payoff.get(player, main).win_rate());
        if main == player || !is_hopeless || copies.is_empty() {
            mix.add(main, branch, share);
            return;
        }
        let even = Weighting::Variance;
        self.pfsp(player, &copies, even, Branch::Curriculum, share, mix);
    }

    fn pfsp(
        &self,
        player: PlayerId,
        pool: &[PlayerId],
        weighting: Weighting,
        branch: Branch,
        share: f64,
        mix: &mut Mix,
    ) {
        let rates = self.payoff.win_rates(player, pool);
        for (opponent, p) in pool.iter().zip(probabilities(&rates, weighting)) {
            mix.add(*opponent, branch, share * p);
        }
    }

    fn hard(&self) -> Weighting {
        Weighting::Hard {
            power: self.config.hard_power,
        }
    }

    fn ids(&self, wanted: impl Fn(&Player) -> bool) -> Vec<PlayerId> {
        let found = self.players.iter().filter(|p| wanted(p));
        found.map(|p| p.id).collect()
    }
}

/// How many of a player's checkpoints, oldest first, end with one that is beaten more often than the one before it.
/// Newer ones are harder, so win rates should fall; what lies before the last rise has a place in which it does not.
fn forgotten_prefix(rates: &[f64]) -> usize {
    (1..rates.len())
        .rev()
        .find(|&i| rates[i - 1] < rates[i])
        .map_or(0, |i| i + 1)
}

/// Chances being put together.
#[derive(Default)]
struct Mix {
    chances: Vec<Chance>,
}

impl Mix {
    fn add(&mut self, opponent: PlayerId, branch: Branch, probability: f64) {
        if probability <= 0.0 {
            return;
        }
        let same = |c: &&mut Chance| c.opponent == opponent && c.branch == branch;
        match self.chances.iter_mut().find(same) {
            Some(chance) => chance.probability += probability,
            None => self.chances.push(Chance {
                opponent,
                branch,
                probability,
            }),
        }
    }

    fn finish(mut self) -> Vec<Chance> {
        self.chances.sort_by_key(|c| (c.branch, c.opponent));
        let total: f64 = self.chances.iter().map(|c| c.probability).sum();
        for chance in &mut self.chances {
            chance.probability /= total;
        }
        self.chances
    }
}

/// The chance that `uniform`, in 0..1, falls on.
pub(super) fn draw(chances: &[Chance], uniform: f64) -> Option<Chance> {
    let mut left = uniform;
    for chance in chances {
        if left < chance.probability {
            return Some(*chance);
        }
        left -= chance.probability;
    }
    // Rounding may leave a crumb at the end.
    chances.last().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_before_the_last_rise_is_forgotten() {
        for (rates, prefix) in [
            (&[][..], 0),
            (&[0.4], 0),
            (&[0.9, 0.8, 0.6], 0),
            (&[0.4, 0.9, 0.8], 2),
            (&[0.9, 0.5, 0.6, 0.55], 3),
            (&[0.5, 0.5], 0),
        ] {
            assert_eq!(forgotten_prefix(rates), prefix, "{rates:?}");
        }
    }

    #[test]
    fn a_draw_falls_where_the_number_lies() {
        let chance = |id, probability| Chance {
            opponent: PlayerId(id),
            branch: Branch::Pfsp,
            probability,
        };
        let chances = [chance(1, 0.25), chance(2, 0.75)];
        for (uniform, id) in [(0.0, 1), (0.249, 1), (0.25, 2), (0.999, 2), (1.0, 2)] {
            assert_eq!(draw(&chances, uniform).unwrap().opponent, PlayerId(id));
        }
        assert_eq!(draw(&[], 0.5), None);
    }
}
