import type { TunnelEvidence } from '../../../src/diagnose/evidence.ts';
import { modeOf } from '../../../src/modes/index.ts';
import { aTunnel, behind } from '../../support/builders.ts';
import { anEvidence, type SideTrouble } from '../../support/builders-evidence.ts';

/** Attributes of router-b's end, some of them other than declared. */
export function onB(attributes: Readonly<Record<string, string | number | boolean>>): { readonly b: SideTrouble } {
  const [, end] = anEvidence().ends;
  return { b: { link: { attributes: { ...modeOf('gre').attributes(end.wanted), ...attributes } } } };
}

export const A = '30.1.1.1';
export const B = '30.1.1.2';
export const ROUTED = aTunnel({}, [behind('10.1.0.0/16'), behind('10.2.0.0/16')]);
export const ROUTES_OF_BOTH = {
  a: { observed: { routes: [route('10.2.0.0/16', 'gre1')] } },
  b: { observed: { routes: [route('10.1.0.0/16', 'gre1')] } },
};

export function route(to: string, device: string, type = 'unicast') {
  return { to, type, device, table: 254, metric: 0, protocol: 'static', isRestorable: true };
}

export function chain(hook: string, rule: string): string {
  return `table inet filter {\n\tchain gate {\n\t\ttype filter hook ${hook} priority filter; policy accept;\n\t\t${rule} # handle 4\n\t}\n}\n@read\n`;
}

/** A firewall whose rule took packets between two looks. */
export function withTaken(evidence: TunnelEvidence, packets: number): TunnelEvidence {
  const counted = (text: string) => chain('input', `ct state invalid counter packets ${text} bytes 1 drop`);
  const before = anEvidence({ b: { nft: counted('0') } }).ways[0].atReceiver.before;
  const after = anEvidence({ b: { nft: counted(String(packets)) } }).ways[0].atReceiver.after;
  const [going, coming] = evidence.ways;
  return { ...evidence, ways: [{ ...going, atReceiver: { before, after } }, coming] };
}

/** router-b's connection tracker has other words for what comes back than for what went. */
export function withConnections(evidence: TunnelEvidence): TunnelEvidence {
  const line =
    'ipv4     2 gre      47 177 timeout=30, stream_timeout=180 src=30.1.1.2 dst=30.1.1.1 srckey=0x0 dstkey=0x0 [UNREPLIED] src=30.1.1.1 dst=9.9.9.9 srckey=0x0 dstkey=0x0 mark=0 zone=0 use=2';
  const [one, other] = evidence.ends;
  const translating = { ...other, look: { ...other.look, connections: [line] } };
  const [going, coming] = evidence.ways;
  return {
    ...evidence,
    ends: [one, translating],
    ways: [
      { ...going, to: translating },
      { ...coming, from: translating },
    ],
  };
}

export function lossOfLarge(passingBytes: number): TunnelEvidence {
  const evidence = anEvidence({ isSilent: false });
  const [going, coming] = evidence.ways;
  const echoes = going.echoes.map((echo) => (echo.sort === 'full-size' ? { ...echo, received: 0 } : echo));
  return { ...evidence, ways: [{ ...going, echoes, passingBytes }, coming] };
}

/** router-b's device is of a kind that is no tunnel's. */
export function withoutMode(evidence: TunnelEvidence): TunnelEvidence {
  const [one, other] = evidence.ends;
  const { link } = other;
  if (link === undefined) return evidence;
  const { mode: _mode, ...bare } = link;
  return { ...evidence, ends: [one, { ...other, link: bare }] };
}
