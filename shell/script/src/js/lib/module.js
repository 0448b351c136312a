// CommonJS for scripts: finds, reads and runs modules as Node.js does, within the folders that the engine shows.
(function (module, core, native) {
  'use strict';
  const [MISSING, FILE, FOLDER] = [0, 1, 2];
  const path = core('path');

  module.exports.builtinModules = native.builtinNames();
  module.exports.isBuiltin = (name) => core(String(name).replace(/^node:/, '')) !== undefined;

  module.exports.make = function (core, native, api) {
    const cache = Object.create(null);
    const extensions = { '.js': runScript, '.json': runJson, '.cjs': runScript };
    const conditions = ['node', 'require', 'node-addons', 'module-sync', 'default'];
    let main;

    class Module {
      constructor(id, parent) {
        this.id = id;
        this.path = path.dirname(id);
        this.exports = {};
        this.filename = id;
        this.loaded = false;
        this.children = [];
        this.paths = lookups(this.path);
        this.parent = parent;
        if (parent) parent.children.push(this);
      }
      require(name) { return load(name, this); }
    }

    function lookups(folder) {
      const found = [];
      for (let at = folder; ; at = path.dirname(at)) {
        if (path.basename(at) !== 'node_modules') found.push(path.join(at, 'node_modules'));
        if (at === path.dirname(at)) return found;
      }
    }

    function manifest(folder) {
      const file = path.join(folder, 'package.json');
      if (native.kind(file) !== FILE) return undefined;
      try {
        return JSON.parse(native.readText(file).replace(/^\uFEFF/, ''));
      } catch (error) {
        error.message = `${file}: ${error.message}`;
        throw error;
      }
    }

    function asFile(file) {
      if (native.kind(file) === FILE) return file;
      for (const extension of ['.js', '.json', '.cjs']) {
        if (native.kind(file + extension) === FILE) return file + extension;
      }
      return undefined;
    }

    function asFolder(folder) {
      if (native.kind(folder) !== FOLDER) return undefined;
      const about = manifest(folder);
      if (about && typeof about.main === 'string') {
        const target = path.resolve(folder, about.main);
        const found = asFile(target) || asFile(path.join(target, 'index'));
        if (found) return found;
      }
      return asFile(path.join(folder, 'index'));
    }

    // The `exports` of a package.json: strings, conditions, lists and one star.
    function target(value, star) {
      if (typeof value === 'string') return star === undefined ? value : value.replaceAll('*', star);
      if (Array.isArray(value)) {
        for (const one of value) {
          const found = target(one, star);
          if (found) return found;
        }
      } else if (value !== null && typeof value === 'object') {
        for (const name of Object.keys(value)) {
          const found = conditions.includes(name) ? target(value[name], star) : undefined;
          if (found) return found;
        }
      }
      return undefined;
    }

    function exported(map, key) {
      if (map === null || typeof map !== 'object' || Array.isArray(map) || !Object.keys(map)[0]?.match(/^[.#]/)) {
        return key === '.' ? target(map) : undefined;
      }
      if (key in map) return target(map[key]);
      let best;
      for (const pattern of Object.keys(map)) {
        const [head, tail] = pattern.split('*');
        const fits = tail !== undefined && key.startsWith(head) && key.endsWith(tail) && key.length >= pattern.length;
        if (fits && (best === undefined || head.length > best.head.length)) best = { pattern, head, tail };
      }
      return best && target(map[best.pattern], key.slice(best.head.length, key.length - best.tail.length));
    }

    function fromPackage(name, folders) {
      const [, packageName, rest] = /^((?:@[^/]+\/)?[^/]+)(.*)$/.exec(name) || [null, name, ''];
      for (const folder of folders) {
        const home = path.join(folder, packageName);
        if (native.kind(home) === FOLDER) {
          const about = manifest(home);
          if (about && about.exports !== undefined && about.exports !== null) {
            const found = exported(about.exports, `.${rest}`);
            if (found) return path.join(home, found);
          } else {
            const at = path.join(home, rest);
            const found = (rest && asFile(at)) || asFolder(at);
            if (found) return found;
          }
        }
        const single = asFile(path.join(folder, name));
        if (single) return single;
      }
      return undefined;
    }

    function ownScope(folder, name) {
      for (let at = folder; ; at = path.dirname(at)) {
        const about = manifest(at);
        if (about) {
          if (name.startsWith('#')) {
            const found = about.imports && exported(about.imports, name);
            if (!found) return undefined;
            return found.startsWith('.') ? path.join(at, found) : resolve(found, { path: at, paths: lookups(at) });
          }
          const rest = name.slice(String(about.name).length);
          if (!about.exports || (name !== about.name && !name.startsWith(`${about.name}/`))) return undefined;
          const found = exported(about.exports, `.${rest}`);
          return found && path.join(at, found);
        }
        if (at === path.dirname(at)) return undefined;
      }
    }

    function resolve(name, from) {
      if (/^(\.{1,2}(\/|$)|\/)/.test(name)) {
        const at = path.resolve(from.path, name);
        return (name.endsWith('/') ? undefined : asFile(at)) || asFolder(at);
      }
      return fromPackage(name, from.paths) || ownScope(from.path, name);
    }

    function missing(name, from, isCore) {
      const place = native.relative(from.filename);
      native.lacking(name, place, isCore);
      const why = isCore
        ? `Node.js has it, the embedded engine does not: run the script with --engine node`
        : native.kindOutside(path.resolve(from.path, name))
          ? 'it lies outside the folder of the script: put it inside'
          : 'ship the file, or the package in node_modules, with the script';
      const error = new Error(`Cannot find module '${name}'\nRequire stack:\n- ${from.filename}\n(${why})`);
      error.code = 'MODULE_NOT_FOUND';
      error.requireStack = [from.filename];
      return error;
    }

    function load(name, from) {
      if (typeof name !== 'string' || name === '') {
        const error = new TypeError(`The "id" argument must be a non-empty string. Received ${String(name)}`);
        error.code = 'ERR_INVALID_ARG_VALUE';
        throw error;
      }
      const bare = name.startsWith('node:') ? name.slice(5) : name;
      if (!bare.startsWith('hoist/')) {
        const found = bare === 'module' ? moduleApi : core(bare);
        if (found !== undefined) return found;
      }
      if (bare !== name || native.isNodeCore(bare)) {
        const shadow = bare === name ? fromPackage(name, from.paths) : undefined;
        if (shadow === undefined) throw missing(name, from, true);
      }
      const file = resolve(name, from);
      if (file === undefined || native.kind(file) !== FILE) {
        const stub = api.protoStub(path.resolve(from.path, name));
        if (stub) return stub;
        throw missing(name, from, false);
      }
      return run(native.realpath(file), from).exports;
    }

    function run(file, parent) {
      const known = cache[file];
      if (known) return known;
      const made = new Module(file, parent);
      if (parent === undefined) {
        main = made;
        made.id = '.';
      }
      cache[file] = made;
      let done = false;
      try {
        const extension = path.extname(file);
        if (extension === '.node') throw missing(path.basename(file), parent || made, true);
        (extensions[extension] || runScript)(made, file);
        made.loaded = true;
        done = true;
      } finally {
        if (!done) delete cache[file];
      }
      return made;
    }

    function runJson(made, file) {
      try {
        made.exports = JSON.parse(native.readText(file).replace(/^\uFEFF/, ''));
      } catch (error) {
        error.message = `${file}: ${error.message}`;
        throw error;
      }
    }

    function requireOf(made) {
      const require = (name) => load(name, made);
      require.resolve = (name) => {
        const bare = String(name).replace(/^node:/, '');
        if (core(bare) !== undefined) return name;
        const file = resolve(String(name), made);
        if (file === undefined || native.kind(file) === MISSING) throw missing(String(name), made, false);
        return native.realpath(file);
      };
      require.cache = cache;
      require.main = main;
      require.extensions = extensions;
      return require;
    }

    function runScript(made, file) {
      const wrapped = native.compile(file, native.readText(file));
      const self = made.exports;
      Reflect.apply(wrapped, self, [self, requireOf(made), made, file, path.dirname(file)]);
    }

    function moduleApi() {}
    Object.assign(moduleApi, {
      Module: moduleApi, builtinModules: module.exports.builtinModules, isBuiltin: module.exports.isBuiltin, _cache: cache,
      _extensions: extensions,
      createRequire(file) {
        const made = new Module(String(file).replace(/^file:\/\//, ''), undefined);
        return requireOf(made);
      },
    });

    return { loadMain: (entry) => run(native.realpath(entry), undefined).exports };
  };
})
