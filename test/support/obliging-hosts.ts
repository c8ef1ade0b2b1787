import type { Host } from '../../src/domain/host.ts';
import type { ObservedHost } from '../../src/domain/observed.ts';
import type { Tunnel } from '../../src/domain/tunnel.ts';
import { observe } from '../../src/facts/observe.ts';
import { commandsOf } from '../../src/plan/commands.ts';
import { planPresence } from '../../src/plan/plan-tunnel.ts';
import { byHost, endsOf, hostsOf } from '../../src/run/groups.ts';
import type { Reply, Session, Transport } from '../../src/transport/transport.ts';
import { aKernel } from './builders-kernel.ts';
import { keysFor } from './builders-keys.ts';
import type { FakeKernel } from './fake-kernel.ts';
import { factsFor } from './fake-kernel-observe.ts';
import { runCommand } from './fake-kernel-operations.ts';

/**
 * Hosts without a shell that do at once all they are told, and say so: for hundreds of them, where only the controller is looked at.
 *
 * What they know of themselves is read when they are made, and does not change by what they are told.
 */
export class ObligingHosts implements Transport {
  readonly #facts: ReadonlyMap<string, string>;

  /** @param state - whether the tunnels are there already */
  constructor(tunnels: readonly Tunnel[], state: 'bare' | 'up') {
    const hosts = hostsOf(tunnels);
    const kernels = new Map(hosts.map((host) => [host, aKernel({ links: [`eth0 ${outerOf(host, tunnels)}/8`] })]));
    const mine = byHost(tunnels, endsOf);
    const facts = (host: string) => factsFor(kernelIn(kernels, host), host, mine.get(host) ?? []);
    if (state === 'up') bringUp(tunnels, kernels, new Map(hosts.map((host) => [host, observedFrom(facts(host))])));
    this.#facts = new Map(hosts.map((host) => [host, facts(host).output]));
  }

  connect({ name }: Host, _signal?: AbortSignal, opening = ''): Promise<Session> {
    const answer = (script: string): Promise<Reply> => Promise.resolve({ status: 0, stdout: this.#answer(name, script), stderr: '' });
    return Promise.resolve({ host: name, opening: answer(opening), run: answer, close: () => Promise.resolve() });
  }

  async close(): Promise<void> {}

  #answer(host: string, script: string): string {
    if (script.includes('tunorch_prepare()')) return '';
    if (script.includes('tunorch_apply()'))
      return [...script.matchAll(/^tunorch_apply_(\d+)\(\)/gm)].map(([, number]) => `@@tunorch-apply ${number} done 0 \n\n`).join('');
    if (script.includes('tunorch_settle()'))
      return [...script.matchAll(/^ {2}tunorch_commit (\d+) /gm)].map(([, number]) => `@@tunorch-settle ${number} committed\n`).join('');
    if (script.includes('tunorch_probes()'))
      return [...script.matchAll(/^ +tunorch_probe (\S+ \S+ \S+) ping /gm)].map(([, words]) => `@@tunorch-probe ${words} 0 1400\n${PING}\n`).join('');
    return this.#facts.get(host) ?? '';
  }
}

const PING = '3 packets transmitted, 3 received, 0% packet loss, time 402ms\nrtt min/avg/max/mdev = 0.1/0.2/0.3/0.05 ms';

function observedFrom({ questions, output }: ReturnType<typeof factsFor>): ObservedHost {
  return observe(questions, output);
}

function bringUp(tunnels: readonly Tunnel[], kernels: ReadonlyMap<string, FakeKernel>, hosts: ReadonlyMap<string, ObservedHost>): void {
  for (const tunnel of tunnels) {
    const { steps, problems } = planPresence(tunnel, { hosts, addresses: new Map(), foreignDevices: 'refuse', keys: keysFor([tunnel]) });
    if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
    for (const { host, forward } of steps) {
      for (const command of forward.flatMap(commandsOf)) {
        const { status, stderr } = runCommand(kernelIn(kernels, host), command);
        if (status !== 0) throw new Error(`${command.line}: ${stderr}`);
      }
    }
  }
}

function kernelIn(kernels: ReadonlyMap<string, FakeKernel>, host: string): FakeKernel {
  const kernel = kernels.get(host);
  if (kernel === undefined) throw new Error(`no kernel of ${host}`);
  return kernel;
}

function outerOf(host: string, tunnels: readonly Tunnel[]): string {
  const end = tunnels.flatMap(({ endpoints }) => endpoints).find((one) => one.host === host);
  if (end?.local === undefined) throw new Error(`${host} has no outer address`);
  return end.local;
}
