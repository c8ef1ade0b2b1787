import type { TunnelEvidence } from '../../../src/diagnose/evidence.ts';
import type { CauseName } from '../../../src/diagnose/finding.ts';
import { aTunnel } from '../../support/builders.ts';
import { anEvidence, captured } from '../../support/builders-evidence.ts';
import { A, B, chain, lossOfLarge, onB, ROUTED, ROUTES_OF_BOTH, route, withConnections, withoutMode, withTaken } from './cause-evidence.ts';

export interface CauseCase {
  readonly cause: CauseName;
  readonly evidence: TunnelEvidence;
  readonly host: string | undefined;
  readonly message: RegExp;
  readonly cure: RegExp;
}

/** For each cause what both ends show of it, and what has to be told. */
export const causeCases: readonly CauseCase[] = [
  {
    cause: 'module-missing',
    evidence: {
      ...anEvidence({ b: { link: null, observed: { modules: new Map([['ip_gre', { state: 'absent', reason: 'blacklisted' }]]) } } }),
      refusals: [{ code: 'host.kernel-support', host: 'router-b', message: 'it needs the module ip_gre: it is blacklisted', hint: 'Remove it.' }],
    },
    host: 'router-b',
    message: /needs the module ip_gre/,
    cure: /on router-b: sed -i '\/\^ \*blacklist {2}\*ip_gre \*\$\/d' \/etc\/modprobe\.d\/\*\.conf; tunorch up inventory\.yaml -l gre1/,
  },
  {
    cause: 'peer-rebooted',
    evidence: anEvidence({ b: { link: null, survey: { uptimeSeconds: 300 } } }),
    host: 'router-b',
    message: /booted 5 min ago and has had no gre1 since, while router-a/,
    cure: /^tunorch up inventory\.yaml -l gre1$/,
  },
  { cause: 'device-missing', evidence: anEvidence({ a: { link: null } }), host: 'router-a', message: /^there is no gre1$/, cure: /^tunorch up/ },
  { cause: 'device-down', evidence: anEvidence({ b: { link: { isUp: false } } }), host: 'router-b', message: /^gre1 is down$/, cure: /^tunorch up/ },
  {
    cause: 'mode-mismatch',
    evidence: anEvidence({ b: { link: { mode: 'ipip', kind: 'ipip' } } }),
    host: 'router-b',
    message: /gre1 is ipip, where the tunnel is gre/,
    cure: /^tunorch up/,
  },
  {
    cause: 'mode-mismatch',
    evidence: withoutMode(anEvidence({ b: { link: { kind: 'veth' } } })),
    host: 'router-b',
    message: /gre1 is veth, where the tunnel is gre/,
    cure: /^on router-b: ip link delete dev gre1; tunorch up/,
  },
  {
    cause: 'underlay-unreachable',
    evidence: anEvidence({
      a: {
        survey: { underlay: { sent: 3, received: 0, words: '' }, neighbours: [`${B} dev eth0 FAILED`], ways: [{ to: B, device: 'eth0', words: '' }] },
      },
    }),
    host: 'router-a',
    message: /router-b \(30\.1\.1\.2\) does not answer on eth0/,
    cure: /^$/,
  },
  {
    cause: 'no-route-to-peer',
    evidence: anEvidence({
      b: {
        survey: { ways: [{ to: A, from: B, words: 'RTNETLINK answers: No route to host' }] },
        observed: { routes: [route(`${A}/32`, '', 'unreachable')] },
      },
    }),
    host: 'router-b',
    message: /no route to 30\.1\.1\.1/,
    cure: /^on router-b: ip route delete unreachable 30\.1\.1\.1\/32$/,
  },
  {
    cause: 'recursive-route',
    evidence: anEvidence({
      a: { survey: { ways: [{ to: B, from: A, device: 'gre1', words: '' }] }, observed: { routes: [route(`${B}/32`, 'gre1')] } },
    }),
    host: 'router-a',
    message: /leads into gre1 itself: 30\.1\.1\.2\/32/,
    cure: /^on router-a: ip route delete 30\.1\.1\.2\/32 dev gre1$/,
  },
  {
    cause: 'endpoint-mismatch',
    evidence: { ...anEvidence(onB({ remote: '9.9.9.9' })), repairs: new Map([['router-b', ['ip link change dev gre1 type gre remote 30.1.1.1']]]) },
    host: 'router-b',
    message: /remote 9\.9\.9\.9 \(the inventory says 30\.1\.1\.1\)/,
    cure: /^on router-b: ip link change/,
  },
  {
    cause: 'key-mismatch',
    evidence: anEvidence(onB({ ikey: 2 })),
    host: 'router-b',
    message: /ikey 2 \(the inventory says 1\)/,
    cure: /^tunorch up/,
  },
  { cause: 'option-mismatch', evidence: anEvidence(onB({ icsum: true })), host: 'router-b', message: /icsum true/, cure: /^tunorch up/ },
  {
    cause: 'nat-in-path',
    evidence: anEvidence({ b: { packets: [captured('9.9.9.9', B)] } }),
    host: undefined,
    message: /router-b sees 9\.9\.9\.9 as the source of what router-a sends \(protocol 47\), and expects 30\.1\.1\.1/,
    cure: /^tunorch up/,
  },
  {
    cause: 'firewall-outside',
    evidence: anEvidence({ b: { nft: chain('input', 'meta l4proto gre drop') } }),
    host: 'router-b',
    message: /drops the tunnel’s packets \(protocol 47\): the rule «meta l4proto gre drop» \(nft inet filter gate, handle 4\)/,
    cure: /^on router-b: nft insert rule inet filter gate handle 4 ip saddr 30\.1\.1\.1 meta l4proto 47 accept$/,
  },
  {
    cause: 'seq-out-of-step',
    evidence: anEvidence({ b: { device: { rxFifo: 4 } } }),
    host: 'router-b',
    message: /sequence numbers are behind/,
    cure: /^on router-a: ip link delete dev gre1; on router-b: ip link delete dev gre1; tunorch up/,
  },
  {
    cause: 'ipsec-mismatch',
    evidence: anEvidence({ b: { counters: { XfrmInStateProtoError: 4 } } }),
    host: 'router-b',
    message: /the IPsec keys differ/,
    cure: /^$/,
  },
  {
    cause: 'ipsec-mismatch',
    evidence: anEvidence({ tunnel: aTunnel({ ipsec: true }), b: { counters: { XfrmInNoStates: 4 } } }),
    host: 'router-b',
    message: /it has no IPsec state for what comes/,
    cure: /^tunorch rekey inventory\.yaml -l gre1$/,
  },
  {
    cause: 'connection-stale',
    evidence: withTaken(anEvidence(), 4),
    host: 'router-b',
    message: /INVALID, and the rule «ct state invalid drop»/,
    cure: /^on router-b: conntrack -D -p 47 -s 30\.1\.1\.1$/,
  },
  {
    cause: 'connection-stale',
    evidence: withConnections(anEvidence()),
    host: 'router-b',
    message: /puts 9\.9\.9\.9 into the tunnel’s packets, by a rule that is not there any more/,
    cure: /^on router-b: conntrack -D -p 47 -s 30\.1\.1\.2 -d 30\.1\.1\.1$/,
  },
  {
    cause: 'nat-in-path',
    evidence: withConnections(anEvidence({ b: { nft: chain('postrouting', 'oifname "eth0" masquerade') } })),
    host: 'router-b',
    message: /puts 9\.9\.9\.9 in place of its own address in the tunnel’s packets: the rule «oifname "eth0" masquerade»/,
    cure: /^on router-b: nft insert rule inet filter gate handle 4 ip daddr 30\.1\.1\.1 meta l4proto 47 accept; on router-b: conntrack -D -p 47 -s/,
  },
  {
    cause: 'ttl-too-small',
    evidence: anEvidence({ a: { packets: [captured('30.1.1.254', A, 'ICMP time exceeded in-transit, length 124')] } }),
    host: 'router-a',
    message: /sends with ttl 255, and that does not last to router-b/,
    cure: /^tunorch up/,
  },
  {
    cause: 'refused-in-path',
    evidence: anEvidence({ a: { packets: [captured('30.1.1.254', A, 'ICMP host 30.1.1.2 unreachable - admin prohibited filter, length 132')] } }),
    host: undefined,
    message: /^30\.1\.1\.254, between the hosts, refuses .*«ICMP host 30\.1\.1\.2 unreachable - admin prohibited filter»$/,
    cure: /^$/,
  },
  {
    cause: 'asymmetric-path',
    evidence: anEvidence({
      a: { packets: [captured(A, B)] },
      b: {
        packets: [captured(A, B), { ...captured(B, A), device: 'eth7' }],
        survey: {
          underlay: { sent: 3, received: 0, words: '' },
          ways: [{ to: A, from: B, device: 'eth7', words: `${A} from ${B} dev eth7` }],
        },
        observed: { routes: [route('30.1.1.0/24', 'eth0'), route(`${A}/32`, 'eth7')] },
      },
    }),
    host: 'router-b',
    message: /^what router-a sends comes by eth0, and is answered by eth7: a firewall on either path sees one half only$/,
    cure: /^on router-b: ip route delete 30\.1\.1\.1\/32 dev eth7$/,
  },
  {
    cause: 'asymmetric-path',
    evidence: anEvidence({
      a: { packets: [captured(A, B)], observed: { routes: [route('30.1.1.0/24', 'eth0'), route(`${B}/32`, 'eth1')] } },
      b: {
        packets: [{ ...captured(A, B), device: 'eth1' }, captured(B, A)],
        survey: { underlay: { sent: 3, received: 0, words: '' }, ways: [{ to: A, from: B, device: 'eth0', words: `${A} from ${B} dev eth0` }] },
        observed: { routes: [route('30.1.1.0/24', 'eth0')] },
      },
    }),
    host: 'router-b',
    message: /^what router-a sends comes by eth1, and is answered by eth0/,
    cure: /^on router-a: ip route delete 30\.1\.1\.2\/32 dev eth1$/,
  },
  {
    cause: 'dropped-in-path',
    evidence: anEvidence({ a: { packets: [captured(A, B)] }, b: { packets: [] } }),
    host: undefined,
    message: /what router-a sends \(protocol 47\) does not come to router-b, while pings/,
    cure: /^$/,
  },
  {
    cause: 'address-conflict',
    evidence: anEvidence({
      b: {
        observed: {
          links: [
            { device: 'eth0', isUp: true, mtuBytes: 1500, attributes: {}, addresses: [{ address: B, length: 24, isKernelMade: false }] },
            { device: 'lo', isUp: true, mtuBytes: 65536, attributes: {}, addresses: [{ address: '10.10.10.1', length: 32, isKernelMade: false }] },
          ],
        },
      },
    }),
    host: 'router-b',
    message: /lo has 10\.10\.10\.1, router-a’s inner address/,
    cure: /^on router-b: ip address delete 10\.10\.10\.1\/32 dev lo$/,
  },
  {
    cause: 'address-missing',
    evidence: anEvidence({ b: { link: { addresses: [] } } }),
    host: 'router-b',
    message: /gre1 does not have 10\.10\.10\.2 peer 10\.10\.10\.1/,
    cure: /^tunorch up/,
  },
  {
    cause: 'route-elsewhere',
    evidence: anEvidence({
      b: {
        survey: {
          ways: [
            { to: A, device: 'eth0', words: '' },
            { to: '10.10.10.1', device: 'eth5', words: '10.10.10.1 dev eth5' },
          ],
        },
        observed: { routes: [route('10.10.10.1/32', 'eth5')] },
      },
    }),
    host: 'router-b',
    message: /leads into eth5 in place of gre1: 10\.10\.10\.1\/32/,
    cure: /^on router-b: ip route delete 10\.10\.10\.1\/32 dev eth5$/,
  },
  {
    cause: 'reverse-path-filter',
    evidence: anEvidence({ b: { counters: { 'TcpExt.IPReversePathFilter': 4 }, device: { rxPackets: 4 } } }),
    host: 'router-b',
    message: /drops what comes by gre1/,
    cure: /^on router-b: sysctl -w net\/ipv4\/conf\/gre1\/rp_filter=2$/,
  },
  {
    cause: 'firewall-inside',
    evidence: anEvidence({ b: { nft: chain('input', 'iifname "gre1" icmp type echo-request drop'), device: { rxPackets: 4 } } }),
    host: 'router-b',
    message: /stops echo requests or replies that go through gre1: the rule «iifname "gre1" icmp type echo-request drop»/,
    cure: /^on router-b: nft insert rule inet filter gate handle 4 iifname '"gre1"' ip saddr 10\.10\.10\.1 meta l4proto 1 accept$/,
  },
  {
    cause: 'echo-ignored',
    evidence: anEvidence({ b: { survey: { settings: new Map([['net/ipv4/icmp_echo_ignore_all', '1']]) }, device: { rxPackets: 4 } } }),
    host: 'router-b',
    message: /icmp_echo_ignore_all=1/,
    cure: /^on router-b: sysctl -w net\/ipv4\/icmp_echo_ignore_all=0$/,
  },
  {
    cause: 'route-missing',
    evidence: anEvidence({ tunnel: ROUTED, isSilent: false, a: ROUTES_OF_BOTH.a, b: { observed: { routes: [] } } }),
    host: 'router-b',
    message: /no route to 10\.1\.0\.0\/16 leads into gre1/,
    cure: /^tunorch up/,
  },
  {
    cause: 'forwarding-off',
    evidence: anEvidence({
      tunnel: ROUTED,
      isSilent: false,
      a: ROUTES_OF_BOTH.a,
      b: {
        ...ROUTES_OF_BOTH.b,
        survey: {
          settings: new Map([
            ['net/ipv4/ip_forward', '0'],
            ['net/ipv4/conf/gre1/forwarding', '0'],
          ]),
        },
      },
    }),
    host: 'router-b',
    message: /does not forward what comes out of gre1 to 10\.2\.0\.0\/16/,
    cure: /^on router-b: sysctl -w net\/ipv4\/ip_forward=1$/,
  },
  { cause: 'mtu-black-hole', evidence: lossOfLarge(1380), host: 'router-a', message: /1472 bytes, .* 1380 bytes pass/, cure: /^tunorch up/ },
];
