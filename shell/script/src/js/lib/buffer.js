// The module `buffer`: Node.js' Buffer over Uint8Array. Text goes through the engine's own codecs.
(function (module, core, native) {
  'use strict';
  class FastBuffer extends Uint8Array {}
  const MAX = 0x7fffffff;

  function fail(Kind, code, message) {
    const error = new Kind(message);
    error.code = code;
    throw error;
  }

  function encodingOf(name) {
    if (name === undefined || name === null || name === '') return 'utf8';
    switch (String(name).toLowerCase()) {
      case 'utf8': case 'utf-8': return 'utf8';
      case 'hex': return 'hex';
      case 'base64': return 'base64';
      case 'base64url': return 'base64url';
      case 'latin1': case 'binary': return 'latin1';
      case 'ascii': return 'ascii';
      case 'ucs2': case 'ucs-2': case 'utf16le': case 'utf-16le': return 'utf16le';
      default: return undefined;
    }
  }

  function needEncoding(name) {
    const encoding = encodingOf(name);
    if (encoding === undefined) fail(TypeError, 'ERR_UNKNOWN_ENCODING', `Unknown encoding: ${String(name)}`);
    return encoding;
  }

  function adopt(array) {
    return Object.setPrototypeOf(array, FastBuffer.prototype);
  }

  function encode(text, encoding) {
    return native.encode(encoding === 'utf8' ? text.toWellFormed() : text, needEncoding(encoding));
  }

  function sized(size) {
    if (typeof size !== 'number') {
      fail(TypeError, 'ERR_INVALID_ARG_TYPE', `The "size" argument must be of type number. Received ${typeof size}`);
    }
    if (!(size >= 0 && size <= MAX)) {
      fail(RangeError, 'ERR_OUT_OF_RANGE', `The value of "size" is out of range. It must be >= 0 && <= ${MAX}. Received ${size}`);
    }
    return new FastBuffer(size);
  }

  function Buffer(value, encodingOrOffset, length) {
    return typeof value === 'number' ? sized(value) : from(value, encodingOrOffset, length);
  }

  function from(value, encodingOrOffset, length) {
    if (typeof value === 'string') return adopt(encode(value, encodingOf(encodingOrOffset) || encodingOrOffset));
    if (value !== null && typeof value === 'object') {
      if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
        return new FastBuffer(value, encodingOrOffset, length);
      }
      if (ArrayBuffer.isView(value) || Array.isArray(value)) return new FastBuffer(value);
      const primitive = typeof value.valueOf === 'function' ? value.valueOf() : undefined;
      if (primitive !== undefined && primitive !== null && primitive !== value) return from(primitive, encodingOrOffset, length);
      if (value.type === 'Buffer' && Array.isArray(value.data)) return new FastBuffer(value.data);
      if (typeof value.length === 'number') return new FastBuffer(Array.from(value));
      if (typeof value[Symbol.toPrimitive] === 'function') return from(value[Symbol.toPrimitive]('string'), encodingOrOffset);
    }
    return fail(TypeError, 'ERR_INVALID_ARG_TYPE', 'The first argument must be of type string or an instance of Buffer, ' +
      `ArrayBuffer, or Array or an Array-like Object. Received ${value === null ? 'null' : `type ${typeof value}`}`);
  }

  Object.setPrototypeOf(Buffer, Uint8Array);
  Buffer.prototype = FastBuffer.prototype;
  Object.defineProperty(FastBuffer.prototype, 'constructor', { value: Buffer, writable: true, configurable: true });
  Buffer.from = from;
  Buffer.of = function (...items) { return new FastBuffer(items); };
  Buffer.poolSize = 8192;
  Buffer.isBuffer = function (value) { return value instanceof FastBuffer; };
  Buffer.isEncoding = function (name) { return typeof name === 'string' && name !== '' && encodingOf(name) !== undefined; };
  Buffer.alloc = function (size, fill, encoding) {
    const made = sized(size);
    return fill === undefined || fill === 0 ? made : made.fill(fill, encoding);
  };
  Buffer.allocUnsafe = Buffer.allocUnsafeSlow = function (size) { return sized(size); };
  Buffer.byteLength = function (value, encoding) {
    if (typeof value === 'string') return encode(value, encodingOf(encoding) || 'utf8').length;
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
    return fail(TypeError, 'ERR_INVALID_ARG_TYPE', 'The "string" argument must be of type string or an instance of Buffer');
  };
  Buffer.concat = function (list, total) {
    if (!Array.isArray(list)) fail(TypeError, 'ERR_INVALID_ARG_TYPE', 'The "list" argument must be an instance of Array');
    const size = total === undefined ? list.reduce((sum, one) => sum + one.length, 0) : total >>> 0;
    const made = sized(size);
    let at = 0;
    for (const one of list) {
      if (at >= size) break;
      const part = one.length > size - at ? one.subarray(0, size - at) : one;
      made.set(part, at);
      at += part.length;
    }
    return made;
  };
  Buffer.compare = function (a, b) {
    const length = Math.min(a.length, b.length);
    for (let at = 0; at < length; at += 1) if (a[at] !== b[at]) return a[at] < b[at] ? -1 : 1;
    return Math.sign(a.length - b.length);
  };
  Buffer.copyBytesFrom = function (view, offset = 0, length = view.length - offset) {
    const part = view.subarray(offset, offset + length);
    return from(part.buffer.slice(part.byteOffset, part.byteOffset + part.byteLength));
  };

  function bound(value, fallback, length) {
    const number = value === undefined ? fallback : Math.trunc(Number(value)) || 0;
    return Math.min(Math.max(number, 0), length);
  }

  function needle(value, encoding) {
    if (typeof value === 'number') return [value & 255];
    return typeof value === 'string' ? encode(value, encodingOf(encoding) || 'utf8') : value;
  }

  function search(self, value, offset, encoding, forward) {
    let start = offset;
    let coding = encoding;
    if (typeof start === 'string') {
      coding = start;
      start = undefined;
    }
    const wanted = needle(value, coding);
    const last = self.length - wanted.length;
    start = start === undefined || Number.isNaN(Number(start)) ? (forward ? 0 : last) : Math.trunc(Number(start));
    if (start < 0) start += self.length;
    if (forward && start < 0) start = 0;
    const step = forward ? 1 : -1;
    for (let at = forward ? start : Math.min(start, last); at >= 0 && at <= last; at += step) {
      let same = 0;
      while (same < wanted.length && self[at + same] === wanted[same]) same += 1;
      if (same === wanted.length) return at;
    }
    return -1;
  }

  const methods = {
    toString(encoding, start, end) {
      const from = bound(start, 0, this.length);
      const to = bound(end, this.length, this.length);
      if (from >= to) return '';
      return native.decode(from === 0 && to === this.length ? this : this.subarray(from, to), needEncoding(encoding));
    },
    toLocaleString(encoding, start, end) { return this.toString(encoding, start, end); },
    toJSON() { return { type: 'Buffer', data: Array.from(this) }; },
    equals(other) {
      if (!(other instanceof Uint8Array)) fail(TypeError, 'ERR_INVALID_ARG_TYPE', 'The "otherBuffer" argument must be a Buffer');
      return this === other || Buffer.compare(this, other) === 0;
    },
    compare(other, start, end, ownStart, ownEnd) {
      return Buffer.compare(this.subarray(bound(ownStart, 0, this.length), bound(ownEnd, this.length, this.length)),
        other.subarray(bound(start, 0, other.length), bound(end, other.length, other.length)));
    },
    copy(other, otherStart, start, end) {
      const at = bound(otherStart, 0, other.length);
      const part = this.subarray(bound(start, 0, this.length), bound(end, this.length, this.length));
      const size = Math.max(0, Math.min(part.length, other.length - at));
      other.set(size === part.length ? part : part.subarray(0, size), at);
      return size;
    },
    slice(start, end) { return this.subarray(start, end); },
    write(text, offset, length, encoding) {
      if (typeof text !== 'string') fail(TypeError, 'ERR_INVALID_ARG_TYPE', 'The "string" argument must be of type string');
      let [at, size, coding] = [offset, length, encoding];
      if (typeof at === 'string') [at, size, coding] = [0, undefined, at];
      else if (typeof size === 'string') [size, coding] = [undefined, size];
      at = at === undefined ? 0 : at;
      if (!(at >= 0 && at <= this.length)) fail(RangeError, 'ERR_OUT_OF_RANGE', 'The value of "offset" is out of range.');
      const room = Math.min(size === undefined ? Infinity : size, this.length - at);
      const name = needEncoding(coding);
      let bytes = encode(text, name);
      if (bytes.length > room) {
        let cut = room;
        if (name === 'utf8') while (cut > 0 && (bytes[cut] & 0xc0) === 0x80) cut -= 1;
        if (name === 'utf16le') cut &= ~1;
        bytes = bytes.subarray(0, cut);
      }
      this.set(bytes, at);
      return bytes.length;
    },
    fill(value, offset, end, encoding) {
      let [start, stop, coding] = [offset, end, encoding];
      if (typeof start === 'string') [start, stop, coding] = [undefined, undefined, start];
      else if (typeof stop === 'string') [stop, coding] = [undefined, stop];
      start = bound(start, 0, this.length);
      stop = bound(stop, this.length, this.length);
      const bytes = typeof value === 'string' ? encode(value, needEncoding(coding)) : value;
      if (typeof bytes === 'object' && bytes !== null) {
        if (bytes.length === 0) return Uint8Array.prototype.fill.call(this, 0, start, stop);
        for (let at = start; at < stop; at += 1) this[at] = bytes[(at - start) % bytes.length];
        return this;
      }
      return Uint8Array.prototype.fill.call(this, Number(bytes) & 255, start, stop);
    },
    indexOf(value, offset, encoding) { return search(this, value, offset, encoding, true); },
    lastIndexOf(value, offset, encoding) { return search(this, value, offset, encoding, false); },
    includes(value, offset, encoding) { return search(this, value, offset, encoding, true) !== -1; },
    swap16() { return swap(this, 2); },
    swap32() { return swap(this, 4); },
    swap64() { return swap(this, 8); },
    [Symbol.for('nodejs.util.inspect.custom')]() {
      const shown = Array.from(this.subarray(0, 50), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
      const rest = this.length - 50;
      return `<Buffer ${shown}${rest > 0 ? ` ... ${rest} more byte${rest > 1 ? 's' : ''}` : ''}>`;
    },
  };
  methods.inspect = methods[Symbol.for('nodejs.util.inspect.custom')];

  function swap(self, size) {
    if (self.length % size !== 0) fail(RangeError, 'ERR_INVALID_BUFFER_SIZE', `Buffer size must be a multiple of ${size * 8}-bits`);
    for (let at = 0; at < self.length; at += size) self.subarray(at, at + size).reverse();
    return self;
  }

  // ---- numbers -------------------------------------------------------------------------------------------------------

  function place(self, offset, size) {
    const at = offset === undefined ? 0 : offset;
    if (typeof at !== 'number') {
      fail(TypeError, 'ERR_INVALID_ARG_TYPE', `The "offset" argument must be of type number. Received ${typeof at}`);
    }
    if (!Number.isInteger(at) || at < 0 || at + size > self.length) {
      if (self.length < size) fail(RangeError, 'ERR_BUFFER_OUT_OF_BOUNDS', 'Attempt to access memory outside buffer bounds');
      fail(RangeError, 'ERR_OUT_OF_RANGE',
        `The value of "offset" is out of range. It must be >= 0 and <= ${self.length - size}. Received ${at}`);
    }
    return at;
  }

  function inRange(value, least, most) {
    if (value < least || value > most) {
      fail(RangeError, 'ERR_OUT_OF_RANGE',
        `The value of "value" is out of range. It must be >= ${least} and <= ${most}. Received ${value}`);
    }
  }

  function readInt(self, at, size, little, signed) {
    let value = 0;
    for (let index = 0; index < size; index += 1) value = value * 256 + self[little ? at + size - 1 - index : at + index];
    return signed && value >= 2 ** (size * 8 - 1) ? value - 2 ** (size * 8) : value;
  }

  function writeInt(self, value, at, size, little, signed) {
    const number = Math.trunc(Number(value)) || 0;
    inRange(number, signed ? -(2 ** (size * 8 - 1)) : 0, 2 ** (signed ? size * 8 - 1 : size * 8) - 1);
    let rest = number < 0 ? number + 2 ** (size * 8) : number;
    for (let index = 0; index < size; index += 1) {
      self[little ? at + index : at + size - 1 - index] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    return at + size;
  }

  function needSize(size) {
    if (!(size >= 1 && size <= 6)) {
      fail(RangeError, 'ERR_OUT_OF_RANGE', `The value of "byteLength" is out of range. It must be >= 1 and <= 6. Received ${size}`);
    }
    return size;
  }

  const view = (self) => new DataView(self.buffer, self.byteOffset, self.byteLength);

  for (const [kind, signed] of [['Int', true], ['UInt', false]]) {
    methods[`read${kind}8`] = function (offset) { return readInt(this, place(this, offset, 1), 1, true, signed); };
    methods[`write${kind}8`] = function (value, offset) { return writeInt(this, value, place(this, offset, 1), 1, true, signed); };
    for (const [order, little] of [['LE', true], ['BE', false]]) {
      for (const bits of [16, 32]) {
        const size = bits / 8;
        methods[`read${kind}${bits}${order}`] = function (offset) {
          return readInt(this, place(this, offset, size), size, little, signed);
        };
        methods[`write${kind}${bits}${order}`] = function (value, offset) {
          return writeInt(this, value, place(this, offset, size), size, little, signed);
        };
      }
      methods[`read${kind}${order}`] = function (offset, size) {
        return readInt(this, place(this, offset, needSize(size)), size, little, signed);
      };
      methods[`write${kind}${order}`] = function (value, offset, size) {
        return writeInt(this, value, place(this, offset, needSize(size)), size, little, signed);
      };
      const big = `Big${signed ? 'Int' : 'Uint'}64`;
      const name = `Big${kind}64${order}`;
      methods[`read${name}`] = function (offset) { return view(this)[`get${big}`](place(this, offset, 8), little); };
      methods[`write${name}`] = function (value, offset) {
        const at = place(this, offset, 8);
        if (signed) inRange(value, -(2n ** 63n), 2n ** 63n - 1n);
        else inRange(value, 0n, 2n ** 64n - 1n);
        view(this)[`set${big}`](at, value, little);
        return at + 8;
      };
    }
  }
  for (const [kind, bits] of [['Float', 32], ['Double', 64]]) {
    for (const [order, little] of [['LE', true], ['BE', false]]) {
      methods[`read${kind}${order}`] = function (offset) {
        return view(this)[`getFloat${bits}`](place(this, offset, bits / 8), little);
      };
      methods[`write${kind}${order}`] = function (value, offset) {
        const at = place(this, offset, bits / 8);
        view(this)[`setFloat${bits}`](at, value, little);
        return at + bits / 8;
      };
    }
  }
  for (const name of Object.keys(methods)) {
    if (name.includes('UInt')) methods[name.replace('UInt', 'Uint')] = methods[name];
  }
  for (const encoding of ['utf8', 'hex', 'base64', 'base64url', 'latin1', 'ascii', 'ucs2', 'utf16le']) {
    const title = encoding === 'utf16le' ? 'utf16le' : encoding;
    methods[`${title}Slice`] = function (start, end) { return this.toString(encoding, start, end); };
    methods[`${title}Write`] = function (text, offset, length) { return this.write(text, offset, length, encoding); };
  }
  for (const name of Reflect.ownKeys(methods)) {
    Object.defineProperty(FastBuffer.prototype, name, { value: methods[name], writable: true, configurable: true, enumerable: false });
  }
  Object.defineProperty(FastBuffer.prototype, 'parent', { get() { return this.buffer; }, configurable: true });
  Object.defineProperty(FastBuffer.prototype, 'offset', { get() { return this.byteOffset; }, configurable: true });

  module.exports = {
    Buffer,
    SlowBuffer: Buffer.allocUnsafeSlow,
    kMaxLength: MAX,
    kStringMaxLength: 0x1fffffe8,
    constants: { MAX_LENGTH: MAX, MAX_STRING_LENGTH: 0x1fffffe8 },
    INSPECT_MAX_BYTES: 50,
    atob(text) { return from(String(text), 'base64').toString('latin1'); },
    btoa(text) { return from(String(text), 'latin1').toString('base64'); },
    isUtf8: (bytes) => native.decode(bytes, 'utf8').includes('\ufffd') === false,
    isAscii: (bytes) => bytes.every((byte) => byte < 128),
    transcode: (bytes, source, target) => from(from(bytes).toString(source), target),
  };
})
