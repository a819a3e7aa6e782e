//! TensorBoard event files: scalars only, appended as they come.
//!
//! The format is TensorFlow's: records of `length, crc(length), data, crc(data)` whose data is an `Event` message.
//! Our own few lines because the published writer panics where a disk is full (docs/DECISIONS.md).

use prost::Message;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

#[derive(Clone, PartialEq, Message)]
struct Event {
    #[prost(double, tag = "1")]
    wall_time: f64,
    #[prost(int64, tag = "2")]
    step: i64,
    #[prost(string, optional, tag = "3")]
    file_version: Option<String>,
    #[prost(message, optional, tag = "5")]
    summary: Option<Summary>,
}

#[derive(Clone, PartialEq, Message)]
struct Summary {
    #[prost(message, repeated, tag = "1")]
    value: Vec<Value>,
}

#[derive(Clone, PartialEq, Message)]
struct Value {
    #[prost(string, tag = "1")]
    tag: String,
    #[prost(float, tag = "2")]
    simple_value: f32,
}

/// One event file, open for appending.
#[derive(Debug)]
pub struct EventFile {
    path: PathBuf,
    file: File,
}

impl EventFile {
    /// Opens `folder/events.out.tfevents.<unix_seconds>.scc`; a resumed run gets a file of its own beside the old ones,
    /// which TensorBoard joins.
    ///
    /// # Errors
    /// If the folder or the file cannot be made.
    pub fn create(folder: &Path, unix_seconds: u64) -> io::Result<EventFile> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join(format!("events.out.tfevents.{unix_seconds:010}.scc"));
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        let mut events = EventFile { path, file };
        events.write(&Event {
            wall_time: unix_seconds as f64,
            file_version: Some("brain.Event:2".into()),
            ..Event::default()
        })?;
        Ok(events)
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends one event with all `scalars` of a training step.
    ///
    /// # Errors
    /// If the file cannot be written; a record is written in one call, so readers see whole records.
    pub fn scalars<'a>(
        &mut self,
        step: u64,
        wall_time: f64,
        scalars: impl IntoIterator<Item = (&'a str, f64)>,
    ) -> io::Result<()> {
        let value = scalars
            .into_iter()
            .map(|(tag, v)| Value {
                tag: tag.to_owned(),
                simple_value: v as f32,
            })
            .collect();
        self.write(&Event {
            wall_time,
            step: step as i64,
            summary: Some(Summary { value }),
            ..Event::default()
        })
    }

    fn write(&mut self, event: &Event) -> io::Result<()> {
        self.file.write_all(&record(&event.encode_to_vec()))
    }
}

fn record(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    let mut out = Vec::with_capacity(data.len() + 16);
    out.extend_from_slice(&length);
    out.extend_from_slice(&masked_crc(&length).to_le_bytes());
    out.extend_from_slice(data);
    out.extend_from_slice(&masked_crc(data).to_le_bytes());
    out
}

/// TensorFlow's masking, so that a CRC of data that holds CRCs stays a good check.
fn masked_crc(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes)
        .rotate_right(15)
        .wrapping_add(0xa282_ead8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_read_back_as_tensorflow_writes_them() {
        // The version record of a file made by TensorFlow 2: length 24, then its masked CRC.
        let folder = tempfile::tempdir().unwrap();
        let mut events = EventFile::create(folder.path(), 1_600_000_000).unwrap();
        events
            .scalars(7, 1_600_000_001.5, [("loss/total", 0.25), ("lr", 1e-3)])
            .unwrap();
        let bytes = std::fs::read(events.path()).unwrap();
        assert_eq!(
            &bytes[..12],
            &[24, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22]
        );
        let second = &bytes[8 + 4 + 24 + 4..];
        let length = u64::from_le_bytes(second[..8].try_into().unwrap()) as usize;
        let event = Event::decode(&second[12..12 + length]).unwrap();
        assert_eq!(event.step, 7);
        assert_eq!(event.summary.unwrap().value[0].tag, "loss/total");
        assert_eq!(
            second.len(),
            12 + length + 4,
            "no bytes after the last record"
        );
    }
}
