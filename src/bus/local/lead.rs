//! Leads in memory: who has each, and since when.

use super::lock;
use crate::bus::{LEAD_LASTS, Lead};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Instant;

#[derive(Default)]
pub(super) struct Leads(Mutex<BTreeMap<String, (String, Instant)>>);

impl Leads {
    pub fn take(&self, name: &str, holder: &str) -> Lead {
        let mut leads = lock(&self.0);
        match leads.get(name) {
            Some((other, since)) if other != holder && since.elapsed() < LEAD_LASTS => {
                Lead::Of(other.clone())
            }
            _ => {
                leads.insert(name.to_owned(), (holder.to_owned(), Instant::now()));
                Lead::Ours
            }
        }
    }

    pub fn resign(&self, name: &str, holder: &str) {
        let mut leads = lock(&self.0);
        if leads.get(name).is_some_and(|(of, _)| of == holder) {
            leads.remove(name);
        }
    }
}
