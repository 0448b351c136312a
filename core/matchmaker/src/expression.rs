//! The property expression language, version 1.0: grammar, names and types. Evaluation is in `evaluate`.
//!
//! ```text
//! expr      := call | path
//! call      := fn '(' expr ')'
//! path      := teamSel [ '.players' [ playerSel ] ]
//! teamSel   := ('teams' | 'team') '[' ( '*' | name { ',' name } ) ']'
//! playerSel := '.attributes[' name ']' | '[playerId]' | '.playerId'
//! ```

use crate::rules::{AttributeDecl, Instance};
use crate::ticket::AttributeKind;

/// How deep calls may nest. Types allow about five that do something; the limit keeps recursion bounded.
const CALLS_MAX: usize = 32;
/// Longest expression text.
const LENGTH_MAX: usize = 8192;

/// A typed expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expr {
    pub(crate) node: ExprNode,
    pub(crate) leaf: LeafType,
    /// The number of list layers around the leaves.
    pub(crate) depth: u8,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ExprNode {
    Path(Path),
    Call(Function, Box<Expr>),
}

/// Teams and what is taken from them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Path {
    /// Indexes of team instances, in the order in which they are listed.
    pub(crate) teams: Vec<u16>,
    /// A list of teams rather than one team: one more list layer.
    pub(crate) grouped: bool,
    pub(crate) leaf: Leaf,
}

/// What a path ends in; attributes by their slot among those of their type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaf {
    Team,
    Player,
    PlayerId,
    Number(u16),
    Text(u16),
    List(u16),
    Map(u16),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LeafType {
    Number,
    Text,
    Map,
    Player,
    Team,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Min,
    Max,
    Avg,
    Median,
    Sum,
    Count,
    Stddev,
    Flatten,
    SetIntersection,
}

const FUNCTIONS: [(&str, Function); 9] = [
    ("min", Function::Min),
    ("max", Function::Max),
    ("avg", Function::Avg),
    ("median", Function::Median),
    ("sum", Function::Sum),
    ("count", Function::Count),
    ("stddev", Function::Stddev),
    ("flatten", Function::Flatten),
    ("set_intersection", Function::SetIntersection),
];

/// Why a text is no expression, and at which byte of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ExprError {
    pub(crate) at: usize,
    pub(crate) message: String,
}

/// The names that an expression may use.
pub(crate) struct Names<'a> {
    pub(crate) instances: &'a [Instance],
    /// Names of team definitions, by the index that instances refer to.
    pub(crate) teams: Vec<&'a str>,
    pub(crate) attributes: &'a [AttributeDecl],
}

/// Whether a referenceValue text is an expression rather than a literal.
pub(crate) fn is_expression(text: &str) -> bool {
    let text = text.trim();
    let called = |name: &str| {
        text.strip_prefix(name)
            .is_some_and(|rest| rest.trim_start().starts_with('('))
    };
    text.starts_with("teams[")
        || text.starts_with("team[")
        || FUNCTIONS.iter().any(|(name, _)| called(name))
}

/// Reads and types an expression.
pub(crate) fn parse(text: &str, names: &Names<'_>) -> Result<Expr, ExprError> {
    let mut parser = Parser { text, at: 0, names };
    if text.len() > LENGTH_MAX {
        return parser.fail(format!("the expression is longer than {LENGTH_MAX} bytes"));
    }
    let expr = parser.expr(0)?;
    parser.spaces();
    if parser.at < text.len() {
        return parser.fail("unexpected text after the end of the expression");
    }
    Ok(expr)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    names: &'a Names<'a>,
}

impl<'a> Parser<'a> {
    fn fail<T>(&self, message: impl Into<String>) -> Result<T, ExprError> {
        Err(ExprError {
            at: self.at,
            message: message.into(),
        })
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn spaces(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    fn expr(&mut self, depth: usize) -> Result<Expr, ExprError> {
        if depth > CALLS_MAX {
            return self.fail(format!(
                "functions are nested deeper than {CALLS_MAX} levels"
            ));
        }
        self.spaces();
        if self.rest().starts_with("teams[") || self.rest().starts_with("team[") {
            return self.path();
        }
        let start = self.at;
        let length = self
            .rest()
            .find(|c: char| !c.is_ascii_lowercase() && c != '_')
            .unwrap_or_else(|| self.rest().len());
        let word = &self.text[start..start + length];
        let Some((_, function)) = FUNCTIONS.iter().find(|(name, _)| *name == word) else {
            let known = FUNCTIONS.map(|(name, _)| name).join(", ");
            return self.fail(format!(
                "an expression starts with teams[...] or with one of the functions {known}"
            ));
        };
        self.at += length;
        self.spaces();
        if !self.eat("(") {
            return self.fail(format!("'(' is expected after {word}"));
        }
        let argument = self.expr(depth + 1)?;
        self.spaces();
        if self.rest().starts_with(',') {
            return self.fail(format!("{word} takes one argument"));
        }
        if !self.eat(")") {
            return self.fail(format!("')' is expected to close {word}("));
        }
        call(*function, argument).map_err(|message| ExprError { at: start, message })
    }

    fn path(&mut self) -> Result<Expr, ExprError> {
        let (teams, grouped) = self.team_selection()?;
        let mut depth = u8::from(grouped);
        let mut leaf = Leaf::Team;
        if self.eat(".players") {
            depth += 1;
            leaf = self.player_selection()?;
        } else if self.rest().starts_with('.') || self.rest().starts_with('[') {
            return self.fail("only .players can follow teams[...]");
        }
        let leaf_type = match leaf {
            Leaf::Team => LeafType::Team,
            Leaf::Player => LeafType::Player,
            Leaf::PlayerId | Leaf::Text(_) => LeafType::Text,
            Leaf::Number(_) => LeafType::Number,
            Leaf::Map(_) => LeafType::Map,
            Leaf::List(_) => {
                depth += 1;
                LeafType::Text
            }
        };
        Ok(Expr {
            node: ExprNode::Path(Path {
                teams,
                grouped,
                leaf,
            }),
            leaf: leaf_type,
            depth,
        })
    }

    fn player_selection(&mut self) -> Result<Leaf, ExprError> {
        let lower = self
            .rest()
            .get(..10)
            .unwrap_or_else(|| self.rest())
            .to_ascii_lowercase();
        if lower.starts_with("[playerid]") {
            self.at += "[playerid]".len();
            return Ok(Leaf::PlayerId);
        }
        if lower.starts_with(".playerid") {
            self.at += ".playerid".len();
            return Ok(Leaf::PlayerId);
        }
        if !self.eat(".attributes[") {
            if self.rest().starts_with('.') || self.rest().starts_with('[') {
                return self.fail("only .attributes[...] or [playerId] can follow .players");
            }
            return Ok(Leaf::Player);
        }
        let at = self.at;
        let name = self.until_bracket()?.trim();
        let Some(attribute) = self
            .names
            .attributes
            .iter()
            .find(|attribute| attribute.name == name)
        else {
            let message = format!("the attribute '{name}' is not declared in playerAttributes");
            return Err(ExprError { at, message });
        };
        Ok(attribute.leaf())
    }

    /// The instances that are meant, and whether they form a list.
    fn team_selection(&mut self) -> Result<(Vec<u16>, bool), ExprError> {
        let _singular_or_plural = self.eat("teams[") || self.eat("team[");
        let mut at = self.at;
        let inside = self.until_bracket()?;
        let all = 0..u16::try_from(self.names.instances.len()).unwrap_or(u16::MAX);
        if inside.trim() == "*" {
            return Ok((all.collect(), true));
        }
        let mut teams = Vec::new();
        let mut taken = vec![false; self.names.instances.len()];
        let mut grouped = inside.contains(',');
        for name in inside.split(',') {
            let before = teams.len();
            for index in all.clone() {
                let instance = &self.names.instances[usize::from(index)];
                let by_definition = self.names.teams[usize::from(instance.team)] == name.trim();
                if instance.name != name.trim() && !by_definition {
                    continue;
                }
                // The name of a team with quantity stands for the list of its instances.
                grouped |= by_definition && instance.name != name.trim();
                if !std::mem::replace(&mut taken[usize::from(index)], true) {
                    teams.push(index);
                }
            }
            let known = self.names.instances.iter().any(|i| i.name == name.trim())
                || self.names.teams.contains(&name.trim());
            if teams.len() == before && !known {
                return Err(ExprError {
                    at,
                    message: format!("there is no team '{}'", name.trim()),
                });
            }
            at += name.len() + 1;
        }
        Ok((teams, grouped))
    }

    fn until_bracket(&mut self) -> Result<&'a str, ExprError> {
        let Some(length) = self.rest().find(']') else {
            return self.fail("']' is missing");
        };
        let start = self.at;
        self.at += length + 1;
        Ok(&self.text[start..start + length])
    }
}

/// Types a function call.
fn call(function: Function, argument: Expr) -> Result<Expr, String> {
    let (leaf, depth) = (argument.leaf, argument.depth);
    let shown = argument.type_name();
    let (leaf, depth) = match function {
        Function::Min
        | Function::Max
        | Function::Avg
        | Function::Median
        | Function::Sum
        | Function::Stddev => {
            if leaf != LeafType::Number {
                return Err(format!("{} needs numbers, not {shown}", function.name()));
            }
            // The aggregate of a single number is that number (U-27).
            (leaf, depth.saturating_sub(1))
        }
        Function::Count if leaf == LeafType::Map => {
            return Err(format!("count cannot take {shown}"));
        }
        Function::Count if depth == 0 => return Err(format!("count needs a list, not {shown}")),
        Function::Count => (LeafType::Number, depth - 1),
        Function::Flatten if depth < 2 => {
            return Err(format!("flatten needs a list of lists, not {shown}"));
        }
        Function::Flatten => (leaf, depth - 1),
        Function::SetIntersection if leaf != LeafType::Text || depth < 2 => {
            return Err(format!(
                "set_intersection needs a list of string lists, not {shown}"
            ));
        }
        Function::SetIntersection => (leaf, depth - 1),
    };
    Ok(Expr {
        node: ExprNode::Call(function, Box::new(argument)),
        leaf,
        depth,
    })
}

impl Function {
    pub(crate) fn name(self) -> &'static str {
        FUNCTIONS
            .iter()
            .find(|(_, function)| *function == self)
            .map_or("", |(name, _)| name)
    }
}

impl Expr {
    /// The type in words, for messages.
    pub(crate) fn type_name(&self) -> String {
        let leaf = match self.leaf {
            LeafType::Number => "number",
            LeafType::Text => "string",
            LeafType::Map => "string_number_map",
            LeafType::Player => "player",
            LeafType::Team => "team",
        };
        let lists = "a list of ".repeat(usize::from(self.depth).min(1))
            + &"lists of ".repeat(usize::from(self.depth.saturating_sub(1)));
        format!("{lists}{leaf}{}", if self.depth > 0 { "s" } else { "" })
    }

    /// Every path below.
    pub(crate) fn path(&self) -> &Path {
        match &self.node {
            ExprNode::Path(path) => path,
            ExprNode::Call(_, argument) => argument.path(),
        }
    }

    /// Whether any function on the way satisfies `test`.
    pub(crate) fn calls(&self, test: &dyn Fn(Function) -> bool) -> bool {
        match &self.node {
            ExprNode::Path(_) => false,
            ExprNode::Call(function, argument) => test(*function) || argument.calls(test),
        }
    }

    /// The path below a chain of flattens that reduces to one list, if that is all there is.
    pub(crate) fn flattened_path(&self) -> Option<&Path> {
        match &self.node {
            ExprNode::Path(path) => Some(path),
            ExprNode::Call(Function::Flatten, argument) => argument.flattened_path(),
            ExprNode::Call(..) => None,
        }
    }
}

impl AttributeDecl {
    pub(crate) fn leaf(&self) -> Leaf {
        match self.kind {
            AttributeKind::Number => Leaf::Number(self.slot),
            AttributeKind::Text => Leaf::Text(self.slot),
            AttributeKind::List => Leaf::List(self.slot),
            AttributeKind::Map => Leaf::Map(self.slot),
        }
    }
}
