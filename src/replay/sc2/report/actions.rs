//! Game events: the first commands, selections, control groups, camera moves and targets.

use std::borrow::Cow;

use super::super::game::{
    Action, Camera, Command, GameEvent, Mask, Point, SelectionDelta, Target, TargetUnit,
};
use super::super::json::{Json, map};
use super::super::read::Sc2Replay;

/// Key, how many at most, and what an event of the kind becomes.
type Kind = (
    &'static str,
    usize,
    fn(&Action) -> Option<Vec<(&'static str, Json)>>,
);

const KINDS: [Kind; 7] = [
    ("cmd_events_first_300", 300, |action| match action {
        Action::Command(it) => Some(command(it)),
        _ => None,
    }),
    (
        "selection_delta_events_first_100",
        100,
        |action| match action {
            Action::Selection(it) => Some(vec![
                ("controlGroupId", it.group.into()),
                ("delta", delta(it)),
            ]),
            _ => None,
        },
    ),
    ("control_group_events_first_60", 60, |action| match action {
        Action::ControlGroup(it) => Some(vec![
            ("controlGroupIndex", it.index.into()),
            ("controlGroupUpdate", it.update.into()),
            ("mask", mask(&it.mask)),
        ]),
        _ => None,
    }),
    ("camera_update_events_first_60", 60, |action| match action {
        Action::Camera(it) => Some(camera(it)),
        _ => None,
    }),
    (
        "cmd_update_target_point_first_60",
        60,
        |action| match action {
            Action::TargetPoint(it) => Some(vec![("target", point(*it))]),
            _ => None,
        },
    ),
    (
        "cmd_update_target_unit_first_60",
        60,
        |action| match action {
            Action::TargetUnit(it) => Some(vec![("target", target_unit(it))]),
            _ => None,
        },
    ),
    ("leave_events", usize::MAX, |action| match action {
        Action::Leave { reason } => Some(vec![("leaveReason", (*reason).into())]),
        _ => None,
    }),
];

pub(super) fn entries(replay: &Sc2Replay) -> Vec<(Cow<'static, str>, Json)> {
    let kinds = KINDS.iter();
    kinds
        .map(|(key, max, content)| {
            let events = replay.game.iter();
            let found = events.filter_map(|event| Some(stamped(event, content(&event.action)?)));
            (Cow::Borrowed(*key), Json::List(found.take(*max).collect()))
        })
        .collect()
}

fn stamped(event: &GameEvent, content: Vec<(&'static str, Json)>) -> Json {
    let stamp = [
        ("loop", Json::from(event.game_loop)),
        ("user_id", Json::from(event.user)),
    ];
    let all = stamp.into_iter().chain(content);
    Json::map(all.map(|(key, value)| (Cow::Borrowed(key), value)))
}

fn command(it: &Command) -> Vec<(&'static str, Json)> {
    let ability = it.ability.map(|ability| {
        map! {
            "m_abilLink": ability.link,
            "m_abilCmdIndex": ability.index,
            "m_abilCmdData": ability.data,
        }
    });
    let data = match &it.target {
        Target::None => map! { "None": Json::Null },
        Target::Point(it) => map! { "TargetPoint": point(*it) },
        Target::Unit(it) => map! { "TargetUnit": target_unit(it) },
        Target::Data(it) => map! { "Data": *it },
    };
    vec![
        ("cmdFlags", it.flags.into()),
        ("abil", ability.into()),
        ("data", data),
        ("sequence", it.sequence.into()),
        ("otherUnit", it.other_unit.into()),
        ("unitGroup", it.unit_group.into()),
    ]
}

fn point(it: Point) -> Json {
    map! { "x": it.x, "y": it.y, "z": it.z }
}

fn target_unit(it: &TargetUnit) -> Json {
    map! {
        "m_targetUnitFlags": it.flags,
        "m_timer": it.timer,
        "m_tag": it.tag,
        "m_snapshotUnitLink": it.link,
        "m_snapshotControlPlayerId": it.control_player,
        "m_snapshotUpkeepPlayerId": it.upkeep_player,
        "m_snapshotPoint": point(it.point),
    }
}

fn delta(it: &SelectionDelta) -> Json {
    let groups = it.add.iter().map(|group| {
        map! {
            "m_unitLink": group.link,
            "m_subgroupPriority": group.priority,
            "m_intraSubgroupPriority": group.intra_priority,
            "m_count": group.count,
        }
    });
    map! {
        "m_subgroupIndex": it.subgroup_index,
        "m_removeMask": mask(&it.remove),
        "m_addSubgroups": Json::List(groups.collect()),
        "m_addUnitTags": it.add_tags.clone(),
    }
}

fn mask(it: &Mask) -> Json {
    match it {
        Mask::None => map! { "None": Json::Null },
        Mask::Bits(bits) => map! {
            "Mask": Json::List(vec![bits.len().into(), Json::Decimal(bits.to_decimal())])
        },
        Mask::One(places) => map! { "OneIndices": places.clone() },
        Mask::Zero(places) => map! { "ZeroIndices": places.clone() },
    }
}

fn camera(it: &Camera) -> Vec<(&'static str, Json)> {
    vec![
        (
            "target",
            it.target.map(|(x, y)| map! { "x": x, "y": y }).into(),
        ),
        ("distance", it.distance.into()),
        ("pitch", it.pitch.into()),
        ("yaw", it.yaw.into()),
        ("reason", it.reason.into()),
        ("follow", it.follow.into()),
    ]
}
