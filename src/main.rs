//! The binary: reads arguments, calls the library, prints results, picks the exit code. Everything else is in the library.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
