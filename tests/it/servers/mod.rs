//! Servers of a test's own: on a free port of loopback, in a temporary folder, gone with the test. The library's tests and the
//! integration tests both compile this folder.

pub mod mariadb;
pub mod nats;
mod process;
#[cfg(feature = "torch")]
mod proxy;

pub use mariadb::MariaDb;
pub use nats::NatsServer;
#[cfg(feature = "torch")]
pub use proxy::Proxy;
