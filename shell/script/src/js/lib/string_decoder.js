// The module `string_decoder`: text from chunks that may end in the middle of a character.
(function (module, core, native) {
  'use strict';
  const { Buffer } = core('buffer');
  const NAMES = { utf8: 'utf8', 'utf-8': 'utf8', hex: 'hex', base64: 'base64', base64url: 'base64url', latin1: 'latin1',
    binary: 'latin1', ascii: 'ascii', ucs2: 'utf16le', 'ucs-2': 'utf16le', utf16le: 'utf16le', 'utf-16le': 'utf16le' };

  // How many bytes at the end belong to a character that is not complete.
  function open(bytes, encoding) {
    if (encoding === 'utf16le') {
      const odd = bytes.length % 2;
      const high = bytes.length >= 2 + odd ? bytes[bytes.length - 1 - odd] : 0;
      return high >= 0xd8 && high <= 0xdb ? odd + 2 : odd;
    }
    if (encoding === 'base64' || encoding === 'base64url') return bytes.length % 3;
    if (encoding !== 'utf8') return 0;
    for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
      const byte = bytes[bytes.length - back];
      if (byte >= 0xc0) {
        const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
        return byte < 0xf8 && size > back ? back : 0;
      }
      if (byte < 0x80) return 0;
    }
    return 0;
  }

  function StringDecoder(encoding) {
    const name = NAMES[String(encoding === undefined || encoding === null ? 'utf8' : encoding).toLowerCase()];
    if (name === undefined) {
      const error = new TypeError(`Unknown encoding: ${encoding}`);
      error.code = 'ERR_UNKNOWN_ENCODING';
      throw error;
    }
    this.encoding = name;
    this._held = Buffer.alloc(0);
  }
  StringDecoder.prototype.write = function (chunk) {
    if (typeof chunk === 'string') return chunk;
    const all = this._held.length === 0 ? Buffer.from(chunk) : Buffer.concat([this._held, Buffer.from(chunk)]);
    const cut = all.length - open(all, this.encoding);
    this._held = all.subarray(cut);
    return all.toString(this.encoding, 0, cut);
  };
  StringDecoder.prototype.end = function (chunk) {
    const text = chunk === undefined ? '' : this.write(chunk);
    const rest = this._held.length === 0 ? '' : this._held.toString(this.encoding);
    this._held = Buffer.alloc(0);
    return text + rest;
  };
  module.exports = { StringDecoder };
})
