// The module `path` (POSIX).
(function (module, core, native) {
  'use strict';
  function need(value, name) {
    if (typeof value === 'string') return value;
    const error = new TypeError(`The "${name}" argument must be of type string. Received ${value === null ? 'null' : typeof value}`);
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  }

  function collapse(text, absolute) {
    const out = [];
    for (const part of text.split('/')) {
      if (part === '..') {
        if (out.length > 0 && out[out.length - 1] !== '..') out.pop();
        else if (!absolute) out.push('..');
      } else if (part !== '' && part !== '.') {
        out.push(part);
      }
    }
    return out.join('/');
  }

  const path = {
    sep: '/',
    delimiter: ':',
    normalize(text) {
      if (need(text, 'path') === '') return '.';
      const absolute = text[0] === '/';
      let made = collapse(text, absolute);
      if (made === '' && !absolute) made = '.';
      if (made !== '' && text.endsWith('/')) made += '/';
      return absolute ? `/${made}` : made;
    },
    isAbsolute: (text) => need(text, 'path')[0] === '/',
    join(...parts) {
      parts.forEach((part) => need(part, 'path'));
      const joined = parts.filter((part) => part !== '').join('/');
      return joined === '' ? '.' : path.normalize(joined);
    },
    resolve(...parts) {
      let made = '';
      for (let at = parts.length - 1; at >= 0 && made[0] !== '/'; at -= 1) {
        if (need(parts[at], 'path') !== '') made = made === '' ? parts[at] : `${parts[at]}/${made}`;
      }
      if (made[0] !== '/') made = `${native.cwd()}/${made}`;
      return `/${collapse(made, true)}`;
    },
    relative(from, to) {
      const a = path.resolve(from).split('/').filter(Boolean);
      const b = path.resolve(to).split('/').filter(Boolean);
      let same = 0;
      while (same < a.length && same < b.length && a[same] === b[same]) same += 1;
      return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/');
    },
    dirname(text) {
      const trimmed = need(text, 'path').replace(/(.)\/+$/, '$1');
      const at = trimmed.lastIndexOf('/');
      if (at < 0) return '.';
      return at === 0 ? '/' : trimmed.slice(0, at).replace(/(.)\/+$/, '$1');
    },
    basename(text, suffix) {
      const trimmed = need(text, 'path').replace(/\/+$/, '');
      const base = trimmed.slice(trimmed.lastIndexOf('/') + 1);
      return suffix !== undefined && base !== suffix && base.endsWith(suffix) ? base.slice(0, -suffix.length) : base;
    },
    extname(text) {
      const base = path.basename(text);
      const at = base.lastIndexOf('.');
      return at <= 0 || base === '..' ? '' : base.slice(at);
    },
    parse(text) {
      const root = need(text, 'path')[0] === '/' ? '/' : '';
      const base = path.basename(text);
      const ext = path.extname(text);
      const dir = path.dirname(text);
      return { root, dir: dir === '.' && !text.startsWith('.') ? root : dir, base, ext, name: ext ? base.slice(0, -ext.length) : base };
    },
    format(parts) {
      const base = parts.base || `${parts.name || ''}${parts.ext ? (parts.ext[0] === '.' ? parts.ext : `.${parts.ext}`) : ''}`;
      const dir = parts.dir || parts.root;
      if (!dir) return base;
      return dir === parts.root ? dir + base : `${dir}/${base}`;
    },
    toNamespacedPath: (text) => text,
  };
  path.posix = path;
  path.win32 = path;
  module.exports = path;
})
