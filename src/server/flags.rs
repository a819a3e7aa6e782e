//! The game's own command line: single dashes, the value in the next word, unknown flags ignored.

use std::ffi::OsString;
use std::path::PathBuf;

/// What of it matters to a server without a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// Address to listen on; loopback if not said.
    pub listen: Option<String>,
    pub port: Option<u16>,
    pub data_dir: Option<PathBuf>,
    pub temp_dir: Option<PathBuf>,
    /// Data version that the client wants; there is one only.
    pub data_version: Option<String>,
    pub ipv6: bool,
}

/// A flag that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlagError {
    #[error("{flag} needs a value after it")]
    NoValue { flag: &'static str },
    #[error("-port is a number from 0 to 65535, not {text:?}")]
    Port { text: String },
}

impl Flags {
    /// Reads the words after `scc sim`. Of a flag that comes twice the last counts.
    ///
    /// # Errors
    /// A flag of ours without its value, or a port that is none.
    pub fn parse(words: &[OsString]) -> Result<Flags, FlagError> {
        let mut flags = Flags::default();
        let mut rest = words.iter();
        while let Some(word) = rest.next() {
            let mut value = |flag| rest.next().ok_or(FlagError::NoValue { flag });
            match word.to_str() {
                Some("-listen") => flags.listen = Some(text(value("-listen")?)),
                Some("-port") => flags.port = Some(port(&text(value("-port")?))?),
                Some("-dataDir") => flags.data_dir = Some(value("-dataDir")?.into()),
                Some("-tempDir") => flags.temp_dir = Some(value("-tempDir")?.into()),
                Some("-dataVersion") => flags.data_version = Some(text(value("-dataVersion")?)),
                Some("-ipv6") => flags.ipv6 = true,
                // Windows, pictures, logs: nothing here has any of these.
                _ => {}
            }
        }
        Ok(flags)
    }
}

fn text(word: &OsString) -> String {
    word.to_string_lossy().into_owned()
}

fn port(text: &str) -> Result<u16, FlagError> {
    text.parse().map_err(|_| FlagError::Port {
        text: text.chars().take(40).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Flags, FlagError> {
        let words: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
        Flags::parse(&words)
    }

    #[test]
    fn the_line_python_sc2_sends_is_understood() {
        let flags = parse(
            "-listen 127.0.0.1 -port 5000 -dataDir /d -tempDir /t/ -displayMode 0 -windowwidth 1024 \
             -windowheight 768 -dataVersion ABC -verbose -headlessNoRender -unknown 7",
        )
        .unwrap();
        let expected = Flags {
            listen: Some("127.0.0.1".into()),
            port: Some(5000),
            data_dir: Some("/d".into()),
            temp_dir: Some("/t/".into()),
            data_version: Some("ABC".into()),
            ipv6: false,
        };
        assert_eq!(flags, expected);
    }

    #[test]
    fn the_last_of_two_counts_and_bad_values_are_named() {
        let flags = parse("-dataDir /a -dataDir /b -ipv6").unwrap();
        assert_eq!(flags.data_dir, Some("/b".into()));
        assert!(flags.ipv6);
        for bad in ["-port 65536", "-port -1", "-port x"] {
            assert!(matches!(parse(bad), Err(FlagError::Port { .. })), "{bad}");
        }
        assert_eq!(parse("-port"), Err(FlagError::NoValue { flag: "-port" }));
    }
}
