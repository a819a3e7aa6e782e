//! The field names that we ask for. All others are read over.

macro_rules! names {
    ($($name:ident $text:literal,)*) => {
        /// A field of a replay's structures, by the format's own name without its prefix.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Name {
            $($name,)*
            /// One that nobody asks for.
            Other,
        }

        impl Name {
            /// The name of a field; [`Name::Other`] for one that nobody asks for.
            pub fn of(text: &str) -> Name {
                match text.strip_prefix("scoreValue").unwrap_or(text) {
                    $($text => Name::$name,)*
                    _ => Name::Other,
                }
            }

            /// As the format writes it.
            pub fn text(self) -> &'static str {
                match self {
                    $(Name::$name => $text,)*
                    Name::Other => "",
                }
            }
        }
    };
}

#[rustfmt::skip]
names! {
    // Distances in loops: the width that was chosen.
    Width6 "uint6", Width14 "uint14", Width22 "uint22", Width32 "uint32",
    // Header.
    Version "version", Flags "flags", Major "major", Minor "minor", Revision "revision", Build "build",
    BaseBuild "baseBuild", Type "type", ElapsedGameLoops "elapsedGameLoops", UseScaledTime "useScaledTime",
    DataBuildNum "dataBuildNum",
    // Details.
    PlayerList "playerList", Title "title", GameSpeed "gameSpeed", IsBlizzardMap "isBlizzardMap", TimeUtc "timeUTC",
    MiniSave "miniSave", PlayerName "name", Race "race", Color "color", A "a", R "r", G "g", B "b", Control "control",
    TeamId "teamId", Handicap "handicap", Observe "observe", Result "result", WorkingSetSlotId "workingSetSlotId",
    Toon "toon", Region "region", Realm "realm", Id "id",
    // Initial data.
    SyncLobbyState "syncLobbyState", UserInitialData "userInitialData", ScaledRating "scaledRating",
    HighestLeague "highestLeague", CombinedRaceLevels "combinedRaceLevels", RacePreference "racePreference",
    GameDescription "gameDescription", MapSizeX "mapSizeX", MapSizeY "mapSizeY", MaxPlayers "maxPlayers",
    MaxUsers "maxUsers", MaxObservers "maxObservers", GameType "gameType", IsCoopMode "isCoopMode",
    IsPremadeFfa "isPremadeFFA", DefaultDifficulty "defaultDifficulty", GameOptions "gameOptions",
    LockTeams "lockTeams", TeamsTogether "teamsTogether", AdvancedSharedControl "advancedSharedControl",
    RandomRaces "randomRaces", BattleNet "battleNet", Amm "amm", Competitive "competitive", Practice "practice",
    Cooperative "cooperative", NoVictoryOrDefeat "noVictoryOrDefeat", HeroDuplicatesAllowed "heroDuplicatesAllowed",
    Fog "fog", Observers "observers", UserDifficulty "userDifficulty", ClientDebugFlags "clientDebugFlags",
    BuildCoachEnabled "buildCoachEnabled", Ranked "ranked",
    LobbyState "lobbyState", Slots "slots", UserId "userId", RacePref "racePref", Difficulty "difficulty",
    AiBuild "aiBuild",
    // Game events and messages.
    CmdFlags "cmdFlags", Abil "abil", AbilLink "abilLink", AbilCmdIndex "abilCmdIndex", AbilCmdData "abilCmdData",
    Data "data", Nothing "None", TargetPoint "TargetPoint", TargetUnit "TargetUnit", DataWay "Data",
    TargetUnitFlags "targetUnitFlags", Timer "timer", Tag "tag", SnapshotUnitLink "snapshotUnitLink",
    SnapshotPlayerId "snapshotPlayerId", SnapshotControlPlayerId "snapshotControlPlayerId",
    SnapshotUpkeepPlayerId "snapshotUpkeepPlayerId", SnapshotPoint "snapshotPoint", X "x", Y "y", Z "z",
    Sequence "sequence", OtherUnit "otherUnit", UnitGroup "unitGroup",
    // The oldest commands are flat.
    TargetUnitTag "targetUnitTag", TargetUnitTimer "targetUnitTimer",
    TargetUnitSnapshotUnitLink "targetUnitSnapshotUnitLink", TargetPointFlat "targetPoint",
    ControlGroupId "controlGroupId", Delta "delta", SubgroupIndex "subgroupIndex", RemoveMask "removeMask",
    MaskWay "Mask", OneIndices "OneIndices", ZeroIndices "ZeroIndices", AddSubgroups "addSubgroups",
    UnitLink "unitLink", SubgroupPriority "subgroupPriority", IntraSubgroupPriority "intraSubgroupPriority",
    Count "count", AddUnitTags "addUnitTags", ControlGroupIndex "controlGroupIndex",
    ControlGroupUpdate "controlGroupUpdate", Mask "mask", Target "target", Distance "distance", Pitch "pitch",
    Yaw "yaw", Reason "reason", Follow "follow", LeaveReason "leaveReason", State "state",
    Recipient "recipient", Text "string", Point "point", Progress "progress",
    // Tracker events.
    PlayerId "playerId", Stats "stats", UnitTagIndex "unitTagIndex", UnitTagRecycle "unitTagRecycle",
    UnitTypeName "unitTypeName", ControlPlayerId "controlPlayerId", UpkeepPlayerId "upkeepPlayerId",
    CreatorUnitTagIndex "creatorUnitTagIndex", CreatorUnitTagRecycle "creatorUnitTagRecycle",
    CreatorAbilityName "creatorAbilityName", KillerPlayerId "killerPlayerId", KillerUnitTagIndex "killerUnitTagIndex",
    KillerUnitTagRecycle "killerUnitTagRecycle", UpgradeTypeName "upgradeTypeName",
    FirstUnitIndex "firstUnitIndex", Items "items", SlotId "slotId",
    // Player statistics, in the order in which the format has them.
    MineralsCurrent "MineralsCurrent", VespeneCurrent "VespeneCurrent",
    MineralsCollectionRate "MineralsCollectionRate", VespeneCollectionRate "VespeneCollectionRate",
    WorkersActiveCount "WorkersActiveCount", MineralsUsedInProgressArmy "MineralsUsedInProgressArmy",
    MineralsUsedInProgressEconomy "MineralsUsedInProgressEconomy",
    MineralsUsedInProgressTechnology "MineralsUsedInProgressTechnology",
    VespeneUsedInProgressArmy "VespeneUsedInProgressArmy", VespeneUsedInProgressEconomy "VespeneUsedInProgressEconomy",
    VespeneUsedInProgressTechnology "VespeneUsedInProgressTechnology",
    MineralsUsedCurrentArmy "MineralsUsedCurrentArmy", MineralsUsedCurrentEconomy "MineralsUsedCurrentEconomy",
    MineralsUsedCurrentTechnology "MineralsUsedCurrentTechnology", VespeneUsedCurrentArmy "VespeneUsedCurrentArmy",
    VespeneUsedCurrentEconomy "VespeneUsedCurrentEconomy", VespeneUsedCurrentTechnology "VespeneUsedCurrentTechnology",
    MineralsLostArmy "MineralsLostArmy", MineralsLostEconomy "MineralsLostEconomy",
    MineralsLostTechnology "MineralsLostTechnology", VespeneLostArmy "VespeneLostArmy",
    VespeneLostEconomy "VespeneLostEconomy", VespeneLostTechnology "VespeneLostTechnology",
    MineralsKilledArmy "MineralsKilledArmy", MineralsKilledEconomy "MineralsKilledEconomy",
    MineralsKilledTechnology "MineralsKilledTechnology", VespeneKilledArmy "VespeneKilledArmy",
    VespeneKilledEconomy "VespeneKilledEconomy", VespeneKilledTechnology "VespeneKilledTechnology",
    FoodUsed "FoodUsed", FoodMade "FoodMade", MineralsUsedActiveForces "MineralsUsedActiveForces",
    VespeneUsedActiveForces "VespeneUsedActiveForces", MineralsFriendlyFireArmy "MineralsFriendlyFireArmy",
    MineralsFriendlyFireEconomy "MineralsFriendlyFireEconomy",
    MineralsFriendlyFireTechnology "MineralsFriendlyFireTechnology", VespeneFriendlyFireArmy "VespeneFriendlyFireArmy",
    VespeneFriendlyFireEconomy "VespeneFriendlyFireEconomy",
    VespeneFriendlyFireTechnology "VespeneFriendlyFireTechnology",
}
