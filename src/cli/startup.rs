//! What must happen before libtorch is first asked about CUDA: the right environment, the right libtorch, its CUDA part.
//!
//! OpenMP reads its settings when it is loaded, so before `main`; an unloaded libtorch_cuda.so makes the first CUDA
//! query say "none", for good. So: restart the process once with the environment it should have had, then open
//! libtorch_cuda.so if it lies beside the libtorch_cpu.so in use. docs/DECISIONS.md has the reasons.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Set in a restarted process, so that it does not restart again.
const RESTARTED: &str = "SCC_RESTARTED";

/// What libtorch and libc read when they are loaded, unless the user has set it.
const DEFAULTS: &[(&str, &str)] = &[
    // Spinning OpenMP threads made a layer 20 times slower on a busy machine.
    ("OMP_WAIT_POLICY", "PASSIVE"),
    // Tensors of a few megabytes come and go with every operation: kept by the allocator instead of mapped and cleared
    // by the kernel each time, training is 15% faster.
    ("MALLOC_MMAP_THRESHOLD_", "33554432"),
    ("MALLOC_TRIM_THRESHOLD_", "268435456"),
    // tch's autocast calls functions that libtorch warns about, at every step.
    ("TORCH_CPP_LOG_LEVEL", "ERROR"),
];

/// Prepares the process for libtorch. Call it before anything that may use tensors.
///
/// On any failure it leaves things as they are: the CPU is always there.
pub fn prepare(threads: Option<usize>) {
    if std::env::var_os(RESTARTED).is_none() {
        let wanted = wanted_environment(threads);
        if !wanted.is_empty() {
            restart_with(&wanted);
        }
    }
    open_cuda();
    if let Some(n) = threads {
        tch::set_num_threads(i32::try_from(n).unwrap_or(i32::MAX));
    }
}

/// The variables that should have been set when the process began, and are not.
fn wanted_environment(threads: Option<usize>) -> Vec<(&'static str, OsString)> {
    let mut wanted = Vec::new();
    for &(name, value) in DEFAULTS {
        if std::env::var_os(name).is_none() {
            wanted.push((name, value.into()));
        }
    }
    if let Some(n) = threads.filter(|_| std::env::var_os("OMP_NUM_THREADS").is_none()) {
        wanted.push(("OMP_NUM_THREADS", n.to_string().into()));
    }
    if let Some(folder) = cuda_libtorch() {
        let mut path = folder.into_os_string();
        if let Some(old) = std::env::var_os("LD_LIBRARY_PATH").filter(|old| !old.is_empty()) {
            path.push(":");
            path.push(old);
        }
        wanted.push(("LD_LIBRARY_PATH", path));
    }
    wanted
}

/// Replaces this process by itself with `wanted` in the environment; returns only if that fails.
fn restart_with(wanted: &[(&str, OsString)]) {
    use std::os::unix::process::CommandExt;
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    let mut args = std::env::args_os();
    let mut command = std::process::Command::new(program);
    if let Some(name) = args.next() {
        command.arg0(name);
    }
    command.args(args).env(RESTARTED, "1");
    command.envs(wanted.iter().map(|(key, value)| (key, value)));
    // `exec` keeps the process id, so that signals still reach us; what it returns is an error, and we go on without.
    let _ = command.exec();
}

/// The library folder of a libtorch with CUDA that should take the CPU one's place, if the machine has a GPU.
fn cuda_libtorch() -> Option<PathBuf> {
    let has_gpu = ["/dev/nvidiactl", "/proc/driver/nvidia/version"]
        .iter()
        .any(|path| Path::new(path).exists());
    if !has_gpu || loaded_libtorch().is_some_and(|folder| has_cuda(&folder)) {
        return None;
    }
    let own = std::env::var_os("LIBTORCH").map(|folder| PathBuf::from(folder).join("lib"));
    own.into_iter()
        .chain(python_libtorch())
        .find(|folder| has_cuda(folder))
}

fn has_cuda(folder: &Path) -> bool {
    folder.join("libtorch_cuda.so").is_file() && folder.join("libtorch_cpu.so").is_file()
}

/// The library folder of the PyTorch that python3 would import, if it is of the version this binary was built for.
fn python_libtorch() -> Option<PathBuf> {
    // Finding the package without importing it takes 30 ms instead of seconds.
    let probe =
        "import importlib.util as u; print(u.find_spec('torch').submodule_search_locations[0])";
    let out = std::process::Command::new("python3")
        .args(["-c", probe])
        .output()
        .ok()?;
    let package = PathBuf::from(String::from_utf8(out.stdout).ok()?.trim());
    let version = std::fs::read_to_string(package.join("version.py")).ok()?;
    version
        .contains(&format!("'{}", scc::run::doctor::LIBTORCH_VERSION))
        .then(|| package.join("lib"))
}

/// The folder of the libtorch_cpu.so that the loader chose for this process.
fn loaded_libtorch() -> Option<PathBuf> {
    scc::run::doctor::loaded_libtorch()
}

/// Opens libtorch_cuda.so if it lies beside the libtorch in use, so that its kernels register themselves.
fn open_cuda() {
    use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW};
    let Some(path) = loaded_libtorch().map(|folder| folder.join("libtorch_cuda.so")) else {
        return;
    };
    if !path.is_file() {
        return;
    }
    // SAFETY: libtorch_cuda.so's initializers register kernels with the libtorch_cpu.so it was built with and which is
    // loaded already (it lies in the same folder); no other thread runs yet.
    #[allow(unsafe_code)]
    let opened = unsafe { Library::open(Some(&path), RTLD_NOW | RTLD_GLOBAL) };
    match opened {
        // It must stay open as long as the process runs: dropping the handle would unload registered kernels.
        Ok(library) => std::mem::forget(library),
        Err(error) => tracing::warn!(
            "{} is there but does not load, so the CPU is used: {error}",
            path.display()
        ),
    }
}
