//! Objects in a bucket of JetStream's object store: chunks with a checksum, and a line that says which are whole.

mod room;

use super::link::{Link, failed};
use crate::bus::BusError;
use async_nats::jetstream::object_store::{
    DeleteErrorKind, GetErrorKind, InfoErrorKind, Object, ObjectInfo, ObjectStore,
};
use async_nats::jetstream::stream::{Config, DiscardPolicy, StorageType};
use futures_util::StreamExt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::io::AsyncReadExt;

/// After this time without a byte we look whether the object that we read is still there.
const STALL: Duration = Duration::from_millis(500);
/// After so many looks a read fails.
const STALLS_MAX: usize = 20;
/// How often reading starts anew because the object was replaced meanwhile.
const READS_MAX: usize = 20;
/// No object that says it is larger makes us set memory aside.
const RESERVE_MAX: usize = 1 << 30;

/// A bucket, made on the server when it is first used.
pub(super) struct Bucket {
    name: String,
    bytes_max: u64,
    age_max: Duration,
    discard: DiscardPolicy,
    store: Mutex<Option<ObjectStore>>,
}

impl Bucket {
    /// One that keeps what it holds and refuses what is too much.
    pub fn kept(name: String, bytes_max: u64) -> Bucket {
        Bucket {
            name,
            bytes_max,
            age_max: Duration::ZERO,
            discard: DiscardPolicy::New,
            store: Mutex::new(None),
        }
    }

    /// One that drops its oldest when it is full, and what is too old.
    pub fn passing(name: String, bytes_max: u64, age_max: Duration) -> Bucket {
        Bucket {
            age_max,
            discard: DiscardPolicy::Old,
            ..Bucket::kept(name, bytes_max)
        }
    }

    /// The name of the stream under it.
    fn stream(&self) -> String {
        format!("OBJ_{}", self.name)
    }

    async fn store(&self, link: &Link) -> Result<ObjectStore, BusError> {
        let known = lock(&self.store).clone();
        if let Some(store) = known {
            return Ok(store);
        }
        let doing = "make a bucket for objects";
        // As `create_object_store` does it, which knows no other policy than to refuse.
        let config = Config {
            name: self.stream(),
            subjects: vec![
                format!("$O.{}.C.>", self.name),
                format!("$O.{}.M.>", self.name),
            ],
            max_bytes: i64::try_from(self.bytes_max).unwrap_or(i64::MAX),
            max_age: self.age_max,
            discard: self.discard,
            storage: StorageType::File,
            num_replicas: 1,
            allow_rollup: true,
            allow_direct: true,
            ..Config::default()
        };
        let made = link.jetstream.get_or_create_stream(config).await;
        made.map_err(|e| self.no_bucket(doing, &e.to_string()))?;
        let store = link.jetstream.get_object_store(&self.name).await;
        let store = store.map_err(|e| failed(doing, e))?;
        *lock(&self.store) = Some(store.clone());
        Ok(store)
    }

    /// A server reserves all the room that a bucket may ever take.
    fn no_bucket(&self, doing: &str, what: &str) -> BusError {
        if !what.contains("insufficient storage") {
            return failed(doing, what);
        }
        let gib = self.bytes_max as f64 / f64::from(1 << 30);
        failed(
            doing,
            format!(
                "{what}: it needs {gib:.1} GiB; give the server's JetStream more room (max_file_store, a larger disk), or the run less \
                 (objects_gib=N in the URL)"
            ),
        )
    }

    /// The server may have lost its disk: the next call makes the bucket again.
    fn look_again(&self) {
        *lock(&self.store) = None;
    }

    /// Keeps an object, if there is room for it.
    pub async fn put(&self, link: &Link, name: &str, bytes: &[u8]) -> Result<(), BusError> {
        let store = self.store(link).await?;
        self.make_room(link, name, bytes.len()).await?;
        store.put(name, &mut &*bytes).await.map(drop).map_err(|e| {
            self.look_again();
            failed("keep an object", e)
        })
    }

    /// An object, whole, with the checksum that it was kept with; none if there is none.
    pub async fn get(&self, link: &Link, name: &str) -> Result<Option<Vec<u8>>, BusError> {
        let store = self.store(link).await?;
        for _ in 0..READS_MAX {
            let mut object = match store.get(name).await {
                Ok(object) => object,
                Err(e) if e.kind() == GetErrorKind::NotFound => return Ok(None),
                Err(e) => {
                    self.look_again();
                    return Err(failed("read an object", e));
                }
            };
            let info = object.info().clone();
            match read(&mut object, async || is_replaced(&store, &info).await).await {
                Ok(bytes) => return Ok(Some(bytes)),
                Err(_) if is_replaced(&store, &info).await => {}
                Err(what) => return Err(failed(&format!("read the object {name}"), what)),
            }
        }
        Err(failed(
            "read an object",
            format!("{name} is replaced faster than it is read"),
        ))
    }

    /// As [`Bucket::get`], of a bucket whose objects may go at any time: a damaged one is none.
    pub async fn take(&self, link: &Link, name: &str) -> Result<Option<Vec<u8>>, BusError> {
        let store = self.store(link).await?;
        let mut object = match store.get(name).await {
            Ok(object) => object,
            Err(e) if e.kind() == GetErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(failed("read a large message", e)),
        };
        // Its first chunks go first: one that is not whole would be waited for in vain.
        let stream = link.jetstream.get_stream(self.stream()).await;
        let stream = stream.map_err(|e| failed("read a large message", e))?;
        let subject = format!("$O.{}.C.{}", self.name, object.info().nuid);
        let counted = stream.info_with_subjects(&subject).await;
        let mut counted = counted.map_err(|e| failed("read a large message", e))?;
        let there = match counted.next().await {
            Some(count) => count.map_err(|e| failed("read a large message", e))?.1,
            None => 0,
        };
        let whole = there == object.info().chunks;
        let bytes = match whole {
            true => read(&mut object, async || false).await.ok(),
            false => None,
        };
        self.forget(link, name).await?;
        Ok(bytes)
    }

    pub async fn forget(&self, link: &Link, name: &str) -> Result<(), BusError> {
        let store = self.store(link).await?;
        match store.delete(name).await {
            Ok(()) => Ok(()),
            Err(e) if e.kind() == DeleteErrorKind::NotFound => Ok(()),
            Err(e) => {
                self.look_again();
                Err(failed("forget an object", e))
            }
        }
    }

    pub async fn names(&self, link: &Link) -> Result<Vec<String>, BusError> {
        let doing = "list the objects";
        let store = self.store(link).await?;
        let mut names = Vec::new();
        let mut objects = store.list().await.map_err(|e| {
            self.look_again();
            failed(doing, e)
        })?;
        while let Some(object) = objects.next().await {
            names.push(object.map_err(|e| failed(doing, e))?.name);
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Bytes that it takes on the server; 0 where it was never used.
    pub async fn bytes(&self, link: &Link) -> Result<u64, BusError> {
        Ok(link
            .stream_state(&self.stream())
            .await?
            .map_or(0, |state| state.bytes))
    }
}

/// Whether another object, or none, has the name by now.
async fn is_replaced(store: &ObjectStore, object: &ObjectInfo) -> bool {
    match store.info(&object.name).await {
        Ok(now) => now.deleted || now.nuid != object.nuid,
        Err(e) => e.kind() == InfoErrorKind::NotFound,
    }
}

/// All bytes of an object. The client checks them against the checksum that came with it.
async fn read(object: &mut Object, is_gone: impl AsyncFn() -> bool) -> Result<Vec<u8>, String> {
    let expected = object.info().size;
    let mut bytes = Vec::with_capacity(expected.min(RESERVE_MAX));
    let mut stalls = 0;
    while stalls < STALLS_MAX {
        match tokio::time::timeout(STALL, object.read_buf(&mut bytes)).await {
            Ok(Ok(0)) if bytes.len() == expected => return Ok(bytes),
            Ok(Ok(0)) => return Err(format!("{} of {expected} bytes are there", bytes.len())),
            Ok(Ok(_)) => stalls = 0,
            Ok(Err(e)) => return Err(e.to_string()),
            // Chunks of an object that is gone would be waited for in vain.
            Err(_) if is_gone().await => return Err("it is gone".to_owned()),
            Err(_) => stalls += 1,
        }
    }
    Err("its chunks do not come".to_owned())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
