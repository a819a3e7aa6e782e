//! Sums and broadcasts among GPUs by NCCL, for a group that has met over Gloo. Gloo stays for everything small: numbers,
//! comparisons, and the agreement on whether NCCL can be used at all.

pub use super::nccl_ffi::ID_BYTES;
use super::nccl_ffi::{Communicator, Functions, Id};
use std::ffi::c_void;
use std::sync::OnceLock;
use std::sync::mpsc;
use std::time::{Duration, Instant};
use tch::{Cuda, Device, Tensor};
use xxhash_rust::xxh3::xxh3_64;

/// Its name where libtorch has not brought it along.
const LIBRARY: &str = "libnccl.so.2";
/// Time between two looks whether the GPU has done it, after the first moment of looking all the time.
const LOOK_EVERY: Duration = Duration::from_micros(50);
const LOOK_HARD: Duration = Duration::from_millis(1);

/// What a rank tells the others before they decide: see [`choose`].
pub const TOLD: usize = 3;

/// NCCL's functions of this process.
///
/// # Errors
/// Why there are none.
pub fn functions() -> Result<&'static Functions, String> {
    static FOUND: OnceLock<Result<Functions, String>> = OnceLock::new();
    let found = FOUND.get_or_init(|| Functions::open(LIBRARY));
    found.as_ref().map_err(Clone::clone)
}

/// What this rank tells the others of where it computes: whether NCCL could be used, and which GPU that is.
///
/// # Errors
/// Why it could not.
pub fn told(device: Device) -> Result<[f64; TOLD], String> {
    let Device::Cuda(number) = device else {
        return Err("it computes on a CPU".to_owned());
    };
    if number as i64 >= Cuda::device_count() {
        return Err(format!("there is no GPU {number}"));
    }
    let functions = functions()?;
    // One GPU has one bus address in a machine, and a machine one id until it boots again, also in containers.
    let machine = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let gpu = xxh3_64(format!("{machine} {}", functions.bus_id(number)?).as_bytes());
    // Halves: a f64 holds them exactly.
    Ok([1.0, f64::from((gpu >> 32) as u32), f64::from(gpu as u32)])
}

/// Whether a group whose ranks told this can use NCCL.
///
/// # Errors
/// Why not: somebody lacks it, or two ranks share a GPU.
pub fn choose(rows: &[Vec<f64>]) -> Result<(), String> {
    if let Some(rank) = rows.iter().position(|row| row[0] != 1.0) {
        return Err(format!("rank {rank} has no GPU or no NCCL"));
    }
    for (rank, row) in rows.iter().enumerate() {
        if let Some(other) = rows[..rank].iter().position(|r| r[1..] == row[1..]) {
            return Err(format!("ranks {other} and {rank} share a GPU"));
        }
    }
    Ok(())
}

/// A group's name as numbers that Gloo sums, and back.
pub fn id_to_numbers(id: &Id) -> Vec<f64> {
    id.0.iter().map(|&b| f64::from(b)).collect()
}

/// See [`id_to_numbers`].
pub fn id_from_numbers(numbers: &[f64]) -> Id {
    let mut id = Id([0; ID_BYTES]);
    for (byte, number) in id.0.iter_mut().zip(numbers) {
        *byte = *number as u8;
    }
    id
}

/// This process's end of a group's connections among GPUs.
pub struct Nccl {
    communicator: Communicator,
    device: Device,
    timeout: Duration,
}

impl std::fmt::Debug for Nccl {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Nccl({:?})", self.device)
    }
}

impl Nccl {
    /// Joins as `rank` of `size` on GPU `number`; the wait for the others is bounded.
    ///
    /// # Errors
    /// NCCL's words, or that not all came in time.
    pub fn join(
        id: Id,
        ranks: (usize, usize),
        number: usize,
        timeout: Duration,
    ) -> Result<Nccl, String> {
        let functions = functions()?;
        let (tell, told) = mpsc::channel();
        // NCCL waits without a bound: a thread that is left behind is the price of ours.
        std::thread::Builder::new()
            .name("nccl join".to_owned())
            .spawn(move || tell.send(functions.join(id, ranks, number)))
            .map_err(|e| e.to_string())?;
        let joined = told.recv_timeout(timeout);
        let communicator =
            joined.map_err(|_| format!("not all came in {:.0} s", timeout.as_secs_f64()))??;
        Ok(Nccl {
            communicator,
            device: Device::Cuda(number),
            timeout,
        })
    }

    /// Where its tensors lie.
    pub fn device(&self) -> Device {
        self.device
    }

    /// Sums a contiguous f32 tensor of its GPU over the group, in place.
    ///
    /// # Errors
    /// NCCL's words, or that a peer did not answer in time; no further call is of use then.
    pub fn sum(&mut self, tensor: &mut Tensor) -> Result<(), String> {
        let (data, n) = self.place(tensor)?;
        // SAFETY: the tensor is nobody else's while it is borrowed, and `wait` ends before that does; where `wait` fails,
        // the caller drops this communicator, which ends its kernels.
        #[allow(unsafe_code)]
        unsafe {
            self.communicator.begin_sum(data, n)?;
        }
        self.wait()
    }

    /// Overwrites a contiguous f32 tensor of its GPU by that of rank `root`.
    ///
    /// # Errors
    /// As [`Nccl::sum`].
    pub fn broadcast(&mut self, tensor: &mut Tensor, root: usize) -> Result<(), String> {
        let (data, n) = self.place(tensor)?;
        // SAFETY: as in `sum`.
        #[allow(unsafe_code)]
        unsafe {
            self.communicator.begin_broadcast(data, n, root)?;
        }
        self.wait()
    }

    fn place(&self, tensor: &mut Tensor) -> Result<(*mut c_void, usize), String> {
        let fits = tensor.device() == self.device
            && tensor.kind() == tch::Kind::Float
            && tensor.is_contiguous();
        if !fits {
            return Err(format!(
                "a tensor of {:?} on {:?} is none of NCCL's",
                tensor.kind(),
                tensor.device()
            ));
        }
        Ok((tensor.data_ptr(), tensor.numel()))
    }

    fn wait(&mut self) -> Result<(), String> {
        let begun = Instant::now();
        while !self.communicator.is_done()? {
            let waited = begun.elapsed();
            if waited > self.timeout {
                let seconds = self.timeout.as_secs_f64();
                return Err(format!(
                    "a GPU of the group did not answer in {seconds:.0} s"
                ));
            }
            if waited > LOOK_HARD {
                std::thread::sleep(LOOK_EVERY);
            } else {
                std::hint::spin_loop();
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_uses_nccl_if_everybody_has_a_gpu_of_its_own() {
        let gpu = |n: f64| vec![1.0, 7.0, n];
        assert_eq!(choose(&[gpu(0.0), gpu(1.0), gpu(2.0)]), Ok(()));
        let without = choose(&[gpu(0.0), vec![0.0; TOLD]]).unwrap_err();
        assert!(without.contains("rank 1 has no GPU"), "{without}");
        let shared = choose(&[gpu(0.0), gpu(1.0), gpu(0.0)]).unwrap_err();
        assert!(shared.contains("ranks 0 and 2 share"), "{shared}");
        assert!(told(Device::Cpu).unwrap_err().contains("CPU"));
        assert!(told(Device::Cuda(9999)).unwrap_err().contains("9999"));
    }

    #[test]
    fn a_groups_name_survives_the_way_over_gloo() {
        let mut id = Id([0; ID_BYTES]);
        for (i, byte) in id.0.iter_mut().enumerate() {
            *byte = (i * 5 + 3) as u8;
        }
        assert_eq!(id_from_numbers(&id_to_numbers(&id)).0, id.0);
    }

    /// Against the real library, where there is one (with a CUDA libtorch, or `LD_LIBRARY_PATH` to a libnccl.so.2): names
    /// groups on any machine; a group of one on a GPU sums, and without one says that it cannot.
    #[test]
    fn the_real_nccl_names_groups_and_joins_or_says_why_not() {
        let functions = match functions() {
            Ok(functions) => functions,
            Err(why) => return eprintln!("skipped: no NCCL here ({why})"),
        };
        assert!(functions.version().expect("has one") >= 20_700);
        let [a, b] = [0, 1].map(|_| functions.unique_id().expect("makes one"));
        assert_ne!(a.0, b.0);
        let joined = Nccl::join(a, (0, 1), 0, Duration::from_secs(60));
        if !Cuda::is_available() {
            let why = joined.expect_err("there is no GPU");
            assert!(!why.is_empty());
            return eprintln!("no GPU here: NCCL says {why:?}");
        }
        let mut alone = joined.expect("joins");
        let mut tensor = Tensor::from_slice(&[1.0f32, -2.5]).to_device(alone.device());
        alone.sum(&mut tensor).expect("sums");
        alone.broadcast(&mut tensor, 0).expect("broadcasts");
        assert_eq!(Vec::<f32>::try_from(&tensor).expect("f32"), [1.0, -2.5]);
        assert!(alone.sum(&mut Tensor::from_slice(&[1.0f32])).is_err());
    }
}
