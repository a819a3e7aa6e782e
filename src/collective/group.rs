//! A group of processes that compute together.

use super::CollectiveError;
use super::ffi::Gloo;
use super::nccl::{self, Nccl};
use std::net::{IpAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};
use tch::{Device, Kind, Tensor};
use xxhash_rust::xxh3::Xxh3;

/// One process's place in a group. All ranks make the same calls in the same order.
///
/// Tensors may lie on a GPU: they go through the CPU, where Gloo computes, until [`Group::compute_on`] finds that every
/// rank has a GPU of its own and NCCL.
#[derive(Debug)]
pub struct Group {
    link: Link,
    rank: usize,
    size: usize,
    waits: Waits,
}

/// How long a group waits.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    /// For all to come together, in each of its two or three parts.
    pub meet: Duration,
    /// For a peer in any call after that: longer than what the slowest computes between two calls.
    pub call: Duration,
}

impl From<Duration> for Waits {
    /// As long for one as for the other.
    fn from(wait: Duration) -> Waits {
        Waits {
            meet: wait,
            call: wait,
        }
    }
}

#[derive(Debug)]
enum Link {
    /// A group of one: nothing to exchange.
    Alone,
    Joined(Wires),
    /// After an error; its connections are closed, so that the others hear of it.
    Broken,
}

/// The connections of a group.
#[derive(Debug)]
struct Wires {
    gloo: Gloo,
    /// For tensors, where every rank has a GPU.
    nccl: Option<Nccl>,
}

impl Group {
    /// Joins as rank `rank` of `size` the group that meets at `address` ([`super::Rendezvous::address`]); returns when all
    /// are there. A group of one needs no peer and no network, and ignores `address`.
    ///
    /// # Errors
    /// If the address is none, nobody answers there, or not all ranks come in time.
    pub fn join(
        address: &str,
        rank: usize,
        size: usize,
        waits: impl Into<Waits>,
    ) -> Result<Group, CollectiveError> {
        let waits = waits.into();
        if rank >= size {
            return Err(CollectiveError::Rank { rank, size });
        }
        let link = match size {
            1 => Link::Alone,
            _ => Link::Joined(meet(address, (rank, size), waits)?),
        };
        Ok(Group {
            link,
            rank,
            size,
            waits,
        })
    }

    /// Tells the group where this rank's tensors lie; all ranks call it together. Where every rank has a GPU of its own and
    /// NCCL, tensors go from GPU to GPU from here on; else through the CPU as before, and where a GPU is left unused so, the
    /// log says why.
    ///
    /// # Errors
    /// If a rank is lost.
    pub fn compute_on(&mut self, device: Device) -> Result<(), CollectiveError> {
        if !matches!(self.link, Link::Joined(_)) {
            return Ok(());
        }
        match self.agree_on_nccl(device)? {
            Ok(()) => {
                let version = nccl::functions().and_then(|f| f.version());
                tracing::info!("gradients go by NCCL {version:?}, {} GPUs", self.size);
            }
            Err(why) if device.is_cuda() => {
                tracing::warn!("gradients go through the CPU, by Gloo and not by NCCL: {why}");
            }
            Err(_) => {}
        }
        Ok(())
    }

    /// Joins NCCL's group, if all can; else why not, and nobody has joined.
    fn agree_on_nccl(&mut self, device: Device) -> Result<Result<(), String>, CollectiveError> {
        let own = nccl::told(device);
        let rows = self.gather(own.as_ref().unwrap_or(&[0.0; nccl::TOLD]))?;
        if let Err(why) = nccl::choose(&rows) {
            return Ok(Err(own.err().unwrap_or(why)));
        }
        let made = match self.rank {
            0 => nccl::functions().and_then(|f| f.unique_id()),
            _ => Ok(nccl::id_from_numbers(&[])),
        };
        let mut told = vec![f64::from(u8::from(made.is_ok()))];
        told.extend(made.as_ref().map(nccl::id_to_numbers).unwrap_or_default());
        told.resize(1 + nccl::ID_BYTES, 0.0);
        let rows = self.gather(&told)?;
        if rows[0][0] == 0.0 {
            let why = made.err();
            return Ok(Err(
                why.unwrap_or_else(|| "rank 0 can make no group".to_owned())
            ));
        }
        let id = nccl::id_from_numbers(&rows[0][1..]);
        let number = if let Device::Cuda(n) = device { n } else { 0 };
        // Half of it, so that who fails at once finds the others still waiting for its answer below.
        let joined = Nccl::join(id, (self.rank, self.size), number, self.waits.call / 2);
        let rows = self.gather(&[f64::from(u8::from(joined.is_ok()))])?;
        let failed = rows.iter().position(|row| row[0] == 0.0);
        Ok(match (joined, failed) {
            (Err(why), _) => Err(why),
            (Ok(_), Some(rank)) => Err(format!("rank {rank} cannot join NCCL's group")),
            (Ok(joined), None) => {
                if let Link::Joined(wires) = &mut self.link {
                    wires.nccl = Some(joined);
                }
                Ok(())
            }
        })
    }

    /// What sums tensors: `NCCL`, `Gloo`, or `none` in a group of one or after an error.
    pub fn engine(&self) -> &'static str {
        match &self.link {
            Link::Joined(Wires { nccl: Some(_), .. }) => "NCCL",
            Link::Joined(_) => "Gloo",
            Link::Alone | Link::Broken => "none",
        }
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
        self.overwrite("sum", tensors, |wires, flat| match &mut wires.nccl {
            Some(nccl) => nccl.sum(flat),
            None => wires.gloo.sum(flat),
        })
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
        self.overwrite("broadcast", tensors, |wires, flat| match &mut wires.nccl {
            Some(nccl) => nccl.broadcast(flat, root),
            None => wires.gloo.broadcast(flat, root),
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
        self.call("sum of numbers", |wires| wires.gloo.sum(&mut flat))?;
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

    /// One call on all tensors as one vector, on the CPU or on NCCL's GPU.
    fn overwrite(
        &mut self,
        op: &'static str,
        tensors: &[Tensor],
        work: impl FnOnce(&mut Wires, &mut Tensor) -> Result<(), String>,
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
            let mut flat = Tensor::cat(&parts, 0).to_device(self.place());
            self.call(op, |wires| work(wires, &mut flat))?;
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

    /// Where a vector must lie to be summed.
    fn place(&self) -> Device {
        match &self.link {
            Link::Joined(Wires { nccl: Some(n), .. }) => n.device(),
            _ => Device::Cpu,
        }
    }

    /// Calls, and closes the connections at the first error.
    fn call(
        &mut self,
        op: &'static str,
        work: impl FnOnce(&mut Wires) -> Result<(), String>,
    ) -> Result<(), CollectiveError> {
        match &mut self.link {
            Link::Alone => Ok(()),
            Link::Broken => Err(CollectiveError::Broken),
            Link::Joined(wires) => work(wires).map_err(|reason| {
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

/// The connections to all other ranks, once all are there.
fn meet(
    address: &str,
    (rank, size): (usize, usize),
    waits: Waits,
) -> Result<Wires, CollectiveError> {
    let (host, port) = parse(address)?;
    let apart = |reason: String| CollectiveError::Join {
        address: address.to_owned(),
        size,
        reason,
    };
    let own = own_address((host, port), waits.meet).map_err(|e| apart(e.to_string()))?;
    let gloo = Gloo::join((host, port), &own.to_string(), (rank, size), waits);
    Ok(Wires {
        gloo: gloo.map_err(apart)?,
        nccl: None,
    })
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
