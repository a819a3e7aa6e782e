//! What the master puts into the object store: what newcomers need, checkpoints on demand; and what it takes out again.

use super::{Master, passing};
use crate::bus::{encode, read};
use crate::files::read_limited;
use crate::league::PlayerId;
use crate::run::RunError;
use crate::run::cluster::kit::is_inside;
use crate::run::cluster::messages::{FromMaster, WeightsMessage, Welcome, file, state, weights};
use crate::run::config;
use crate::run::league::{SUPERVISED_FILE, player_folder};

/// Names the run whose objects are in the store.
const ID_OBJECT: &str = "run";
/// No checkpoint is larger.
const CHECKPOINT_BYTES_MAX: u64 = 16 << 30;
/// No z library is larger.
const LIBRARY_BYTES_MAX: u64 = 1 << 30;
/// A checkpoint that nobody asked for this long leaves the object store, in seconds; who needs it has it by then.
const PROVIDED_SECONDS: f64 = 600.0;

impl Master<'_> {
    pub(super) fn welcome(&self) -> FromMaster {
        let config = self.context.config;
        let library = match config.rewards.library.as_str() {
            name if name.is_empty() || name.starts_with("builtin:") => None,
            path => match read_limited(path.as_ref(), LIBRARY_BYTES_MAX) {
                Ok(bytes) => Some(bytes),
                Err(error) => return FromMaster::Refused(error.to_string()),
            },
        };
        let specs = &self.context.specs;
        FromMaster::Welcome(Box::new(Welcome {
            config: config::show(config),
            obs: specs.obs.config.clone(),
            action: specs.action.config.clone(),
            specs_hash: specs.hash(),
            map: postcard::to_stdvec(&*self.context.map).unwrap_or_default(),
            library,
            supervised: SUPERVISED_FILE.to_owned(),
        }))
    }

    /// What a run that had the bus before left in the object store goes. What this one left stays: others may be using it.
    pub(super) fn set_up_objects(&mut self) -> Result<(), RunError> {
        let id = self.leading.run().as_bytes();
        let is_ours = self.bus.get(ID_OBJECT)?.as_deref() == Some(id);
        for name in self.bus.objects()? {
            if !is_ours || name.starts_with("file/") {
                self.bus.forget(&name)?;
            }
        }
        Ok(self.bus.put(ID_OBJECT, id)?)
    }

    /// Puts a player's state and weights where learners and predictors look for them, as the run folder has them, unless
    /// newer ones are there.
    pub(super) fn seed_objects(&mut self, id: PlayerId) -> Result<(), RunError> {
        let player = self.office.league.player(id)?.clone();
        let run = &self.context.options.out;
        let latest = run
            .join(player_folder(&player.name))
            .join("latest.safetensors");
        let object = state(&player.name);
        if latest.exists() && passing(self.bus.get(&object))?.flatten().is_none() {
            let bytes = read_limited(&latest, CHECKPOINT_BYTES_MAX)?;
            passing(self.bus.put(&object, &bytes))?;
        }
        let object = weights(&player.name);
        let found = passing(self.bus.get(&object))?.flatten();
        let found = found.and_then(|bytes| read::<WeightsMessage>(&object, &bytes));
        let trained = self.players.entry(id).or_default();
        if let Some(found) = found {
            trained.version = trained.version.max(found.version);
            return Ok(());
        }
        let message = WeightsMessage {
            player: player.name.clone(),
            version: trained.version,
            checkpoint: read_limited(&run.join(&player.checkpoint), CHECKPOINT_BYTES_MAX)?,
        };
        passing(self.bus.put(&object, &encode(&message)))?;
        Ok(())
    }

    /// A player starts anew: nothing of what it was is to be taken up again.
    pub(super) fn forget_state(&mut self, player: PlayerId) -> Result<(), RunError> {
        let name = self.office.league.player(player)?.name.clone();
        passing(self.bus.forget(&state(&name)))?;
        let latest = player_folder(&name).join("latest.safetensors");
        // The learner writes the next one; without one it starts from the player's checkpoint, the supervised weights.
        let _ = std::fs::remove_file(self.context.options.out.join(latest));
        Ok(())
    }

    /// A checkpoint of the run folder, into the object store.
    pub(super) fn provide(&mut self, path: &str) -> Result<FromMaster, RunError> {
        if !is_inside(path) || !path.ends_with(".safetensors") {
            return Ok(FromMaster::Refused(format!(
                "{path:?} is no checkpoint of the run"
            )));
        }
        let bytes = match read_limited(&self.context.options.out.join(path), CHECKPOINT_BYTES_MAX) {
            Ok(bytes) => bytes,
            Err(error) => return Ok(FromMaster::Refused(error.to_string())),
        };
        let put = passing(self.bus.put(&file(path), &bytes))?;
        let now = self.now();
        self.provided.insert(path.to_owned(), now);
        Ok(put.map_or(FromMaster::Wait, |()| FromMaster::Taken))
    }

    /// Takes out what nobody asked for in a while, and what players that train no more left.
    pub(super) fn tidy_objects(&mut self) -> Result<(), RunError> {
        let now = self.now();
        let late = self
            .provided
            .iter()
            .filter(|(_, at)| now - **at > PROVIDED_SECONDS);
        let late: Vec<String> = late.map(|(path, _)| path.clone()).collect();
        for path in late {
            if passing(self.bus.forget(&file(&path)))?.is_some() {
                self.provided.remove(&path);
            }
        }
        let league = &self.office.league;
        let trains = |id: &PlayerId| league.player(*id).is_ok_and(|p| p.active);
        let gone: Vec<PlayerId> = self
            .players
            .keys()
            .filter(|id| !trains(id))
            .copied()
            .collect();
        for id in gone {
            let name = league.player(id)?.name.clone();
            for object in [state(&name), weights(&name)] {
                passing(self.bus.forget(&object))?;
            }
        }
        Ok(())
    }
}
