//! The score message with all of its details, zeros included.

use crate::game::Score;
use crate::game::raw_obs::{CategoryScore, VitalScore};
use crate::sc2::proto::{self, score::ScoreType};

pub(super) fn score(s: &Score) -> proto::Score {
    proto::Score {
        score_type: Some(ScoreType::Melee as i32),
        score: Some(s.score),
        score_details: Some(details(s)),
    }
}

fn details(s: &Score) -> proto::ScoreDetails {
    proto::ScoreDetails {
        idle_production_time: Some(s.idle_production_time),
        idle_worker_time: Some(s.idle_worker_time),
        total_value_units: Some(s.total_value_units),
        total_value_structures: Some(s.total_value_structures),
        killed_value_units: Some(s.killed_value_units),
        killed_value_structures: Some(s.killed_value_structures),
        collected_minerals: Some(s.collected_minerals),
        collected_vespene: Some(s.collected_vespene),
        collection_rate_minerals: Some(s.collection_rate_minerals),
        collection_rate_vespene: Some(s.collection_rate_vespene),
        spent_minerals: Some(s.spent_minerals),
        spent_vespene: Some(s.spent_vespene),
        food_used: category(&s.food_used),
        killed_minerals: category(&s.killed_minerals),
        killed_vespene: category(&s.killed_vespene),
        lost_minerals: category(&s.lost_minerals),
        lost_vespene: category(&s.lost_vespene),
        friendly_fire_minerals: category(&s.friendly_fire_minerals),
        friendly_fire_vespene: category(&s.friendly_fire_vespene),
        used_minerals: category(&s.used_minerals),
        used_vespene: category(&s.used_vespene),
        total_used_minerals: category(&s.total_used_minerals),
        total_used_vespene: category(&s.total_used_vespene),
        total_damage_dealt: vital(&s.total_damage_dealt),
        total_damage_taken: vital(&s.total_damage_taken),
        total_healed: vital(&s.total_healed),
        current_apm: Some(s.current_apm),
        current_effective_apm: Some(s.current_effective_apm),
    }
}

fn category(c: &CategoryScore) -> Option<proto::CategoryScoreDetails> {
    Some(proto::CategoryScoreDetails {
        none: Some(c.none),
        army: Some(c.army),
        economy: Some(c.economy),
        technology: Some(c.technology),
        upgrade: Some(c.upgrade),
    })
}

fn vital(v: &VitalScore) -> Option<proto::VitalScoreDetails> {
    Some(proto::VitalScoreDetails {
        life: Some(v.life),
        shields: Some(v.shields),
        energy: Some(v.energy),
    })
}
