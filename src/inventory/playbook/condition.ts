/** What a condition can be about: one end of one tunnel. */
export interface EndFacts {
  readonly host: string;
  readonly peer: string;
  readonly tunnel: string;
  readonly mode: string;
  readonly tags: readonly string[];
  readonly groups: readonly string[];
  /** `6.1.0-32-amd64` */
  readonly kernel: string;
  readonly programs: readonly string[];
  /** Whether the tunnel's device is there. */
  readonly exists: boolean;
}

export type Value = string | number | boolean | readonly string[];

export type ValueType = 'text' | 'number' | 'truth' | 'list';

/** The names a condition may use, and what they are. */
export const NAMES: Readonly<Record<keyof EndFacts, ValueType>> = {
  host: 'text',
  peer: 'text',
  tunnel: 'text',
  mode: 'text',
  tags: 'list',
  groups: 'list',
  kernel: 'text',
  programs: 'list',
  exists: 'truth',
};

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** A condition of proved types: it can be asked of any end, and nothing in it can fail. */
export type Condition =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'name'; readonly name: keyof EndFacts }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'and' | 'or'; readonly first: Condition; readonly second: Condition }
  | { readonly kind: 'in'; readonly member: Condition; readonly list: Condition }
  | { readonly kind: 'compare'; readonly by: Comparison; readonly first: Condition; readonly second: Condition };

/** Whether a condition holds at one end. */
export function holds(condition: Condition, facts: EndFacts): boolean {
  return valueIn(condition, facts) === true;
}

/** Whether it has to be asked of hosts: what the inventory says is known before. */
export function needsHost(condition: Condition): boolean {
  switch (condition.kind) {
    case 'value':
      return false;
    case 'name':
      return condition.name === 'kernel' || condition.name === 'programs' || condition.name === 'exists';
    case 'not':
      return needsHost(condition.of);
    case 'in':
      return needsHost(condition.member) || needsHost(condition.list);
    default:
      return needsHost(condition.first) || needsHost(condition.second);
  }
}

function valueIn(condition: Condition, facts: EndFacts): Value {
  switch (condition.kind) {
    case 'value':
      return condition.value;
    case 'name':
      return facts[condition.name];
    case 'not':
      return !holds(condition.of, facts);
    case 'and':
      return holds(condition.first, facts) && holds(condition.second, facts);
    case 'or':
      return holds(condition.first, facts) || holds(condition.second, facts);
    case 'in': {
      const list = valueIn(condition.list, facts);
      const member = valueIn(condition.member, facts);
      return typeof list === 'object' && list.some((one) => one === member);
    }
    default:
      return compares(condition.by, valueIn(condition.first, facts), valueIn(condition.second, facts));
  }
}

function compares(by: Comparison, first: Value, second: Value): boolean {
  const order = orderOf(first, second);
  switch (by) {
    case '==':
      return first === second;
    case '!=':
      return first !== second;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}

/** Texts by the numbers in them, as versions are: 5.9 is before 5.10. */
function orderOf(first: Value, second: Value): number {
  if (typeof first === 'number' && typeof second === 'number') return first - second;
  return String(first).localeCompare(String(second), 'en', { numeric: true });
}
