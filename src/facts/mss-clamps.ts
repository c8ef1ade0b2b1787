import type { Family } from '../domain/address.ts';
import { grouped } from '../domain/indexed.ts';
import type { Clamp } from '../domain/mss-clamp.ts';
import type { Fact } from './fact.ts';

/**
 * Rules by which tunorch clamps TCP's segment size: tables (nft) or chains (iptables) named after their device.
 *
 * Asked for only where a link's alias says that there are some, or where some are wanted and the kernel has nf_tables
 * already: `nft` and `iptables` would load it. What somebody has altered or half removed is left out, so that it is made anew.
 */
export const mssClamps: Fact<readonly Clamp[], boolean> = {
  name: 'mss-clamps',
  snippet: (isWanted) => `tunorch_clamps() {
  grep -qs 'tunorch:.*,mss=' /sys/class/net/*/ifalias || { [ ${isWanted ? 'wanted' : "''"} ] && [ -d /sys/module/nf_tables ]; } || return 0
  if command -v nft >/dev/null; then
    for t in $(nft list tables inet | sed -n 's/^table inet \\(tunorch-.*\\)$/\\1/p'); do nft list table inet "$t"; done
  fi
  if ! command -v nft >/dev/null || grep -qs ',mss=iptables' /sys/class/net/*/ifalias; then
    for p in iptables ip6tables; do ! command -v "$p" >/dev/null || { echo "@$p"; "$p" -w -t mangle -S; }; done
  fi
} 2>/dev/null
tunorch_clamps`,
  parse: (section) => {
    const [nft = '', ...tables] = section.split(/^@(?=ip6?tables$)/m);
    const ofTables = tables.flatMap((text) => iptablesClamps(text, text.startsWith('ip6') ? 6 : 4));
    return [...nftClamps(nft), ...joinFamilies(ofTables)];
  },
};

interface Rule {
  readonly device: string;
  readonly direction: 'in' | 'out';
  readonly tunnel: string;
  readonly size: string;
}

function nftClamps(text: string): readonly Clamp[] {
  const rules = [...text.matchAll(/^\s*([io])ifname "([\w.-]+)" tcp .*maxseg size set .*comment "tunorch:([\w.-]+) mss=(auto|\d+)"/gm)];
  return whole(
    rules.map(([, direction, device = '', tunnel = '', size = '']) => ruleOf({ direction, device, tunnel, size })),
    {
      tool: 'nft',
      families: [4, 6],
    },
  );
}

/** A chain nobody jumps to does nothing. */
function iptablesClamps(text: string, family: Family): readonly Clamp[] {
  const rules = [...text.matchAll(/^-A tunorch-([\w.-]+) -([io]) \1 .*--comment "?tunorch:([\w.-]+) mss=(auto|\d+)"? .*-j TCPMSS/gm)];
  return whole(
    rules
      .filter(([, device]) => text.includes(`\n-A FORWARD -j tunorch-${device}\n`))
      .map(([, device = '', direction, tunnel = '', size = '']) => ruleOf({ direction, device, tunnel, size })),
    { tool: 'iptables', families: [family] },
  );
}

function ruleOf({ direction, ...rule }: Omit<Rule, 'direction'> & { readonly direction: string | undefined }): Rule {
  return { ...rule, direction: direction === 'i' ? 'in' : 'out' };
}

/** Both directions of one device, with one size. */
function whole(rules: readonly Rule[], how: Pick<Clamp, 'tool' | 'families'>): readonly Clamp[] {
  const rulesOn = grouped(rules, ({ device }) => [device]);
  const outward = rules.filter(({ direction }) => direction === 'out');
  return outward.flatMap(({ device, tunnel, size }) => {
    const own = rulesOn.get(device) ?? [];
    const isWhole = own.length === 2 && own.every((rule) => rule.size === size) && own.some(({ direction }) => direction === 'in');
    return isWhole ? [{ device, tunnel, size: size === 'auto' ? size : Number(size), ...how }] : [];
  });
}

function joinFamilies(clamps: readonly Clamp[]): readonly Clamp[] {
  const all = [...grouped(clamps, ({ device }) => [device]).values()];
  return all.flatMap((own) => own.slice(0, 1).map((first) => ({ ...first, families: own.flatMap(({ families }) => families) })));
}
