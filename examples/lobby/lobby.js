// A lobby: greets everybody, announces who comes and goes, lets players meet in groups, and ends when the last one has left.
'use strict';

const OP = {
    CHAT: 10,       // to anybody: relayed as it is
    WHO: 11,        // to the server: who is here?
    GREETING: 100,  // from the server
    ARRIVED: 101,
    LEFT: 102,
    PLAYERS: 103,
    JOINED: 104,
    PARTED: 105,
    GOODBYE: 106,
};

const GOODBYE_AFTER_MS = 1000;
const MAX_GROUP = 100;

let session;
let logger;
let ending = false;
let everybodyGone;

function init(realtimeSession) {
    session = realtimeSession;
    logger = session.getLogger();
}

function onStartGameSession(gameSession) {
    logger.info(`lobby ${gameSession.GameSessionId} is open for ${gameSession.MaximumPlayerSessionCount} players`);
}

function onPlayerConnect() {
    return !ending;
}

function onPlayerAccepted(player) {
    clearTimeout(everybodyGone);
    const others = session.getPlayers().length - 1;
    sayTo(player.peerId, OP.GREETING, `Welcome, player ${player.peerId}. ${others} other(s) here.`);
    sayToOthers(player.peerId, OP.ARRIVED, `Player ${player.peerId} is here.`);
}

function onPlayerDisconnect(peerId) {
    sayToOthers(peerId, OP.LEFT, `Player ${peerId} has left.`);
    // The leaver is still in the list. Nobody else left: end, unless somebody comes back soon. A lobby that nobody has
    // entered yet never gets here, so it stays open.
    if (session.getPlayers().length <= 1) {
        everybodyGone = setTimeout(end, GOODBYE_AFTER_MS);
    }
}

function onMessage(gameMessage) {
    if (gameMessage.opCode === OP.WHO) {
        const here = session.getPlayers().map((player) => player.peerId);
        sayTo(gameMessage.sender, OP.PLAYERS, here.join(','));
    } else {
        logger.warn(`player ${gameMessage.sender} sent unknown op code ${gameMessage.opCode}`);
    }
}

function onPlayerJoinGroup(groupId, peerId) {
    if (groupId > MAX_GROUP) {
        return false;
    }
    sayToGroup(groupId, OP.JOINED, `Player ${peerId} has joined group ${groupId}.`);
    return true;
}

function onPlayerLeaveGroup(groupId, peerId) {
    sayToGroup(groupId, OP.PARTED, `Player ${peerId} leaves group ${groupId}.`);
    return true;
}

function sayTo(peerId, opCode, text) {
    session.sendReliableMessage(session.newTextGameMessage(opCode, session.getServerId(), text), peerId);
}

function sayToGroup(groupId, opCode, text) {
    session.sendReliableGroupMessage(session.newTextGameMessage(opCode, session.getServerId(), text), groupId);
}

function sayToOthers(peerId, opCode, text) {
    session.getPlayers().forEach((player, id) => {
        if (id !== peerId) {
            sayTo(id, opCode, text);
        }
    });
}

async function end() {
    if (ending || session.getPlayers().length > 0) {
        return;
    }
    ending = true;
    logger.info('everybody has left, the lobby closes');
    await session.processEnding();
    process.exit(0);
}

exports.ssExports = {
    configuration: { maxPlayers: 32, pingIntervalTime: 3000 },
    init,
    onStartGameSession,
    onPlayerConnect,
    onPlayerAccepted,
    onPlayerDisconnect,
    onMessage,
    onPlayerJoinGroup,
    onPlayerLeaveGroup,
};
