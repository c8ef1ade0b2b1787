import type { Secret } from '../domain/secret.ts';
import { type CommandLine, commandsOf, typedCommand } from '../plan/commands.ts';
import type { Operation, Step } from '../plan/operation.ts';
import { isIpsecOperation } from '../plan/xfrm-commands.ts';
import { quote } from '../shell/quote.ts';
import { type HostScript, type HostTunnel, numbered } from './journal.ts';

/** Steps that run as one process: consecutive commands of `ip` share a batch. */
interface Segment {
  readonly lines: readonly { readonly command: CommandLine; readonly step: Step; readonly operation: Operation }[];
  readonly isBatch: boolean;
}

const REPORT = '@@tunorch-apply';

/**
 * Applies each tunnel's steps on one host; a tunnel stops at its first failing step, the others go on.
 *
 * @param settleAfter - see settleAfterSeconds; only now is known how far apart the hosts were prepared
 */
export function applyScript(script: HostScript, tunnels: ReadonlySet<string>, settleAfter: number): string {
  const chosen = numbered(script).filter(({ tunnel }) => tunnels.has(tunnel));
  return `tunorch_report() { printf '${REPORT} %s %s %s\\n%s\\n' "$@"; }
tunorch_apply() {
  echo ${settleAfter} >"$tunorch_run/settle-after"
${chosen.map(({ number }) => `  if [ -e "$tunorch_run/${number}.armed" ]; then tunorch_apply_${number}; else tunorch_report ${number} expired 0 ''; fi`).join('\n')}
}
${chosen.map(applyFunction).join('\n')}
tunorch_alone tunorch_apply`;
}

function applyFunction({ steps, number }: HostTunnel & { readonly number: number }): string {
  const segments = segmentsOf(steps);
  const firstToUndo = segments.findIndex(({ lines }) => lines.some(({ step }) => step.inverse.length > 0));
  const runs = segments.flatMap((segment, position) => [
    ...(position === firstToUndo ? [`  true >"$tunorch_run/${number}.begun"`] : []),
    `  ${segmentText(segment)} || { tunorch_report ${number} ${position} $? "$words"; return; }`,
  ]);
  return [`tunorch_apply_${number}() {`, ...runs, `  tunorch_report ${number} done 0 ''`, '}'].join('\n');
}

function segmentText({ lines, isBatch }: Segment): string {
  const text = lines.map(({ command }) => command.line).join('\n');
  if (lines.some(({ command }) => secretOf(command) !== undefined)) return secretText(text);
  return isBatch ? `words=$(ip -batch - 2>&1 <<'TUNORCH'\n${text}\nTUNORCH\n)` : `words=$({ ${text}; } 2>&1)`;
}

/** Some shells keep a here-document in a file, and words of a program are there for all to see: \`echo\` is part of every shell. */
function secretText(line: string): string {
  return `words=$(echo ${quote(line)} | ip -batch - 2>&1)`;
}

function secretOf(command: CommandLine): Secret | undefined {
  return command.tool === 'ip' ? command.secret : undefined;
}

/** A command of xfrm has its process to itself: its refusal ends a batch without saying at which line (iproute2, ip/xfrm_state.c). */
function segmentsOf(steps: readonly Step[]): readonly Segment[] {
  const segments: { lines: { command: CommandLine; step: Step; operation: Operation }[]; isBatch: boolean; isShared: boolean }[] = [];
  for (const step of steps) {
    for (const operation of step.forward) {
      for (const command of commandsOf(operation)) {
        const last = segments.at(-1);
        const isBatch = command.tool === 'ip';
        const isShared = isBatch && !isIpsecOperation(operation);
        if (isShared && last?.isShared === true) last.lines.push({ command, step, operation });
        else segments.push({ lines: [{ command, step, operation }], isBatch, isShared });
      }
    }
  }
  return segments;
}

/** The part of a script that can be done at once, or the part that waits until every host has done the first. */
export function inRound(script: HostScript, round: 'first' | 'second'): HostScript {
  const tunnels = script.tunnels.map((tunnel) => {
    const waiting = tunnel.steps.findIndex(({ waitsForPeer }) => waitsForPeer === true);
    const split = waiting < 0 ? tunnel.steps.length : waiting;
    return { ...tunnel, steps: round === 'first' ? tunnel.steps.slice(0, split) : tunnel.steps.slice(split) };
  });
  return { ...script, tunnels };
}

/** How far a tunnel came on one host. */
export type Applied =
  | { readonly state: 'done' }
  /** The host's own timer was faster: nothing was applied, or it was undone already. */
  | { readonly state: 'expired' }
  /** The shell that applied it ended before it said so. */
  | { readonly state: 'cut-off'; readonly status: number; readonly words: string }
  | {
      readonly state: 'failed';
      readonly status: number;
      readonly words: string;
      readonly step: Step;
      readonly command: string;
      readonly done: readonly Step[];
    };

/**
 * Reads what {@link applyScript} printed.
 *
 * `ip -batch` names the failing line for a refusal of the kernel («Command failed -:3»), and none for an argument it
 * could not parse; then the first line of the batch stands for all of it. A tunnel without a report, or with one about
 * something that was not sent, is left out.
 */
export function readApplied(script: HostScript, stdout: string): ReadonlyMap<string, Applied> {
  const reports = new Map(
    stdout
      .split(`${REPORT} `)
      .slice(1)
      .map((text) => {
        const [header = '', ...rest] = text.split('\n');
        const [number = '', state = '', status = ''] = header.split(' ');
        return [Number(number), { state, status: Number(status), words: rest.join('\n').trim() }] as const;
      }),
  );
  return new Map(
    numbered(script).flatMap(({ tunnel, steps, number }) => {
      const report = reports.get(number);
      const applied = report === undefined ? undefined : appliedOf(steps, report);
      return applied === undefined ? [] : [[tunnel, applied] as const];
    }),
  );
}

function appliedOf(steps: readonly Step[], report: { readonly state: string; readonly status: number; readonly words: string }): Applied | undefined {
  if (report.state === 'done' || report.state === 'expired') return { state: report.state };
  const segment = segmentsOf(steps)[Number(report.state)];
  const failedLine = Number(/^Command failed -:(\d+)$/m.exec(report.words)?.[1] ?? 1);
  const line = segment?.lines[failedLine - 1] ?? segment?.lines[0];
  if (line === undefined) return undefined;
  const key = secretOf(line.command)?.reveal();
  const said = key === undefined ? report.words : report.words.replaceAll(key, '***');
  const words = said.replace(/^Command failed -:\d+$/m, '').trim();
  const done = steps.slice(0, steps.indexOf(line.step));
  return { state: 'failed', status: report.status, words, step: line.step, command: typedCommand(line.operation), done };
}
