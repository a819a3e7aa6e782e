//! Versions of StarCraft II by name. A base build's executable runs several versions, told apart by their data.
//!
//! Facts of `buildinfo/versions.json` beside Blizzard's protocol files, from 3.16.1 on, the first that clients play.

/// A version that was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// As people say it: "4.10".
    pub label: &'static str,
    /// The last number of a replay's version.
    pub build: u32,
    /// Whose executable runs it: `Versions/Base75689`.
    pub base_build: u32,
    /// The flag `-dataVersion`.
    pub data_version: &'static str,
}

const fn row(
    base_build: u32,
    label: &'static str,
    build: u32,
    data_version: &'static str,
) -> Version {
    Version {
        label,
        build,
        base_build,
        data_version,
    }
}

/// Ascending by build.
#[rustfmt::skip]
pub const VERSIONS: &[Version] = &[
    row(55958, "3.16.1", 55958, "5BD7C31B44525DAB46E64C4602A81DC2"),
    row(56787, "3.17", 56787, "DFD1F6607F2CF19CB4E1C996B2563D9B"),
    row(56787, "3.17.1", 57218, "3F2FCED08798D83B873B5543BEFA6C4B"),
    row(56787, "3.17.2", 57490, "C690FC543082D35EA0AAA876B8362BEA"),
    row(57507, "3.18", 57507, "1659EF34997DA3470FF84A14431E3A86"),
    row(58400, "3.19", 58400, "2B06AEE58017A7DF2A3D452D733F1019"),
    row(58400, "3.19.1", 58600, "D9B568472880CC4719D1B698C0D86984"),
    row(59587, "4.0", 59587, "9B4FD995C61664831192B7DA46F8C1A1"),
    row(60196, "4.1", 60196, "1B8ACAB0C663D5510941A9871B3E9FBE"),
    row(60321, "4.1.1", 60321, "5C021D8A549F4A776EE9E9C1748FFBBC"),
    row(60321, "4.1.2", 60604, "33D9FE28909573253B7FC352CE7AEA40"),
    row(60321, "4.1.3", 61021, "F486693E00B2CD305B39E0AB254623EB"),
    row(60321, "4.1.4", 61545, "2E2A3F6E0BAFE5AC659C4D39F13A938C"),
    row(62347, "4.2", 62347, "C0C0E9D37FCDBC437CE386C6BE2D1F93"),
    row(62848, "4.2.1", 62848, "29BBAC5AFF364B6101B661DB468E3A37"),
    row(63454, "4.2.2", 63454, "3CB54C86777E78557C984AB1CF3494A0"),
    row(64469, "4.3", 64469, "C92B3E9683D5A59E08FC011F4BE167FF"),
    row(65094, "4.3.1", 65094, "E5A21037AA7A25C03AC441515F4E0644"),
    row(65384, "4.3.2", 65384, "B6D73C85DFB70F5D01DEABB2517BF11C"),
    row(65895, "4.4", 65895, "BF41339C22AE2EDEBEEADC8C75028F7D"),
    row(66668, "4.4.1", 66668, "C094081D274A39219061182DBFD7840F"),
    row(67188, "4.5", 67188, "2ACF84A7ECBB536F51FC3F734EC3019F"),
    row(67188, "4.5.1", 67344, "6D239173B8712461E6A7C644A5539369"),
    row(67926, "4.6", 67926, "7DE59231CBF06F1ECE9A25A27964D4AE"),
    row(67926, "4.6.1", 68195, "BEA99B4A8E7B41E62ADC06D194801BAB"),
    row(69232, "4.6.2", 69232, "B3E14058F1083913B80C20993AC965DB"),
    row(70154, "4.7", 70154, "8E216E34BC61ABDE16A59A672ACB0F3B"),
    row(70154, "4.7.1", 70326, "94596A85191583AD2EBFAE28C5D532DB"),
    row(71061, "4.8", 71061, "760581629FC458A1937A05ED8388725B"),
    row(71523, "4.8.1", 71523, "FCAF3F050B7C0CC7ADCF551B61B9B91E"),
    row(71663, "4.8.2", 71663, "FE90C92716FC6F8F04B74268EC369FA5"),
    row(72282, "4.8.3", 72282, "0F14399BBD0BA528355FF4A8211F845B"),
    row(73286, "4.8.4", 73286, "CD040C0675FD986ED37A4CA3C88C8EB5"),
    row(73559, "4.8.5", 73559, "B2465E73AED597C74D0844112D582595"),
    row(73620, "4.8.6", 73620, "AA18FEAD6573C79EF707DF44ABF1BE61"),
    row(74071, "4.9", 74071, "70C74A2DCA8A0D8E7AE8647CAC68ACCA"),
    row(74456, "4.9.1", 74456, "218CB2271D4E2FA083470D30B1A05F02"),
    row(74741, "4.9.2", 74741, "614480EF79264B5BD084E57F912172FF"),
    row(75025, "4.9.3", 75025, "C305368C63621480462F8F516FB64374"),
    row(75689, "4.10", 75689, "B89B5D6FA7CBF6452E721311BFBC6CB2"),
    row(75800, "4.10.1", 75800, "DDFFF9EC4A171459A4F371C6CC189554"),
];

/// The version that a wish names: a label ("4.10", also "4.10.0"), a full version ("4.10.0.75689") or a build.
pub fn named(wanted: &str) -> Option<&'static Version> {
    let last = wanted.rsplit('.').next()?;
    if let Some(build) = last.parse::<u32>().ok().filter(|n| *n >= BUILD_MIN) {
        return VERSIONS.iter().find(|v| v.build == build);
    }
    if !wanted.contains('.') {
        return None;
    }
    let plain = |label: &str| label.strip_suffix(".0").unwrap_or(label).to_owned();
    VERSIONS.iter().find(|v| plain(v.label) == plain(wanted))
}

/// The version of a replay, by what its header or `replay_info` says.
pub fn of_replay(base_build: u32, data_version: &str) -> Option<&'static Version> {
    let same = |v: &&Version| v.base_build == base_build;
    let exact = |v: &&Version| same(v) && v.data_version.eq_ignore_ascii_case(data_version);
    VERSIONS.iter().find(exact)
}

/// Builds are larger than every other part of a version.
pub const BUILD_MIN: u32 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_by_every_name_they_have() {
        for name in ["4.10", "4.10.0", "4.10.0.75689", "75689"] {
            assert_eq!(named(name).map(|v| v.build), Some(75689), "{name}");
        }
        assert_eq!(
            named("4.1.2").map(|v| (v.build, v.base_build)),
            Some((60604, 60321))
        );
        assert_eq!(named("4.0").map(|v| v.build), Some(59587));
        for name in ["", "4", "5.0.13", "4.10.0.1", "99999"] {
            assert_eq!(named(name), None, "{name:?}");
        }
        assert!(VERSIONS.is_sorted_by_key(|v| v.build));
    }

    #[test]
    fn a_replays_data_tells_versions_of_one_executable_apart() {
        let found = of_replay(60321, "2E2A3F6E0BAFE5AC659C4D39F13A938C");
        assert_eq!(found.map(|v| v.label), Some("4.1.4"));
        assert_eq!(of_replay(60321, "no such"), None);
    }
}
