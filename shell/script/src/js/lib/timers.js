// The modules `timers` and `timers/promises`; the functions themselves are put in by the engine's surroundings.
(function (module, core, native) {
  'use strict';
  const timers = module.exports;
  function abortable(start, stop, options) {
    const signal = options && options.signal;
    return new Promise((resolve, reject) => {
      if (signal && signal.aborted) {
        reject(signal.reason);
        return;
      }
      const timer = start(resolve);
      if (signal) {
        signal.addEventListener('abort', () => {
          stop(timer);
          reject(signal.reason);
        });
      }
    });
  }
  timers.promises = {
    setTimeout: (delay, value, options) =>
      abortable((resolve) => timers.setTimeout(resolve, delay, value), timers.clearTimeout, options),
    setImmediate: (value, options) => abortable((resolve) => timers.setImmediate(resolve, value), timers.clearImmediate, options),
    async* setInterval(delay, value) {
      for (;;) {
        await timers.promises.setTimeout(delay);
        yield value;
      }
    },
  };
  timers.promises.scheduler = { wait: (delay, options) => timers.promises.setTimeout(delay, undefined, options),
    yield: () => timers.promises.setImmediate() };
})
