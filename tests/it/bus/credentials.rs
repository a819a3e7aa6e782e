//! A server whose users show credentials files: an operator, an account and a user, made as `nsc` makes them.

use super::connected;
use crate::servers::NatsServer;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nkeys::KeyPair;
use scc::bus::{BusError, BusUrl, connect};
use serde_json::{Value, json};

/// A JWT of NATS: what `issuer` says about `subject`.
fn jwt(issuer: &KeyPair, subject: &KeyPair, name: &str, nats: &Value) -> String {
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({ "typ": "JWT", "alg": "ed25519-nkey" });
    let claims = json!({
        "jti": name, "iat": 1_700_000_000, "iss": issuer.public_key(), "sub": subject.public_key(), "name": name,
        "nats": nats,
    });
    let text = format!("{}.{}", encoded(&header), encoded(&claims));
    let signature = issuer.sign(text.as_bytes()).expect("a signature");
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn account(disk_bytes: i64) -> Value {
    json!({
        "type": "account", "version": 2,
        "limits": {
            "subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": true, "conn": -1,
            "leaf": -1, "mem_storage": disk_bytes, "disk_storage": disk_bytes, "streams": -1, "consumer": -1,
        },
    })
}

/// The text of a user's credentials file.
fn credentials(account: &KeyPair) -> String {
    let user = KeyPair::new_user();
    let rights = json!({ "type": "user", "version": 2, "pub": {}, "sub": {}, "subs": -1, "data": -1, "payload": -1 });
    let jwt = jwt(account, &user, "user", &rights);
    let seed = user.seed().expect("a seed");
    format!(
        "-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n\
         -----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
    )
}

#[test]
fn a_credentials_file_lets_us_in() {
    let operator = KeyPair::new_operator();
    let (system, ours, other) = (
        KeyPair::new_account(),
        KeyPair::new_account(),
        KeyPair::new_account(),
    );
    let named = json!({ "type": "operator", "version": 2 });
    let config = format!(
        "operator: \"{}\"\nsystem_account: {}\nresolver: MEMORY\nresolver_preload: {{\n{}: \"{}\"\n{}: \"{}\"\n}}\n",
        jwt(&operator, &operator, "operator", &named),
        system.public_key(),
        system.public_key(),
        jwt(&operator, &system, "system", &account(0)),
        ours.public_key(),
        jwt(&operator, &ours, "ours", &account(-1)),
    );
    let Some(server) = NatsServer::start_with(&config) else {
        return;
    };
    let file = server.folder.path().join("our.creds");
    std::fs::write(&file, credentials(&ours)).unwrap();
    let bus = connected(&format!("{}?creds={}", server.url(), file.display()));
    bus.put("a", b"b").unwrap();
    assert_eq!(bus.get("a").unwrap().unwrap(), b"b");
    // Of an account that the operator knows nothing of; and none at all.
    std::fs::write(&file, credentials(&other)).unwrap();
    for url in [
        format!("{}?creds={}", server.url(), file.display()),
        server.url(),
    ] {
        let url: BusUrl = url.parse().unwrap();
        let error = connect(&url, "test").err().expect("refused");
        assert!(matches!(error, BusError::Connect { .. }), "{error}");
        assert!(error.to_string().contains("does not let us in"), "{error}");
    }
}
