//! An independent reading of a rule set: evaluates a finished match naively, from the JSON as it stands, with nothing of
//! the crate's own evaluation. Slow and plain on purpose.

use matchmaker::{Attribute, Match, Ticket};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A value of the expression language.
#[derive(Clone, Debug, PartialEq)]
pub enum Val {
    Undefined,
    Number(f64),
    Text(String),
    Thing,
    List(Vec<Self>),
}

/// A player as the rules see one.
#[derive(Clone)]
pub struct Seat {
    pub id: String,
    pub ticket: String,
    pub attributes: BTreeMap<String, Attribute>,
}

/// Teams in declaration order.
pub type Seats = Vec<(String, Vec<Seat>)>;

pub struct Checker {
    body: Value,
}

impl Checker {
    pub fn new(text: &str) -> Self {
        let body = serde_json::from_str(&without_comments(text)).expect("the rule set is JSON");
        Self { body }
    }

    /// Every complaint about a match; none when it is right.
    pub fn complaints(
        &self,
        formed: &Match,
        tickets: &BTreeMap<String, Ticket>,
        kept_free: u32,
    ) -> Vec<String> {
        let starts: Vec<u64> = formed
            .tickets
            .iter()
            .map(|ticket| tickets[ticket.id.as_str()].start.as_millis())
            .collect();
        let newest = self.body["algorithm"]["expansionAgeSelection"].as_str() != Some("oldest");
        let start = if newest {
            starts.iter().max()
        } else {
            starts.iter().min()
        }
        .expect("a match has tickets");
        let age_ms = formed.created.as_millis() - start;
        let body = self.at_age(age_ms);
        let seats = self.seats(formed, tickets);
        let mut complaints = integrity(formed, tickets, &seats);
        complaints.extend(sizes(&body, &seats, kept_free));
        let context = Context {
            body: &body,
            seats: &seats,
            tickets,
            formed,
        };
        complaints.extend(context.rules());
        complaints
    }

    /// The rule set with the expansions of an age applied.
    fn at_age(&self, age_ms: u64) -> Value {
        let mut body = self.body.clone();
        let mut steps = Vec::new();
        for (order, expansion) in array(&self.body["expansions"]).iter().enumerate() {
            for step in array(&expansion["steps"]) {
                let wait = number(&step["waitTimeSeconds"]).unwrap() as u64 * 1000;
                if wait <= age_ms {
                    steps.push((
                        wait,
                        order,
                        expansion["target"].as_str().unwrap().to_owned(),
                        step["value"].clone(),
                    ));
                }
            }
        }
        steps.sort_by_key(|step| (step.0, step.1));
        for (_, _, target, value) in steps {
            let (component, rest) = target.split_once('[').unwrap();
            let (names, property) = rest.rsplit_once("].").unwrap();
            for name in names.split(',').map(str::trim) {
                let items = body[component.trim()].as_array_mut().unwrap();
                for item in items
                    .iter_mut()
                    .filter(|item| item["name"].as_str() == Some(name))
                {
                    item[property.trim()] = value.clone();
                }
            }
        }
        body
    }

    fn seats(&self, formed: &Match, tickets: &BTreeMap<String, Ticket>) -> Seats {
        let ticket_of: BTreeMap<&str, &str> = formed
            .tickets
            .iter()
            .flat_map(|t| {
                t.players
                    .iter()
                    .map(|(player, _)| (player.as_str(), t.id.as_str()))
            })
            .collect();
        let seat = |id: &str| {
            let ticket = ticket_of.get(id).copied().unwrap_or("nobody's");
            let player = tickets[ticket]
                .players
                .iter()
                .find(|player| player.id.as_str() == id)
                .unwrap();
            let mut attributes = player.attributes.clone();
            for declared in array(&self.body["playerAttributes"]) {
                let name = declared["name"].as_str().unwrap();
                if !attributes.contains_key(name) && !declared["default"].is_null() {
                    attributes.insert(name.to_owned(), default_of(declared));
                }
            }
            Seat {
                id: id.to_owned(),
                ticket: ticket.to_owned(),
                attributes,
            }
        };
        let team = |team: &matchmaker::Team| {
            (
                team.name.clone(),
                team.players
                    .iter()
                    .map(|player| seat(player.id.as_str()))
                    .collect(),
            )
        };
        formed.teams.iter().map(team).collect()
    }
}

fn default_of(declared: &Value) -> Attribute {
    let default = &declared["default"];
    match declared["type"].as_str().unwrap() {
        "string" => Attribute::Text(default.as_str().unwrap().into()),
        "number" => Attribute::Number(default.as_f64().unwrap()),
        "string_list" => Attribute::List(
            array(default)
                .iter()
                .map(|item| item.as_str().unwrap().into())
                .collect(),
        ),
        _ => Attribute::Map(
            default
                .as_object()
                .unwrap()
                .iter()
                .map(|(key, value)| (key.clone(), value.as_f64().unwrap()))
                .collect(),
        ),
    }
}

/// Every player of every ticket once, a ticket in one team, backfill players where they were.
fn integrity(formed: &Match, tickets: &BTreeMap<String, Ticket>, seats: &Seats) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut seen = BTreeSet::new();
    let mut teams: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (team, players) in seats {
        for seat in players {
            if !seen.insert(seat.id.clone()) {
                complaints.push(format!("player {} is there twice", seat.id));
            }
            teams.entry(&seat.ticket).or_default().insert(team);
            let ticket = &tickets[&seat.ticket];
            let place = ticket
                .players
                .iter()
                .find(|player| player.id.as_str() == seat.id)
                .and_then(|player| player.team.as_deref());
            if ticket.backfill && place != Some(team) {
                complaints.push(format!("backfill player {} was moved to {team}", seat.id));
            }
        }
    }
    for ticket in &formed.tickets {
        let whole = tickets[ticket.id.as_str()]
            .players
            .iter()
            .all(|player| seen.contains(player.id.as_str()));
        let parted = !ticket.backfill
            && teams
                .get(ticket.id.as_str())
                .is_none_or(|teams| teams.len() != 1);
        if !whole || parted {
            complaints.push(format!("ticket {} is not whole in one team", ticket.id));
        }
    }
    let backfills = formed
        .tickets
        .iter()
        .filter(|ticket| ticket.backfill)
        .count();
    if backfills > 1 || backfills == formed.tickets.len() {
        complaints.push(format!(
            "{backfills} of {} tickets are backfill",
            formed.tickets.len()
        ));
    }
    complaints
}

fn sizes(body: &Value, seats: &Seats, kept_free: u32) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut capacity = 0;
    for definition in array(&body["teams"]) {
        let quantity = number(&definition["quantity"]).unwrap_or(1.0) as u64;
        let (min, max) = (
            number(&definition["minPlayers"]).unwrap(),
            number(&definition["maxPlayers"]).unwrap(),
        );
        for index in 1..=quantity {
            let base = definition["name"].as_str().unwrap();
            let name = if quantity == 1 {
                base.to_owned()
            } else {
                format!("{base}_{index}")
            };
            let Some((_, players)) = seats.iter().find(|(team, _)| *team == name) else {
                complaints.push(format!("team {name} is missing"));
                continue;
            };
            let count = players.len() as f64;
            if count < min || count > max {
                complaints.push(format!(
                    "team {name} has {count} players, allowed are {min} to {max}"
                ));
            }
            capacity += max as u32;
        }
    }
    let players: usize = seats.iter().map(|(_, players)| players.len()).sum();
    if players as u32 > capacity - kept_free {
        complaints.push(format!(
            "{players} players, allowed are {capacity} less {kept_free}"
        ));
    }
    complaints
}

struct Context<'a> {
    body: &'a Value,
    seats: &'a Seats,
    tickets: &'a BTreeMap<String, Ticket>,
    formed: &'a Match,
}

impl Context<'_> {
    fn rules(&self) -> Vec<String> {
        let rules = array(&self.body["rules"]);
        let players: f64 = array(&self.body["teams"])
            .iter()
            .map(|team| {
                number(&team["maxPlayers"]).unwrap() * number(&team["quantity"]).unwrap_or(1.0)
            })
            .sum();
        let statements: Vec<&str> = rules
            .iter()
            .filter_map(|rule| rule["statement"].as_str())
            .collect();
        let named = |name: &str| {
            statements.iter().any(|statement| {
                statement
                    .split(['(', ')', ','])
                    .any(|word| word.trim() == name)
            })
        };
        let mut complaints = Vec::new();
        for rule in rules {
            let (name, kind) = (
                rule["name"].as_str().unwrap(),
                rule["type"].as_str().unwrap(),
            );
            let ignored = players > 40.0 && !matches!(kind, "latency" | "batchDistance");
            if !named(name) && !ignored && !self.holds(rule) {
                complaints.push(format!("the rule {name} does not hold"));
            }
        }
        complaints
    }

    fn holds(&self, rule: &Value) -> bool {
        match rule["type"].as_str().unwrap() {
            "comparison" => self.comparison(rule),
            "distance" => self.distance(rule),
            "batchDistance" => self.batch_distance(rule),
            "collection" => self.collection(rule),
            "latency" => self.latency(rule),
            "compound" => self.compound(rule["statement"].as_str().unwrap()).0,
            _ => true,
        }
    }

    fn measurements(&self, rule: &Value) -> Vec<Val> {
        match &rule["measurements"] {
            Value::String(one) => vec![evaluate(one, self.body, self.seats)],
            many => array(many)
                .iter()
                .map(|one| evaluate(one.as_str().unwrap(), self.body, self.seats))
                .collect(),
        }
    }

    fn reference(&self, rule: &Value) -> Option<Val> {
        match &rule["referenceValue"] {
            Value::Null => None,
            Value::Number(value) => Some(Val::Number(value.as_f64().unwrap())),
            Value::String(text) if text.contains('[') => {
                Some(evaluate(text, self.body, self.seats))
            }
            Value::String(text) => Some(Val::Text(text.clone())),
            other => Some(Val::List(
                array(other)
                    .iter()
                    .map(|item| Val::Text(item.as_str().unwrap().into()))
                    .collect(),
            )),
        }
    }

    fn comparison(&self, rule: &Value) -> bool {
        let operation = rule["operation"].as_str().unwrap();
        let reference = self.reference(rule).map(|reference| leaves(&reference));
        self.measurements(rule).iter().all(|measured| {
            let measured = leaves(measured);
            if measured.contains(&Val::Undefined) {
                return false;
            }
            match &reference {
                Some(references) => measured
                    .iter()
                    .all(|x| references.iter().all(|r| compare(x, operation, r))),
                None => measured
                    .iter()
                    .enumerate()
                    .all(|(index, x)| measured[..index].iter().all(|y| compare(x, operation, y))),
            }
        })
    }

    fn distance(&self, rule: &Value) -> bool {
        let references = match self.reference(rule).unwrap() {
            Val::Text(text) => vec![Val::Number(text.parse().unwrap())],
            other => leaves(&other),
        };
        let near = |x: &Val, r: &Val| match (x, r) {
            (Val::Number(x), Val::Number(r)) => {
                let distance = (x - r).abs();
                number(&rule["maxDistance"]).is_none_or(|max| distance <= max + 1e-9)
                    && number(&rule["minDistance"]).is_none_or(|min| distance >= min - 1e-9)
            }
            _ => false,
        };
        self.measurements(rule)
            .iter()
            .flat_map(leaves)
            .all(|x| references.iter().all(|r| near(&x, r)))
    }

    fn batch_distance(&self, rule: &Value) -> bool {
        let name = rule["batchAttribute"].as_str().unwrap();
        let mut by_ticket: BTreeMap<&str, Vec<&Attribute>> = BTreeMap::new();
        for seat in self.seats.iter().flat_map(|(_, players)| players) {
            by_ticket
                .entry(&seat.ticket)
                .or_default()
                .push(&seat.attributes[name]);
        }
        let texts: BTreeSet<&str> = by_ticket
            .values()
            .flatten()
            .filter_map(|value| match value {
                Attribute::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        let values: Vec<f64> = by_ticket
            .values()
            .filter_map(|values| {
                let numbers: Vec<f64> = values
                    .iter()
                    .filter_map(|value| {
                        if let Attribute::Number(number) = value {
                            Some(*number)
                        } else {
                            None
                        }
                    })
                    .collect();
                (!numbers.is_empty()).then(|| combine(rule, &numbers))
            })
            .collect();
        let spread = values.iter().fold(f64::MIN, |a, b| a.max(*b))
            - values.iter().fold(f64::MAX, |a, b| a.min(*b));
        texts.len() <= 1
            && (values.is_empty() || spread <= number(&rule["maxDistance"]).unwrap_or(0.0) + 1e-9)
    }

    fn collection(&self, rule: &Value) -> bool {
        let unbounded = rule["minCount"].is_null() && rule["maxCount"].is_null();
        let least = number(&rule["minCount"]).unwrap_or(if unbounded { 1.0 } else { 0.0 });
        let most = number(&rule["maxCount"]).unwrap_or(f64::INFINITY);
        let fits = |count: usize| (count as f64) >= least && (count as f64) <= most;
        let reference: BTreeSet<String> = self
            .reference(rule)
            .iter()
            .flat_map(leaves)
            .filter_map(word)
            .collect();
        let operation = rule["operation"].as_str().unwrap();
        self.measurements(rule).iter().all(|measured| {
            collections(measured, operation).iter().all(|lists| {
                let sets: Vec<BTreeSet<String>> = lists
                    .iter()
                    .map(|list| leaves(list).into_iter().filter_map(word).collect())
                    .collect();
                match operation {
                    "contains" => fits(
                        sets.iter()
                            .filter(|set| !set.is_disjoint(&reference))
                            .count(),
                    ),
                    "intersection" => {
                        let common = sets
                            .iter()
                            .cloned()
                            .reduce(|a, b| a.intersection(&b).cloned().collect());
                        common.is_none_or(|common| fits(common.len()))
                    }
                    _ => sets
                        .iter()
                        .all(|set| fits(set.intersection(&reference).count())),
                }
            })
        })
    }

    fn latency(&self, rule: &Value) -> bool {
        let value = |ticket: &Ticket, location: &str| -> Option<f64> {
            let values: Option<Vec<f64>> = ticket
                .players
                .iter()
                .map(|player| player.latency.get(location).map(|ms| f64::from(*ms)))
                .collect();
            values.map(|values| combine(rule, &values))
        };
        let tickets: Vec<&Ticket> = self
            .formed
            .tickets
            .iter()
            .map(|ticket| &self.tickets[ticket.id.as_str()])
            .collect();
        let locations: BTreeSet<&str> = tickets
            .iter()
            .flat_map(|t| &t.players)
            .flat_map(|p| p.latency.keys())
            .map(|l| l.as_str())
            .collect();
        locations.iter().any(|location| {
            let Some(values) = tickets
                .iter()
                .map(|ticket| value(ticket, location))
                .collect::<Option<Vec<f64>>>()
            else {
                return false;
            };
            let fast = number(&rule["maxLatency"])
                .is_none_or(|max| values.iter().all(|value| *value <= max));
            let reference = match rule["distanceReference"].as_str() {
                Some("min") => values.iter().fold(f64::MAX, |a, b| a.min(*b)),
                _ => values.iter().sum::<f64>() / values.len() as f64,
            };
            fast && number(&rule["maxDistance"]).is_none_or(|max| {
                values
                    .iter()
                    .all(|value| (value - reference).abs() <= max + 1e-9)
            })
        })
    }

    /// The truth of a statement and what is left of the text.
    fn compound<'s>(&self, text: &'s str) -> (bool, &'s str) {
        let text = text.trim_start();
        let end = text.find(['(', ')', ',']).unwrap_or(text.len());
        let (word, rest) = (text[..end].trim(), &text[end..]);
        if !rest.starts_with('(') {
            let rule = array(&self.body["rules"])
                .iter()
                .find(|rule| rule["name"].as_str() == Some(word))
                .unwrap();
            return (self.holds(rule), rest);
        }
        let mut operands = Vec::new();
        let mut rest = rest;
        while !rest.starts_with(')') {
            let (value, after) = self.compound(&rest[1..]);
            operands.push(value);
            rest = after.trim_start();
        }
        let value = match word {
            "and" => operands.iter().all(|value| *value),
            "or" => operands.iter().any(|value| *value),
            "not" => !operands[0],
            _ => operands[0] != operands[1],
        };
        (value, &rest[1..])
    }
}

fn combine(rule: &Value, values: &[f64]) -> f64 {
    match rule["partyAggregation"].as_str() {
        Some("min") => values.iter().fold(f64::MAX, |a, b| a.min(*b)),
        Some("max") => values.iter().fold(f64::MIN, |a, b| a.max(*b)),
        _ => values.iter().sum::<f64>() / values.len() as f64,
    }
}

/// The groups of collections to which an operation applies.
fn collections(measured: &Val, operation: &str) -> Vec<Vec<Val>> {
    let Val::List(items) = measured else {
        return vec![vec![measured.clone()]];
    };
    match depth(measured) {
        1 if operation == "contains" => vec![items.clone()],
        1 => vec![vec![measured.clone()]],
        2 => vec![items.clone()],
        _ => items
            .iter()
            .flat_map(|item| collections(item, operation))
            .collect(),
    }
}

/// How many list layers there are; of an empty list as many as its kind had.
fn depth(value: &Val) -> usize {
    match value {
        Val::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

fn compare(x: &Val, operation: &str, r: &Val) -> bool {
    match (x, r, operation) {
        (Val::Undefined, ..) | (_, Val::Undefined, _) => false,
        (x, r, "=") => x == r,
        (x, r, "!=") => x != r,
        (Val::Number(x), Val::Number(r), "<") => x < r,
        (Val::Number(x), Val::Number(r), "<=") => x <= r,
        (Val::Number(x), Val::Number(r), ">") => x > r,
        (Val::Number(x), Val::Number(r), ">=") => x >= r,
        _ => false,
    }
}

fn leaves(value: &Val) -> Vec<Val> {
    match value {
        Val::List(items) => items.iter().flat_map(leaves).collect(),
        leaf => vec![leaf.clone()],
    }
}

fn word(value: Val) -> Option<String> {
    if let Val::Text(text) = value {
        Some(text)
    } else {
        None
    }
}

/// Evaluates an expression on seats.
pub fn evaluate(text: &str, body: &Value, seats: &Seats) -> Val {
    let text = text.trim();
    if text.starts_with("team") {
        return path(text, body, seats);
    }
    let (function, rest) = text.split_once('(').unwrap();
    let argument = evaluate(rest.trim_end().strip_suffix(')').unwrap(), body, seats);
    apply(function.trim(), &argument)
}

fn apply(function: &str, argument: &Val) -> Val {
    let Val::List(items) = argument else {
        return argument.clone();
    };
    let nested = items.iter().any(|item| matches!(item, Val::List(_)));
    match function {
        "flatten" => Val::List(
            items
                .iter()
                .flat_map(|item| {
                    if let Val::List(inner) = item {
                        inner.clone()
                    } else {
                        vec![]
                    }
                })
                .collect(),
        ),
        "set_intersection" if items.iter().any(|item| depth(item) > 1) => {
            Val::List(items.iter().map(|item| apply(function, item)).collect())
        }
        "set_intersection" => {
            let first = items.first().map(leaves).unwrap_or_default();
            let mut common: Vec<Val> = Vec::new();
            for item in first {
                if items.iter().all(|list| leaves(list).contains(&item)) && !common.contains(&item)
                {
                    common.push(item);
                }
            }
            Val::List(common)
        }
        _ if nested => Val::List(items.iter().map(|item| apply(function, item)).collect()),
        "count" => Val::Number(items.len() as f64),
        _ => statistic(function, items),
    }
}

fn statistic(function: &str, items: &[Val]) -> Val {
    let mut numbers: Vec<f64> = items
        .iter()
        .filter_map(|item| {
            if let Val::Number(number) = item {
                Some(*number)
            } else {
                None
            }
        })
        .collect();
    if function == "sum" && items.is_empty() {
        return Val::Number(0.0);
    }
    if numbers.is_empty() {
        return Val::Undefined;
    }
    numbers.sort_by(f64::total_cmp);
    let count = numbers.len();
    let sum: f64 = numbers.iter().sum();
    let mean = sum / count as f64;
    Val::Number(match function {
        "min" => numbers[0],
        "max" => numbers[count - 1],
        "sum" => sum,
        "avg" => mean,
        "median" => (numbers[(count - 1) / 2] + numbers[count / 2]) / 2.0,
        _ => (numbers
            .iter()
            .map(|number| (number - mean).powi(2))
            .sum::<f64>()
            / count as f64)
            .sqrt(),
    })
}

fn path(text: &str, body: &Value, seats: &Seats) -> Val {
    let (head, rest) = text.split_once(']').unwrap();
    let names = head.split_once('[').unwrap().1.trim();
    let quantity = |name: &str| {
        let definition = array(&body["teams"])
            .iter()
            .find(|team| team["name"].as_str() == Some(name));
        definition
            .and_then(|team| number(&team["quantity"]))
            .unwrap_or(1.0)
            > 1.0
    };
    let chosen: Vec<&(String, Vec<Seat>)> = if names == "*" {
        seats.iter().collect()
    } else {
        let of = |name: &str| {
            let instances = format!("{name}_");
            let several = quantity(name);
            seats
                .iter()
                .filter(move |(team, _)| team == name || (several && team.starts_with(&instances)))
                .collect::<Vec<_>>()
        };
        names
            .split(',')
            .map(|name| name.trim().to_owned())
            .flat_map(|name| of(&name))
            .collect()
    };
    let single = names != "*" && !names.contains(',') && !quantity(names);
    let each = chosen.iter().map(|(_, players)| team_value(rest, players));
    if single {
        each.into_iter().next().unwrap()
    } else {
        Val::List(each.collect())
    }
}

fn team_value(rest: &str, players: &[Seat]) -> Val {
    let Some(selector) = rest.trim().strip_prefix(".players") else {
        return Val::Thing;
    };
    let value = |seat: &Seat| match selector.trim() {
        "" => Val::Thing,
        id if id.eq_ignore_ascii_case("[playerid]") || id.eq_ignore_ascii_case(".playerid") => {
            Val::Text(seat.id.clone())
        }
        attribute => {
            let name = attribute
                .strip_prefix(".attributes[")
                .unwrap()
                .strip_suffix(']')
                .unwrap()
                .trim();
            match seat.attributes.get(name) {
                Some(Attribute::Number(number)) => Val::Number(*number),
                Some(Attribute::Text(text)) => Val::Text(text.clone()),
                Some(Attribute::List(items)) => {
                    Val::List(items.iter().map(|item| Val::Text(item.clone())).collect())
                }
                _ => Val::Undefined,
            }
        }
    };
    Val::List(players.iter().map(value).collect())
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn number(value: &Value) -> Option<f64> {
    value
        .as_f64()
        .or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()))
}

fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut quoted = false;
    while let Some(c) = rest.chars().next() {
        let skip = match (quoted, rest.get(..2)) {
            (false, Some("//")) => rest.find('\n').unwrap_or(rest.len()),
            (false, Some("/*")) => rest.find("*/").unwrap() + 2,
            _ => 0,
        };
        if skip > 0 {
            rest = &rest[skip..];
            continue;
        }
        quoted ^= c == '"';
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}
