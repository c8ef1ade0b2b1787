import { causes } from './causes/index.ts';
import { carriesPackets, type TunnelEvidence } from './evidence.ts';
import type { Certainty, Diagnosis, Finding } from './finding.ts';

const ORDER: Readonly<Record<Certainty, number>> = { proved: 0, likely: 1, possible: 2 };

/** Why a tunnel does not work, by what both its ends show: every cause is asked, the surest answer comes first. */
export function diagnose(evidence: TunnelEvidence): Diagnosis {
  const asked = causes.map((cause) => ({ cause, findings: cause.judge(evidence) }));
  const findings = asked.flatMap((one) => one.findings).toSorted((one, other) => ORDER[one.certainty] - ORDER[other.certainty]);
  const isHealthy = findings.length === 0 && carriesPackets(evidence);
  const innocent = asked.filter(({ cause, findings: found }) => found.length === 0 && (cause.canRuleOut?.(evidence) ?? true));
  return {
    tunnel: evidence.tunnel.name,
    isHealthy,
    findings: withoutRepetition(findings),
    ruledOut: isHealthy ? [] : innocent.map(({ cause }) => cause.title),
    unseen: isHealthy ? [] : unseenIn(evidence),
    remarks: causes.flatMap((cause) => cause.remark?.(evidence) ?? []),
  };
}

/** Both ways may tell the same of one host. */
function withoutRepetition(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.toReversed().map((finding) => [`${finding.cause} ${finding.host} ${finding.message}`, finding])).values()].toReversed();
}

function unseenIn({ ends, ways }: TunnelEvidence): readonly string[] {
  return ends.flatMap((end) => {
    const { host } = end.wanted;
    const isCaptured = ways.every((way) => (way.from === end ? way.atSender : way.atReceiver).packets !== undefined);
    return [
      ...(end.look.firewall.isReadable ? [] : [`${host}: its firewall’s rules, which only root may list`]),
      ...(isCaptured ? [] : [`${host}: its packets, for want of tcpdump and root rights`]),
    ];
  });
}
