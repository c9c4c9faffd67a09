//! Running a statement over events: in memory, within bounds.
//!
//! The columns that the statement reads are put into a table for each store, then the engine runs the statement. It
//! touches no file: what it holds is gone with it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use alcazar_base::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, params_from_iter};
use serde_json::Value as Json;

use super::column::{self, Kind};
use super::function;
use super::statement::{ResultColumn, Statement, StatementError, table_name};

/// How much memory all queries together may take, in bytes.
const MEMORY_MAX: i64 = 512 * 1024 * 1024;

/// The longest text that a query may make, in bytes.
const TEXT_LENGTH_MAX: i32 = 16 * 1024 * 1024;

/// How many rows a result has at most, and how many bytes.
pub(crate) const RESULT_ROWS_MAX: usize = 100_000;
const RESULT_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How many steps of the engine lie between two looks whether to go on, and how many looks there are.
const STEPS: i32 = 100_000;
const LOOKS_MAX: usize = 200_000;

/// What the engine says of a query that was ended from outside, or went on for too long.
pub(crate) const INTERRUPTED: &str = "interrupted";

/// A row of a result: its values by their columns' names.
pub(crate) type Row = Vec<(String, String)>;

/// What a query found.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Outcome {
    /// Its rows.
    pub(crate) rows: Vec<Row>,
    /// How many events it went through.
    pub(crate) events_scanned: u64,
    /// How many of them were in its stores and time.
    pub(crate) events_matched: u64,
    /// How many bytes these are, as JSON.
    pub(crate) bytes_scanned: u64,
}

/// A query that is being run.
pub(crate) struct Run<'a> {
    statement: &'a Statement,
    connection: Connection,
    columns: Vec<&'static column::Column>,
    outcome: Outcome,
}

fn failed(error: &rusqlite::Error) -> StatementError {
    StatementError(match error {
        rusqlite::Error::SqliteFailure(_, Some(words)) => words.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    })
}

/// Passes if the engine takes the statement.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn check(statement: &Statement) -> Result<(), StatementError> {
    let run = Run::begin(statement, Timestamp::from_millis(0), Arc::default())?;
    run.connection.prepare(&statement.sql).map(drop).map_err(|error| failed(&error))
}

impl<'a> Run<'a> {
    /// Begins a query at `now`, with its tables empty. It ends early when `cancelled` is set.
    ///
    /// # Errors
    /// The engine refused.
    pub(crate) fn begin(
        statement: &'a Statement,
        now: Timestamp,
        cancelled: Arc<AtomicBool>,
    ) -> Result<Self, StatementError> {
        let columns: Vec<_> = statement.columns.iter().filter_map(|name| column::find(name)).collect();
        let begin = || {
            let connection = Connection::open_in_memory()?;
            connection.pragma_update(None, "hard_heap_limit", MEMORY_MAX)?;
            connection.pragma_update(None, "temp_store", "MEMORY")?;
            connection.pragma_update(None, "case_sensitive_like", true)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
            connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, TEXT_LENGTH_MAX)?;
            connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
            function::register(&connection, now)?;
            let names: Vec<_> = columns.iter().map(|column| column.name).collect();
            // A table has a column at least.
            let names = if names.is_empty() { "no_column".to_owned() } else { names.join(", ") };
            for store in &statement.stores {
                connection.execute_batch(&format!("CREATE TABLE {} ({names})", table_name(store)))?;
            }
            let mut looks = 0;
            connection.progress_handler(
                STEPS,
                Some(move || {
                    looks += 1;
                    looks > LOOKS_MAX || cancelled.load(Ordering::Relaxed)
                }),
            );
            Ok(connection)
        };
        let connection = begin().map_err(|error: rusqlite::Error| failed(&error))?;
        Ok(Self { statement, connection, columns, outcome: Outcome::default() })
    }

    /// Goes through some events; each has the ids of the stores that it is in.
    ///
    /// # Errors
    /// There is no room for them.
    pub(crate) fn take(&mut self, events: &[(Json, Vec<String>)]) -> Result<(), StatementError> {
        let mut by_store: BTreeMap<&str, Vec<&Json>> = BTreeMap::new();
        for (event, stores) in events {
            self.outcome.events_scanned += 1;
            if stores.is_empty() || !self.is_in_window(event) {
                continue;
            }
            self.outcome.events_matched += 1;
            self.outcome.bytes_scanned += u64::try_from(event.to_string().len()).unwrap_or_default();
            for store in stores {
                by_store.entry(store).or_default().push(event);
            }
        }
        let insert = || {
            let transaction = self.connection.unchecked_transaction()?;
            let places = vec!["?"; self.columns.len().max(1)].join(", ");
            for (store, events) in by_store {
                let sql = format!("INSERT INTO {} VALUES ({places})", table_name(store));
                let mut statement = transaction.prepare_cached(&sql)?;
                for event in events {
                    let mut values: Vec<Value> =
                        self.columns.iter().map(|column| value(column, event)).collect();
                    if values.is_empty() {
                        values.push(Value::Null);
                    }
                    statement.execute(params_from_iter(values))?;
                }
            }
            transaction.commit()
        };
        insert().map_err(|error: rusqlite::Error| failed(&error))
    }

    fn is_in_window(&self, event: &Json) -> bool {
        let (from, to) = &self.statement.window;
        let Some(time) = event.get("eventTime").and_then(Json::as_str).and_then(column::time) else {
            return false;
        };
        from.as_ref().is_none_or(|from| time >= *from) && to.as_ref().is_none_or(|to| time <= *to)
    }

    /// Runs the statement over what was taken.
    ///
    /// # Errors
    /// It failed, grew too large, or was cancelled.
    pub(crate) fn finish(mut self) -> Result<Outcome, StatementError> {
        let run = || {
            let mut statement = self.connection.prepare(&self.statement.sql)?;
            let mut rows = statement.query([])?;
            let (mut found, mut bytes) = (Vec::new(), 0);
            while let Some(row) = rows.next()? {
                let shown = |(place, column): (usize, &ResultColumn)| {
                    Ok((column.name.clone(), shown(column.kind, row.get_ref(place)?)))
                };
                let row: Row =
                    self.statement.result.iter().enumerate().map(shown).collect::<rusqlite::Result<_>>()?;
                bytes += row.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
                if found.len() >= RESULT_ROWS_MAX || bytes > RESULT_BYTES_MAX {
                    return Ok(None);
                }
                found.push(row);
            }
            let matched = self.statement.count.as_ref();
            let matched =
                matched.map(|sql| self.connection.query_row(sql, [], |row| row.get(0))).transpose()?;
            Ok(Some((found, matched)))
        };
        let rows = run().map_err(|error: rusqlite::Error| failed(&error))?;
        let (rows, matched) = rows.ok_or_else(|| StatementError("the result is too large".to_owned()))?;
        self.outcome.rows = rows;
        // Where the statement joins or nests, every event that was read counts.
        if let Some(matched) = matched.and_then(|matched: i64| u64::try_from(matched).ok()) {
            self.outcome.events_matched = matched;
        }
        Ok(self.outcome)
    }
}

fn value(column: &column::Column, event: &Json) -> Value {
    match (column.value(event), column.kind) {
        (None, _) => Value::Null,
        (Some(text), Kind::Boolean) => Value::Integer(i64::from(text == "1")),
        (Some(text), _) => Value::Text(text),
    }
}

fn shown(kind: Kind, value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "null".to_owned(),
        ValueRef::Integer(number) => column::told(kind, &number.to_string()),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => column::told(kind, &String::from_utf8_lossy(text)),
        ValueRef::Blob(_) => String::new(),
    }
}

#[cfg(test)]
mod tests;
