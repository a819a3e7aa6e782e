//! A headless Chromium that shows one page, driven by the DevTools protocol.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// Nothing on the page takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// See the module. Dropped, it is killed.
pub struct Page {
    child: Child,
    socket: WebSocket<TcpStream>,
    /// Number of the last command.
    sent: u64,
    session: String,
    /// What the page complained of: exceptions, errors and warnings of the console, refused or failed requests.
    pub faults: Vec<String>,
    /// Where screenshots go.
    folder: PathBuf,
    _profile: tempfile::TempDir,
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What `scripts/setup-browser` finds; none, and a word of it, where there is no browser.
pub fn browser() -> Option<PathBuf> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/setup-browser");
    let said = Command::new(script).arg("--where").output().ok()?;
    let path = PathBuf::from(String::from_utf8_lossy(&said.stdout).trim());
    if !path.is_file() {
        println!("skipped: no browser here; scripts/setup-browser fetches one (.ci/run does)");
        return None;
    }
    Some(path)
}

impl Page {
    /// Shows `url`; screenshots go to `folder`.
    pub fn open(browser: &Path, url: &str, folder: PathBuf) -> Page {
        let profile = tempfile::tempdir().expect("a temporary folder");
        let child = Command::new(browser)
            // It runs as root in CI, and shows nothing but our own page.
            .args(["--headless", "--no-sandbox", "--remote-debugging-port=0"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(["--no-first-run", "--disable-gpu", "about:blank"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the browser starts");
        let (port, path) = address(&profile.path().join("DevToolsActivePort"));
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
        let (socket, _) = tungstenite::client(format!("ws://127.0.0.1:{port}{path}"), stream)
            .expect("the DevTools protocol");
        let mut page = Page {
            child,
            socket,
            sent: 0,
            session: String::new(),
            faults: Vec::new(),
            folder,
            _profile: profile,
        };
        let target = page.tell("Target.createTarget", json!({"url": "about:blank"}));
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let attached = page.tell("Target.attachToTarget", attach);
        page.session = attached["sessionId"].as_str().expect("a text").to_owned();
        for domain in ["Page", "Runtime", "Log"] {
            page.tell(&format!("{domain}.enable"), json!({}));
        }
        page.look(1300, 900, false);
        page.tell("Page.navigate", json!({"url": url}));
        page
    }

    /// A command and its result; what the page complains of meanwhile is noted.
    pub fn tell(&mut self, method: &str, params: Value) -> Value {
        self.sent += 1;
        let mut command = json!({"id": self.sent, "method": method, "params": params});
        if !self.session.is_empty() {
            command["sessionId"] = self.session.as_str().into();
        }
        let text = Message::text(command.to_string());
        self.socket.send(text).expect("the browser lives");
        loop {
            let said = self.socket.read().expect("the browser lives");
            let Message::Text(text) = said else { continue };
            let said: Value = serde_json::from_str(&text).expect("JSON");
            if said["id"] == self.sent {
                assert_eq!(said["error"], Value::Null, "{method}");
                return said["result"].clone();
            }
            self.note(&said);
        }
    }

    fn note(&mut self, event: &Value) {
        let params = &event["params"];
        let is_bad = match event["method"].as_str() {
            Some("Runtime.exceptionThrown") => true,
            Some("Runtime.consoleAPICalled") => {
                ["error", "warning", "assert"].contains(&params["type"].as_str().unwrap_or(""))
            }
            Some("Log.entryAdded") => params["entry"]["level"] != "verbose",
            _ => false,
        };
        if is_bad {
            self.faults.push(params.to_string());
        }
    }

    /// What an expression of JavaScript comes to on the page.
    pub fn eval(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let said = self.tell("Runtime.evaluate", params);
        assert_eq!(said["exceptionDetails"], Value::Null, "{expression}");
        said["result"]["value"].clone()
    }

    /// Waits until an expression is true on the page.
    pub fn wait(&mut self, what: &str, expression: &str) {
        let begun = Instant::now();
        while self.eval(&format!("Boolean({expression})")) != true {
            if begun.elapsed() > PATIENCE {
                self.shot("failed");
                let at = self.folder.join("failed.png");
                let faults = &self.faults;
                panic!("no {what} on the page: {}, {faults:?}", at.display());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// A window of that size in pixels, by day or by night.
    pub fn look(&mut self, width: u32, height: u32, is_dark: bool) {
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.tell("Emulation.setDeviceMetricsOverride", metrics);
        let value = if is_dark { "dark" } else { "light" };
        let scheme = json!({"features": [{"name": "prefers-color-scheme", "value": value}]});
        self.tell("Emulation.setEmulatedMedia", scheme);
    }

    /// Presses and releases a key: `Space`, `End`, ...
    pub fn press(&mut self, code: &str) {
        let key = if code == "Space" { " " } else { code };
        for kind in ["keyDown", "keyUp"] {
            let event = json!({"type": kind, "key": key, "code": code});
            self.tell("Input.dispatchKeyEvent", event);
        }
    }

    /// The whole page as `NAME.png`.
    pub fn shot(&mut self, name: &str) {
        // What was changed last is painted by then.
        self.eval("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200)))");
        let params = json!({"format": "png", "captureBeyondViewport": true});
        let size = self.tell("Page.getLayoutMetrics", json!({}))["cssContentSize"].clone();
        let (width, height) = (&size["width"], &size["height"]);
        let mut params = params;
        params["clip"] = json!({"x": 0, "y": 0, "width": width, "height": height, "scale": 1});
        let said = self.tell("Page.captureScreenshot", params);
        let data = said["data"].as_str().expect("a text");
        let png = base64::prelude::BASE64_STANDARD.decode(data);
        let path = self.folder.join(name).with_extension("png");
        std::fs::write(path, png.expect("base64")).expect("writable");
    }
}

/// Port and path of the browser's socket, from the file that it writes once it listens.
fn address(file: &Path) -> (u16, String) {
    let begun = Instant::now();
    loop {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        if let Some((port, path)) = text.split_once('\n')
            && !path.is_empty()
        {
            return (port.parse().expect("a port"), path.trim().to_owned());
        }
        assert!(begun.elapsed() < PATIENCE, "the browser does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn what_a_page_complains_of_is_heard() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let script =
        "console.error('one'); fetch('http://127.0.0.1:1/'); setTimeout(() => { throw 'three'; })";
    let url = format!("data:text/html,<script>{script}</script>");
    let mut page = Page::open(&browser, &url, folder.path().to_owned());
    let begun = Instant::now();
    while page.faults.len() < 3 && begun.elapsed() < PATIENCE {
        page.eval("1");
    }
    let all = page.faults.concat();
    for part in ["one", "ERR_", "three"] {
        assert!(all.contains(part), "{part}: {all}");
    }
    page.shot("page");
    let png = std::fs::read(folder.path().join("page.png")).expect("written");
    assert!(png.starts_with(b"\x89PNG"), "{} bytes", png.len());
}
