"""The life of a Realtime game through the AWS CLI, unmodified, with `hoist player` as the player.

Usage: story_cli.py ENDPOINT ACCESS_KEY SECRET HOIST_BINARY
"""

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

SCRIPT = """
let session;
exports.ssExports = {
  init: (s) => { session = s; },
  onMessage: (message) => {
    session.getLogger().info("heard " + message.getPayloadAsText());
    session.sendReliableMessage(session.newTextGameMessage(7, -1, "heard " + message.getPayloadAsText()), message.sender);
  },
};
"""


class Cli:
    def __init__(self, endpoint, access_key, secret):
        self.aws = str(Path(sys.executable).parent / "aws")
        self.endpoint = endpoint
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "AWS_ACCESS_KEY_ID": access_key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_PAGER": "",
        }

    def run(self, *words):
        command = [self.aws, "gamelift", *words, "--endpoint-url", self.endpoint, "--output", "json"]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120)

    def __call__(self, *words):
        done = self.run(*words)
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def refused(self, code, *words):
        done = self.run(*words)
        assert done.returncode != 0 and code in done.stderr, f"{code} expected: {done.stdout}{done.stderr}"


def until(what, look, seconds=90):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise SystemExit(f"gave up waiting for {what}")


def main(endpoint, access_key, secret, hoist):
    aws = Cli(endpoint, access_key, secret)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("game/main.js", SCRIPT)
    Path("script.zip").write_bytes(out.getvalue())

    script = aws("create-script", "--name", "cli", "--script-version", "1", "--zip-file", "fileb://script.zip")["Script"]
    fleet = aws(
        "create-fleet", "--name", "cli", "--script-id", script["ScriptId"], "--ec2-instance-type", "c5.large",
        "--runtime-configuration", "ServerProcesses=[{LaunchPath=/local/game/game/main.js,ConcurrentExecutions=1}]",
    )["FleetAttributes"]["FleetId"]

    def fleet_is_active():
        return aws("describe-fleet-attributes", "--fleet-ids", fleet)["FleetAttributes"][0]["Status"] == "ACTIVE"

    until("the fleet", fleet_is_active)
    events = [event["EventCode"] for event in aws("describe-fleet-events", "--fleet-id", fleet)["Events"]]
    assert events[0] == "FLEET_STATE_ACTIVE" and events[-1] == "FLEET_CREATED", events

    session = aws("create-game-session", "--fleet-id", fleet, "--maximum-player-session-count", "2")["GameSession"]
    session_id = session["GameSessionId"]

    def session_is(status):
        found = aws("describe-game-sessions", "--game-session-id", session_id)["GameSessions"][0]
        return found if found["Status"] == status else None

    until("the session", lambda: session_is("ACTIVE"))
    seat = aws("create-player-session", "--game-session-id", session_id, "--player-id", "amy")["PlayerSession"]
    player = subprocess.Popen(
        [hoist, "player", "--host", seat["IpAddress"], "--tcp-port", str(seat["Port"]), "--player-session-id", seat["PlayerSessionId"]],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    player.stdin.write("send 1 server reliable hello\n")
    player.stdin.flush()
    for line in player.stdout:
        if "heard hello" in line:
            break
    else:
        raise SystemExit("the script never answered")
    player.stdin.write("disconnect\n")
    player.stdin.flush()
    assert player.wait(timeout=60) == 0

    aws.refused("FleetCapacityExceededException", "create-game-session", "--fleet-id", fleet, "--maximum-player-session-count", "2")
    aws.refused("InvalidRequestException", "create-game-session", "--fleet-id", fleet, "--maximum-player-session-count", "0")
    aws("terminate-game-session", "--game-session-id", session_id, "--termination-mode", "TRIGGER_ON_PROCESS_TERMINATE")
    until("the end", lambda: session_is("TERMINATED"))

    def saved():
        done = aws.run("get-game-session-log", "--game-session-id", session_id, "--save-as", "log.zip")
        return done.returncode == 0

    until("the log", saved)
    with zipfile.ZipFile("log.zip") as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "heard hello" in text, text
    aws("tag-resource", "--resource-arn", script["ScriptArn"], "--tags", "Key=team,Value=blue")
    tags = aws("list-tags-for-resource", "--resource-arn", script["ScriptArn"])["Tags"]
    assert tags == [{"Key": "team", "Value": "blue"}], tags
    aws("delete-fleet", "--fleet-id", fleet)
    print("done")


if __name__ == "__main__":
    main(*sys.argv[1:5])
