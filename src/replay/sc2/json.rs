//! JSON with whole numbers of any length.

use std::borrow::Cow;

use serde::ser::{Error, Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Int(i64),
    /// A whole number in decimal, of any length.
    Decimal(String),
    Text(String),
    List(Vec<Json>),
    Map(Vec<(Cow<'static, str>, Json)>),
    Other(serde_json::Value),
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => serializer.serialize_unit(),
            Json::Bool(it) => serializer.serialize_bool(*it),
            Json::Int(it) => serializer.serialize_i64(*it),
            Json::Decimal(it) => RawValue::from_string(it.clone())
                .map_err(S::Error::custom)?
                .serialize(serializer),
            Json::Text(it) => serializer.serialize_str(it),
            Json::List(it) => serializer.collect_seq(it),
            Json::Map(it) => {
                let mut map = serializer.serialize_map(Some(it.len()))?;
                for (key, value) in it {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
            Json::Other(it) => it.serialize(serializer),
        }
    }
}

impl From<bool> for Json {
    fn from(it: bool) -> Json {
        Json::Bool(it)
    }
}

impl From<&str> for Json {
    fn from(it: &str) -> Json {
        Json::Text(it.to_owned())
    }
}

impl From<String> for Json {
    fn from(it: String) -> Json {
        Json::Text(it)
    }
}

macro_rules! from_whole {
    ($($type:ty),*) => { $(
        impl From<$type> for Json {
            fn from(it: $type) -> Json {
                i64::try_from(it).map_or_else(|_| Json::Decimal(it.to_string()), Json::Int)
            }
        }
    )* };
}
from_whole!(i64, u64, u32, i32, u16, u8, i8, usize);

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(it: Option<T>) -> Json {
        it.map_or(Json::Null, Into::into)
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(it: Vec<T>) -> Json {
        Json::List(it.into_iter().map(Into::into).collect())
    }
}

/// A map of these keys and values, in this order.
macro_rules! map {
    ($($key:literal: $value:expr),* $(,)?) => {
        $crate::replay::sc2::json::Json::Map(vec![
            $(($key.into(), $crate::replay::sc2::json::Json::from($value)),)*
        ])
    };
}
pub(super) use map;

impl Json {
    /// A map of entries whose keys are computed.
    pub fn map(entries: impl IntoIterator<Item = (Cow<'static, str>, Json)>) -> Json {
        Json::Map(entries.into_iter().collect())
    }
}
