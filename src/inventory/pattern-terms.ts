/** One piece of a pattern: `&edge[0:2]` has the sign `&`, the expression `edge` and a subscript. */
export interface PatternTerm {
  readonly text: string;
  readonly sign?: '&' | '!';
  /** A name, a glob, or `~` and a regular expression. */
  readonly expression: string;
  readonly subscript?: Subscript;
}

/** Positions among the hosts matched, both ends included; negative ones count from the end. */
export interface Subscript {
  readonly first: number;
  readonly last: number;
}

/** What begins as an IPv6 address does is one piece, globs and all, as in Ansible's `parse_address`. */
const IPV6 = /^[&!]?(?:::|(?:[\da-f]{1,4}:){1,6}:|(?:[\da-f]{1,4}:){7}[\da-f])/i;

/** Splits at commas and, outside brackets, at colons, but never an IPv6 address. (Ansible leaves colons alone where there is a comma.) */
export function parsePattern(pattern: string): readonly PatternTerm[] {
  return pattern.split(',').flatMap(splitAtColons).map(termOf);
}

function splitAtColons(piece: string): readonly string[] {
  const trimmed = piece.trim();
  if (IPV6.test(trimmed)) return [trimmed];
  return trimmed.match(/(?:[^\s:[\]]|\[[^\]]*\])+/g) ?? [];
}

function termOf(text: string): PatternTerm {
  const [, sign, rest = text] = /^([&!])(.*)$/s.exec(text) ?? [];
  const { expression, subscript } = splitSubscript(rest);
  return { text, expression, ...(sign === '&' || sign === '!' ? { sign } : {}), ...(subscript === undefined ? {} : { subscript }) };
}

function splitSubscript(text: string): Pick<PatternTerm, 'expression' | 'subscript'> {
  const [, expression, index, first, last] = (text.startsWith('~') ? null : /^(.+)\[(?:(-?\d+)|(\d+)[:-](\d*))\]$/.exec(text)) ?? [];
  if (expression === undefined) return { expression: text };
  if (index !== undefined) return { expression, subscript: { first: Number(index), last: Number(index) } };
  return { expression, subscript: { first: Number(first), last: last === '' ? -1 : Number(last) } };
}

/** Whether a name matches: a glob as a whole, a regular expression from its beginning. Undefined for a broken one. */
export function matcherOf(expression: string): ((name: string) => boolean) | undefined {
  if (!expression.startsWith('~')) {
    const regex = globOf(expression);
    return (name) => regex.test(name);
  }
  try {
    const regex = fromPython(expression.slice(1));
    return (name) => regex.test(name);
  } catch {
    return undefined;
  }
}

/** Whether Ansible looks among hosts also when a group matched. */
export function isWide(expression: string): boolean {
  return /^~|[.?*[]/.test(expression);
}

/** Python's fnmatch: `*`, `?`, `[a-f]`, `[!a-f]`. */
function globOf(glob: string): RegExp {
  const pieces = glob.match(/\[!?\]?[^\]]*\]|[\s\S]/g) ?? [];
  const source = pieces.map((piece) => {
    if (piece === '*') return '.*';
    if (piece === '?') return '.';
    if (piece.length < 3) return piece.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    const members = piece.slice(1, -1).replace(/\\|\[|\]|\^/g, '\\$&');
    return members.startsWith('!') ? `[^${members.slice(1)}]` : `[${members}]`;
  });
  return new RegExp(`^(?:${source.join('')})$`, 's');
}

/** Python writes flags inside and names groups with a `P`. */
function fromPython(source: string): RegExp {
  const [, flags = '', rest = source] = /^\(\?([ims]+)\)(.*)$/s.exec(source) ?? [];
  return new RegExp(`^(?:${rest.replaceAll('(?P<', '(?<')})`, flags);
}
