//! Tracker events: player statistics, the first unit events, upgrades, players.

use std::borrow::Cow;

use super::super::json::{Json, map};
use super::super::read::Sc2Replay;
use super::super::tracker::{PlayerStats, Tracked, TrackerEvent, UnitStart, UnitTag};

const UNIT_EVENTS_MAX: usize = 300;

pub(super) fn entries(replay: &Sc2Replay) -> Vec<(Cow<'static, str>, Json)> {
    let all = || replay.tracker.iter();
    let stats = all().filter_map(|event| match &event.content {
        Tracked::Stats(it) => Some(player_stats(event.game_loop, it)),
        _ => None,
    });
    let upgrades = all().filter(|event| matches!(event.content, Tracked::Upgrade { .. }));
    let setups = all().filter_map(|event| match &event.content {
        Tracked::Setup(it) => Some(map! {
            "playerId": it.player,
            "type": it.kind,
            "userId": it.user,
            "slotId": it.slot,
            "loop": event.game_loop,
        }),
        _ => None,
    });
    let units = || all().filter(|event| is_unit_event(event));
    vec![
        ("player_stats".into(), Json::List(stats.collect())),
        ("unit_event_total".into(), units().count().into()),
        (
            "unit_events_first_300".into(),
            Json::List(
                units()
                    .take(UNIT_EVENTS_MAX)
                    .filter_map(unit_event)
                    .collect(),
            ),
        ),
        (
            "upgrade_events".into(),
            Json::List(upgrades.filter_map(unit_event).collect()),
        ),
        ("player_setup".into(), Json::List(setups.collect())),
    ]
}

fn player_stats(game_loop: u64, it: &PlayerStats) -> Json {
    let values = it
        .values
        .iter()
        .map(|(name, value)| (Cow::Borrowed(name.text()), Json::Int(*value)));
    map! {
        "loop": game_loop,
        "player_id": it.player,
        "stats": Json::map(values),
    }
}

fn is_unit_event(event: &TrackerEvent) -> bool {
    !matches!(
        event.content,
        Tracked::Stats(_) | Tracked::Positions(_) | Tracked::Setup(_) | Tracked::Other
    )
}

/// A unit event or an upgrade.
fn unit_event(event: &TrackerEvent) -> Option<Json> {
    let mut entries: Vec<(Cow<'static, str>, Json)> = vec![
        ("kind".into(), event.name.trim_end_matches("Event").into()),
        ("loop".into(), event.game_loop.into()),
    ];
    let mut put = |key: &'static str, value: Json| entries.push((key.into(), value));
    let unit = match &event.content {
        Tracked::Upgrade {
            player,
            upgrade,
            count,
        } => {
            put("upgrade", upgrade.as_str().into());
            put("count", (*count).into());
            put("player_id", (*player).into());
            return Some(Json::Map(entries));
        }
        Tracked::Born(it) | Tracked::Init(it) => it.unit,
        Tracked::Died(it) => it.unit,
        Tracked::Done(unit) | Tracked::Owner { unit, .. } | Tracked::TypeChange { unit, .. } => {
            *unit
        }
        _ => return None,
    };
    let UnitTag { index, recycle } = unit;
    put("tag_index", index.into());
    put("tag_recycle", recycle.into());
    match &event.content {
        Tracked::Born(it) | Tracked::Init(it) => start(it, &mut put),
        Tracked::Died(it) => {
            put("x", it.x.into());
            put("y", it.y.into());
            put("killer_player_id", it.killer_player.into());
            put("killer_unit_tag_index", it.killer_index.into());
            put("killer_unit_tag_recycle", it.killer_recycle.into());
        }
        Tracked::Owner {
            control_player,
            upkeep_player,
            ..
        } => {
            put("control_player_id", (*control_player).into());
            put("upkeep_player_id", (*upkeep_player).into());
        }
        Tracked::TypeChange { unit_type, .. } => put("unit_type", unit_type.as_str().into()),
        _ => {}
    }
    Some(Json::Map(entries))
}

fn start(it: &UnitStart, put: &mut impl FnMut(&'static str, Json)) {
    put("unit_type", it.unit_type.as_str().into());
    put("control_player_id", it.control_player.into());
    put("upkeep_player_id", it.upkeep_player.into());
    put("x", it.x.into());
    put("y", it.y.into());
    if let Some(creator) = &it.creator {
        put("creator_unit_tag_index", creator.index.into());
        put("creator_unit_tag_recycle", creator.recycle.into());
        put("creator_ability_name", creator.ability.clone().into());
    }
}
