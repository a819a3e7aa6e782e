//! What a cluster is started with.

use crate::servers::MariaDb;

/// One main agent.
const CONFIG: &str = r#"
stage = "league"
seed = 5
map = "Flat64"
[[league.starts]]
name = "main"
role = "main_agent"
[league.rules.main_agent]
steps_min = 200
steps_max = 400
win_rate = 0.7
games_min = 1
[games]
at_once = 1
loops_max = 400
[learner]
samples = 32
unroll = 8
minibatch = 4
value_warmup_steps = 1
staleness_max = 100
[train]
steps_max = 6
report_every_steps = 2
[payoff]
games = 1
opponents_max = 1
[cluster]
silent_seconds = 3.0
collective_seconds = 20.0
same_every_steps = 1
"#;

/// More players: a main exploiter, which is reset when it is promoted, and a main agent that branches from the first.
pub const MORE_PLAYERS: &str = r#"
[[league.starts]]
name = "main-exploiter"
role = "main_exploiter"
[[league.starts]]
name = "main-2"
role = "main_agent"
after = "main"
at_steps = 300
from = { branch = [] }
[league.rules.main_exploiter]
steps_min = 200
steps_max = 400
win_rate = 0.7
games_min = 1
"#;

/// [`CONFIG`] with other words in place of some.
pub fn config_with(changes: &[(&str, &str)]) -> String {
    let mut config = CONFIG.to_owned();
    for (words, others) in changes {
        assert!(config.contains(words), "the config has no {words:?}");
        config = config.replace(words, others);
    }
    config
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Master,
    Learner,
    Predictor,
    Actor,
    Evaluator,
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Role::Master => "master",
            Role::Learner => "learner",
            Role::Predictor => "predictor",
            Role::Actor => "actor",
            Role::Evaluator => "evaluator",
        }
    }
}

/// A number from the environment.
pub fn number_of(name: &str, default: usize) -> usize {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// What a cluster is started with.
pub struct Setup {
    /// So many processes of each role.
    pub roles: Vec<(Role, usize)>,
    pub config: String,
    /// Where training ends.
    pub steps_max: u64,
    /// The league's database, if it is on a server of the test's own.
    pub database: Option<MariaDb>,
    /// More lines of the NATS server's configuration.
    pub server: &'static str,
    /// Everybody reaches the server over a network of its own, which can be cut.
    pub is_proxied: bool,
}

impl Setup {
    /// One main agent, without an end.
    pub fn of(roles: Vec<(Role, usize)>) -> Setup {
        Setup {
            roles,
            config: CONFIG.to_owned(),
            steps_max: 1_000_000,
            database: None,
            server: "",
            is_proxied: false,
        }
    }
}
