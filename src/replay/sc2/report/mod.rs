//! The JSON of `scc replay events`: counts of everything, series of figures, and the first events of each kind.
//!
//! Keys and shapes are those of the reference decodings that the decoder is held to.

mod actions;
mod standing;
mod tracked;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::json::{Json, map};
use super::read::Sc2Replay;

/// How often and when events of one kind came.
#[derive(Clone, Copy, Default)]
struct Span {
    count: u64,
    sum: u128,
    first: u64,
    last: u64,
}

impl Span {
    fn add(&mut self, game_loop: u64) {
        if self.count == 0 {
            self.first = game_loop;
        }
        self.count += 1;
        self.sum += u128::from(game_loop);
        self.last = game_loop;
    }

    fn json(self) -> Json {
        map! {
            "count": self.count,
            "sum_of_loops": u64::try_from(self.sum).unwrap_or(u64::MAX),
            "first_loop": self.first,
            "last_loop": self.last,
        }
    }
}

/// By name: how often and when.
fn spans<'a>(events: impl Iterator<Item = (&'a str, u64)>) -> Json {
    let mut spans: BTreeMap<&str, Span> = BTreeMap::new();
    for (name, game_loop) in events {
        spans.entry(name).or_default().add(game_loop);
    }
    Json::map(
        spans
            .into_iter()
            .map(|(name, span)| (Cow::Owned(name.to_owned()), span.json())),
    )
}

/// How often each user did each thing.
fn counts_by_user(replay: &Sc2Replay) -> Json {
    let mut counts: BTreeMap<u8, BTreeMap<&str, u64>> = BTreeMap::new();
    for event in &replay.game {
        if let Some(user) = event.user {
            *counts
                .entry(user)
                .or_default()
                .entry(event.name)
                .or_default() += 1;
        }
    }
    let of_user = |counts: BTreeMap<&str, u64>| {
        Json::map(
            counts
                .into_iter()
                .map(|(name, n)| (Cow::Owned(name.to_owned()), Json::from(n))),
        )
    };
    Json::map(
        counts
            .into_iter()
            .map(|(user, counts)| (Cow::Owned(user.to_string()), of_user(counts))),
    )
}

/// All that is told of a replay. `file` is its name, `bytes` the file's content.
pub fn report(replay: &Sc2Replay, file: &str, bytes: &[u8]) -> impl serde::Serialize + use<> {
    let none = || Json::List(Vec::new());
    let mut entries: Vec<(Cow<'static, str>, Json)> = vec![
        ("errors".into(), none()),
        ("notes".into(), replay.warnings.clone().into()),
        ("bytes".into(), bytes.len().into()),
        ("sha256".into(), sha256(bytes).into()),
        ("header".into(), standing::header(replay)),
        ("archive_files".into(), standing::files(replay)),
        ("details_from".into(), replay.details_from.into()),
        ("protocol_used".into(), replay.protocol.into()),
        ("protocol_exact".into(), replay.is_protocol_exact().into()),
        ("decode_errors".into(), none()),
        ("details".into(), standing::details(replay)),
        ("init_data".into(), standing::lobby(replay)),
        ("game_metadata".into(), standing::metadata(replay)),
    ];
    let tracker = replay
        .tracker
        .iter()
        .map(|event| (event.name, event.game_loop));
    let game = replay
        .game
        .iter()
        .map(|event| (event.name, event.game_loop));
    let messages = replay
        .messages
        .iter()
        .map(|event| (event.name, event.game_loop));
    entries.push(("tracker_event_summary".into(), spans(tracker)));
    entries.push(("game_event_summary".into(), spans(game)));
    entries.push(("message_event_summary".into(), spans(messages)));
    entries.push(("game_event_counts_by_user".into(), counts_by_user(replay)));
    entries.extend(tracked::entries(replay));
    entries.extend(actions::entries(replay));
    entries
        .extend(standing::attributes(replay).map(|attributes| ("attributes".into(), attributes)));
    entries.push(("file".into(), file.into()));
    entries.push((
        "decoder".into(),
        concat!("scc ", env!("CARGO_PKG_VERSION")).into(),
    ));
    Json::Map(entries)
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    let digest = sha2::Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
