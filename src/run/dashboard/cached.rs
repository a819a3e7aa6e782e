//! A value that is made again when it is old, by one thread at a time; the others get the last one meanwhile.

use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::time::{Duration, Instant};

/// See the module.
pub struct Cached<T> {
    fresh: Duration,
    last: Mutex<Last<T>>,
    making: Mutex<()>,
}

struct Last<T> {
    value: Option<Arc<T>>,
    /// Why the value is older than it should be.
    problem: Option<String>,
    made: Option<Instant>,
}

impl<T> Cached<T> {
    /// Values are fresh for so long.
    pub fn new(fresh: Duration) -> Cached<T> {
        Cached {
            fresh,
            last: Mutex::new(Last {
                value: None,
                problem: None,
                made: None,
            }),
            making: Mutex::new(()),
        }
    }

    /// The value, made by `make` if it is old, and what went wrong the last time. A failure leaves the last good value.
    pub fn get(
        &self,
        make: impl FnOnce() -> Result<T, String>,
    ) -> (Option<Arc<T>>, Option<String>) {
        if let Some(found) = self.look(true) {
            return found;
        }
        let _making = match self.making.try_lock() {
            Ok(making) => making,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => {
                if let Some(found) = self.look(false).filter(|found| found.0.is_some()) {
                    return found;
                }
                self.making.lock().unwrap_or_else(PoisonError::into_inner)
            }
        };
        // Another thread may have made it while this one waited.
        if let Some(found) = self.look(true) {
            return found;
        }
        let made = make();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.made = Some(Instant::now());
        match made {
            Ok(value) => {
                last.value = Some(Arc::new(value));
                last.problem = None;
            }
            Err(problem) => last.problem = Some(problem),
        }
        (last.value.clone(), last.problem.clone())
    }

    /// What there is; only if it is fresh, where that is asked for.
    fn look(&self, fresh: bool) -> Option<(Option<Arc<T>>, Option<String>)> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let made = last.made?;
        let found = || (last.value.clone(), last.problem.clone());
        (!fresh || made.elapsed() < self.fresh).then(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_value_is_not_made_again_and_a_failure_leaves_the_last_one() {
        let cached = Cached::new(Duration::from_secs(100));
        assert_eq!(cached.get(|| Ok(1)).0.as_deref(), Some(&1));
        let (value, problem) = cached.get(|| panic!("it is fresh"));
        assert_eq!((value.as_deref(), problem), (Some(&1), None));
        let cached = Cached::new(Duration::ZERO);
        cached.get(|| Ok(1));
        let (value, problem) = cached.get(|| Err("busy".to_owned()));
        assert_eq!(
            (value.as_deref(), problem.as_deref()),
            (Some(&1), Some("busy"))
        );
        let (value, problem) = cached.get(|| Ok(2));
        assert_eq!((value.as_deref(), problem), (Some(&2), None));
    }
}
