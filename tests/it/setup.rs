//! scripts/, the Makefile, and what the binary links to.

use std::path::Path;
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A clone's worth of scripts in a folder of its own, so that tests never touch the real `.libtorch`.
fn clone_of_scripts() -> tempfile::TempDir {
    let clone = tempfile::tempdir().unwrap();
    std::fs::create_dir(clone.path().join("scripts")).unwrap();
    for script in ["setup-libtorch", "check-tools"] {
        std::fs::copy(
            Path::new(ROOT).join("scripts").join(script),
            clone.path().join("scripts").join(script),
        )
        .unwrap();
    }
    clone
}

/// `scripts/setup-libtorch` of `clone` with a cache of its own and no libtorch of the caller's.
fn setup_libtorch(clone: &Path) -> Command {
    let mut command = Command::new("python3");
    command
        .arg(clone.join("scripts/setup-libtorch"))
        .env("SCC_CACHE", clone.join("cache"));
    command
        .env_remove("LIBTORCH")
        .env_remove("LIBTORCH_USE_PYTORCH")
        .env("PIP_NO_INDEX", "1")
        .env("PIP_FIND_LINKS", "");
    command
}

fn has_python() -> bool {
    let found = Command::new("python3")
        .arg("--version")
        .output()
        .is_ok_and(|out| out.status.success());
    if !found {
        eprintln!("skipped: no python3");
    }
    found
}

/// A folder that looks like libtorch `version`, as far as set-up looks.
fn pretend_libtorch(folder: &Path, version: [&str; 3]) {
    std::fs::create_dir_all(folder.join("lib")).unwrap();
    std::fs::write(folder.join("lib/libtorch_cpu.so"), "").unwrap();
    let header = folder.join("include/torch/headeronly/version.h");
    std::fs::create_dir_all(header.parent().unwrap()).unwrap();
    let [major, minor, patch] = version;
    let text = format!(
        "#define TORCH_VERSION_MAJOR {major}\n#define TORCH_VERSION_MINOR {minor}\n#define TORCH_VERSION_PATCH {patch}\n"
    );
    std::fs::write(header, text).unwrap();
}

#[test]
fn a_libtorch_of_ones_own_is_linked() {
    if !has_python() {
        return;
    }
    let clone = clone_of_scripts();
    let own = clone.path().join("own");
    pretend_libtorch(&own, ["2", "11", "0"]);
    let out = setup_libtorch(clone.path())
        .env("LIBTORCH", &own)
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let target = std::fs::read_link(clone.path().join(".libtorch")).unwrap();
    assert_eq!(target.canonicalize().unwrap(), own.canonicalize().unwrap());
    assert!(
        !clone.path().join("cache").exists(),
        "nothing is downloaded"
    );
    // Pointing LIBTORCH at the link itself must not make it point to itself.
    let again = setup_libtorch(clone.path())
        .env("LIBTORCH", clone.path().join(".libtorch"))
        .output()
        .unwrap();
    assert!(again.status.success());
    assert!(clone.path().join(".libtorch/lib/libtorch_cpu.so").is_file());
}

#[test]
fn a_wrong_libtorch_is_one_line_and_exit_2() {
    if !has_python() {
        return;
    }
    let clone = clone_of_scripts();
    let old = clone.path().join("old");
    pretend_libtorch(&old, ["2", "4", "1"]);
    for (folder, hint) in [
        (old.as_path(), "2.4.1"),
        (Path::new("/nonexistent"), "/nonexistent"),
    ] {
        let out = setup_libtorch(clone.path())
            .env("LIBTORCH", folder)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(2), "{text}");
        assert!(text.contains(hint) && text.lines().count() == 1, "{text}");
        assert!(!clone.path().join(".libtorch").exists());
    }
}

#[test]
fn a_failed_download_leaves_nothing_half_made() {
    if !has_python() {
        return;
    }
    let clone = clone_of_scripts();
    let out = setup_libtorch(clone.path()).output().unwrap(); // pip has no index here
    let text = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(2), "{text}");
    assert!(
        text.lines().last().unwrap().starts_with("setup-libtorch: "),
        "{text}"
    );
    let left: Vec<_> = std::fs::read_dir(clone.path().join("cache"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.file_name())
        .collect();
    assert!(left.iter().all(|name| name == "libtorch.lock"), "{left:?}");
    assert!(!clone.path().join(".libtorch").exists());
}

#[test]
fn a_missing_tool_is_one_line_that_says_what_to_install() {
    let clone = clone_of_scripts();
    let empty = clone.path().join("bin");
    std::fs::create_dir(&empty).unwrap();
    let out = Command::new("/bin/sh")
        .arg(clone.path().join("scripts/check-tools"))
        .env("PATH", &empty)
        .env_remove("CXX")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(2), "{text}");
    for hint in [
        "rustup.rs",
        "g++",
        "python3",
        "apt-get install git",
        "apt-get install make",
    ] {
        assert_eq!(
            text.lines().filter(|line| line.contains(hint)).count(),
            1,
            "{hint}: {text}"
        );
    }
}

/// The strings of one tag in an ELF file's dynamic section: NEEDED 1, RPATH 15, RUNPATH 29.
fn dynamic_strings(elf: &[u8], tag: u64) -> Vec<String> {
    let u16_at = |at: usize| u16::from_le_bytes(elf[at..at + 2].try_into().unwrap());
    let u32_at = |at: usize| u32::from_le_bytes(elf[at..at + 4].try_into().unwrap());
    let u64_at = |at: usize| u64::from_le_bytes(elf[at..at + 8].try_into().unwrap()) as usize;
    assert_eq!(&elf[..5], b"\x7fELF\x02", "a 64-bit ELF file");
    // Section headers: the dynamic section (type 6) names its string table by `sh_link`.
    let section = |idx: usize| u64_at(40) + idx * usize::from(u16_at(58));
    let dynamic = (0..usize::from(u16_at(60)))
        .map(section)
        .find(|&at| u32_at(at + 4) == 6)
        .expect("a dynamic section");
    let strings = u64_at(section(u32_at(dynamic + 40) as usize) + 24);
    let (begin, bytes) = (u64_at(dynamic + 24), u64_at(dynamic + 32));
    let entries = (begin..begin + bytes)
        .step_by(16)
        .filter(|&at| u64_at(at) as u64 == tag);
    let text = |at: usize| {
        elf[at..]
            .iter()
            .take_while(|&&byte| byte != 0)
            .map(|&byte| byte as char)
            .collect()
    };
    entries.map(|at| text(strings + u64_at(at + 8))).collect()
}

#[test]
fn the_binary_needs_no_environment_and_leaves_room_for_cuda() {
    let elf = std::fs::read(env!("CARGO_BIN_EXE_scc")).unwrap();
    let torch: Vec<String> = dynamic_strings(&elf, 1)
        .into_iter()
        .filter(|name| {
            ["torch", "c10", "cuda", "nccl"]
                .iter()
                .any(|part| name.contains(part))
        })
        .collect();
    assert_eq!(
        dynamic_strings(&elf, 15),
        Vec::<String>::new(),
        "an RPATH would hide a CUDA libtorch"
    );
    if cfg!(feature = "torch") {
        assert_eq!(
            torch,
            ["libtorch_cpu.so", "libc10.so"],
            "libtorch.so would pull in libtorch_cuda.so"
        );
        let runpath = dynamic_strings(&elf, 29).join(":");
        assert!(
            runpath
                .split(':')
                .any(|folder| Path::new(folder).join("libtorch_cpu.so").is_file()),
            "RUNPATH {runpath}"
        );
    } else {
        assert_eq!(torch, Vec::<String>::new());
    }
}

#[test]
fn setup_nats_finds_a_server_or_says_what_is_missing() {
    let cache = tempfile::tempdir().unwrap();
    let setup = |args: &[&str], server: Option<&str>| {
        let mut command = Command::new(Path::new(ROOT).join("scripts/setup-nats"));
        command.args(args).env("SCC_CACHE", cache.path());
        command.env_remove("NATS_SERVER").env("PIP_NO_INDEX", "1");
        command.env("PIP_FIND_LINKS", "");
        if let Some(server) = server {
            command.env("NATS_SERVER", server);
        }
        let out = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (out.status.code(), text(out.stdout), text(out.stderr))
    };
    assert_eq!(
        setup(&["--where"], None),
        (Some(2), String::new(), String::new())
    );
    let (code, stdout, _) = setup(&[], Some("/bin/sh"));
    assert_eq!((code, stdout.as_str()), (Some(0), "/bin/sh\n"));
    let (code, stdout, stderr) = setup(&[], Some("/no/such/server"));
    assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
    assert!(stderr.contains("NATS_SERVER"), "{stderr}");
    if !has_python() || !cfg!(target_arch = "x86_64") {
        return;
    }
    let (code, stdout, stderr) = setup(&[], None);
    assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
    assert!(stderr.contains("setup-nats:"), "{stderr}");
    let left = std::fs::read_dir(cache.path()).unwrap().flatten();
    let mut left = left.map(|entry| entry.file_name().into_string().unwrap());
    assert!(
        left.all(|name| name.ends_with(".lock")),
        "something half made"
    );
}

#[test]
fn setup_mariadb_takes_the_server_that_it_is_told_of() {
    let cache = tempfile::tempdir().unwrap();
    let setup = |server: &str| {
        let mut command = Command::new(Path::new(ROOT).join("scripts/setup-mariadb"));
        command
            .env("SCC_CACHE", cache.path())
            .env("MARIADBD", server);
        let out = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (out.status.code(), text(out.stdout), text(out.stderr))
    };
    let (code, stdout, _) = setup("/bin/sh");
    assert_eq!((code, stdout.as_str()), (Some(0), "/bin/sh\n"));
    let (code, stdout, stderr) = setup("/no/such/server");
    assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
    assert!(stderr.contains("setup-mariadb: MARIADBD"), "{stderr}");
    assert_eq!(std::fs::read_dir(cache.path()).unwrap().count(), 0);
}

#[test]
fn a_command_that_falls_silent_is_ended_and_what_it_was_at_is_named() {
    if !has_python() {
        return;
    }
    let run = |script: &str| {
        let mut command = Command::new(Path::new(ROOT).join("scripts/with-deadline"));
        command.args(["2", "sh", "-c", script]);
        let out = command.output().unwrap();
        (out.status.code(), String::from_utf8(out.stdout).unwrap())
    };
    assert_eq!(run("echo well; exit 3"), (Some(3), "well\n".to_owned()));
    let slow = |name: &str| format!("echo test {name} has been running for over 60 seconds");
    let script = [
        &slow("hangs"),
        &slow("ends"),
        "echo test ends ... ok",
        "sleep 600",
    ]
    .join("; ");
    let (code, said) = run(&script);
    assert_eq!(code, Some(124), "{said}");
    assert!(
        said.contains("still running: hangs\n") && !said.contains("running: ends"),
        "{said}"
    );
}
