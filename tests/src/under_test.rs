//! The program under test: Cargo tells a test where the programs of its own package are.

use std::process::ExitCode;

fn main() -> ExitCode {
    fanal_cli::main()
}
