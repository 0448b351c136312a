// The module `assert`.
(function (module, core, native) {
  'use strict';
  const { equal: deep } = core('hoist/equal');
  const { inspect } = core('hoist/inspect');

  class AssertionError extends Error {
    constructor(options) {
      super(options.message === undefined
        ? `${inspect(options.actual)} ${options.operator} ${inspect(options.expected)}` : String(options.message));
      this.name = 'AssertionError';
      this.code = 'ERR_ASSERTION';
      this.generatedMessage = options.message === undefined;
      this.actual = options.actual;
      this.expected = options.expected;
      this.operator = options.operator;
      if (options.stackStartFn) Error.captureStackTrace(this, options.stackStartFn);
    }
  }

  function fail(actual, expected, message, operator, start) {
    if (message instanceof Error) throw message;
    throw new AssertionError({ actual, expected, message, operator, stackStartFn: start });
  }

  function make(strictByDefault) {
    function assert(value, message) {
      if (!value) fail(value, true, message === undefined ? 'The expression evaluated to a falsy value' : message, '==', assert);
    }
    function compare(name, operator, holds) {
      assert[name] = function (actual, expected, message) {
        if (!holds(actual, expected)) fail(actual, expected, message, operator, assert[name]);
      };
    }
    assert.ok = function (value, message) {
      if (!value) fail(value, true, message === undefined ? 'The expression evaluated to a falsy value' : message, '==', assert.ok);
    };
    compare('strictEqual', 'strictEqual', Object.is);
    compare('notStrictEqual', 'notStrictEqual', (a, b) => !Object.is(a, b));
    compare('deepStrictEqual', 'deepStrictEqual', (a, b) => deep(a, b, true));
    compare('notDeepStrictEqual', 'notDeepStrictEqual', (a, b) => !deep(a, b, true));
    compare('equal', '==', strictByDefault ? Object.is : (a, b) => a == b || (a !== a && b !== b));
    compare('notEqual', '!=', strictByDefault ? (a, b) => !Object.is(a, b) : (a, b) => a != b);
    compare('deepEqual', 'deepEqual', (a, b) => deep(a, b, strictByDefault));
    compare('notDeepEqual', 'notDeepEqual', (a, b) => !deep(a, b, strictByDefault));
    compare('match', 'match', (text, pattern) => typeof text === 'string' && pattern.test(text));
    compare('doesNotMatch', 'doesNotMatch', (text, pattern) => typeof text !== 'string' || !pattern.test(text));
    assert.fail = (message) => fail(undefined, undefined, message === undefined ? 'Failed' : message, 'fail', assert.fail);
    assert.ifError = (value) => {
      if (value === null || value === undefined) return;
      throw value instanceof Error ? value : new AssertionError({ actual: value, expected: null, operator: 'ifError' });
    };

    function fits(error, expected, message) {
      if (expected === undefined || typeof expected === 'string') return;
      let holds;
      if (expected instanceof RegExp) holds = expected.test(String(error));
      else if (typeof expected === 'function' && expected.prototype !== undefined && error instanceof expected) holds = true;
      else if (typeof expected === 'function' && Error.isPrototypeOf(expected)) throw error;
      else if (typeof expected === 'function') holds = expected.call({}, error) === true;
      else {
        holds = Object.keys(expected).every((key) => (expected[key] instanceof RegExp && typeof error[key] === 'string'
          ? expected[key].test(error[key]) : deep(error[key], expected[key], true)));
      }
      if (!holds) fail(error, expected, message, 'throws', assert.throws);
    }
    const none = Symbol('none');
    const caught = (code) => {
      try {
        code();
      } catch (error) {
        return error;
      }
      return none;
    };
    const caughtLater = async (code) => {
      try {
        await (typeof code === 'function' ? code() : code);
      } catch (error) {
        return error;
      }
      return none;
    };
    const must = (error, expected, message) => {
      const text = typeof expected === 'string' ? expected : message;
      if (error === none) fail(undefined, expected, text === undefined ? 'Missing expected exception.' : text, 'throws', assert.throws);
      fits(error, expected, message);
    };
    const mustNot = (error, message) => {
      if (error !== none) fail(error, undefined, message || `Got unwanted exception.\n${error && error.message}`, 'doesNotThrow', assert);
    };
    assert.throws = (code, expected, message) => must(caught(code), expected, message);
    assert.rejects = async (code, expected, message) => must(await caughtLater(code), expected, message);
    assert.doesNotThrow = (code, message) => mustNot(caught(code), message);
    assert.doesNotReject = async (code, message) => mustNot(await caughtLater(code), message);
    assert.AssertionError = AssertionError;
    return assert;
  }

  module.exports = make(false);
  module.exports.strict = make(true);
  module.exports.strict.strict = module.exports.strict;
})
