//! A server of known capacity: a virtual clock gives each request the earliest free of some slots, so that the capacity
//! is slots over service time whatever the timers do.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Requests that may wait; more are shed with 503.
const QUEUE: usize = 200;

/// Starts it on loopback; its URL. It runs until the test's process ends.
pub(crate) fn start(slots: usize, service: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
    let address = listener.local_addr().expect("its address");
    let free = Arc::new(Mutex::new(vec![Instant::now(); slots]));
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let free = Arc::clone(&free);
            thread::spawn(move || serve(&stream, &free, service));
        }
    });
    format!("http://{address}/")
}

fn serve(stream: &TcpStream, free: &Mutex<Vec<Instant>>, service: Duration) {
    let _ = stream.set_nodelay(true);
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    loop {
        line.clear();
        match lines.read_line(&mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) if line.trim().is_empty() => {}
            Ok(_) => continue,
        }
        let status = match take(free, service) {
            Some(until) => {
                thread::sleep(until.saturating_duration_since(Instant::now()));
                "200 OK"
            }
            None => "503 Service Unavailable",
        };
        let reply = format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nok");
        if (&*stream).write_all(reply.as_bytes()).is_err() {
            return;
        }
    }
}

/// When a request that comes now is done; none where too many wait.
fn take(free: &Mutex<Vec<Instant>>, service: Duration) -> Option<Instant> {
    let mut free = free.lock().unwrap_or_else(PoisonError::into_inner);
    let now = Instant::now();
    let slots = u32::try_from(free.len()).unwrap_or(1);
    let slot = free.iter_mut().min()?;
    let longest = service * u32::try_from(QUEUE).unwrap_or(1) / slots;
    if slot.saturating_duration_since(now) > longest {
        return None;
    }
    *slot = (*slot).max(now) + service;
    Some(*slot)
}
