import type { Endpoint } from '../../domain/endpoint.ts';
import { quoteAll } from '../../shell/quote.ts';
import { type EndEvidence, type Meanwhile, risen, silentWays, type TunnelEvidence } from '../evidence.ts';
import type { Cause, Certainty, Cure, Finding } from '../finding.ts';

/** What each counter of /proc/net/xfrm_stat means for a tunnel (Documentation/networking/xfrm_proc.rst). */
const MEANINGS: Readonly<Record<string, string>> = {
  XfrmInNoStates: 'has no IPsec state for what comes: the SPI, or the whole state, differs from the sender’s',
  XfrmInStateProtoError: 'cannot decrypt what comes: the IPsec keys differ',
  XfrmInStateSeqError: 'takes what comes for a replay: the sender’s IPsec state was installed anew with the same keys',
  XfrmInStateMismatch: 'has an IPsec state that does not fit what comes',
  XfrmInStateExpired: 'has an IPsec state that has expired',
  XfrmInTmplMismatch: 'demands IPsec of what comes without it',
  XfrmInNoPols: 'has no IPsec policy for what comes: the policy’s mark may not be the device’s key',
  XfrmInPolBlock: 'has an IPsec policy that blocks what comes',
  XfrmOutNoStates: 'has an IPsec policy for what it sends and no state to go with it',
  XfrmOutPolBlock: 'has an IPsec policy that blocks what it sends',
  XfrmOutStateExpired: 'has an IPsec state for what it sends that has expired',
};

/** States, keys or policies of IPsec that do not fit together. */
export const ipsecMismatch: Cause = {
  name: 'ipsec-mismatch',
  title: 'IPsec that does not fit together',
  judge: (evidence) =>
    silentWays(evidence).flatMap((way) => [
      ...judgeEnd(way.to, { meanwhile: way.atReceiver, prefix: 'XfrmIn', evidence }),
      ...judgeEnd(way.from, { meanwhile: way.atSender, prefix: 'XfrmOut', evidence }),
    ]),
};

interface Signs {
  readonly meanwhile: Meanwhile;
  readonly prefix: 'XfrmIn' | 'XfrmOut';
  readonly evidence: TunnelEvidence;
}

function judgeEnd({ wanted }: EndEvidence, { meanwhile, prefix, evidence }: Signs): readonly Finding[] {
  return Object.entries(MEANINGS).flatMap(([counter, message]) => {
    const times = risen(meanwhile, counter);
    if (times === 0 || !counter.startsWith(prefix)) return [];
    const words = `Compare \`ip xfrm policy\` and \`ip -s xfrm state list nokeys\` on ${wanted.host} and ${wanted.peerHost}: SPI, direction, mark, reqid; keys with whoever made them.`;
    return [
      {
        cause: 'ipsec-mismatch' as const,
        host: wanted.host,
        certainty: certaintyOf(wanted),
        message: `it ${message}`,
        evidence: [`${counter} rose by ${times}`],
        cures: [wanted.ipsec === true ? renewal(evidence) : { words, commands: [] }],
      },
    ];
  });
}

/** The counters are of all that a host does by IPsec: of a tunnel without, they may tell of something else. */
function certaintyOf({ ipsec, mode }: Endpoint): Certainty {
  return ipsec === true || mode === 'vti' || mode === 'vti6' ? 'proved' : 'possible';
}

/** Keys are nobody's to compare: both ends get new ones, whatever they had. */
function renewal({ inventories, tunnel }: TunnelEvidence): Cure {
  return { commands: [quoteAll(['tunorch', 'rekey', ...inventories, '-l', tunnel.name])] };
}
