//! Messages: what was said, pings, how far loading was.

use super::layout::Section;
use super::names::Name;
use super::stream::{self, StreamError};

/// A message.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub game_loop: u64,
    pub user: Option<u8>,
    /// E.g. `ChatMessage`.
    pub name: &'static str,
    pub content: MessageContent,
}

#[derive(Clone, Debug, PartialEq)]
pub enum MessageContent {
    /// 0 to all, 2 to allies, 4 to observers.
    Chat {
        recipient: i64,
        text: String,
    },
    /// A place on the map, in cells.
    Ping {
        recipient: i64,
        x: f32,
        y: f32,
    },
    Other,
}

#[derive(Clone, Copy)]
enum Kind {
    Chat,
    Ping,
}

/// Positions have 12 bits after the point.
const FIXED: f32 = 4096.0;

/// All messages.
///
/// # Errors
/// At the first that cannot be read.
pub fn messages(bytes: &[u8], build: u32) -> Result<Vec<Message>, StreamError> {
    let mut all = Vec::new();
    let kind = |name: &str| match name {
        "ChatMessage" => Some(Kind::Chat),
        "PingMessage" => Some(Kind::Ping),
        _ => None,
    };
    stream::packed(Section::Message, bytes, build, kind, |stamp, held| {
        let content = match held {
            None => MessageContent::Other,
            Some((Kind::Chat, it)) => MessageContent::Chat {
                recipient: it.int(Name::Recipient).unwrap_or(0),
                text: it.text(Name::Text).unwrap_or_default(),
            },
            Some((Kind::Ping, it)) => {
                let point = it.get(Name::Point);
                let at = |name| point.and_then(|p| p.int(name)).unwrap_or(0) as f32 / FIXED;
                MessageContent::Ping {
                    recipient: it.int(Name::Recipient).unwrap_or(0),
                    x: at(Name::X),
                    y: at(Name::Y),
                }
            }
        };
        all.push(Message {
            game_loop: stamp.game_loop,
            user: stamp.user,
            name: stamp.name,
            content,
        });
    })?;
    Ok(all)
}
