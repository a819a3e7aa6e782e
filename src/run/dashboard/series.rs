//! `metrics.jsonl` as curves: read on from where the last look ended, kept in bounded memory however long a run is.
//!
//! A curve holds at most [`POINTS_KEPT`] points. When it is full, every two neighbors become their mean, and from then on
//! twice as many rows make one point.

use crate::run::metrics::MetricsRow;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Points of a curve that are given out at most.
pub const POINTS_MAX: usize = 2000;
/// And kept.
const POINTS_KEPT: usize = 2 * POINTS_MAX;
/// Names beyond these are left out: a league has a win rate for every opponent.
const CURVES_MAX: usize = 1000;
/// No row is longer; what is, is no row.
const LINE_BYTES_MAX: u64 = 1 << 20;

/// One number over the steps.
#[derive(Clone, Debug, Default, PartialEq)]
struct Curve {
    /// The last step that went into the point, and the mean.
    points: Vec<(u64, f64)>,
    /// Rows that make a point; 0 stands for 1.
    stride: u32,
    /// Of the point to come: rows and their sum.
    begun: (u32, f64),
}

impl Curve {
    fn push(&mut self, step: u64, value: f64) {
        self.stride = self.stride.max(1);
        self.begun.0 += 1;
        self.begun.1 += value;
        if self.begun.0 < self.stride {
            return;
        }
        let (n, sum) = std::mem::take(&mut self.begun);
        self.points.push((step, sum / f64::from(n)));
        if self.points.len() >= POINTS_KEPT {
            self.points = means(&self.points, 2);
            self.stride = self.stride.saturating_mul(2);
        }
    }

    /// At most [`POINTS_MAX`] points behind `since`, ascending.
    fn behind(&self, since: Option<u64>) -> Vec<(u64, f32)> {
        let from = since.map_or(0, |since| self.points.partition_point(|p| p.0 <= since));
        let points = &self.points[from..];
        let thinned = means(points, points.len().div_ceil(POINTS_MAX).max(1));
        thinned
            .into_iter()
            .map(|(step, value)| (step, value as f32))
            .collect()
    }
}

/// Every `n` neighbors as one: the last step, the mean of the values.
fn means(points: &[(u64, f64)], n: usize) -> Vec<(u64, f64)> {
    let mean = |some: &[(u64, f64)]| {
        let sum: f64 = some.iter().map(|p| p.1).sum();
        (some[some.len() - 1].0, sum / some.len() as f64)
    };
    points.chunks(n.max(1)).map(mean).collect()
}

/// One file on its way.
#[derive(Default)]
struct Tail {
    /// Which file it was: another one under the same name is read from its beginning.
    inode: u64,
    offset: u64,
    curves: BTreeMap<String, Curve>,
    last: PlayerSeries,
}

/// The newest of one player's numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PlayerSeries {
    /// Empty: the run itself.
    pub name: String,
    /// Rows read.
    pub rows: u64,
    /// The last one's.
    pub step: u64,
    pub train_seconds: f64,
    /// When the file was last written, in milliseconds since 1970.
    pub updated_ms: u64,
    /// The last value of every number.
    pub last: BTreeMap<String, f64>,
}

/// Curves of one player; `/api/metrics`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SeriesReply {
    pub player: String,
    /// The last row's step: what to ask with as `since` the next time.
    pub step: u64,
    /// Several rows make one point.
    pub thinned: bool,
    /// Name to `[step, value]`, ascending.
    pub series: BTreeMap<String, Vec<(u64, f32)>>,
}

/// Files of a run's players.
#[derive(Default)]
pub struct SeriesStore {
    tails: BTreeMap<String, Tail>,
}

impl SeriesStore {
    /// Reads on in `files` (name, path); names that are gone are forgotten.
    pub fn refresh(&mut self, files: &[(String, PathBuf)]) {
        self.tails
            .retain(|name, _| files.iter().any(|(known, _)| known == name));
        for (name, path) in files {
            let tail = self.tails.entry(name.clone()).or_default();
            tail.last.name.clone_from(name);
            // What cannot be read now can be at the next look.
            let _ = tail.read_on(path);
        }
    }

    /// The newest numbers of every player.
    pub fn newest(&self) -> Vec<PlayerSeries> {
        self.tails.values().map(|tail| tail.last.clone()).collect()
    }

    /// Curves of one player, their points behind step `since` where one is given; none of a player that is not there.
    pub fn reply(&self, player: &str, since: Option<u64>) -> Option<SeriesReply> {
        let tail = self.tails.get(player)?;
        let curves = tail.curves.iter();
        let series = curves.map(|(name, curve)| (name.clone(), curve.behind(since)));
        Some(SeriesReply {
            player: player.to_owned(),
            step: tail.last.step,
            thinned: tail
                .curves
                .values()
                .any(|c| c.stride > 1 || c.points.len() > POINTS_MAX),
            series: series.filter(|(_, points)| !points.is_empty()).collect(),
        })
    }
}

impl Tail {
    fn read_on(&mut self, path: &Path) -> std::io::Result<()> {
        let mut file = File::open(path)?;
        let meta = file.metadata()?;
        if meta.ino() != self.inode || meta.len() < self.offset {
            *self = Tail {
                inode: meta.ino(),
                last: PlayerSeries {
                    name: std::mem::take(&mut self.last.name),
                    ..PlayerSeries::default()
                },
                ..Tail::default()
            };
        }
        self.last.updated_ms = (meta.mtime().max(0) as u64) * 1000;
        if meta.len() == self.offset {
            return Ok(());
        }
        file.seek(SeekFrom::Start(self.offset))?;
        let mut lines = BufReader::new(file);
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = lines
                .by_ref()
                .take(LINE_BYTES_MAX)
                .read_until(b'\n', &mut line)? as u64;
            let is_whole = line.last() == Some(&b'\n');
            // A last line that is still being written is left for the next look.
            if read == 0 || !is_whole && read < LINE_BYTES_MAX {
                return Ok(());
            }
            self.offset += read;
            if let Ok(row) = serde_json::from_slice::<MetricsRow>(&line) {
                self.take(row);
            }
        }
    }

    fn take(&mut self, row: MetricsRow) {
        self.last.rows += 1;
        self.last.step = row.step;
        self.last.train_seconds = row.train_seconds;
        for (name, value) in row.values {
            if !value.is_finite() {
                continue;
            }
            if !self.curves.contains_key(&name) && self.curves.len() >= CURVES_MAX {
                continue;
            }
            self.curves
                .entry(name.clone())
                .or_default()
                .push(row.step, value);
            self.last.last.insert(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn line(step: u64, value: f64) -> String {
        format!("{{\"step\":{step},\"train_seconds\":{step}.5,\"values\":{{\"loss\":{value}}}}}\n")
    }

    fn place() -> (tempfile::TempDir, Vec<(String, PathBuf)>) {
        let folder = tempfile::tempdir().unwrap();
        let files = vec![(String::new(), folder.path().join("metrics.jsonl"))];
        (folder, files)
    }

    #[test]
    fn a_torn_last_line_is_read_when_it_is_whole_and_nonsense_is_passed_over() {
        let (_folder, files) = place();
        let path = &files[0].1;
        std::fs::write(path, line(1, 3.0) + "not a row\n" + &line(2, 2.5)[..20]).unwrap();
        let mut store = SeriesStore::default();
        store.refresh(&files);
        assert_eq!(store.reply("", None).unwrap().series["loss"], [(1, 3.0)]);
        let mut file = File::options().append(true).open(path).unwrap();
        file.write_all(&line(2, 2.5).as_bytes()[20..]).unwrap();
        file.write_all(line(3, 2.0).as_bytes()).unwrap();
        store.refresh(&files);
        let all = store.reply("", None).unwrap();
        assert_eq!(all.series["loss"], [(1, 3.0), (2, 2.5), (3, 2.0)]);
        assert_eq!((all.step, all.thinned), (3, false));
        assert_eq!(store.reply("", Some(2)).unwrap().series["loss"], [(3, 2.0)]);
        assert!(store.reply("", Some(3)).unwrap().series.is_empty());
        assert_eq!(store.newest()[0].last["loss"], 2.0);
        assert!(store.reply("nobody", None).is_none());
    }

    #[test]
    fn a_resumed_run_whose_file_is_another_is_read_from_its_beginning() {
        let (_folder, files) = place();
        let path = &files[0].1;
        std::fs::write(path, line(1, 3.0) + &line(2, 2.0)).unwrap();
        let mut store = SeriesStore::default();
        store.refresh(&files);
        crate::files::write_atomic(
            path,
            (line(1, 3.0) + &line(2, 9.0) + &line(3, 8.0)).as_bytes(),
        )
        .unwrap();
        store.refresh(&files);
        let points = &store.reply("", None).unwrap().series["loss"];
        assert_eq!(points, &[(1, 3.0), (2, 9.0), (3, 8.0)]);
        assert_eq!(store.newest()[0].rows, 3);
        store.refresh(&[]);
        assert!(store.newest().is_empty());
    }

    #[test]
    fn however_many_rows_there_are_points_are_bounded_and_means_stay() {
        let mut curve = Curve::default();
        let n = 100_000u64;
        for step in 1..=n {
            curve.push(step, step as f64);
        }
        assert!(curve.points.len() < POINTS_KEPT);
        let points = curve.behind(None);
        assert!(
            (POINTS_MAX / 2..=POINTS_MAX).contains(&points.len()),
            "{}",
            points.len()
        );
        assert!(points.windows(2).all(|pair| pair[0].0 < pair[1].0));
        // Each point is the mean of the rows up to its step.
        let width = points[1].0 - points[0].0;
        let middle = points[1].0 as f32 - (width as f32 - 1.0) / 2.0;
        assert!((points[1].1 - middle).abs() < 0.51, "{:?}", points[1]);
        assert!(points.last().unwrap().0 > n - 2 * width);
    }
}
