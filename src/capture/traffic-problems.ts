import type { Problem } from '../domain/problem.ts';
import type { Traffic } from './traffic.ts';

/** Where the packets of one way were looked for. */
export interface WatchedPath {
  /** Links the outer packets leave by, and come to. */
  readonly devices: { readonly from: string; readonly to: string };
  /** The peer's outer address. */
  readonly remote: string;
}

/** What speaks against a way through which echo requests were sent; where none was to be, nothing can be said. */
export function trafficProblems(traffic: Traffic, path: WatchedPath): readonly Problem[] {
  const { from, to, sent, arrived, echoes } = traffic;
  if (echoes === undefined) return [];
  const told = echoes.sent === 1 ? 'one echo request' : `${echoes.sent} echo requests`;
  if (echoes.sent === 0 || sent === 0) return [nothingSent(echoes.sent === 0 ? undefined : told, from, path)];
  if (arrived === 0)
    return [
      {
        code: 'capture.nothing-arrived',
        host: to,
        message: `${from} sent ${told}, and nothing of it came to ${path.devices.to} with the tunnel’s two addresses`,
        hint: 'It is dropped or altered on its way: `tunorch doctor` tells by whom.',
      },
    ];
  if (echoes.received > 0) return [];
  return [
    {
      code: 'capture.not-answered',
      host: to,
      message: `${arrived === undefined ? `${from} sent ${told}` : `${told} came to it`}, and nothing was answered through the tunnel`,
      hint: 'The host drops them, or its answers are lost: `tunorch doctor` tells which.',
    },
  ];
}

/** @param told - what ping sent, where it could */
function nothingSent(told: string | undefined, host: string, { devices, remote }: WatchedPath): Problem {
  return {
    code: 'capture.nothing-sent',
    host,
    message:
      told === undefined
        ? 'ping could send nothing into the tunnel: its device is missing or down'
        : `${told} went into the tunnel, and nothing of it left ${devices.from} for ${remote}`,
    hint: `Try \`tunorch verify\` for the tunnel’s own state, and \`ip route get ${remote}\` on ${host}.`,
  };
}
