//! Build script: compiles the game's protocol and the C++ between us and c10d, and tells the linker where libtorch lies.
//!
//! Invariant: writes only into `OUT_DIR`; uses the network only where the crate that ships the protocol is not fetched yet.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    link_libtorch();
    compile_protocol();
}

/// Compiles Blizzard's `.proto` files, which the crate sc2-proto ships, to Rust types in `OUT_DIR`.
///
/// That crate itself does not compile; it is listed under a `cfg` that never holds, so that it is locked and fetched
/// but never built, and `cargo metadata` says where it lies.
fn compile_protocol() {
    let include = protocol_folder();
    let sources = include.join("s2clientprotocol");
    println!("cargo:rerun-if-changed={}", sources.display());
    println!("cargo:rerun-if-changed=Cargo.lock");
    let descriptors =
        protox::compile([sources.join("sc2api.proto")], [&include]).unwrap_or_else(|e| {
            panic!(
                "the .proto files in {} do not compile: {e}",
                sources.display()
            )
        });
    prost_build::Config::new()
        // Images make up most of an observation: shared buffers need no copy.
        .bytes(["."])
        // Their comments are no Rust documentation; indented ones would run as doc tests.
        .disable_comments(["."])
        .compile_fds(descriptors)
        .expect("OUT_DIR can be written to");
}

/// The folder under which `s2clientprotocol/*.proto` lie.
fn protocol_folder() -> PathBuf {
    let metadata = cargo_metadata(&["--offline"])
        .or_else(|_| cargo_metadata(&[]))
        .unwrap_or_else(|text| panic!("cargo metadata cannot find the crate sc2-proto: {text}"));
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let manifest = packages
        .filter(|p| p["name"] == "sc2-proto")
        .find_map(|p| p["manifest_path"].as_str())
        .expect("Cargo.toml lists sc2-proto");
    let folder = Path::new(manifest).parent().expect("a file has a folder");
    folder.join("s2client-proto")
}

fn cargo_metadata(extra: &[&str]) -> Result<serde_json::Value, String> {
    let root = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "metadata",
            "--locked",
            "--format-version",
            "1",
            "--manifest-path",
        ])
        .arg(Path::new(&root).join("Cargo.toml"))
        .args(extra)
        .output()
        .map_err(|e| e.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|e| e.to_string())
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
    // The program's answers take the place of MKL's own (src/cli/mkl.rs).
    for symbol in ["mkl_serv_intel_cpu_true", "mkl_serv_intel_cpu"] {
        println!("cargo:rustc-link-arg-bins=-Wl,--export-dynamic-symbol={symbol}");
    }
    println!("cargo:rustc-env=SCC_LIBTORCH_LIB={}", libs.display());
    #[cfg(feature = "torch")]
    compile_shim(&libs);
}

/// Compiles `src/collective/shim.cc` against the headers beside `libs`: c10d's come with libtorch, gloo's do not, and ours
/// declare what c10d's name. No library is named to the linker: what it lacks is in libtorch_cpu and libc10.
#[cfg(feature = "torch")]
fn compile_shim(libs: &Path) {
    let include = libs.parent().unwrap_or(libs).join("include");
    let shim = Path::new("src/collective/shim.cc");
    let stubs = Path::new("src/collective/gloo-stubs");
    println!("cargo:rerun-if-changed={}", shim.display());
    println!("cargo:rerun-if-changed={}", stubs.display());
    let mut build = cc::Build::new();
    build.cpp(true).std("c++17").warnings(false).pic(true);
    // It computes nothing: debug information and optimization would cost minutes.
    build.debug(false).opt_level(1);
    build.define("USE_C10D_GLOO", None);
    build.define("USE_DISTRIBUTED", None);
    build.define("_GLIBCXX_USE_CXX11_ABI", "1");
    build.include(stubs).include(&include);
    build.include(include.join("torch/csrc/api/include"));
    build.file(shim).compile("scc_collective");
}
