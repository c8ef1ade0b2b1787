import type { IpAddress } from '../domain/address.ts';
import { readSections, sectionScript } from '../facts/fact.ts';
import { type PingCounts, readPingCounts } from '../facts/ping.ts';
import { quoteAll } from '../shell/quote.ts';

/** What one host says when asked, without anything sent through the tunnel. */
export interface Survey {
  /** The peer's outer address, pinged outside the tunnel. */
  readonly underlay: PingCounts & { readonly words: string };
  /** Where the host would send packets to an address now; in the order they were asked. */
  readonly ways: readonly SurveyedWay[];
  /** Lines of `ip neighbour show`. */
  readonly neighbours: readonly string[];
  /** By the path below /proc/sys. */
  readonly settings: ReadonlyMap<string, string>;
  readonly uptimeSeconds: number;
}

interface SurveyedWay extends RouteAsked {
  /** Absent where there is no way. */
  readonly device?: string;
  readonly gateway?: IpAddress;
  /** What `ip route get` said. */
  readonly words: string;
}

export interface RouteAsked {
  readonly to: IpAddress;
  readonly from?: IpAddress;
}

export interface SurveyQuestions {
  readonly local: IpAddress;
  readonly remote: IpAddress;
  readonly ways: readonly RouteAsked[];
}

const SETTINGS = [
  'net/ipv4/ip_forward',
  'net/ipv4/icmp_echo_ignore_all',
  'net/ipv6/icmp/echo_ignore_all',
  'net/ipv4/conf/*/rp_filter',
  'net/ipv4/conf/*/forwarding',
  'net/ipv6/conf/*/forwarding',
]
  .map((path) => `/proc/sys/${path}`)
  .join(' ');

/** Pings the peer outside the tunnel, and asks for routes, neighbours and settings; changes nothing. */
export function surveyScript({ local, remote, ways }: SurveyQuestions): string {
  const asked = ways.map(({ to, from }) => {
    const words = ['ip', 'route', 'get', to, ...(from === undefined ? [] : ['from', from])];
    return `echo ${quoteAll(['@way', to, from ?? '-'])}; ${quoteAll(words)} 2>&1`;
  });
  return [
    sectionScript('underlay', `ping ${quoteAll(['-n', '-q', '-c', '3', '-i', '0.3', '-W', '2', '-I', local, remote])} 2>&1`),
    sectionScript('ways', asked.length === 0 ? ':' : asked.join('\n')),
    sectionScript('neighbours', 'ip neighbour show 2>/dev/null | head -n 200'),
    sectionScript('settings', `grep -s . ${SETTINGS}`),
    sectionScript('uptime', 'cat /proc/uptime'),
    ':',
  ].join('\n');
}

/** @throws Error - it is not what {@link surveyScript} prints */
export function readSurvey(output: string): Survey {
  const sections = readSections(output);
  const section = (name: string): string => {
    const text = sections.get(name);
    if (text === undefined) throw new Error(`the section «${name}» is missing`);
    return text;
  };
  const words = section('underlay').trim();
  const uptime = Number(section('uptime').trim().split(' ')[0]);
  if (!Number.isFinite(uptime)) throw new Error('/proc/uptime holds no number');
  return {
    underlay: { ...readPingCounts(words), words },
    ways: section('ways')
      .split(/^@way /m)
      .slice(1)
      .map(readWay),
    neighbours: section('neighbours')
      .split('\n')
      .filter((line) => line.trim() !== ''),
    settings: new Map(
      [...section('settings').matchAll(/^\/proc\/sys\/(net\/[^:\n]+):(\S+)$/gm)].map(([, path = '', value = '']) => [path, value] as const),
    ),
    uptimeSeconds: uptime,
  };
}

/** `10.1.1.2 via 30.1.1.254 dev eth1 src 30.1.1.1 uid 0`, or why there is no way. */
function readWay(text: string): SurveyedWay {
  const [asked = '', ...lines] = text.split('\n');
  const [to = '', from = '-'] = asked.trim().split(' ');
  const words = lines.join('\n').trim();
  const first = words.split('\n')[0] ?? '';
  const device = first.startsWith('RTNETLINK') || /^(unreachable|blackhole|prohibit) /.test(first) ? undefined : / dev (\S+)/.exec(first)?.[1];
  const gateway = / via (?:inet6 )?(\S+)/.exec(first)?.[1];
  return {
    to,
    ...(from === '-' ? {} : { from }),
    ...(device === undefined ? {} : { device }),
    ...(gateway === undefined ? {} : { gateway }),
    words,
  };
}

/** The answer to a question of the survey. */
export function wayTo({ ways }: Survey, to: IpAddress): SurveyedWay | undefined {
  return ways.find((way) => way.to === to);
}
