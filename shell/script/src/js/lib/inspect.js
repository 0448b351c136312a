// `util.inspect` and `util.format`, as scripts and logs see them. Not a module of its own for scripts.
(function (module, core, native) {
  'use strict';
  const custom = Symbol.for('nodejs.util.inspect.custom');
  const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

  function quote(text) {
    let mark = "'";
    if (text.includes("'")) mark = !text.includes('"') ? '"' : !text.includes('`') && !text.includes('${') ? '`' : "'";
    const named = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\b': '\\b', '\f': '\\f', '\v': '\\v', '\\': '\\\\' };
    // eslint-disable-next-line no-control-regex
    return mark + text.replace(/[\x00-\x1f\x7f-\x9f\\]|['"`]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, (c) => {
      if (c === mark) return `\\${c}`;
      if (c === "'" || c === '"' || c === '`') return c;
      if (c >= '\ud800') return `\\u${c.charCodeAt(0).toString(16)}`;
      return named[c] || `\\x${c.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`;
    }) + mark;
  }

  function number(value) {
    return Object.is(value, -0) ? '-0' : String(value);
  }

  function primitive(value, context) {
    switch (typeof value) {
      case 'string': {
        if (value.length > context.maxStringLength) {
          const rest = value.length - context.maxStringLength;
          return `${quote(value.slice(0, context.maxStringLength))}... ${rest} more character${rest > 1 ? 's' : ''}`;
        }
        return quote(value);
      }
      case 'number': return number(value);
      case 'bigint': return `${value}n`;
      case 'symbol': return value.toString();
      default: return String(value);
    }
  }

  function constructorName(value) {
    for (let at = value; at !== null; at = Object.getPrototypeOf(at)) {
      const descriptor = Object.getOwnPropertyDescriptor(at, 'constructor');
      if (descriptor && typeof descriptor.value === 'function' && descriptor.value.name !== '') return descriptor.value.name;
    }
    return null;
  }

  function prefix(value, name, plain, size) {
    const tag = value[Symbol.toStringTag];
    const count = size === undefined ? '' : `(${size})`;
    const extra = typeof tag === 'string' && tag !== '' && tag !== name ? ` [${tag}]` : '';
    if (name === null) return `[${plain}${count}: null prototype]${extra} `;
    return name === plain && extra === '' && (plain === 'Object' || plain === 'Array') ? '' : `${name}${count}${extra} `;
  }

  function keyText(key) {
    if (typeof key === 'symbol') return key.toString();
    return IDENTIFIER.test(key) ? key : quote(key);
  }

  function property(owner, key, context, depth) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, key) || { value: owner[key] };
    if (descriptor.get) return descriptor.set ? '[Getter/Setter]' : '[Getter]';
    if (descriptor.set) return '[Setter]';
    return show(descriptor.value, context, depth + 1);
  }

  function keysOf(value, context) {
    const keys = context.showHidden ? Reflect.ownKeys(value) : Object.keys(value);
    if (context.showHidden) return keys;
    return keys.concat(Object.getOwnPropertySymbols(value)
      .filter((key) => Object.prototype.propertyIsEnumerable.call(value, key)));
  }

  function functionHead(value) {
    const source = Function.prototype.toString.call(value);
    const kind = Object.prototype.toString.call(value).slice(8, -1);
    if (source.startsWith('class')) {
      const parent = Object.getPrototypeOf(value);
      const base = typeof parent === 'function' && parent.name ? ` extends ${parent.name}` : '';
      return `[class ${value.name || '(anonymous)'}${base}]`;
    }
    return `[${kind}${value.name ? `: ${value.name}` : ' (anonymous)'}]`;
  }

  function errorText(error) {
    const head = `${String(error.name)}${error.message ? `: ${String(error.message)}` : ''}`;
    if (typeof error.stack !== 'string' || error.stack === '') return `[${head}]`;
    return error.stack.includes(String(error.message)) ? error.stack : `${head}\n${error.stack}`;
  }

  function more(count, items) {
    if (count > items) return [`... ${count - items} more item${count - items > 1 ? 's' : ''}`];
    return [];
  }

  function list(value, context, depth) {
    const shown = Math.min(value.length, context.maxArrayLength);
    const out = [];
    let holes = 0;
    const flush = () => {
      if (holes > 0) out.push(`<${holes} empty item${holes > 1 ? 's' : ''}>`);
      holes = 0;
    };
    let at = 0;
    for (; at < value.length && out.length < shown; at += 1) {
      if (at in value) {
        flush();
        out.push(property(value, at, context, depth));
      } else {
        holes += 1;
        if (value.length - at > 100000) {
          holes = value.length - at;
          at = value.length;
        }
      }
    }
    flush();
    return out.concat(more(value.length, Math.max(at, shown)));
  }

  // The inner text of every kind of object: [prefix, opening, entries, closing], or finished text.
  function parts(value, context, depth) {
    const name = constructorName(value);
    const inner = (one) => show(one, context, depth + 1);
    if (Array.isArray(value)) return [prefix(value, name, 'Array', name === 'Array' ? undefined : value.length), '[', list(value, context, depth), ']'];
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      const shown = Math.min(value.length, context.maxArrayLength);
      const items = Array.from(value.subarray(0, shown), (one) => (typeof one === 'bigint' ? `${one}n` : number(one)));
      return [prefix(value, name, '', value.length).replace(` [${value[Symbol.toStringTag]}]`, ''), '[', items.concat(more(value.length, shown)), ']'];
    }
    if (value instanceof Map) {
      const entries = Map.prototype.entries.call(value);
      return [prefix(value, name, 'Map', value.size), '{', limited(entries, context, ([k, v]) => `${inner(k)} => ${inner(v)}`, value.size), '}'];
    }
    if (value instanceof Set) {
      return [prefix(value, name, 'Set', value.size), '{', limited(Set.prototype.values.call(value), context, inner, value.size), '}'];
    }
    if (typeof value === 'function') return [functionHead(value), '{', [], '}'];
    if (value instanceof Error) return [errorText(value), '{', [], '}'];
    if (value instanceof RegExp) return [RegExp.prototype.toString.call(value), '{', [], '}'];
    if (value instanceof Date) {
      return [Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString(), '{', [], '}'];
    }
    if (value instanceof Promise) return ['Promise ', '{', ['<pending or settled>'], '}'];
    if (value instanceof WeakMap || value instanceof WeakSet) return [`${name} `, '{', ['<items unknown>'], '}'];
    if (value instanceof ArrayBuffer) {
      const bytes = Array.from(new Uint8Array(value).subarray(0, 50), (b) => b.toString(16).padStart(2, '0')).join(' ');
      return [`${name} `, '{', [`[Uint8Contents]: <${bytes}${value.byteLength > 50 ? ' ...' : ''}>`, `byteLength: ${value.byteLength}`], '}'];
    }
    for (const Kind of [String, Number, Boolean, Symbol, BigInt]) {
      if (value instanceof Kind) return [`[${Kind.name}: ${primitive(value.valueOf(), context)}]`, '{', [], '}'];
    }
    if (Object.prototype.toString.call(value) === '[object Arguments]') return ['[Arguments] ', '[', list(value, context, depth), ']'];
    return [prefix(value, name, 'Object'), '{', [], '}'];
  }

  function limited(items, context, text, size) {
    const out = [];
    for (const item of items) {
      if (out.length >= context.maxArrayLength) break;
      out.push(text(item));
    }
    return out.concat(more(size, out.length));
  }

  function show(value, context, depth) {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return primitive(value, context);
    if (context.customInspect && typeof value[custom] === 'function' && value[custom] !== inspect) {
      const made = value[custom](context.depth === Infinity ? Infinity : context.depth - depth, context.options, inspect);
      if (made !== value) return typeof made === 'object' && made !== null ? show(made, context, depth) : String(made);
    }
    if (context.seen.includes(value)) {
      if (!context.circular.has(value)) context.circular.set(value, context.circular.size + 1);
      return `[Circular *${context.circular.get(value)}]`;
    }
    context.budget -= 1;
    const [head, open, entries, close] = (() => {
      if ((depth > context.depth && !isEmpty(value)) || context.budget < 0) {
        const name = constructorName(value);
        if (typeof value === 'function' || value instanceof Error || value instanceof Date || value instanceof RegExp) {
          return parts(value, context, depth);
        }
        return [`[${Array.isArray(value) ? 'Array' : name === null ? 'Object: null prototype' : name}]`, '', null, ''];
      }
      context.seen.push(value);
      if (!isEmpty(value)) context.deepest = depth;
      try {
        const [first, opening, items, closing] = parts(value, context, depth);
        for (const key of keysOf(value, context)) {
          if (isIndex(value, key)) continue;
          if (value instanceof Error && (key === 'stack' || key === 'message')) continue;
          const hidden = !Object.prototype.propertyIsEnumerable.call(value, key) && typeof key !== 'symbol';
          items.push(`${hidden ? `[${String(key)}]` : keyText(key)}: ${property(value, key, context, depth)}`);
        }
        if (value instanceof Error && value.cause !== undefined && !Object.keys(value).includes('cause')) {
          items.push(`[cause]: ${show(value.cause, context, depth + 1)}`);
        }
        return [first, opening, items, closing];
      } finally {
        context.seen.pop();
      }
    })();
    if (entries === null) return head;
    const mark = context.circular.has(value) ? `<ref *${context.circular.get(value)}> ` : '';
    const standalone = typeof value === 'function' || value instanceof Error || value instanceof RegExp || value instanceof Date ||
      /^\[(String|Number|Boolean|Symbol|BigInt): /.test(head);
    if (standalone && entries.length === 0) return mark + head;
    return mark + layout(standalone ? `${head} ` : head, open, entries, close, context, depth, value);
  }

  // Empty things are shown at any depth.
  function isEmpty(value) {
    const size = value instanceof Map || value instanceof Set ? value.size : ArrayBuffer.isView(value) ? value.byteLength
      : Array.isArray(value) ? value.length : 0;
    return size === 0 && Reflect.ownKeys(value).every((key) => key === 'length' && Array.isArray(value));
  }

  function isIndex(value, key) {
    return typeof key === 'string' && (Array.isArray(value) || ArrayBuffer.isView(value) || value instanceof String ||
      Object.prototype.toString.call(value) === '[object Arguments]') && /^(0|[1-9]\d*)$/.test(key);
  }

  // One line while it is short and not nested deeply, as Node.js decides it.
  function layout(head, open, entries, close, context, depth, value) {
    if (entries.length === 0) return `${head}${open}${close}`;
    const indentation = depth * 2;
    const rows = open === '[' && entries.length > 6 ? grouped(entries, context, indentation, value) : entries;
    if (context.breakLength === Infinity) return `${head}${open} ${rows.join(', ')} ${close}`;
    if (context.deepest - depth < 3 && rows === entries) {
      const total = 2 * entries.length + indentation + open.length + head.length + 10 +
        entries.reduce((sum, one) => sum + one.length, 0);
      if (total <= context.breakLength && !entries.some((one) => one.includes('\n'))) {
        return `${head}${open} ${entries.join(', ')} ${close}`;
      }
    }
    return `${head}${open}\n${rows.map((one) => `  ${one.replaceAll('\n', '\n  ')}`).join(',\n')}\n${close}`;
  }

  // Short items of a long list in columns, numbers to the right.
  function grouped(entries, context, indentation, value) {
    const rest = value.length > context.maxArrayLength ? entries.slice(-1) : [];
    const items = rest.length > 0 ? entries.slice(0, -1) : entries;
    const longest = Math.max(...items.map((one) => one.length));
    const total = items.reduce((sum, one) => sum + one.length + 2, 0);
    const cell = longest + 2;
    if (cell * 3 + indentation >= context.breakLength || !(total / cell > 5 || longest <= 6)) return entries;
    const usual = Math.max(cell - 3 - Math.sqrt(cell - total / entries.length), 1);
    const columns = Math.min(Math.round(Math.sqrt(2.5 * usual * items.length) / usual),
      Math.floor((context.breakLength - indentation) / cell), 12, 15);
    if (columns <= 1) return entries;
    const widths = Array.from({ length: columns }, (_, column) =>
      Math.max(...items.filter((_, at) => at % columns === column).map((one) => one.length)));
    const right = Array.from(items.keys()).every((at) => ['number', 'bigint'].includes(typeof value[at]));
    const lines = [];
    for (let at = 0; at < items.length; at += columns) {
      const line = items.slice(at, at + columns);
      lines.push(line.map((one, column) => {
        const comma = column < line.length - 1 ? ', ' : '';
        return right ? one.padStart(widths[column]) + comma : comma ? (one + comma).padEnd(widths[column] + 2) : one;
      }).join(''));
    }
    return lines.concat(rest);
  }

  function inspect(value, options, depth) {
    const given = options !== null && typeof options === 'object' ? options : { showHidden: Boolean(options), depth };
    const pick = (name, fallback) => (given[name] === undefined ? fallback : given[name] === null ? Infinity : given[name]);
    const context = {
      depth: pick('depth', 2), breakLength: pick('breakLength', 80), maxArrayLength: pick('maxArrayLength', 100),
      maxStringLength: pick('maxStringLength', 10000), showHidden: given.showHidden === true,
      customInspect: given.customInspect !== false, seen: [], circular: new Map(), budget: 5000, deepest: 0,
    };
    context.options = { ...given, depth: context.depth, breakLength: context.breakLength, maxArrayLength: context.maxArrayLength,
      maxStringLength: context.maxStringLength, showHidden: context.showHidden, customInspect: context.customInspect,
      stylize: (text) => String(text) };
    return show(value, context, 0);
  }
  inspect.custom = custom;
  inspect.defaultOptions = {};
  inspect.colors = {};
  inspect.styles = {};

  const toNumber = (value, parse) => (typeof value === 'bigint' ? `${value}n` : typeof value === 'symbol' ? 'NaN'
    : typeof value === 'object' ? 'NaN' : number(parse(value)));

  function asText(value) {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'bigint') return primitive(value, { maxStringLength: Infinity });
    if (typeof value !== 'object' || value === null) return String(value);
    const own = typeof value.toString === 'function' && value.toString !== Object.prototype.toString &&
      value.toString !== Error.prototype.toString && value.toString !== Array.prototype.toString;
    return own && !(value instanceof Date) ? String(value) : inspect(value, { depth: 0 });
  }

  function format(first, ...args) {
    let at = 0;
    let text = '';
    if (typeof first === 'string') {
      text = first.replace(/%[sdifjoOc%]/g, (mark) => {
        if (mark === '%%') return args.length === 0 ? mark : '%';
        if (at >= args.length) return mark;
        const value = args[at++];
        switch (mark) {
          case '%s': return asText(value);
          case '%d': return toNumber(value, Number);
          case '%i': return toNumber(value, (one) => parseInt(one, 10));
          case '%f': return typeof value === 'symbol' ? 'NaN' : number(parseFloat(value));
          case '%j': return json(value);
          case '%o': return inspect(value, { showHidden: true, depth: 4 });
          case '%O': return inspect(value);
          default: return '';
        }
      });
    } else if (arguments.length > 0) {
      text = inspect(first);
    }
    for (; at < args.length; at += 1) text += ` ${typeof args[at] === 'string' ? args[at] : inspect(args[at])}`;
    return text;
  }

  function json(value) {
    try {
      return JSON.stringify(value);
    } catch (error) {
      if (/circular/i.test(String(error && error.message))) return '[Circular]';
      throw error;
    }
  }

  module.exports = { inspect, format };
})
