//! The state hash: equal at every loop for equal seeds and commands.

use super::Difficulty;
use super::stalemate;
use super::state::State;
use super::unit::{Special, Unit};
use super::upgrades::buffs;
use xxhash_rust::xxh3::Xxh3;

/// Hash of what decides how the game goes on. Caches and buffers are left out.
pub(super) fn state_hash(state: &State) -> u64 {
    let mut h = Xxh3::new();
    h.update(&state.game_loop.to_le_bytes());
    if stalemate::is_near(state) {
        h.update(&state.progress_loop.to_le_bytes());
    }
    for unit in state.living() {
        hash_unit(&mut h, unit);
    }
    for player in &state.players {
        for v in [
            player.minerals,
            player.vespene,
            player.supply_used_halves,
            player.supply_made_halves,
            player.structures,
        ] {
            h.update(&v.to_le_bytes());
        }
        if player.level.is_some_and(Difficulty::has_bonus) {
            for left in player.bonus_left {
                h.update(&left.to_le_bytes());
            }
        }
        for up in player.upgrades.iter().chain(&player.researching) {
            h.update(&up.0.to_le_bytes());
        }
        player.sight.fog.hash_into(&mut h);
    }
    for event in &state.events {
        event.hash_into(&mut h);
    }
    for effect in &state.effects {
        h.update(&effect.pos.x.to_bits().to_le_bytes());
        h.update(&effect.pos.y.to_bits().to_le_bytes());
        h.update(&effect.until.to_le_bytes());
    }
    h.digest()
}

fn hash_unit(h: &mut Xxh3, unit: &Unit) {
    let words: [u32; 16] = [
        unit.me.0,
        u32::from(unit.type_id.0) | u32::from(unit.owner) << 16 | u32::from(unit.inside) << 24,
        unit.life.to_bits(),
        unit.energy.to_bits(),
        unit.pos.x.to_bits(),
        unit.pos.y.to_bits(),
        unit.velocity.x.to_bits(),
        unit.velocity.y.to_bits(),
        unit.facing.to_bits(),
        unit.cooldown.to_bits(),
        unit.target.0,
        unit.build_left.to_bits(),
        unit.contents,
        u32::from(unit.cargo_amount)
            | u32::from(unit.seen_by) << 8
            | u32::from(unit.detected_by) << 16,
        unit.orders.len() as u32 | (unit.queue.len() as u32) << 8,
        unit.orders
            .first()
            .map_or(0, |o| u32::from(o.ability.0) | u32::from(o.stage) << 16),
    ];
    for w in words {
        h.update(&w.to_le_bytes());
    }
    hash_special(h, unit);
    for job in &unit.queue {
        h.update(&job.left.to_bits().to_le_bytes());
    }
}

/// What few units have is hashed where it is there.
fn hash_special(h: &mut Xxh3, unit: &Unit) {
    let s = &unit.special;
    if *s != Special::default() || unit.arms.quiet_until > 0 {
        let words = [
            s.ready[0],
            s.ready[1],
            s.zone.x.to_bits(),
            s.zone.y.to_bits(),
            s.lock.0,
            u32::from(s.nukes),
            unit.arms.quiet_until,
        ];
        for w in words {
            h.update(&w.to_le_bytes());
        }
    }
    for buff in unit.buffs.iter().filter(|b| buffs::is_spell(b.id)) {
        h.update(&buff.id.0.to_le_bytes());
        h.update(&buff.until.to_le_bytes());
    }
}
