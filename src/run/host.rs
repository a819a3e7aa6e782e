//! This machine's name and clock, as signs of life and pages tell them.

pub use crate::storage::now_ms;

/// This machine's name; "this machine" where it does not say.
pub fn host_name() -> String {
    let name = rustix::system::uname();
    match name.nodename().to_string_lossy().as_ref() {
        "" => "this machine".to_owned(),
        name => name.to_owned(),
    }
}
