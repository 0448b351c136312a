// The module `perf_hooks`: the monotonic clock of a script.
(function (module, core, native) {
  'use strict';
  const marks = new Map();
  const performance = {
    timeOrigin: Date.now() - native.now(),
    now: () => native.now(),
    mark(name) {
      const entry = { name, entryType: 'mark', startTime: native.now(), duration: 0 };
      if (marks.size < 10000) marks.set(name, entry);
      return entry;
    },
    measure(name, from, to) {
      const start = marks.has(from) ? marks.get(from).startTime : 0;
      const end = marks.has(to) ? marks.get(to).startTime : native.now();
      return { name, entryType: 'measure', startTime: start, duration: end - start };
    },
    clearMarks(name) {
      if (name === undefined) marks.clear();
      else marks.delete(name);
    },
    clearMeasures() {},
    getEntries: () => [...marks.values()],
    getEntriesByName: (name) => (marks.has(name) ? [marks.get(name)] : []),
    getEntriesByType: (kind) => (kind === 'mark' ? [...marks.values()] : []),
    eventLoopUtilization: () => ({ idle: 0, active: 0, utilization: 0 }),
    toJSON() { return { timeOrigin: this.timeOrigin }; },
  };
  module.exports = { performance, constants: {} };
})
