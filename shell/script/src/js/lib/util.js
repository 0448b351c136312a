// The module `util`.
(function (module, core, native) {
  'use strict';
  const { inspect, format } = core('hoist/inspect');
  const { Buffer } = core('buffer');
  const promisified = Symbol.for('nodejs.util.promisify.custom');
  const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

  function promisify(original) {
    if (typeof original !== 'function') {
      const error = new TypeError('The "original" argument must be of type function');
      error.code = 'ERR_INVALID_ARG_TYPE';
      throw error;
    }
    if (typeof original[promisified] === 'function') return original[promisified];
    function wrapped(...args) {
      return new Promise((resolve, reject) => {
        Reflect.apply(original, this, [...args, (error, ...values) => (error ? reject(error) : resolve(values[0]))]);
      });
    }
    Object.setPrototypeOf(wrapped, Object.getPrototypeOf(original));
    return Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
  }
  promisify.custom = promisified;

  function callbackify(original) {
    return function (...args) {
      const callback = args.pop();
      Reflect.apply(original, this, args).then(
        (value) => process.nextTick(callback, null, value),
        (error) => process.nextTick(callback, error || new Error('rejected without a reason')),
      );
    };
  }

  function inherits(child, parent) {
    Object.defineProperty(child, 'super_', { value: parent, writable: true, configurable: true });
    Object.setPrototypeOf(child.prototype, parent.prototype);
  }

  function deprecate(original, message) {
    let told = false;
    return function (...args) {
      if (!told && message) native.log(0, '-', 0, `deprecated: ${message}`);
      told = true;
      return new.target ? Reflect.construct(original, args, new.target) : Reflect.apply(original, this, args);
    };
  }

  const typed = (name) => (value) => ArrayBuffer.isView(value) && value[Symbol.toStringTag] === name;
  const types = {
    isArrayBuffer: (value) => value instanceof ArrayBuffer,
    isSharedArrayBuffer: (value) => value instanceof SharedArrayBuffer,
    isAnyArrayBuffer: (value) => value instanceof ArrayBuffer || value instanceof SharedArrayBuffer,
    isArrayBufferView: ArrayBuffer.isView,
    isTypedArray: (value) => ArrayBuffer.isView(value) && !(value instanceof DataView),
    isAsyncFunction: (value) => tagOf(value) === 'AsyncFunction',
    isGeneratorFunction: (value) => ['GeneratorFunction', 'AsyncGeneratorFunction'].includes(tagOf(value)),
    isGeneratorObject: (value) => tagOf(value) === 'Generator',
    isBoxedPrimitive: (value) => [String, Number, Boolean, Symbol, BigInt].some((Kind) => value instanceof Kind),
    isNativeError: (value) => value instanceof Error,
    isArgumentsObject: (value) => tagOf(value) === 'Arguments',
    isProxy: () => false,
    isModuleNamespaceObject: (value) => tagOf(value) === 'Module',
    isExternal: () => false,
    isMapIterator: (value) => tagOf(value) === 'Map Iterator',
    isSetIterator: (value) => tagOf(value) === 'Set Iterator',
    isNumberObject: (value) => value instanceof Number,
    isStringObject: (value) => value instanceof String,
    isBooleanObject: (value) => value instanceof Boolean,
    isSymbolObject: (value) => value instanceof Symbol,
    isBigIntObject: (value) => value instanceof BigInt,
  };
  for (const Kind of [Map, Set, WeakMap, WeakSet, Promise, Date, RegExp, DataView]) {
    types[`is${Kind.name}`] = (value) => value instanceof Kind;
  }
  for (const name of ['Uint8Array', 'Uint8ClampedArray', 'Uint16Array', 'Uint32Array', 'Int8Array', 'Int16Array', 'Int32Array',
    'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array']) {
    types[`is${name}`] = typed(name);
  }

  class TextEncoder {
    get encoding() { return 'utf-8'; }
    encode(text = '') { return native.encode(String(text).toWellFormed(), 'utf8'); }
    encodeInto(text, target) {
      let read = 0;
      let written = 0;
      for (const char of String(text)) {
        const bytes = this.encode(char);
        if (written + bytes.length > target.length) break;
        target.set(bytes, written);
        written += bytes.length;
        read += char.length;
      }
      return { read, written };
    }
  }

  class TextDecoder {
    constructor(label = 'utf-8', options = {}) {
      const name = String(label).trim().toLowerCase();
      const known = { 'utf-8': 'utf8', utf8: 'utf8', 'utf-16le': 'utf16le', 'utf-16': 'utf16le', latin1: 'latin1',
        'iso-8859-1': 'latin1', ascii: 'latin1', 'us-ascii': 'latin1', 'windows-1252': 'latin1' };
      if (known[name] === undefined) throw new RangeError(`The "${label}" encoding is not supported`);
      this._codec = known[name];
      this.encoding = { utf8: 'utf-8', utf16le: 'utf-16le', latin1: 'windows-1252' }[this._codec];
      this.fatal = Boolean(options && options.fatal);
      this.ignoreBOM = Boolean(options && options.ignoreBOM);
      this._decoder = null;
    }
    decode(input, options) {
      let bytes = new Uint8Array(0);
      if (input instanceof ArrayBuffer) bytes = new Uint8Array(input);
      else if (ArrayBuffer.isView(input)) bytes = new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
      let text;
      if (this._decoder !== null || (options && options.stream)) {
        const { StringDecoder } = core('string_decoder');
        this._decoder = this._decoder || new StringDecoder(this._codec);
        text = this._decoder.write(Buffer.from(bytes));
        if (!options || !options.stream) {
          text += this._decoder.end();
          this._decoder = null;
        }
      } else {
        text = native.decode(bytes, this._codec);
      }
      if (this.fatal && this._codec === 'utf8' && text.includes('\ufffd') && Buffer.from(text).length !== bytes.length) {
        const error = new TypeError('The encoded data was not valid for encoding utf-8');
        error.code = 'ERR_ENCODING_INVALID_ENCODED_DATA';
        throw error;
      }
      return !this.ignoreBOM && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    }
  }

  module.exports = {
    inspect, format, promisify, callbackify, inherits, deprecate, types, TextEncoder, TextDecoder,
    formatWithOptions: (options, ...args) => format(...args),
    isDeepStrictEqual: (a, b) => core('hoist/equal').equal(a, b, true),
    debuglog: () => Object.assign(() => undefined, { enabled: false }),
    debug: () => Object.assign(() => undefined, { enabled: false }),
    stripVTControlCharacters: (text) => String(text).replace(/\u001b\[[0-9;?]*[A-Za-z]/g, ''),
    styleText: (style, text) => String(text),
    toUSVString: (text) => String(text).toWellFormed(),
    parseArgs() { throw new Error('util.parseArgs is not there in the embedded engine: run the script with --engine node'); },
    isArray: Array.isArray,
    isBoolean: (value) => typeof value === 'boolean',
    isNull: (value) => value === null,
    isNullOrUndefined: (value) => value === null || value === undefined,
    isNumber: (value) => typeof value === 'number',
    isString: (value) => typeof value === 'string',
    isSymbol: (value) => typeof value === 'symbol',
    isUndefined: (value) => value === undefined,
    isRegExp: types.isRegExp,
    isObject: (value) => value !== null && typeof value === 'object',
    isDate: types.isDate,
    isError: (value) => value instanceof Error,
    isFunction: (value) => typeof value === 'function',
    isPrimitive: (value) => value === null || (typeof value !== 'object' && typeof value !== 'function'),
    isBuffer: Buffer.isBuffer,
    log: (...args) => console.log(...args),
    _extend: (target, source) => Object.assign(target, source),
  };
})
