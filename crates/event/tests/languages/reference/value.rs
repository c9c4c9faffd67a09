//! One test of a pattern and one value of an event.

use std::net::IpAddr;

use serde_json::Value;

/// Whether `value`, which is no array and no object, passes `test`: a value, or a match expression other than `exists`.
pub(crate) fn passes(test: &Value, value: &Value) -> bool {
    let Value::Object(expression) = test else { return equals(test, value) };
    let (name, operand) = expression.iter().next().expect("an expression has a name");
    match name.as_str() {
        "prefix" => affix(operand, value, |text, part| text.starts_with(part)),
        "suffix" => affix(operand, value, |text, part| text.ends_with(part)),
        "equals-ignore-case" => {
            strings(operand, value).is_some_and(|(wanted, text)| lower(wanted) == lower(text))
        }
        "wildcard" => {
            strings(operand, value).is_some_and(|(wanted, text)| wildcard(wanted.as_bytes(), text.as_bytes()))
        }
        "cidr" => strings(operand, value).is_some_and(|(range, text)| in_range(range, text)),
        "numeric" => value.as_f64().is_some_and(|number| numeric(operand.as_array().unwrap(), number)),
        "anything-but" => !excluded(operand, value),
        other => panic!("no expression: {other}"),
    }
}

fn equals(test: &Value, value: &Value) -> bool {
    match (test, value) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::String(one), Value::String(other)) => {
            match (one.parse::<IpAddr>(), other.parse::<IpAddr>()) {
                (Ok(one), Ok(other)) => one == other,
                _ => one == other,
            }
        }
        _ => test == value,
    }
}

/// What `anything-but` leaves out.
fn excluded(operand: &Value, value: &Value) -> bool {
    match operand {
        Value::Array(items) => items.iter().any(|item| excluded(item, value)),
        Value::Object(pattern) => {
            let (name, operand) = pattern.iter().next().expect("a pattern has a name");
            let operands = operand.as_array().cloned().unwrap_or_else(|| vec![operand.clone()]);
            operands.iter().any(|operand| {
                passes(&Value::Object([(name.clone(), operand.clone())].into_iter().collect()), value)
            })
        }
        // Addresses are no more than strings here.
        Value::String(text) => value.as_str() == Some(text),
        operand => equals(operand, value),
    }
}

fn strings<'v>(operand: &'v Value, value: &'v Value) -> Option<(&'v str, &'v str)> {
    Some((operand.as_str().expect("an operand is a string"), value.as_str()?))
}

fn affix(operand: &Value, value: &Value, has: impl Fn(&str, &str) -> bool) -> bool {
    let Some(text) = value.as_str() else { return false };
    match operand {
        Value::Object(inner) => has(&lower(text), &lower(inner["equals-ignore-case"].as_str().unwrap())),
        operand => has(text, operand.as_str().unwrap()),
    }
}

fn lower(text: &str) -> String {
    text.to_lowercase()
}

fn wildcard(pattern: &[u8], text: &[u8]) -> bool {
    match pattern {
        [] => text.is_empty(),
        [b'*', rest @ ..] => (0..=text.len()).any(|skipped| wildcard(rest, &text[skipped..])),
        [b'\\', escaped, rest @ ..] => text.first() == Some(escaped) && wildcard(rest, &text[1..]),
        [byte, rest @ ..] => text.first() == Some(byte) && wildcard(rest, &text[1..]),
    }
}

fn in_range(range: &str, text: &str) -> bool {
    let (network, bits) = range.split_once('/').unwrap();
    let bits: usize = bits.parse().unwrap();
    let binary = |address: IpAddr| match address {
        IpAddr::V4(address) => format!("{:032b}", u32::from(address)),
        IpAddr::V6(address) => format!("{:0128b}", u128::from(address)),
    };
    let (Ok(network), Ok(address)) = (network.parse::<IpAddr>(), text.parse::<IpAddr>()) else {
        return false;
    };
    let (network, address) = (binary(network), binary(address));
    network.len() == address.len() && network[..bits] == address[..bits]
}

fn numeric(terms: &[Value], number: f64) -> bool {
    number.abs() <= 5e9
        && terms.chunks(2).all(|term| {
            let bound = term[1].as_f64().unwrap();
            match term[0].as_str().unwrap() {
                "=" => number == bound,
                "<" => number < bound,
                "<=" => number <= bound,
                ">" => number > bound,
                ">=" => number >= bound,
                other => panic!("no comparison: {other}"),
            }
        })
}
