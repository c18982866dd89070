//! Writes the seeds of every target where the fuzzer looks for them: `corpus/<target>`.

use std::fs;
use std::io;
use std::path::Path;

use casement_entry_points::EntryPoint;

fn main() -> io::Result<()> {
    for entry_point in EntryPoint::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(entry_point.name);
        fs::create_dir_all(&folder)?;
        let seeds = (entry_point.seeds)().into_iter().chain(entry_point.findings());
        for (number, seed) in seeds.enumerate() {
            fs::write(folder.join(format!("seed-{number:03}")), seed)?;
        }
    }
    Ok(())
}
