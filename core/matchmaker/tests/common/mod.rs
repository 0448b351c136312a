//! The driver of all stories: a matchmaker under virtual time, told in lines and answering in lines. Every match that it
//! forms goes through the independent checker.

#![allow(
    dead_code,
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    clippy::too_many_lines,
    unreachable_pub,
    reason = "each test program uses its part of the shared driver, and an unwrap that fails is a failed test"
)]

pub mod checker;

use checker::Checker;
use ids::{Location, Mint, PlayerId, Span, TicketId, Time};
use matchmaker::{
    Attribute, Config, Input, Match, Matchmaker, Options, Output, Pacing, Player, RuleSet, Ticket,
    TicketStatus,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A matchmaker and everything that went into it.
pub struct Stage {
    pub matchmaker: Matchmaker,
    pub checker: Checker,
    pub now: Time,
    pub mint: Mint,
    pub tickets: BTreeMap<String, Ticket>,
    pub matches: Vec<Match>,
    pub config: Config,
    pub timeout: Span,
    /// Tickets that have ended, and how.
    pub ended: BTreeMap<String, &'static str>,
    lines: Vec<String>,
    show_searching: bool,
    count: usize,
}

/// Moments start here, so that a ticket may be older than the story.
pub const START: Time = Time::from_millis(1_000_000);

pub fn rule_set(name: &str) -> String {
    let path = format!("{}/tests/rule_sets/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

impl Stage {
    pub fn new(rules: &str, config: Config) -> Self {
        let parsed = RuleSet::parse(rules, Options::default())
            .unwrap_or_else(|problems| panic!("{problems}"));
        Self {
            matchmaker: Matchmaker::new(Arc::new(parsed), config.clone()),
            checker: Checker::new(rules),
            now: START,
            mint: Mint::from_number(1),
            tickets: BTreeMap::new(),
            matches: Vec::new(),
            config,
            timeout: Span::from_secs(100),
            ended: BTreeMap::new(),
            lines: Vec::new(),
            show_searching: false,
            count: 0,
        }
    }

    pub fn add(&mut self, ticket: Ticket) {
        self.tickets.insert(ticket.id.to_string(), ticket.clone());
        self.ended.remove(ticket.id.as_str());
        if let Err(refusal) = self.matchmaker.handle(Input::Add(ticket), self.now) {
            self.lines.push(format!("refused {refusal:?}"));
        }
        self.drain();
    }

    pub fn tell(&mut self, input: Input) {
        if let Err(refusal) = self.matchmaker.handle(input, self.now) {
            self.lines.push(format!("refused {refusal:?}"));
        }
        self.drain();
    }

    /// Lets time pass, handling everything that is due on the way at its own moment.
    pub fn advance(&mut self, to: Time) {
        loop {
            let due = self.matchmaker.poll_timeout().filter(|due| *due <= to);
            let Some(due) = due else {
                break;
            };
            self.now = self.now.max(due);
            self.matchmaker.handle_timeout(self.now, &mut self.mint);
            self.drain();
        }
        self.now = to;
    }

    fn drain(&mut self) {
        while let Some(output) = self.matchmaker.poll_output() {
            let line = self.line(&output);
            self.lines.extend(line);
        }
    }

    fn line(&mut self, output: &Output) -> Option<String> {
        let at = self.now.since(START).as_millis() as f64 / 1000.0;
        let line = match output {
            Output::Searching(id) if self.show_searching => format!("searching {id}"),
            Output::Searching(_) => return None,
            Output::Proposed { proposal, deadline } => {
                self.check(proposal);
                let deadline = (*deadline)?;
                let left = deadline.since(self.now).as_secs();
                format!("proposed {} for {left} s", show(proposal))
            }
            Output::Answered { answers, .. } => {
                let answers: Vec<_> = answers
                    .iter()
                    .map(|(player, yes)| format!("{player}={yes}"))
                    .collect();
                format!("answers {}", answers.join(" "))
            }
            Output::Decided {
                acceptance,
                returned,
                cancelled,
                ..
            } => {
                for (id, _) in cancelled {
                    self.end(id, "cancelled");
                }
                let returned: Vec<_> = returned
                    .iter()
                    .map(|id| format!(" returned {id}"))
                    .collect();
                let cancelled: Vec<_> = cancelled
                    .iter()
                    .map(|(id, why)| format!(" cancelled {id} {why:?}"))
                    .collect();
                format!(
                    "decided {acceptance:?}{}{}",
                    returned.concat(),
                    cancelled.concat()
                )
            }
            Output::Formed(formed) => {
                formed
                    .tickets
                    .iter()
                    .for_each(|ticket| self.end(&ticket.id, "matched"));
                let text = format!("match {}", show(formed));
                self.matches.push((**formed).clone());
                text
            }
            Output::TimedOut {
                ticket, metrics, ..
            } => {
                self.end(ticket, "timed out");
                let idle = metrics
                    .iter()
                    .all(|rule| rule.passed_count + rule.failed_count == 0);
                format!(
                    "timed out {ticket}{}",
                    if idle && !metrics.is_empty() {
                        ", never evaluated"
                    } else {
                        ""
                    }
                )
            }
            Output::Cancelled { ticket, .. } => {
                self.end(ticket, "cancelled");
                format!("cancelled {ticket}")
            }
            Output::Failed { ticket, message } => {
                self.end(ticket, "failed");
                format!("failed {ticket}: {message}")
            }
        };
        Some(format!("{at} s: {line}"))
    }

    fn end(&mut self, id: &TicketId, how: &'static str) {
        let before = self.ended.insert(id.to_string(), how);
        assert_eq!(before, None, "ticket {id} ended twice: {before:?}, {how}");
    }

    fn check(&self, formed: &Match) {
        let mut complaints =
            self.checker
                .complaints(formed, &self.tickets, self.config.additional_players);
        if !self.config.backfill_enforces_min_players && formed.backfill().is_some() {
            complaints.retain(|complaint| !complaint.starts_with("team "));
        }
        assert!(
            complaints.is_empty(),
            "{} is no match: {complaints:#?}",
            show(formed)
        );
    }

    /// Plays one line of a story.
    pub fn play(&mut self, line: &str) {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb {
            "add" => self.add_many(rest),
            "resume" => {
                let ticket = self.ticket(rest, false);
                self.tickets.insert(ticket.id.to_string(), ticket.clone());
                self.tell(Input::Resume(ticket));
            }
            "backfill" => {
                let ticket = self.ticket(rest, true);
                self.add(ticket);
            }
            "at" => {
                let ms = (rest.parse::<f64>().unwrap() * 1000.0).round() as u64;
                self.advance(START + Span::from_millis(ms));
            }
            "stop" => self.tell(Input::Stop(rest.into())),
            "drop" => self.tell(Input::Drop(rest.into())),
            "accept" | "reject" => {
                let mut words = rest.split(' ');
                let ticket = words.next().unwrap().into();
                self.tell(Input::Answer {
                    ticket,
                    players: words.map(PlayerId::from).collect(),
                    accept: verb == "accept",
                });
            }
            "waiting" => {
                let waiting: Vec<_> = self
                    .matchmaker
                    .tickets()
                    .map(|ticket| ticket.id.to_string())
                    .collect();
                let mut waiting: Vec<_> = waiting.iter().map(String::as_str).collect();
                waiting.sort_by_key(|id| (id.len(), id.to_string()));
                let shown = match waiting.len() {
                    0 => "nobody".to_owned(),
                    1..=12 => waiting.join(" "),
                    many => many.to_string(),
                };
                self.lines.push(format!("waiting: {shown}"));
            }
            "status" => {
                let status = self.matchmaker.status(&rest.into());
                let status = match status {
                    None => "gone",
                    Some(TicketStatus::Queued) => "QUEUED",
                    Some(TicketStatus::Searching) => "SEARCHING",
                    Some(TicketStatus::RequiresAcceptance(_)) => "REQUIRES_ACCEPTANCE",
                };
                self.lines.push(format!("{rest} is {status}"));
            }
            "why" => {
                let why = self
                    .matchmaker
                    .explain(&rest.into(), self.now)
                    .map(|explanation| explanation.summary);
                self.lines
                    .push(why.unwrap_or_else(|| "unknown ticket".into()));
            }
            "timeout" => self.timeout = Span::from_secs(rest.parse().unwrap()),
            "show" => self.show_searching = true,
            other => panic!("unknown verb {other} in {line}"),
        }
    }

    /// `[N of] [id:] player | player ...`
    fn add_many(&mut self, text: &str) {
        let (count, spec) = match text.split_once(" of ") {
            Some((count, spec)) => (count.parse().unwrap(), spec),
            None => (1, text),
        };
        for _ in 0..count {
            let ticket = self.ticket(spec, false);
            self.add(ticket);
        }
    }

    fn ticket(&mut self, spec: &str, backfill: bool) -> Ticket {
        self.count += 1;
        let (id, players) = match spec.split_once(':') {
            Some((id, players)) if !id.contains([' ', '{', '=']) => (id.to_owned(), players),
            _ => (format!("t{}", self.count), spec),
        };
        let several = players.contains('|');
        let player = |(index, text): (usize, &str)| {
            let name = if several {
                format!("{id}-{}", index + 1)
            } else {
                id.clone()
            };
            player(&name, text)
        };
        let players = players.split('|').enumerate().map(player).collect();
        Ticket {
            id: TicketId::new(id.clone()),
            start: self.now,
            timeout: self.timeout,
            players,
            backfill,
        }
    }

    /// What was said since the last time.
    pub fn take_lines(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }
}

/// `skill=10 mode=[a,b] map={dust:1} name=word @eu=40 +red id=somebody`.
fn player(id: &str, text: &str) -> Player {
    let mut player = Player {
        id: id.into(),
        attributes: BTreeMap::new(),
        latency: BTreeMap::new(),
        team: None,
    };
    for word in text.split_whitespace() {
        if let Some(team) = word.strip_prefix('+') {
            player.team = Some(team.to_owned());
            continue;
        }
        let (name, value) = word.split_once('=').unwrap_or_else(|| panic!("{word}"));
        if let Some(location) = name.strip_prefix('@') {
            player
                .latency
                .insert(Location::from(location), value.parse().unwrap());
        } else if name == "id" {
            player.id = value.into();
        } else {
            player.attributes.insert(name.to_owned(), attribute(value));
        }
    }
    player
}

fn attribute(text: &str) -> Attribute {
    let inside = |open, close| {
        text.strip_prefix(open)
            .and_then(|text| text.strip_suffix(close))
    };
    let items = |text: &str| {
        text.split(',')
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    if let Some(list) = inside('[', ']') {
        return Attribute::List(items(list));
    }
    if let Some(map) = inside('{', '}') {
        let pair = |item: &String| {
            item.split_once(':')
                .map(|(key, value)| (key.to_owned(), value.parse().unwrap()))
                .unwrap()
        };
        return Attribute::Map(items(map).iter().map(pair).collect());
    }
    text.parse()
        .map_or_else(|_| Attribute::Text(text.to_owned()), Attribute::Number)
}

fn show(formed: &Match) -> String {
    let several = formed.player_count() > 16;
    let team = |team: &matchmaker::Team| {
        let players: Vec<_> = team
            .players
            .iter()
            .map(|player| player.id.as_str())
            .collect();
        let shown = if several {
            String::new()
        } else {
            format!(" ({})", players.join(" "))
        };
        format!("{} {}{shown}", team.name, team.players.len())
    };
    let teams: Vec<_> = formed.teams.iter().map(team).collect();
    let locations = formed
        .locations
        .as_ref()
        .map_or_else(String::new, |locations| {
            let names: Vec<_> = locations.iter().map(|location| location.as_str()).collect();
            format!(" in {}", names.join(" "))
        });
    format!(
        "of {}: {}{locations}",
        formed.player_count(),
        teams.join(", ")
    )
}

/// A configuration in words: `hold=2 acceptance=30 additional=2 batch=50 low_backfill`.
pub fn config(words: &str) -> Config {
    let mut config = Config {
        pacing: Pacing::immediate(),
        ..Config::default()
    };
    for word in words.split_whitespace() {
        let (name, value) = word.split_once('=').unwrap_or((word, "1"));
        let value: u64 = value.parse().unwrap();
        match name {
            "hold" => config.pacing.underfill_hold = Span::from_secs(value),
            "acceptance" => config.acceptance = Some(Span::from_secs(value)),
            "additional" => config.additional_players = value as u32,
            "batch" => config.pacing.batch_size = Some(value as usize),
            "work" => config.pacing.step_work = value,
            "trickle" => config.backfill_enforces_min_players = false,
            "spare_undecided" => config.reject_cancels_undecided = false,
            other => panic!("unknown setting {other}"),
        }
    }
    config
}
