//! Rust sources as the rules see them: the text, and the same text with comments and literals blanked out.

/// One file.
pub struct Source {
    /// Relative to the repository, with forward slashes.
    pub path: String,
    pub text: String,
    /// `text` with comments and the insides of literals replaced by spaces; same length in characters, same lines.
    pub code: String,
}

/// One function with a body.
pub struct Function {
    pub name: String,
    /// First line, counted from 1.
    pub line: usize,
    /// Lines from `fn` to the closing brace, both counted.
    pub lines: usize,
}

impl Source {
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Source {
        let text = text.into();
        Source {
            path: path.into(),
            code: blank(&text),
            text,
        }
    }

    /// The first folder or file below `src/`: `sim` for src/sim/combat/mod.rs; `None` outside of src/.
    pub fn module(&self) -> Option<&str> {
        let below = self.path.strip_prefix("src/")?;
        Some(below.split('/').next()?.trim_end_matches(".rs"))
    }

    /// Whether the whole file is test code.
    pub fn is_test_file(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        self.path.starts_with("tests/")
            || name == "tests.rs"
            || self.path.contains("/tests/")
            || name.ends_with("_tests.rs")
    }

    /// `code` without what stands in `#[cfg(test)] mod ... { }` blocks; empty for a test file.
    pub fn shipped_code(&self) -> String {
        if self.is_test_file() {
            return String::new();
        }
        let mut code: Vec<char> = self.code.chars().collect();
        let markers = ["#[cfg(test)]", "#[cfg(all(test,"].map(|m| m.chars().collect::<Vec<_>>());
        let mut at = 0;
        while at < code.len() {
            if let Some(marker) = markers.iter().find(|m| code[at..].starts_with(m)) {
                let end = item_end(&code, at + marker.len());
                code[at..end]
                    .iter_mut()
                    .filter(|c| **c != '\n')
                    .for_each(|c| *c = ' ');
            }
            at += 1;
        }
        code.into_iter().collect()
    }

    /// Every function with a body, nested ones too, in order.
    pub fn functions(&self) -> Vec<Function> {
        let code: Vec<char> = self.code.chars().collect();
        let mut found = Vec::new();
        let mut line = 1;
        for at in 0..code.len() {
            if code[at] == '\n' {
                line += 1;
            }
            let Some(name) = function_name(&code, at) else {
                continue;
            };
            let end = item_end(&code, at);
            if code[at..end].last() == Some(&'}') {
                let lines = code[at..end].iter().filter(|c| **c == '\n').count() + 1;
                found.push(Function { name, line, lines });
            }
        }
        found
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The name, if the keyword `fn` of a function item stands at `at` (not a `fn(..)` type).
fn function_name(code: &[char], at: usize) -> Option<String> {
    let starts = code[at..].starts_with(&['f', 'n', ' ']) && (at == 0 || !is_word(code[at - 1]));
    let name: String = code
        .get(at + 3..)
        .filter(|_| starts)?
        .iter()
        .take_while(|c| is_word(**c))
        .collect();
    (!name.is_empty()).then_some(name)
}

/// The index behind an item that starts at `from`: behind its closing brace, or behind its semicolon if it has no body.
fn item_end(code: &[char], from: usize) -> usize {
    let (mut braces, mut brackets) = (0usize, 0usize);
    for (at, c) in code.iter().enumerate().skip(from) {
        match c {
            '{' => braces += 1,
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets = brackets.saturating_sub(1),
            ';' if braces == 0 && brackets == 0 => return at + 1,
            '}' if braces == 1 => return at + 1,
            '}' => braces = braces.saturating_sub(1),
            _ => {}
        }
    }
    code.len()
}

/// Replaces comments and the insides of string, byte and character literals by spaces; newlines stay.
pub fn blank(text: &str) -> String {
    let text: Vec<char> = text.chars().collect();
    let mut out = text.clone();
    let mut at = 0;
    while at < text.len() {
        let end = literal_or_comment_end(&text, at);
        out[at..end]
            .iter_mut()
            .filter(|c| **c != '\n')
            .for_each(|c| *c = ' ');
        at = end.max(at + 1);
    }
    out.into_iter().collect()
}

/// The index behind the comment or literal that starts at `at`, or `at` if none does.
fn literal_or_comment_end(text: &[char], at: usize) -> usize {
    let rest = &text[at..];
    let find = |from: usize, what: &[char]| {
        rest[from..]
            .windows(what.len())
            .position(|w| w == what)
            .map(|p| from + p + what.len())
    };
    let before_is_word = at > 0 && is_word(text[at - 1]);
    match rest {
        ['/', '/', ..] => at + rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
        ['/', '*', ..] => at + find(2, &['*', '/']).unwrap_or(rest.len()),
        ['r', '"' | '#', ..] if !before_is_word => {
            let hashes = rest[1..].iter().take_while(|c| **c == '#').count();
            if rest.get(1 + hashes) != Some(&'"') {
                return at; // a raw identifier
            }
            let mut close = vec!['"'];
            close.resize(1 + hashes, '#');
            at + find(2 + hashes, &close).unwrap_or(rest.len())
        }
        ['"', ..] => at + quoted_end(rest, '"'),
        // A character, not a lifetime: closed after one character, or escaped.
        ['\'', '\\', ..] | ['\'', _, '\'', ..] => at + quoted_end(rest, '\''),
        _ => at,
    }
}

/// The length of a quoted literal that `rest` starts with, backslash escapes minded.
fn quoted_end(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            c if c == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}
