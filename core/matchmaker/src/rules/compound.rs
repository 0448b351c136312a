//! Compound statements: grammar, and the ways in which all of them together can hold.
//!
//! ```text
//! stmt := op '(' stmt (',' stmt)* ')' | ruleName
//! op   := 'and' | 'or' | 'not' | 'xor'
//! ```

use super::{Kind, Literal, Rule, Statement};

const DEPTH_MAX: usize = 32;
/// More ways than this are not told apart; the statement is then evaluated as a whole.
const ALTERNATIVES_MAX: usize = 16;
/// Statements looked at while telling ways apart.
const FUEL: u32 = 4096;

/// What is wrong with a statement, and at which byte.
#[derive(Debug)]
pub(super) struct StatementError {
    pub(super) at: usize,
    pub(super) message: String,
}

pub(super) fn parse(text: &str, earlier: &[Rule]) -> Result<Statement, StatementError> {
    let mut parser = Parser {
        text,
        at: 0,
        earlier,
    };
    let statement = parser.statement(0)?;
    parser.spaces();
    if parser.at < text.len() {
        return parser.fail("unexpected text after the end of the statement");
    }
    if nesting(&statement, earlier, DEPTH_MAX) > DEPTH_MAX {
        parser.at = 0;
        return parser.fail(format!(
            "compounds name each other deeper than {DEPTH_MAX} levels"
        ));
    }
    Ok(statement)
}

/// How many compounds name each other in a row, counted no further than a little past `limit`. Level by level, each
/// rule once a level, so that text that doubles costs nothing.
fn nesting(statement: &Statement, earlier: &[Rule], limit: usize) -> usize {
    let mut depth = 0;
    let mut level: Vec<&Statement> = vec![statement];
    while !level.is_empty() && depth <= limit {
        depth += 1;
        let mut named = std::collections::BTreeSet::new();
        for statement in level {
            statement.names(&mut named);
        }
        let inner = |index: usize| earlier[index].kind.as_compound();
        level = named.into_iter().filter_map(inner).collect();
    }
    depth
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    earlier: &'a [Rule],
}

impl Parser<'_> {
    fn fail<T>(&self, message: impl Into<String>) -> Result<T, StatementError> {
        Err(StatementError {
            at: self.at,
            message: message.into(),
        })
    }

    fn spaces(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn statement(&mut self, depth: usize) -> Result<Statement, StatementError> {
        if depth > DEPTH_MAX {
            return self.fail(format!("nested deeper than {DEPTH_MAX} levels"));
        }
        self.spaces();
        let start = self.at;
        let rest = &self.text[start..];
        let length = rest.find(['(', ')', ',']).unwrap_or(rest.len());
        let word = rest[..length].trim();
        if !rest[length..].starts_with('(') {
            let rule = self.rule(word)?;
            self.at += length;
            return Ok(rule);
        }
        if !matches!(word, "and" | "or" | "not" | "xor") {
            return self.fail(format!(
                "'{word}' is not an operator; the operators are and, or, not, xor"
            ));
        }
        self.at += length;
        let mut operands = Vec::new();
        loop {
            self.at += 1; // over the parenthesis or comma
            operands.push(self.statement(depth + 1)?);
            self.spaces();
            match self.text[self.at..].chars().next() {
                Some(',') => {}
                Some(')') => break,
                _ => return self.fail(format!("',' or ')' is expected in {word}(...)")),
            }
        }
        self.at += 1;
        operation(word, operands).map_err(|message| StatementError { at: start, message })
    }

    fn rule(&self, name: &str) -> Result<Statement, StatementError> {
        if name.is_empty() {
            return self.fail("the name of a rule is expected here");
        }
        let Some(index) = self.earlier.iter().position(|rule| rule.name == name) else {
            return self.fail(format!("there is no rule '{name}' before this one"));
        };
        match &self.earlier[index].kind {
            Kind::BatchDistance(_) | Kind::DistanceSort(_) | Kind::AbsoluteSort(_) => {
                self.fail(format!(
                    "the rule '{name}' is a {}, which cannot be part of a compound",
                    self.earlier[index].kind.name()
                ))
            }
            Kind::Comparison(_)
            | Kind::Distance(_)
            | Kind::Collection(_)
            | Kind::Latency(_)
            | Kind::Compound(_) => Ok(Statement::Rule(index)),
        }
    }
}

fn operation(word: &str, mut operands: Vec<Statement>) -> Result<Statement, String> {
    match (word, operands.len()) {
        ("not", 1) => Ok(Statement::Not(Box::new(operands.remove(0)))),
        ("not", count) => Err(format!("not takes one statement, this one has {count}")),
        ("xor", 2) => {
            let right = operands.remove(1);
            Ok(Statement::Xor(
                Box::new(operands.remove(0)),
                Box::new(right),
            ))
        }
        ("xor", count) => Err(format!("xor takes two statements, this one has {count}")),
        (word, 1) => Err(format!("{word} takes at least two statements")),
        ("and", _) => Ok(Statement::And(operands)),
        _ => Ok(Statement::Or(operands)),
    }
}

impl Statement {
    /// Whether any named rule satisfies `test`.
    pub(super) fn any(&self, test: &dyn Fn(usize) -> bool) -> bool {
        match self {
            Self::Rule(index) => test(*index),
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.any(test)),
            Self::Not(part) => part.any(test),
            Self::Xor(left, right) => left.any(test) || right.any(test),
        }
    }
}

impl Statement {
    fn names(&self, into: &mut std::collections::BTreeSet<usize>) {
        match self {
            Self::Rule(index) => {
                into.insert(*index);
            }
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.names(into)),
            Self::Not(part) => part.names(into),
            Self::Xor(left, right) => {
                left.names(into);
                right.names(into);
            }
        }
    }
}

/// Which rules stand alone, and the ways in which the compounds hold.
pub(super) fn plan(rules: &[Rule], large: bool) -> (Vec<usize>, Vec<Vec<Literal>>) {
    let statements = |index: &usize| rules[*index].kind.as_compound();
    let named = |rule: usize| {
        (0..rules.len())
            .filter_map(|index| statements(&index))
            .any(|s| s.any(&|named| named == rule))
    };
    let considered =
        |kind: &Kind| !large || matches!(kind, Kind::Latency(_) | Kind::BatchDistance(_));
    let alone = |index: &usize| {
        let kind = &rules[*index].kind;
        !kind.is_sort() && considered(kind) && !named(*index)
    };
    let standalone: Vec<usize> = (0..rules.len()).filter(alone).collect();
    let tops: Vec<_> = standalone.iter().filter_map(statements).collect();
    let mut fuel = FUEL;
    let mut ways = Some(vec![Vec::new()]);
    for statement in tops {
        ways = ways.and_then(|ways| product(&ways, &normal(statement, true, rules, &mut fuel)?));
    }
    let mut ways = ways.unwrap_or_else(|| vec![Vec::new()]);
    ways.retain(|way| !contradictory(way));
    if ways.is_empty() {
        // No way holds; the compound itself will refuse, and explain.
        ways.push(Vec::new());
    }
    (standalone, ways)
}

/// The statement (or its opposite) as alternatives of conjunctions; nothing when there are too many.
///
/// Compounds that name compounds can describe exponentially much in little text, hence the fuel.
fn normal(
    statement: &Statement,
    holds: bool,
    rules: &[Rule],
    fuel: &mut u32,
) -> Option<Vec<Vec<Literal>>> {
    *fuel = fuel.checked_sub(1)?;
    match (statement, holds) {
        (Statement::Rule(index), _) => match rules[*index].kind.as_compound() {
            Some(inner) => normal(inner, holds, rules, fuel),
            None => Some(vec![vec![Literal {
                rule: *index,
                holds,
            }]]),
        },
        (Statement::Not(part), _) => normal(part, !holds, rules, fuel),
        (Statement::And(parts), true) | (Statement::Or(parts), false) => {
            let mut all = vec![Vec::new()];
            for part in parts {
                all = product(&all, &normal(part, holds, rules, fuel)?)?;
            }
            Some(all)
        }
        (Statement::Or(parts), true) | (Statement::And(parts), false) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(normal(part, holds, rules, fuel)?);
            }
            (all.len() <= ALTERNATIVES_MAX).then_some(all)
        }
        (Statement::Xor(left, right), _) => {
            let mut all = product(
                &normal(left, true, rules, fuel)?,
                &normal(right, !holds, rules, fuel)?,
            )?;
            all.extend(product(
                &normal(left, false, rules, fuel)?,
                &normal(right, holds, rules, fuel)?,
            )?);
            (all.len() <= ALTERNATIVES_MAX).then_some(all)
        }
    }
}

fn product(left: &[Vec<Literal>], right: &[Vec<Literal>]) -> Option<Vec<Vec<Literal>>> {
    if left.len() * right.len() > ALTERNATIVES_MAX {
        return None;
    }
    let join = |a: &Vec<Literal>, b: &Vec<Literal>| {
        let mut both = [a.as_slice(), b.as_slice()].concat();
        both.sort_unstable();
        both.dedup();
        both
    };
    Some(
        left.iter()
            .flat_map(|a| right.iter().map(move |b| join(a, b)))
            .collect(),
    )
}

fn contradictory(way: &[Literal]) -> bool {
    way.iter().any(|literal| {
        way.contains(&Literal {
            holds: !literal.holds,
            ..*literal
        })
    })
}
