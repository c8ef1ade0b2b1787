import { writeFile } from 'node:fs/promises';
import { run } from '../../run/run.ts';
import type { CaptureRequest } from '../../run/world.ts';
import { INPUT_WRONG } from '../exit-codes.ts';
import type { CaptureFlags } from '../flags.ts';
import { reasonOf } from '../inventory-files.ts';
import { readSelection } from '../select-tunnels.ts';
import { chosenOutput, inView, inWorld, requestOf } from './run-command.ts';

/** What a host captured of a tunnel. */
interface Captured {
  readonly tunnel: string;
  readonly host: string;
  readonly file: Uint8Array;
}

/** Shows the packets of tunnels at both their ends, and returns the exit status. */
export async function capture(tunnels: readonly string[], flags: CaptureFlags): Promise<number> {
  const selection = await readSelection(flags.inventory ?? [], { ...flags, limit: tunnels.join(',') }, { colour: chosenOutput(flags).colour });
  if (selection === undefined) return INPUT_WRONG;
  const captured: Captured[] = [];
  const request = { ...(await requestOf('capture', selection, { flags })), capture: captureRequest(flags, (one) => void captured.push(one)) };
  const exitCode = await inView(flags, (telling) => inWorld(telling, flags, async (world) => (await run(request, world)).exitCode));
  return flags.write === undefined ? exitCode : writeAll(flags.write, { captured, hasSeveral: selection.tunnels.length > 1, exitCode });
}

function captureRequest(flags: Pick<CaptureFlags, 'passive' | 'pings' | 'count' | 'duration'>, keep: (captured: Captured) => void): CaptureRequest {
  return {
    packets: flags.count,
    seconds: flags.duration,
    echoes: flags.passive === true ? 0 : flags.pings,
    keep: (tunnel, host, file) => keep({ tunnel, host, file }),
  };
}

/** Readable by their owner only: what travels through a tunnel is not everybody's. */
async function writeAll(
  prefix: string,
  { captured, hasSeveral, exitCode }: { readonly captured: readonly Captured[]; readonly hasSeveral: boolean; readonly exitCode: number },
): Promise<number> {
  for (const { tunnel, host, file } of captured) {
    const path = `${[prefix, ...(hasSeveral ? [tunnel] : []), host.replaceAll(/[^\w.@-]/g, '_')].join('-')}.pcap`;
    const failure = await writeFile(path, file, { mode: 0o600 }).catch((error: unknown) => reasonOf(error));
    if (failure !== undefined) {
      process.stderr.write(`error: ${path} cannot be written: ${failure}\n`);
      return INPUT_WRONG;
    }
    process.stderr.write(`${path}: what ${host} saw\n`);
  }
  return exitCode;
}
