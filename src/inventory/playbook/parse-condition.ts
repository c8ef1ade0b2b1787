import { didYouMean } from '../nearest.ts';
import { type Comparison, type Condition, type EndFacts, NAMES, type ValueType } from './condition.ts';

/** Where and why a text is no condition; `at` counts characters from 0. */
export interface ConditionFault {
  readonly at: number;
  readonly length: number;
  readonly message: string;
  readonly hint: string;
}

/**
 * Reads a condition: a small part of CEL (the Common Expression Language), by its grammar and precedence.
 *
 * Nothing is run: the text becomes a tree whose types are checked here, so that a mistake is found before the first host is asked.
 */
export function parseCondition(text: string): { readonly condition: Condition } | { readonly fault: ConditionFault } {
  try {
    return { condition: new Parser(text).whole() };
  } catch (error) {
    if (error instanceof Refused) return { fault: error.fault };
    throw error;
  }
}

class Refused extends Error {
  readonly fault: ConditionFault;
  constructor(fault: ConditionFault) {
    super(fault.message);
    this.fault = fault;
  }
}

interface Token {
  readonly kind: 'text' | 'number' | 'name' | 'sign' | 'end' | 'strange';
  readonly text: string;
  readonly at: number;
}

interface Typed {
  readonly type: ValueType;
  readonly node: Condition;
  readonly token: Token;
}

const TOKEN =
  /\s*(?:(?<text>'[^'\n]*'|"[^"\n]*")|(?<number>\d+(?:\.\d+)?(?![\w.]))|(?<name>[A-Za-z_]\w*)|(?<sign>&&|\|\||[=!<>]=|[!<>()[\],])|(?<strange>\S))/gy;

const COMPARISONS: readonly string[] = ['==', '!=', '<', '<=', '>', '>='] satisfies readonly Comparison[];

/** Deeper than anybody writes, and shallow enough for the stack. */
const DEEPEST = 100;

class Parser {
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;

  constructor(text: string) {
    const tokens = [...text.matchAll(TOKEN)].map((match): Token => {
      const [kind, found] = Object.entries(match.groups ?? {}).find(([, word]) => word !== undefined) ?? ['strange', ''];
      return { kind: kind as Token['kind'], text: found ?? '', at: match.index + match[0].length - (found ?? '').length };
    });
    this.#tokens = [...tokens, { kind: 'end', text: '', at: text.length }];
  }

  whole(): Condition {
    const result = this.#either();
    if (this.#next.kind !== 'end')
      this.#refuse(this.#next, `«${this.#next.text}» is not expected here`, 'Compare with == and the like, and join with && or ||.');
    return this.#truth(result);
  }

  get #next(): Token {
    return this.#tokens[this.#index] ?? { kind: 'end', text: '', at: 0 };
  }

  #take(...signs: readonly string[]): Token | undefined {
    const token = this.#next;
    if (!signs.includes(token.text) || token.kind === 'text') return undefined;
    this.#index += 1;
    return token;
  }

  #either(): Typed {
    let first = this.#both();
    while (this.#take('||') !== undefined) first = this.#joined('or', first, this.#both());
    return first;
  }

  #both(): Typed {
    let first = this.#comparison();
    while (this.#take('&&') !== undefined) first = this.#joined('and', first, this.#comparison());
    return first;
  }

  #joined(kind: 'and' | 'or', first: Typed, second: Typed): Typed {
    return { type: 'truth', token: first.token, node: { kind, first: this.#truth(first), second: this.#truth(second) } };
  }

  #comparison(): Typed {
    const first = this.#single();
    const sign = this.#take(...COMPARISONS, 'in');
    if (sign === undefined) return first;
    const second = this.#single();
    if (sign.text === 'in') return this.#membership(first, second);
    const isOrdered = sign.text !== '==' && sign.text !== '!=';
    if (first.type === 'list' || second.type === 'list')
      this.#refuse(sign, 'a list cannot be compared', "Ask whether something is in it: 'x' in tags.");
    if (first.type !== second.type)
      this.#refuse(sign, `a ${first.type} and a ${second.type} cannot be compared`, 'Put quotes around texts and none around numbers.');
    if (isOrdered && first.type === 'truth') this.#refuse(sign, 'true and false have no order', 'Write == or !=.');
    return { type: 'truth', token: first.token, node: { kind: 'compare', by: sign.text as Comparison, first: first.node, second: second.node } };
  }

  #membership(member: Typed, list: Typed): Typed {
    if (list.type !== 'list') this.#refuse(list.token, '«in» needs a list after it', "Such as tags, groups, programs or ['a', 'b'].");
    if (member.type !== 'text') this.#refuse(member.token, 'lists have texts', 'Put quotes around it.');
    return { type: 'truth', token: member.token, node: { kind: 'in', member: member.node, list: list.node } };
  }

  #single(): Typed {
    const token = this.#next;
    this.#depth += 1;
    if (this.#depth > DEEPEST) this.#refuse(token, 'this is nested too deeply', 'Write it with fewer brackets.');
    const result = this.#negated() ?? this.#bracketed() ?? this.#literal(token);
    this.#depth -= 1;
    return result;
  }

  #negated(): Typed | undefined {
    const token = this.#take('!');
    return token === undefined ? undefined : { type: 'truth', token, node: { kind: 'not', of: this.#truth(this.#single()) } };
  }

  #bracketed(): Typed | undefined {
    const token = this.#take('(', '[');
    if (token === undefined) return undefined;
    if (token.text === '[') return this.#list(token);
    const inside = this.#either();
    if (this.#take(')') === undefined) this.#refuse(this.#next, 'a bracket is not closed', 'Add «)».');
    return inside;
  }

  #list(token: Token): Typed {
    const texts: string[] = [];
    while (this.#take(']') === undefined) {
      const one = this.#next;
      if (one.kind !== 'text') this.#refuse(one, 'a list has texts in quotes', "Such as ['a', 'b'].");
      this.#index += 1;
      texts.push(one.text.slice(1, -1));
      if (this.#next.text !== ']' && this.#take(',') === undefined)
        this.#refuse(this.#next, 'a list is not closed', 'Add «]», or a comma and the next text.');
    }
    return { type: 'list', token, node: { kind: 'value', value: texts } };
  }

  #literal(token: Token): Typed {
    this.#index += 1;
    const value = (type: ValueType, found: string | number | boolean): Typed => ({ type, token, node: { kind: 'value', value: found } });
    if (token.kind === 'text') return value('text', token.text.slice(1, -1));
    if (token.kind === 'number') return value('number', Number(token.text));
    if (token.kind === 'name') return token.text === 'true' || token.text === 'false' ? value('truth', token.text === 'true') : this.#named(token);
    return this.#refuse(
      token,
      token.kind === 'end' ? 'something is missing at the end' : `«${token.text}» is not expected here`,
      'Write a name, a text in quotes or a number.',
    );
  }

  #named(token: Token): Typed {
    const names = Object.keys(NAMES);
    if (!names.includes(token.text))
      this.#refuse(token, `there is no «${token.text}»`, didYouMean(token.text, names, `Known: ${names.join(', ')}. Texts need quotes.`));
    const name = token.text as keyof EndFacts;
    return { type: NAMES[name], token, node: { kind: 'name', name } };
  }

  #truth({ type, node, token }: Typed): Condition {
    if (type !== 'truth') this.#refuse(token, `«${token.text}» is neither true nor false`, 'Compare it with something: ==, !=, <, >, in.');
    return node;
  }

  #refuse({ at, text }: Token, message: string, hint: string): never {
    throw new Refused({ at, length: Math.max(1, text.length), message, hint });
  }
}
