-- The league's database. The same statements serve SQLite, MySQL and MariaDB: only BIGINT, DOUBLE, VARCHAR and TEXT; times
-- are milliseconds since 1970; flags are 0 or 1; numbers are given by the program, never by the database.

CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL);

CREATE TABLE IF NOT EXISTS meta (
    name VARCHAR(40) NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS players (
    id BIGINT NOT NULL PRIMARY KEY,
    name VARCHAR(100) NOT NULL UNIQUE,
    role VARCHAR(20) NOT NULL,
    past_of BIGINT,
    parent BIGINT,
    start_step BIGINT NOT NULL,
    steps BIGINT NOT NULL,
    promoted_step BIGINT NOT NULL,
    resets BIGINT NOT NULL,
    z_ids TEXT NOT NULL,
    checkpoint TEXT NOT NULL,
    active BIGINT NOT NULL,
    joined_ms BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS checkpoints (
    player BIGINT NOT NULL,
    steps BIGINT NOT NULL,
    path TEXT NOT NULL,
    saved_ms BIGINT NOT NULL,
    PRIMARY KEY (player, steps)
);

CREATE TABLE IF NOT EXISTS games (
    id BIGINT NOT NULL PRIMARY KEY,
    purpose VARCHAR(20) NOT NULL,
    match_number BIGINT,
    branch VARCHAR(20),
    player BIGINT NOT NULL,
    opponent BIGINT NOT NULL,
    player_version BIGINT NOT NULL,
    opponent_version BIGINT NOT NULL,
    player_z BIGINT,
    opponent_z BIGINT,
    outcome VARCHAR(8) NOT NULL,
    map VARCHAR(100) NOT NULL,
    seed BIGINT NOT NULL,
    loops BIGINT NOT NULL,
    ended_ms BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS payoff (
    player BIGINT NOT NULL,
    opponent BIGINT NOT NULL,
    wins DOUBLE NOT NULL,
    draws DOUBLE NOT NULL,
    losses DOUBLE NOT NULL,
    PRIMARY KEY (player, opponent)
);

CREATE TABLE IF NOT EXISTS z_library (
    id BIGINT NOT NULL PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    content TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS z_statistics (
    against BIGINT NOT NULL,
    z BIGINT NOT NULL,
    wins BIGINT NOT NULL,
    draws BIGINT NOT NULL,
    losses BIGINT NOT NULL,
    PRIMARY KEY (against, z)
);

CREATE TABLE IF NOT EXISTS strategies (
    player BIGINT NOT NULL,
    item VARCHAR(60) NOT NULL,
    games BIGINT NOT NULL,
    total DOUBLE NOT NULL,
    PRIMARY KEY (player, item)
);

CREATE TABLE IF NOT EXISTS branch_requests (
    id BIGINT NOT NULL PRIMARY KEY,
    name VARCHAR(40) NOT NULL,
    from_player BIGINT NOT NULL,
    role VARCHAR(20) NOT NULL,
    z_ids TEXT NOT NULL,
    status VARCHAR(10) NOT NULL,
    detail TEXT NOT NULL,
    asked_ms BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS events (
    id BIGINT NOT NULL PRIMARY KEY,
    event VARCHAR(20) NOT NULL,
    player BIGINT NOT NULL,
    steps BIGINT NOT NULL,
    detail TEXT NOT NULL,
    happened_ms BIGINT NOT NULL
);
