import { type Command, InvalidArgumentError, type Option } from 'commander';
import type { WatchFlags } from '../flags.ts';
import { atLeastOne, changing, INVENTORY_ARGUMENT, option, shard, shared } from '../options.ts';
import { type ListenAddress, readListenAddress } from '../watch/metrics-address.ts';

const EXAMPLES = `
Examples:
  tunorch watch inventory.yaml
  tunorch watch inventory.yaml --heal --heal-per-hour 2
  tunorch watch inventory.yaml -o json | tee changes.ndjson
  tunorch watch inventory.yaml --metrics 127.0.0.1:9469
  tunorch watch inventory.yaml --exec 'logger "$TUNORCH_CHANGE_TUNNEL is $TUNORCH_CHANGE_HEALTH: $TUNORCH_CHANGE_REASON"'`;

/** Adds `watch`; what it does is loaded only when it is called. */
export function registerWatch(program: Command): void {
  const command = program
    .command('watch')
    .description('liveness of tunnels, for as long as it runs: what is up, degraded or down, and every change; change nothing without --heal')
    .argument('[inventory...]', INVENTORY_ARGUMENT)
    .addHelpText('after', EXAMPLES);
  for (const one of [...shared(), shard(), ...changing().filter(isForHealing), ...pace()]) command.addOption(one);
  command.action(async (inventories: string[], flags: WatchFlags) => {
    const { watch } = await import('./watch.ts');
    process.exitCode = await watch(inventories, flags);
  });
}

/** How a repair goes: nobody is asked, and what fails is always rolled back. */
function isForHealing(one: Option): boolean {
  return one.long === '--lock-wait' || one.long === '--deadline';
}

function pace(): readonly Option[] {
  return [
    option('--interval <seconds>', 'both ends of each tunnel ping each other this often').default(5).argParser(atLeastOne),
    option('--retries <number>', 'so many pings in a row without an answer are an outage').default(3).argParser(atLeastOne),
    option('--heal', 'ask doctor about what is down, and repair both ends in one transaction where it proved what `up` brings back'),
    option('--heal-per-hour <number>', 'with --heal: so many transactions an hour for a tunnel, at most').default(3).argParser(atLeastOne),
    option('--metrics <addr:port>', 'serve GET /metrics for Prometheus, and GET /healthz').argParser(listenAddress),
    option('--exec <command>', 'run by sh here on each change, with the event on stdin and TUNORCH_CHANGE_… variables'),
  ];
}

function listenAddress(text: string): ListenAddress {
  const address = readListenAddress(text);
  if (address === undefined) throw new InvalidArgumentError('It must be ADDR:PORT, such as 127.0.0.1:9469, [::1]:9469 or :9469.');
  return address;
}
