// Runs inside the Node.js child: takes frames from the socket, calls the script, and answers in frames, batched. A frame is a
// 32-bit length, a byte that says what it is, and its fields, little-endian; texts and payloads have a 32-bit length before them.
(function (native, makeSession, makeConsole) {
  'use strict';
  const fs = require('fs');
  const net = require('net');
  const Module = require('module');
  const path = require('path');
  const util = require('util');
  const { pathToFileURL } = require('url');
  const FLUSH_AT = 65536;

  // ---- out -----------------------------------------------------------------------------------------------------------

  let out = Buffer.allocUnsafe(2 * FLUSH_AT);
  let used = 0;
  let flushing = false;
  let over = false;
  const naps = new Int32Array(new SharedArrayBuffer(4));

  function flush() {
    let at = 0;
    while (at < used) {
      try {
        at += fs.writeSync(native.fd, out, at, used - at);
      } catch (error) {
        if (error.code === 'EAGAIN') Atomics.wait(naps, 0, 0, 1);
        else if (error.code !== 'EINTR') leave(1);
      }
    }
    used = 0;
  }

  function later() {
    if (flushing) return;
    flushing = true;
    setImmediate(() => {
      flushing = false;
      flush();
    });
  }

  function emit(kind, fields) {
    if (over) return;
    const size = fields.length;
    if (used + size + 5 > out.length) {
      flush();
      if (size + 5 > out.length) out = Buffer.allocUnsafe(2 * (size + 5));
    }
    out.writeUInt32LE(size + 1, used);
    out[used + 4] = kind;
    fields.copy(out, used + 5);
    used += size + 5;
    if (used > FLUSH_AT) flush();
    else later();
  }

  function text(value) {
    const bytes = Buffer.from(String(value), 'utf8');
    const head = Buffer.allocUnsafe(4);
    head.writeUInt32LE(bytes.length);
    return Buffer.concat([head, bytes]);
  }

  const numbers = (...values) => {
    const fields = Buffer.allocUnsafe(4 * values.length);
    values.forEach((value, at) => fields.writeInt32LE(value, 4 * at));
    return fields;
  };

  function ofCall(id, rest) {
    const head = Buffer.allocUnsafe(8);
    head.writeDoubleLE(id);
    return Buffer.concat([head, rest]);
  }

  const host = {
    level: native.level,
    starved: () => false,
    log(level, file, line, message) {
      emit(1, Buffer.concat([numbers(level, line), text(file), text(message)]));
    },
    returned(id, value) {
      const fields = Buffer.allocUnsafe(9);
      fields.writeDoubleLE(id);
      fields[8] = value ? 1 : 0;
      emit(2, fields);
    },
    threw: (id, message) => emit(3, ofCall(id, text(message))),
    send(toGroup, to, opCode, sender, reliable, payload) {
      const fields = Buffer.allocUnsafe(17 + payload.length);
      fields.writeInt32LE(to, 0);
      fields.writeInt32LE(opCode, 4);
      fields.writeInt32LE(sender, 8);
      fields[12] = reliable ? 1 : 0;
      fields.writeUInt32LE(payload.length, 13);
      fields.set(payload, 17);
      emit(toGroup ? 5 : 4, fields);
    },
    membership: (show, to) => emit(6, numbers(show, to)),
    ending: () => emit(7, Buffer.alloc(0)),
    crashed(message) {
      emit(9, text(message));
      flush();
      over = true;
    },
  };

  const api = makeSession(host, { Buffer, inspect: util.inspect, format: util.format });
  Object.assign(globalThis.console, makeConsole((level, args) => api.log(level, 'console', args), util.inspect, util.format));

  // ---- the process ---------------------------------------------------------------------------------------------------

  // Node.js leaves by `reallyExit`, after the script's own listeners of the end: what they say is still sent.
  const reallyExit = process.reallyExit.bind(process);
  process.reallyExit = function (code) {
    emit(8, numbers(Number(code) | 0));
    flush();
    over = true;
    reallyExit(code);
  };
  const leave = (code) => {
    over = true;
    reallyExit(code);
  };
  process.on('uncaughtException', (error) => {
    if (process.listenerCount('uncaughtException') > 1) return;
    api.uncaught(error);
    leave(1);
  });
  process.on('unhandledRejection', (reason) => {
    if (process.listenerCount('unhandledRejection') === 1) api.rejected(reason);
  });
  process.on('warning', (warning) => {
    if (!/^(Deprecation|Experimental)Warning$/.test(warning.name)) api.log(2, 'console', [`${warning.name}: ${warning.message}`]);
  });

  // ---- in ------------------------------------------------------------------------------------------------------------

  let at = 0;
  let data = Buffer.alloc(0);
  const int = () => data.readInt32LE((at += 4) - 4);
  const double = () => data.readDoubleLE((at += 8) - 8);
  const size = () => data.readUInt32LE((at += 4) - 4);
  const string = () => {
    const length = size();
    return data.toString('utf8', at, (at += length));
  };
  // A copy that the script may keep.
  const payload = () => {
    const length = size();
    return Buffer.from(data.subarray(at, (at += length)));
  };

  function call(hook) {
    const id = double();
    switch (hook) {
      case 0: case 3: case 4: return api.hooks.bare(id, hook);
      case 1: return api.hooks.started(id, hook, string());
      case 2: return api.hooks.gameSession(id, hook, string());
      case 5: return api.hooks.connect(id, hook, int(), string(), string(), string(), payload());
      case 6: return api.hooks.accepted(id, hook, int(), string(), string(), string());
      case 7: return api.hooks.peer(id, hook, int());
      case 11: case 12: return api.hooks.group(id, hook, int(), int());
      default: {
        const [opCode, sender, player, group, reliable] = [int(), int(), int(), int(), int()];
        return api.hooks.message(id, hook, opCode, sender, player, group, reliable === 1, payload());
      }
    }
  }

  function tell(kind) {
    switch (kind) {
      case 100: return api.told.joined(int(), string(), string(), string());
      case 101: return api.told.left(int());
      case 102: return api.told.gameSessionId(string());
      case 103: return api.told.ended(int() === 1);
      case 104: return undefined;
      default: return call(kind);
    }
  }

  let held = [];
  let heldBytes = 0;
  let wanted = 4;

  // Several messages of one batch are several turns for the script: its Promise jobs and ticks run in between.
  function take(chunk) {
    held.push(chunk);
    heldBytes += chunk.length;
    if (heldBytes < wanted) return;
    let rest = held.length === 1 ? held[0] : Buffer.concat(held);
    held = [];
    const frames = [];
    for (;;) {
      if (rest.length < 4) {
        wanted = 4;
        break;
      }
      wanted = 4 + rest.readUInt32LE(0);
      if (rest.length < wanted) break;
      frames.push(rest.subarray(4, wanted));
      rest = rest.subarray(wanted);
    }
    held = rest.length > 0 ? [rest] : [];
    heldBytes = rest.length;
    if (frames.length > 0) turn(frames);
  }

  const waiting = [];
  let turning = false;

  function turn(frames) {
    for (const one of frames) waiting.push(one);
    if (!turning) step();
  }

  function step() {
    turning = true;
    const one = waiting.shift();
    if (one === undefined || over) {
      turning = false;
      return;
    }
    data = one;
    at = 1;
    taken += 1;
    try {
      tell(one[0]);
    } finally {
      // At the end of a batch, and in a long one now and then: the chain of turns keeps setImmediate waiting.
      const now = performance.now();
      if (waiting.length === 0 || now - told > 2) {
        acknowledge();
        flush();
        told = now;
      }
      // Ticks and Promise jobs of this message first, then the next message.
      process.nextTick(() => Promise.resolve().then(() => process.nextTick(step)));
    }
  }

  let taken = 0;
  let told = 0;
  function acknowledge() {
    emit(12, numbers(taken));
    taken = 0;
  }

  // ---- load ----------------------------------------------------------------------------------------------------------

  const missing = [];
  const resolveFilename = Module._resolveFilename;
  const stubs = new Map();
  Module._resolveFilename = function (request, parent, ...rest) {
    try {
      return resolveFilename.call(this, request, parent, ...rest);
    } catch (error) {
      const from = (parent && parent.filename) || native.entry;
      const target = path.resolve(path.dirname(from), String(request));
      const stub = error.code === 'MODULE_NOT_FOUND' ? api.protoStub(target) : undefined;
      if (stub === undefined) {
        if (missing.length < 100) missing.push({ module: String(request), from });
        throw error;
      }
      if (!stubs.has(target)) {
        const made = new Module(target, parent);
        made.exports = stub;
        made.loaded = true;
        Module._cache[target] = made;
        stubs.set(target, made);
      }
      return target;
    }
  };

  // A main module of that kind would be loaded, but its exports not given to us.
  function isEsModule(file) {
    if (/\.[mc]js$/.test(file)) return file.endsWith('.mjs');
    for (let at = path.dirname(file); ; at = path.dirname(at)) {
      const about = path.join(at, 'package.json');
      if (fs.existsSync(about)) {
        try {
          if (JSON.parse(fs.readFileSync(about, 'utf8')).type === 'module') return true;
        } catch (_) {
          // Node.js itself will say what is wrong with it.
        }
        break;
      }
      if (at === path.dirname(at)) break;
    }
    return /^\s*(import\s+[\w${*'"]|import[{*'"]|export\s+(default|const|let|var|function|class|async|[{*])|export[{*])/m
      .test(fs.readFileSync(file, 'utf8'));
  }

  async function loadMain() {
    process.argv = [process.execPath, native.entry, ...native.params];
    process.chdir(native.gameDir);
    if (isEsModule(native.entry)) return native.bring(pathToFileURL(native.entry).href);
    try {
      return Module._load(native.entry, null, true);
    } catch (error) {
      if (error === null || typeof error !== 'object' || !/^ERR_REQUIRE_(ESM|ASYNC_MODULE)$/.test(error.code)) throw error;
      return native.bring(pathToFileURL(native.entry).href);
    }
  }

  async function start() {
    let about;
    emit(11, Buffer.alloc(0));
    flush();
    try {
      about = api.adopt(await loadMain());
    } catch (error) {
      const known = error !== null && typeof error === 'object';
      about = { failure: { name: known ? String(error.name) : '', code: known ? String(error.code) : '', text: api.describe(error) } };
    }
    emit(10, text(JSON.stringify({ about, missing, node: process.versions.node })));
    flush();
    const socket = new net.Socket({ fd: native.fd, readable: true, writable: false });
    socket.on('data', take);
    socket.on('error', () => leave(0));
    socket.on('close', () => leave(0));
    socket.on('end', () => leave(0));
  }
  start();
})
