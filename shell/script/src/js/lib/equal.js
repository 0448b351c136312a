// Deep equality for `assert` and `util.isDeepStrictEqual`.
(function (module, core, native) {
  'use strict';
  const keysOf = (value) => Object.keys(value).concat(Object.getOwnPropertySymbols(value)
    .filter((key) => Object.prototype.propertyIsEnumerable.call(value, key)));

  function equal(a, b, strict, seen = []) {
    if (strict ? Object.is(a, b) : a == b || (a !== a && b !== b)) return true;
    if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
    if (strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
    if (Object.prototype.toString.call(a) !== Object.prototype.toString.call(b)) return false;
    if (seen.some(([x, y]) => x === a && y === b)) return true;
    const path = [...seen, [a, b]];
    if (Array.isArray(a) !== Array.isArray(b) || (Array.isArray(a) && a.length !== b.length)) return false;
    if (a instanceof Date && a.getTime() !== b.getTime()) return false;
    if (a instanceof RegExp && String(a) !== String(b)) return false;
    if (a instanceof Error && (a.message !== b.message || a.name !== b.name)) return false;
    if (a instanceof String || a instanceof Number || a instanceof Boolean || a instanceof BigInt || a instanceof Symbol) {
      if (!Object.is(a.valueOf(), b.valueOf())) return false;
    }
    if (a instanceof ArrayBuffer) return equal(new Uint8Array(a), new Uint8Array(b), strict, path);
    if (ArrayBuffer.isView(a)) {
      if (a.byteLength !== b.byteLength) return false;
      const [x, y] = [a, b].map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
      return x.every((byte, at) => byte === y[at]);
    }
    if (a instanceof Set) return a.size === b.size && [...a].every((x) => b.has(x) || [...b].some((y) => equal(x, y, strict, path)));
    if (a instanceof Map) {
      if (a.size !== b.size) return false;
      return [...a].every(([k, v]) => (b.has(k) ? equal(v, b.get(k), strict, path)
        : [...b].some(([k2, v2]) => equal(k, k2, strict, path) && equal(v, v2, strict, path))));
    }
    const keys = keysOf(a);
    return keys.length === keysOf(b).length &&
      keys.every((key) => Object.prototype.hasOwnProperty.call(b, key) && equal(a[key], b[key], strict, path));
  }

  module.exports = { equal };
})
