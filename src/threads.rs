//! Work side by side, on threads that end before the call does.

/// Does every piece of work on a thread of its own; what came of them, in their order. A panic in one of them goes on here.
pub fn side_by_side<T, W>(works: impl IntoIterator<Item = W>) -> Vec<T>
where
    T: Send,
    W: FnOnce() -> T + Send,
{
    std::thread::scope(|scope| {
        let threads: Vec<_> = works.into_iter().map(|work| scope.spawn(work)).collect();
        threads
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_their_order_and_a_panic_goes_on() {
        let slow_first = (0..4u64).map(|i| {
            move || {
                std::thread::sleep(std::time::Duration::from_millis(8 - 2 * i));
                i
            }
        });
        assert_eq!(side_by_side(slow_first), [0, 1, 2, 3]);
        let panics = || side_by_side([|| panic!("on a thread")]).len();
        let panic = std::panic::catch_unwind(panics).expect_err("it goes on");
        assert_eq!(panic.downcast_ref(), Some(&"on a thread"));
    }
}
