//! What a long run shows while it works: bars on a terminal, plain lines elsewhere, nothing in tests.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Time between two plain lines of one phase.
const LINE_EVERY: Duration = Duration::from_secs(20);

/// Shows how far a run is; called from any thread.
pub trait Progress: Sync + Send {
    /// A new phase of `total` units of work begins; 0 = unknown.
    fn begin(&self, phase: &str, total: u64);
    /// `done` units of the phase are done; `message` says how it goes.
    fn at(&self, done: u64, message: &str);
    /// The phase is over; `message` sums it up.
    fn end(&self, message: &str);
    /// Something worth a line of its own.
    fn note(&self, line: &str);
}

/// Shows nothing.
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: u64) {}
    fn at(&self, _: u64, _: &str) {}
    fn end(&self, _: &str) {}
    fn note(&self, _: &str) {}
}

/// Bars, redrawn in place; for a terminal.
pub struct Bars {
    bar: Mutex<ProgressBar>,
}

impl Bars {
    /// Bars on stderr.
    pub fn stderr() -> Bars {
        Bars {
            bar: Mutex::new(ProgressBar::hidden()),
        }
    }

    fn bar(&self) -> ProgressBar {
        self.bar
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Progress for Bars {
    fn begin(&self, phase: &str, total: u64) {
        let bar = ProgressBar::with_draw_target(
            (total > 0).then_some(total),
            ProgressDrawTarget::stderr_with_hz(4),
        );
        let template = if total > 0 {
            "{prefix:<14} {bar:28} {pos}/{len} [{elapsed} left {eta}] {wide_msg}"
        } else {
            "{prefix:<14} {spinner} {pos} [{elapsed}] {wide_msg}"
        };
        bar.set_style(ProgressStyle::with_template(template).expect("the template is valid"));
        bar.set_prefix(phase.to_owned());
        bar.enable_steady_tick(Duration::from_millis(500));
        *self.bar.lock().unwrap_or_else(PoisonError::into_inner) = bar;
    }

    fn at(&self, done: u64, message: &str) {
        let bar = self.bar();
        bar.set_position(done);
        bar.set_message(message.to_owned());
    }

    fn end(&self, message: &str) {
        self.bar().finish_with_message(message.to_owned());
    }

    fn note(&self, line: &str) {
        self.bar().println(line);
    }
}

/// Plain lines, not too many of them; for a log.
pub struct Lines {
    state: Mutex<LinesState>,
}

struct LinesState {
    out: Box<dyn Write + Send>,
    phase: String,
    total: u64,
    begun: Instant,
    last: Option<Instant>,
}

impl Lines {
    /// Lines into `out`.
    pub fn new(out: Box<dyn Write + Send>) -> Lines {
        Lines {
            state: Mutex::new(LinesState {
                out,
                phase: String::new(),
                total: 0,
                begun: Instant::now(),
                last: None,
            }),
        }
    }

    fn with(&self, act: impl FnOnce(&mut LinesState)) {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl LinesState {
    fn line(&mut self, text: &str) {
        // A log that takes no more lines is no reason to stop a run.
        let _ = writeln!(self.out, "{text}");
        let _ = self.out.flush();
    }
}

impl Progress for Lines {
    fn begin(&self, phase: &str, total: u64) {
        self.with(|s| {
            s.phase = phase.to_owned();
            s.total = total;
            s.begun = Instant::now();
            s.last = None;
        });
    }

    fn at(&self, done: u64, message: &str) {
        self.with(|s| {
            if s.last.is_some_and(|l| l.elapsed() < LINE_EVERY) {
                return;
            }
            s.last = Some(Instant::now());
            let seconds = s.begun.elapsed().as_secs();
            let of = if s.total > 0 {
                format!("/{}", s.total)
            } else {
                String::new()
            };
            let text = format!("{}: {done}{of} after {seconds} s {message}", s.phase);
            s.line(&text);
        });
    }

    fn end(&self, message: &str) {
        self.with(|s| {
            let text = format!("{}: {message} ({} s)", s.phase, s.begun.elapsed().as_secs());
            s.line(&text);
        });
    }

    fn note(&self, line: &str) {
        self.with(|s| s.line(line));
    }
}
