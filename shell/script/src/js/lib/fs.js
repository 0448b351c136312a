// The module `fs`: reading inside the game directory. Writing, watching and streams need Node.js.
(function (module, core, native) {
  'use strict';
  const { Buffer } = core('buffer');
  const path = core('path');

  function fail(code, call, file) {
    const words = { ENOENT: 'no such file or directory', EACCES: 'permission denied, it is outside the game directory',
      EISDIR: 'illegal operation on a directory', ENOTDIR: 'not a directory', EFBIG: 'file too large', EIO: 'i/o error' };
    const error = new Error(`${code}: ${words[code] || code}, ${call} '${file}'`);
    Object.assign(error, { code, syscall: call, path: String(file), errno: { ENOENT: -2, EACCES: -13, EISDIR: -21 }[code] || -5 });
    throw error;
  }

  function nameOf(file) {
    if (typeof file === 'string') return path.resolve(file);
    if (Buffer.isBuffer(file)) return path.resolve(file.toString());
    if (file !== null && typeof file === 'object' && file.protocol === 'file:') return path.resolve(decodeURIComponent(file.pathname));
    const error = new TypeError('The "path" argument must be of type string or an instance of Buffer or URL');
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  }

  // The engine answers with a value, or with the code of an error as a string that begins with "!".
  function ask(call, file, answer) {
    if (typeof answer === 'string' && answer[0] === '!') fail(answer.slice(1), call, file);
    return answer;
  }

  class Stats {
    constructor([kind, size, modified, mode]) {
      this._kind = kind;
      Object.assign(this, { size, mode, mtimeMs: modified, ctimeMs: modified, atimeMs: modified, birthtimeMs: modified });
      for (const name of ['mtime', 'ctime', 'atime', 'birthtime']) this[name] = new Date(modified);
      Object.defineProperty(this, '_kind', { enumerable: false });
    }
    isFile() { return this._kind === 1; }
    isDirectory() { return this._kind === 2; }
    isSymbolicLink() { return false; }
    isFIFO() { return false; }
    isSocket() { return false; }
    isBlockDevice() { return false; }
    isCharacterDevice() { return false; }
  }

  class Dirent {
    constructor(name, kind, parent) {
      this.name = name;
      this.parentPath = parent;
      this.path = parent;
      Object.defineProperty(this, '_kind', { value: kind, enumerable: false });
    }
  }
  for (const name of ['isFile', 'isDirectory', 'isSymbolicLink', 'isFIFO', 'isSocket', 'isBlockDevice', 'isCharacterDevice']) {
    Dirent.prototype[name] = Stats.prototype[name];
  }

  function readdirSync(folder, options) {
    const home = nameOf(folder);
    const out = [];
    const walk = (at, inner) => {
      for (const entry of JSON.parse(ask('scandir', folder, native.list(at)))) {
        const shown = inner ? `${inner}/${entry.name}` : entry.name;
        out.push(options && options.withFileTypes ? new Dirent(entry.name, entry.kind, at) : shown);
        if (options && options.recursive && entry.kind === 2) walk(path.join(at, entry.name), shown);
      }
    };
    walk(home, '');
    return out;
  }

  const sync = {
    readFile(file, options) {
      const encoding = typeof options === 'string' ? options : options && options.encoding;
      const bytes = Buffer.from(ask('open', file, native.readFile(nameOf(file))).buffer);
      return encoding ? bytes.toString(encoding) : bytes;
    },
    stat(file, options) {
      const answer = native.stat(nameOf(file));
      if (answer === '!ENOENT' && options && options.throwIfNoEntry === false) return undefined;
      return new Stats(JSON.parse(ask('stat', file, answer)));
    },
    readdir: readdirSync,
    access(file) { ask('access', file, native.stat(nameOf(file))); },
    realpath(file) {
      sync.access(file);
      return native.realpath(nameOf(file));
    },
  };
  sync.lstat = sync.stat;

  const fs = { constants: { F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1 }, Stats, Dirent, promises: {}, F_OK: 0, R_OK: 4 };
  for (const name of Object.keys(sync)) {
    fs[`${name}Sync`] = sync[name];
    fs.promises[name] = async (...args) => sync[name](...args);
    fs[name] = (...args) => {
      const callback = args.pop();
      fs.promises[name](...args).then((value) => setImmediate(callback, null, value), (error) => setImmediate(callback, error));
    };
  }
  fs.promises.constants = fs.constants;
  fs.existsSync = (file) => {
    try {
      return native.stat(nameOf(file))[0] !== '!';
    } catch (_) {
      return false;
    }
  };
  fs.exists = (file, callback) => setImmediate(callback, fs.existsSync(file));

  const lacking = ['writeFile', 'appendFile', 'mkdir', 'mkdtemp', 'rm', 'rmdir', 'unlink', 'rename', 'copyFile', 'cp', 'chmod', 'chown',
    'truncate', 'symlink', 'link', 'utimes', 'open', 'opendir', 'readlink'];
  const refuse = (name) => () => {
    native.lacking(`fs.${name}`, '', true);
    const error = new Error(`fs.${name} is not there in the embedded engine, which only reads: run the script with --engine node`);
    error.code = 'ENOSYS';
    throw error;
  };
  for (const name of lacking) {
    fs[name] = refuse(name);
    fs[`${name}Sync`] = refuse(`${name}Sync`);
    fs.promises[name] = async () => refuse(`promises.${name}`)();
  }
  for (const name of ['createReadStream', 'createWriteStream', 'watch', 'watchFile', 'unwatchFile', 'readSync', 'writeSync', 'closeSync']) {
    fs[name] = refuse(name);
  }
  module.exports = fs;
})
