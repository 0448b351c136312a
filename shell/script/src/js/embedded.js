// The surroundings of a script in the embedded engine: CommonJS modules, timers, process, and the globals of Node.js. `native`
// has what only the engine can do. Core modules are files of lib/, compiled when first required.
(function (native, makeSession, makeConsole) {
  'use strict';
  const cores = new Map();

  // ---- core modules --------------------------------------------------------------------------------------------------

  function core(name) {
    const known = cores.get(name);
    if (known !== undefined) return known.exports;
    const compiled = native.builtin(name);
    if (compiled === undefined) return undefined;
    const module = { exports: {} };
    cores.set(name, module);
    compiled(module, core, native);
    return module.exports;
  }

  // ---- timers --------------------------------------------------------------------------------------------------------

  const heap = [];
  const byId = new Map();
  let immediates = [];
  let nextId = 1;

  const before = (a, b) => a.at < b.at || (a.at === b.at && a.order < b.order);

  function push(entry) {
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(entry, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = entry;
  }

  function pop() {
    const top = heap[0];
    const last = heap.pop();
    if (heap.length > 0) {
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child += 1;
        if (!before(heap[child], last)) break;
        heap[at] = heap[child];
        at = child;
      }
      heap[at] = last;
    }
    return top;
  }

  class Timeout {
    constructor(callback, delay, args, repeat) {
      this._callback = callback;
      this._delay = delay;
      this._args = args;
      this._repeat = repeat;
      this._entry = null;
      this._id = 0;
      this._referenced = true;
      arm(this, native.now() + delay);
    }
    ref() { this._referenced = true; return this; }
    unref() { this._referenced = false; return this; }
    hasRef() { return this._referenced; }
    refresh() {
      if (this._entry !== null) arm(this, native.now() + this._delay);
      return this;
    }
    close() { clear(this); return this; }
    [Symbol.toPrimitive]() {
      if (this._id === 0) {
        this._id = nextId++;
        byId.set(this._id, this);
      }
      return this._id;
    }
    [Symbol.dispose]() { clear(this); }
  }

  let order = 0;
  let dead = 0;

  function arm(timeout, at) {
    if (timeout._entry !== null) retire(timeout._entry);
    timeout._entry = { at, order: order++, timeout };
    push(timeout._entry);
    native.wake(heap[0].at);
  }

  // A cleared timer stays in the heap until its time; when most of the heap is such, the heap is made anew.
  function retire(entry) {
    entry.timeout = null;
    dead += 1;
    if (dead > 64 && dead * 2 > heap.length) {
      const alive = heap.filter((one) => one.timeout !== null);
      heap.length = 0;
      dead = 0;
      alive.forEach(push);
    }
  }

  function clear(timer) {
    let timeout = timer;
    if (typeof timeout === 'number' || typeof timeout === 'string') timeout = byId.get(Number(timeout));
    if (timeout instanceof Immediate) {
      timeout._callback = null;
    } else if (timeout instanceof Timeout) {
      if (timeout._entry !== null) retire(timeout._entry);
      timeout._entry = null;
      timeout._repeat = false;
      if (timeout._id !== 0) byId.delete(timeout._id);
    }
  }

  class Immediate {
    constructor(callback, args) {
      this._callback = callback;
      this._args = args;
    }
    ref() { return this; }
    unref() { return this; }
    hasRef() { return true; }
    [Symbol.dispose]() { clear(this); }
  }

  function needFunction(callback) {
    if (typeof callback === 'function') return;
    const error = new TypeError(`The "callback" argument must be of type function. Received ${String(callback)}`);
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  }

  function delayOf(value) {
    const delay = Number(value);
    return delay >= 1 && delay <= 2147483647 ? Math.trunc(delay) : 1;
  }

  function setTimeout(callback, delay, ...args) {
    needFunction(callback);
    return new Timeout(callback, delayOf(delay), args, false);
  }
  Object.defineProperty(setTimeout, Symbol.for('nodejs.util.promisify.custom'), {
    value: (delay, value) => new Promise((resolve) => setTimeout(resolve, delay, value)),
  });
  function setInterval(callback, delay, ...args) {
    needFunction(callback);
    return new Timeout(callback, delayOf(delay), args, true);
  }
  function setImmediate(callback, ...args) {
    needFunction(callback);
    const immediate = new Immediate(callback, args);
    immediates.push(immediate);
    native.wake(0);
    return immediate;
  }

  Object.defineProperty(setImmediate, Symbol.for('nodejs.util.promisify.custom'), {
    value: (value) => new Promise((resolve) => setImmediate(resolve, value)),
  });

  // Runs one timer or immediate that is due; the engine asks again until nothing is. A timer's own period starts when it runs.
  function due(now) {
    while (heap.length > 0 && heap[0].timeout === null) {
      pop();
      dead -= 1;
    }
    if (heap.length > 0 && heap[0].at <= now) {
      const { timeout } = pop();
      timeout._entry = null;
      next();
      fire(timeout, now);
      return;
    }
    while (immediates.length > 0) {
      const immediate = immediates.shift();
      if (immediate._callback !== null) {
        next();
        guarded(immediate._callback, immediate, immediate._args);
        return;
      }
    }
    next();
  }

  function fire(timeout, now) {
    guarded(timeout._callback, timeout, timeout._args);
    if (timeout._entry !== null) return;
    if (timeout._repeat) arm(timeout, Math.max(now, native.now() - timeout._delay) + timeout._delay);
    else if (timeout._id !== 0) byId.delete(timeout._id);
  }

  function next() {
    if (immediates.length > 0) native.wake(0);
    else native.wake(heap.length > 0 ? heap[0].at : Infinity);
  }

  function guarded(callback, self, args) {
    try {
      Reflect.apply(callback, self, args);
    } catch (error) {
      uncaught(error);
    }
  }

  // ---- next ticks and what nobody caught -----------------------------------------------------------------------------

  let ticks = [];

  function nextTick(callback, ...args) {
    needFunction(callback);
    if (ticks.length === 0) native.ticking();
    ticks.push({ callback, args });
  }

  function runTicks() {
    while (ticks.length > 0) {
      const batch = ticks;
      ticks = [];
      for (const { callback, args } of batch) guarded(callback, undefined, args);
    }
  }

  const rejections = new Map();

  function rejection(promise, reason, handled) {
    if (handled) rejections.delete(promise);
    else rejections.set(promise, reason);
    return rejections.size;
  }

  function runRejections() {
    const found = [...rejections];
    rejections.clear();
    for (const [promise, reason] of found) {
      try {
        if (!process.emit('unhandledRejection', reason, promise)) api.rejected(reason);
      } catch (error) {
        uncaught(error);
      }
    }
  }

  function uncaught(error) {
    if (process.listenerCount('uncaughtException') === 0) {
      api.uncaught(error);
      return;
    }
    try {
      process.emit('uncaughtException', error, 'uncaughtException');
    } catch (second) {
      api.uncaught(second);
    }
  }

  // ---- globals -------------------------------------------------------------------------------------------------------

  function site(frame) {
    const name = frame.getFunctionName();
    const file = frame.getFileName();
    const place = file ? `${file}:${frame.getLineNumber()}:${frame.getColumnNumber()}` : 'native';
    return name && name !== '<anonymous>' ? `    at ${name} (${place})` : `    at ${place}`;
  }
  Error.prepareStackTrace = function (error, frames) {
    let head = 'Error';
    try {
      head = error.message === '' || error.message === undefined ? `${error.name}` : `${error.name}: ${error.message}`;
    } catch (_) {
      // An error whose getters throw keeps the plain head.
    }
    return [head, ...frames.filter((frame) => !String(frame.getFileName()).startsWith('hoist:')).map(site)].join('\n');
  };

  function define(name, value) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }
  function lazily(name, make) {
    Object.defineProperty(globalThis, name, {
      configurable: true,
      enumerable: false,
      get() { const value = make(); define(name, value); return value; },
      set(value) { define(name, value); },
    });
  }

  const Buffer = core('buffer').Buffer;
  const lazyInspect = Object.assign((...args) => core('hoist/inspect').inspect(...args),
    { custom: Symbol.for('nodejs.util.inspect.custom') });
  const lazyFormat = (...args) =>
    args.length === 1 && typeof args[0] === 'string' ? args[0] : core('hoist/inspect').format(...args);
  const api = makeSession(native, { Buffer, inspect: lazyInspect, format: lazyFormat });
  const process = core('process');
  process.nextTick = nextTick;
  core('timers');
  Object.assign(cores.get('timers').exports, { setTimeout, setInterval, setImmediate, clearTimeout: clear, clearInterval: clear,
    clearImmediate: clear });

  define('global', globalThis);
  define('process', process);
  define('Buffer', Buffer);
  define('console', makeConsole((level, args) => api.log(level, 'console', args), lazyInspect, lazyFormat));
  define('setTimeout', setTimeout);
  define('setInterval', setInterval);
  define('setImmediate', setImmediate);
  define('clearTimeout', clear);
  define('clearInterval', clear);
  define('clearImmediate', clear);
  define('queueMicrotask', (callback) => {
    needFunction(callback);
    Promise.resolve().then(() => guarded(callback, undefined, []));
  });
  lazily('structuredClone', () => core('hoist/web').structuredClone);
  lazily('TextEncoder', () => core('util').TextEncoder);
  lazily('TextDecoder', () => core('util').TextDecoder);
  lazily('URL', () => core('url').URL);
  lazily('URLSearchParams', () => core('url').URLSearchParams);
  lazily('Event', () => core('hoist/web').Event);
  lazily('EventTarget', () => core('hoist/web').EventTarget);
  lazily('AbortController', () => core('hoist/web').AbortController);
  lazily('AbortSignal', () => core('hoist/web').AbortSignal);
  lazily('atob', () => core('buffer').atob);
  lazily('btoa', () => core('buffer').btoa);
  lazily('crypto', () => core('crypto').webcrypto);
  lazily('performance', () => core('perf_hooks').performance);

  // ---- script modules ------------------------------------------------------------------------------------------------

  const modules = core('module').make(core, native, api);
  return {
    load(entry) {
      try {
        return JSON.stringify(api.adopt(modules.loadMain(entry)));
      } catch (error) {
        const known = error !== null && typeof error === 'object';
        return JSON.stringify({
          failure: { name: known ? String(error.name) : '', code: known ? String(error.code) : '', text: api.describe(error) },
        });
      }
    },
    hooks: api.hooks, told: api.told, describe: api.describe, due, runTicks, runRejections, rejection, uncaught,
    payload: Buffer.prototype,
  };
})
