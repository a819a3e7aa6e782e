//! Makes inputs of replay files: `seeds FOLDER OUT [BYTES_MAX]`, one of each file and one of each of its parts.

use std::path::Path;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, out, ..] = &words[..] else {
        eprintln!("seeds FOLDER OUT [BYTES_MAX]");
        std::process::exit(2);
    };
    let bytes_max = words.get(2).map_or(usize::MAX, |n| n.parse().expect("a number"));
    std::fs::create_dir_all(out).expect("a folder to write in");
    let mut written = 0;
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|e| e != "SC2Replay") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("a file");
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        for (n, input) in scc_fuzz::inputs(&bytes).into_iter().enumerate() {
            if input.len() <= bytes_max {
                std::fs::write(Path::new(out).join(format!("{stem}.{n}")), input).expect("room");
                written += 1;
            }
        }
    }
    println!("{written} inputs");
}
