//! From a request to its answer: paths, queries, who may ask. No socket here.

use super::games::GAMES_DEFAULT;
use super::replay::NoFilm;
use super::{Board, games};
use std::net::IpAddr;
use std::sync::PoisonError;

/// The page: one document that needs nothing beside it.
pub const PAGE: &str = concat!(
    include_str!("page/head.html"),
    "<style>",
    include_str!("page/style.css"),
    "</style>\n",
    include_str!("page/body.html"),
    "<script>\n\"use strict\";\n",
    include_str!("page/base.js"),
    include_str!("page/charts.js"),
    include_str!("page/run.js"),
    include_str!("page/league.js"),
    include_str!("page/film.js"),
    include_str!("page/viewer.js"),
    include_str!("page/main.js"),
    "</script>\n</body></html>\n",
);

/// What was asked.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub path: String,
    pub query: String,
    /// The `Host` header.
    pub host: String,
    /// The `Authorization` header.
    pub authorization: String,
}

/// What is answered.
pub struct Answer {
    pub status: u16,
    pub kind: &'static str,
    pub body: Body,
}

/// Bytes of its own, or of the film cache.
pub enum Body {
    Own(Vec<u8>),
    Shared(std::sync::Arc<Vec<u8>>),
}

#[cfg(test)]
impl Body {
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Body::Own(bytes) => bytes,
            Body::Shared(bytes) => bytes,
        }
    }
}

const JSON: &str = "application/json";
const HTML: &str = "text/html; charset=utf-8";
/// Prometheus' text format.
const METRICS: &str = "text/plain; version=0.0.4; charset=utf-8";

impl Answer {
    fn json(body: Vec<u8>) -> Answer {
        Answer {
            status: 200,
            kind: JSON,
            body: Body::Own(body),
        }
    }

    /// A refusal, as JSON: `{"error": "..."}`.
    pub fn error(status: u16, what: &str) -> Answer {
        Answer {
            status,
            kind: JSON,
            body: Body::Own(
                serde_json::json!({ "error": what })
                    .to_string()
                    .into_bytes(),
            ),
        }
    }
}

impl Board {
    /// Answers a GET. Reads files and databases: call it where that may take a while.
    pub(super) fn answer(&self, asked: &Asked) -> Answer {
        if let Some(refusal) = self.refusal(asked) {
            return refusal;
        }
        let query = Query(&asked.query);
        match asked.path.as_str() {
            "/" => Answer {
                status: 200,
                kind: HTML,
                body: Body::Own(PAGE.as_bytes().to_vec()),
            },
            "/api/overview" => {
                Answer::json(serde_json::to_vec(&self.overview()).unwrap_or_default())
            }
            "/api/metrics" => self.metrics(&query),
            "/api/league" => Answer::json(self.league_json()),
            "/api/games" => match query.number("limit", GAMES_DEFAULT as u64) {
                Some(limit) => {
                    Answer::json(self.games_json(limit.min(games::GAMES_MAX as u64) as usize))
                }
                None => Answer::error(400, "limit is a number of games"),
            },
            "/api/replay" => self.replay(&query),
            "/metrics" => Answer {
                status: 200,
                kind: METRICS,
                body: Body::Own(self.prometheus().into_bytes()),
            },
            _ => Answer::error(
                404,
                "there is nothing here: docs/DASHBOARD.md lists what is",
            ),
        }
    }

    /// Whoever may not ask.
    fn refusal(&self, asked: &Asked) -> Option<Answer> {
        if let Some(token) = &self.token {
            let bearer = asked
                .authorization
                .strip_prefix("Bearer ")
                .unwrap_or_default();
            let given = Query(&asked.query).get("token");
            let is_right = |text: &str| same(text.as_bytes(), token.as_bytes());
            let is_allowed = is_right(bearer) || given.is_some_and(|text| is_right(&text));
            let what = "say the token: open the page with ?token=SECRET behind its address, or send Authorization: Bearer SECRET";
            return (!is_allowed).then(|| Answer::error(401, what));
        }
        // A page elsewhere must not read this one by a name of its own that leads here.
        let is_known = !self.is_local || is_own_name(&asked.host);
        (!is_known).then(|| {
            Answer::error(
                403,
                "ask by an IP address or localhost, or start scc dashboard with --token",
            )
        })
    }

    fn metrics(&self, query: &Query) -> Answer {
        let player = query.get("player").unwrap_or_default();
        let since = match query.get("since").map(|text| text.parse::<u64>()) {
            Some(Err(_)) => return Answer::error(400, "since is a training step"),
            Some(Ok(since)) => Some(since),
            None => None,
        };
        self.newest();
        let series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        match series.reply(&player, since) {
            Some(reply) => Answer::json(serde_json::to_vec(&reply).unwrap_or_default()),
            None => Answer::error(404, "there are no metrics of such a player"),
        }
    }

    fn replay(&self, query: &Query) -> Answer {
        let name = query.get("file").unwrap_or_default();
        let Some(path) = self.files.find(&name) else {
            return Answer::error(
                404,
                "there is no such replay; it may be gone: only the latest are kept",
            );
        };
        match self.replays.get(&path, &self.closing) {
            Ok(json) => Answer {
                status: 200,
                kind: JSON,
                body: Body::Shared(json),
            },
            Err(NoFilm::Busy) => Answer::error(
                503,
                "other games are being played again: try again in a moment",
            ),
            Err(NoFilm::Failed(what)) => Answer::error(422, &what),
        }
    }
}

/// Compares in a time that does not tell where the texts differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |all, (x, y)| all | (x ^ y)) == 0
}

/// An address, or this machine by the name that everybody has for it; without a port or with one.
fn is_own_name(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    // HTTP/1.0 has no such header; browsers always send it.
    host.is_empty() || name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
}

/// What stands behind the question mark.
struct Query<'a>(&'a str);

impl Query<'_> {
    /// The value of a key, decoded.
    fn get(&self, key: &str) -> Option<String> {
        let pairs = self.0.split('&').filter_map(|pair| pair.split_once('='));
        let mut found = pairs.filter(|(name, _)| *name == key);
        found.next().map(|(_, value)| decoded(value))
    }

    /// A number, or `default` where there is none; none if it is no number.
    fn number(&self, key: &str, default: u64) -> Option<u64> {
        self.get(key)
            .map_or(Some(default), |text| text.parse().ok())
    }
}

/// `%2F` as `/`, `+` as a space; what is no such code stays as it is.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = bytes
            .get(at + 1..at + 3)
            .and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = code.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (bytes[at], byte) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            (other, _) => out.push(other),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded_and_nonsense_stays() {
        let query = Query("file=a%2Fb+c.screp&since=&x=%zz%4&token=%41");
        assert_eq!(query.get("file").as_deref(), Some("a/b c.screp"));
        assert_eq!(query.get("x").as_deref(), Some("%zz%4"));
        assert_eq!(query.get("token").as_deref(), Some("A"));
        assert_eq!(query.get("fil"), None);
        assert_eq!(
            (query.number("since", 5), query.number("limit", 5)),
            (None, Some(5))
        );
    }

    #[test]
    fn only_names_that_everybody_has_for_this_machine_are_its_own() {
        for host in [
            "127.0.0.1:8800",
            "localhost:1",
            "LOCALHOST",
            "[::1]:8800",
            "10.0.0.7",
            "",
        ] {
            assert!(is_own_name(host), "{host}");
        }
        for host in [
            "evil.example:8800",
            "localhost.evil.example",
            "127.0.0.1.evil.example:80",
        ] {
            assert!(!is_own_name(host), "{host}");
        }
    }

    #[test]
    fn the_page_is_whole_and_names_no_other_place() {
        assert!(PAGE.starts_with("<!doctype html>") && PAGE.ends_with("</html>\n"));
        for part in [
            "http://",
            "https://",
            "src=\"//",
            "@import",
            "url(",
            "<link",
            "<script src",
        ] {
            assert!(
                !PAGE
                    .replace("http://www.w3.org/2000/svg", "")
                    .contains(part),
                "{part}"
            );
        }
    }
}
