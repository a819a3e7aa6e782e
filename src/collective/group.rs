//! A group of processes that compute together.

use super::CollectiveError;
use super::ffi::Gloo;
use std::net::{IpAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};
use tch::{Device, Kind, Tensor};
use xxhash_rust::xxh3::Xxh3;

/// One process's place in a group. All ranks make the same calls in the same order.
///
/// Tensors may lie on a GPU: they go through the CPU, where Gloo computes.
#[derive(Debug)]
pub struct Group {
    link: Link,
    rank: usize,
    size: usize,
}

#[derive(Debug)]
enum Link {
    /// A group of one: nothing to exchange.
    Alone,
    Joined(Gloo),
    /// After an error; its connections are closed, so that the others hear of it.
    Broken,
}

impl Group {
    /// Joins as rank `rank` of `size` the group that meets at `address` ([`super::Rendezvous::address`]); returns when all
    /// are there. `timeout` bounds the wait for them (each of its two or three parts), and from then on that for a peer in
    /// any call: it must be longer than what the slowest computes between two calls. A group of one needs no peer and no
    /// network, and ignores `address`.
    ///
    /// # Errors
    /// If the address is none, nobody answers there, or not all ranks come in time.
    pub fn join(
        address: &str,
        rank: usize,
        size: usize,
        timeout: Duration,
    ) -> Result<Group, CollectiveError> {
        if rank >= size {
            return Err(CollectiveError::Rank { rank, size });
        }
        if size == 1 {
            let link = Link::Alone;
            return Ok(Group { link, rank, size });
        }
        let (host, port) = parse(address)?;
        let apart = |reason: String| CollectiveError::Join {
            address: address.to_owned(),
            size,
            reason,
        };
        let own = own_address((host, port), timeout).map_err(|e| apart(e.to_string()))?;
        let gloo = Gloo::join((host, port), &own.to_string(), (rank, size), timeout);
        let gloo = gloo.map_err(apart)?;
        let link = Link::Joined(gloo);
        Ok(Group { link, rank, size })
    }

    /// This process's number, from 0.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// Processes in the group.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Overwrites every f32 tensor by its sum over the ranks, the same bits at all of them. Goes as one flat vector, which
    /// is faster than many tensors.
    ///
    /// # Errors
    /// If a rank is lost (the tensors are then as before), or a tensor is not f32.
    pub fn sum(&mut self, tensors: &[Tensor]) -> Result<(), CollectiveError> {
        self.overwrite("sum", tensors, |gloo, flat| gloo.sum(flat))
    }

    /// Overwrites every f32 tensor by that of rank `root`.
    ///
    /// # Errors
    /// As [`Group::sum`]; if there is no such rank.
    pub fn broadcast(&mut self, tensors: &[Tensor], root: usize) -> Result<(), CollectiveError> {
        if root >= self.size {
            let (rank, size) = (root, self.size);
            return Err(CollectiveError::Rank { rank, size });
        }
        self.overwrite("broadcast", tensors, |gloo, flat| {
            gloo.broadcast(flat, root)
        })
    }

    /// Overwrites every number by its sum over the ranks, the same bits at all of them.
    ///
    /// # Errors
    /// If a rank is lost; the numbers are then as before.
    pub fn sum_f64(&mut self, values: &mut [f64]) -> Result<(), CollectiveError> {
        if values.is_empty() {
            return Ok(());
        }
        let mut flat = Tensor::from_slice(values);
        self.call("sum of numbers", |gloo| gloo.sum(&mut flat))?;
        flat.copy_data(values, values.len());
        Ok(())
    }

    /// The numbers of all ranks, in their order; each gives as many. What is no number arrives as such.
    ///
    /// # Errors
    /// As [`Group::sum_f64`].
    pub fn gather(&mut self, values: &[f64]) -> Result<Vec<Vec<f64>>, CollectiveError> {
        let n = values.len();
        // Every rank has places of its own, where all others have 0: sums then are exact.
        let mut all = vec![0.0; n * self.size];
        all[n * self.rank..n * (self.rank + 1)].copy_from_slice(values);
        self.sum_f64(&mut all)?;
        let row = |rank: usize| all[n * rank..n * (rank + 1)].to_vec();
        Ok((0..self.size).map(row).collect())
    }

    /// Whether all ranks hold the same tensors, bit by bit (by a 128-bit hash).
    ///
    /// # Errors
    /// If a rank is lost.
    pub fn same(&mut self, tensors: &[Tensor]) -> Result<bool, CollectiveError> {
        let hash = hash(tensors);
        // Pieces of 32 bits: a f64 holds them exactly.
        let pieces = [0, 32, 64, 96].map(|shift| f64::from((hash >> shift) as u32));
        let rows = self.gather(&pieces)?;
        Ok(rows.iter().all(|row| row == &rows[0]))
    }

    /// One call on all tensors as one vector on the CPU.
    fn overwrite(
        &mut self,
        op: &'static str,
        tensors: &[Tensor],
        work: impl FnOnce(&mut Gloo, &mut Tensor) -> Result<(), String>,
    ) -> Result<(), CollectiveError> {
        if let Some(other) = tensors.iter().find(|t| t.kind() != Kind::Float) {
            let kind = format!("{:?}", other.kind());
            return Err(CollectiveError::Kind { kind });
        }
        if tensors.is_empty() || matches!(self.link, Link::Alone) {
            return Ok(());
        }
        tch::no_grad(|| {
            let parts: Vec<Tensor> = tensors.iter().map(|t| t.detach().reshape([-1])).collect();
            let mut flat = Tensor::cat(&parts, 0).to_device(Device::Cpu);
            self.call(op, |gloo| work(gloo, &mut flat))?;
            let mut at = 0;
            for tensor in tensors {
                let n = tensor.numel() as i64;
                let part = flat.narrow(0, at, n).view(tensor.size().as_slice());
                tensor.detach().copy_(&part);
                at += n;
            }
            Ok(())
        })
    }

    /// Calls, and closes the connections at the first error.
    fn call(
        &mut self,
        op: &'static str,
        work: impl FnOnce(&mut Gloo) -> Result<(), String>,
    ) -> Result<(), CollectiveError> {
        match &mut self.link {
            Link::Alone => Ok(()),
            Link::Broken => Err(CollectiveError::Broken),
            Link::Joined(gloo) => work(gloo).map_err(|reason| {
                self.link = Link::Broken;
                CollectiveError::Lost { op, reason }
            }),
        }
    }
}

/// Of all bytes, in order.
fn hash(tensors: &[Tensor]) -> u128 {
    let mut hash = Xxh3::new();
    let mut bytes = Vec::new();
    for tensor in tensors {
        let n = tensor.numel();
        bytes.resize(n * tensor.kind().elt_size_in_bytes(), 0);
        tensor.copy_data_u8(&mut bytes, n);
        hash.update(&bytes);
    }
    hash.digest128()
}

fn no_address(address: &str, reason: impl ToString) -> CollectiveError {
    CollectiveError::Address {
        address: address.to_owned(),
        reason: reason.to_string(),
    }
}

/// Host, without brackets, and port.
fn parse(address: &str) -> Result<(&str, u16), CollectiveError> {
    let Some((host, port)) = address.rsplit_once(':') else {
        return Err(no_address(address, "expected host:port"));
    };
    let port = port.parse().map_err(|_| {
        no_address(
            address,
            "expected a port from 1 to 65535 behind the last colon",
        )
    })?;
    Ok((host.trim_matches(['[', ']']), port))
}

/// The address of this machine that lies toward the rendezvous: there the others reach it, too. (Gloo would take that of
/// the machine's name, which often is a loopback one.) Waits until somebody listens there; c10d would do so, too, but fill
/// the log meanwhile.
fn own_address(there: (&str, u16), timeout: Duration) -> std::io::Result<IpAddr> {
    let begun = Instant::now();
    loop {
        let left = timeout.saturating_sub(begun.elapsed());
        match connect(there, left.max(Duration::from_millis(1))) {
            Ok(stream) => return Ok(stream.local_addr()?.ip()),
            Err(fault) if left.is_zero() => return Err(fault),
            Err(_) => std::thread::sleep(Duration::from_millis(50).min(left)),
        }
    }
}

/// To the first of the name's addresses that answers.
fn connect(there: (&str, u16), timeout: Duration) -> std::io::Result<TcpStream> {
    let mut last = std::io::Error::other("the name has no address");
    for address in there.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, timeout) {
            Ok(stream) => return Ok(stream),
            Err(fault) => last = fault,
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_others_refused() {
        assert_eq!(parse("10.0.0.7:29500").ok(), Some(("10.0.0.7", 29500)));
        assert_eq!(parse("[::1]:7").ok(), Some(("::1", 7)));
        assert_eq!(parse("node-3:80").ok(), Some(("node-3", 80)));
        for address in ["", "node", "node:", "node:x", "node:70000"] {
            assert!(parse(address).is_err(), "{address}");
        }
    }

    #[test]
    fn one_bit_makes_another_hash() {
        let (zero, minus) = (
            Tensor::from_slice(&[0.0f32]),
            Tensor::from_slice(&[-0.0f32]),
        );
        assert_ne!(hash(&[zero.copy()]), hash(&[minus]));
        assert_eq!(hash(&[zero.copy()]), hash(&[zero]));
    }
}
