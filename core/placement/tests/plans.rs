//! Plans as a table: a queue and a request in a few words, and the order of places that comes out, with the reasons for
//! those that are missing.

#![expect(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

use ids::{Location, Span, Time};
use placement::{
    Destination, FleetLocation, LatencyPolicy, Omitted, Override, OverrideStrategy, Plan,
    PlayerLatency, Priority, PriorityType, Queue, Request, plan, sorted,
};

/// `fleet: location@cost location@cost`; a trailing `!` marks one that is not active, `~` one that is not viable.
fn destinations(text: &str) -> Vec<Destination> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(destination)
        .collect()
}

fn destination(line: &str) -> Destination {
    let (fleet, places) = line.split_once(':').unwrap();
    let location = |word: &str| {
        let (name, cost) = word.split_once('@').unwrap_or((word, "0"));
        FleetLocation {
            location: Location::from(name.trim_end_matches(['!', '~'])),
            active: !name.ends_with('!'),
            viable: !name.ends_with('~'),
            cost_micros: cost.parse().unwrap(),
        }
    };
    Destination {
        fleet: (fleet != "nothing").then(|| fleet.into()),
        locations: places.split_whitespace().map(location).collect(),
    }
}

fn latencies(text: &str) -> Vec<PlayerLatency> {
    let latency = |word: &str| {
        let mut parts = word.split('/');
        let mut next = || parts.next().unwrap();
        PlayerLatency {
            player: next().into(),
            location: next().into(),
            ms: next().parse().unwrap(),
        }
    };
    text.split_whitespace().map(latency).collect()
}

fn show(plan: &Plan) -> String {
    let place =
        |candidate: &placement::Candidate| format!("{}/{}", candidate.fleet, candidate.location);
    let candidates: Vec<_> = plan.candidates.iter().map(place).collect();
    let reason = |omission: &placement::Omission| {
        let place = omission
            .location
            .as_ref()
            .map_or_else(|| format!("#{}", omission.destination), ToString::to_string);
        let reason = match &omission.reason {
            Omitted::NoFleet => "no fleet".to_owned(),
            Omitted::Duplicate => "duplicate".to_owned(),
            Omitted::Inactive => "inactive".to_owned(),
            Omitted::NotAllowed => "not allowed".to_owned(),
            Omitted::Constraint => "constraint".to_owned(),
            Omitted::NotInOverride => "not in override".to_owned(),
            Omitted::NoLatency => "no latency".to_owned(),
            Omitted::TooSlow { ms, limit_ms } => format!("{ms} > {limit_ms}"),
            Omitted::NotViable => "not viable".to_owned(),
        };
        format!("{place} {reason}")
    };
    let omitted: Vec<_> = plan.omitted.iter().map(reason).collect();
    format!("{} | {}", candidates.join(" "), omitted.join(", "))
        .trim_end_matches([' ', '|'])
        .to_owned()
}

fn queue(places: &str) -> Queue {
    Queue {
        destinations: destinations(places),
        ..Queue::default()
    }
}

const TWO_FLEETS: &str = "f1: us-west-2@5 eu-west-1@2
    f2: ap-south-1@1 eu-west-1@1";

#[test]
fn without_priorities_destinations_come_first_then_names() {
    let plan = plan(&queue(TWO_FLEETS), &Request::default(), Time::ZERO);
    assert_eq!(
        show(&plan),
        "f1/eu-west-1 f1/us-west-2 f2/ap-south-1 f2/eu-west-1"
    );
}

#[test]
fn with_latencies_the_mean_comes_first_then_cost() {
    let request = Request {
        latencies: latencies(
            "p1/eu-west-1/40 p2/eu-west-1/60 p1/us-west-2/30 p2/us-west-2/90 p1/ap-south-1/200",
        ),
        ..Request::default()
    };
    let plan = plan(&queue(TWO_FLEETS), &request, Time::ZERO);
    assert_eq!(
        show(&plan),
        "f2/eu-west-1 f1/eu-west-1 f1/us-west-2 f2/ap-south-1"
    );
}

#[test]
fn places_are_left_out_with_a_reason() {
    let mut queue = queue(
        "f1: us-west-2 eu-west-1! us-east-1~\nf1: us-west-2\nnothing:\nf2: ap-south-1 sa-east-1",
    );
    queue.allowed = Some(
        ["us-west-2", "eu-west-1", "us-east-1", "sa-east-1"]
            .map(Location::from)
            .into(),
    );
    let request = Request {
        constraint: Some(["us-west-2", "us-east-1"].map(Location::from).into()),
        ..Request::default()
    };
    assert_eq!(
        show(&plan(&queue, &request, Time::ZERO)),
        "f1/us-west-2 | eu-west-1 inactive, us-east-1 not viable, #1 duplicate, #2 no fleet, ap-south-1 not allowed, sa-east-1 constraint"
    );
}

#[test]
fn latency_policies_relax_over_time() {
    let mut queue = queue(TWO_FLEETS);
    let policy = |maximum_ms, seconds: u64| LatencyPolicy {
        maximum_ms,
        duration: Some(Span::from_secs(seconds)),
    };
    queue.policies = sorted(vec![
        policy(150, 30),
        policy(50, 60),
        LatencyPolicy {
            maximum_ms: 400,
            duration: None,
        },
    ]);
    let start = Time::from_millis(5_000);
    let request = Request {
        start,
        latencies: latencies("p1/eu-west-1/40 p2/eu-west-1/120 p1/us-west-2/50"),
        ..Request::default()
    };
    for (seconds, expected, next) in [
        (
            0,
            "f1/us-west-2 | eu-west-1 120 > 50, ap-south-1 no latency, eu-west-1 120 > 50",
            Some(65_000),
        ),
        (
            60,
            "f1/us-west-2 f2/eu-west-1 f1/eu-west-1 | ap-south-1 no latency",
            Some(95_000),
        ),
        (
            90,
            "f1/us-west-2 f2/eu-west-1 f1/eu-west-1 | ap-south-1 no latency",
            None,
        ),
    ] {
        let plan = plan(&queue, &request, start + Span::from_secs(seconds));
        assert_eq!(show(&plan), expected, "at {seconds} s");
        assert_eq!(
            plan.next_change.map(Time::as_millis),
            next,
            "at {seconds} s"
        );
    }
}

#[test]
fn policies_say_nothing_about_requests_without_latencies() {
    let mut queue = queue("f1: us-west-2");
    queue.policies = vec![LatencyPolicy {
        maximum_ms: 1,
        duration: None,
    }];
    assert_eq!(
        show(&plan(&queue, &Request::default(), Time::ZERO)),
        "f1/us-west-2"
    );
}

#[test]
fn a_priority_configuration_orders_as_it_says() {
    let reported = latencies("p1/eu-west-1/100 p1/us-west-2/20 p1/ap-south-1/20");
    let locations = ["ap-south-1", "us-west-2"].map(Location::from).to_vec();
    for (order, with_latency, expected) in [
        (
            vec![PriorityType::Cost],
            true,
            "f2/ap-south-1 f2/eu-west-1 f1/eu-west-1 f1/us-west-2",
        ),
        (
            vec![PriorityType::Location],
            false,
            "f2/ap-south-1 f1/us-west-2 f2/eu-west-1 f1/eu-west-1",
        ),
        (
            vec![PriorityType::Latency, PriorityType::Destination],
            true,
            "f1/us-west-2 f2/ap-south-1 f1/eu-west-1 f2/eu-west-1",
        ),
        // Without data latency does not count, and what is not named follows in the default order.
        (
            vec![PriorityType::Latency, PriorityType::Destination],
            false,
            "f1/eu-west-1 f1/us-west-2 f2/ap-south-1 f2/eu-west-1",
        ),
        (
            vec![PriorityType::Destination, PriorityType::Location],
            false,
            "f1/us-west-2 f1/eu-west-1 f2/ap-south-1 f2/eu-west-1",
        ),
    ] {
        let mut queue = queue(TWO_FLEETS);
        queue.priority = Some(Priority {
            order: order.clone(),
            locations: locations.clone(),
        });
        let latencies = if with_latency {
            reported.clone()
        } else {
            Vec::new()
        };
        let request = Request {
            latencies,
            ..Request::default()
        };
        assert_eq!(
            show(&plan(&queue, &request, Time::ZERO)),
            expected,
            "{order:?}"
        );
    }
}

#[test]
fn an_override_is_tried_once_or_alone() {
    let mut queue = queue(TWO_FLEETS);
    let order = vec![PriorityType::Location, PriorityType::Destination];
    queue.priority = Some(Priority {
        order,
        locations: vec!["us-west-2".into()],
    });
    let own = |fallback| {
        Some(Override {
            locations: vec!["eu-west-1".into(), "mars".into()],
            fallback,
        })
    };
    for (fallback, passes, expected, falls_back) in [
        (
            OverrideStrategy::DefaultAfterSinglePass,
            0,
            "f1/eu-west-1 f2/eu-west-1 | us-west-2 not in override, ap-south-1 not in override",
            true,
        ),
        (
            OverrideStrategy::DefaultAfterSinglePass,
            1,
            "f1/us-west-2 f2/ap-south-1 f1/eu-west-1 f2/eu-west-1",
            false,
        ),
        (
            OverrideStrategy::None,
            7,
            "f1/eu-west-1 f2/eu-west-1 | us-west-2 not in override, ap-south-1 not in override",
            false,
        ),
    ] {
        let request = Request {
            priority: own(fallback),
            passes,
            ..Request::default()
        };
        let plan = plan(&queue, &request, Time::ZERO);
        assert_eq!(
            (show(&plan).as_str(), plan.falls_back),
            (expected, falls_back),
            "{fallback:?} after {passes}"
        );
    }
}

#[test]
fn an_empty_queue_has_no_places() {
    let plan = plan(&Queue::default(), &Request::default(), Time::ZERO);
    assert!(plan.candidates.is_empty() && plan.omitted.is_empty());
}
