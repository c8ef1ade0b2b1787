import type { ObservedHost } from '../../src/domain/observed.ts';
import type { Tunnel } from '../../src/domain/tunnel.ts';
import { sectionScript } from '../../src/facts/fact.ts';
import { observe, type Questions } from '../../src/facts/observe.ts';
import { questionsFor } from '../../src/run/gather.ts';
import { aRequest } from './builders-run.ts';
import type { FakeKernel } from './fake-kernel.ts';

/** Outer addresses by which hosts are dialled. */
type Addresses = ReadonlyMap<string, readonly string[]>;

/** What a host is asked when these tunnels are planned, and the sections a gather script would print. */
export function factsFor(
  kernel: FakeKernel,
  host: string,
  tunnels: readonly Tunnel[],
  addresses: Addresses = new Map(),
): { readonly questions: Questions; readonly output: string } {
  const mine = tunnels.filter(({ endpoints }) => endpoints.some((end) => end.host === host));
  const questions = questionsFor(host, mine, aRequest({ tunnels, addresses }));
  return { questions, output: sectionsOf(kernel, questions) };
}

/** What a host knows of itself when these tunnels are planned: facts of a fake kernel without a shell, read by the real parsers. */
export function observeFor(kernel: FakeKernel, host: string, tunnels: readonly Tunnel[], addresses: Addresses = new Map()): ObservedHost {
  const { questions, output } = factsFor(kernel, host, tunnels, addresses);
  return observe(questions, output);
}

export function observeAll(
  kernels: ReadonlyMap<string, FakeKernel>,
  tunnels: readonly Tunnel[],
  addresses: Addresses = new Map(),
): ReadonlyMap<string, ObservedHost> {
  return new Map([...kernels].map(([host, kernel]) => [host, observeFor(kernel, host, tunnels, addresses)]));
}

function sectionsOf(kernel: FakeKernel, questions: Questions): string {
  const asked = questions.lookups.map(({ to, from }) => `route get ${to}${from === undefined ? '' : ` from ${from}`}`);
  const sections = {
    identity:
      'release 6.1.0-test\nnetns net:[4026531840]\ncapabilities 000001ffffffffff\nprogram ip\nprogram ping\nprogram modprobe\nprogram flock\nprogram setsid\nprogram nft',
    'route-tables': '255\tlocal\n254\tmain\n253\tdefault\n0\tunspec\n',
    network: `all-routes\n${kernel.ip(['-d', '-j', '-force', '-batch', '-'], 'address show\nroute show table all\nneighbour show nud permanent\n').stdout}`,
    'policy-rules': '0:\tfrom all lookup local\n32766:\tfrom all lookup main\nipv6\n',
    ipsec: kernel.state.modules.get('xfrm_user') === 'loaded' ? xfrmOf(kernel) : '',
    lookups: kernel.ip(['-j', '-force', '-batch', '-'], asked.join('\n')).stdout,
    sysctls: [...kernel.state.sysctls]
      .map(([path, value]) => `/proc/sys/${path}:${value}`)
      .filter((line) => isGathered(line) || isOwnSetting(line, kernel, questions))
      .join('\n'),
    modules: questions.modules.map((module) => moduleText(kernel, module)).join('\n'),
    'fou-ports': kernel.ip(['fou', 'show']).stdout,
    'mss-clamps': [...kernel.state.tables.keys()].map((name) => kernel.nft(['list', 'table', 'inet', name]).stdout).join(''),
    decisions: '',
    'run-at-work': '',
    persistence: '',
  };
  return Object.entries(sections)
    .map(([name, text]) => `\n${headerOf(name)}\n${text}\n`)
    .join('');
}

function xfrmOf(kernel: FakeKernel): string {
  return `${kernel.ip(['xfrm', 'state', 'list', 'nokeys']).stdout}policies\n${kernel.ip(['xfrm', 'policy', 'list']).stdout}`;
}

function isGathered(line: string): boolean {
  return /\/ip_forward:|\/forwarding:|\/promote_secondaries:|\/(all|default)\/rp_filter:/.test(line);
}

/** What a tunnel's own link has otherwise than conf/default. */
function isOwnSetting(line: string, { state }: FakeKernel, { devices }: Questions): boolean {
  const [, path = '', device = '', value] = /^\/proc\/sys\/(net\/ipv[46]\/conf\/([^/]+)\/[^:]+):(.*)$/.exec(line) ?? [];
  return devices.includes(device) && state.sysctls.get(path.replace(`/${device}/`, '/default/')) !== value;
}

function headerOf(name: string): string {
  return sectionScript(name, '').replace(/^printf '\\n%s %s\\n' (\S+) (\S+)\n$/, '$1 $2');
}

function moduleText(kernel: FakeKernel, module: string): string {
  const found = kernel.state.modules.get(module);
  const last = (options: readonly string[]) =>
    kernel
      .modprobe([...options, module])
      .stdout.trim()
      .split('\n')
      .at(-1);
  const said = found === 'loaded' || found === 'built-in' ? found : `would ${last(['-n', '-v'])}\nallowed ${last(['-b', '-n', '-v'])}`;
  return `\n@module ${module}\n${said}`;
}
