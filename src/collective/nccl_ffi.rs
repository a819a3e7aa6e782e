//! NCCL's C functions and the few of CUDA's runtime that they need, looked up when a group first asks for them: a program
//! without a GPU neither links nor loads them.
//!
//! What the unsafe code relies on: the signatures below are those of nccl.h and cuda_runtime_api.h, which have kept them
//! since NCCL 2.7 and CUDA 11; the libraries stay open as long as the process runs.

use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW, Symbol};
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::{NonNull, null_mut};

const SUCCESS: c_int = 0;
const IN_PROGRESS: c_int = 7;
const CUDA_NOT_READY: c_int = 600;
const FLOAT32: c_int = 7;
const SUM: c_int = 0;
/// The legacy default stream, on which libtorch computes unless told otherwise: what is put there runs in order with it.
const STREAM: *mut c_void = null_mut();

/// Bytes of a group's name.
pub const ID_BYTES: usize = 128;

/// What a group is called while it forms; rank 0 makes it, the others get it over Gloo.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Id(pub [u8; ID_BYTES]);

type Buffer = *mut c_void;

/// The functions, as C declares them.
pub struct Functions {
    get_version: Symbol<unsafe extern "C" fn(*mut c_int) -> c_int>,
    get_unique_id: Symbol<unsafe extern "C" fn(*mut Id) -> c_int>,
    init_rank: Symbol<unsafe extern "C" fn(*mut Buffer, c_int, Id, c_int) -> c_int>,
    all_reduce:
        Symbol<unsafe extern "C" fn(Buffer, Buffer, usize, c_int, c_int, Buffer, Buffer) -> c_int>,
    broadcast:
        Symbol<unsafe extern "C" fn(Buffer, Buffer, usize, c_int, c_int, Buffer, Buffer) -> c_int>,
    async_error: Symbol<unsafe extern "C" fn(Buffer, *mut c_int) -> c_int>,
    abort: Symbol<unsafe extern "C" fn(Buffer) -> c_int>,
    error_string: Symbol<unsafe extern "C" fn(c_int) -> *const c_char>,
    set_device: Symbol<unsafe extern "C" fn(c_int) -> c_int>,
    stream_query: Symbol<unsafe extern "C" fn(Buffer) -> c_int>,
    bus_id: Symbol<unsafe extern "C" fn(*mut c_char, c_int, c_int) -> c_int>,
    cuda_error_string: Symbol<unsafe extern "C" fn(c_int) -> *const c_char>,
}

/// A communicator: one rank's end of a group on GPUs. Freed, and its kernels ended, when dropped.
pub struct Communicator {
    functions: &'static Functions,
    handle: NonNull<c_void>,
    device: c_int,
}

// SAFETY: a communicator belongs to no thread; `&mut self` keeps it to one at a time.
unsafe impl Send for Communicator {}

impl Functions {
    /// Those of what the process has open already (a libtorch with CUDA brings them along), else of `library`.
    ///
    /// # Errors
    /// The loader's words, if a library or a function is missing.
    pub fn open(library: &str) -> Result<Functions, String> {
        let process = Library::this();
        // SAFETY: NCCL's and CUDA's initializers ask nothing of the process that opens them.
        let found = match unsafe { process.get::<Buffer>(b"ncclGetUniqueId\0") } {
            Ok(_) => Library::this(),
            Err(_) => unsafe { Library::open(Some(library), RTLD_NOW | RTLD_GLOBAL) }
                .map_err(|e| e.to_string())?,
        };
        let functions = Functions {
            get_version: find(&found, "ncclGetVersion")?,
            get_unique_id: find(&found, "ncclGetUniqueId")?,
            init_rank: find(&found, "ncclCommInitRank")?,
            all_reduce: find(&found, "ncclAllReduce")?,
            broadcast: find(&found, "ncclBroadcast")?,
            async_error: find(&found, "ncclCommGetAsyncError")?,
            abort: find(&found, "ncclCommAbort")?,
            error_string: find(&found, "ncclGetErrorString")?,
            // libtorch_cpu.so itself needs CUDA's runtime: it is always there.
            set_device: find(&process, "cudaSetDevice")?,
            stream_query: find(&process, "cudaStreamQuery")?,
            bus_id: find(&process, "cudaDeviceGetPCIBusId")?,
            cuda_error_string: find(&process, "cudaGetErrorString")?,
        };
        // The functions would be gone with their library.
        std::mem::forget(found);
        Ok(functions)
    }

    /// E.g. 22809 for 2.28.9.
    ///
    /// # Errors
    /// NCCL's words.
    pub fn version(&self) -> Result<i32, String> {
        let mut version = 0;
        // SAFETY: `version` outlives the call.
        self.nccl(unsafe { (self.get_version)(&mut version) })?;
        Ok(version)
    }

    /// A name for a group that is to form; whoever makes it listens for the others.
    ///
    /// # Errors
    /// NCCL's words.
    pub fn unique_id(&self) -> Result<Id, String> {
        let mut id = Id([0; ID_BYTES]);
        // SAFETY: `id` outlives the call.
        self.nccl(unsafe { (self.get_unique_id)(&mut id) })?;
        Ok(id)
    }

    /// Where a GPU is in its machine.
    ///
    /// # Errors
    /// CUDA's words.
    pub fn bus_id(&self, device: usize) -> Result<String, String> {
        let mut text = [0u8; 32];
        let n = text.len() as c_int;
        // SAFETY: CUDA writes at most `n` bytes, the last of them 0.
        self.cuda(unsafe { (self.bus_id)(text.as_mut_ptr().cast(), n, device as c_int) })?;
        let text = CStr::from_bytes_until_nul(&text).map_err(|e| e.to_string())?;
        Ok(text.to_string_lossy().into_owned())
    }

    /// Joins; blocks until all ranks have, or NCCL gives up.
    ///
    /// # Errors
    /// CUDA's or NCCL's words.
    pub fn join(
        &'static self,
        id: Id,
        (rank, size): (usize, usize),
        device: usize,
    ) -> Result<Communicator, String> {
        let device = device as c_int;
        let mut out = null_mut();
        // SAFETY: `out` outlives the call.
        unsafe {
            self.cuda((self.set_device)(device))?;
            self.nccl((self.init_rank)(&mut out, size as c_int, id, rank as c_int))?;
        }
        let handle = NonNull::new(out).ok_or_else(|| "NCCL made nothing".to_owned())?;
        Ok(Communicator {
            functions: self,
            handle,
            device,
        })
    }

    fn nccl(&self, code: c_int) -> Result<(), String> {
        match code {
            SUCCESS | IN_PROGRESS => Ok(()),
            // SAFETY: NCCL's texts are constants.
            code => Err(text(unsafe { (self.error_string)(code) })),
        }
    }

    fn cuda(&self, code: c_int) -> Result<(), String> {
        match code {
            SUCCESS => Ok(()),
            // SAFETY: CUDA's texts are constants.
            code => Err(text(unsafe { (self.cuda_error_string)(code) })),
        }
    }
}

impl Communicator {
    /// Begins to sum `n` f32 at `data` over the group, in place; done when [`Communicator::is_done`] says so.
    ///
    /// # Safety
    /// `data` is `n` f32 on this communicator's GPU, used by nobody else until it is done or the communicator is dropped.
    ///
    /// # Errors
    /// CUDA's or NCCL's words.
    pub unsafe fn begin_sum(&mut self, data: *mut c_void, n: usize) -> Result<(), String> {
        let (f, comm) = (self.functions, self.handle.as_ptr());
        // SAFETY: the caller's promise.
        unsafe {
            f.cuda((f.set_device)(self.device))?;
            f.nccl((f.all_reduce)(data, data, n, FLOAT32, SUM, comm, STREAM))
        }
    }

    /// Begins to overwrite `n` f32 at `data` by those of rank `root`.
    ///
    /// # Safety
    /// As [`Communicator::begin_sum`].
    ///
    /// # Errors
    /// CUDA's or NCCL's words.
    pub unsafe fn begin_broadcast(
        &mut self,
        data: *mut c_void,
        n: usize,
        root: usize,
    ) -> Result<(), String> {
        let (f, comm) = (self.functions, self.handle.as_ptr());
        let root = root as c_int;
        // SAFETY: the caller's promise.
        unsafe {
            f.cuda((f.set_device)(self.device))?;
            f.nccl((f.broadcast)(data, data, n, FLOAT32, root, comm, STREAM))
        }
    }

    /// Whether everything that was begun has ended on the GPU.
    ///
    /// # Errors
    /// CUDA's words, or NCCL's on a peer that it lost meanwhile.
    pub fn is_done(&mut self) -> Result<bool, String> {
        let f = self.functions;
        // SAFETY: the stream is the default one.
        let code = unsafe { (f.stream_query)(STREAM) };
        if code != CUDA_NOT_READY {
            f.cuda(code)?;
            return Ok(true);
        }
        let mut state = SUCCESS;
        // SAFETY: `state` outlives the call.
        f.nccl(unsafe { (f.async_error)(self.handle.as_ptr(), &mut state) })?;
        f.nccl(state)?;
        Ok(false)
    }
}

impl Drop for Communicator {
    fn drop(&mut self) {
        // Abort and not destroy, which waits for peers that may be gone; nothing is under way where none are.
        // SAFETY: the handle came from ncclCommInitRank and is freed once.
        unsafe {
            let _ = (self.functions.abort)(self.handle.as_ptr());
        }
    }
}

fn find<T>(library: &Library, name: &str) -> Result<Symbol<T>, String> {
    // SAFETY: each caller's type is the function's in its header.
    unsafe { library.get(name.as_bytes()) }.map_err(|e| format!("{name}: {e}"))
}

fn text(words: *const c_char) -> String {
    if words.is_null() {
        return "an error without a text".to_owned();
    }
    // SAFETY: a terminated constant.
    unsafe { CStr::from_ptr(words) }
        .to_string_lossy()
        .into_owned()
}
