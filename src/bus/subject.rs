//! Subjects and names: words joined by dots, patterns with `*` and `>`, as NATS has them.

use super::BusError;

/// No subject and no name is longer.
const BYTES_MAX: usize = 200;

/// Whether a pattern stands for a subject: `*` for one word, a final `>` for one or more.
pub(super) fn matches(pattern: &str, subject: &str) -> bool {
    let mut words = subject.split('.');
    let mut parts = pattern.split('.');
    loop {
        match (parts.next(), words.next()) {
            (Some(">"), Some(_)) | (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(part), Some(word)) if part == word => {}
            _ => return false,
        }
    }
}

/// Refuses what is no subject; `wild` allows `*` and `>`.
pub(super) fn check(subject: &str, wild: bool) -> Result<(), BusError> {
    let count = subject.split('.').count();
    let fine = subject
        .split('.')
        .enumerate()
        .all(|(idx, word)| match word {
            "*" => wild,
            ">" => wild && idx + 1 == count,
            word => is_plain(word),
        });
    if fine && subject.len() <= BYTES_MAX {
        return Ok(());
    }
    Err(BusError::Failed {
        doing: format!("use the subject {:?}", cut(subject)),
        what: "it is not words joined by dots".to_owned(),
    })
}

/// A word of a subject: printable, without what means something there.
fn is_plain(word: &str) -> bool {
    let is_meant = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '*' | '>' | '.');
    !word.is_empty() && !word.contains(is_meant)
}

/// Refuses what cannot name a run, a group or a queue: letters, digits, `-` and `_`, the first and last no sign.
pub(super) fn check_word(word: &str) -> Result<(), BusError> {
    if is_word(word) {
        return Ok(());
    }
    Err(BusError::Failed {
        doing: format!("use the name {:?}", cut(word)),
        what: "it must be letters, digits, - and _, begin and end with a letter or digit, and have 64 at most"
            .to_owned(),
    })
}

pub(super) fn is_word(word: &str) -> bool {
    let sound = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let ends = |c: char| c.is_ascii_alphanumeric();
    word.len() <= 64 && word.chars().all(sound) && word.starts_with(ends) && word.ends_with(ends)
}

/// Refuses what cannot name an object.
pub(super) fn check_object(name: &str) -> Result<(), BusError> {
    if !name.is_empty() && name.len() <= BYTES_MAX {
        return Ok(());
    }
    Err(BusError::Failed {
        doing: format!("use the object name {:?}", cut(name)),
        what: format!("it must have 1 to {BYTES_MAX} bytes"),
    })
}

fn cut(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_stand_for_words() {
        for (pattern, subject, expected) in [
            ("a.b", "a.b", true),
            ("a.b", "a", false),
            ("a", "a.b", false),
            ("*", "a", true),
            ("*", "a.b", false),
            ("a.*.c", "a.b.c", true),
            ("a.*.c", "a.b.d", false),
            ("a.>", "a.b.c", true),
            ("a.>", "a", false),
            (">", "a", true),
            ("*.*", "a", false),
        ] {
            assert_eq!(matches(pattern, subject), expected, "{pattern} {subject}");
        }
    }

    #[test]
    fn what_is_no_subject_is_refused() {
        for good in ["a", "a.b-c.d_1", "agent/3.x"] {
            check(good, false).unwrap();
        }
        for wild in ["*", "a.*", "a.>", ">"] {
            check(wild, true).unwrap();
            check(wild, false).unwrap_err();
        }
        for bad in [
            "",
            ".",
            "a.",
            ".a",
            "a..b",
            "a b",
            "a\n",
            "a.>.b",
            "a*",
            &"x".repeat(201),
        ] {
            check(bad, true).unwrap_err();
        }
    }

    #[test]
    fn names_are_words() {
        for good in ["a", "run-1", "league_2", &"x".repeat(64)] {
            assert!(is_word(good), "{good}");
        }
        for bad in ["", "-a", "a_", "a.b", "a b", "ä", "a*", &"x".repeat(65)] {
            assert!(!is_word(bad), "{bad}");
        }
    }
}
