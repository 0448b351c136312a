//! Which operation is whose. Only names them.

use api::{Fault, Request, Response};

use crate::World;
use crate::turn::Turn;
use crate::{
    aliases, builds, capacity, computes, fleet_create, fleet_events, fleet_places, fleet_settings,
    fleets, game_sessions, instances, locations, logs, player_sessions, scripts, tags, utilization,
};

#[expect(
    clippy::too_many_lines,
    reason = "a table of names, one line an operation"
)]
pub(crate) fn call(
    world: &mut World,
    turn: &mut Turn<'_>,
    request: Request,
) -> Result<Response, Fault> {
    use Request as R;
    Ok(match request {
        R::CreateScript(input) => scripts::create(world, turn, input)?.into(),
        R::DescribeScript(input) => scripts::describe(world, &input)?.into(),
        R::ListScripts(input) => scripts::list(world, &input)?.into(),
        R::UpdateScript(input) => scripts::update(world, turn, input)?.into(),
        R::DeleteScript(input) => scripts::delete(world, turn, &input)?.into(),

        R::CreateBuild(input) => builds::create(world, turn, input)?.into(),
        R::DescribeBuild(input) => builds::describe(world, &input)?.into(),
        R::ListBuilds(input) => builds::list(world, &input)?.into(),
        R::UpdateBuild(input) => builds::update(world, input)?.into(),
        R::DeleteBuild(input) => builds::delete(world, &input)?.into(),
        R::RequestUploadCredentials(input) => {
            builds::request_upload_credentials(world, turn, &input)?.into()
        }

        R::CreateFleet(input) => fleet_create::create(world, turn, input)?.into(),
        R::DescribeFleetAttributes(input) => fleets::describe(world, &input)?.into(),
        R::ListFleets(input) => fleets::list(world, &input)?.into(),
        R::DeleteFleet(input) => fleets::delete(world, turn, &input)?.into(),
        R::DescribeFleetEvents(input) => fleet_events::describe(world, &input)?.into(),
        R::DescribeFleetUtilization(input) => utilization::describe(world, &input)?.into(),
        R::UpdateFleetAttributes(input) => {
            fleet_settings::update_attributes(world, turn, input)?.into()
        }
        R::DescribeFleetPortSettings(input) => {
            fleet_settings::describe_ports(world, &input)?.into()
        }
        R::UpdateFleetPortSettings(input) => fleet_settings::update_ports(world, input)?.into(),
        R::DescribeRuntimeConfiguration(input) => {
            fleet_settings::describe_runtime(world, &input)?.into()
        }
        R::UpdateRuntimeConfiguration(input) => {
            fleet_settings::update_runtime(world, turn, input)?.into()
        }

        R::CreateLocation(input) => locations::create(world, turn, input)?.into(),
        R::DeleteLocation(input) => locations::delete(world, &input)?.into(),
        R::ListLocations(input) => locations::list(world, &input)?.into(),
        R::CreateFleetLocations(input) => fleet_places::create(world, turn, &input)?.into(),
        R::DeleteFleetLocations(input) => fleet_places::delete(world, turn, &input)?.into(),
        R::DescribeFleetLocationAttributes(input) => fleet_places::describe(world, &input)?.into(),
        R::DescribeFleetLocationCapacity(input) => {
            capacity::describe_location(world, &input)?.into()
        }
        R::DescribeFleetLocationUtilization(input) => {
            utilization::describe_location(world, &input)?.into()
        }

        R::DescribeFleetCapacity(input) => capacity::describe(world, &input)?.into(),
        R::UpdateFleetCapacity(input) => capacity::update(world, turn, &input)?.into(),
        R::DescribeEC2InstanceLimits(input) => capacity::limits(world, &input)?.into(),
        R::DescribeInstances(input) => instances::describe(world, &input)?.into(),

        R::RegisterCompute(input) => computes::register(world, turn, input)?.into(),
        R::DeregisterCompute(input) => computes::deregister(world, turn, &input)?.into(),
        R::DescribeCompute(input) => computes::describe(world, &input)?.into(),
        R::ListCompute(input) => computes::list(world, &input)?.into(),
        R::GetComputeAuthToken(input) => computes::auth_token(world, turn, &input)?.into(),

        R::CreateAlias(input) => aliases::create(world, turn, input)?.into(),
        R::DescribeAlias(input) => aliases::describe(world, input)?.into(),
        R::ListAliases(input) => aliases::list(world, input)?.into(),
        R::ResolveAlias(input) => aliases::resolve(world, input)?.into(),
        R::UpdateAlias(input) => aliases::update(world, turn, input)?.into(),
        R::DeleteAlias(input) => aliases::delete(world, turn, input)?.into(),

        R::CreateGameSession(input) => game_sessions::create(world, turn, input)?.into(),
        R::DescribeGameSessions(input) => game_sessions::describe(world, input)?.into(),
        R::DescribeGameSessionDetails(input) => {
            game_sessions::describe_details(world, input)?.into()
        }
        R::SearchGameSessions(input) => game_sessions::search(world, input)?.into(),
        R::UpdateGameSession(input) => game_sessions::update(world, turn, input)?.into(),
        R::TerminateGameSession(input) => game_sessions::terminate(world, turn, input)?.into(),
        R::GetGameSessionLogUrl(input) => logs::url(world, turn, &input)?.into(),

        R::CreatePlayerSession(input) => player_sessions::create(world, turn, input)?.into(),
        R::CreatePlayerSessions(input) => {
            player_sessions::create_several(world, turn, input)?.into()
        }
        R::DescribePlayerSessions(input) => player_sessions::describe(world, input)?.into(),
        R::GetPlayerConnectionDetails(input) => {
            player_sessions::connection_details(world, input)?.into()
        }

        R::TagResource(input) => tags::tag_resource(world, input)?.into(),
        R::UntagResource(input) => tags::untag_resource(world, &input)?.into(),
        R::ListTagsForResource(input) => tags::list(world, &input)?.into(),

        R::ValidateMatchmakingRuleSet(input) => validated(&input)?.into(),

        other @ (R::AcceptMatch(_)
        | R::CreateGameSessionQueue(_)
        | R::CreateMatchmakingConfiguration(_)
        | R::CreateMatchmakingRuleSet(_)
        | R::DeleteGameSessionQueue(_)
        | R::DeleteMatchmakingConfiguration(_)
        | R::DeleteMatchmakingRuleSet(_)
        | R::DeleteScalingPolicy(_)
        | R::DescribeGameSessionPlacement(_)
        | R::DescribeGameSessionQueues(_)
        | R::DescribeMatchmaking(_)
        | R::DescribeMatchmakingConfigurations(_)
        | R::DescribeMatchmakingRuleSets(_)
        | R::DescribeScalingPolicies(_)
        | R::GetComputeAccess(_)
        | R::GetInstanceAccess(_)
        | R::PutScalingPolicy(_)
        | R::StartFleetActions(_)
        | R::StartGameSessionPlacement(_)
        | R::StartMatchBackfill(_)
        | R::StartMatchmaking(_)
        | R::StopFleetActions(_)
        | R::StopGameSessionPlacement(_)
        | R::StopMatchmaking(_)
        | R::UpdateGameSessionQueue(_)
        | R::UpdateMatchmakingConfiguration(_)) => return Err(unsupported(&other)),
    })
}

/// Valid, or refused with the reasons: AWS never answers that a rule set is not valid.
fn validated(
    input: &api::ValidateMatchmakingRuleSetInput,
) -> Result<api::ValidateMatchmakingRuleSetOutput, Fault> {
    let options = matchmaker::Options { strict: false };
    match matchmaker::RuleSet::parse(&input.rule_set_body, options) {
        Ok(_) => Ok(api::ValidateMatchmakingRuleSetOutput { valid: Some(true) }),
        Err(problems) => Err(Fault::invalid(problems.to_string())),
    }
}

fn unsupported(request: &Request) -> Fault {
    let operation = request.operation();
    Fault::invalid(format!(
        "{operation} is not supported by this implementation"
    ))
}
