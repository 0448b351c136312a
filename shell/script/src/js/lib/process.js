// `process` of the embedded engine: an event emitter that knows the script's start, time and end.
(function (module, core, native) {
  'use strict';
  const EventEmitter = core('events');
  const about = JSON.parse(native.about());
  const process = Object.create(EventEmitter.prototype);
  EventEmitter.call(process);

  function hrtime(earlier) {
    const now = native.nanos();
    let seconds = Math.floor(now / 1e9);
    let nanos = Math.floor(now % 1e9);
    if (Array.isArray(earlier)) {
      seconds -= earlier[0];
      nanos -= earlier[1];
      if (nanos < 0) {
        seconds -= 1;
        nanos += 1e9;
      }
    }
    return [seconds, nanos];
  }
  hrtime.bigint = () => BigInt(Math.floor(native.nanos()));

  function memoryUsage() {
    const [used, limit] = native.memory();
    return { rss: used, heapTotal: limit, heapUsed: used, external: 0, arrayBuffers: 0 };
  }
  memoryUsage.rss = () => native.memory()[0];

  let exiting = false;
  function exit(code) {
    if (code !== undefined) process.exitCode = code;
    const status = Number(process.exitCode) | 0;
    if (!exiting) {
      exiting = true;
      try {
        process.emit('exit', status);
      } catch (_) {
        // The end is not put off by a listener that fails.
      }
    }
    native.exit(status);
    for (;;);
  }

  function stream(level, fd) {
    let held = '';
    return {
      fd, isTTY: false, writable: true, columns: 80,
      write(chunk, encoding, done) {
        held += typeof chunk === 'string' ? chunk : core('buffer').Buffer.from(chunk).toString();
        const lines = held.split('\n');
        held = lines.pop();
        if (held.length > 65536) {
          lines.push(held);
          held = '';
        }
        for (const line of lines) native.log(level, 'console', 0, line.toWellFormed());
        const callback = typeof encoding === 'function' ? encoding : done;
        if (typeof callback === 'function') process.nextTick(callback);
        return true;
      },
      end(chunk) { if (chunk !== undefined) this.write(chunk); },
      on() { return this; }, once() { return this; }, emit() { return false; }, removeListener() { return this; },
    };
  }

  Object.assign(process, {
    title: 'node', argv: about.argv, argv0: 'node', execPath: about.argv[0], execArgv: [], env: about.env, pid: about.pid,
    ppid: about.ppid, platform: 'linux', arch: about.arch, version: 'v24.0.0', exitCode: undefined,
    versions: { node: '24.0.0', hoist: about.version, quickjs: 'ng' },
    release: { name: 'node' }, config: {}, features: {}, stdout: stream(1, 1), stderr: stream(3, 2),
    hrtime, memoryUsage, exit, reallyExit: exit, abort: () => exit(134), cwd: () => about.cwd, uptime: () => native.now() / 1000,
    chdir() { throw new Error('process.chdir is not there in the embedded engine: run the script with --engine node'); },
    cpuUsage() {
      const micros = Math.floor(native.now() * 1000);
      return { user: micros, system: 0 };
    },
    umask: () => 18, getuid: () => about.uid, geteuid: () => about.uid, getgid: () => about.gid, getegid: () => about.gid,
    kill(pid) {
      if (pid === about.pid) exit(143);
      throw new Error('process.kill is not there in the embedded engine: run the script with --engine node');
    },
    emitWarning(warning) {
      const text = typeof warning === 'string' ? `Warning: ${warning}` : String(warning && warning.stack);
      native.log(2, '-', 0, text.toWellFormed());
    },
    binding() { throw new Error('process.binding is not there in the embedded engine: run the script with --engine node'); },
    setUncaughtExceptionCaptureCallback(callback) {
      process.removeAllListeners('uncaughtException');
      if (callback) process.on('uncaughtException', callback);
    },
    hasUncaughtExceptionCaptureCallback: () => process.listenerCount('uncaughtException') > 0,
  });
  Object.defineProperty(process, Symbol.toStringTag, { value: 'process', configurable: true });
  module.exports = process;
})
