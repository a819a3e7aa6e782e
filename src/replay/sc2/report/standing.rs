//! What stands once in a replay: header, details, lobby, metadata, attributes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::super::details::DetailsPlayer;
use super::super::json::{Json, map};
use super::super::lobby::{GameOption, Slot, User};
use super::super::read::Sc2Replay;

pub(super) fn header(replay: &Sc2Replay) -> Json {
    let it = &replay.header;
    map! {
        "version": it.version_text(),
        "flags": it.flags,
        "base_build": it.base_build,
        "data_build": it.data_build,
        "elapsed_game_loops": it.elapsed_game_loops,
        "use_scaled_time": it.use_scaled_time,
        "type": it.kind,
    }
}

/// Sizes of the replay's own files; not the archive's lists and signatures.
pub(super) fn files(replay: &Sc2Replay) -> Json {
    let own = replay
        .files
        .iter()
        .filter(|(name, size)| name.starts_with("replay.") && *size > 0);
    Json::map(own.map(|(name, size)| (Cow::Owned(name.clone()), Json::from(*size))))
}

pub(super) fn details(replay: &Sc2Replay) -> Json {
    let it = &replay.details;
    let players = it
        .players
        .iter()
        .enumerate()
        .map(|(idx, player)| details_player(idx, player));
    map! {
        "title": it.title.as_str(),
        "game_speed": it.game_speed,
        "is_blizzard_map": it.is_blizzard_map,
        "time_utc_filetime": it.time_utc,
        "mini_save": it.mini_save,
        "players": Json::List(players.collect()),
    }
}

fn details_player(idx: usize, it: &DetailsPlayer) -> Json {
    let [a, r, g, b] = it.color;
    map! {
        "slot_order": idx,
        // Reports are handed on; names stay with `scc replay info`.
        "name": format!("P{}", idx + 1),
        "race_text": it.race_text.as_str(),
        "result": it.result,
        "control": it.control,
        "team_id": it.team_id,
        "observe": it.observe,
        "handicap": it.handicap,
        "working_set_slot_id": it.working_set_slot_id,
        "color": map! { "a": a, "r": r, "g": g, "b": b },
    }
}

pub(super) fn lobby(replay: &Sc2Replay) -> Json {
    let Some(it) = &replay.lobby else {
        return Json::Null;
    };
    let named = || {
        it.users
            .iter()
            .enumerate()
            .filter(|(_, user)| !user.name.is_empty())
    };
    let taken = it
        .slots
        .iter()
        .enumerate()
        .filter(|(_, slot)| slot.control >= 2);
    let game = &it.game;
    let options = game.options.iter().map(|(name, value)| {
        let value = match value {
            GameOption::Flag(flag) => Json::Bool(*flag),
            GameOption::Number(number) => Json::Int(*number),
        };
        (Cow::Borrowed(*name), value)
    });
    map! {
        "user_count_named": named().count(),
        "users": Json::List(named().map(|(idx, user)| lobby_user(idx, user)).collect()),
        "slots": Json::List(taken.map(|(idx, slot)| lobby_slot(idx, slot)).collect()),
        "game": map! {
            "map_size_x": game.map_size[0],
            "map_size_y": game.map_size[1],
            "max_players": game.max_players,
            "max_users": game.max_users,
            "max_observers": game.max_observers,
            "game_speed": game.game_speed,
            "game_type": game.game_type,
            "is_blizzard_map": game.is_blizzard_map,
            "is_coop": game.is_coop,
            "is_premade_ffa": game.is_premade_ffa,
            "default_difficulty": game.default_difficulty,
            "options": Json::map(options),
        },
    }
}

fn lobby_user(idx: usize, it: &User) -> Json {
    map! {
        "index": idx,
        "scaled_rating": it.scaled_rating,
        "highest_league": it.highest_league,
        "combined_race_levels": it.combined_race_levels,
        "race_preference": it.race_preference,
        "observe": it.observe,
    }
}

fn lobby_slot(idx: usize, it: &Slot) -> Json {
    map! {
        "index": idx,
        "control": it.control,
        "user_id": it.user_id,
        "team_id": it.team_id,
        "observe": it.observe,
        "race_pref": it.race_pref,
        "difficulty": it.difficulty,
        "ai_build": it.ai_build,
        "handicap": it.handicap,
        "working_set_slot_id": it.working_set_slot_id,
    }
}

pub(super) fn metadata(replay: &Sc2Replay) -> Json {
    let all = replay
        .metadata
        .as_ref()
        .map(|metadata| metadata.all.clone());
    all.map_or(Json::Null, Json::Other)
}

pub(super) fn attributes(replay: &Sc2Replay) -> Option<Json> {
    let it = replay.attributes.as_ref()?;
    let mut scopes: BTreeMap<u8, BTreeMap<u32, Vec<String>>> = BTreeMap::new();
    for entry in &it.entries {
        let scope = scopes.entry(entry.scope).or_default();
        scope.entry(entry.id).or_default().push(entry.text());
    }
    let of_scope = |ids: BTreeMap<u32, Vec<String>>| {
        Json::map(
            ids.into_iter()
                .map(|(id, texts)| (Cow::Owned(id.to_string()), Json::from(texts))),
        )
    };
    let scopes = scopes
        .into_iter()
        .map(|(scope, ids)| (Cow::Owned(scope.to_string()), of_scope(ids)));
    Some(map! {
        "source": it.source,
        "map_namespace": it.map_namespace,
        "scopes": Json::map(scopes),
    })
}
