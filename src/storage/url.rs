//! Where a league's database is: `sqlite://PATH`, `mysql://USER:PASSWORD@HOST/DATABASE`, or a run folder or file.

use super::error::StorageError;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Name of the database in a league's run folder.
pub const DATABASE_FILE: &str = "league.db";

/// A place for a database. Printing one leaves the password out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageUrl {
    /// A file.
    Sqlite(PathBuf),
    /// The whole URL of a server's database.
    Mysql(String),
}

impl StorageUrl {
    /// The database of a run folder.
    pub fn in_run(run: &Path) -> StorageUrl {
        StorageUrl::Sqlite(run.join(DATABASE_FILE))
    }
}

impl FromStr for StorageUrl {
    type Err = StorageError;

    fn from_str(text: &str) -> Result<StorageUrl, StorageError> {
        let fail = |what: &str| StorageError::Url {
            url: hide_password(text).chars().take(200).collect(),
            what: what.to_owned(),
        };
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.starts_with(":memory:") {
                return Err(fail("it names no file"));
            }
            return Ok(StorageUrl::Sqlite(path.into()));
        }
        let server = text
            .strip_prefix("mysql://")
            .or_else(|| text.strip_prefix("mariadb://"));
        match server.and_then(|rest| rest.split_once('/')) {
            Some((host, database)) if !host.is_empty() && !database.is_empty() => {
                Ok(StorageUrl::Mysql(format!("mysql://{host}/{database}")))
            }
            _ if server.is_some() => Err(fail("it names no database")),
            _ if text.contains("://") => Err(fail("no such kind of database is known")),
            _ if text.is_empty() => Err(fail("it is empty")),
            _ if Path::new(text).is_file() => Ok(StorageUrl::Sqlite(text.into())),
            _ => Ok(StorageUrl::in_run(Path::new(text))),
        }
    }
}

impl fmt::Display for StorageUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StorageUrl::Sqlite(path) => write!(f, "{}", path.display()),
            StorageUrl::Mysql(url) => f.write_str(&hide_password(url)),
        }
    }
}

/// `mysql://user:secret@host/db` as `mysql://user:***@host/db`.
fn hide_password(url: &str) -> String {
    let found = url.split_once("://").and_then(|(scheme, rest)| {
        let (login, host) = rest.rsplit_once('@')?;
        let (user, _) = login.split_once(':')?;
        Some(format!("{scheme}://{user}:***@{host}"))
    });
    found.unwrap_or_else(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_files_servers_and_run_folders() {
        let file = |path: &str| StorageUrl::Sqlite(path.into());
        for (text, expected) in [
            ("sqlite://a/b.db", file("a/b.db")),
            ("sqlite:///a/b.db", file("/a/b.db")),
            ("sqlite:b.db", file("b.db")),
            ("runs/league", file("runs/league/league.db")),
            (
                "mysql://u:p@h/d",
                StorageUrl::Mysql("mysql://u:p@h/d".into()),
            ),
            (
                "mariadb://u@h:3306/d",
                StorageUrl::Mysql("mysql://u@h:3306/d".into()),
            ),
        ] {
            assert_eq!(text.parse::<StorageUrl>().unwrap(), expected);
        }
        for wrong in [
            "",
            "sqlite://",
            "mysql://host",
            "mysql:///d",
            "postgres://a/b",
            "sqlite::memory:",
        ] {
            let error = wrong.parse::<StorageUrl>().unwrap_err();
            assert!(
                matches!(error, StorageError::Url { .. }),
                "{wrong}: {error}"
            );
        }
    }

    #[test]
    fn passwords_are_not_printed() {
        let url: StorageUrl = "mysql://u:p:w@x@h/d".parse().unwrap();
        assert_eq!(url.to_string(), "mysql://u:***@h/d");
        let error = "mysql://u:secret@h".parse::<StorageUrl>().unwrap_err();
        assert!(!error.to_string().contains("secret"));
    }
}
