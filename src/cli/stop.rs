//! Ctrl-C: the first asks the work to end cleanly, the second ends the process.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::CliError;

static STOP: AtomicBool = AtomicBool::new(false);
static INSTALLED: OnceLock<bool> = OnceLock::new();

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
    if STOP.swap(true, Ordering::SeqCst) {
        std::process::exit(1);
    }
    super::error::print_to_stderr("stopping cleanly; once more ends at once");
}
