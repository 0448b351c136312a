// An arena: the server owns the state, players only send what they want. Every tick it moves everybody and tells everybody,
// fast; hits and scores, which must not be lost, go reliably. The first to reach the score wins and the session ends.
'use strict';

const OP = {
    MOVE: 1,        // to the server, "dx,dy": each -1, 0 or 1
    ATTACK: 2,      // to the server: hits everybody next to the attacker
    STATE: 50,      // from the server, fast: {"tick":n,"players":[{"id","x","y","hp"}]}
    HIT: 51,        // from the server, reliable: {"by","on","hp"}
    SCORE: 52,      // from the server, reliable: {"<id>":score}
    WINNER: 53,     // from the server, reliable: {"winner":id}
};

const TICK_MS = 50;
const SIZE = 20;
const FULL_HEALTH = 3;
const WINNING_SCORE = 3;

const fighters = new Map();
let session;
let logger;
let tick = 0;
let ticker;
let over = false;

function init(realtimeSession) {
    session = realtimeSession;
    logger = session.getLogger();
}

function onStartGameSession() {
    ticker = setInterval(step, TICK_MS);
}

function onPlayerConnect() {
    return !over;
}

function onPlayerAccepted(player) {
    fighters.set(player.peerId, { score: 0, ...spawned(player.peerId) });
}

function onPlayerDisconnect(peerId) {
    fighters.delete(peerId);
    if (fighters.size === 0) {
        end('the arena is empty');
    }
}

function onMessage(gameMessage) {
    const fighter = fighters.get(gameMessage.sender);
    if (!fighter) {
        return;
    }
    if (gameMessage.opCode === OP.MOVE) {
        const [dx, dy] = gameMessage.getPayloadAsText().split(',').map(direction);
        fighter.dx = dx;
        fighter.dy = dy;
    } else if (gameMessage.opCode === OP.ATTACK) {
        fighter.attacks = true;
    }
}

// Players may not forge the server's messages to each other.
function onSendToPlayer() {
    return false;
}

function onSendToGroup() {
    return false;
}

function direction(text) {
    const number = Number(text);
    return Number.isFinite(number) ? Math.sign(number) : 0;
}

function spawned(peerId) {
    return { x: (peerId * 7) % SIZE, y: (peerId * 3) % SIZE, dx: 0, dy: 0, hp: FULL_HEALTH, attacks: false };
}

function step() {
    if (over || fighters.size === 0) {
        return;
    }
    tick += 1;
    for (const fighter of fighters.values()) {
        fighter.x = Math.min(SIZE - 1, Math.max(0, fighter.x + fighter.dx));
        fighter.y = Math.min(SIZE - 1, Math.max(0, fighter.y + fighter.dy));
        fighter.dx = 0;
        fighter.dy = 0;
    }
    for (const [id, fighter] of fighters) {
        if (fighter.attacks) {
            fighter.attacks = false;
            attack(id, fighter);
        }
    }
    const players = [...fighters].map(([id, { x, y, hp }]) => ({ id, x, y, hp }));
    tellAll(OP.STATE, { tick, players }, session.sendGroupMessage);
}

function attack(by, attacker) {
    for (const [on, victim] of fighters) {
        if (on === by || Math.abs(victim.x - attacker.x) > 1 || Math.abs(victim.y - attacker.y) > 1) {
            continue;
        }
        victim.hp -= 1;
        tellAll(OP.HIT, { by, on, hp: victim.hp }, session.sendReliableGroupMessage);
        if (victim.hp <= 0) {
            Object.assign(victim, spawned(on));
            attacker.score += 1;
            const scores = Object.fromEntries([...fighters].map(([id, { score }]) => [id, score]));
            tellAll(OP.SCORE, scores, session.sendReliableGroupMessage);
            if (attacker.score >= WINNING_SCORE) {
                tellAll(OP.WINNER, { winner: by }, session.sendReliableGroupMessage);
                end(`player ${by} has won`);
                return;
            }
        }
    }
}

function tellAll(opCode, state, send) {
    const message = session.newTextGameMessage(opCode, session.getServerId(), JSON.stringify(state));
    send(message, session.getAllPlayersGroupId());
}

async function end(why) {
    if (over) {
        return;
    }
    over = true;
    clearInterval(ticker);
    logger.info(`${why}, the session ends`);
    await session.processEnding();
    process.exit(0);
}

exports.ssExports = {
    configuration: { maxPlayers: 16 },
    init,
    onStartGameSession,
    onPlayerConnect,
    onPlayerAccepted,
    onPlayerDisconnect,
    onMessage,
    onSendToPlayer,
    onSendToGroup,
};
