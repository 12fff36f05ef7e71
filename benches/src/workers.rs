//! Independent pieces of work on all cores, in a fixed order.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// `work` of 0 to `count`, in order, however many threads there are.
///
/// # Panics
/// Where `work` does.
pub fn map<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let taken = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return done;
            }
            done.push((index, work(index)));
        }
    };
    let mut all: Vec<(usize, T)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(taken)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("work that does not panic")).collect()
    });
    all.sort_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, value)| value).collect()
}
