//! The C functions of shim.cc, made safe: owners that free what they own, results instead of texts.
//!
//! What the unsafe code relies on: shim.cc lets no exception out and keeps no pointer that it was
//! given; a handle is used by one thread at a time (`&mut self`), and any thread may be that one.

use super::Waits;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::net::TcpListener;
use std::os::fd::IntoRawFd;
use std::ptr::{NonNull, null_mut};
use std::time::Duration;
use tch::Tensor;

unsafe extern "C" {
    fn scc_text_free(what: *mut c_char);
    fn scc_store_serve(
        host: *const c_char,
        port: u16,
        listener: c_int,
        timeout_ms: i64,
        out: *mut *mut c_void,
    ) -> *mut c_char;
    fn scc_store_free(store: *mut c_void);
    fn scc_group_join(
        host: *const c_char,
        port: u16,
        own_host: *const c_char,
        rank: c_int,
        size: c_int,
        meet_ms: i64,
        call_ms: i64,
        out: *mut *mut c_void,
    ) -> *mut c_char;
    fn scc_group_free(group: *mut c_void);
    fn scc_group_sum(group: *mut c_void, tensor: *mut c_void) -> *mut c_char;
    fn scc_group_broadcast(group: *mut c_void, tensor: *mut c_void, root: c_int) -> *mut c_char;
}

/// A TCP store served by this process.
#[derive(Debug)]
pub struct Store(NonNull<c_void>);

/// This process's end of a group's connections.
#[derive(Debug)]
pub struct Gloo(NonNull<c_void>);

// SAFETY: neither has anything that belongs to the thread that made it.
unsafe impl Send for Store {}
// SAFETY: as above.
unsafe impl Send for Gloo {}

impl Store {
    /// Serves at `host`, on which `listener` listens.
    pub fn serve(host: &str, listener: TcpListener, timeout: Duration) -> Result<Store, String> {
        let port = listener.local_addr().map_err(|e| e.to_string())?.port();
        let host = c_text(host)?;
        let mut out = null_mut();
        // SAFETY: the strings and `out` outlive the call; the descriptor is the store's from here on.
        let fault = unsafe {
            let listener = listener.into_raw_fd();
            scc_store_serve(host.as_ptr(), port, listener, ms(timeout), &mut out)
        };
        made(fault, out).map(Store)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // SAFETY: the pointer came from scc_store_serve and is freed once.
        unsafe { scc_store_free(self.0.as_ptr()) }
    }
}

impl Gloo {
    /// Joins rank `rank` of `size`; the store is at `host`, `port`, and peers reach this process at `own_host`.
    pub fn join(
        (host, port): (&str, u16),
        own_host: &str,
        (rank, size): (usize, usize),
        waits: Waits,
    ) -> Result<Gloo, String> {
        let int = |n: usize| c_int::try_from(n).map_err(|e| e.to_string());
        let (rank, size) = (int(rank)?, int(size)?);
        let (host, own) = (c_text(host)?, c_text(own_host)?);
        let mut out = null_mut();
        // SAFETY: the strings and `out` outlive the call.
        let fault = unsafe {
            let (meet, call) = (ms(waits.meet), ms(waits.call));
            let (host, own) = (host.as_ptr(), own.as_ptr());
            scc_group_join(host, port, own, rank, size, meet, call, &mut out)
        };
        made(fault, out).map(Gloo)
    }

    /// Sums a contiguous CPU tensor over the group, in place.
    pub fn sum(&mut self, tensor: &mut Tensor) -> Result<(), String> {
        // SAFETY: both pointers are alive; the tensor is nobody else's while it is borrowed.
        done(unsafe { scc_group_sum(self.0.as_ptr(), tensor.as_mut_ptr().cast()) })
    }

    /// Overwrites a contiguous CPU tensor by that of rank `root`.
    pub fn broadcast(&mut self, tensor: &mut Tensor, root: usize) -> Result<(), String> {
        let root = c_int::try_from(root).map_err(|e| e.to_string())?;
        // SAFETY: as in `sum`.
        done(unsafe { scc_group_broadcast(self.0.as_ptr(), tensor.as_mut_ptr().cast(), root) })
    }
}

impl Drop for Gloo {
    fn drop(&mut self) {
        // SAFETY: the pointer came from scc_group_join and is freed once.
        unsafe { scc_group_free(self.0.as_ptr()) }
    }
}

fn ms(timeout: Duration) -> i64 {
    i64::try_from(timeout.as_millis())
        .unwrap_or(i64::MAX)
        .max(1)
}

fn c_text(text: &str) -> Result<CString, String> {
    CString::new(text).map_err(|e| e.to_string())
}

/// The first line of what went wrong, if anything did: behind it c10d lists its stack.
fn done(fault: *mut c_char) -> Result<(), String> {
    let Some(fault) = NonNull::new(fault) else {
        return Ok(());
    };
    // SAFETY: shim.cc gives a terminated string that is ours to free, once.
    let text = unsafe {
        let text = CStr::from_ptr(fault.as_ptr())
            .to_string_lossy()
            .into_owned();
        scc_text_free(fault.as_ptr());
        text
    };
    let line = text.lines().next().unwrap_or_default().trim();
    Err(line.chars().take(500).collect())
}

fn made(fault: *mut c_char, out: *mut c_void) -> Result<NonNull<c_void>, String> {
    done(fault)?;
    NonNull::new(out).ok_or_else(|| "c10d made nothing".to_owned())
}
