import type { Lab } from '../../lab/lab.ts';
import { endLab } from '../../lab/lab-state.ts';
import { labUp } from '../../lab/lab-up.ts';
import { labScript } from '../../lab/ssh.ts';
import { TOPOLOGIES } from '../../lab/topologies.ts';
import type { RunFlags } from '../flags.ts';
import { capture } from './capture.ts';
import { reported } from './lab-actions.ts';
import { runCommand } from './run-command.ts';

const TOPOLOGY = 'site-to-site';

/**
 * The main job on real Linux hosts that run on this machine: boot, plan, up, verify, and a look at the packets.
 *
 * @returns the exit status of the first command that did not succeed, else 0
 */
export async function demo(flags: RunFlags): Promise<number> {
  return reported(() => bootAndPlay(flags));
}

async function bootAndPlay(flags: RunFlags): Promise<number> {
  const topology = TOPOLOGIES.get(TOPOLOGY);
  if (topology === undefined) throw new Error(`there is no topology ${TOPOLOGY}`);
  tell('1/5', 'two routers and a PC behind each, as real Linux guests on this machine');
  const lab = await labUp(topology, { onProgress: (line) => process.stderr.write(`  ${line}\n`) });
  try {
    return await playOn(lab, flags);
  } finally {
    await endLab(lab);
  }
}

async function playOn(lab: Lab, flags: RunFlags): Promise<number> {
  const inventories = [lab.inventoryPath];
  const acts = [
    { number: '2/5', what: 'tunorch plan: what would be done', work: () => runCommand('plan', inventories, flags) },
    { number: '3/5', what: 'tunorch up: both ends at once, kept only because packets cross', work: () => runCommand('up', inventories, flags) },
    { number: '4/5', what: 'tunorch verify: does it hold?', work: () => runCommand('verify', inventories, flags) },
    { number: '5/5', what: 'tunorch capture: the packets on the wire at both routers; and pc1 pings pc2', work: () => showPackets(lab, flags) },
  ];
  for (const { number, what, work } of acts) {
    tell(number, what);
    const status = await work();
    if (status !== 0) return status;
  }
  process.stdout.write(NEXT);
  return 0;
}

/** The proof of encapsulation: one echo each way at both routers, decoded; and what it is for, a ping from PC to PC. */
async function showPackets(lab: Lab, flags: RunFlags): Promise<number> {
  const status = await capture(['gre1'], { ...flags, inventory: [lab.inventoryPath], pings: 1, count: 100, duration: 1 });
  const ping = await labScript(lab, 'pc1', 'ping -c 3 -i 0.5 -W 1 10.2.1.2');
  process.stdout.write(`\n${ping.stdout}\n`);
  return status === 0 && ping.status !== 0 ? 1 : status;
}

function tell(number: string, what: string): void {
  process.stderr.write(`\n── ${number} ${what}\n\n`);
}

const NEXT = `What to try next:
  npx tunorch lab up site-to-site      the same hosts, left running; it prints an inventory
  npx tunorch up INVENTORY             bring its tunnel up, and once more: nothing to change
  npx tunorch lab ssh site-to-site router-a
  npx tunorch lab down site-to-site
  npx tunorch plan inventory/site-to-site.yaml   with your own hosts in it
`;
