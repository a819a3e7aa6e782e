//! How each build lays out the sections of a replay: the tables in `layouts/`, parsed once.

use std::sync::LazyLock;

use super::names::Name;

/// Place of a type in its section's pool.
pub type TypeId = u16;

/// A number of `bits` bits, counted from `min`; also the lengths of blobs, arrays and bit strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    pub min: i64,
    pub bits: u8,
}

/// What a value is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    Int(Bound),
    Bool,
    Blob(Bound),
    BitString(Bound),
    /// Four letters.
    Code,
    Null,
    Real32,
    Real64,
    Option(TypeId),
    Array(Bound, TypeId),
    Struct(Box<[Field]>),
    Choice(Bound, Box<[Field]>),
}

/// A structure's field, or a choice's way; of structures that are not tagged, `tag` means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: Name,
    pub of: TypeId,
    pub tag: i64,
}

/// Sections whose layout depends on the build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Header,
    Details,
    Init,
    Tracker,
    Game,
    Message,
}

enum Role {
    Root,
    Key,
    Time,
    User,
    Event(u8, &'static str),
}

/// What holds from one build to another.
struct Row {
    first: u32,
    last: u32,
    of: TypeId,
    role: Role,
}

struct Table {
    types: Vec<Type>,
    rows: Vec<Row>,
}

/// One section's layout in one build.
pub struct Layout {
    pub types: &'static [Type],
    /// Of sections that are one value.
    pub root: Option<TypeId>,
    /// Of sections of events: what an event is, how many loops after the last one, who made it.
    pub key: Option<TypeId>,
    pub time: Option<TypeId>,
    pub user: Option<TypeId>,
    /// By key: what the event holds and its name.
    events: Vec<Option<(TypeId, &'static str)>>,
}

impl Layout {
    /// How `section` is laid out in a build that is in [`builds`]; that of no other build is asked for.
    pub fn of(section: Section, build: u32) -> Layout {
        let table = &TABLES[section as usize];
        let mut layout = Layout {
            types: &table.types,
            root: None,
            key: None,
            time: None,
            user: None,
            events: Vec::new(),
        };
        let holds = |row: &&Row| (row.first..=row.last).contains(&build);
        for row in table.rows.iter().filter(holds) {
            match row.role {
                Role::Root => layout.root = Some(row.of),
                Role::Key => layout.key = Some(row.of),
                Role::Time => layout.time = Some(row.of),
                Role::User => layout.user = Some(row.of),
                Role::Event(key, name) => {
                    let slots = (usize::from(key) + 1).max(layout.events.len());
                    layout.events.resize(slots, None);
                    layout.events[usize::from(key)] = Some((row.of, name));
                }
            }
        }
        layout
    }

    pub fn event(&self, key: u64) -> Option<(TypeId, &'static str)> {
        *self.events.get(usize::try_from(key).ok()?)?
    }
}

/// The builds whose layouts are known, ascending.
pub fn builds() -> &'static [u32] {
    static BUILDS: LazyLock<Vec<u32>> = LazyLock::new(|| {
        let lines = include_str!("layouts/builds.txt").lines();
        lines.filter_map(|line| line.parse().ok()).collect()
    });
    &BUILDS
}

/// The known build whose layouts a build has: itself, else the nearest older one, else the oldest.
pub fn nearest(base_build: u32) -> u32 {
    let older = builds().partition_point(|build| *build <= base_build);
    builds()[older.saturating_sub(1)]
}

/// The next known build above `build`.
pub fn next_above(build: u32) -> Option<u32> {
    builds().iter().copied().find(|known| *known > build)
}

/// In the order of [`Section`].
static TABLES: LazyLock<[Table; 6]> = LazyLock::new(|| {
    [
        parse(include_str!("layouts/header.txt")),
        parse(include_str!("layouts/details.txt")),
        parse(include_str!("layouts/init.txt")),
        parse(include_str!("layouts/tracker.txt")),
        parse(include_str!("layouts/game.txt")),
        parse(include_str!("layouts/message.txt")),
    ]
});

/// The tables are part of the program: a line that does not parse is a fault in it, which a test would find.
fn parse(text: &'static str) -> Table {
    let mut table = Table {
        types: Vec::new(),
        rows: Vec::new(),
    };
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&'static str> = line.split(' ').collect();
        match row(&words) {
            Some(row) => table.rows.push(row),
            None => table.types.push(type_of(&words)),
        }
    }
    table
}

fn number<T: std::str::FromStr>(word: &str) -> T {
    let Ok(number) = word.parse() else {
        panic!("a layout table says {word:?} where a number belongs");
    };
    number
}

fn row(words: &[&'static str]) -> Option<Row> {
    let [role, first, last, rest @ ..] = words else {
        return None;
    };
    let role = match (*role, rest) {
        ("root", _) => Role::Root,
        ("key", _) => Role::Key,
        ("time", _) => Role::Time,
        ("user", _) => Role::User,
        ("event", [key, _, name]) => Role::Event(number(key), name),
        _ => return None,
    };
    let of = rest[rest.len().saturating_sub(2).min(1)];
    Some(Row {
        first: number(first),
        last: number(last),
        of: number(of),
        role,
    })
}

fn type_of(words: &[&str]) -> Type {
    let bound = || Bound {
        min: number(words[1]),
        bits: number(words[2]),
    };
    match words[0] {
        "int" => Type::Int(bound()),
        "bool" => Type::Bool,
        "blob" => Type::Blob(bound()),
        "bits" => Type::BitString(bound()),
        "code" => Type::Code,
        "null" => Type::Null,
        "real32" => Type::Real32,
        "real64" => Type::Real64,
        "option" => Type::Option(number(words[1])),
        "array" => Type::Array(bound(), number(words[3])),
        "struct" => Type::Struct(words[1..].iter().map(|word| field(word)).collect()),
        "choice" => Type::Choice(bound(), words[3..].iter().map(|word| way(word)).collect()),
        other => panic!("a layout table has a type {other:?}"),
    }
}

/// `NAME:TYPE` or `NAME:TYPE:TAG`.
fn field(word: &str) -> Field {
    let mut parts = word.split(':');
    Field {
        name: Name::of(parts.next().unwrap_or_default()),
        of: number(parts.next().unwrap_or_default()),
        tag: parts.next().map_or(0, number),
    }
}

/// `TAG=NAME:TYPE`.
fn way(word: &str) -> Field {
    let (tag, rest) = word.split_once('=').unwrap_or_default();
    Field {
        tag: number(tag),
        ..field(rest)
    }
}
