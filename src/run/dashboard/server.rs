//! The HTTP server: one request a connection, and a bound on everything that a client decides.

use super::Board;
use super::routes::{Answer, Asked, Body};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

/// Connections at once; more wait in the system's queue.
const CONNECTIONS_MAX: usize = 64;
/// Requests that are worked on at once; more wait.
const WORKERS_MAX: usize = 16;
/// Bytes of a request's head at most.
const HEAD_BYTES_MAX: usize = 16 << 10;
/// Time to send the head of a request.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// Time of a whole connection: to ask, to make the answer, to take it.
const CONNECTION_TIME: Duration = Duration::from_secs(180);
/// Time between two looks whether to stop.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// What is still being answered at the end gets so long.
const END_TIME: Duration = Duration::from_secs(1);

/// The page runs its own script and asks its own server; nothing else, whatever it shows.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; \
                      img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Answers until `stop` is set.
///
/// # Errors
/// If the system gives no thread or timer.
pub fn serve(listener: TcpListener, board: Arc<Board>, stop: &AtomicBool) -> std::io::Result<()> {
    let mut builder = Builder::new_current_thread();
    let runtime = builder
        .enable_all()
        .max_blocking_threads(WORKERS_MAX)
        .build()?;
    listener.set_nonblocking(true)?;
    let served = runtime.block_on(accept(listener, board.clone(), stop));
    board.closing.store(true, Ordering::Relaxed);
    runtime.shutdown_timeout(END_TIME);
    served
}

async fn accept(
    listener: TcpListener,
    board: Arc<Board>,
    stop: &AtomicBool,
) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    while !stop.load(Ordering::Relaxed) {
        let Ok(Ok(place)) = timeout(LOOK_EVERY, places.clone().acquire_owned()).await else {
            continue;
        };
        match timeout(LOOK_EVERY, listener.accept()).await {
            Ok(Ok((stream, _))) => drop(tokio::spawn(connection(stream, board.clone(), place))),
            // Out of file descriptors, or the client has gone: a moment later it may be better.
            Ok(Err(_)) => sleep(LOOK_EVERY).await,
            Err(_) => {}
        }
    }
    Ok(())
}

async fn connection(stream: TcpStream, board: Arc<Board>, _place: OwnedSemaphorePermit) {
    let service = service_fn(move |request| answer(request, board.clone()));
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD_BYTES_MAX)
        // A connection that waits for its next request would hold a place.
        .keep_alive(false);
    let serving = builder.serve_connection(TokioIo::new(stream), service);
    // A client that goes away, or sends what is no HTTP, is no matter of ours.
    let _ = timeout(CONNECTION_TIME, serving).await;
}

async fn answer(
    request: Request<Incoming>,
    board: Arc<Board>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let is_head = request.method() == Method::HEAD;
    if !is_head && request.method() != Method::GET {
        return Ok(response(Answer::error(405, "only GET"), false));
    }
    let word = |name: header::HeaderName| {
        let value = request.headers().get(name).and_then(|v| v.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let asked = Asked {
        path: request.uri().path().to_owned(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        host: word(header::HOST),
        authorization: word(header::AUTHORIZATION),
    };
    let done = tokio::task::spawn_blocking(move || board.answer(&asked)).await;
    let done =
        done.unwrap_or_else(|_| Answer::error(500, "this request broke something here: a bug"));
    Ok(response(done, is_head))
}

fn response(answer: Answer, is_head: bool) -> Response<Full<Bytes>> {
    let bytes = match (is_head, answer.body) {
        (true, _) => Bytes::new(),
        (false, Body::Own(bytes)) => Bytes::from(bytes),
        (false, Body::Shared(bytes)) => Bytes::from_owner(Film(bytes)),
    };
    let mut response = Response::new(Full::new(bytes));
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, answer.kind),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A film of the cache as bytes to send, without a copy.
struct Film(Arc<Vec<u8>>);

impl AsRef<[u8]> for Film {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}
