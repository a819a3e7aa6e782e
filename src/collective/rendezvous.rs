//! Where the processes of a group meet.

use super::CollectiveError;
use super::ffi::Store;
use std::net::TcpListener;
use std::time::Duration;

/// For the store's connection to itself.
const OWN_TIMEOUT: Duration = Duration::from_secs(30);

/// A key-value store that this process serves while it lives; the processes of *one* group find each other there. For
/// the next group there must be a new one.
#[derive(Debug)]
pub struct Rendezvous {
    address: String,
    /// Serves until it is dropped.
    _store: Store,
}

impl Rendezvous {
    /// Opens one on a free port of `host`: an address or name of this machine that the others reach it by. It listens on
    /// that address alone; whoever reaches it can read and write the store, so it belongs on loopback or a private network.
    ///
    /// # Errors
    /// If `host` is not this machine's, or stands for all its addresses.
    pub fn open(host: &str) -> Result<Rendezvous, CollectiveError> {
        let bare = host.trim_matches(['[', ']']);
        let listen = |source| CollectiveError::Listen {
            host: host.to_owned(),
            source,
        };
        let listener = TcpListener::bind((bare, 0)).map_err(listen)?;
        let own = listener.local_addr().map_err(listen)?;
        if own.ip().is_unspecified() {
            return Err(CollectiveError::Address {
                address: host.to_owned(),
                reason: "name one address that the other processes can reach".to_owned(),
            });
        }
        let store = Store::serve(bare, listener, OWN_TIMEOUT);
        let store = store.map_err(|reason| CollectiveError::Store {
            host: host.to_owned(),
            reason,
        })?;
        let address = if bare.contains(':') {
            format!("[{bare}]:{}", own.port())
        } else {
            format!("{bare}:{}", own.port())
        };
        Ok(Rendezvous {
            address,
            _store: store,
        })
    }

    /// `host:port`, for [`super::Group::join`].
    pub fn address(&self) -> String {
        self.address.clone()
    }
}
