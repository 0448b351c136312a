//! Messages as the public SDKs and agents write and expect them.

use serversdk::{
    AgentConnect, Authorization, ConnectError, Incoming, Refusal, ServerConnect, Status, agent,
    answer, parse_incoming, parse_request, push, request, server,
};

/// What is read, with nulls, missing and unknown members, and how it is written again.
#[test]
fn requests_of_server_processes() {
    let cases = [
        (
            r#"{"Action":"ActivateServerProcess","RequestId":"r1","SdkVersion":"5.6.0","SdkLanguage":"Go","SdkToolName":null,"Port":7777,"LogPaths":null,"New":1}"#,
            r#"{"Action":"ActivateServerProcess","SdkVersion":"5.6.0","SdkLanguage":"Go","Port":7777,"LogPaths":[],"RequestId":"r1"}"#,
        ),
        (
            r#"{"Action":"HeartbeatServerProcess","RequestId":"r2","HealthStatus":true}"#,
            r#"{"Action":"HeartbeatServerProcess","HealthStatus":true,"RequestId":"r2"}"#,
        ),
        (
            r#"{"RequestId":"r3","Action":"TerminateServerProcess"}"#,
            r#"{"Action":"TerminateServerProcess","RequestId":"r3"}"#,
        ),
        (
            r#"{"Action":"AcceptPlayerSession","RequestId":"r4","GameSessionId":"g","PlayerSessionId":"psess-1"}"#,
            r#"{"Action":"AcceptPlayerSession","GameSessionId":"g","PlayerSessionId":"psess-1","RequestId":"r4"}"#,
        ),
        (
            r#"{"Action":"DescribePlayerSessions","RequestId":"r5","PlayerId":"p","Limit":10,"NextToken":null}"#,
            r#"{"Action":"DescribePlayerSessions","PlayerId":"p","Limit":10,"RequestId":"r5"}"#,
        ),
        (
            r#"{"Action":"StartMatchBackfill","RequestId":"r6","GameSessionArn":"a","MatchmakingConfigurationArn":"m","Players":[{"PlayerId":"p","Team":"red","LatencyInMs":{"us-east-1":20},"PlayerAttributes":{"skill":{"AttrType":"DOUBLE","N":10.5},"map":{"SL":["a"]}}}]}"#,
            r#"{"Action":"StartMatchBackfill","GameSessionArn":"a","MatchmakingConfigurationArn":"m","Players":[{"PlayerId":"p","Team":"red","LatencyInMs":{"us-east-1":20},"PlayerAttributes":{"map":{"SL":["a"]},"skill":{"AttrType":"DOUBLE","N":10.5}}}],"RequestId":"r6"}"#,
        ),
    ];
    for (read, written) in cases {
        let parsed = parse_request::<server::Request>(read).unwrap();
        assert_eq!(request(&parsed.request_id, &parsed.request), written);
    }
}

#[test]
fn bad_requests_name_themselves_as_far_as_they_can() {
    let cases = [
        ("[]", "", ""),
        ("{", "", ""),
        (r#"{"Action":"Dance","RequestId":"r1"}"#, "Dance", "r1"),
        (
            r#"{"Action":"ActivateServerProcess","RequestId":"r2","Port":70000}"#,
            "ActivateServerProcess",
            "r2",
        ),
        (
            r#"{"Action":"UpdatePlayerSessionCreationPolicy","RequestId":"r3","PlayerSessionPolicy":"SOME"}"#,
            "UpdatePlayerSessionCreationPolicy",
            "r3",
        ),
        (r#"{"RequestId":"r4"}"#, "", "r4"),
    ];
    for (text, action, request_id) in cases {
        let bad = parse_request::<server::Request>(text).unwrap_err();
        assert_eq!(
            (bad.action.as_str(), bad.request_id.as_str()),
            (action, request_id),
            "{text}"
        );
        assert_eq!(bad.refusal().status, Status::BadRequest);
    }
}

#[test]
fn answers_echo_and_carry_no_null() {
    let granted: Result<_, Refusal> = Ok(server::Response::AcceptPlayerSession(Default::default()));
    assert_eq!(
        answer("AcceptPlayerSession", "r1", &granted),
        r#"{"Action":"AcceptPlayerSession","RequestId":"r1","StatusCode":200}"#
    );
    let refused: Result<server::Response, _> = Err(Refusal::bad_request("not reserved"));
    let text = answer("AcceptPlayerSession", "r2", &refused);
    assert_eq!(
        text,
        r#"{"Action":"AcceptPlayerSession","RequestId":"r2","StatusCode":400,"ErrorMessage":"not reserved"}"#
    );
    let read = parse_incoming::<server::Response, server::Push>(&text).unwrap();
    let refusal = Refusal::bad_request("not reserved");
    assert_eq!(
        read,
        Incoming::Answer {
            request_id: "r2".into(),
            outcome: Err(refusal)
        }
    );
}

#[test]
fn pushes_of_both_protocols() {
    let message = server::Push::CreateGameSession(server::CreateGameSession {
        game_session_id: "g".into(),
        maximum_player_session_count: 4,
        port: 7777,
        ..Default::default()
    });
    assert_eq!(
        push(&message),
        r#"{"Action":"CreateGameSession","GameSessionId":"g","GameSessionName":"","GameSessionData":"","MatchmakerData":"","MaximumPlayerSessionCount":4,"IpAddress":"","Port":7777,"DnsName":"","GameProperties":{}}"#
    );
    let read = parse_incoming::<server::Response, server::Push>(&push(&message)).unwrap();
    assert_eq!(read, Incoming::Push(message));

    let refresh = agent::Push::RefreshConnection(agent::RefreshConnection {
        connection: server::RefreshConnection {
            refresh_connection_endpoint: "wss://e".into(),
            auth_token: "t".into(),
        },
        expiration_time: 7,
    });
    assert_eq!(
        push(&refresh),
        r#"{"Action":"RefreshConnection","RefreshConnectionEndpoint":"wss://e","AuthToken":"t","ExpirationTime":7}"#
    );
    let old_name = r#"{"Action":"ForceExitProcess","ProcessId":"p"}"#;
    let read = parse_incoming::<agent::Response, agent::Push>(old_name).unwrap();
    assert!(matches!(
        read,
        Incoming::Push(agent::Push::ForceExitServerProcess(_))
    ));
}

#[test]
fn requests_of_the_official_agent() {
    let cases = [
        r#"{"Action":"SendHeartbeat","RequestId":"1","Status":"Active","ProcessList":["a","b"],"HeartbeatTimeMillis":5}"#,
        r#"{"Action":"DescribeRuntimeConfiguration","RequestId":"2"}"#,
        r#"{"Action":"NotifyServerProcessTermination","RequestId":"3","ProcessId":"a","EventCode":null,"TerminationReason":"NORMAL_TERMINATION"}"#,
        r#"{"Action":"GetFleetRoleCredentials","RequestId":"4","RoleSessionName":"s"}"#,
    ];
    for text in cases {
        parse_request::<agent::Request>(text).unwrap();
    }
}

#[test]
fn statuses_and_their_numbers() {
    for status in [
        Status::Ok,
        Status::BadRequest,
        Status::Unauthorized,
        Status::Forbidden,
        Status::NotFound,
        Status::Conflict,
        Status::NotReady,
        Status::Throttled,
        Status::Internal,
    ] {
        assert_eq!(Status::from_code(u64::from(status.code())), status);
    }
    assert_eq!(Status::from_code(418), Status::Internal);
}

#[test]
fn connects_with_a_token() {
    let query = "pID=11111111-2222&sdkVersion=5.6.0&sdkLanguage=C%2B%2B&Authorization=tok-1&ComputeId=desk%2Fa&FleetId=fleet-1&IdempotencyToken=i&Later=x";
    let connect = ServerConnect::parse(query).unwrap();
    assert_eq!(connect.process_id.as_str(), "11111111-2222");
    assert_eq!(connect.compute_name.as_str(), "desk/a");
    assert_eq!(connect.sdk_language, "C++");
    assert_eq!(connect.authorization, Authorization::Token("tok-1".into()));
    assert_eq!(ServerConnect::parse(&connect.to_query()), Ok(connect));

    let agent = "FleetId=fleet-1&ComputeName=i-1&Authorization=t&HoistAgent=1";
    let agent = AgentConnect::parse(agent).unwrap();
    assert!(agent.hoist);
    assert_eq!(AgentConnect::parse(&agent.to_query()), Ok(agent));
    assert!(
        !AgentConnect::parse("FleetId=f&ComputeName=c&Authorization=t")
            .unwrap()
            .hoist
    );
}

#[test]
fn connects_that_name_too_little() {
    let cases = [
        ("", "pID"),
        ("pID=", "pID"),
        ("pID=p&ComputeId=c", "FleetId"),
        ("pID=p&ComputeId=c&FleetId=f", "Authorization"),
        (
            "pID=p&ComputeId=c&FleetId=f&Authorization=SigV4",
            "X-Amz-Algorithm",
        ),
    ];
    for (query, missing) in cases {
        assert_eq!(
            ServerConnect::parse(query),
            Err(ConnectError(missing)),
            "{query}"
        );
    }
    for odd in ["%", "%zz=%4", "=&&==", "pID=%ff"] {
        let _ = ServerConnect::parse(odd);
    }
}

#[test]
fn connects_with_a_signature() {
    let query = "pID=p+1&ComputeId=c&FleetId=f&Authorization=SigV4&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20240131%2Fus-east-1%2Fgamelift%2Faws4_request&X-Amz-Date=20240131T000000Z&X-Amz-Signature=ab";
    let connect = ServerConnect::parse(query).unwrap();
    assert_eq!(connect.canonical_query(), "ComputeId=c&FleetId=f&pID=p%201");
    let Authorization::SigV4(signature) = &connect.authorization else {
        panic!("signed")
    };
    assert_eq!(signature.access_key_id(), "AKID");
    assert_eq!(
        signature.string_to_sign("hash"),
        "AWS4-HMAC-SHA256\n20240131T000000Z\n20240131/us-east-1/gamelift/aws4_request\nhash"
    );
    assert_eq!(ServerConnect::parse(&connect.to_query()), Ok(connect));
}
