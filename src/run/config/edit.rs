//! `--set key=value`: one key of a TOML table, by its dotted path.

use toml::{Table, Value};

/// Sets `key` (dots go down, numbers index lists) to `value`: TOML where it parses as such, a string otherwise.
///
/// # Errors
/// If the path goes through something that has no keys, or a list has no such entry.
pub(super) fn set(table: &mut Table, key: &str, value: &str) -> Result<(), String> {
    let parts: Vec<&str> = key.split('.').map(str::trim).collect();
    let Some((last, path)) = parts
        .split_last()
        .filter(|_| parts.iter().all(|p| !p.is_empty()))
    else {
        return Err("the key has an empty part".to_owned());
    };
    let value = parse_value(value);
    let Some((first, rest)) = path.split_first() else {
        table.insert((*last).to_owned(), value);
        return Ok(());
    };
    let mut at = table
        .entry(*first)
        .or_insert_with(|| Value::Table(Table::new()));
    for part in rest {
        at = child(at, part)?;
    }
    match at {
        Value::Table(table) => {
            table.insert((*last).to_owned(), value);
        }
        Value::Array(_) => *child(at, last)? = value,
        _ => return Err(format!("{} has no keys", path.join("."))),
    }
    Ok(())
}

fn child<'a>(at: &'a mut Value, part: &str) -> Result<&'a mut Value, String> {
    match at {
        Value::Table(table) => Ok(table
            .entry(part)
            .or_insert_with(|| Value::Table(Table::new()))),
        Value::Array(list) => {
            let n = list.len();
            part.parse::<usize>()
                .ok()
                .and_then(|i| list.get_mut(i))
                .ok_or_else(|| format!("{part:?} is no entry of a list of {n}"))
        }
        _ => Err(format!("there are no keys below a plain value ({part})")),
    }
}

fn parse_value(text: &str) -> Value {
    toml::from_str::<Table>(&format!("v = {text}"))
        .ok()
        .and_then(|mut t| t.remove("v"))
        .unwrap_or_else(|| Value::String(text.to_owned()))
}
