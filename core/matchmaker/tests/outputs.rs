//! What leaves the matchmaker as JSON: MatchmakerData, details of events, explanations.

#![expect(clippy::too_many_lines, reason = "the tests are tables")]

mod common;

use common::{Stage, config, rule_set};
use ids::{PlayerId, Time};
use matchmaker::{
    Acceptance, BackfillData, Event, EventSession, EventTicket, Match, RuleMetrics, matchmaker_data,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const RULES: &str = r#"{"ruleLanguageVersion": "1.0",
    "playerAttributes": [{"name": "skill", "type": "number", "default": 10}, {"name": "mode", "type": "string", "default": "ctf"},
        {"name": "modes", "type": "string_list", "default": []}, {"name": "maps", "type": "string_number_map", "default": {"dust": 1.5}}],
    "teams": [{"name": "red", "minPlayers": 1, "maxPlayers": 1}, {"name": "blue", "minPlayers": 0, "maxPlayers": 1}],
    "rules": [{"name": "any", "type": "comparison", "operation": ">=", "measurements": "teams[red].players.attributes[skill]", "referenceValue": 0}]}"#;

fn one_match() -> Match {
    let mut stage = Stage::new(RULES, config(""));
    stage.play("add a: skill=12.5 modes=[x,y,x] other=1");
    stage.play("at 0");
    stage.matches.remove(0)
}

const ARN: &str = "arn:aws:gamelift:us-east-1:123456789012:matchmakingconfiguration/config";

#[test]
fn matchmaker_data_to_the_byte() {
    let mut formed = one_match();
    formed.id = "m-1".into();
    assert_eq!(
        matchmaker_data(&formed, ARN, &BackfillData::default()),
        concat!(
            r#"{"matchId":"m-1","matchmakingConfigurationArn":"arn:aws:gamelift:us-east-1:123456789012:matchmakingconfiguration/config","#,
            r#""teams":[{"name":"red","players":[{"playerId":"a","attributes":{"skill":{"attributeType":"DOUBLE","valueAttribute":12.5},"#,
            r#""mode":{"attributeType":"STRING","valueAttribute":"ctf"},"modes":{"attributeType":"STRING_LIST","valueAttribute":["x","y"]},"#,
            r#""maps":{"attributeType":"STRING_DOUBLE_MAP","valueAttribute":{"dust":1.5}}}}]},{"name":"blue","players":[]}],"#,
            r#""autoBackfillMode":null,"autoBackfillTicketId":null}"#
        )
    );
    let automatic = BackfillData {
        mode: Some("AUTOMATIC".into()),
        ticket_id: Some("auto-backfill-1".into()),
    };
    let data: Value =
        serde_json::from_str(&matchmaker_data(&formed, ARN, &automatic)).expect("it is JSON");
    assert_eq!(data["autoBackfillMode"], "AUTOMATIC");
    assert_eq!(data["autoBackfillTicketId"], "auto-backfill-1");
}

#[test]
fn whole_numbers_show_as_doubles() {
    let mut stage = Stage::new(RULES, config(""));
    stage.play("add a: skill=10");
    stage.play("at 0");
    let data = matchmaker_data(&stage.matches[0], ARN, &BackfillData::default());
    assert!(data.contains(r#""valueAttribute":10.0}"#), "{data}");
}

fn metrics() -> Vec<RuleMetrics> {
    vec![RuleMetrics {
        rule_name: "any".into(),
        passed_count: 3,
        failed_count: 0,
    }]
}

#[test]
fn event_details() {
    let formed = one_match();
    let mut tickets = EventTicket::of_match(&formed);
    tickets[0].start = Time::from_millis(1_502_226_936_421);
    let start = "2017-08-08T21:15:36.421Z";
    let plain = json!([{"ticketId": "a", "startTime": start, "players": [{"playerId": "a", "team": "red"}]}]);
    let match_id = || "m-1".into();
    let counts = json!([{"ruleName": "any", "passedCount": 3, "failedCount": 0}]);
    for (event, expected) in [
        (
            Event::Searching {
                estimated_wait_ms: None,
            },
            json!({"type": "MatchmakingSearching", "estimatedWaitMillis": "NOT_AVAILABLE"}),
        ),
        (
            Event::Searching {
                estimated_wait_ms: Some(1500),
            },
            json!({"type": "MatchmakingSearching", "estimatedWaitMillis": 1500}),
        ),
        (
            Event::PotentialMatchCreated {
                match_id: match_id(),
                acceptance_required: false,
                acceptance_timeout_s: None,
                metrics: metrics(),
            },
            json!({"type": "PotentialMatchCreated", "matchId": "m-1", "acceptanceRequired": false, "acceptanceTimeout": 600, "ruleEvaluationMetrics": counts}),
        ),
        (
            Event::AcceptMatch {
                match_id: match_id(),
            },
            json!({"type": "AcceptMatch", "matchId": "m-1"}),
        ),
        (
            Event::AcceptMatchCompleted {
                match_id: match_id(),
                acceptance: Acceptance::TimedOut,
            },
            json!({"type": "AcceptMatchCompleted", "matchId": "m-1", "acceptance": "TimedOut"}),
        ),
        (
            Event::Succeeded {
                match_id: match_id(),
                session: None,
            },
            json!({"type": "MatchmakingSucceeded", "matchId": "m-1"}),
        ),
        (
            Event::TimedOut {
                match_id: None,
                metrics: metrics(),
            },
            json!({"type": "MatchmakingTimedOut", "reason": "TimedOut", "message": "Removed from matchmaking due to timing out.", "ruleEvaluationMetrics": counts}),
        ),
        (
            Event::Cancelled {
                match_id: Some(match_id()),
                metrics: metrics(),
            },
            json!({"type": "MatchmakingCancelled", "reason": "Cancelled", "message": "Cancelled by request.", "matchId": "m-1", "ruleEvaluationMetrics": counts}),
        ),
        (
            Event::Failed {
                match_id: match_id(),
                reason: "UNEXPECTED_ERROR".into(),
                message: "x".into(),
                metrics: vec![],
            },
            json!({"type": "MatchmakingFailed", "reason": "UNEXPECTED_ERROR", "message": "x", "matchId": "m-1", "ruleEvaluationMetrics": []}),
        ),
    ] {
        let mut expected = expected;
        expected["tickets"] = plain.clone();
        expected["gameSessionInfo"] = json!({"players": [{"playerId": "a", "team": "red"}]});
        assert_eq!(event.detail(&tickets, None), expected);
        expected["customEventData"] = "mine".into();
        assert_eq!(event.detail(&tickets, Some("mine")), expected);
    }
}

#[test]
fn events_about_answers_and_sessions() {
    let formed = one_match();
    let tickets = || EventTicket::of_match(&formed).into_iter();
    let answers = BTreeMap::from([(PlayerId::from("a"), true)]);
    let answered: Vec<_> = tickets()
        .map(|ticket| ticket.with_answers(&answers))
        .collect();
    let detail = Event::AcceptMatch {
        match_id: "m".into(),
    }
    .detail(&answered, None);
    assert_eq!(
        detail["gameSessionInfo"]["players"],
        json!([{"playerId": "a", "team": "red", "accepted": true}])
    );
    let sessions = BTreeMap::from([(PlayerId::from("a"), "psess-1".into())]);
    let placed: Vec<_> = tickets()
        .map(|ticket| ticket.with_sessions(&sessions))
        .collect();
    let session = EventSession {
        arn: "arn".into(),
        ip_address: "192.0.2.1".into(),
        port: 1935,
        dns_name: Some("a.example".into()),
        player_gateway_status: None,
    };
    let detail = Event::Succeeded {
        match_id: "m".into(),
        session: Some(session),
    }
    .detail(&placed, None);
    assert_eq!(
        detail["gameSessionInfo"],
        json!({
            "players": [{"playerId": "a", "playerSessionId": "psess-1", "team": "red"}],
            "gameSessionArn": "arn", "ipAddress": "192.0.2.1", "port": 1935, "dnsName": "a.example",
        })
    );
}

#[test]
fn every_rule_of_a_match_was_evaluated() {
    let mut stage = Stage::new(&rule_set("10_compound"), config(""));
    stage.play("add 20 of skill=10 league=1 map=dust mode=ctf");
    stage.play("at 0");
    let metrics = &stage.matches[0].metrics;
    assert_eq!(
        metrics
            .iter()
            .map(|rule| rule.rule_name.as_str())
            .collect::<Vec<_>>(),
        [
            "SimilarLeagueDistance",
            "SimilarSkillDistance",
            "SameMapComparison",
            "SameModeComparison",
            "CompoundRuleMatchmaker",
        ]
    );
    assert!(
        metrics
            .iter()
            .all(|rule| rule.passed_count + rule.failed_count > 0),
        "{metrics:?}"
    );
}

#[test]
fn an_explanation_in_full() {
    let mut stage = Stage::new(&rule_set("03_three_teams"), config(""));
    stage.play("add a: @eu=20 skill=1");
    stage.play("add 4 of @eu=70 @us=10");
    stage.play("add 3 of @eu=20 skill=1");
    stage.play("add party: @eu=20 | @eu=20 | @eu=20 | @eu=20 | @eu=20 | @eu=20");
    stage.play("at 1");
    let explanation = stage
        .matchmaker
        .explain(&"a".into(), stage.now)
        .expect("it waits");
    assert_eq!(
        (
            explanation.pool,
            explanation.considered,
            explanation.players_needed
        ),
        (8, 7, 9)
    );
    assert_eq!(
        (
            explanation.compatible.tickets,
            explanation.compatible.players
        ),
        (3, 3)
    );
    assert_eq!(explanation.refusals.len(), 1);
    let refused = &explanation.refusals[0];
    assert_eq!(
        (
            refused.rule.as_str(),
            refused.tickets,
            refused.nearest_miss,
            refused.farthest_miss
        ),
        ("FastConnection", 4, Some(20.0), Some(20.0))
    );
    let next = explanation.next_change.expect("an expansion follows");
    assert_eq!(
        (
            next.in_ms,
            next.changes,
            next.compatible.players,
            next.too_late
        ),
        (
            9_000,
            vec!["rules[FastConnection].maxLatency: 50 -> 100".to_owned()],
            7,
            false
        )
    );
    let attempt = explanation.attempt.expect("something can be put together");
    assert_eq!(
        (attempt.players, attempt.missing, attempt.matches),
        (4, 5, false)
    );
    assert_eq!(explanation.expansions[0].value, "50");
    let json = serde_json::to_value(&explanation.refusals).expect("it is JSON");
    assert_eq!(json[0]["nearest_miss"], 20.0);
    let party = stage
        .matchmaker
        .explain(&"party".into(), stage.now)
        .expect("it waits");
    assert_eq!(
        party.never,
        ["the ticket has 6 players; the largest team takes 5"]
    );
}

#[test]
fn waits_are_estimated_from_five_on() {
    let mut stage = Stage::new(RULES, config(""));
    for number in 0..4 {
        stage.play("add skill=1");
        stage.play(&format!("at {number}"));
    }
    assert_eq!(stage.matchmaker.estimated_wait(stage.now), None);
    stage.play("add skill=1");
    stage.play("at 5");
    let wait = stage
        .matchmaker
        .estimated_wait(stage.now)
        .map(ids::Span::as_millis);
    assert_eq!(wait, Some(0));
}

/// A restart: a proposal comes back with its answers and its remaining time, and is decided as if nothing had happened.
#[test]
fn proposals_survive_a_restart() {
    let mut before = Stage::new(&rule_set("06_duel"), config("acceptance=30"));
    before.play("add a: character=1");
    before.play("add b: character=2");
    before.play("at 1");
    before.play("accept a a");
    let Some(matchmaker::TicketStatus::RequiresAcceptance(id)) =
        before.matchmaker.status(&"a".into())
    else {
        panic!("a is not asked");
    };
    let proposal = before.matchmaker.proposal(&id).expect("it is open").clone();
    let mut after = Stage::new(&rule_set("06_duel"), config("acceptance=30"));
    after.now = before.now;
    after.tickets = before.tickets.clone();
    let tickets: Vec<_> = before.tickets.values().cloned().collect();
    let answers = BTreeMap::from([(PlayerId::from("a"), true)]);
    let deadline = common::START + ids::Span::from_secs(30);
    after.tell(matchmaker::Input::Restore {
        proposal: proposal.into(),
        tickets,
        answers,
        deadline,
    });
    assert_eq!(after.take_lines(), Vec::<String>::new());
    after.play("at 29");
    after.play("accept b b");
    assert_eq!(
        after.take_lines(),
        [
            "29 s: answers a=true b=true",
            "29 s: decided Accepted",
            "29 s: match of 2: player_1 1 (a), player_2 1 (b)",
        ]
    );
}

/// New rules for tickets that wait: who fits them plays by them, a game whose team is gone fails.
#[test]
fn a_configuration_changes_under_waiting_tickets() {
    let mut stage = Stage::new(
        r#"{"ruleLanguageVersion": "1.0", "teams": [{"name": "red", "minPlayers": 3, "maxPlayers": 4}]}"#,
        config(""),
    );
    stage.play("add a: x=1");
    stage.play("add b: x=1");
    stage.play("backfill game: +red x=1 | +red x=1 | +red x=1 | +red x=1");
    stage.play("at 1");
    let body = r#"{"ruleLanguageVersion": "1.0", "teams": [{"name": "blue", "minPlayers": 2, "maxPlayers": 4}]}"#;
    let rules = matchmaker::RuleSet::parse(body, matchmaker::Options::default())
        .expect("the rules are valid");
    stage.checker = common::checker::Checker::new(body);
    stage.tell(matchmaker::Input::Reconfigure {
        rules: rules.into(),
        config: config(""),
    });
    stage.play("at 2");
    assert_eq!(
        stage.take_lines(),
        [
            "1 s: failed game: player 'game-1' is in team 'red', which the rule set does not have",
            "1 s: match of 2: blue 2 (a b)",
        ]
    );
}
