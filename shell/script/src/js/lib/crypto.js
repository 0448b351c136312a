// The module `crypto`: random values, hashes and HMACs. Ciphers and keys need Node.js.
(function (module, core, native) {
  'use strict';
  const { Buffer } = core('buffer');
  const HASHES = ['md5', 'sha1', 'sha256', 'sha512'];

  function fail(Kind, code, message) {
    const error = new Kind(message);
    error.code = code;
    throw error;
  }

  function bytesOf(data, encoding) {
    if (typeof data === 'string') return Buffer.from(data, encoding);
    if (ArrayBuffer.isView(data)) return Buffer.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    if (data instanceof ArrayBuffer) return Buffer.from(data);
    return fail(TypeError, 'ERR_INVALID_ARG_TYPE', 'The "data" argument must be of type string or an instance of Buffer');
  }

  class Hash {
    constructor(name, key) {
      this._name = String(name).toLowerCase().replace(/^sha-/, 'sha');
      if (!HASHES.includes(this._name)) {
        fail(Error, 'ERR_CRYPTO_INVALID_DIGEST', `Invalid digest: ${name} (the embedded engine has ${HASHES.join(', ')})`);
      }
      this._key = key;
      this._parts = [];
      this._done = false;
    }
    update(data, encoding) {
      if (this._done) fail(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called');
      this._parts.push(bytesOf(data, encoding));
      return this;
    }
    digest(encoding) {
      if (this._done) fail(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called');
      this._done = true;
      const data = this._parts.length === 1 ? this._parts[0] : Buffer.concat(this._parts);
      const made = Buffer.from(this._key === undefined ? native.hash(this._name, data) : native.hmac(this._name, this._key, data));
      return encoding === undefined || encoding === 'buffer' ? made : made.toString(encoding);
    }
    copy() {
      const other = new Hash(this._name, this._key);
      other._parts = [...this._parts];
      return other;
    }
  }

  function randomBytes(size, callback) {
    if (!(Number.isInteger(size) && size >= 0 && size <= 0x7fffffff)) {
      fail(RangeError, 'ERR_OUT_OF_RANGE', `The value of "size" is out of range. Received ${String(size)}`);
    }
    const made = Buffer.alloc(size);
    for (let at = 0; at < size; at += 65536) made.set(native.random(Math.min(65536, size - at)), at);
    if (typeof callback !== 'function') return made;
    setImmediate(callback, null, made);
    return undefined;
  }

  function randomFillSync(target, offset = 0, size = target.byteLength - offset) {
    new Uint8Array(target.buffer || target, target.byteOffset || 0, target.byteLength).set(randomBytes(size), offset);
    return target;
  }

  function randomUUID() {
    const bytes = randomBytes(16);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  function randomInt(min, max, callback) {
    let [low, high, done] = [min, max, callback];
    if (high === undefined || typeof high === 'function') [low, high, done] = [0, min, max];
    if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high)) {
      fail(TypeError, 'ERR_INVALID_ARG_TYPE', 'The "min" and "max" arguments must be safe integers');
    }
    const range = high - low;
    if (!(range > 0 && range <= 2 ** 48 - 1)) fail(RangeError, 'ERR_OUT_OF_RANGE', 'The value of "max" is out of range.');
    const limit = 2 ** 48 - (2 ** 48 % range);
    let value;
    do value = randomBytes(6).readUIntBE(0, 6); while (value >= limit);
    if (typeof done !== 'function') return low + (value % range);
    setImmediate(done, null, low + (value % range));
    return undefined;
  }

  function timingSafeEqual(a, b) {
    const [x, y] = [bytesOf(a), bytesOf(b)];
    if (x.length !== y.length) {
      fail(RangeError, 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH', 'Input buffers must have the same byte length');
    }
    let different = 0;
    for (let at = 0; at < x.length; at += 1) different |= x[at] ^ y[at];
    return different === 0;
  }

  const getRandomValues = (target) => randomFillSync(target);
  module.exports = {
    randomBytes, pseudoRandomBytes: randomBytes, randomFillSync, randomUUID, randomInt, timingSafeEqual, getRandomValues,
    randomFill(target, ...rest) {
      const callback = rest.pop();
      randomFillSync(target, ...rest);
      setImmediate(callback, null, target);
    },
    createHash: (name) => new Hash(name),
    createHmac: (name, key) => new Hash(name, bytesOf(key)),
    hash: (name, data, encoding = 'hex') => new Hash(name).update(data).digest(encoding),
    getHashes: () => [...HASHES],
    Hash,
    Hmac: Hash,
    constants: {},
    webcrypto: { getRandomValues, randomUUID },
  };
})
