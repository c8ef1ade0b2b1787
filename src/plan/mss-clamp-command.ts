import type { Family } from '../domain/address.ts';
import type { Clamp } from '../domain/mss-clamp.ts';
import { quoteAll } from '../shell/quote.ts';

/**
 * The line of shell that makes the rules, in place of what may be there of them.
 *
 * Both directions on one host, since each end of a connection tells the size it can take; the kernel takes the smaller of what
 * the ways there and back leave, and never raises a size (net/netfilter/nft_rt.c, nft_exthdr.c, xt_TCPMSS.c).
 */
export function addClampLine(clamp: Clamp): string {
  return clamp.tool === 'nft' ? quoteAll(['nft', nftRules(clamp)]) : clamp.families.map((family) => addChain(clamp, family)).join(' && ');
}

/** Does no harm where there are none. */
export function deleteClampLine(clamp: Clamp): string {
  const name = nameOf(clamp);
  if (clamp.tool === 'nft') return quoteAll(['nft', `add table inet ${name}; delete table inet ${name}`]);
  return clamp.families.map((family) => deleteChain(name, family)).join(' && ');
}

function nameOf({ device }: Clamp): string {
  return `tunorch-${device}`;
}

/** Told by in the listings, and how the rules are known as ours. */
function commentOf({ tunnel, size }: Clamp): string {
  return `tunorch:${tunnel} mss=${size}`;
}

/** One transaction of the kernel's: a table that is there goes and comes in the same moment. */
function nftRules(clamp: Clamp): string {
  const { device, size } = clamp;
  const table = `table inet ${nameOf(clamp)}`;
  const chain = `inet ${nameOf(clamp)} mss`;
  const rule = (direction: 'iifname' | 'oifname') =>
    `add rule ${chain} ${direction} "${device}" tcp flags & (syn|rst) == syn tcp option maxseg size set ${size === 'auto' ? 'rt mtu' : size} comment "${commentOf(clamp)}"`;
  const base = `add chain ${chain} { type filter hook forward priority -150; policy accept; }`;
  return [`add ${table}`, `delete ${table}`, `add ${table}`, base, rule('oifname'), rule('iifname')].join('; ');
}

function iptables(family: Family, ...words: readonly string[]): string {
  return quoteAll([{ 4: 'iptables', 6: 'ip6tables' }[family], '-w', '-t', 'mangle', ...words]);
}

function addChain(clamp: Clamp, family: Family): string {
  const name = nameOf(clamp);
  const target = clamp.size === 'auto' ? ['--clamp-mss-to-pmtu'] : ['--set-mss', String(clamp.size)];
  const rule = (direction: '-i' | '-o') =>
    iptables(
      family,
      '-A',
      name,
      direction,
      clamp.device,
      '-p',
      'tcp',
      '--tcp-flags',
      'SYN,RST',
      'SYN',
      ...commented(clamp),
      '-j',
      'TCPMSS',
      ...target,
    );
  const jump = ['FORWARD', '-j', name];
  return [
    `{ ${iptables(family, '-N', name)} 2>/dev/null; ${iptables(family, '-F', name)}; }`,
    rule('-o'),
    rule('-i'),
    `{ ${iptables(family, '-C', ...jump)} 2>/dev/null || ${iptables(family, '-A', ...jump)}; }`,
  ].join(' && ');
}

function commented(clamp: Clamp): readonly string[] {
  return ['-m', 'comment', '--comment', commentOf(clamp)];
}

function deleteChain(name: string, family: Family): string {
  const quiet = [iptables(family, '-D', 'FORWARD', '-j', name), iptables(family, '-F', name), iptables(family, '-X', name)];
  return `{ ${quiet.map((line) => `${line} 2>/dev/null`).join('; ')}; ! ${iptables(family, '-S', name)} >/dev/null 2>&1; }`;
}
