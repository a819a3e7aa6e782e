//! Batches from shards, made by background threads ahead of the learner.
//!
//! Lane readers decode blocks and send each lane's window over a bounded channel; one collator takes the windows in lane
//! order and sends batches over another ([`LOADED_BATCHES_MAX`] deep, so memory is bounded; a full channel makes the
//! senders wait). The order of everything is [`Order`]'s, whatever the threads do.

use super::ImitationError;
use super::order::{Order, Segment};
use super::told::Telling;
use crate::action::Specs;
use crate::dataset::Dataset;
use crate::obs::Conditioning;
use crate::trajectory::{Batch, CollateOptions, Unroll, collate};
use crossbeam_channel::{Receiver, Sender, bounded};
use std::sync::Arc;

/// Collated batches that wait for the learner at most.
pub const LOADED_BATCHES_MAX: usize = 4;
/// Windows of a reader that wait for the collator at most.
const WINDOWS_MAX: usize = 32;

type Window = Result<Unroll, ImitationError>;
type Loaded = Result<Batch, ImitationError>;

/// Which batches to load.
#[derive(Clone, Debug)]
pub struct LoaderOptions {
    /// Batches already taken, from the order's beginning.
    pub skip: u64,
    /// Threads that decode; the collator is one more.
    pub threads: usize,
    /// What the learner is told of whom it imitates.
    pub telling: Telling,
}

/// An endless, ordered stream of batches.
pub struct Loader {
    batches: Receiver<Loaded>,
}

impl Loader {
    /// Starts the threads; they end when the loader is dropped.
    pub fn start(
        dataset: Arc<Dataset>,
        episodes: Vec<usize>,
        mut order: Order,
        specs: &Specs,
        options: &LoaderOptions,
    ) -> Loader {
        order.skip(options.skip);
        let unroll = order.unroll();
        let n_lanes = order.lanes();
        let threads = options.threads.clamp(1, n_lanes);
        let episodes = Arc::new(episodes);
        let mut readers = Vec::new();
        for reader in 0..threads {
            let (send, receive) = bounded(WINDOWS_MAX);
            readers.push(receive);
            let lanes: Vec<usize> = (reader..n_lanes).step_by(threads).collect();
            let source = Source {
                dataset: dataset.clone(),
                episodes: episodes.clone(),
                specs: specs.clone(),
                telling: options.telling,
            };
            let order = order.clone();
            std::thread::spawn(move || read_lanes(&source, order, &lanes, &send));
        }
        let (send, batches) = bounded(LOADED_BATCHES_MAX);
        let specs = specs.clone();
        std::thread::spawn(move || collate_lanes(&readers, n_lanes, unroll, &specs, &send));
        Loader { batches }
    }

    /// The next batch; waits until it is there.
    ///
    /// # Errors
    /// If a shard is damaged or cannot be read.
    pub fn next_batch(&self) -> Result<Batch, ImitationError> {
        self.batches
            .recv()
            .unwrap_or_else(|_| Err(ImitationError::LoaderEnded))
    }

    /// Batches that are ready now, of [`LOADED_BATCHES_MAX`]: 0 all the time means that the loader is the bottleneck.
    pub fn ready(&self) -> usize {
        self.batches.len()
    }
}

/// What windows are made of.
struct Source {
    dataset: Arc<Dataset>,
    /// Indices into the dataset's, by the order's.
    episodes: Arc<Vec<usize>>,
    specs: Specs,
    telling: Telling,
}

/// The block that a lane is in, decoded.
#[derive(Default)]
struct Cursor {
    at: Option<(usize, usize)>,
    steps: Vec<crate::trajectory::Step>,
}

fn read_lanes(source: &Source, mut order: Order, lanes: &[usize], send: &Sender<Window>) {
    let mut cursors: Vec<Cursor> = lanes.iter().map(|_| Cursor::default()).collect();
    loop {
        let batch = order.next_batch();
        for (&lane, cursor) in lanes.iter().zip(&mut cursors) {
            let window = read_window(source, &batch[lane], cursor);
            let failed = window.is_err();
            if send.send(window).is_err() || failed {
                return;
            }
        }
    }
}

fn read_window(source: &Source, segments: &[Segment], cursor: &mut Cursor) -> Window {
    let (dataset, spec) = (&source.dataset, &source.specs.obs);
    let mut window = Unroll::default();
    for segment in segments {
        let episode = source.episodes[segment.episode];
        let of = (episode, segment.pass);
        let told = source.telling.of(dataset.episode(episode), of);
        let mut at = segment.start as usize;
        let end = at + segment.len as usize;
        while at < end {
            let (block, first) = dataset.block_of(episode, at);
            if cursor.at != Some((episode, block)) {
                cursor.steps = dataset.read(episode, block)?;
                cursor.at = Some((episode, block));
            }
            let to = (end - first).min(cursor.steps.len());
            for (i, step) in cursor.steps[at - first..to].iter().enumerate() {
                let mut step = step.clone();
                step.reset = at + i == 0;
                // As stored, it was told nothing.
                if told != Conditioning::default() {
                    told.put(spec, &mut step.obs);
                }
                window.steps.push(step);
            }
            at = first + to;
        }
    }
    Ok(window)
}

fn collate_lanes(
    readers: &[Receiver<Window>],
    n_lanes: usize,
    unroll: u32,
    specs: &Specs,
    send: &Sender<Loaded>,
) {
    let options = CollateOptions {
        t: unroll as usize,
        reset_rows: false,
    };
    loop {
        let mut windows = Vec::with_capacity(n_lanes);
        for lane in 0..n_lanes {
            match readers[lane % readers.len()].recv() {
                Ok(Ok(window)) => windows.push(window),
                Ok(Err(error)) => {
                    // The learner may be gone already; then nobody needs the error.
                    let _ = send.send(Err(error));
                    return;
                }
                Err(_) => return,
            }
        }
        let rows: Vec<&Unroll> = windows.iter().collect();
        if send.send(Ok(collate(&rows, specs, options))).is_err() {
            return;
        }
    }
}
