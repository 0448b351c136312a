// The module `events`.
(function (module, core, native) {
  'use strict';
  function EventEmitter() {
    EventEmitter.init.call(this);
  }
  EventEmitter.init = function () {
    if (this._events === undefined || this._events === Object.getPrototypeOf(this)._events) this._events = Object.create(null);
  };
  EventEmitter.prototype._events = undefined;
  EventEmitter.prototype._maxListeners = undefined;
  EventEmitter.defaultMaxListeners = 10;

  function check(listener) {
    if (typeof listener === 'function') return;
    const error = new TypeError(`The "listener" argument must be of type function. Received ${String(listener)}`);
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  }

  function add(emitter, name, listener, first) {
    check(listener);
    EventEmitter.init.call(emitter);
    if (emitter._events.newListener !== undefined) emitter.emit('newListener', name, listener.listener || listener);
    const list = emitter._events[name] || (emitter._events[name] = []);
    if (first) list.unshift(listener);
    else list.push(listener);
    return emitter;
  }

  function once(emitter, name, listener) {
    check(listener);
    function wrapped(...args) {
      emitter.removeListener(name, wrapped);
      return listener.apply(emitter, args);
    }
    wrapped.listener = listener;
    return wrapped;
  }

  const methods = {
    setMaxListeners(count) { this._maxListeners = count; return this; },
    getMaxListeners() { return this._maxListeners === undefined ? EventEmitter.defaultMaxListeners : this._maxListeners; },
    emit(name, ...args) {
      const list = this._events && this._events[name];
      if (list === undefined || list.length === 0) {
        if (name !== 'error') return false;
        if (args[0] instanceof Error) throw args[0];
        const error = new Error(`Unhandled error. (${String(args[0])})`);
        error.code = 'ERR_UNHANDLED_ERROR';
        error.context = args[0];
        throw error;
      }
      for (const listener of [...list]) Reflect.apply(listener, this, args);
      return true;
    },
    on(name, listener) { return add(this, name, listener, false); },
    prependListener(name, listener) { return add(this, name, listener, true); },
    once(name, listener) { return add(this, name, once(this, name, listener), false); },
    prependOnceListener(name, listener) { return add(this, name, once(this, name, listener), true); },
    removeListener(name, listener) {
      const list = this._events && this._events[name];
      if (list === undefined) return this;
      const at = list.findLastIndex((one) => one === listener || one.listener === listener);
      if (at < 0) return this;
      list.splice(at, 1);
      if (list.length === 0) delete this._events[name];
      if (this._events.removeListener !== undefined) this.emit('removeListener', name, listener);
      return this;
    },
    removeAllListeners(name) {
      if (name === undefined) this._events = Object.create(null);
      else if (this._events) delete this._events[name];
      return this;
    },
    listeners(name) { return this.rawListeners(name).map((one) => one.listener || one); },
    rawListeners(name) { return [...((this._events && this._events[name]) || [])]; },
    listenerCount(name, listener) {
      const list = this.rawListeners(name);
      return listener === undefined ? list.length : list.filter((one) => one === listener || one.listener === listener).length;
    },
    eventNames() { return this._events ? Reflect.ownKeys(this._events) : []; },
  };
  methods.addListener = methods.on;
  methods.off = methods.removeListener;
  for (const name of Object.keys(methods)) {
    Object.defineProperty(EventEmitter.prototype, name, { value: methods[name], writable: true, configurable: true, enumerable: true });
  }

  EventEmitter.once = (emitter, name) => new Promise((resolve, reject) => {
    const failed = (error) => {
      emitter.removeListener(name, came);
      reject(error);
    };
    const came = (...args) => {
      emitter.removeListener('error', failed);
      resolve(args);
    };
    emitter.once(name, came);
    if (name !== 'error') emitter.once('error', failed);
  });
  EventEmitter.on = function (emitter, name) {
    const queue = [];
    const waiting = [];
    let failure;
    let over = false;
    const came = (...args) => {
      if (waiting.length > 0) waiting.shift().resolve({ value: args, done: false });
      else queue.push(args);
    };
    const failed = (error) => {
      if (waiting.length > 0) waiting.shift().reject(error);
      else failure = error;
    };
    emitter.on(name, came);
    if (name !== 'error') emitter.on('error', failed);
    return {
      next() {
        if (queue.length > 0) return Promise.resolve({ value: queue.shift(), done: false });
        if (failure) return Promise.reject(failure);
        if (over) return Promise.resolve({ value: undefined, done: true });
        return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
      },
      return() {
        over = true;
        emitter.removeListener(name, came);
        emitter.removeListener('error', failed);
        waiting.splice(0).forEach(({ resolve }) => resolve({ value: undefined, done: true }));
        return Promise.resolve({ value: undefined, done: true });
      },
      [Symbol.asyncIterator]() { return this; },
    };
  };
  EventEmitter.listenerCount = (emitter, name) => emitter.listenerCount(name);
  EventEmitter.getEventListeners = (emitter, name) => emitter.listeners(name);
  EventEmitter.setMaxListeners = () => undefined;
  EventEmitter.errorMonitor = Symbol('events.errorMonitor');
  EventEmitter.captureRejectionSymbol = Symbol.for('nodejs.rejection');
  EventEmitter.EventEmitter = EventEmitter;
  module.exports = EventEmitter;
})
