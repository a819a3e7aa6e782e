use super::*;

const GOOD: &str = r#"
seed = 1
map = "Flat64"
[network]
size = "tiny"
[demonstrations]
games = 4
opponents = ["builtin:Easy:terran"]
[[stages]]
name = "all"
steps_max = 10
learning_rate = [{ from = 0.0, rate = 1e-3 }, { from = 0.5, rate = 1e-4 }]
"#;

fn load_text(text: &str, set: &[(&str, &str)]) -> Result<ImitationConfig, ConfigError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("c.toml");
    std::fs::write(&path, text).unwrap();
    let set: Vec<(String, String)> = set
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect();
    load(&path, &set)
}

#[test]
fn what_is_shown_loads_to_the_same() {
    let config = load_text(GOOD, &[]).unwrap();
    assert_eq!(config.stages[0].rate_at(0.49), 1e-3);
    assert_eq!(config.stages[0].rate_at(0.5), 1e-4);
    assert_eq!(load_text(&show(&config), &[]).unwrap(), config);
}

#[test]
fn set_changes_keys_of_every_kind() {
    let changes = [
        ("train.batch", "32"),
        ("map", "Flat64"),
        ("stages.0.name", "first"),
        ("stages.0.learning_rate.1.rate", "2e-4"),
        ("demonstrations.agents", r#"["random:terran"]"#),
    ];
    let config = load_text(GOOD, &changes).unwrap();
    assert_eq!(
        (config.train.batch, config.stages[0].name.as_str()),
        (32, "first")
    );
    assert_eq!(config.stages[0].learning_rate[1].rate, 2e-4);
    assert_eq!(config.demonstrations.agents, ["random:terran"]);
}

#[test]
fn unknown_keys_are_named_wherever_they_stand() {
    let in_file = load_text(&format!("{GOOD}\nbatch_size = 3\n"), &[]).unwrap_err();
    assert!(in_file.to_string().contains("batch_size"), "{in_file}");
    for (key, value, word) in [
        ("train.bach", "3", "bach"),
        ("nothing.here", "3", "nothing"),
        ("stages.4.name", "x", "no entry"),
        ("train.batch.size", "3", "invalid type"),
        ("seed.x", "3", "has no keys"),
        ("seed.x.y", "3", "below a plain value"),
        ("train.batch", "many", "many"),
        ("", "3", "empty part"),
    ] {
        let error = load_text(GOOD, &[(key, value)]).unwrap_err();
        assert!(matches!(error, ConfigError::Set { .. }), "{key}: {error}");
        assert!(error.to_string().contains(word), "{key}: {error}");
    }
}

#[test]
fn contradictions_are_named() {
    for (key, value, named) in [
        ("map", "Atlantis", "map"),
        ("network.size", "huge", "network.size"),
        ("train.batch", "0", "train.batch"),
        ("train.device", "tpu", "train.device"),
        (
            "train.head_weights",
            "[1,1,1,1,1,-1.0]",
            "train.head_weights",
        ),
        ("stages", "[]", "stages"),
        ("stages.0.steps_max", "0", "stages.0.steps_max"),
        ("stages.0.learning_rate", "[]", "stages.0.learning_rate"),
        (
            "stages.0.learning_rate.1.from",
            "0.0",
            "stages.0.learning_rate",
        ),
        (
            "demonstrations.opponents",
            "[]",
            "demonstrations.opponent_share",
        ),
        (
            "demonstrations.agents",
            r#"["robot"]"#,
            "demonstrations.agents",
        ),
        ("evaluation.every_steps", "5", "evaluation.opponents"),
        ("evaluation.temperature", "0.0", "evaluation.temperature"),
        ("obs.target_grid", "77", "obs"),
    ] {
        let error = load_text(GOOD, &[(key, value)]).unwrap_err();
        assert!(
            matches!(&error, ConfigError::Invalid { key, .. } if key == named),
            "{key}={value}: {error}"
        );
    }
}

#[test]
fn files_that_are_no_config_are_errors() {
    assert!(matches!(
        load_text("a = [", &[]),
        Err(ConfigError::Syntax { .. })
    ));
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(
        load::<ImitationConfig>(dir.path(), &[]),
        Err(ConfigError::File(_))
    ));
    let path = dir.path().join("binary");
    std::fs::write(&path, [0xff, 0xfe, 0x00]).unwrap();
    assert!(matches!(
        load::<ImitationConfig>(&path, &[]),
        Err(ConfigError::Syntax { .. })
    ));
}

const RL: &str = r#"
stage = "rl"
seed = 1
map = "Flat64"
[train]
steps_max = 3
"#;

#[test]
fn a_file_is_of_the_stage_that_it_names() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("c.toml");
    std::fs::write(&path, RL).unwrap();
    let config: RlConfig = load(&path, &[]).unwrap();
    assert_eq!(
        load_any(&path, &[]).unwrap(),
        AnyConfig::Rl(Box::new(config.clone()))
    );
    std::fs::write(&path, show(&config)).unwrap();
    assert_eq!(load::<RlConfig>(&path, &[]).unwrap(), config);
    let other = load::<ImitationConfig>(&path, &[]).unwrap_err();
    assert!(other.to_string().contains("stage is \"rl\""), "{other}");
    std::fs::write(&path, GOOD).unwrap();
    assert!(matches!(load_any(&path, &[]), Ok(AnyConfig::Imitation(_))));
    let none = load::<RlConfig>(&path, &[]).unwrap_err();
    assert!(none.to_string().contains("lacks stage = \"rl\""), "{none}");
    std::fs::write(&path, RL.replace("\"rl\"", "\"sleep\"")).unwrap();
    assert!(
        load_any(&path, &[])
            .unwrap_err()
            .to_string()
            .contains("sleep")
    );
}

#[test]
fn values_of_reinforcement_learning_are_checked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("c.toml");
    std::fs::write(&path, RL).unwrap();
    for (key, value) in [
        ("train.steps_max", "0"),
        ("learner.unroll", "0"),
        ("learner.accumulate", "0"),
        ("learner.reuse_max", "0"),
        ("learner.clip", "0.0"),
        ("learner.kl_weights", "[0.0, 0.0, 0.0, 0.0, 0.0, -1.0]"),
        ("rewards.weights", "[0.0, 0.0, 0.0]"),
        ("rewards.lambda", "1.1"),
        ("rewards.value_lambda", "1.1"),
        ("games.opponents", r#"[{ agent = "self", share = 0.0 }]"#),
        (
            "games.opponents",
            r#"[{ agent = "builtin:Nobody:terran", share = 1.0 }]"#,
        ),
        ("predictor.device", "abacus"),
    ] {
        let set = [(key.to_owned(), value.to_owned())];
        let error = load::<RlConfig>(&path, &set).unwrap_err().to_string();
        let part = key.split('.').next_back().unwrap_or_default();
        assert!(error.contains(part), "{key}={value}: {error}");
    }
}

#[test]
fn defaults_of_every_stage_are_valid() {
    default_of::<ImitationConfig>(&[]).unwrap();
    default_of::<RlConfig>(&[]).unwrap();
    let rewards = RewardsConfig::default();
    assert_eq!(rewards.discount(1e9), 1.0, "no discount unless asked for");
}

#[test]
fn the_game_that_is_played_on_is_checked() {
    let over_api = [
        ("game.kind", "\"sc2\""),
        ("map", "TritonLE"),
        ("game.version", "\"4.10\""),
    ];
    let config = load_text(GOOD, &over_api).unwrap();
    assert_eq!(
        (config.game.kind, config.map.as_str()),
        (GameKind::Sc2, "TritonLE")
    );
    for (key, value, named) in [
        ("map", "TritonLE", "map"),
        ("game.version", "\"4.10\"", "game.version"),
        ("game.timeout_seconds", "0.0", "game.timeout_seconds"),
    ] {
        let error = load_text(GOOD, &[(key, value)]).unwrap_err();
        assert!(
            matches!(&error, ConfigError::Invalid { key, .. } if key == named),
            "{key}={value}: {error}"
        );
    }
    assert!(load_text(GOOD, &[("game.kind", "\"sc3\"")]).is_err());
}
