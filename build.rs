//! Build script: tells the linker where libtorch lies.
//!
//! Invariant: reads no network and writes only into `OUT_DIR`.

use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    link_libtorch();
}

/// Gives every binary and test a RUNPATH to the libtorch it is built with, so that it runs without environment variables.
///
/// RUNPATH and not RPATH: `LD_LIBRARY_PATH` must win, for that is how a CUDA libtorch takes the CPU one's place (see
/// `src/cli/startup.rs`). The folder is resolved through the clone's `.libtorch` symlink, so that an installed binary
/// outlives the clone.
fn link_libtorch() {
    let Ok(libs) = std::env::var("DEP_TCH_LIBTORCH_LIB") else {
        return; // built without the feature `torch`
    };
    let libs = Path::new(&libs)
        .canonicalize()
        .unwrap_or_else(|_| libs.clone().into());
    println!("cargo:rustc-link-arg=-Wl,--enable-new-dtags");
    println!("cargo:rustc-link-arg=-Wl,-rpath,{}", libs.display());
    println!("cargo:rustc-env=SCC_LIBTORCH_LIB={}", libs.display());
}
