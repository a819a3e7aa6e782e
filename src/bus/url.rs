//! Where a bus is: `nats://[USER:PASSWORD@|TOKEN@]HOST:PORT[,HOST:PORT...][?OPTION=VALUE&...]`, or `tls://...`.

use super::nats::NatsBus;
use super::subject::is_word;
use super::{Bus, BusError};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

/// Options that a URL can have.
const OPTIONS: &str = "creds, ca, cert, key (files) and objects_gib";
/// NATS' own port.
const PORT: u16 = 4222;
/// What all objects of a run may take on the server's disk unless the URL says otherwise.
const OBJECTS_GIB: u32 = 4;

/// A NATS server, or several of one cluster, and how to be let in. Printing one leaves password and token out.
#[derive(Clone, PartialEq, Eq)]
pub struct BusUrl {
    /// Nothing but TLS will do. A server that wants TLS gets it either way.
    pub tls: bool,
    pub login: Login,
    /// `HOST:PORT` of each server.
    pub servers: Vec<String>,
    /// A file with the user's JWT and the seed of his key, as `nsc` writes it.
    pub credentials: Option<PathBuf>,
    /// Certificates to trust (PEM) instead of the system's.
    pub ca: Option<PathBuf>,
    /// Our certificate and its key (PEM), where the server asks for one.
    pub certificate: Option<(PathBuf, PathBuf)>,
    /// How much all objects of a run may take on the server, in GiB; of a run that is new there.
    pub objects_gib: u32,
}

/// Who we say we are.
#[derive(Clone, PartialEq, Eq)]
pub enum Login {
    Nobody,
    Token(String),
    User { user: String, password: String },
}

/// Connects to a bus. `run` keeps runs apart that share a server: all names there begin with it.
///
/// # Errors
/// [`BusError::Url`] if `run` cannot be part of a name or a file is missing, [`BusError::Connect`] if no server is there,
/// lets us in and has JetStream.
pub fn connect(url: &BusUrl, run: &str) -> Result<Arc<dyn Bus>, BusError> {
    Ok(Arc::new(NatsBus::connect(url, run)?))
}

impl BusUrl {
    /// The error for something that the URL, or the name of a run, has wrong.
    pub(super) fn wrong(&self, what: impl Into<String>) -> BusError {
        BusError::Url {
            url: self.to_string(),
            what: what.into(),
        }
    }

    /// Refuses a run's name that cannot be part of subjects and streams.
    pub(super) fn check_run(&self, run: &str) -> Result<(), BusError> {
        if is_word(run) {
            return Ok(());
        }
        let shown: String = run.chars().take(80).collect();
        Err(self.wrong(format!(
            "the run's name {shown:?} must be letters, digits, - and _, begin and end with a letter or digit, and have 64 at most"
        )))
    }
}

impl FromStr for BusUrl {
    type Err = BusError;

    fn from_str(text: &str) -> Result<BusUrl, BusError> {
        let fail = |what: String| BusError::Url {
            url: hide(text).chars().take(200).collect(),
            what,
        };
        let (scheme, rest) = text
            .split_once("://")
            .ok_or_else(|| fail("it has no nats:// or tls://".into()))?;
        let tls = match scheme {
            "nats" => false,
            "tls" => true,
            _ => return Err(fail("only nats:// and tls:// are known".into())),
        };
        let (rest, options) = rest.split_once('?').unwrap_or((rest, ""));
        let (login, hosts) = match rest.rsplit_once('@') {
            Some((login, hosts)) => (parse_login(login).map_err(fail)?, hosts),
            None => (Login::Nobody, rest),
        };
        let hosts = hosts.strip_suffix('/').unwrap_or(hosts);
        let servers: Result<Vec<String>, String> = hosts.split(',').map(parse_server).collect();
        let mut url = BusUrl {
            tls,
            login,
            servers: servers.map_err(fail)?,
            credentials: None,
            ca: None,
            certificate: None,
            objects_gib: OBJECTS_GIB,
        };
        url.set_options(options).map_err(fail)?;
        Ok(url)
    }
}

impl BusUrl {
    fn set_options(&mut self, options: &str) -> Result<(), String> {
        let (mut certificate, mut key) = (None, None);
        for option in options.split('&').filter(|option| !option.is_empty()) {
            let (name, value) = option
                .split_once('=')
                .ok_or_else(|| format!("option {option:?} has no ="))?;
            let value = decoded(value)?;
            let file = || match value.is_empty() {
                true => Err(format!("option {name} names no file")),
                false => Ok(Some(PathBuf::from(&value))),
            };
            match name {
                "creds" => self.credentials = file()?,
                "ca" => self.ca = file()?,
                "cert" => certificate = file()?,
                "key" => key = file()?,
                "objects_gib" => self.objects_gib = parse_gib(&value)?,
                _ => return Err(format!("no option {name:?} is known; there are {OPTIONS}")),
            }
        }
        self.certificate = match (certificate, key) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err("cert and key go together".to_owned()),
        };
        if self.credentials.is_some() && self.login != Login::Nobody {
            return Err("creds and a user or token exclude each other".to_owned());
        }
        Ok(())
    }
}

fn parse_gib(value: &str) -> Result<u32, String> {
    let number = value.parse().ok().filter(|gib| (1..=1 << 20).contains(gib));
    number.ok_or_else(|| format!("objects_gib={value} is no number of GiB"))
}

fn parse_login(text: &str) -> Result<Login, String> {
    match text.split_once(':') {
        Some(("", _)) => Err("it has a password without a user".to_owned()),
        Some((user, password)) => Ok(Login::User {
            user: decoded(user)?,
            password: decoded(password)?,
        }),
        None if text.is_empty() => Err("nothing stands before the @".to_owned()),
        None => Ok(Login::Token(decoded(text)?)),
    }
}

/// `HOST`, `HOST:PORT` or `[IPV6]:PORT`, with the port.
fn parse_server(text: &str) -> Result<String, String> {
    let wrong = || {
        format!(
            "{:?} is no HOST:PORT",
            text.chars().take(80).collect::<String>()
        )
    };
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().map_err(|_| wrong())?),
        _ => (text, PORT),
    };
    let in_brackets = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let sound = match in_brackets {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            !host.is_empty() && host.chars().all(plain)
        }
    };
    if sound && port != 0 {
        return Ok(format!("{host}:{port}"));
    }
    Err(wrong())
}

/// Text with `%XX` for what would mean something in a URL.
fn decoded(text: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let code = digit().zip(digit()).map(|(high, low)| high * 16 + low);
        bytes.push(code.ok_or("a % is not followed by two hexadecimal digits")? as u8);
    }
    String::from_utf8(bytes).map_err(|_| "it is no UTF-8".to_owned())
}

impl fmt::Display for BusUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "tls" } else { "nats" };
        let login = match &self.login {
            Login::Nobody => String::new(),
            Login::Token(_) => "***@".to_owned(),
            Login::User { user, .. } => format!("{user}:***@"),
        };
        write!(f, "{scheme}://{login}{}", self.servers.join(","))
    }
}

impl fmt::Debug for BusUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A URL's text without what stands between `://` and `@`, but for a user's name, and without its options.
fn hide(text: &str) -> String {
    let text = text.split_once('?').map_or(text, |(before, _)| before);
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), text),
    };
    match rest.rsplit_once('@') {
        Some((login, hosts)) => match login.split_once(':') {
            Some((user, _)) => format!("{scheme}{user}:***@{hosts}"),
            None => format!("{scheme}***@{hosts}"),
        },
        None => format!("{scheme}{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> BusUrl {
        text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    #[test]
    fn urls_say_servers_login_and_files() {
        let url = parsed("nats://localhost");
        assert_eq!(url.servers, ["localhost:4222"]);
        assert_eq!((url.tls, url.login == Login::Nobody), (false, true));
        let url = parsed(
            "tls://me:p%40s:s@a:1,b.c:2/?ca=%2Fx%20y/ca.pem&cert=c.pem&key=k.pem&objects_gib=16",
        );
        assert_eq!(url.servers, ["a:1", "b.c:2"]);
        let (user, password) = ("me".to_owned(), "p@s:s".to_owned());
        assert!(url.tls && url.login == Login::User { user, password });
        assert_eq!(url.ca, Some("/x y/ca.pem".into()));
        assert_eq!(url.certificate, Some(("c.pem".into(), "k.pem".into())));
        assert_eq!(url.objects_gib, 16);
        assert!(parsed("nats://abc@h").login == Login::Token("abc".into()));
        assert_eq!(parsed("nats://[::1]:5/").servers, ["[::1]:5"]);
        assert_eq!(parsed("nats://[::1]").servers, ["[::1]:4222"]);
        assert_eq!(
            parsed("nats://h?creds=u.creds").credentials,
            Some("u.creds".into())
        );
    }

    #[test]
    fn what_is_no_bus_is_refused() {
        for wrong in [
            "",
            "localhost:4222",
            "http://h",
            "nats://",
            "nats://h:0",
            "nats://h:99999",
            "nats://h:x",
            "nats://a b",
            "nats://h,",
            "nats://@h",
            "nats://:p@h",
            "nats://u:%zz@h",
            "nats://u:%4@h",
            "nats://h?cert=a",
            "nats://h?nonsense=1",
            "nats://h?ca",
            "nats://h?ca=",
            "nats://h?objects_gib=0",
            "nats://u:p@h?creds=f",
            "nats://[::g]:1",
        ] {
            let error = wrong.parse::<BusUrl>().unwrap_err();
            assert!(matches!(error, BusError::Url { .. }), "{wrong}: {error}");
        }
        let long = format!("nats://{}", "ä".repeat(100_000));
        assert!(long.parse::<BusUrl>().unwrap_err().to_string().len() < 1_000);
    }

    #[test]
    fn secrets_are_not_printed() {
        for secret in [
            "nats://u:secret@h",
            "nats://secret@h",
            "tls://u:secret@a,b?ca=f",
        ] {
            let url = parsed(secret);
            assert!(!format!("{url} {url:?}").contains("secret"), "{url}");
        }
        for secret in [
            "http://u:secret@h",
            "nats://secret@h:x",
            "u:secret@h",
            "nats://h?x=secret",
        ] {
            let error = secret.parse::<BusUrl>().unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn the_name_of_a_run_is_a_word() {
        let url = parsed("nats://h");
        url.check_run("league_1").unwrap();
        for bad in ["", "a.b", "a b", ">", "_a"] {
            let error = url.check_run(bad).unwrap_err();
            assert!(matches!(error, BusError::Url { .. }), "{error}");
        }
    }
}
