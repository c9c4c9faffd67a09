//! A query's statement: read by a parser of SQL, checked, and written again for the engine that runs it.
//!
//! Queries are Trino's `SELECT` over event data stores; `SQLite` runs them. What differs is written differently: fields
//! of structures, times, and functions. What always holds of what is given out: it reads the tables of the stores that
//! it names and calls functions that are known, and nothing else.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-limitations.html>

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use regex_lite::{Captures, Regex};
use sqlparser::ast::{
    Expr, OrderByKind, Query, SelectItem, SetExpr, Statement as Parsed, TableFactor, VisitMut, VisitorMut,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;

use super::column::{self, Column, Kind};
use super::expression;

/// The longest statement, in characters.
pub(crate) const STATEMENT_LENGTH_MAX: usize = 10_000;

/// How deep expressions and queries may stand within each other.
const DEPTH_MAX: usize = 40;

/// What the names of the stores' tables begin with.
const TABLE_PREFIX: &str = "eds_";

/// Why a statement is none; the words are the caller's to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatementError(pub(crate) String);

/// A column of the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ResultColumn {
    /// Its name.
    pub(crate) name: String,
    /// How its values are shown.
    pub(crate) kind: Kind,
}

/// A statement that is ready to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    /// The statement for the engine.
    pub(crate) sql: String,
    /// The statement that counts the events which meet its condition, if it reads one store once.
    pub(crate) count: Option<String>,
    /// The columns of its result.
    pub(crate) result: Vec<ResultColumn>,
    /// The ids of the event data stores that it reads.
    pub(crate) stores: BTreeSet<String>,
    /// The columns that it reads, of whichever store.
    pub(crate) columns: BTreeSet<&'static str>,
    /// What it says of the time of all events that it reads, as texts that order: not before, not after.
    pub(crate) window: (Option<String>, Option<String>),
}

impl Statement {
    /// Reads a statement.
    ///
    /// # Errors
    /// It is no single `SELECT`, or uses what is not there.
    pub(crate) fn parse(text: &str) -> Result<Self, StatementError> {
        if text.chars().count() > STATEMENT_LENGTH_MAX {
            return Err(StatementError(format!("a statement has at most {STATEMENT_LENGTH_MAX} characters")));
        }
        let named = name_tables(text)?;
        let dialect = GenericDialect {};
        let parser = Parser::new(&dialect).with_recursion_limit(DEPTH_MAX);
        let mut statements = parser
            .try_with_sql(&named)
            .and_then(|mut parser| parser.parse_statements())
            .map_err(|error| StatementError(error.to_string()))?;
        let (Some(Parsed::Query(mut query)), true) = (statements.pop(), statements.is_empty()) else {
            return Err(StatementError("only a single SELECT statement is supported".to_owned()));
        };
        let mut names = Names::default();
        check(query.visit(&mut names))?;
        let result = result_columns(&query);
        let window = if names.reads == 1 { window(&query) } else { (None, None) };
        let mut rewriting = Rewriting { names: &names, columns: BTreeSet::new() };
        check(query.visit(&mut rewriting))?;
        let mut columns = rewriting.columns;
        if result.iter().any(|column| column.name == "*") {
            columns.extend(column::COLUMNS.iter().map(|column| column.name));
        }
        let result = result.into_iter().flat_map(ResultColumn::spread).collect();
        let stores = names.stores.iter().map(|table| store_id(table)).collect();
        let count = if names.reads == 1 { count(&query) } else { None };
        Ok(Self { sql: query.to_string(), count, result, stores, columns, window })
    }
}

impl ResultColumn {
    /// `*` is every column.
    fn spread(self) -> Vec<Self> {
        if self.name != "*" {
            return vec![self];
        }
        let spread = |column: &Column| Self { name: column.name.to_owned(), kind: column.kind };
        column::COLUMNS.iter().map(spread).collect()
    }
}

fn check(flow: ControlFlow<StatementError>) -> Result<(), StatementError> {
    match flow {
        ControlFlow::Break(error) => Err(error),
        ControlFlow::Continue(()) => Ok(()),
    }
}

fn refuse(what: impl Into<String>) -> ControlFlow<StatementError> {
    ControlFlow::Break(StatementError(what.into()))
}

/// Event data stores are named by their ids, which no parser takes for names.
fn name_tables(text: &str) -> Result<String, StatementError> {
    let quoted = r"(?s:'(?:[^']|'')*')|(?:--[^\n]*)|(?s:/\*.*?\*/)";
    let id = r#""?([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})"?"#;
    let either = Regex::new(&format!("{quoted}|{id}")).map_err(|error| StatementError(error.to_string()))?;
    let named = either.replace_all(text, |found: &Captures<'_>| match (found.get(1), found.get(0)) {
        (Some(id), _) => table_name(id.as_str()),
        (None, Some(text)) if text.as_str().starts_with('\'') => text.as_str().to_owned(),
        _ => " ".to_owned(),
    });
    Ok(named.into_owned())
}

/// The name of a store's table.
pub(crate) fn table_name(store_id: &str) -> String {
    format!("{TABLE_PREFIX}{}", store_id.to_ascii_lowercase().replace('-', "_"))
}

fn store_id(table: &str) -> String {
    table.trim_start_matches(TABLE_PREFIX).replace('_', "-")
}

/// What a statement names.
#[derive(Default)]
pub(crate) struct Names {
    /// The tables of event data stores.
    stores: BTreeSet<String>,
    /// How often they are read.
    reads: usize,
    /// What tables are called, be it by their names or others.
    tables: BTreeSet<String>,
    /// The queries that are named before they are used.
    named_queries: BTreeSet<String>,
}

impl Names {
    /// Whether this is what some table is called.
    pub(crate) fn is_table(&self, name: &str) -> bool {
        self.tables.contains(&name.to_ascii_lowercase())
    }
}

impl VisitorMut for Names {
    type Break = StatementError;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<StatementError> {
        for named in query.with.iter().flat_map(|with| &with.cte_tables) {
            self.named_queries.insert(named.alias.name.value.to_ascii_lowercase());
        }
        if query.with.as_ref().is_some_and(|with| with.recursive) {
            return refuse("recursive queries are not supported");
        }
        if !matches!(
            query.body.as_ref(),
            SetExpr::Select(_) | SetExpr::SetOperation { .. } | SetExpr::Query(_)
        ) {
            return refuse("only SELECT statements are supported");
        }
        // Trino puts what is null last, whichever way it orders.
        if let Some(order) = &mut query.order_by
            && let OrderByKind::Expressions(expressions) = &mut order.kind
        {
            expressions.iter_mut().for_each(|order| {
                order.options.nulls_first.get_or_insert(false);
            });
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<StatementError> {
        match factor {
            TableFactor::Table { name, alias, args: None, .. } => {
                let table = name.to_string().to_ascii_lowercase();
                if table.starts_with(TABLE_PREFIX) {
                    self.stores.insert(table.clone());
                    self.reads += 1;
                } else if !self.named_queries.contains(&table) {
                    return refuse(format!("{name} is not an event data store"));
                }
                self.tables.insert(table);
                self.tables.extend(alias.iter().map(|alias| alias.name.value.to_ascii_lowercase()));
                ControlFlow::Continue(())
            }
            TableFactor::Derived { lateral: false, alias, .. } => {
                self.tables.extend(alias.iter().map(|alias| alias.name.value.to_ascii_lowercase()));
                ControlFlow::Continue(())
            }
            TableFactor::NestedJoin { .. } => ControlFlow::Continue(()),
            other => refuse(format!("{other} is not supported in FROM")),
        }
    }
}

/// Writes expressions for the engine, and notes which columns they read.
struct Rewriting<'a> {
    names: &'a Names,
    columns: BTreeSet<&'static str>,
}

impl VisitorMut for Rewriting<'_> {
    type Break = StatementError;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<StatementError> {
        name_fields(&mut query.body);
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<StatementError> {
        match expression::rewrite(expr, self.names, &mut self.columns) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }
}

/// A field keeps its name as a column of the result, so that what stands around the query can name it.
fn name_fields(body: &mut SetExpr) {
    let SetExpr::Select(select) = body else { return };
    for item in &mut select.projection {
        if let SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) = item
            && let Some(last) = parts.last().cloned()
        {
            let expr = Expr::CompoundIdentifier(parts.clone());
            *item = SelectItem::ExprWithAlias { expr, alias: last };
        }
    }
}

/// The columns of a query's result, before anything is rewritten.
fn result_columns(query: &Query) -> Vec<ResultColumn> {
    let mut body = query.body.as_ref();
    loop {
        match body {
            SetExpr::Select(select) => {
                return select
                    .projection
                    .iter()
                    .enumerate()
                    .map(|(place, item)| result_column(place, item))
                    .collect();
            }
            SetExpr::SetOperation { left, .. } => body = left,
            SetExpr::Query(query) => body = query.body.as_ref(),
            _ => return Vec::new(),
        }
    }
}

fn result_column(place: usize, item: &SelectItem) -> ResultColumn {
    let unnamed = || format!("_col{place}");
    match item {
        SelectItem::ExprWithAlias { expr, alias } => {
            ResultColumn { name: alias.value.clone(), kind: expression::kind(expr) }
        }
        SelectItem::UnnamedExpr(expr) => {
            let name = match expr {
                Expr::Identifier(name) => name.value.clone(),
                Expr::CompoundIdentifier(parts) => {
                    parts.last().map_or_else(unnamed, |name| name.value.clone())
                }
                _ => unnamed(),
            };
            ResultColumn { name, kind: expression::kind(expr) }
        }
        SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..) => {
            ResultColumn { name: "*".to_owned(), kind: Kind::Text }
        }
    }
}

/// The statement that counts what meets the condition of a query.
fn count(query: &Query) -> Option<String> {
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    let [from] = select.from.as_slice() else { return None };
    let condition =
        select.selection.as_ref().map_or_else(String::new, |condition| format!(" WHERE {condition}"));
    let is_table = matches!(from.relation, TableFactor::Table { .. }) && from.joins.is_empty();
    (is_table && query.with.is_none()).then(|| format!("SELECT count(*) FROM {from}{condition}"))
}

/// What the condition of a query says of the time of its events.
fn window(query: &Query) -> (Option<String>, Option<String>) {
    let SetExpr::Select(select) = query.body.as_ref() else { return (None, None) };
    let (mut from, mut to) = (None, None);
    let mut conditions: Vec<&Expr> = select.selection.iter().collect();
    while let Some(condition) = conditions.pop() {
        match expression::time_bound(condition) {
            expression::Bound::Both(left, right) => conditions.extend([left, right]),
            expression::Bound::From(time) => from = from.max(Some(time)),
            expression::Bound::To(time) => to = Some(to.map_or(time.clone(), |to: String| to.min(time))),
            expression::Bound::None => {}
        }
    }
    (from, to)
}
