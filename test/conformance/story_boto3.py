"""The whole life of a Realtime game through boto3: script, fleet, alias, sessions, players, update, search, end, logs.

Usage: story_boto3.py ENDPOINT ACCESS_KEY SECRET
"""

import io
import sys
import time
import urllib.request
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from realtime_player import Player

SCRIPT = """
const VERSION = "%s";
let session;
exports.ssExports = {
  init: (s) => { session = s; },
  onMessage: (message) => {
    const text = VERSION + " heard " + message.getPayloadAsText();
    session.sendReliableMessage(session.newTextGameMessage(7, -1, text), message.sender);
  },
  onPlayerAccepted: (player) => { session.getLogger().info("welcome %%s", player.playerData); },
};
"""


def zipped(version, name="main.js"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, SCRIPT % version)
    return out.getvalue()


def until(what, seconds=60):
    """Polls as clients of this API must: there is no waiter and no push."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = what()
        if answer:
            return answer
        time.sleep(0.05)
    raise SystemExit(f"gave up waiting for {what.__doc__}")


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        got = error.response["Error"]["Code"]
        assert got == code, f"{code} expected, got {got}: {error}"
        return error.response["Error"]["Message"]
    raise AssertionError(f"{code} expected, but the call went through")


class Story:
    def __init__(self, endpoint, access_key, secret):
        self.client = boto3.client(
            "gamelift",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id=access_key,
            aws_secret_access_key=secret,
            config=Config(retries={"max_attempts": 1}),
        )

    def session_with(self, status, session_id):
        def look():
            """a game session to change its status"""
            found = self.client.describe_game_sessions(GameSessionId=session_id)["GameSessions"][0]
            return found if found["Status"] == status else None

        return until(look)

    def new_session(self, alias, **more):
        def create():
            """a process that is free"""
            try:
                return self.client.create_game_session(AliasId=alias, MaximumPlayerSessionCount=4, **more)["GameSession"]
            except ClientError as error:
                if error.response["Error"]["Code"] != "FleetCapacityExceededException":
                    raise
                return None

        return self.session_with("ACTIVE", until(create)["GameSessionId"])

    def join(self, session, player, data):
        seat = self.client.create_player_session(GameSessionId=session["GameSessionId"], PlayerId=player, PlayerData=data)
        seat = seat["PlayerSession"]
        assert seat["Status"] == "RESERVED", seat
        player = Player(seat["IpAddress"], seat["Port"], seat["PlayerSessionId"])
        assert player.logged_in
        return seat["PlayerSessionId"], player

    def fleet(self, script_id):
        client = self.client
        fleet = client.create_fleet(
            Name="story",
            ScriptId=script_id,
            EC2InstanceType="c5.large",
            RuntimeConfiguration={"ServerProcesses": [{"LaunchPath": "/local/game/main.js", "ConcurrentExecutions": 3}]},
        )["FleetAttributes"]
        assert fleet["Status"] == "NEW", fleet

        def active():
            """the fleet to become ACTIVE"""
            status = client.describe_fleet_attributes(FleetIds=[fleet["FleetId"]])["FleetAttributes"][0]["Status"]
            if status == "ERROR":
                raise SystemExit(client.describe_fleet_events(FleetId=fleet["FleetId"])["Events"])
            return status == "ACTIVE"

        until(active)
        return fleet["FleetId"]

    def run(self):
        client = self.client
        script = client.create_script(Name="story", Version="1", ZipFile=zipped("one"), NodeJsVersion="24.x")["Script"]
        assert script["ScriptId"].startswith("script-") and script["SizeOnDisk"] > 0, script
        refused("InvalidRequestException", client.create_script, ZipFile=b"no zip at all")
        fleet = self.fleet(script["ScriptId"])
        alias = client.create_alias(Name="live", RoutingStrategy={"Type": "SIMPLE", "FleetId": fleet})["Alias"]["AliasId"]
        assert client.resolve_alias(AliasId=alias)["FleetId"] == fleet
        print("script, fleet and alias are there")

        first = self.new_session(alias, Name="first", GameProperties=[{"Key": "map", "Value": "forest"}])
        amy_seat, amy = self.join(first, "amy", "from amy")
        bob_seat, bob = self.join(first, "bob", "from bob")
        amy.send(1, b"hello")
        assert amy.receive(7) == b"one heard hello"
        bob.send_group(9, b"to everybody")
        assert amy.receive(9) == b"to everybody"
        refused("InvalidRequestException", client.describe_player_sessions)

        def active():
            """both players to be ACTIVE"""
            found = client.describe_player_sessions(GameSessionId=first["GameSessionId"])["PlayerSessions"]
            return [seat["Status"] for seat in found] == ["ACTIVE", "ACTIVE"]

        until(active)
        print("players are in")

        client.update_script(ScriptId=script["ScriptId"], Version="2", ZipFile=zipped("two"))

        def updated():
            """a new session that runs the new script"""
            session = self.new_session(alias, Name="second")
            _, cleo = self.join(session, "cleo", "from cleo")
            cleo.send(1, b"hi")
            heard = cleo.receive(7)
            cleo.close()
            if heard == b"two heard hi":
                return session
            client.terminate_game_session(GameSessionId=session["GameSessionId"], TerminationMode="FORCE_TERMINATE")
            return None

        second = until(updated)
        amy.send(1, b"still there")
        assert amy.receive(7) == b"one heard still there"
        print("the script is updated, and the first session goes on as it was")

        self.search(fleet, first)
        client.terminate_game_session(GameSessionId=second["GameSessionId"], TerminationMode="FORCE_TERMINATE")
        assert self.session_with("TERMINATED", second["GameSessionId"])["StatusReason"] == "FORCE_TERMINATED"
        bob.close()

        def completed():
            """the player that left to be COMPLETED"""
            return client.describe_player_sessions(PlayerSessionId=bob_seat)["PlayerSessions"][0]["Status"] == "COMPLETED"

        until(completed)
        client.terminate_game_session(GameSessionId=first["GameSessionId"], TerminationMode="TRIGGER_ON_PROCESS_TERMINATE")
        self.session_with("TERMINATED", first["GameSessionId"])
        refused("InvalidGameSessionStatusException", client.create_player_session, GameSessionId=first["GameSessionId"], PlayerId="dan")
        self.logs(first)
        client.delete_alias(AliasId=alias)
        client.delete_fleet(FleetId=fleet)
        refused("NotFoundException", client.describe_alias, AliasId=alias)
        print("done")

    def search(self, fleet, first):
        client = self.client
        found = client.search_game_sessions(FleetId=fleet, FilterExpression="gameSessionProperties.map = 'forest'")["GameSessions"]
        assert [session["GameSessionId"] for session in found] == [first["GameSessionId"]], found
        found = client.search_game_sessions(FleetId=fleet, FilterExpression="hasAvailablePlayerSessions=true", SortExpression="creationTimeMillis DESC")
        assert len(found["GameSessions"]) >= 2, found
        message = refused("InvalidRequestException", client.search_game_sessions, FleetId=fleet, FilterExpression="nonsense ==")
        assert message, "a refusal says why"
        print("search finds")

    def logs(self, session):
        def url():
            """the log of an ended session"""
            try:
                return self.client.get_game_session_log_url(GameSessionId=session["GameSessionId"])["PreSignedUrl"]
            except ClientError as error:
                assert error.response["Error"]["Code"] == "NotFoundException", error
                return None

        with urllib.request.urlopen(until(url), timeout=20) as answer:
            archive = zipfile.ZipFile(io.BytesIO(answer.read()))
        text = "".join(archive.read(name).decode() for name in archive.namelist())
        assert "welcome from amy" in text, text
        print("logs are there")


if __name__ == "__main__":
    Story(*sys.argv[1:4]).run()
