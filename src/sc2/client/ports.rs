//! Free ports of the loopback address: no two of this program's games get the same, other programs' are asked of the system.

use super::ClientError;
use std::collections::BTreeSet;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};

/// Tries for each port, if the system keeps giving taken ones.
const TRIES_MAX: usize = 200;

/// The ports in use by one program's games.
#[derive(Debug, Default)]
pub struct Ports {
    taken: Mutex<BTreeSet<u16>>,
}

/// Ports that are somebody's until this is dropped.
#[derive(Debug)]
pub struct PortLease {
    ports: Arc<Ports>,
    pub numbers: Vec<u16>,
}

impl Ports {
    /// So many free ports. Another program may still take one before it is used: whoever uses them must be ready to try again.
    ///
    /// # Errors
    /// [`ClientError::Ports`] if the system has none.
    pub fn lease(self: &Arc<Ports>, n: usize) -> Result<PortLease, ClientError> {
        let mut lease = PortLease {
            ports: self.clone(),
            numbers: Vec::new(),
        };
        for _ in 0..n * TRIES_MAX {
            if lease.numbers.len() == n {
                break;
            }
            let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(ClientError::Ports)?;
            let port = listener.local_addr().map_err(ClientError::Ports)?.port();
            let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
            if taken.insert(port) {
                lease.numbers.push(port);
            }
        }
        match lease.numbers.len() == n {
            true => Ok(lease),
            false => Err(ClientError::Ports(std::io::ErrorKind::AddrInUse.into())),
        }
    }
}

impl Drop for PortLease {
    fn drop(&mut self) {
        let taken = self.ports.taken.lock();
        let mut taken = taken.unwrap_or_else(PoisonError::into_inner);
        for port in &self.numbers {
            taken.remove(port);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_port_is_given_twice_until_it_is_given_back() {
        let ports = Arc::new(Ports::default());
        let leases: Vec<PortLease> = (0..50).map(|_| ports.lease(4).unwrap()).collect();
        let all: BTreeSet<u16> = leases.iter().flat_map(|l| l.numbers.clone()).collect();
        assert_eq!(all.len(), 200);
        drop(leases);
        assert!(ports.taken.lock().unwrap().is_empty());
    }
}
