//! Names of the built-in AI's levels and builds, numbered as in the API.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How strong the built-in AI plays; numbered as the API's `Difficulty`. `VeryHard` is the papers' "elite AI".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Difficulty {
    VeryEasy = 1,
    Easy = 2,
    Medium = 3,
    MediumHard = 4,
    Hard = 5,
    Harder = 6,
    VeryHard = 7,
    CheatVision = 8,
    CheatMoney = 9,
    CheatInsane = 10,
}

/// What the built-in AI aims for; numbered as the API's `AIBuild`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[repr(u8)]
pub enum AiBuild {
    #[default]
    RandomBuild = 1,
    Rush = 2,
    Timing = 3,
    Power = 4,
    Macro = 5,
    Air = 6,
}

/// A level or build name that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {kind} {name:?}; known: {known}")]
pub struct UnknownName {
    pub kind: &'static str,
    pub name: String,
    pub known: String,
}

impl Difficulty {
    /// All levels, weakest first.
    pub const ALL: [Difficulty; 10] = [
        Difficulty::VeryEasy,
        Difficulty::Easy,
        Difficulty::Medium,
        Difficulty::MediumHard,
        Difficulty::Hard,
        Difficulty::Harder,
        Difficulty::VeryHard,
        Difficulty::CheatVision,
        Difficulty::CheatMoney,
        Difficulty::CheatInsane,
    ];

    /// The level with the API's number.
    pub fn from_api(number: i32) -> Option<Difficulty> {
        Difficulty::ALL.into_iter().find(|d| *d as i32 == number)
    }

    /// Sees through the fog of war.
    pub fn sees_all(self) -> bool {
        self >= Difficulty::CheatVision
    }

    /// Thousandths of what a trip brings that are credited at a loop: 1000 for those who do not cheat.
    ///
    /// The figures are those of the game's own script (`TriggerLibs/MeleeAI.galaxy`, `AIMeleeCheatResources`): CheatMoney
    /// has 1.0 for two minutes, then rises to 1.5 at twenty; CheatInsane rises from 1.2 to 2.0 at twenty. The script's
    /// clock is taken to run at 16 loops a second, as the seconds of all the game's data do.
    pub fn harvest_permille(self, game_loop: u32) -> u32 {
        const SECOND: u32 = 16;
        let now = game_loop.min(1200 * SECOND);
        match self {
            Difficulty::CheatMoney => {
                1000 + now.saturating_sub(120 * SECOND) * 1000 / (2160 * SECOND)
            }
            Difficulty::CheatInsane => 1200 + now * 1000 / (1500 * SECOND),
            _ => 1000,
        }
    }

    /// True if it harvests more than others ([`Difficulty::harvest_permille`]).
    pub fn has_bonus(self) -> bool {
        self >= Difficulty::CheatMoney
    }
}

impl AiBuild {
    /// All builds in the API's order.
    pub const ALL: [AiBuild; 6] = [
        AiBuild::RandomBuild,
        AiBuild::Rush,
        AiBuild::Timing,
        AiBuild::Power,
        AiBuild::Macro,
        AiBuild::Air,
    ];

    /// The build with the API's number.
    pub fn from_api(number: i32) -> Option<AiBuild> {
        AiBuild::ALL.into_iter().find(|b| *b as i32 == number)
    }
}

impl fmt::Display for Difficulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl fmt::Display for AiBuild {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl FromStr for Difficulty {
    type Err = UnknownName;

    /// By name, letter case ignored; `elite` is `VeryHard`.
    fn from_str(name: &str) -> Result<Difficulty, UnknownName> {
        if name.eq_ignore_ascii_case("elite") {
            return Ok(Difficulty::VeryHard);
        }
        by_name("AI level", name, &Difficulty::ALL)
    }
}

impl FromStr for AiBuild {
    type Err = UnknownName;

    /// By name, letter case ignored.
    fn from_str(name: &str) -> Result<AiBuild, UnknownName> {
        by_name("AI build", name, &AiBuild::ALL)
    }
}

fn by_name<T: Copy + fmt::Display>(
    kind: &'static str,
    name: &str,
    all: &[T],
) -> Result<T, UnknownName> {
    all.iter()
        .copied()
        .find(|t| t.to_string().eq_ignore_ascii_case(name))
        .ok_or_else(|| UnknownName {
            kind,
            name: name.to_owned(),
            known: all.iter().map(T::to_string).collect::<Vec<_>>().join(", "),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_unknown_ones_list_the_known() {
        for d in Difficulty::ALL {
            assert_eq!(d.to_string().parse(), Ok(d));
            assert_eq!(d.to_string().to_uppercase().parse(), Ok(d));
            assert_eq!(Difficulty::from_api(d as i32), Some(d));
        }
        for b in AiBuild::ALL {
            assert_eq!(b.to_string().parse(), Ok(b));
            assert_eq!(AiBuild::from_api(b as i32), Some(b));
        }
        assert_eq!("elite".parse(), Ok(Difficulty::VeryHard));
        let error = "Hardest".parse::<Difficulty>().unwrap_err().to_string();
        assert!(
            error.contains("Hardest") && error.contains("VeryHard"),
            "{error}"
        );
        assert_eq!(Difficulty::from_api(0), None);
    }

    #[test]
    fn only_the_cheating_levels_cheat() {
        for d in Difficulty::ALL {
            assert_eq!(d.sees_all(), d.to_string().starts_with("Cheat"), "{d}");
            let bonus = d.harvest_permille(20_000) > 1000;
            assert_eq!(bonus, d >= Difficulty::CheatMoney, "{d}");
            assert_eq!(bonus, d.has_bonus(), "{d}");
        }
    }

    #[test]
    fn the_harvest_bonus_is_that_of_the_games_script() {
        // Minutes of the script's clock (960 loops each): 1.0 for two and then 1.5 at twenty; from 1.2 to 2.0 at twenty.
        let at = |d: Difficulty, minute: u32| d.harvest_permille(minute * 960);
        let money = [0, 1, 2, 11, 20, 40].map(|m| at(Difficulty::CheatMoney, m));
        assert_eq!(money, [1000, 1000, 1000, 1250, 1500, 1500]);
        let insane = [0, 5, 10, 20, 40].map(|m| at(Difficulty::CheatInsane, m));
        assert_eq!(insane, [1200, 1400, 1600, 2000, 2000]);
    }
}
