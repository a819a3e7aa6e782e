//! Where maps and replays lie, and that no client reaches beyond these folders by a path.

pub(super) use crate::sc2::client::locate::MAP_EXTENSION;
use crate::sc2::client::locate::map_files;
use std::path::{Component, Path, PathBuf};

/// The folders that a server may read and write.
#[derive(Clone, Debug, Default)]
pub struct Folders {
    /// What `SC2PATH` names: `Maps`, `Replays`.
    pub data: Option<PathBuf>,
    /// Where `save_map` writes.
    pub temp: Option<PathBuf>,
    /// The user's: replays are also looked for under `Documents`.
    pub home: Option<PathBuf>,
}

impl Folders {
    fn maps(&self) -> Option<PathBuf> {
        let data = self.data.as_ref()?;
        ["Maps", "maps"]
            .map(|name| data.join(name))
            .into_iter()
            .find(|path| path.is_dir())
    }

    /// The file that a client's map path names: below `Maps`, below the folder of `save_map`, or absolute with the
    /// game's extension. None for a path that leaves these folders, or names no file.
    pub(super) fn map_file(&self, path: &str) -> Option<PathBuf> {
        let path = Path::new(path);
        if path.is_absolute() {
            let is_map = path.extension().is_some_and(|e| e == MAP_EXTENSION);
            return (is_map && path.is_file()).then(|| path.to_path_buf());
        }
        let folders = [self.maps(), self.temp.clone()];
        below(path, folders.into_iter().flatten())
    }

    /// The file that a client's replay path names.
    pub(super) fn replay_file(&self, path: &str) -> Option<PathBuf> {
        let path = Path::new(path);
        if path.is_absolute() {
            return path.is_file().then(|| path.to_path_buf());
        }
        let documents = |home: &PathBuf| home.join("Documents/StarCraft II/Replays");
        let folders = [
            self.data.as_ref().map(|data| data.join("Replays")),
            self.home.as_ref().map(documents),
        ];
        below(path, folders.into_iter().flatten())
    }

    /// Where `save_map` may write a file of this name; none if the path leaves the folder, or there is none.
    pub(super) fn temp_file(&self, path: &str) -> Option<PathBuf> {
        let path = Path::new(path);
        let temp = self.temp.as_ref()?;
        stays_inside(path).then(|| temp.join(path))
    }

    /// Paths of all maps below `Maps`, relative to it, sorted.
    pub(super) fn map_list(&self) -> Vec<String> {
        self.maps().map_or_else(Vec::new, |maps| map_files(&maps))
    }
}

fn below(path: &Path, folders: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
    if !stays_inside(path) {
        return None;
    }
    folders
        .map(|folder| folder.join(path))
        .find(|file| file.is_file())
}

fn stays_inside(path: &Path) -> bool {
    let mut parts = path.components().peekable();
    parts.peek().is_some() && parts.all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_folders() {
        let root = tempfile::tempdir().unwrap();
        let data = root.path().join("data");
        std::fs::create_dir_all(data.join("Maps/Melee")).unwrap();
        for file in [
            "secret.SC2Map",
            "data/Maps/Melee/A.SC2Map",
            "data/Maps/B.SC2Map",
        ] {
            std::fs::write(root.path().join(file), "x").unwrap();
        }
        let folders = Folders {
            data: Some(data.clone()),
            temp: Some(root.path().join("temp")),
            home: None,
        };
        assert_eq!(folders.map_list(), ["B.SC2Map", "Melee/A.SC2Map"]);
        assert_eq!(
            folders.map_file("Melee/A.SC2Map"),
            Some(data.join("Maps/Melee/A.SC2Map"))
        );
        for bad in [
            "../../secret.SC2Map",
            "",
            ".",
            "..",
            "Melee",
            "/etc/passwd",
            "none.SC2Map",
        ] {
            assert_eq!(folders.map_file(bad), None, "{bad}");
        }
        let absolute = root.path().join("secret.SC2Map");
        assert_eq!(folders.map_file(absolute.to_str().unwrap()), Some(absolute));
        assert_eq!(folders.temp_file("../x"), None);
        assert_eq!(folders.temp_file("a/b"), Some(root.path().join("temp/a/b")));
    }
}
