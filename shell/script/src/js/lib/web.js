// Globals of the web platform that scripts use: structuredClone, events and AbortController.
(function (module, core, native) {
  'use strict';
  function cloneError(what) {
    const error = new Error(`${what} could not be cloned.`);
    error.name = 'DataCloneError';
    error.code = 25;
    return error;
  }

  function structuredClone(value) {
    const seen = new Map();
    const clone = (from) => {
      if (typeof from === 'function' || typeof from === 'symbol') throw cloneError(String(from).slice(0, 60));
      if (from === null || typeof from !== 'object') return from;
      if (seen.has(from)) return seen.get(from);
      const keep = (made) => {
        seen.set(from, made);
        return made;
      };
      if (from instanceof Date) return keep(new Date(from.getTime()));
      if (from instanceof RegExp) return keep(new RegExp(from.source, from.flags));
      if (from instanceof ArrayBuffer) return keep(from.slice(0));
      if (from instanceof DataView) return keep(new DataView(clone(from.buffer), from.byteOffset, from.byteLength));
      if (ArrayBuffer.isView(from)) {
        const Kind = globalThis[from[Symbol.toStringTag]];
        return keep(new Kind(clone(from.buffer), from.byteOffset, from.length));
      }
      if (from instanceof Promise || from instanceof WeakMap || from instanceof WeakSet) throw cloneError(`#<${from.constructor.name}>`);
      if (from instanceof String || from instanceof Number || from instanceof Boolean || from instanceof BigInt) {
        return keep(Object(from.valueOf()));
      }
      if (from instanceof Map) {
        const made = keep(new Map());
        for (const [key, one] of from) made.set(clone(key), clone(one));
        return made;
      }
      if (from instanceof Set) {
        const made = keep(new Set());
        for (const one of from) made.add(clone(one));
        return made;
      }
      if (from instanceof Error) {
        const Kind = [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].find((K) => K.name === from.name) || Error;
        const made = keep(new Kind(from.message));
        made.stack = from.stack;
        if ('cause' in from) made.cause = clone(from.cause);
        return made;
      }
      const made = keep(Array.isArray(from) ? new Array(from.length) : {});
      for (const key of Object.keys(from)) made[key] = clone(from[key]);
      return made;
    };
    return clone(value);
  }

  class Event {
    constructor(type, init = {}) {
      Object.assign(this, { type: String(type), cancelable: Boolean(init.cancelable), defaultPrevented: false, target: null,
        currentTarget: null, bubbles: false, timeStamp: native.now() });
    }
    preventDefault() { if (this.cancelable) this.defaultPrevented = true; }
    stopPropagation() {}
    stopImmediatePropagation() { this._stopped = true; }
  }

  class EventTarget {
    addEventListener(type, listener, options) {
      if (!listener) return;
      this._listeners = this._listeners || new Map();
      const list = this._listeners.get(type) || [];
      if (!list.some((one) => one.listener === listener)) list.push({ listener, once: Boolean(options && options.once) });
      this._listeners.set(type, list);
    }
    removeEventListener(type, listener) {
      const list = this._listeners && this._listeners.get(type);
      if (list) this._listeners.set(type, list.filter((one) => one.listener !== listener));
    }
    dispatchEvent(event) {
      event.target = this;
      event.currentTarget = this;
      for (const { listener, once } of [...((this._listeners && this._listeners.get(event.type)) || [])]) {
        if (once) this.removeEventListener(event.type, listener);
        if (typeof listener === 'function') listener.call(this, event);
        else listener.handleEvent(event);
        if (event._stopped) break;
      }
      return !event.defaultPrevented;
    }
  }

  class AbortSignal extends EventTarget {
    aborted = false;
    reason = undefined;
    onabort = null;
    throwIfAborted() { if (this.aborted) throw this.reason; }
    static abort(reason) {
      const controller = new AbortController();
      controller.abort(reason);
      return controller.signal;
    }
    static timeout(delay) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(named('TimeoutError', 'The operation was aborted due to timeout')), delay);
      return controller.signal;
    }
  }

  function named(name, message) {
    return Object.assign(new Error(message), { name });
  }

  class AbortController {
    signal = new AbortSignal();
    abort(reason = named('AbortError', 'This operation was aborted')) {
      if (this.signal.aborted) return;
      this.signal.aborted = true;
      this.signal.reason = reason;
      const event = new Event('abort');
      if (typeof this.signal.onabort === 'function') this.signal.onabort(event);
      this.signal.dispatchEvent(event);
    }
  }

  module.exports = { structuredClone, Event, EventTarget, AbortController, AbortSignal };
})
