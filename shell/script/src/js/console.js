// The console of scripts, shared by both engines: every line goes into the session's log with the tag (console).
(function (log, inspect, format) {
  'use strict';
  const [DEBUG, INFO, WARN, ERROR] = [0, 1, 2, 3];
  const counts = new Map();
  const timers = new Map();
  let indent = '';

  function write(level, args) {
    try {
      if (indent === '') return log(level, args);
      const text = format(...args);
      return log(level, ['%s', text.split('\n').map((line) => indent + line).join('\n')]);
    } catch (_) {
      return undefined;
    }
  }

  function elapsed(label) {
    const start = timers.get(String(label));
    return start === undefined ? undefined : `${label}: ${(performance.now() - start).toFixed(3)}ms`;
  }

  function table(rows) {
    if (rows === null || typeof rows !== 'object') return write(INFO, [rows]);
    const columns = new Set();
    const lines = [];
    for (const [key, row] of rows instanceof Map ? rows : Object.entries(rows)) {
      const cells = row !== null && typeof row === 'object' ? row : { Values: row };
      Object.keys(cells).forEach((name) => columns.add(name));
      lines.push([String(key), cells]);
    }
    const heads = ['(index)', ...columns];
    const grid = [heads, ...lines.map(([key, cells]) =>
      [key, ...[...columns].map((name) => (name in cells ? inspect(cells[name], { depth: 0 }) : ''))])];
    const widths = heads.map((_, at) => Math.max(...grid.map((line) => line[at].length)));
    return write(INFO, ['%s', grid.map((line) => line.map((cell, at) => cell.padEnd(widths[at])).join('  ').trimEnd()).join('\n')]);
  }

  const console = {
    log: (...args) => write(INFO, args),
    info: (...args) => write(INFO, args),
    debug: (...args) => write(DEBUG, args),
    warn: (...args) => write(WARN, args),
    error: (...args) => write(ERROR, args),
    exception: (...args) => write(ERROR, args),
    dir: (value, options) => write(INFO, ['%s', inspect(value, options)]),
    dirxml: (...args) => write(INFO, args),
    table,
    trace(...args) {
      const holder = { name: 'Trace', message: '' };
      Error.captureStackTrace(holder, console.trace);
      const stack = String(holder.stack).split('\n').filter((line) => /^ +at /.test(line)).join('\n');
      write(ERROR, ['%s', `Trace: ${format(...args)}\n${stack}`]);
    },
    assert(value, ...args) {
      if (value) return;
      if (typeof args[0] === 'string') write(ERROR, [`Assertion failed: ${args[0]}`, ...args.slice(1)]);
      else write(ERROR, ['Assertion failed', ...args]);
    },
    group(...args) {
      if (args.length > 0) write(INFO, args);
      indent += '  ';
    },
    groupEnd() { indent = indent.slice(2); },
    time(label = 'default') { timers.set(String(label), performance.now()); },
    timeLog(label = 'default', ...args) {
      const text = elapsed(label);
      if (text !== undefined) write(INFO, ['%s', text, ...args]);
    },
    timeEnd(label = 'default') {
      const text = elapsed(label);
      if (text !== undefined) write(INFO, ['%s', text]);
      timers.delete(String(label));
    },
    count(label = 'default') {
      const count = (counts.get(String(label)) || 0) + 1;
      counts.set(String(label), count);
      write(INFO, ['%s', `${label}: ${count}`]);
    },
    countReset(label = 'default') { counts.delete(String(label)); },
  };
  console.groupCollapsed = console.group;
  return console;
})
