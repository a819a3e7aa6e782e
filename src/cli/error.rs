//! How a command can end other than well, and what is printed then: one place, once.

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

/// Error texts are cut here: a binary file's bytes or a huge argument must not flood a terminal or a log.
const TEXT_MAX_BYTES: usize = 2_900;

#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// Arguments that parse but make no sense together; exit 2.
    #[error("{0}")]
    Usage(String),
    /// Config, input or I/O: the library's error, with what was being done; exit 2.
    #[error("{doing}")]
    Library {
        doing: String,
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// Everything ran, but the aim was not reached; exit 1. The result is printed already.
    #[error("{0}")]
    FellShort(String),
    /// The reader of our output went away; exit 0.
    #[error("output closed")]
    OutputClosed,
}

impl CliError {
    /// The library's error, under a line that says what was being done.
    pub fn library(
        doing: impl Into<String>,
        source: impl Error + Send + Sync + 'static,
    ) -> CliError {
        CliError::Library {
            doing: doing.into(),
            source: Box::new(source),
        }
    }
}

/// Prints the error chain once and maps it to the exit code.
pub fn exit_code(finished: Result<(), CliError>) -> ExitCode {
    let error = match finished {
        Ok(()) | Err(CliError::OutputClosed) => return ExitCode::SUCCESS,
        Err(error) => error,
    };
    print_to_stderr(&format!("error: {}", chain_text(&error)));
    match error {
        CliError::FellShort(_) => ExitCode::from(1),
        _ => ExitCode::from(2),
    }
}

/// What clap has to say: help and version to stdout with exit 0, refusals to stderr with exit 2.
pub fn print_refusal(refusal: &clap::Error) -> ExitCode {
    if refusal.use_stderr() {
        print_to_stderr(refusal.render().to_string().trim_end());
        return ExitCode::from(2);
    }
    let _ = refusal.print(); // help for a reader that went away is not an error
    ExitCode::SUCCESS
}

/// One message for people, cut to a bearable length.
pub fn print_to_stderr(text: &str) {
    // A closed stderr leaves nobody to tell.
    let _ = writeln!(std::io::stderr(), "{}", cut(text, TEXT_MAX_BYTES));
}

/// An error and its causes, joined by colons; a cause whose text its effect has already quoted is left out.
pub fn chain_text(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let words = cause.to_string();
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        next = cause.source();
    }
    text
}

/// At most `bytes_max` bytes of `text`, cut between characters, with a mark where something is missing.
fn cut(text: &str, bytes_max: usize) -> String {
    if text.len() <= bytes_max {
        return text.to_owned();
    }
    let end = (0..=bytes_max)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0);
    format!("{} [... {} bytes more]", &text[..end], text.len() - end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Layer {
        text: &'static str,
        #[source]
        source: Option<Box<Layer>>,
    }

    #[test]
    fn a_chain_is_printed_once_without_repetitions() {
        let inner = Layer {
            text: "no such file",
            source: None,
        };
        let middle = Layer {
            text: "cannot read a.toml: no such file",
            source: Some(Box::new(inner)),
        };
        let outer = CliError::library("train", middle);
        assert_eq!(
            chain_text(&outer),
            "train: cannot read a.toml: no such file"
        );
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let long = "ä".repeat(4_000);
        let text = cut(&long, TEXT_MAX_BYTES);
        assert!(
            text.len() < 3_000 && text.ends_with("bytes more]"),
            "{} bytes",
            text.len()
        );
        assert_eq!(cut("short", TEXT_MAX_BYTES), "short");
    }
}
