import { addAddress, deleteAddress } from './fake-kernel-addresses.ts';
import { closePort, openPort } from './fake-kernel-fou.ts';
import { answerTo } from './fake-kernel-json.ts';
import { addLink, changeLink, deleteLink, loadModule, setLink } from './fake-kernel-links.ts';
import { aliveOf, routeLines } from './fake-kernel-nexthops.ts';
import { nft } from './fake-kernel-nft.ts';
import { kernelRoutes } from './fake-kernel-own-routes.ts';
import { addRoute, appendRoute, deleteRoute, replaceRoute } from './fake-kernel-routes.ts';
import { type FakeModule, garbage, type KernelState, linkNamed, Refusal, Words } from './fake-kernel-state.ts';
import { writeSysctl } from './fake-kernel-sysctls.ts';
import { changeXfrm, xfrmText } from './fake-kernel-xfrm.ts';

/** What a program left. */
export interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface PlannedRefusal {
  /** Changes that still go through before one is refused. */
  left: number;
  readonly words: string;
  readonly status: number;
}

/**
 * A kernel that keeps links, addresses, routes, settings and modules, and answers as `ip` and `modprobe` do.
 *
 * It knows the words tunorch writes and no others; a word it does not know is refused, as iproute2 would. Its side effects
 * are those of Linux 6.1 (KERNEL.md), down to what vanishes with a link that goes down.
 */
export class FakeKernel {
  readonly state: KernelState;
  #refusal: PlannedRefusal | undefined;
  /** Every change that was asked for, in order, for a test to look at. */
  readonly changes: string[] = [];

  constructor(state: KernelState) {
    this.state = state;
  }

  clone(): FakeKernel {
    return new FakeKernel(structuredClone(this.state));
  }

  /** The change after `after` more is refused in these words; only that one. */
  refuse({
    after,
    words = 'RTNETLINK answers: Operation not permitted',
    status = 2,
  }: {
    readonly after: number;
    readonly words?: string;
    readonly status?: number;
  }): void {
    this.#refusal = { left: after, words, status };
  }

  /** The `ip` program; `input` is its stdin. */
  ip(argv: readonly string[], input = ''): Answer {
    const options = argv.filter((word) => word.startsWith('-') && word !== '-');
    const words = argv[0] === 'fou' ? argv : argv.filter((word) => !word.startsWith('-'));
    return options.includes('-batch') ? this.#batch(input, options.includes('-force')) : answerOf(() => this.#command(words));
  }

  #batch(input: string, goesOn: boolean): Answer {
    let [stdout, stderr, status] = ['', '', 0];
    for (const [index, line] of input.split('\n').entries()) {
      const words = line
        .split(/\s+/)
        .filter((word) => word !== '')
        .map((word) => (word === '""' ? '' : word));
      if (words.length === 0) continue;
      try {
        stdout += this.#command(words);
      } catch (refusal) {
        if (!(refusal instanceof Refusal)) throw refusal;
        stderr += `${refusal.message}\n`;
        if (refusal.endsBatch) return { stdout, stderr, status: refusal.status };
        stderr += `Command failed -:${index + 1}\n`;
        status = 1;
        if (!goesOn) break;
      }
    }
    return { stdout, stderr, status };
  }

  /** One command; JSON as `ip -j` prints it, nothing for a change. */
  #command(words: readonly string[]): string {
    if (words.join(' ') === 'fou show') return this.state.fouPorts.map((line) => `${line}\n`).join('');
    const lines = routeLines(this.state, words);
    if (lines !== undefined) return lines;
    const told = words[0] === 'xfrm' ? xfrmText(this.state, words.slice(1), (rest) => new Words(rest)) : undefined;
    if (told !== undefined) return told;
    const answer = words[0] === 'xfrm' ? undefined : answerTo(this.state, words);
    if (answer !== undefined) return `${JSON.stringify(answer)}\n`;
    const [object = '', verb = '', ...rest] = words;
    if (object === 'xfrm') return this.#xfrm(words);
    this.#change(`ip ${words.join(' ')}`, () => this.#apply(`${object} ${verb}`, new Words(rest)));
    return '';
  }

  #xfrm(words: readonly string[]): string {
    const [, object = '', verb = '', ...rest] = words;
    const shown = words.map((word) => (word.startsWith('0x') && words[words.indexOf(word) - 2] === 'aead' ? '0x***' : word));
    this.#change(`ip ${shown.join(' ')}`, () => changeXfrm(this.state, `${object} ${verb}`, new Words(rest)));
    return '';
  }

  #apply(command: string, words: Words): void {
    const { state } = this;
    const changes: Readonly<Record<string, () => void>> = {
      'link add': () => addLink(state, words),
      'link delete': () => deleteLink(state, words),
      'link set': () => this.#onLink(words, (link) => setLink(state, link, words)),
      'link change': () => this.#onLink(words, (link) => (words.next() === 'type' ? changeLink(state, link, words) : undefined)),
      'neigh flush': () => this.#onLink(words, () => undefined),
      'address add': () => addAddress(state, words),
      'address delete': () => deleteAddress(state, words),
      'route add': () => addRoute(state, words),
      'fou add': () => openPort(state, words),
      'fou del': () => closePort(state, words),
      'route append': () => appendRoute(state, words),
      'route replace': () => replaceRoute(state, words),
      'route delete': () => deleteRoute(state, words),
    };
    const change = changes[command];
    if (change === undefined) throw new Refusal(`Command "${command}" is unknown, try "ip help".`, 255, true);
    change();
  }

  #onLink(words: Words, change: (link: ReturnType<typeof linkNamed>) => void): void {
    if (words.next() !== 'dev') throw garbage('link');
    change(linkNamed(this.state, words.next()));
  }

  /** The `modprobe` program: `-n -v` tells what it would do, `-b` applies blacklists. */
  modprobe(argv: readonly string[]): Answer {
    const names = argv.filter((word) => !word.startsWith('-'));
    const [module = ''] = names;
    if (argv.includes('-n')) return this.#wouldLoad(module, argv.includes('-b'));
    return answerOf(() => {
      this.#change(`modprobe ${module}`, () => loadModule(this.state, module));
      return '';
    });
  }

  #wouldLoad(module: string, appliesBlacklist: boolean): Answer {
    const found: FakeModule = this.state.modules.get(module) ?? 'missing';
    const path = `/lib/modules/6.1.0-test/kernel/net/ipv4/${module}.ko`;
    const said = (stdout: string): Answer => ({ status: 0, stdout, stderr: '' });
    if (found === 'missing')
      return { status: 1, stdout: '', stderr: `modprobe: FATAL: Module ${module} not found in directory /lib/modules/6.1.0-test\n` };
    if (found === 'install-false') return said(`insmod /lib/modules/6.1.0-test/kernel/net/ipv4/ip_tunnel.ko \ninstall /bin/false\n`);
    if (found === 'loaded' || found === 'built-in' || (found === 'blacklisted' && appliesBlacklist)) return said('');
    return said(`insmod /lib/modules/6.1.0-test/kernel/net/ipv4/ip_tunnel.ko \ninsmod ${path} \n`);
  }

  /** `printf VALUE >/proc/sys/PATH`. @throws Refusal */
  writeSysctl(path: string, value: string): void {
    this.#change(`sysctl ${path}=${value}`, () => writeSysctl(this.state, path, value));
  }

  /** The `nft` program; it loads its module, whatever it is asked. */
  nft(argv: readonly string[]): Answer {
    this.state.modules.set('nf_tables', 'loaded');
    if (argv[0] === 'list') return answerOf(() => nft(this.state, argv));
    return answerOf(() => {
      this.#change(`nft ${argv.join(' ')}`, () => nft(this.state, argv));
      return '';
    });
  }

  #change(name: string, change: () => void): void {
    this.changes.push(name);
    if (this.#refusal !== undefined) {
      const { left, words, status } = this.#refusal;
      this.#refusal.left -= 1;
      if (left === 0) {
        this.#refusal = undefined;
        throw new Refusal(words, status);
      }
    }
    change();
  }

  /** Everything that a rollback must bring back, as text, so that two can be compared; fallback devices, loaded modules and link-local addresses stay out. */
  snapshot(): readonly string[] {
    const { links, routes, sysctls, tables, fouPorts } = this.state;
    const fallback = new Set(links.filter(({ isFallback }) => isFallback).map(({ device }) => device));
    const kept = links.filter(({ isFallback }) => !isFallback);
    const isMade = (prefix: string) => prefix.startsWith('fe80:');
    return [
      ...kept.map(
        ({ index: _, addresses: __, isFallback: ___, settings, ...link }) => `link ${canonical({ ...link, ...Object.fromEntries(settings) })}`,
      ),
      ...kept.flatMap(({ device, addresses }) =>
        addresses.filter(({ address }) => !isMade(address)).map((address) => `address on ${device} ${canonical(address)}`),
      ),
      ...[...routes.flatMap((route) => aliveOf(this.state, route)), ...kernelRoutes(this.state)]
        .filter(({ device, to }) => !fallback.has(device) && !isMade(to))
        .map((route) => `route ${canonical(route)}`),
      ...this.state.associations.map((one) => `association ${canonical(one)}`),
      ...this.state.policies.map(({ template, ...policy }) => `policy ${canonical({ ...policy, ...template })}`),
      ...fouPorts.map((line) => `fou ${line}`),
      ...[...tables].map(([name, lines]) => `table ${name} ${lines.join(' | ')}`),
      ...[...sysctls].filter(([path]) => !fallback.has(path.split('/')[3] ?? '')).map(([path, value]) => `sysctl ${path} ${value}`),
    ].toSorted();
  }
}

function answerOf(command: () => string): Answer {
  try {
    return { status: 0, stdout: command(), stderr: '' };
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return { status: refusal.status, stdout: '', stderr: `${refusal.message}\n` };
  }
}

function canonical(value: object): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    const isRecord = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
    return isRecord ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1))) : inner;
  });
}
