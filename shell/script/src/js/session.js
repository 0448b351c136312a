// The session API that scripts see, shared by both engines. `host` carries what a script asks for to the engine; `env` gives
// the engine's own Buffer and util functions. Nothing in here throws into a script, save what the script throws itself.
(function (host, env) {
  'use strict';
  const { Buffer, inspect, format } = env;
  const TEXT_MAX = 65536;
  const LEVELS = ['debug', 'info', 'warn', 'error', 'fatal', 'cxfatal'];
  const HOOKS = ['init', 'onProcessStarted', 'onStartGameSession', 'onHealthCheck', 'onProcessTerminate', 'onPlayerConnect',
    'onPlayerAccepted', 'onPlayerDisconnect', 'onMessage', 'onSendToPlayer', 'onSendToGroup', 'onPlayerJoinGroup',
    'onPlayerLeaveGroup'];
  const players = new Map();
  let gameSessionId = '';
  let callbacks = {};
  let ending = null;

  // ---- errors and places -------------------------------------------------------------------------------------------

  function isOurs(file) {
    return file.startsWith('hoist:') || file.startsWith('node:');
  }

  function basename(file) {
    return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  }

  // An error with its stack, or any other thrown value, as text.
  function describe(error) {
    try {
      if (error !== null && (typeof error === 'object' || typeof error === 'function') && 'stack' in error) {
        const head = `${error.name}: ${error.message}`;
        let stack = typeof error.stack === 'string' ? error.stack : '';
        stack = stack.split('\n').filter((line) => !/^ +at .*\bhoist:/.test(line)).join('\n').trimEnd();
        // A name that was set after the stack was made.
        const made = `Error: ${error.message}`;
        if (stack.startsWith(made) && !head.startsWith('Error:')) stack = head + stack.slice(made.length);
        let text = stack.includes(String(error.message)) ? stack : stack === '' ? head : `${head}\n${stack}`;
        if (error.cause !== undefined) text += `\ncaused by: ${describe(error.cause)}`;
        return clip(text);
      }
      return clip(`thrown value: ${inspect(error)}`);
    } catch (_) {
      return 'an error that cannot be described';
    }
  }

  function clip(text) {
    const most = text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX)}... ${text.length - TEXT_MAX} more characters`;
    // Node.js 18 lacks toWellFormed, and its Buffer does the same by itself.
    return typeof most.toWellFormed === 'function' ? most.toWellFormed() : most;
  }

  // Where in the script the running call comes from.
  function caller() {
    const prepare = Error.prepareStackTrace;
    const limit = Error.stackTraceLimit;
    let place = { file: '-', line: 0 };
    try {
      Error.stackTraceLimit = 16;
      Error.prepareStackTrace = (_, sites) => sites;
      const holder = {};
      Error.captureStackTrace(holder, caller);
      for (const site of holder.stack) {
        const file = site.getFileName();
        if (typeof file === 'string' && file !== '' && file !== 'native' && !isOurs(file)) {
          place = { file: basename(file), line: site.getLineNumber() || 0 };
          break;
        }
      }
    } catch (_) {
      // A log line without its place is better than none.
    }
    try {
      Error.prepareStackTrace = prepare;
      Error.stackTraceLimit = limit;
    } catch (_) {
      // The script has frozen Error; its own formatter is lost then.
    }
    return place;
  }

  function placeOf(stack) {
    for (const line of String(stack).split('\n')) {
      const found = /(?:\(|at )(?:file:\/\/)?([^()\s]+):(\d+):\d+\)?$/.exec(line);
      if (found && !isOurs(found[1])) return { file: basename(found[1]), line: Number(found[2]) };
    }
    return { file: '-', line: 0 };
  }

  function isStarvation(error) {
    if (error === null) return host.starved();
    return typeof error === 'object' && error.name === 'InternalError' && /^out of memory/.test(error.message);
  }

  // ---- log -----------------------------------------------------------------------------------------------------------

  function log(level, file, args) {
    if (level < host.level) return;
    let text;
    try {
      text = format(...args);
    } catch (error) {
      text = `a log line that cannot be formatted: ${describe(error)}`;
    }
    const place = caller();
    host.log(level, file || place.file, place.line, clip(text));
  }

  function report(level, text, error) {
    const place = error !== null && typeof error === 'object' ? placeOf(error.stack) : caller();
    if (level >= host.level) host.log(level, place.file, place.line, clip(text));
  }

  function warn(text) {
    const place = caller();
    if (LEVELS.indexOf('warn') >= host.level) host.log(2, place.file, place.line, clip(text));
  }

  const logger = {};
  LEVELS.forEach((name, level) => {
    logger[name] = (...args) => log(level, null, args);
  });

  // ---- shapes --------------------------------------------------------------------------------------------------------

  // What getPlayers() answers: a Map by peer id that can also be used like an array of players.
  class Players extends Map {
    get length() { return this.size; }
    map(f, self) { return Array.from(this, ([id, player]) => f.call(self, player, id, this)); }
    filter(f, self) { return [...this.values()].filter((player) => f.call(self, player, player.peerId, this)); }
    find(f, self) { return [...this.values()].find((player) => f.call(self, player, player.peerId, this)); }
    findIndex(f, self) { return [...this.values()].findIndex((player) => f.call(self, player, player.peerId, this)); }
    some(f, self) { return [...this.values()].some((player) => f.call(self, player, player.peerId, this)); }
    every(f, self) { return [...this.values()].every((player) => f.call(self, player, player.peerId, this)); }
    reduce(f, ...start) {
      return [...this.values()].reduce((sum, player) => f(sum, player, player.peerId, this), ...start);
    }
    indexOf(player) { return [...this.values()].indexOf(player); }
    includes(player) { return [...this.values()].includes(player); }
    at(index) { return [...this.values()].at(index); }
    slice(from, to) { return [...this.values()].slice(from, to); }
    sort(f) { return [...this.values()].sort(f); }
    join(separator) { return [...this.keys()].join(separator); }
    toString() { return this.join(','); }
    toJSON() { return [...this.values()]; }
  }

  function bytes(value) {
    try {
      if (value === undefined || value === null) return Buffer.alloc(0);
      if (typeof value === 'string') return Buffer.from(value, 'utf8');
      if (ArrayBuffer.isView(value)) {
        return Buffer.from(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength));
      }
      if (value instanceof ArrayBuffer) return Buffer.from(value.slice(0));
      if (Array.isArray(value)) return Buffer.from(value);
      if (typeof value === 'object' && value.type === 'Buffer' && Array.isArray(value.data)) return Buffer.from(value.data);
      return Buffer.from(String(value), 'utf8');
    } catch (_) {
      return Buffer.alloc(0);
    }
  }

  class GameMessage {
    constructor(opCode, sender, payload, reliable, targetPlayer, targetGroup) {
      this.opCode = opCode;
      this.sender = sender;
      this.targetPlayer = targetPlayer;
      this.targetGroup = targetGroup;
      this.reliable = reliable;
      this.payload = payload;
    }
    get opcode() { return this.opCode; }
    set opcode(value) { this.opCode = value; }
    getPayloadAsText() {
      return bytes(this.payload).toString('utf8');
    }
    toString() {
      const size = this.payload ? this.payload.length : 0;
      return `GameMessage(opCode=${String(this.opCode)}, sender=${String(this.sender)}, ${size} bytes)`;
    }
  }

  function playerOf(peerId, playerSessionId, playerId, playerData) {
    return { peerId, playerSessionId, playerId, playerData };
  }

  function gameSessionOf(json) {
    const session = JSON.parse(json);
    for (const name of Object.keys(session)) {
      const camel = name[0].toLowerCase() + name.slice(1);
      Object.defineProperty(session, camel, { get() { return this[name]; }, enumerable: false, configurable: true });
    }
    Object.defineProperty(session, 'toString', { value() { return inspect(this); }, enumerable: false, configurable: true });
    return session;
  }

  // ---- the session object --------------------------------------------------------------------------------------------

  // A number, a numeric string or a player object as int32; undefined when it is nothing of the kind.
  function int32(value) {
    let from = value;
    if (from !== null && typeof from === 'object') from = from.peerId;
    if (typeof from === 'string' && from.trim() === '') return undefined;
    if (typeof from !== 'number' && typeof from !== 'string' && typeof from !== 'bigint') return undefined;
    const number = Math.trunc(Number(from));
    return number >= -2147483648 && number <= 2147483647 ? number + 0 : undefined;
  }

  function shortly(value) {
    try {
      return inspect(value, { depth: 0, breakLength: Infinity }).slice(0, 80);
    } catch (_) {
      return 'something';
    }
  }

  function send(name, toGroup, reliable, message, target) {
    try {
      if (message === null || typeof message !== 'object' || !('payload' in message)) {
        return warn(`${name}: ${shortly(message)} is not a game message: make one with newTextGameMessage; dropped`);
      }
      const to = int32(target);
      const opCode = int32(message.opCode === undefined ? message.opcode : message.opCode);
      const sender = int32(message.sender);
      if (to === undefined) return warn(`${name}: target ${shortly(target)} is no ${toGroup ? 'group' : 'peer'} id; dropped`);
      if (opCode === undefined) return warn(`${name}: opCode ${shortly(message.opCode)} is no 32-bit number; dropped`);
      if (sender === undefined) return warn(`${name}: sender ${shortly(message.sender)} is no 32-bit number; dropped`);
      const payload = message.payload;
      host.send(toGroup, to, opCode, sender, reliable, payload instanceof Uint8Array ? payload : bytes(payload));
    } catch (error) {
      if (isStarvation(error)) throw error;
      warn(`${name}: ${describe(error)}; dropped`);
    }
    return undefined;
  }

  const session = {
    getPlayers: () => new Players(players),
    getServerId: () => -1,
    getAllPlayersGroupId: () => -1,
    getGameSessionId: () => gameSessionId,
    getLogger: () => logger,
    newTextGameMessage: (opCode, sender, payload) => new GameMessage(opCode, sender, bytes(payload), false, 0, 0),
    newBinaryGameMessage: (opCode, sender, payload) => new GameMessage(opCode, sender, bytes(payload), false, 0, 0),
    sendMessage: (message, peer) => send('sendMessage', false, false, message, peer),
    sendReliableMessage: (message, peer) => send('sendReliableMessage', false, true, message, peer),
    sendGroupMessage: (message, group) => send('sendGroupMessage', true, false, message, group),
    sendReliableGroupMessage: (message, group) => send('sendReliableGroupMessage', true, true, message, group),
    broadcastGroupMembershipUpdate(groupToShow, groupToTell) {
      const show = int32(groupToShow);
      const to = int32(groupToTell);
      if (show === undefined || to === undefined) {
        warn(`broadcastGroupMembershipUpdate: ${shortly(groupToShow)}, ${shortly(groupToTell)} are no group ids; dropped`);
      } else {
        host.membership(show, to);
      }
    },
    processEnding() {
      if (ending === null) {
        let resolve;
        const promise = new Promise((settle) => { resolve = settle; });
        ending = { promise, resolve };
        host.ending();
      }
      return ending.promise;
    },
    toString: () => `Session(${gameSessionId})`,
    toJSON: () => ({ gameSessionId, players: players.size }),
    [inspect.custom]: () => `Session { gameSessionId: ${inspect(gameSessionId)}, players: ${players.size} }`,
  };
  for (const hidden of ['toString', 'toJSON', inspect.custom]) {
    Object.defineProperty(session, hidden, { enumerable: false });
  }

  // ---- what the session tells the script -----------------------------------------------------------------------------

  const told = {
    joined(peerId, playerSessionId, playerId, playerData) {
      players.set(peerId, playerOf(peerId, playerSessionId, playerId, playerData));
    },
    left: (peerId) => { players.delete(peerId); },
    gameSessionId: (id) => { gameSessionId = id; },
    ended(success) {
      if (ending === null) return;
      const outcome = { Success: success };
      Object.defineProperty(outcome, 'toString', { value: () => `[GenericOutcome: Success=${success}]`, enumerable: false });
      ending.resolve(outcome);
    },
  };

  function failed(id, error) {
    if (isStarvation(error)) host.crashed(`the script is out of memory\n${describe(error)}`);
    else host.threw(id, describe(error));
  }

  function call(id, hook, args) {
    try {
      const callback = callbacks[HOOKS[hook]];
      const result = typeof callback === 'function' ? callback.apply(callbacks, args) : true;
      if (result !== null && (typeof result === 'object' || typeof result === 'function') && typeof result.then === 'function') {
        Promise.resolve(result).then(
          (value) => host.returned(id, value === undefined || Boolean(value)),
          (error) => failed(id, error),
        );
      } else {
        host.returned(id, Boolean(result));
      }
    } catch (error) {
      failed(id, error);
    }
  }

  function connectMessageOf(peerId, playerSessionId, playerId, playerData, payload) {
    return { player: playerOf(peerId, playerSessionId, playerId, playerData), payload, peerId, playerSessionId };
  }

  // One entry a hook, in the order of HOOKS; payloads are Buffers of the script's own.
  const hooks = {
    bare: (id, hook) => call(id, hook, hook === 0 ? [session] : []),
    started: (id, hook, params) => call(id, hook, [JSON.parse(params)]),
    gameSession: (id, hook, json) => call(id, hook, [gameSessionOf(json)]),
    connect: (id, hook, peerId, psid, playerId, playerData, payload) =>
      call(id, hook, [connectMessageOf(peerId, psid, playerId, playerData, payload)]),
    accepted: (id, hook, peerId, psid, playerId, playerData) =>
      call(id, hook, [players.get(peerId) || playerOf(peerId, psid, playerId, playerData)]),
    peer: (id, hook, peerId) => call(id, hook, [peerId]),
    message: (id, hook, opCode, sender, player, group, reliable, payload) =>
      call(id, hook, [new GameMessage(opCode, sender, payload, reliable, player, group)]),
    group: (id, hook, groupId, peerId) => call(id, hook, [groupId, peerId]),
  };

  // ---- what a loaded script tells about itself -----------------------------------------------------------------------

  function names(object) {
    const found = new Set();
    for (let at = object; at && at !== Object.prototype && at !== Function.prototype; at = Object.getPrototypeOf(at)) {
      for (const name of Object.getOwnPropertyNames(at)) if (name !== 'constructor') found.add(name);
    }
    return [...found];
  }

  function setting(configuration, name, least, most, warnings) {
    const value = configuration[name];
    if (value === undefined) return null;
    if (typeof value === 'number' && value >= least && value <= most) return Math.floor(value);
    warnings.push(`configuration.${name} is ${shortly(value)}: it must be a number from ${least} to ${most}; the default is used`);
    return null;
  }

  function adopt(exported) {
    const about = { problem: null, callbacks: [], others: [], maxPlayers: null, pingIntervalTime: null, warnings: [] };
    const usable = (value) => value !== null && (typeof value === 'object' || typeof value === 'function');
    let found = usable(exported) ? exported.ssExports : undefined;
    if (!usable(found) && usable(exported) && usable(exported.default)) found = exported.default.ssExports;
    if (!usable(found)) {
      about.problem = 'exports';
      return about;
    }
    callbacks = found;
    for (const name of names(callbacks)) {
      let is;
      try {
        is = typeof callbacks[name];
      } catch (_) {
        continue;
      }
      if (is === 'function' && HOOKS.includes(name)) about.callbacks.push(name);
      else if (HOOKS.includes(name)) about.warnings.push(`ssExports.${name} is ${is}, not a function; it is never called`);
      else if (is === 'function') about.others.push(name);
    }
    if (!about.callbacks.includes('init')) about.problem = 'init';
    const configuration = callbacks.configuration;
    if (configuration !== undefined && configuration !== null) {
      if (typeof configuration !== 'object') {
        about.warnings.push(`ssExports.configuration is ${shortly(configuration)}, not an object; defaults are used`);
      } else {
        about.maxPlayers = setting(configuration, 'maxPlayers', 1, 1000000, about.warnings);
        about.pingIntervalTime = setting(configuration, 'pingIntervalTime', 1, 2147483647, about.warnings);
      }
    }
    return about;
  }

  function rejected(reason) {
    if (isStarvation(reason)) host.crashed(`the script is out of memory\n${describe(reason)}`);
    else report(3, `unhandled promise rejection: ${describe(reason)}`, reason);
  }

  function uncaught(error) {
    if (isStarvation(error)) host.crashed(`the script is out of memory\n${describe(error)}`);
    else host.crashed(`process.uncaughtException\n${describe(error)}`);
  }

  // For `require('../src/proto/Packet_pb')`, which AWS's own sample does without using it: classes that can be made and copied.
  function protoStub(file) {
    const shapes = { Packet_pb: ['Packet'], CoreCommands_pb: ['Login', 'LoginResult', 'UDPConnectMessage', 'VerifyIdentity',
      'VerifyIdentityResult', 'JoinGroup', 'LeaveGroup', 'RequestGroupMembership'], GroupMessages_pb: ['GroupMembershipUpdate'] };
    const found = /(?:^|\/)src\/proto\/(Packet|CoreCommands|GroupMessages)_pb(?:\.js)?$/.exec(String(file).replace(/\\/g, '/'));
    if (!found) return undefined;
    const stub = {};
    for (const name of shapes[`${found[1]}_pb`]) {
      stub[name] = class {
        static deserializeBinary() { return new this(); }
        serializeBinary() { return new Uint8Array(0); }
        toObject() { return {}; }
      };
      Object.defineProperty(stub[name], 'name', { value: name });
    }
    return stub;
  }

  return { session, told, hooks, adopt, rejected, uncaught, describe, log, placeOf, clip, protoStub };
})
