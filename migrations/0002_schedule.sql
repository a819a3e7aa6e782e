-- Scheduled matches (`scc schedule`), on the same terms, but MEDIUMTEXT where a plan may be long. A run is one time at which a
-- match was due, or one checkpoint that it follows; a row of its
-- plan is one agent against one opponent on one map; a game is keyed by all of these and its number. Times are milliseconds
-- since 1970.

CREATE TABLE IF NOT EXISTS schedule_matches (
    schedule VARCHAR(60) NOT NULL,
    match_name VARCHAR(60) NOT NULL,
    first_seen_ms BIGINT NOT NULL,
    PRIMARY KEY (schedule, match_name)
);

CREATE TABLE IF NOT EXISTS schedule_runs (
    schedule VARCHAR(60) NOT NULL,
    match_name VARCHAR(60) NOT NULL,
    due VARCHAR(120) NOT NULL,
    due_ms BIGINT NOT NULL,
    plan MEDIUMTEXT NOT NULL,
    state VARCHAR(12) NOT NULL,
    detail TEXT NOT NULL,
    started_ms BIGINT NOT NULL,
    ended_ms BIGINT,
    alerts MEDIUMTEXT NOT NULL,
    told BIGINT NOT NULL,
    PRIMARY KEY (schedule, match_name, due)
);

CREATE TABLE IF NOT EXISTS schedule_games (
    schedule VARCHAR(60) NOT NULL,
    match_name VARCHAR(60) NOT NULL,
    due VARCHAR(120) NOT NULL,
    plan_row BIGINT NOT NULL,
    game BIGINT NOT NULL,
    outcome VARCHAR(8) NOT NULL,
    seat BIGINT NOT NULL,
    seed VARCHAR(20) NOT NULL,
    loops BIGINT NOT NULL,
    state_hash VARCHAR(16) NOT NULL,
    agent_hash VARCHAR(80) NOT NULL,
    program VARCHAR(60) NOT NULL,
    game_version VARCHAR(100) NOT NULL,
    replay TEXT NOT NULL,
    ended_ms BIGINT NOT NULL,
    PRIMARY KEY (schedule, match_name, due, plan_row, game)
);
