//! Expressions of queries, as the engine takes them.

use std::collections::BTreeSet;

use sqlparser::ast::{
    AccessExpr, BinaryOperator, CastKind, DataType, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArgumentList, FunctionArguments, Ident, ObjectName, Subscript, UnaryOperator, Value,
    ValueWithSpan,
};

use super::column::{self, Kind};
use super::function;
use super::statement::{Names, StatementError};

/// What the engine calls its function for a time.
const TIME: &str = "lake_time";

type Result<T> = std::result::Result<T, StatementError>;

fn refuse<T>(what: impl Into<String>) -> Result<T> {
    Err(StatementError(what.into()))
}

/// A call of a function.
fn call(name: &str, arguments: Vec<Expr>) -> Expr {
    let args =
        arguments.into_iter().map(|argument| FunctionArg::Unnamed(FunctionArgExpr::Expr(argument))).collect();
    Expr::Function(Function {
        name: ObjectName::from(vec![Ident::new(name)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args,
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    })
}

fn text(value: &str) -> Expr {
    Expr::Value(Value::SingleQuotedString(value.to_owned()).into())
}

fn literal(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Value(ValueWithSpan { value: Value::SingleQuotedString(text), .. }) => Some(text),
        _ => None,
    }
}

/// Writes an expression for the engine whose parts are written already, and notes the column that it reads.
pub(crate) fn rewrite(expr: &mut Expr, names: &Names, columns: &mut BTreeSet<&'static str>) -> Result<()> {
    let rewritten = match expr {
        Expr::Identifier(name) => match column::find(&name.value) {
            Some(column) => {
                columns.insert(column.name);
                Expr::Identifier(Ident::new(column.name))
            }
            None => return Ok(()),
        },
        Expr::CompoundIdentifier(parts) => compound(parts, names, columns),
        Expr::CompoundFieldAccess { root, access_chain } => access(root, access_chain)?,
        Expr::Function(function) => return function::check(function),
        Expr::Cast { kind, expr: inner, data_type, .. } => cast(kind, inner, data_type)?,
        Expr::TypedString(typed) => match typed.data_type {
            DataType::Timestamp(..) => call(TIME, vec![text(&typed.value.to_string().replace('\'', ""))]),
            // A date orders before the times of its day.
            DataType::Date => text(&typed.value.to_string().replace('\'', "")),
            _ => return refuse(format!("{} is not supported", typed.data_type)),
        },
        Expr::Extract { field, expr: inner, .. } => {
            call("lake_part", vec![text(&field.to_string().to_ascii_lowercase()), inner.as_ref().clone()])
        }
        Expr::Substring { expr: inner, substring_from, substring_for, .. } => {
            let arguments = [Some(inner.as_ref()), substring_from.as_deref(), substring_for.as_deref()];
            call("substr", arguments.into_iter().flatten().cloned().collect())
        }
        Expr::Position { expr: inner, r#in } => {
            call("instr", vec![r#in.as_ref().clone(), inner.as_ref().clone()])
        }
        Expr::Array(array) => call("json_array", array.elem.clone()),
        Expr::BinaryOp { left, op, right } => match binary(left, op, right)? {
            Some(rewritten) => rewritten,
            None => return Ok(()),
        },
        Expr::Between { expr: inner, low, high, .. } => {
            if is_time(inner) {
                to_time(low);
                to_time(high);
            }
            return Ok(());
        }
        Expr::InList { expr: inner, list, .. } => {
            if is_time(inner) {
                list.iter_mut().for_each(to_time);
            }
            return Ok(());
        }
        Expr::ILike { negated, expr: inner, pattern, any, escape_char } => Expr::Like {
            negated: *negated,
            any: *any,
            expr: Box::new(call("lower", vec![inner.as_ref().clone()])),
            pattern: Box::new(call("lower", vec![pattern.as_ref().clone()])),
            escape_char: escape_char.clone(),
        },
        other if is_shared(other) => return Ok(()),
        other => return refuse(format!("{other} is not supported")),
    };
    *expr = rewritten;
    Ok(())
}

/// Whether an expression is the same for the engine.
fn is_shared(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::UnaryOp { op: UnaryOperator::Plus | UnaryOperator::Minus | UnaryOperator::Not, .. }
            | Expr::Value(_)
            | Expr::Nested(_)
            | Expr::Like { .. }
            | Expr::IsNull(_)
            | Expr::IsNotNull(_)
            | Expr::IsTrue(_)
            | Expr::IsNotTrue(_)
            | Expr::IsFalse(_)
            | Expr::IsNotFalse(_)
            | Expr::IsDistinctFrom(..)
            | Expr::IsNotDistinctFrom(..)
            | Expr::InSubquery { .. }
            | Expr::Exists { .. }
            | Expr::Subquery(_)
            | Expr::Case { .. }
            | Expr::Trim { .. }
            | Expr::Tuple(_)
            | Expr::Interval(_)
            | Expr::Wildcard(_)
            | Expr::QualifiedWildcard(..)
    )
}

/// A column of a table, or a field of a structure.
fn compound(parts: &[Ident], names: &Names, columns: &mut BTreeSet<&'static str>) -> Expr {
    let unchanged = || Expr::CompoundIdentifier(parts.to_vec());
    let (table, rest) = match parts.split_first() {
        Some((first, rest)) if names.is_table(&first.value) => (Some(first), rest),
        _ => (None, parts),
    };
    let Some((name, fields)) = rest.split_first() else { return unchanged() };
    let Some(column) = column::find(&name.value) else { return unchanged() };
    columns.insert(column.name);
    let name = Ident::new(column.name);
    let read = match table {
        Some(table) => Expr::CompoundIdentifier(vec![table.clone(), name]),
        None => Expr::Identifier(name),
    };
    fields.iter().fold(read, |of, field| self::field(of, &field.value))
}

fn field(of: Expr, name: &str) -> Expr {
    let field = call("lake_field", vec![of, text(&name.to_ascii_lowercase())]);
    if name.eq_ignore_ascii_case("creationdate") { call(TIME, vec![field]) } else { field }
}

fn access(root: &Expr, chain: &[AccessExpr]) -> Result<Expr> {
    let mut of = root.clone();
    for access in chain {
        of = match access {
            AccessExpr::Dot(Expr::Identifier(name)) => field(of, &name.value),
            AccessExpr::Subscript(Subscript::Index { index }) => call("element_at", vec![of, index.clone()]),
            other => return refuse(format!("{other} is not supported")),
        };
    }
    Ok(of)
}

fn cast(kind: &CastKind, inner: &Expr, data_type: &DataType) -> Result<Expr> {
    let inner = inner.clone();
    let to = match data_type {
        DataType::Timestamp(..) => return Ok(call(TIME, vec![inner])),
        DataType::Date => return Ok(call("date", vec![inner])),
        DataType::Boolean => return Ok(call("lake_boolean", vec![inner])),
        DataType::Varchar(_) | DataType::Text | DataType::String(_) | DataType::Char(_) => DataType::Text,
        DataType::Double(_)
        | DataType::DoublePrecision
        | DataType::Real
        | DataType::Float(_)
        | DataType::Decimal(_) => DataType::Real,
        DataType::Int(_)
        | DataType::Integer(_)
        | DataType::BigInt(_)
        | DataType::SmallInt(_)
        | DataType::TinyInt(_) => DataType::Integer(None),
        DataType::JSON => return Ok(inner),
        other => return refuse(format!("CAST to {other} is not supported")),
    };
    // What cannot be cast is null or nothing here, be it asked for by CAST or TRY_CAST.
    let kind = if matches!(kind, CastKind::TryCast) { CastKind::Cast } else { kind.clone() };
    Ok(Expr::Cast { kind, expr: Box::new(inner), data_type: to, format: None })
}

/// An operator between two parts; what it becomes if that is something else.
fn binary(left: &mut Box<Expr>, op: &BinaryOperator, right: &mut Box<Expr>) -> Result<Option<Expr>> {
    use BinaryOperator as Op;
    match (op, right.as_ref()) {
        (Op::Plus | Op::Minus, Expr::Interval(interval)) => {
            let (Some(number), Some(unit)) = (literal(&interval.value), &interval.leading_field) else {
                return refuse(format!("{interval} is not supported"));
            };
            let sign = if *op == Op::Minus { "-" } else { "" };
            let unit = text(&unit.to_string().to_ascii_lowercase());
            return Ok(Some(call(
                "date_add",
                vec![unit, text(&format!("{sign}{number}")), left.as_ref().clone()],
            )));
        }
        (Op::Eq | Op::NotEq | Op::Lt | Op::LtEq | Op::Gt | Op::GtEq, _) => {
            if is_time(left) {
                to_time(right);
            } else if is_time(right) {
                to_time(left);
            }
        }
        (
            Op::Plus
            | Op::Minus
            | Op::Multiply
            | Op::Divide
            | Op::Modulo
            | Op::And
            | Op::Or
            | Op::StringConcat,
            _,
        ) => {}
        (other, _) => return refuse(format!("{other} is not supported")),
    }
    Ok(None)
}

/// Whether an expression gives a time.
fn is_time(expr: &Expr) -> bool {
    match expr {
        Expr::Identifier(name) => {
            column::find(&name.value).is_some_and(|column| column.kind == Kind::Timestamp)
        }
        Expr::CompoundIdentifier(parts) => parts
            .last()
            .and_then(|name| column::find(&name.value))
            .is_some_and(|column| column.kind == Kind::Timestamp),
        Expr::Function(function) => function::gives_time(&function.name.to_string()),
        Expr::Nested(inner) => is_time(inner),
        _ => false,
    }
}

/// A text that is compared with a time is one.
fn to_time(expr: &mut Expr) {
    if literal(expr).is_some() {
        *expr = call(TIME, vec![expr.clone()]);
    }
}

/// How the values of an expression are shown that is not rewritten yet.
pub(crate) fn kind(expr: &Expr) -> Kind {
    match expr {
        Expr::Identifier(name) => column::find(&name.value).map_or(Kind::Text, |column| column.kind),
        // A column of a table; fields of structures are shown as they are.
        Expr::CompoundIdentifier(parts) => match parts.as_slice() {
            [first, name] if column::find(&first.value).is_none() => {
                column::find(&name.value).map_or(Kind::Text, |column| column.kind)
            }
            _ => Kind::Text,
        },
        Expr::BinaryOp { op, .. } => match op {
            BinaryOperator::Plus
            | BinaryOperator::Minus
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Modulo
            | BinaryOperator::StringConcat => Kind::Text,
            _ => Kind::Boolean,
        },
        Expr::Nested(inner) => kind(inner),
        Expr::IsNull(_)
        | Expr::IsNotNull(_)
        | Expr::Like { .. }
        | Expr::InList { .. }
        | Expr::Between { .. } => Kind::Boolean,
        _ => Kind::Text,
    }
}

/// What a condition says of the time of an event.
pub(crate) enum Bound<'a> {
    /// What both of these say.
    Both(&'a Expr, &'a Expr),
    /// It is not before this.
    From(String),
    /// It is not after this.
    To(String),
    /// Nothing.
    None,
}

/// What a condition says of the time of events, before it is rewritten.
pub(crate) fn time_bound(condition: &Expr) -> Bound<'_> {
    use BinaryOperator as Op;
    match condition {
        Expr::Nested(inner) => time_bound(inner),
        Expr::BinaryOp { left, op: Op::And, right } => Bound::Both(left, right),
        Expr::BinaryOp { left, op, right } if is_time(left) => {
            let time = literal(right).and_then(column::time);
            match (op, time) {
                (Op::Gt | Op::GtEq, Some(time)) => Bound::From(time),
                (Op::Lt | Op::LtEq, Some(time)) => Bound::To(time),
                _ => Bound::None,
            }
        }
        _ => Bound::None,
    }
}
