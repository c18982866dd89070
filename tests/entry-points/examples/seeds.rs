//! Writes the seeds of every entry point to `tests/fuzz/corpus`, where the fuzzer looks for them.

use std::fs;
use std::io;
use std::path::Path;

use casement_entry_points::EntryPoint;

fn main() -> io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    for entry_point in EntryPoint::ALL {
        let folder = corpus.join(entry_point.name);
        fs::create_dir_all(&folder)?;
        let seeds = (entry_point.seeds)().into_iter();
        for (number, seed) in seeds.chain(entry_point.findings()).enumerate() {
            fs::write(folder.join(format!("seed-{number:03}")), seed)?;
        }
    }
    Ok(())
}
