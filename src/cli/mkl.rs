//! Fast matrix products on processors that are not Intel's.
//!
//! libtorch's CPU build carries Intel's MKL, which takes its SSE kernels for small products wherever the processor's maker
//! is another one, whatever the processor can do. It asks two functions for the maker, through the dynamic linker, and the
//! linker finds those of the program first: so here they are, and MKL goes on to what counts, the features that the
//! processor reports. On an AMD EPYC with AVX-512 training is 1.17 times as fast for it (docs/BENCHMARKS.md). build.rs
//! exports the symbols.

use std::ffi::c_int;

/// Whether MKL may choose its kernels by the processor's features.
#[allow(unsafe_code)]
// SAFETY: MKL's own function of this name takes nothing and gives an int, and no other library has one.
#[unsafe(no_mangle)]
pub extern "C" fn mkl_serv_intel_cpu_true() -> c_int {
    1
}

/// The same question, asked elsewhere in MKL.
#[allow(unsafe_code)]
// SAFETY: as above.
#[unsafe(no_mangle)]
pub extern "C" fn mkl_serv_intel_cpu() -> c_int {
    1
}
