//! Tokens to conditions. Comparators bind tightest, then parentheses, NOT, AND and OR, from left to right.

use super::lexer::{Comparator, Placed, Token, tokens};
use super::{MAX_NESTING, Mistake, Operand, Sort};

/// A condition on one game session.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Condition {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Compare(Operand, Comparator, Value),
}

/// What an operand is compared with; its kind always fits the operand.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Number(f64),
    Text(String),
    Flag(bool),
}

/// Reads a filter expression.
pub(super) fn filter(text: &str) -> Result<Condition, Mistake> {
    let mut parser = Parser::over(text)?;
    let condition = parser.any(0)?;
    parser.finish("AND, OR or the end of the expression")?;
    Ok(condition)
}

/// Reads a sort expression: one operand and, if wanted, a direction.
pub(super) fn sort(text: &str) -> Result<Sort, Mistake> {
    let mut parser = Parser::over(text)?;
    let operand = parser.operand()?;
    let descending = parser.takes_keyword("DESC");
    if !descending && !parser.takes_keyword("ASC") && !parser.rest.is_empty() {
        return Err(parser.expected("ASC or DESC"));
    }
    parser.finish("the end of the expression")?;
    Ok(Sort {
        operand,
        descending,
    })
}

struct Parser {
    /// In reverse, so that the next token is at the end.
    rest: Vec<Placed>,
    /// Where the text ends, for mistakes there.
    end: usize,
}

impl Parser {
    fn over(text: &str) -> Result<Self, Mistake> {
        let mut rest = tokens(text)?;
        rest.reverse();
        let end = text.chars().count() + 1;
        Ok(Self { rest, end })
    }

    fn position(&self) -> usize {
        self.rest.last().map_or(self.end, |(position, _)| *position)
    }

    fn mistake<T>(&self, problem: String) -> Result<T, Mistake> {
        let position = self.position();
        Err(Mistake { position, problem })
    }

    fn expected(&self, what: &str) -> Mistake {
        let found = match self.rest.last() {
            None => "the end of the expression".to_owned(),
            Some((_, Token::Open)) => "'('".to_owned(),
            Some((_, Token::Close)) => "')'".to_owned(),
            Some((_, Token::Comparator(comparator))) => format!("'{}'", comparator.sign()),
            Some((_, Token::Text(_))) => "a quoted text".to_owned(),
            Some((_, Token::Word(word))) => format!("'{word}'"),
        };
        let position = self.position();
        let problem = format!("Expected {what} but found {found}");
        Mistake { position, problem }
    }

    fn finish(&self, wanted: &str) -> Result<(), Mistake> {
        match self.rest.is_empty() {
            true => Ok(()),
            false => Err(self.expected(wanted)),
        }
    }

    fn takes(&mut self, token: &Token) -> bool {
        let fits = self.rest.last().is_some_and(|(_, next)| next == token);
        if fits {
            self.rest.pop();
        }
        fits
    }

    fn takes_keyword(&mut self, keyword: &str) -> bool {
        let fits = matches!(self.rest.last(), Some((_, Token::Word(word))) if word.eq_ignore_ascii_case(keyword));
        if fits {
            self.rest.pop();
        }
        fits
    }

    fn any(&mut self, depth: usize) -> Result<Condition, Mistake> {
        let mut parts = vec![self.all(depth)?];
        while self.takes_keyword("OR") {
            parts.push(self.all(depth)?);
        }
        Ok(single(parts, Condition::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Condition, Mistake> {
        let mut parts = vec![self.not(depth)?];
        while self.takes_keyword("AND") {
            parts.push(self.not(depth)?);
        }
        Ok(single(parts, Condition::All))
    }

    fn not(&mut self, depth: usize) -> Result<Condition, Mistake> {
        if depth > MAX_NESTING {
            return self.mistake(format!(
                "The expression is nested deeper than {MAX_NESTING} levels"
            ));
        }
        if self.takes_keyword("NOT") {
            let inner = self.not(depth + 1)?;
            return Ok(Condition::Not(Box::new(inner)));
        }
        if !self.takes(&Token::Open) {
            return self.comparison();
        }
        let inner = self.any(depth + 1)?;
        match self.takes(&Token::Close) {
            true => Ok(inner),
            false => Err(self.expected("AND, OR or ')'")),
        }
    }

    fn comparison(&mut self) -> Result<Condition, Mistake> {
        let operand = self.operand()?;
        let Some((position, Token::Comparator(comparator))) = self.rest.last().cloned() else {
            return Err(self.expected("one of =, <>, <, >, <=, >="));
        };
        let only_equality = !operand.is_number();
        if only_equality && !matches!(comparator, Comparator::Equal | Comparator::Unequal) {
            let sign = comparator.sign();
            let problem =
                format!("'{sign}' compares numbers; texts, properties and booleans take = and <>");
            return Err(Mistake { position, problem });
        }
        self.rest.pop();
        let value = self.value(&operand)?;
        Ok(Condition::Compare(operand, comparator, value))
    }

    fn operand(&mut self) -> Result<Operand, Mistake> {
        let Some((position, Token::Word(word))) = self.rest.last() else {
            return Err(self.expected("a name such as gameSessionName or playerSessionCount"));
        };
        let operand = match word.as_str() {
            "gameSessionId" => Operand::GameSessionId,
            "gameSessionName" => Operand::GameSessionName,
            "maximumSessions" => Operand::MaximumSessions,
            "creationTimeMillis" => Operand::CreationTimeMillis,
            "playerSessionCount" => Operand::PlayerSessionCount,
            "hasAvailablePlayerSessions" => Operand::HasAvailablePlayerSessions,
            other => property(other, *position)?,
        };
        self.rest.pop();
        Ok(operand)
    }

    fn value(&mut self, operand: &Operand) -> Result<Value, Mistake> {
        let value = match (self.rest.last(), operand.kind()) {
            (Some((_, Token::Text(text))), Kind::Text | Kind::Property) => {
                Some(Value::Text(text.clone()))
            }
            (Some((_, Token::Word(word))), Kind::Number) => number(word).map(Value::Number),
            (Some((_, Token::Word(word))), Kind::Flag) => flag(word).map(Value::Flag),
            // Properties are texts; a bare number or boolean is taken as its spelling.
            (Some((_, Token::Word(word))), Kind::Property) => {
                let plain = number(word).is_some() || flag(word).is_some();
                plain.then(|| Value::Text(word.clone()))
            }
            _ => None,
        };
        let Some(value) = value else {
            return Err(self.expected(operand.kind().wanted()));
        };
        self.rest.pop();
        Ok(value)
    }
}

fn single(mut parts: Vec<Condition>, many: fn(Vec<Condition>) -> Condition) -> Condition {
    match parts.len() {
        1 => parts.remove(0),
        _ => many(parts),
    }
}

fn property(word: &str, position: usize) -> Result<Operand, Mistake> {
    let Some(key) = word.strip_prefix("gameSessionProperties.") else {
        let known = "gameSessionId, gameSessionName, gameSessionProperties.KEY, maximumSessions, \
                     creationTimeMillis, playerSessionCount or hasAvailablePlayerSessions";
        let problem = format!("'{word}' cannot be searched; use {known}");
        return Err(Mistake { position, problem });
    };
    let problem = match (key.is_empty(), key.contains('.')) {
        (true, _) => "gameSessionProperties. must be followed by the key of a property".to_owned(),
        (_, true) => {
            format!("'{key}' holds a dot; properties with a dot in the key cannot be searched")
        }
        (false, false) => return Ok(Operand::Property(key.to_owned())),
    };
    Err(Mistake { position, problem })
}

/// Digits with an optional sign and fraction; nothing else that Rust would also take, such as `inf`.
fn number(word: &str) -> Option<f64> {
    let plain = word.strip_prefix('-').unwrap_or(word);
    let digits = plain
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let starts = plain
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_digit());
    (digits && starts).then(|| word.parse().ok()).flatten()
}

fn flag(word: &str) -> Option<bool> {
    match () {
        () if word.eq_ignore_ascii_case("true") => Some(true),
        () if word.eq_ignore_ascii_case("false") => Some(false),
        () => None,
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Number,
    Text,
    Property,
    Flag,
}

impl Kind {
    fn wanted(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Text | Self::Property => "a text in quotes",
            Self::Flag => "true or false",
        }
    }
}

impl Operand {
    fn kind(&self) -> Kind {
        match self {
            Self::GameSessionId | Self::GameSessionName => Kind::Text,
            Self::Property(_) => Kind::Property,
            Self::MaximumSessions | Self::CreationTimeMillis | Self::PlayerSessionCount => {
                Kind::Number
            }
            Self::HasAvailablePlayerSessions => Kind::Flag,
        }
    }

    fn is_number(&self) -> bool {
        matches!(self.kind(), Kind::Number)
    }
}
