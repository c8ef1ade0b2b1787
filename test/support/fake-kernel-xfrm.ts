import { type KernelState, Refusal, type Words } from './fake-kernel-state.ts';

/** An association as the fake kernel keeps it: with its key, which it never prints. */
export interface FakeAssociation {
  source: string;
  destination: string;
  spi: number;
  reqid: number;
  mode: string;
  key: string;
}

export interface FakePolicy {
  /** In the words of ip-xfrm(8), as it is printed: `src 30.1.1.1/32 dst 30.1.1.2/32 proto gre`. */
  selector: string;
  direction: string;
  mark?: number;
  priority: number;
  template: { source: string; destination: string; reqid: number; mode: string };
}

/** Names of /etc/protocols, which iproute2 prints in place of numbers. */
const PROTOCOL_NAMES: Readonly<Record<string, string>> = { 4: 'ipencap', 17: 'udp', 41: 'ipv6', 47: 'gre' };

/** `ip xfrm state|policy list|get`: text, or undefined for what changes something. */
export function xfrmText(
  state: KernelState,
  [object, verb, ...rest]: readonly string[],
  words: (rest: readonly string[]) => Words,
): string | undefined {
  if (verb === 'list') return object === 'state' ? state.associations.map(associationText).join('') : state.policies.map(policyText).join('');
  return object === 'policy' && verb === 'get' ? policyText(found(state, parsePolicy(words(rest)))) : undefined;
}

export function changeXfrm(state: KernelState, command: string, words: Words): void {
  const changes: Readonly<Record<string, () => void>> = {
    'state add': () => addAssociation(state, parseAssociation(words)),
    'state delete': () => deleteAssociation(state, parseAssociation(words)),
    'policy add': () => addPolicy(state, parsePolicy(words)),
    'policy update': () => updatePolicy(state, parsePolicy(words)),
    'policy delete': () => deletePolicy(state, parsePolicy(words)),
  };
  const change = changes[command];
  if (change === undefined) throw new Refusal(`Command "${command}" is unknown, try "ip xfrm help".`, 255, true);
  change();
}

/** What leaves by a policy is encrypted by the newest association that fits. */
export function outboundOf({ policies, associations }: KernelState, source: string, destination: string): FakeAssociation | 'clear' | 'none' {
  const policy = policies.find(
    ({ direction, template }) => direction === 'out' && template.source === source && template.destination === destination,
  );
  if (policy === undefined) return 'clear';
  const isFit = (one: FakeAssociation) => one.reqid === policy.template.reqid && one.source === source && one.destination === destination;
  return associations.find(isFit) ?? 'none';
}

/** Whether a packet that came like this is taken. */
export function isTaken({ policies, associations }: KernelState, source: string, destination: string, by: FakeAssociation | 'clear'): boolean {
  const asked = policies.some(({ direction, template }) => direction === 'in' && template.source === source && template.destination === destination);
  if (by === 'clear') return !asked;
  return associations.some((one) => one.destination === destination && one.spi === by.spi && one.key === by.key);
}

/** Each word with those it takes. @throws Refusal - a word tunorch does not write */
function read(words: Words, takes: Readonly<Record<string, number>>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  while (!words.isEmpty) {
    const word = words.next();
    const count = takes[word];
    if (count === undefined) throw unknown(word);
    found.set(
      word,
      Array.from({ length: count }, () => words.next()),
    );
    if (word === 'sel') while (!words.isEmpty) words.next();
  }
  return found;
}

const ASSOCIATION = {
  ...{ src: 1, dst: 1, proto: 1, spi: 1, reqid: 1, mode: 1, 'replay-window': 1, aead: 3 },
  ...{ flag: 0, esn: 0, 'af-unspec': 0, sel: 0 },
};

function parseAssociation(words: Words): FakeAssociation {
  const found = read(words, ASSOCIATION);
  const text = (name: string) => found.get(name)?.[0] ?? '';
  const [, key = ''] = found.get('aead') ?? [];
  return { source: text('src'), destination: text('dst'), spi: Number(text('spi')), reqid: Number(text('reqid')), mode: text('mode'), key };
}

const POLICY = { src: 1, dst: 1, proto: 1, dport: 1, dir: 1, mark: 1, priority: 1, tmpl: 10 };

function parsePolicy(words: Words): FakePolicy {
  const found = read(words, POLICY);
  const text = (name: string) => found.get(name)?.[0] ?? '';
  const [, source = '', , destination = '', , , , reqid = '', , mode = ''] = found.get('tmpl') ?? [];
  const selector = ['src', 'dst', 'proto', 'dport'].flatMap((name) =>
    found.has(name) ? [`${name} ${name === 'proto' ? protocolName(text(name)) : text(name)} `] : [],
  );
  return {
    selector: selector.join(''),
    direction: text('dir'),
    priority: Number(text('priority')),
    template: { source, destination, reqid: Number(reqid), mode },
    ...(found.has('mark') ? { mark: Number(text('mark')) } : {}),
  };
}

function protocolName(number: string): string {
  return PROTOCOL_NAMES[number] ?? number;
}

function unknown(word: string): Refusal {
  return new Refusal(`Error: argument "${word}" is wrong: unknown`, 255, true);
}

function refused(errno: string): Refusal {
  return new Refusal(`RTNETLINK answers: ${errno}`, 2, true);
}

/** Newest first, as the kernel finds them. */
function addAssociation(state: KernelState, added: FakeAssociation): void {
  if (state.associations.some((one) => isSame(one, added))) throw refused('File exists');
  state.associations.unshift(added);
}

function deleteAssociation(state: KernelState, named: FakeAssociation): void {
  const index = state.associations.findIndex((one) => isSame(one, named));
  if (index < 0) throw refused('No such process');
  state.associations.splice(index, 1);
}

function isSame(one: FakeAssociation, other: FakeAssociation): boolean {
  return one.destination === other.destination && one.spi === other.spi;
}

function slotOf({ selector, direction, mark }: FakePolicy): string {
  return `${direction} ${selector} ${mark}`;
}

function found(state: KernelState, named: FakePolicy): FakePolicy {
  const policy = state.policies.find((one) => slotOf(one) === slotOf(named));
  if (policy === undefined) throw refused('No such file or directory');
  return policy;
}

function addPolicy(state: KernelState, added: FakePolicy): void {
  if (state.policies.some((one) => slotOf(one) === slotOf(added))) throw refused('File exists');
  state.policies.push(added);
}

function updatePolicy(state: KernelState, policy: FakePolicy): void {
  state.policies = [...state.policies.filter((one) => slotOf(one) !== slotOf(policy)), policy];
}

function deletePolicy(state: KernelState, named: FakePolicy): void {
  const gone = found(state, named);
  state.policies = state.policies.filter((one) => one !== gone);
}

function associationText({ source, destination, spi, reqid, mode }: FakeAssociation): string {
  return `src ${source} dst ${destination}
\tproto esp spi 0x${spi.toString(16).padStart(8, '0')} reqid ${reqid} mode ${mode}
\treplay-window 0 flag esn
\taead rfc4106(gcm(aes)) <<Keys hidden>> 128
\tanti-replay esn context:
\t seq-hi 0x0, seq 0x0, oseq-hi 0x0, oseq 0x0
\t replay_window 128, bitmap-length 4
\t 00000000 00000000 00000000 00000000
\tsel src ${source}/32 dst ${destination}/32 proto gre
`;
}

function policyText({ selector, direction, mark, priority, template }: FakePolicy): string {
  const { source, destination, reqid, mode } = template;
  return `${selector}
\tdir ${direction} priority ${priority}
${mark === undefined ? '' : `\tmark 0x${mark.toString(16)}/0xffffffff \n`}\ttmpl src ${source} dst ${destination}
\t\tproto esp reqid ${reqid} mode ${mode}
`;
}
