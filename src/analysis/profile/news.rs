//! Which makings bring something new: a tank that sieges and unsieges, or a barracks that lifts off and lands, is what it was.

use crate::analysis::game::{Making, PlayerGame, Stage};
use crate::analysis::kinds;
use std::collections::BTreeMap;

/// The makings that bring something new, in their order: all but free changes of form, and the ways back from those.
pub fn news(game: &PlayerGame) -> impl Iterator<Item = &Making> {
    let all = game.makings.iter().zip(are_new(game));
    all.filter(|(_, is_new)| *is_new).map(|(it, _)| it)
}

/// Of each making, whether it brings something new.
pub(super) fn are_new(game: &PlayerGame) -> Vec<bool> {
    // By plain name, how many are in another form now.
    let mut away: BTreeMap<&str, u32> = BTreeMap::new();
    let mut deaths = game.deaths.iter().peekable();
    let mut found = Vec::new();
    for making in &game.makings {
        while let Some(death) = deaths.next_if(|it| it.game_loop < making.game_loop) {
            if kinds::counted_as(&death.what) != &*death.what {
                back(&mut away, kinds::counted_as(&death.what));
            }
        }
        let plain = kinds::counted_as(&making.what);
        let is_new = match making.stage {
            Stage::Begun | Stage::Done | Stage::Researched => true,
            Stage::Morphed if plain != &*making.what => {
                *away.entry(plain).or_default() += 1;
                false
            }
            Stage::Morphed => {
                !back(&mut away, plain) && kinds::facts(plain).is_some_and(|it| it.is_morph)
            }
        };
        found.push(is_new);
    }
    found
}

/// One comes back, if any was away.
fn back<'a>(away: &mut BTreeMap<&'a str, u32>, plain: &'a str) -> bool {
    match away.get_mut(plain) {
        Some(n) if *n > 0 => {
            *n -= 1;
            true
        }
        _ => false,
    }
}
