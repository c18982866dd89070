//! Writes the emoji by name as one text.
//!
//! The table of the crate `emojis` is made of pointers: it adds 850 KB to a binary, and 13,600
//! places that the loader relocates at every start.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use emojis::SkinTone::{Dark, Light, Medium, MediumDark, MediumLight};

/// Writes a line for each name: the name, the emoji's characters, and those with each skin tone.
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let mut table = String::new();
    for emoji in emojis::iter() {
        let tones = [Light, MediumLight, Medium, MediumDark, Dark];
        let toned = tones.map(|tone| emoji.with_skin_tone(tone));
        let all = [Some(emoji)].into_iter().chain(toned).flatten();
        let characters: Vec<_> = all.map(|emoji| emoji.as_str()).collect();
        let characters = characters.join(" ");
        for name in emoji.shortcodes() {
            table.push_str(&format!("{name} {characters}\n"));
        }
    }
    let directory = env::var_os("OUT_DIR").ok_or("Cargo sets no OUT_DIR")?;
    fs::write(PathBuf::from(directory).join("emoji.txt"), table)?;
    Ok(())
}
