//! The score message with all of its details.

use super::finite;
use crate::game::Score;
use crate::game::raw_obs::{CategoryScore, VitalScore};
use crate::sc2::proto;

/// The score; what the message lacks is 0.
pub fn score(message: &proto::Score) -> Score {
    let Some(d) = &message.score_details else {
        return Score {
            score: message.score.unwrap_or(0),
            ..Score::default()
        };
    };
    Score {
        score: message.score.unwrap_or(0),
        idle_production_time: finite(d.idle_production_time),
        idle_worker_time: finite(d.idle_worker_time),
        total_value_units: finite(d.total_value_units),
        total_value_structures: finite(d.total_value_structures),
        killed_value_units: finite(d.killed_value_units),
        killed_value_structures: finite(d.killed_value_structures),
        collected_minerals: finite(d.collected_minerals),
        collected_vespene: finite(d.collected_vespene),
        collection_rate_minerals: finite(d.collection_rate_minerals),
        collection_rate_vespene: finite(d.collection_rate_vespene),
        spent_minerals: finite(d.spent_minerals),
        spent_vespene: finite(d.spent_vespene),
        food_used: category(d.food_used.as_ref()),
        killed_minerals: category(d.killed_minerals.as_ref()),
        killed_vespene: category(d.killed_vespene.as_ref()),
        lost_minerals: category(d.lost_minerals.as_ref()),
        lost_vespene: category(d.lost_vespene.as_ref()),
        friendly_fire_minerals: category(d.friendly_fire_minerals.as_ref()),
        friendly_fire_vespene: category(d.friendly_fire_vespene.as_ref()),
        used_minerals: category(d.used_minerals.as_ref()),
        used_vespene: category(d.used_vespene.as_ref()),
        total_used_minerals: category(d.total_used_minerals.as_ref()),
        total_used_vespene: category(d.total_used_vespene.as_ref()),
        total_damage_dealt: vital(d.total_damage_dealt.as_ref()),
        total_damage_taken: vital(d.total_damage_taken.as_ref()),
        total_healed: vital(d.total_healed.as_ref()),
        current_apm: finite(d.current_apm),
        current_effective_apm: finite(d.current_effective_apm),
    }
}

fn category(message: Option<&proto::CategoryScoreDetails>) -> CategoryScore {
    message.map_or_else(CategoryScore::default, |c| CategoryScore {
        none: finite(c.none),
        army: finite(c.army),
        economy: finite(c.economy),
        technology: finite(c.technology),
        upgrade: finite(c.upgrade),
    })
}

fn vital(message: Option<&proto::VitalScoreDetails>) -> VitalScore {
    message.map_or_else(VitalScore::default, |v| VitalScore {
        life: finite(v.life),
        shields: finite(v.shields),
        energy: finite(v.energy),
    })
}
