// The module `querystring`.
(function (module, core, native) {
  'use strict';
  function escape(value) {
    return encodeURIComponent(String(value).toWellFormed());
  }
  function unescape(text) {
    try {
      return decodeURIComponent(text);
    } catch (_) {
      return text.replace(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(parseInt(code.slice(1), 16)));
    }
  }
  function text(value) {
    if (typeof value === 'number' && !Number.isFinite(value)) return '';
    return ['string', 'number', 'bigint', 'boolean'].includes(typeof value) ? String(value) : '';
  }
  function stringify(object, separator = '&', equals = '=', options = {}) {
    if (object === null || typeof object !== 'object') return '';
    const code = options.encodeURIComponent || querystring.escape;
    return Object.keys(object).flatMap((key) => {
      const values = Array.isArray(object[key]) ? object[key] : [object[key]];
      return values.map((value) => `${code(key)}${equals}${code(text(value))}`);
    }).join(separator);
  }
  function parse(query, separator = '&', equals = '=', options = {}) {
    const out = Object.create(null);
    if (typeof query !== 'string' || query === '') return out;
    const most = options.maxKeys === undefined ? 1000 : options.maxKeys;
    const decode = options.decodeURIComponent || querystring.unescape;
    const pairs = query.split(separator);
    for (const pair of most > 0 ? pairs.slice(0, most) : pairs) {
      if (pair === '') continue;
      const at = pair.indexOf(equals);
      const [key, value] = (at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + equals.length)])
        .map((part) => decode(part.replace(/\+/g, ' ')));
      if (!(key in out)) out[key] = value;
      else if (Array.isArray(out[key])) out[key].push(value);
      else out[key] = [out[key], value];
    }
    return out;
  }
  const querystring = { escape, unescape, stringify, parse, encode: stringify, decode: parse };
  module.exports = querystring;
})
