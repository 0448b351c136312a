// The module `os`: what a script may know about the machine.
(function (module, core, native) {
  'use strict';
  const about = JSON.parse(native.about());
  const memory = () => native.memory();
  module.exports = {
    EOL: '\n',
    arch: () => about.arch,
    platform: () => 'linux',
    type: () => 'Linux',
    release: () => about.release,
    version: () => about.release,
    machine: () => (about.arch === 'x64' ? 'x86_64' : about.arch),
    hostname: () => about.hostname,
    homedir: () => about.cwd,
    tmpdir: () => '/tmp',
    endianness: () => 'LE',
    uptime: () => native.now() / 1000,
    loadavg: () => [0, 0, 0],
    totalmem: () => memory()[1],
    freemem: () => Math.max(0, memory()[1] - memory()[0]),
    cpus: () => Array.from({ length: about.cpus }, () => ({ model: 'cpu', speed: 0,
      times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } })),
    availableParallelism: () => about.cpus,
    networkInterfaces: () => ({}),
    userInfo: () => ({ uid: about.uid, gid: about.gid, username: 'script', homedir: about.cwd, shell: null }),
    getPriority: () => 0,
    setPriority: () => undefined,
    devNull: '/dev/null',
    constants: { signals: {}, errno: {}, priority: {} },
  };
})
