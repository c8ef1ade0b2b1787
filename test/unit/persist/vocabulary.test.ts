import { describe, expect, it } from 'vitest';
import type { BackEndName } from '../../../src/domain/persistence.ts';
import type { ModeName } from '../../../src/domain/tunnel.ts';
import { backEnds, filesOf } from '../../../src/persist/index.ts';
import { aPersistedEnd } from '../../support/builders-persist.ts';

/** Everything a tunnel can be told, so that only what its mode has counts. */
const ALL = { tos: 16, csum: true, seq: true, pmtudisc: false, ignoreDf: true, encaplimit: 4, flowlabel: 5, proto: 'any', vni: 7 } as const;

/** Of all of that, the fields for which there is no word, by mode. */
const WORDLESS: Readonly<Partial<Record<BackEndName, Readonly<Record<ModeName, string>>>>> = {
  networkd: {
    gre: 'dev fwmark ignore_df csum',
    gretap: 'dev fwmark ignore_df csum',
    ipip: 'proto dev fwmark',
    sit: 'proto dev fwmark',
    isatap: 'proto dev fwmark',
    vti: 'dev fwmark',
    ip6gre: 'dev tos fwmark csum seq encaplimit flowlabel',
    ip6gretap: 'dev tos fwmark csum seq encaplimit flowlabel',
    ip6tnl: 'dev tos fwmark encaplimit flowlabel',
    vti6: 'dev fwmark',
    vxlan: 'dev',
  },
  networkmanager: {
    gre: 'dev fwmark ignore_df csum seq',
    gretap: 'dev fwmark ignore_df csum seq',
    ipip: 'proto dev fwmark',
    sit: 'proto dev fwmark',
    isatap: 'mode',
    vti: 'dev fwmark key',
    ip6gre: 'mode',
    ip6gretap: 'mode',
    ip6tnl: 'proto dev tos fwmark encaplimit flowlabel',
    vti6: 'dev fwmark key',
    vxlan: 'dev',
  },
};

const CASES = Object.entries(WORDLESS).flatMap(([name, modes]) =>
  Object.entries(modes).map(([mode, fields]) => ({ name: name as BackEndName, mode: mode as ModeName, fields })),
);

function wordless(name: BackEndName, mode: ModeName, isAll: boolean): readonly string[] {
  const end = isAll ? { dev: 'eth0', ikey: 1, fwmark: 5 } : {};
  return backEnds.get(name)?.inexpressible?.(aPersistedEnd({ mode, ...(isAll ? ALL : { vni: 7 }) }, end).endpoint) ?? [];
}

describe('what a back end has words for', () => {
  it.each(CASES)('$name of $mode: all but $fields', ({ name, mode, fields }) => {
    expect(wordless(name, mode, true).toSorted()).toEqual(fields.split(' ').toSorted());
  });

  it.each(CASES.filter(({ name, mode, fields }) => fields !== 'mode' && `${name} ${mode}` !== 'networkmanager ip6tnl'))(
    '$name says a $mode of which nothing is told',
    ({ name, mode }) => {
      expect(wordless(name, mode, false)).toEqual([]);
      const backEnd = backEnds.get(name);
      expect(backEnd && filesOf(backEnd, aPersistedEnd({ mode, vni: 7 }))).not.toHaveLength(0);
    },
  );

  it('netplan: what systemd-networkd says for it, but for isatap and an ip6tnl of both families', () => {
    expect(wordless('netplan', 'isatap', false)).toEqual(['mode']);
    expect(wordless('netplan', 'ip6tnl', false)).toEqual(['proto']);
    expect(backEnds.get('netplan')?.inexpressible?.(aPersistedEnd({ mode: 'ip6tnl', proto: 'ipip6' }).endpoint)).toEqual([]);
    expect(wordless('netplan', 'gre', true)).toEqual(wordless('networkd', 'gre', true));
  });

  it('is everything where the commands of the run are repeated', () => {
    for (const name of ['systemd', 'ifupdown'] as const) expect(wordless(name, 'ip6gre', true)).toEqual([]);
  });
});

describe('a value', () => {
  const lines = (name: BackEndName, fields: Parameters<typeof aPersistedEnd>[0]) =>
    (backEnds.get(name)?.files(aPersistedEnd(fields)) ?? []).flatMap((file) => (file.kind === 'text' ? file.text.split('\n') : []));

  it('that is copied from the inner packet is the number the kernel takes for it', () => {
    expect(lines('networkd', { ttl: 'inherit', tos: 'inherit' })).toEqual(expect.arrayContaining(['TTL=0', 'TOS=1']));
    expect(lines('networkmanager', { ttl: 'inherit', tos: 'inherit' })).toEqual(expect.arrayContaining(['ttl=0', 'tos=1']));
    expect(lines('networkd', { mode: 'vxlan', vni: 7, ttl: 'inherit' })).toContain('TTL=inherit');
  });

  it('of a type of service is decimal', () => {
    expect(lines('networkd', { tos: 16 })).toContain('TOS=16');
  });
});
