//! Encrypted connections: certificates of servers, and of clients where a server asks for one.

use super::{connected, refusal};
use crate::servers::NatsServer;
use scc::bus::BusError;
use std::process::Command;

/// A certificate for 127.0.0.1 that signs itself, and its key, in a folder; none, and a word of it, where there is no openssl.
struct Certificate {
    folder: tempfile::TempDir,
}

impl Certificate {
    fn new() -> Option<Certificate> {
        let folder = tempfile::tempdir().unwrap();
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"])
            .args(["-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=bus"])
            .args(["-keyout", "key.pem", "-out", "cert.pem"])
            .args(["-addext", "subjectAltName=IP:127.0.0.1"])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .current_dir(folder.path())
            .output();
        if made.is_ok_and(|out| out.status.success()) {
            return Some(Certificate { folder });
        }
        println!("skipped: no openssl to make a certificate");
        None
    }

    fn cert(&self) -> String {
        self.file("cert.pem")
    }

    fn key(&self) -> String {
        self.file("key.pem")
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }
}

#[test]
fn tls_is_used_where_it_is_asked_for_and_checked() {
    let Some(own) = Certificate::new() else {
        return;
    };
    let (cert, key) = (own.cert(), own.key());
    let tls = format!("tls {{ cert_file: \"{cert}\", key_file: \"{key}\" }}");
    let Some(server) = NatsServer::start_with(&tls) else {
        return;
    };
    let bus = connected(&format!("tls://127.0.0.1:{}?ca={cert}", server.port));
    bus.put("a", b"b").unwrap();
    assert_eq!(bus.get("a").unwrap().unwrap(), b"b");
    let error = refusal(&format!("tls://127.0.0.1:{}", server.port));
    assert!(matches!(error, BusError::Connect { .. }), "{error}");
    assert!(error.to_string().contains("ca=FILE"), "no trust: {error}");
    // A server that knows no TLS is not spoken to in the clear.
    let Some(plain) = NatsServer::start() else {
        return;
    };
    let error = refusal(&format!("tls://127.0.0.1:{}?ca={cert}", plain.port));
    assert!(matches!(error, BusError::Connect { .. }), "{error}");
}

#[test]
fn a_server_that_wants_to_know_its_clients_lets_in_those_that_it_trusts() {
    let (Some(own), Some(ours), Some(strange)) =
        (Certificate::new(), Certificate::new(), Certificate::new())
    else {
        return;
    };
    let tls = format!(
        "tls {{ cert_file: \"{}\", key_file: \"{}\", ca_file: \"{}\", verify: true }}",
        own.cert(),
        own.key(),
        ours.cert()
    );
    let Some(server) = NatsServer::start_with(&tls) else {
        return;
    };
    let at = format!("tls://127.0.0.1:{}?ca={}", server.port, own.cert());
    let bus = connected(&format!("{at}&cert={}&key={}", ours.cert(), ours.key()));
    bus.put("a", b"b").unwrap();
    assert_eq!(bus.get("a").unwrap().unwrap(), b"b");
    let stranger = format!("{at}&cert={}&key={}", strange.cert(), strange.key());
    for (who, url) in [("nobody", &at), ("a stranger", &stranger)] {
        let error = refusal(url);
        assert!(matches!(error, BusError::Connect { .. }), "{who}: {error}");
        assert!(error.to_string().contains("cert=FILE"), "{who}: {error}");
    }
    // A key of another certificate, and a file that holds none.
    for key in [strange.key(), ours.cert()] {
        refusal(&format!("{at}&cert={}&key={key}", ours.cert()));
    }
}
