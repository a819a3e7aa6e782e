//! Ctrl-C: the first asks the work to end cleanly, the second ends the process.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::error::CliError;

static STOP: AtomicBool = AtomicBool::new(false);
static INSTALLED: OnceLock<bool> = OnceLock::new();
static ASKED: OnceLock<Instant> = OnceLock::new();
/// A second signal within this time is the same request: terminals and batch systems tell a process and its parent, which tells it
/// again.
const SAME_REQUEST: Duration = Duration::from_secs(1);

/// Installs the handler once; the flag that the first interrupt (or SIGTERM) sets.
pub fn on_interrupt() -> Result<&'static AtomicBool, CliError> {
    let installed = INSTALLED.get_or_init(|| ctrlc::set_handler(handle).is_ok());
    if *installed {
        Ok(&STOP)
    } else {
        Err(CliError::Usage(
            "cannot handle Ctrl-C on this system".into(),
        ))
    }
}

fn handle() {
    let first = ASKED.get_or_init(Instant::now);
    if !STOP.swap(true, Ordering::SeqCst) {
        super::error::print_to_stderr("stopping cleanly; once more ends at once");
    } else if first.elapsed() > SAME_REQUEST {
        // Not by `exit`: libtorch would be taken down while threads still compute with it.
        let own = rustix::process::getpid();
        let _ = rustix::process::kill_process(own, rustix::process::Signal::KILL);
    }
}
