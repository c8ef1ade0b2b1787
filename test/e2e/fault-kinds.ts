import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { cutLink, cutManagement, pauseGuest, powerOff, powerOn, restoreLink, restoreManagement, resumeGuest } from '../../src/lab/faults.ts';
import { labScript } from '../../src/lab/ssh.ts';
import type { Moment, Trick } from './fault-gate.ts';
import { type FaultStage, type HostName, STANDS, type Stand } from './fault-stage.ts';
import { type ProgramRun, tunorch } from './scenario-program.ts';

/** Where and when a fault strikes. */
export interface Strike {
  readonly stage: FaultStage;
  readonly victim: HostName;
  /** The controller. */
  readonly child: ChildProcess;
  /** What another controller wants meanwhile. */
  readonly rivalWants: Stand;
  readonly deadlineSeconds: number;
}

export interface Fault {
  /** As the table calls it. */
  readonly title: string;
  /** Set up before the run starts. */
  readonly trick?: Trick;
  readonly inject?: (strike: Strike) => Promise<ProgramRun | undefined> | undefined;
  /** What ends it once the hosts must have decided. */
  readonly mend?: (strike: Strike) => Promise<unknown> | undefined;
  /** The host cannot be told to go on after the fault, so it is told before. */
  readonly isUnreachable?: true;
  /** The moment lasts until the hosts must have decided. */
  readonly hangs?: true;
  /** The controller does not outlive it. */
  readonly endsController?: true;
  /** The victim has lost everything. */
  readonly endsVictim?: true;
  /** The host's own clock stands still. */
  readonly stopsClock?: true;
}

/** How long a cut «for a while» lasts: shorter than any deadline here. */
const WHILE_MS = 2_000;

/** Ends the listening sshd, the run's session and its shell, as an out-of-memory killer might; sshd is back soon. */
const KILL_SSHD = `read -r sshd </run/sshd.pid; mine=' ' p=$$
while [ "$p" -gt 1 ]; do mine="$mine$p "; p=$(awk '/^PPid/ { print $2 }' /proc/$p/status); done
end() { for c in $(cat /proc/$1/task/*/children); do case $(cat /proc/$c/comm) in sshd*) end $c ;; *) kill -9 $c ;; esac; done; kill -9 $1; }
sessions=$(cat /proc/$sshd/task/*/children)
kill -9 $sshd
for s in $sessions; do case $mine in *" $s "*) ;; *) end $s ;; esac; done
setsid sh -c 'sleep 2; exec /usr/sbin/sshd -E /run/sshd.log' </dev/null >/dev/null 2>&1 &`;

export const FAULTS = {
  none: { title: 'none' },
  sigkill: { title: 'controller killed (SIGKILL)', inject: ({ child }) => kill(child, 'SIGKILL'), endsController: true },
  sigint: { title: 'Ctrl-C (SIGINT)', inject: ({ child }) => kill(child, 'SIGINT') },
  sigterm: { title: 'SIGTERM', inject: ({ child }) => kill(child, 'SIGTERM') },
  reset: { title: 'connection reset', inject: ({ stage, victim }) => now(() => stage.detours[victim].reset()) },
  'answers-lost': {
    title: 'the host’s answers are lost',
    inject: ({ stage, victim }) => now(() => stage.detours[victim].keepAnswers()),
    mend: ({ stage, victim }) => now(() => stage.detours[victim].pass()),
  },
  'ssh-cut-a-while': {
    title: 'SSH path cut for 2 s',
    isUnreachable: true,
    async inject({ stage, victim }) {
      await cutManagement(stage.lab(), stage.guest(victim));
      await delay(WHILE_MS);
      await restoreManagement(stage.lab(), stage.guest(victim));
      return undefined;
    },
  },
  'ssh-cut': {
    title: 'SSH path cut for good',
    isUnreachable: true,
    inject: ({ stage, victim }) => quiet(cutManagement(stage.lab(), stage.guest(victim))),
    mend: ({ stage, victim }) => restoreManagement(stage.lab(), stage.guest(victim)),
  },
  'link-cut-a-while': {
    title: 'link between the hosts cut for 2 s',
    async inject({ stage }) {
      await cutLink(stage.lab(), 'host-a', 'host-b');
      await delay(WHILE_MS);
      await restoreLink(stage.lab(), 'host-a', 'host-b');
      return undefined;
    },
  },
  'link-cut': {
    title: 'link between the hosts cut for good',
    inject: ({ stage }) => quiet(cutLink(stage.lab(), 'host-a', 'host-b')),
    mend: ({ stage }) => restoreLink(stage.lab(), 'host-a', 'host-b'),
  },
  paused: {
    title: 'guest paused, resumed after the deadline',
    isUnreachable: true,
    stopsClock: true,
    inject: ({ stage, victim }) => quiet(pauseGuest(stage.lab(), stage.guest(victim))),
    mend: ({ stage, victim }) => resumeGuest(stage.lab(), stage.guest(victim)),
  },
  'power-off': {
    title: 'guest killed',
    isUnreachable: true,
    endsVictim: true,
    inject: ({ stage, victim }) => quiet(powerOff(stage.lab(), stage.guest(victim))),
    mend: ({ stage, victim }) => powerOn(stage.lab(), stage.guest(victim)),
  },
  'sshd-killed': {
    title: 'sshd and the session’s shell killed',
    inject: ({ stage, victim }) => quiet(labScript(stage.lab(), stage.guest(victim), KILL_SSHD)),
  },
  'step-refused': { title: 'a step is refused', trick: { refuseLine: 3 } },
  hangs: { title: 'the marker never comes (a program hangs)', hangs: true },
  rival: {
    title: 'two controllers at once',
    inject: ({ stage, rivalWants, deadlineSeconds }) => tunorch([...stage.argsFor(rivalWants), '--deadline', String(deadlineSeconds)]),
  },
  'ssh-captured': { title: 'the SSH path routed into the tunnel', trick: { routesSshIntoTunnel: true } },
} satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;

export function faultOf(name: FaultName): Fault {
  return FAULTS[name];
}

/** Some faults have a moment of their own. */
export function isPossible(fault: FaultName, moment: Moment): boolean {
  if (fault === 'step-refused') return moment === 'armed';
  if (fault === 'ssh-captured') return moment === 'apply-99';
  return fault !== 'none' || moment === 'last-word';
}

/** What another controller wants: neither what is there nor what the first one wants. */
export function rivalStand({ from, to }: { readonly from: Stand; readonly to: Stand }): Stand {
  return STANDS.find((stand) => stand !== from && stand !== to && stand !== 'none') ?? 'key-1';
}

function kill(child: ChildProcess, signal: NodeJS.Signals): undefined {
  child.kill(signal);
}

function now(act: () => void): undefined {
  act();
}

async function quiet(work: Promise<unknown>): Promise<undefined> {
  await work;
}
