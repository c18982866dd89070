#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| casement_entry_points::wiki_text(bytes));
