import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CaptureFlags } from '../flags.ts';
import { atLeastOne, option, shared } from '../options.ts';

/** Adds `capture`; what it does is loaded only when it is called. */
export function registerCapture(program: Command): void {
  const command = program
    .command('capture')
    .description('the packets of a tunnel at both its ends, side by side, decoded from the outer header to the inner; change nothing')
    .argument('<tunnel...>', 'names of tunnels, or patterns')
    .addHelpText(
      'after',
      `
Listens with tcpdump on both hosts, sends a few numbered pings through the tunnel each way, and shows what left and what came. Exits 1 where nothing
came or nothing was answered, 4 where no host can listen. Nothing is left on the hosts.

Examples:
  tunorch capture gre1 -i inventory.yaml
  tunorch capture gre1 -i inventory.yaml --passive --duration 30 -w gre1     # gre1-router-a.pcap and gre1-router-b.pcap, for Wireshark
  tunorch capture gre1 -i inventory.yaml -o json | jq 'select(.type == "packet").packet'`,
    );
  for (const one of [...shared().filter((each) => !['limit', 'tags'].includes(each.attributeName())), ...capturing()]) command.addOption(one);
  command.action(async (tunnels: string[], flags: CaptureFlags) => {
    const { capture } = await import('./capture.ts');
    process.exitCode = await capture(tunnels, flags);
  });
}

function capturing(): readonly Option[] {
  return [
    option('--pings <number>', 'echo requests each way').default(3).argParser(atLeastOne),
    option('--passive', 'send nothing: show what passes by itself').conflicts('pings'),
    option('--duration <seconds>', 'how long to listen with --passive').default(10).argParser(atLeastOne),
    option('--count <packets>', 'keep at most so many of each host').default(1000).argParser(readCount),
    new Option('-w, --write <prefix>', 'write what each host saw to PREFIX-HOST.pcap, with several tunnels PREFIX-TUNNEL-HOST.pcap'),
  ];
}

/** What a host is made to keep in its memory and to send. */
const MOST_PACKETS = 20_000;

function readCount(text: string): number {
  const count = atLeastOne(text);
  if (count > MOST_PACKETS) throw new InvalidArgumentError(`It must be ${MOST_PACKETS} or less.`);
  return count;
}
