// The module `url`: URL, URLSearchParams and the older parse, format and resolve.
(function (module, core, native) {
  'use strict';
  const PORTS = { 'http:': '80', 'https:': '443', 'ws:': '80', 'wss:': '443', 'ftp:': '21', 'file:': '' };
  const special = (protocol) => protocol in PORTS;

  function encodeWith(pattern, text) {
    return text.toWellFormed().replace(pattern, (c) => encodeURIComponent(c).replace(/['()*!]/g, escaped)).replace(/[^\x00-\x7f]/gu, encodeURIComponent);
  }
  const escaped = (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`;
  // eslint-disable-next-line no-control-regex
  const inPath = (text) => encodeWith(/[\x00-\x20"#<>?`{}^]/g, text);
  // eslint-disable-next-line no-control-regex
  const inQuery = (text) => encodeWith(/[\x00-\x20"#<>']/g, text);
  // eslint-disable-next-line no-control-regex
  const inHash = (text) => encodeWith(/[\x00-\x20"<>`]/g, text);
  // eslint-disable-next-line no-control-regex
  const inUser = (text) => encodeWith(/[\x00-\x20"#<>?`{}/:;=@[\]^|]/g, text);

  const formEncode = (text) => encodeURIComponent(String(text).toWellFormed()).replace(/[!'()~]/g, escaped).replace(/%20/g, '+');
  function formDecode(text) {
    const plain = text.replace(/\+/g, ' ');
    try {
      return decodeURIComponent(plain);
    } catch (_) {
      return plain;
    }
  }

  class URLSearchParams {
    #list = [];
    #changed = null;
    constructor(init = '') {
      if (init !== null && typeof init === 'object' && typeof init[Symbol.iterator] === 'function') {
        for (const [key, value] of init) this.#list.push([String(key), String(value)]);
      } else if (init !== null && typeof init === 'object') {
        for (const key of Object.keys(init)) this.#list.push([key, String(init[key])]);
      } else {
        this._read(String(init));
      }
    }
    _read(query) {
      this.#list = query.replace(/^\?/, '').split('&').filter((pair) => pair !== '').map((pair) => {
        const at = pair.indexOf('=');
        return at < 0 ? [formDecode(pair), ''] : [formDecode(pair.slice(0, at)), formDecode(pair.slice(at + 1))];
      });
    }
    _bind(changed) { this.#changed = changed; }
    #update() { if (this.#changed) this.#changed(this.toString()); }
    get size() { return this.#list.length; }
    append(key, value) {
      this.#list.push([String(key), String(value)]);
      this.#update();
    }
    delete(key, value) {
      this.#list = this.#list.filter(([k, v]) => k !== String(key) || (value !== undefined && v !== String(value)));
      this.#update();
    }
    get(key) {
      const found = this.#list.find(([k]) => k === String(key));
      return found ? found[1] : null;
    }
    getAll(key) { return this.#list.filter(([k]) => k === String(key)).map(([, v]) => v); }
    has(key, value) { return this.#list.some(([k, v]) => k === String(key) && (value === undefined || v === String(value))); }
    set(key, value) {
      const at = this.#list.findIndex(([k]) => k === String(key));
      if (at < 0) {
        this.append(key, value);
        return;
      }
      this.#list[at][1] = String(value);
      this.#list = this.#list.filter(([k], index) => index <= at || k !== String(key));
      this.#update();
    }
    sort() {
      this.#list.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      this.#update();
    }
    forEach(f, self) { for (const [key, value] of this.#list) f.call(self, value, key, this); }
    keys() { return this.#list.map(([key]) => key)[Symbol.iterator](); }
    values() { return this.#list.map(([, value]) => value)[Symbol.iterator](); }
    entries() { return this.#list.map((pair) => [...pair])[Symbol.iterator](); }
    [Symbol.iterator]() { return this.entries(); }
    toString() { return this.#list.map(([key, value]) => `${formEncode(key)}=${formEncode(value)}`).join('&'); }
    [Symbol.for('nodejs.util.inspect.custom')]() {
      return this.size === 0 ? 'URLSearchParams {}'
        : `URLSearchParams { ${this.#list.map(([k, v]) => `'${k}' => '${v}'`).join(', ')} }`;
    }
  }

  function invalid(input) {
    const error = new TypeError('Invalid URL');
    error.code = 'ERR_INVALID_URL';
    error.input = input;
    return error;
  }

  function hostOf(text, input) {
    if (text.startsWith('[')) {
      if (!/^\[[0-9a-f:.]+\]$/i.test(text)) throw invalid(input);
      return text.toLowerCase();
    }
    const host = formDecode(text.replace(/\+/g, '%2B')).toLowerCase();
    // eslint-disable-next-line no-control-regex
    if (/[\x00-\x20#%/:<>?@[\\\]^|]/.test(host)) throw invalid(input);
    return host;
  }

  function dots(segments) {
    const out = [];
    segments.forEach((segment, at) => {
      const plain = segment.replace(/%2e/gi, '.');
      const last = at === segments.length - 1;
      if (plain === '..') {
        out.pop();
        if (last) out.push('');
      } else if (plain === '.') {
        if (last) out.push('');
      } else {
        out.push(segment);
      }
    });
    return out;
  }

  // Splits an absolute URL into its parts; undefined when there is no scheme.
  function absolute(text, input) {
    const found = /^([a-z][a-z0-9+.-]*:)(.*)$/is.exec(text);
    if (!found) return undefined;
    const parts = { protocol: found[1].toLowerCase(), username: '', password: '', hostname: '', port: '', pathname: '', search: '', hash: '' };
    let rest = found[2];
    if (special(parts.protocol)) rest = rest.replace(/^([^?#]*)/, (head) => head.replace(/\\/g, '/'));
    rest = tail(rest, parts);
    const slashes = special(parts.protocol) && parts.protocol !== 'file:' ? /^\/*/ : /^\/\//;
    if (!slashes.test(rest) || (parts.protocol === 'file:' && !rest.startsWith('//'))) {
      parts.pathname = special(parts.protocol) ? `/${dots(rest.replace(/^\//, '').split('/')).map(inPath).join('/')}` : inHash(rest);
      return parts;
    }
    const [, authority, path] = /^([^/]*)(.*)$/s.exec(rest.replace(slashes, ''));
    const at = authority.lastIndexOf('@');
    if (at >= 0) {
      const [user, ...password] = authority.slice(0, at).split(':');
      parts.username = inUser(user);
      parts.password = inUser(password.join(':'));
    }
    const host = /^(.*?)(?::(\d*))?$/s.exec(authority.slice(at + 1));
    parts.hostname = hostOf(host[1], input);
    if (parts.hostname === '' && special(parts.protocol) && parts.protocol !== 'file:') throw invalid(input);
    if (host[2]) {
      if (Number(host[2]) > 65535) throw invalid(input);
      parts.port = String(Number(host[2]));
      if (parts.port === PORTS[parts.protocol]) parts.port = '';
    }
    parts.pathname = path === '' && !special(parts.protocol) ? '' : `/${dots(path.replace(/^\//, '').split('/')).map(inPath).join('/')}`;
    return parts;
  }

  function tail(text, parts) {
    let rest = text;
    const hash = rest.indexOf('#');
    if (hash >= 0) {
      parts.hash = hash === rest.length - 1 ? '' : `#${inHash(rest.slice(hash + 1))}`;
      rest = rest.slice(0, hash);
    }
    const query = rest.indexOf('?');
    if (query >= 0) {
      parts.search = query === rest.length - 1 ? '' : `?${inQuery(rest.slice(query + 1))}`;
      rest = rest.slice(0, query);
    }
    return rest;
  }

  function relative(text, base, input) {
    if (text.startsWith('//')) return absolute(base.protocol + text, input);
    const parts = { ...base, search: '', hash: '' };
    const path = tail(text, parts);
    if (path === '') {
      if (!text.startsWith('?')) parts.search = parts.search || base.search;
      return parts;
    }
    const from = path.startsWith('/') ? [] : base.pathname.split('/').slice(1, -1);
    parts.pathname = `/${dots([...from, ...path.replace(/^\//, '').split('/')]).map(inPath).join('/')}`;
    return parts;
  }

  class URL {
    #parts;
    #params = null;
    constructor(input, base) {
      // eslint-disable-next-line no-control-regex
      const text = String(input).replace(/^[\x00-\x20]+|[\x00-\x20]+$/g, '').replace(/[\t\n\r]/g, '');
      let parts = absolute(text, String(input));
      if (parts === undefined) {
        if (base === undefined) throw invalid(String(input));
        const from = new URL(base);
        parts = relative(text, from._parts(), String(input));
      }
      this.#parts = parts;
    }
    static canParse(input, base) { return URL.parse(input, base) !== null; }
    static parse(input, base) {
      try {
        return new URL(input, base);
      } catch (_) {
        return null;
      }
    }
    _parts() { return { ...this.#parts }; }
    get href() {
      const p = this.#parts;
      const user = p.username || p.password ? `${p.username}${p.password ? `:${p.password}` : ''}@` : '';
      const slashes = p.hostname || special(p.protocol) ? '//' : '';
      return `${p.protocol}${slashes}${user}${this.host}${p.pathname}${p.search}${p.hash}`;
    }
    set href(value) {
      this.#parts = new URL(value)._parts();
      if (this.#params) this.#params._read(this.#parts.search);
    }
    get origin() { return special(this.protocol) && this.protocol !== 'file:' ? `${this.protocol}//${this.host}` : 'null'; }
    get protocol() { return this.#parts.protocol; }
    set protocol(value) { if (/^[a-z][a-z0-9+.-]*:?$/i.test(value)) this.#parts.protocol = `${value.replace(/:$/, '').toLowerCase()}:`; }
    get username() { return this.#parts.username; }
    set username(value) { this.#parts.username = inUser(String(value)); }
    get password() { return this.#parts.password; }
    set password(value) { this.#parts.password = inUser(String(value)); }
    get host() { return this.#parts.hostname + (this.#parts.port ? `:${this.#parts.port}` : ''); }
    set host(value) {
      const [name, port] = String(value).split(':');
      this.hostname = name;
      if (port !== undefined) this.port = port;
    }
    get hostname() { return this.#parts.hostname; }
    set hostname(value) { this.#parts.hostname = hostOf(String(value), value); }
    get port() { return this.#parts.port; }
    set port(value) {
      const port = parseInt(value, 10);
      if (value === '') this.#parts.port = '';
      else if (port >= 0 && port <= 65535) this.#parts.port = String(port) === PORTS[this.protocol] ? '' : String(port);
    }
    get pathname() { return this.#parts.pathname; }
    set pathname(value) { this.#parts.pathname = `/${dots(String(value).replace(/^\//, '').split('/')).map(inPath).join('/')}`; }
    get search() { return this.#parts.search; }
    set search(value) {
      const text = String(value).replace(/^\?/, '');
      this.#parts.search = text === '' ? '' : `?${inQuery(text)}`;
      if (this.#params) this.#params._read(text);
    }
    get searchParams() {
      if (this.#params === null) {
        this.#params = new URLSearchParams(this.#parts.search);
        this.#params._bind((text) => { this.#parts.search = text === '' ? '' : `?${text}`; });
      }
      return this.#params;
    }
    get hash() { return this.#parts.hash; }
    set hash(value) {
      const text = String(value).replace(/^#/, '');
      this.#parts.hash = text === '' ? '' : `#${inHash(text)}`;
    }
    toString() { return this.href; }
    toJSON() { return this.href; }
    [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
      const shown = {};
      for (const name of ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search',
        'searchParams', 'hash']) shown[name] = this[name];
      return `URL ${inspect(shown, options)}`;
    }
  }

  // ---- the older interface -------------------------------------------------------------------------------------------

  function Url() {
    Object.assign(this, { protocol: null, slashes: null, auth: null, host: null, port: null, hostname: null, hash: null, search: null,
      query: null, pathname: null, path: null, href: '' });
  }

  function parse(text, withQuery, slashesDenoteHost) {
    const out = new Url();
    let rest = String(text).trim();
    const hash = rest.indexOf('#');
    if (hash >= 0) {
      out.hash = rest.slice(hash);
      rest = rest.slice(0, hash);
    }
    const query = rest.indexOf('?');
    if (query >= 0) {
      out.search = rest.slice(query);
      out.query = rest.slice(query + 1);
      rest = rest.slice(0, query);
    } else if (withQuery) {
      out.search = '';
      out.query = '';
    }
    if (withQuery) out.query = core('querystring').parse(out.query);
    const scheme = /^([a-z][a-z0-9+.-]*:)/i.exec(rest);
    if (scheme) {
      out.protocol = scheme[1].toLowerCase();
      rest = rest.slice(scheme[1].length);
    }
    if (rest.startsWith('//') && (scheme || slashesDenoteHost)) {
      out.slashes = true;
      const [, authority, path] = /^\/\/([^/\\]*)(.*)$/s.exec(rest);
      const at = authority.lastIndexOf('@');
      if (at >= 0) out.auth = formDecode(authority.slice(0, at).replace(/\+/g, '%2B'));
      out.host = authority.slice(at + 1).toLowerCase();
      const port = /:(\d+)$/.exec(out.host);
      if (port) out.port = port[1];
      out.hostname = out.host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
      rest = path || (special(out.protocol || '') ? '/' : '');
    }
    out.pathname = rest === '' ? null : inPath(rest);
    out.path = out.pathname === null && out.search === null ? null : `${out.pathname || ''}${out.search || ''}`;
    out.href = format(out);
    return out;
  }

  function format(value) {
    if (typeof value === 'string') return parse(value).href;
    if (value instanceof URL) return value.href;
    const protocol = value.protocol ? value.protocol.replace(/:?$/, ':') : '';
    const auth = value.auth ? `${encodeURIComponent(value.auth).replace(/%3A/i, ':')}@` : '';
    const host = value.host || (value.hostname
      ? `${value.hostname.includes(':') ? `[${value.hostname}]` : value.hostname}${value.port ? `:${value.port}` : ''}` : '');
    const asQuery = value.query !== null && typeof value.query === 'object' ? core('querystring').stringify(value.query) : '';
    const search = value.search || (asQuery ? `?${asQuery}` : '');
    const slashes = value.slashes || ((!protocol || special(protocol)) && host) ? '//' : '';
    let pathname = value.pathname || '';
    if (host && pathname && pathname[0] !== '/') pathname = `/${pathname}`;
    const hash = value.hash || '';
    return `${protocol}${slashes}${host ? auth + host : ''}${pathname}${search && search[0] !== '?' ? `?${search}` : search}${
      hash && hash[0] !== '#' ? `#${hash}` : hash}`;
  }

  function resolve(from, to) {
    try {
      return new URL(to, from).href;
    } catch (_) {
      const made = new URL(to, new URL(from, 'resolve://base/'));
      return made.protocol === 'resolve:' ? `${made.pathname}${made.search}${made.hash}` : made.href;
    }
  }

  module.exports = {
    URL, URLSearchParams, Url, parse, format, resolve,
    resolveObject: (from, to) => parse(resolve(from, to)),
    fileURLToPath: (url) => decodeURIComponent(new URL(url).pathname),
    pathToFileURL: (file) => new URL(`file://${core('path').resolve(file).split('/').map(encodeURIComponent).join('/')}`),
    urlToHttpOptions: (url) => ({ protocol: url.protocol, hostname: url.hostname, path: url.pathname + url.search, href: url.href,
      port: url.port === '' ? undefined : Number(url.port) }),
    domainToASCII: (name) => name.toLowerCase(),
    domainToUnicode: (name) => name,
  };
})
