//! Match expressions: `{"prefix": "a"}`, `{"numeric": [">", 0, "<=", 5]}` and so on.
//!
//! They are read token by token, as AWS reads them, so that the first thing that is wrong is the one that is told.

use super::address::Cidr;
use super::number::{Comparable, Range};
use super::test::{But, Test};
use super::text::Folded;
use super::wildcard::Wildcard;
use super::{Fault, Reason};
use crate::json::{Kind, Member, Piece, Place, Source};

/// Reads the expression that `object` is.
pub(crate) fn read<'t>(source: &Source<'t>, object: Piece<'t>) -> Result<Test, Fault> {
    let reader = Reader { source };
    let members = reader.members(object)?;
    let Some(Member { name, value }) = members.first() else {
        return Err(reader.fault(Reason::NoExpression, object.end()));
    };
    let value = *value;
    let test = match name.as_str() {
        "exactly" => Test::Text(reader.string(value, "exact")?.into()),
        "prefix" => match value.kind() {
            Kind::Object => Test::PrefixIgnoreCase(reader.ignore_case(value, "Prefix", "prefix")?),
            _ => Test::Prefix(reader.string(value, "prefix")?.into()),
        },
        "suffix" => match value.kind() {
            Kind::Object => Test::SuffixIgnoreCase(reader.ignore_case(value, "Suffix", "suffix")?),
            _ => Test::Suffix(reader.string(value, "suffix")?.into()),
        },
        "equals-ignore-case" => Test::IgnoreCase(Folded::new(&reader.string(value, "equals-ignore-case")?)),
        "wildcard" => {
            let text = reader.string(value, "wildcard")?;
            Test::Wildcard(reader.wildcard(&text, value.end())?)
        }
        // It is AWS's reader that calls it a prefix.
        "cidr" => Test::Cidr(Cidr::parse(&reader.string(value, "prefix")?).map_err(Fault::plain)?),
        "exists" => match value.kind() {
            Kind::True => Test::Present,
            Kind::False => Test::Absent,
            _ => return Err(reader.fault(Reason::Exists, value.opened())),
        },
        "numeric" => reader.numeric(value)?,
        "anything-but" => Test::AnythingBut(reader.anything_but(value)?),
        _ => return Err(reader.fault(Reason::UnknownExpression(name.clone()), value.opened())),
    };
    let too_many = match name.as_str() {
        "numeric" | "anything-but" => Reason::TooManyElements,
        _ => Reason::MoreThanOneKey,
    };
    reader.only_one(&members, too_many)?;
    Ok(test)
}

struct Reader<'s, 't> {
    source: &'s Source<'t>,
}

impl<'t> Reader<'_, 't> {
    fn string(&self, piece: Piece<'t>, called: &'static str) -> Result<String, Fault> {
        match piece.kind() {
            Kind::String => self.told(self.source.string(piece)),
            _ => Err(self.fault(Reason::NotString(called), piece.opened())),
        }
    }

    /// What follows `prefix` or `suffix` if it is an object.
    fn ignore_case(
        &self,
        object: Piece<'t>,
        title: &'static str,
        name: &'static str,
    ) -> Result<Folded, Fault> {
        let members = self.members(object)?;
        let Some(first) = members.first() else {
            return Err(self.fault(Reason::NoInnerName(title), object.end()));
        };
        if first.name != "equals-ignore-case" {
            return Err(self.fault(Reason::UnsupportedInner(name, first.name.clone()), first.value.opened()));
        }
        let text = self.string(first.value, "equals-ignore-case")?;
        self.only_one(&members, Reason::MoreThanOneKey)?;
        Ok(Folded::new(&text))
    }

    fn wildcard(&self, text: &str, place: Place) -> Result<Wildcard, Fault> {
        let wildcard = Wildcard::parse(text).map_err(|reason| self.fault(reason, place))?;
        wildcard.check().map_err(Fault::plain)?;
        Ok(wildcard)
    }

    fn numeric(&self, array: Piece<'t>) -> Result<Test, Fault> {
        if array.kind() != Kind::Array {
            return Err(self.fault(Reason::NumericNotArray, array.opened()));
        }
        let terms = Terms { items: self.items(array)?, end: array.end() };
        let operator = match terms.items.first() {
            Some(first) if first.kind() == Kind::String => self.told(self.source.string(*first))?,
            _ => {
                return Err(self.fault(Reason::NumericMember(terms.token(0).to_owned()), terms.place(0)));
            }
        };
        let called = match operator.as_str() {
            "=" => "equals",
            ">=" => ">=",
            ">" => ">",
            "<=" => "<=",
            "<" => "<",
            _ => return Err(self.fault(Reason::NumericOperator(operator), terms.place(1))),
        };
        let first = self.number(&terms, 1, called)?;
        let last = match (called, terms.items.get(2)) {
            (">=" | ">", Some(_)) => Some(self.rest_of_range(&terms)?),
            (_, Some(_)) => return Err(self.fault(Reason::TooManyElements, terms.place(2))),
            (_, None) => None,
        };
        let comparable =
            |raw: &str| Comparable::written(raw).map_err(|reason| self.fault(reason, array.end()));
        let bound = comparable(first)?;
        let range = match (called, last) {
            ("equals", _) => return Ok(Test::Number(Some(bound), first.into())),
            ("<=" | "<", _) => Range::at_most(bound, called == "<"),
            (_, None) => Range::at_least(bound, called == ">"),
            (_, Some((top, top_open))) => {
                let top = comparable(top)?;
                if bound >= top {
                    return Err(self.fault(Reason::EmptyRange, array.end()));
                }
                Range { bottom: bound, bottom_open: called == ">", top, top_open }
            }
        };
        Ok(Test::Range(range))
    }

    /// The upper end of a range: how its number is written, and whether the number itself is outside.
    fn rest_of_range(&self, terms: &Terms<'t>) -> Result<(&'t str, bool), Fault> {
        let operator = match terms.items.get(2) {
            Some(piece) if piece.kind() == Kind::String => self.told(self.source.string(*piece))?,
            _ => return Err(self.fault(Reason::RangeValue(terms.token(2).to_owned()), terms.place(2))),
        };
        let called = match operator.as_str() {
            "<" => "<",
            "<=" => "<=",
            _ => {
                let place = terms.items.get(2).map_or(terms.end, Piece::end);
                return Err(self.fault(Reason::RangeOperator(operator), place));
            }
        };
        let top = self.number(terms, 3, called)?;
        if terms.items.len() > 4 {
            return Err(self.fault(Reason::RangeTerms, terms.place(4)));
        }
        Ok((top, called == "<"))
    }

    fn number(&self, terms: &Terms<'t>, index: usize, called: &'static str) -> Result<&'t str, Fault> {
        match terms.items.get(index) {
            Some(piece) if piece.kind() == Kind::Number => Ok(piece.raw()),
            _ => Err(self.fault(Reason::NotNumeric(called), terms.place(index))),
        }
    }

    fn anything_but(&self, value: Piece<'t>) -> Result<But, Fault> {
        match value.kind() {
            Kind::Object => self.anything_but_pattern(value),
            Kind::Array => self.anything_but_list(value),
            Kind::String => Ok(But::Texts([self.told(self.source.string(value))?.into()].into())),
            Kind::Number => {
                // AWS's reader lets this error out as it is.
                Ok(But::Numbers([Comparable::written(value.raw()).map_err(Fault::plain)?].into()))
            }
            _ => Err(self.fault(Reason::AnythingBut, value.opened())),
        }
    }

    fn anything_but_list(&self, array: Piece<'t>) -> Result<But, Fault> {
        let (mut texts, mut numbers) = (Vec::new(), Vec::new());
        for item in self.items(array)? {
            match item.kind() {
                Kind::String => texts.push(self.told(self.source.string(item))?.into()),
                Kind::Number => numbers.push(
                    Comparable::written(item.raw())
                        .map_err(|reason| Fault::at(self.source, reason, item.end()))?,
                ),
                _ => return Err(Fault::in_list(self.source, Reason::AnythingButList, item.opened())),
            }
        }
        match (texts.is_empty(), numbers.is_empty()) {
            (false, true) => Ok(But::Texts(texts.into())),
            (true, false) => Ok(But::Numbers(numbers.into())),
            _ => Err(self.fault(Reason::AnythingButMixed, array.end())),
        }
    }

    /// What follows `anything-but` if it is an object.
    fn anything_but_pattern(&self, object: Piece<'t>) -> Result<But, Fault> {
        let members = self.members(object)?;
        let Some(Member { name, value }) = members.first() else {
            return Err(self.fault(Reason::NoInnerName("Anything-But"), object.end()));
        };
        let not_string = match name.as_str() {
            "prefix" | "suffix" => Reason::NotString("prefix/suffix"),
            "wildcard" => Reason::NotString("wildcard"),
            "equals-ignore-case" => Reason::AnythingButIgnoreCase,
            _ => {
                let reason = Reason::UnsupportedInner("anything-but", name.clone());
                return Err(self.fault(reason, value.opened()));
            }
        };
        let texts = match value.kind() {
            Kind::Array => self.operands(name, &not_string, &self.items(*value)?, true)?,
            Kind::String | Kind::Number => self.operands(name, &not_string, &[*value], false)?,
            _ => return Err(self.fault(Reason::AnythingBut, value.opened())),
        };
        let but = match name.as_str() {
            "prefix" => But::Prefixes(texts.into_iter().map(Into::into).collect()),
            "suffix" => But::Suffixes(texts.into_iter().map(Into::into).collect()),
            "wildcard" => {
                let wildcards = texts.iter().map(|text| self.wildcard(text, value.end()));
                But::Wildcards(wildcards.collect::<Result<_, _>>()?)
            }
            _ => But::IgnoreCase(texts.iter().map(|text| Folded::new(text)).collect()),
        };
        self.only_one(&members, Reason::TooManyElements)?;
        Ok(but)
    }

    /// Operands that have to be strings. What is wrong in a list is told with its place twice.
    fn operands(
        &self,
        name: &str,
        not_string: &Reason,
        pieces: &[Piece<'t>],
        in_list: bool,
    ) -> Result<Vec<String>, Fault> {
        let fault = if in_list { Fault::in_list } else { Fault::at };
        let mut texts = Vec::with_capacity(pieces.len());
        for piece in pieces {
            if piece.kind() != Kind::String {
                return Err(fault(self.source, not_string.clone(), piece.opened()));
            }
            let text = self.told(self.source.string(*piece))?;
            if text.is_empty() && matches!(name, "prefix" | "suffix") {
                return Err(fault(self.source, Reason::EmptyAffix, piece.end()));
            }
            texts.push(text);
        }
        Ok(texts)
    }

    fn only_one(&self, members: &[Member<'t>], reason: Reason) -> Result<(), Fault> {
        match members.get(1) {
            Some(second) => Err(self.fault(reason, second.value.opened())),
            None => Ok(()),
        }
    }

    fn members(&self, object: Piece<'t>) -> Result<Vec<Member<'t>>, Fault> {
        self.told(self.source.members(object))
    }

    fn items(&self, array: Piece<'t>) -> Result<Vec<Piece<'t>>, Fault> {
        self.told(self.source.items(array))
    }

    fn told<T>(&self, result: Result<T, (Reason, Place)>) -> Result<T, Fault> {
        result.map_err(|(reason, place)| self.fault(reason, place))
    }

    fn fault(&self, reason: Reason, place: Place) -> Fault {
        Fault::at(self.source, reason, place)
    }
}

/// The terms of a numeric expression. Behind the last, AWS's reader meets the end of the array.
struct Terms<'t> {
    items: Vec<Piece<'t>>,
    end: Place,
}

impl<'t> Terms<'t> {
    fn token(&self, index: usize) -> &'t str {
        self.items.get(index).map_or("]", Piece::token)
    }

    fn place(&self, index: usize) -> Place {
        self.items.get(index).map_or(self.end, Piece::opened)
    }
}
